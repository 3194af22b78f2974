"""The path that fits everything, on networks that only it fits: layers that read parts of layers.

No document has such a network, and the window none, but the door's arrays can say it. The judge is
the numpy engine on the network of whole layers from which the other connections are removed.
"""

import numpy as np
import pytest

from nnsim.engine.kernels import ACTIVATION_CODES, Job, Rule, State, StopFlag, available
from nnsim.engine.losses import LOSSES
from nnsim.engine.network import Layer, Network
from nnsim.engine.optimizers import OPTIMIZERS
from nnsim.engine.settings import Settings
from tests.engine.kernels.problems import (
    ROOM,
    SHARED_FIELDS,
    NumpyEngine,
    Problem,
    distance,
    expected_for,
)

pytestmark = pytest.mark.skipif(not available(), reason="no C kernels on this machine")

INPUTS, HIDDEN, OUTPUTS = 5, 4, 3
STEPS = 40


def whole(loss="half_squared", hidden="tanh", **options):
    """5-4-3 without the connections from input 1 and from hidden neuron 1."""
    rng = np.random.default_rng(len(loss))
    output = LOSSES[loss].activation or "sigmoid"
    layers = [Layer((hidden,) * HIDDEN, True, 1), Layer((output,) * OUTPUTS, True, 1)]
    first = np.ones((HIDDEN, INPUTS + 1), dtype=bool)
    second = np.ones((OUTPUTS, HIDDEN + 1), dtype=bool)
    first[:, 0] = second[:, 0] = False
    present = np.concatenate([_flat(first), _flat(second)])
    network = Network(INPUTS, layers, present * rng.uniform(-1, 1, len(present)), present)
    inputs, expected = rng.uniform(-1, 1, (11, INPUTS)), expected_for(loss, (11, OUTPUTS), rng)
    settings = Settings(**{"loss": loss, "learning_rate": 0.02, "batch_size": 1, **options})
    return Problem(network, inputs, expected, settings)


def _flat(places):
    """A layer's places, of which the last column are its biases, in the order of the parameters."""
    return np.concatenate([places[:, :-1].ravel(), places[:, -1]])


def partly(problem):
    """The same network as a job whose layers read what is left of the layer before."""
    settings, network = problem.settings, problem.network
    names = [name for layer in network.layers for name in layer.activations]
    weights = HIDDEN * (INPUTS - 1)
    trained = network.structure.trained(settings.train_biases)
    return Job(
        INPUTS,
        [HIDDEN, OUTPUTS],
        [1, INPUTS + 1],
        [INPUTS - 1, HIDDEN - 1],
        [0, weights + HIDDEN],
        [weights, weights + HIDDEN + OUTPUTS * (HIDDEN - 1)],
        np.array([ACTIVATION_CODES[name] for name in names]),
        np.zeros(len(names)),
        None if trained is None else trained[network.present],
        None,
        problem.inputs,
        problem.expected,
        Rule(
            loss=settings.loss,
            mean=settings.batch_reduction == "mean",
            **{name: getattr(settings, name) for name in SHARED_FIELDS},
        ),
        settings.batch_size,
        settings.shuffle,
        settings.seed,
    )


def state_of(problem):
    before, there = problem.state(), problem.network.present
    first, second = (row[there] if row.size else row for row in (before.first, before.second))
    return State(before.parameters[there], first, second)


def assert_as_numpy(problem, given=None):
    steps = STEPS if given is None else len(given)
    state, judge, there = state_of(problem), NumpyEngine(problem), problem.network.present

    taken = partly(problem).train(state, steps, given=given)

    assert judge.train(steps, given) == taken.end == "done"
    assert (taken.path, taken.done) == ("general", steps)
    assert distance(state.parameters, judge.network.parameters[there]) <= ROOM
    for ours, numpys in ((state.first, judge.moments.first), (state.second, judge.moments.second)):
        assert distance(ours, numpys[there] if numpys.size else numpys) <= ROOM
    assert distance(taken.losses, judge.losses) <= ROOM
    assert distance(taken.errors, judge.errors) <= ROOM
    assert (state.step, state.epoch, state.place) == (judge.step, judge.epoch, judge.place)


@pytest.mark.parametrize("batch_size", [1, 4])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_as_mean_and_as_sum(loss, reduction, batch_size):
    assert_as_numpy(whole(loss, batch_reduction=reduction, batch_size=batch_size))


@pytest.mark.parametrize("batch_size", [1, 3])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer(optimizer, batch_size):
    assert_as_numpy(whole(optimizer=optimizer, batch_size=batch_size, epsilon=1e-3))


@pytest.mark.parametrize("hidden", [name for name in ACTIVATION_CODES if name != "softmax"])
def test_every_activation(hidden):
    plain = {"leaky_relu": "relu", "elu": "softplus"}  # these want a number, which is 0 here
    assert_as_numpy(whole(hidden=plain.get(hidden, hidden), shuffle=True, batch_size=2))


@pytest.mark.parametrize(
    "options",
    [
        {"l1": 0.01, "l2": 0.1},
        {"clip_value": 0.05},
        {"clip_norm": 0.1, "batch_size": 5},
        {"weight_limit": 0.5},
        {"train_biases": False, "optimizer": "adam"},
        {"optimizer": "adamw", "weight_decay": 0.1},
        {"schedule": "cosine", "schedule_steps": 30, "warm_up_steps": 5},
    ],
    ids=str,
)
def test_options(options):
    assert_as_numpy(whole(**options))


def test_given_batches():
    rng = np.random.default_rng(0)

    assert_as_numpy(whole(), [rng.integers(0, 11, size) for size in (1, 2, 9, 30, 1, 4)])


def test_the_bits_do_not_depend_on_how_steps_are_cut():
    problem = whole(optimizer="adam", batch_size=4, shuffle=True)
    at_once, cut = state_of(problem), state_of(problem)
    partly(problem).train(at_once, 30)

    for steps in (1, 0, 7, 22):
        partly(problem).train(cut, steps)

    assert cut.parameters.tobytes() == at_once.parameters.tobytes()
    assert cut.second.tobytes() == at_once.second.tobytes()


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e308])
def test_what_is_not_finite_ends_before_it(bad):
    problem = whole(batch_size=2)
    problem.inputs[6] = bad
    state, fewer = state_of(problem), state_of(problem)
    state.parameters *= 20.0
    fewer.parameters *= 20.0

    taken = partly(problem).train(state, 30)

    partly(problem).train(fewer, 3)
    assert (taken.end, taken.done) == ("not finite", 3)
    assert state.parameters.tobytes() == fewer.parameters.tobytes()


def test_a_raised_flag_takes_no_step():
    problem, flag = whole(), StopFlag()
    state = state_of(problem)
    before = state.parameters
    flag.stop()

    taken = partly(problem).train(state, 10, stop=flag)

    assert (taken.end, taken.done) == ("stopped", 0)
    assert state.parameters is before


def test_the_losses_of_samples():
    problem = whole("softmax_cross_entropy")
    judge = NumpyEngine(problem)
    judge.train(1)

    losses = partly(problem).losses(state_of(problem).parameters)

    assert abs(losses[0] - judge.losses[0]) <= ROOM
    assert losses.shape == (11,)
