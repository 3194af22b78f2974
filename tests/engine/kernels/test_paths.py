"""Each fast path of the C kernels against the numpy engine, for many shapes, in every library."""

import itertools
import threading

import numpy as np
import pytest

from nnsim.engine import kernels
from nnsim.engine.kernels import StopFlag, available, library
from nnsim.engine.losses import LOSSES
from nnsim.engine.network import Layer, Network
from nnsim.engine.settings import Settings
from tests.engine.kernels.problems import (
    NumpyEngine,
    Problem,
    assert_agree,
    expected_for,
)

pytestmark = pytest.mark.skipif(not available(), reason="no C kernels on this machine")

STEPS = 50
LIBRARIES = ["auto", "x86-64-v3", "baseline"]


@pytest.fixture(params=LIBRARIES, autouse=True)
def chosen(request, monkeypatch):
    """Run the test with one of the libraries; "auto" is the best that the processor can use."""
    found = library.choose(request.param, library.BUILT)
    if request.param not in ("auto", found.words):
        pytest.skip(f"there is no {request.param} here")
    monkeypatch.setattr(kernels, "loaded", lambda: found.library)
    kernels._kernels.cache_clear()
    yield
    kernels._kernels.cache_clear()


def problem_for(
    sizes, names, rng, zeros=0.3, samples=11, reach=1, masks=False, bias_share=0.8, **options
):
    """A network of these sizes with random weights, and samples of which some inputs are 0."""
    layers = [
        Layer(_names(name, size), bool(rng.random() < bias_share), min(reach, number))
        for number, (name, size) in enumerate(zip(names, sizes[1:], strict=True), start=1)
    ]
    widths = [sum(sizes[n - layer.reach : n]) for n, layer in enumerate(layers, start=1)]
    count = sum((w + layer.has_bias) * layer.size for w, layer in zip(widths, layers, strict=True))
    parameters = rng.uniform(-1.0, 1.0, count) / np.sqrt(np.mean(widths))
    present = rng.random(count) < 0.8 if masks else None
    frozen = rng.random(count) < 0.3 if masks else None
    if present is not None:
        parameters, frozen = np.where(present, parameters, 0.0), frozen & present
    network = Network(sizes[0], layers, parameters, present, frozen)
    inputs = rng.uniform(-1.0, 1.0, (samples, sizes[0]))
    inputs[rng.random(inputs.shape) < zeros] = 0.0
    loss = options.get("loss", "half_squared")
    expected = expected_for(loss, (samples, sizes[-1]), rng)
    return Problem(network, inputs, expected, Settings(**{"learning_rate": 0.05, **options}))


def _names(name, size):
    """One name for all neurons; or several, which neurons have in turns."""
    turns = itertools.cycle(name.split("+"))
    return tuple(next(turns) for _ in range(size))


def assert_same_as_numpy(problem, path, steps=STEPS, given=None):
    state, judge = problem.state(), NumpyEngine(problem)

    taken = problem.job().train(state, steps, given=given)

    assert judge.train(steps, given) == taken.end == "done"
    assert taken.path == path
    assert_agree(state, taken, judge)


# ---------------------------------------------------------------- tiny networks

TINY = [
    *[(inputs, 1) for inputs in range(1, 9)],
    *[(2, hidden, outputs) for hidden in (1, 2, 4, 5, 7, 8, 15, 16) for outputs in (1, 2)],
    *[(3, first, second, 1) for first in (1, 2, 4) for second in (1, 3, 4)],
    (8, 4, 4, 2),
]


@pytest.mark.parametrize("sizes", TINY, ids=str)
def test_tiny_networks_one_sample_a_step(sizes):
    rng = np.random.default_rng(sum(sizes))
    names = rng.choice(["tanh", "sigmoid", "relu", "linear"], len(sizes) - 1)
    problem = problem_for(sizes, names, rng, bias_share=1.0)

    assert_same_as_numpy(problem, "online" if is_too_wide(sizes) else "tiny")


def is_too_wide(sizes):
    """Whether a layer has more vectors than tiny.c has templates for, in this library."""
    lanes = {"x86-64-v4": 8, "x86-64-v3": 4}.get(library_words(), 2)
    vectors = [-(-size // lanes) for size in sizes[1:]]
    most = {1: [], 2: [4], 3: [2, 2]}[len(vectors)]
    hidden = zip(vectors[:-1], most, strict=True)
    return vectors[-1] > 1 or any(count > limit or count == 3 for count, limit in hidden)


def library_words():
    loaded = kernels.loaded()
    every = (library.choose(name, library.BUILT) for name in LIBRARIES)
    return next(found.words for found in every if found.library._name == loaded._name)


@pytest.mark.parametrize("loss", sorted(LOSSES.keys() - {"softmax_cross_entropy"}))
def test_tiny_networks_with_every_loss(loss):
    rng = np.random.default_rng(len(loss))
    names = ("tanh", LOSSES[loss].activation or "linear")
    problem = problem_for((2, 4, 1), names, rng, bias_share=1.0, loss=loss)

    assert_same_as_numpy(problem, "tiny")


# ---------------------------------------------------------------- one sample a step

WIDE = [
    (1, 40), (17, 5), (40, 1), (3, 3, 3, 3, 3), (2, 37, 1), (16, 9, 10), (15, 33, 2), (20, 70, 3),
    (5, 12, 31, 4), (64, 32, 10),
]  # fmt: skip


@pytest.mark.parametrize("zeros", [0.0, 0.9])
@pytest.mark.parametrize("sizes", WIDE, ids=str)
def test_online_training(sizes, zeros):
    rng = np.random.default_rng(sum(sizes))
    names = ["softplus"] * (len(sizes) - 2) + ["sigmoid"]

    assert_same_as_numpy(problem_for(sizes, names, rng, zeros), "online")


MIXED = "tanh+relu+linear+sigmoid+elu(0.5)+leaky_relu+silu+bipolar_sigmoid+threshold+softplus+gelu"


@pytest.mark.parametrize("batch_size", [1, 4])
@pytest.mark.parametrize("masks", [False, True])
@pytest.mark.parametrize("reach", [1, 2, 3])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_mixed_functions_skipped_layers_and_masks(batch_size, masks, reach, optimizer):
    rng = np.random.default_rng(reach + 10 * masks)
    names = [MIXED, MIXED, "tanh+linear+sigmoid"]
    problem = problem_for(
        (17, 13, 11, 5), names, rng, reach=reach, masks=masks, optimizer=optimizer, l2=0.01,
        batch_size=batch_size, learning_rate=0.003,
    )  # fmt: skip

    assert_same_as_numpy(problem, "online" if batch_size == 1 else "batch")


# ---------------------------------------------------------------- batches

BATCHES = [
    (1, 1), (3, 2), (2, 4, 1), (2, 8, 8, 1), (4, 16, 3), (2, 3, 1), (2, 5, 7, 2), (9, 4, 4, 4),
    (40, 9, 3), (17, 33, 1), (5, 30, 29, 11), (200, 20, 10),
]  # fmt: skip


@pytest.mark.parametrize("batch_size", [2, 3, 4, 10, 0])
@pytest.mark.parametrize("sizes", BATCHES, ids=str)
def test_batches_of_which_the_last_is_smaller(sizes, batch_size):
    rng = np.random.default_rng(sum(sizes) + batch_size)
    names = ["tanh"] * (len(sizes) - 2) + ["sigmoid"]
    problem = problem_for(sizes, names, rng, samples=37, batch_size=batch_size)

    assert_same_as_numpy(problem, "batch")


@pytest.mark.parametrize("zeros", [0.2, 0.9])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("sizes", [(2, 4, 1), (3, 8, 6, 2), (30, 10, 4), (2, 3)], ids=str)
def test_shuffled_batches_of_several_tiles(sizes, reduction, zeros):
    rng = np.random.default_rng(sum(sizes))
    names = ["relu"] * (len(sizes) - 2) + ["softmax"]
    if sizes[-1] == 1:
        names[-1] = "tanh"
    problem = problem_for(
        sizes, names, rng, zeros, samples=700, batch_size=530, shuffle=True,
        batch_reduction=reduction, learning_rate=0.001,
    )  # fmt: skip

    assert_same_as_numpy(problem, "batch", 20)


@pytest.mark.parametrize("sizes", [(2, 4, 1), (2, 8, 3), (20, 9, 3)], ids=str)
def test_given_batches_of_many_sizes(sizes):
    rng = np.random.default_rng(5)
    problem = problem_for(sizes, ["sigmoid", "linear"], rng, samples=300)
    given = [rng.integers(0, 300, size) for size in (1, 2, 3, 5, 8, 9, 16, 17, 64, 299, 600, 1)]

    assert_same_as_numpy(problem, "batch", len(given), given)


@pytest.mark.parametrize("masks", [False, True])
@pytest.mark.parametrize("batch_size", [3, 8, 60])
@pytest.mark.parametrize("hidden", [97, 128, 3])
def test_wide_batches_of_mostly_zeros(hidden, batch_size, masks):
    rng = np.random.default_rng(hidden + batch_size)
    problem = problem_for(
        (70, hidden, 4), ["relu", "sigmoid"], rng, zeros=0.85, samples=100, shuffle=True,
        batch_size=batch_size, masks=masks,
    )  # fmt: skip

    assert_same_as_numpy(problem, "batch", 20)


@pytest.mark.parametrize("batch_size", [1, 6])
@pytest.mark.parametrize("outputs", [2, 3, 10, 17])
def test_softmax_with_cross_entropy(outputs, batch_size):
    rng = np.random.default_rng(outputs)
    problem = problem_for(
        (20, 12, outputs), ["tanh", "softmax"], rng, loss="softmax_cross_entropy",
        batch_size=batch_size,
    )  # fmt: skip

    assert_same_as_numpy(problem, "online" if batch_size == 1 else "batch")


# ---------------------------------------------------------------- what holds for all


@pytest.mark.parametrize(("sizes", "batch_size"), [((2, 4, 1), 4), ((3, 40, 2), 1), ((9, 20), 7)])
def test_samples_may_lie_anywhere_in_memory(sizes, batch_size):
    problem = problem_for(
        sizes, ["tanh"] * (len(sizes) - 1), np.random.default_rng(1), batch_size=batch_size
    )
    ended = []
    for shift in range(4):
        room = np.zeros(problem.inputs.size + shift)
        room[shift:] = problem.inputs.ravel()
        problem.inputs = room[shift:].reshape(-1, sizes[0])
        state = problem.state()
        problem.job().train(state, STEPS)
        ended.append(state.parameters.tobytes())

    assert len(set(ended)) == 1


@pytest.mark.parametrize("sizes", [(2, 4, 1), (200, 300, 10)], ids=str)
def test_a_stop_within_a_batch_of_many_tiles_takes_no_step(sizes):
    samples = 2_000_000 // sizes[0]
    rng = np.random.default_rng(0)
    problem = problem_for(sizes, ["tanh", "sigmoid"], rng, samples=samples, batch_size=0)
    state, flag = problem.state(), StopFlag()
    before = state.parameters.tobytes()
    timer = threading.Timer(0.002, flag.stop)
    timer.start()

    taken = problem.job().train(state, 1, stop=flag)

    timer.join()
    assert (taken.end, taken.done) == ("stopped", 0)
    assert state.parameters.tobytes() == before


@pytest.mark.parametrize(
    ("sizes", "batch_size"),
    [((1, 1), 1), ((2, 4, 1), 1), ((2, 4, 1), 3), ((3, 9, 5), 1), ((30, 9, 5), 4), ((3, 9), 4)],
    ids=str,
)
def test_a_sum_too_large_is_noticed_though_the_output_is_finite(sizes, batch_size):
    problem = problem_for(
        sizes, ["sigmoid"] * (len(sizes) - 1), np.random.default_rng(2), zeros=0.0,
        batch_size=batch_size,
    )  # fmt: skip
    problem.inputs[7] = 1e308
    problem.network = problem.network.with_parameters(np.full_like(problem.network.parameters, 9.0))

    taken = problem.job().train(problem.state(), 30)

    assert (taken.end, taken.done) == ("not finite", 7 // batch_size)
