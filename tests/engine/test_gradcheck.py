"""The gradient check: it finds every planted fault and never accuses a right gradient."""

import time
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim import Network, ParameterRef, Settings
from nnsim.engine import gradcheck
from nnsim.engine.activations import ACTIVATIONS, activation_named
from nnsim.engine.backward import backward
from nnsim.engine.forward import forward
from nnsim.engine.gradcheck import check_gradients
from nnsim.engine.initializers import with_uniform_weights
from nnsim.engine.losses import loss_named
from tests.strategies import problems

CHAPTER = Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]])
INPUTS, EXPECTED = np.array([[0.1, 0.8]]), np.array([[0.4]])

WRONG_SLOPES = {
    "linear twice": ("linear", lambda z, a, p: 2 * np.ones_like(z)),
    "linear one percent off": ("linear", lambda z, a, p: 1.01 * np.ones_like(z)),
    "sigmoid without a": ("sigmoid", lambda z, a, p: 1 - a),
    "sigmoid of the sum": ("sigmoid", lambda z, a, p: z * (1 - z)),
    "sigmoid turned": ("sigmoid", lambda z, a, p: -a * (1 - a)),
    "sigmoid none": ("sigmoid", lambda z, a, p: np.zeros_like(z)),
    "tanh without the square": ("tanh", lambda z, a, p: 1 - a),
    "tanh of the sum": ("tanh", lambda z, a, p: 1 - z * z),
    "tanh one percent off": ("tanh", lambda z, a, p: 1.01 * (1 - a * a)),
    "relu everywhere": ("relu", lambda z, a, p: np.ones_like(z)),
    "relu leaking": ("relu", lambda z, a, p: np.where(z > 0, 1.0, 0.01)),
    "relu none": ("relu", lambda z, a, p: np.zeros_like(z)),
    "softplus of the output": ("softplus", lambda z, a, p: 1 / (1 + np.exp(-a))),
    "silu without the sum": ("silu", lambda z, a, p: 1 / (1 + np.exp(-z))),
    "gelu without the density": ("gelu", lambda z, a, p: np.where(z == 0, 0.5, a / (z + (z == 0)))),
    "elu without alpha": ("elu", lambda z, a, p: np.where(z > 0, 1.0, a)),
    "leaky relu with another alpha": ("leaky_relu", lambda z, a, p: np.where(z > 0, 1.0, 0.02)),
    "bipolar sigmoid twice": ("bipolar_sigmoid", lambda z, a, p: 1 - a * a),
    "threshold straight through": ("threshold", lambda z, a, p: np.ones_like(z)),
}


def right_gradient(network, samples):
    return sum(
        backward(network, forward(network, inputs), expected).gradient
        for inputs, expected in zip(samples.inputs, samples.expected, strict=True)
    )


@contextmanager
def planted(table, name, **faults):
    """A table entry with faults in it; entries that were asked for before are forgotten."""
    finders = (activation_named, loss_named)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(table, name, replace(table[name], **faults))
        for finder in finders:
            finder.cache_clear()
        yield
    for finder in finders:
        finder.cache_clear()


@pytest.mark.parametrize(("name", "slope"), WRONG_SLOPES.values(), ids=WRONG_SLOPES.keys())
@settings(max_examples=25)
@given(data=st.data())
def test_no_wrong_gradient_ever_agrees(name, slope, data):
    network, samples = data.draw(problems((name, "linear", "tanh")))
    right = right_gradient(network, samples)
    with planted(ACTIVATIONS, name, slope=slope):
        check = check_gradients(network, samples.inputs, samples.expected)

    for row in check.checked:
        truth = float(right[network.index_of(row.ref)])
        gap = abs(row.analytic - truth)
        if row.verdict == "agrees":
            assert gap <= 2e-3 * max(abs(truth), abs(row.analytic)) + 1e-7
        else:
            assert gap > 0


@pytest.mark.parametrize(("name", "slope"), WRONG_SLOPES.values(), ids=WRONG_SLOPES.keys())
def test_a_planted_wrong_slope_is_found(name, slope):
    network = with_uniform_weights(
        Network.dense([2, 6, 2], [name, "linear"], biases=[[0] * 6, [0] * 2]), seed=5
    )
    inputs, expected = np.array([[0.4, -0.7], [0.9, 0.3]]), np.array([[0.5, -1.0], [0.2, 2.0]])
    assert check_gradients(network, inputs, expected).differing == []

    with planted(ACTIVATIONS, name, slope=slope):
        found = {row.ref.layer for row in check_gradients(network, inputs, expected).differing}

    assert 1 in found


def test_an_error_carried_back_through_outputs_instead_of_weights_is_found(monkeypatch):
    def slipped(network, passed, expected, loss):
        right = backward(network, passed, expected, loss)
        gradient = right.gradient.copy()
        carried = right.back_signals[1].sum() * passed.activations[1] * passed.slopes[0]
        network.weights_in(gradient)[0][...] = np.outer(carried, passed.activations[0])
        return replace(right, gradient=gradient)

    monkeypatch.setattr(gradcheck, "backward", slipped)
    network = with_uniform_weights(Network.dense([3, 2, 2], ["linear", "linear"]), seed=1)

    check = check_gradients(network, np.array([[0.0, 0.355, 1.201]]), np.array([[1.0, 0.0]]))

    assert [row.ref for row in check.differing] == [
        ParameterRef(1, to, source) for to in range(2) for source in (1, 2)
    ]


@pytest.mark.parametrize("weights", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("signals", [1e-3, 1.0, 1e3])
@settings(max_examples=40)
@given(data=st.data())
def test_no_right_gradient_is_accused_however_badly_scaled(weights, signals, data):
    network, samples = data.draw(problems(size=1.0))
    network = network.with_parameters(network.parameters * weights)

    check = check_gradients(network, samples.inputs * signals, samples.expected)

    assert check.differing == []


def test_ordinary_networks_are_checked_whole():
    for seed in range(20):
        bare = Network.dense(
            [3, 5, 4, 2], ["tanh", "sigmoid", "linear"], biases=[[0] * 5, None, [0] * 2]
        )
        network = with_uniform_weights(bare, seed=seed)
        draw = np.random.default_rng(seed)
        check = check_gradients(network, draw.uniform(-1, 1, (4, 3)), draw.uniform(-1, 1, (4, 2)))

        assert {row.verdict for row in check.rows} == {"agrees"}


def test_the_chapters_neuron():
    check = check_gradients(CHAPTER, INPUTS, EXPECTED)

    assert [row.ref for row in check.rows] == CHAPTER.refs()
    assert [row.analytic for row in check.rows] == pytest.approx([0.035, 0.28], rel=1e-15)
    assert [row.numeric for row in check.rows] == pytest.approx([0.035, 0.28], rel=1e-8)
    assert [row.verdict for row in check.rows] == ["agrees", "agrees"]
    assert check.rows[0].difference == abs(check.rows[0].analytic - check.rows[0].numeric)


def test_the_gradient_is_that_of_the_sum_over_the_samples():
    inputs, expected = np.array([[0.1, 0.8], [1.0, 0.0]]), np.array([[0.4], [0.0]])

    check = check_gradients(CHAPTER, inputs, expected)

    assert [row.analytic for row in check.rows] == pytest.approx([0.035 + 0.3, 0.28], rel=1e-14)


def test_a_gradient_of_0_agrees_when_the_network_fits_perfectly():
    network = Network.dense([2, 1], ["linear"], [[[0.5, 0.25]]])

    check = check_gradients(network, np.array([[1.0, 2.0]]), np.array([[1.0]]))

    assert [row.verdict for row in check.rows] == ["agrees", "agrees"]


def test_a_weight_without_influence_agrees_with_0():
    check = check_gradients(CHAPTER, np.array([[0.0, 0.8]]), EXPECTED)

    assert (check.rows[0].analytic, check.rows[0].numeric) == (0.0, 0.0)
    assert check.rows[0].verdict == "agrees"


@pytest.mark.parametrize("name", ["relu", "threshold"])
def test_a_sum_exactly_on_a_kink_is_not_checked(name):
    network = Network.dense([2, 1], [name], [[[1.0, -1.0]]])

    check = check_gradients(network, np.array([[0.5, 0.5]]), np.array([[0.4]]))

    assert [row.verdict for row in check.rows] == ["not checked"] * 2
    assert [(row.numeric, row.difference) for row in check.rows] == [(None, None)] * 2


@pytest.mark.parametrize("distance", [1e-13, 1e-11])
def test_a_sum_within_a_step_of_a_kink_is_not_checked(distance):
    network = Network.dense([2, 1], ["relu"], [[[1.0, -1.0 + distance]]])

    check = check_gradients(network, np.array([[1.0, 1.0]]), np.array([[0.4]]))

    assert [row.verdict for row in check.rows] == ["not checked"] * 2


def test_a_sum_near_a_kink_is_checked_with_a_smaller_step():
    network = Network.dense([2, 1], ["relu"], [[[1.0, -0.999]]])

    check = check_gradients(network, np.array([[1.0, 1.0]]), np.array([[0.4]]))

    assert [row.verdict for row in check.rows] == ["agrees"] * 2


def test_a_kink_of_a_neuron_further_on_counts():
    network = Network.dense([1, 1, 1], ["linear", "relu"], [[[1.0]], [[1.0]]], [[0.0], [-1.0]])

    check = check_gradients(network, np.array([[1.0]]), np.array([[0.4]]))

    assert [row.verdict for row in check.rows] == ["not checked"] * 4


def test_a_kink_in_one_sample_is_enough():
    network = Network.dense([1, 1], ["relu"], [[[1.0]]], [[-1.0]])

    check = check_gradients(network, np.array([[5.0], [1.0]]), np.array([[0.4], [0.4]]))

    assert [row.verdict for row in check.rows] == ["not checked"] * 2


def test_a_kink_that_a_weight_cannot_reach_does_not_count():
    network = Network.dense([1, 2], [["relu", "linear"]], [[[0.0], [3.0]]])

    check = check_gradients(network, np.array([[1.0]]), np.array([[0.4, 0.4]]))

    assert [row.verdict for row in check.rows] == ["not checked", "agrees"]


@given(problems(("relu", "threshold", "linear")))
def test_what_agrees_has_its_kinks_out_of_reach(problem):
    network, samples = problem
    passed = forward(network, samples.inputs)
    on_kink = {
        (number, to)
        for number, layer in enumerate(network.layers, 1)
        for to, name in enumerate(layer.activations)
        if ACTIVATIONS[name].kinks(0.0) and (passed.pre_activations[number - 1][:, to] == 0).any()
    }

    for row in check_gradients(network, samples.inputs, samples.expected).rows:
        if row.ref.is_bias and (row.ref.layer, row.ref.to) in on_kink:
            assert row.verdict == "not checked"


def test_numbers_that_are_not_finite_are_not_checked():
    network = Network.dense([1, 1, 1], ["linear", "linear"], [[[1e200]], [[1e200]]])

    check = check_gradients(network, np.array([[1.0]]), np.array([[0.0]]))

    assert [row.verdict for row in check.rows] == ["not checked"] * 2


def test_a_weight_that_cannot_grow_is_not_checked():
    network = Network.dense([1, 1], ["linear"], [[[1.797e308]]])

    check = check_gradients(network, np.array([[1e-300]]), np.array([[0.0]]))

    assert len(check.checked) + len(check.not_checked) == 1


def test_without_samples_nothing_is_checked():
    check = check_gradients(CHAPTER, np.empty((0, 2)), np.empty((0, 1)))

    assert [row.verdict for row in check.rows] == ["not checked"] * 2


def test_a_saturated_neuron_is_not_said_to_agree():
    network = Network.dense([1, 1, 1], ["sigmoid", "linear"], [[[-60.0]], [[1.0]]], [[0], [1]])

    check = check_gradients(network, np.array([[1.0]]), np.array([[0.0]]))

    assert check.rows[0].ref == ParameterRef(1, 0, 0)
    assert check.rows[0].verdict == "not checked"


def test_of_many_weights_a_seeded_choice_is_checked():
    network = with_uniform_weights(Network.dense([20, 20, 1], ["tanh", "linear"]))
    inputs, expected = np.full((1, 20), 0.3), np.array([[1.0]])

    first, again, other = (
        check_gradients(network, inputs, expected, seed=seed, limit=30) for seed in (1, 1, 2)
    )

    assert len(first.rows) == 30
    assert len({row.ref for row in first.rows}) == 30
    assert first == again
    assert [row.ref for row in other.rows] != [row.ref for row in first.rows]
    assert first.parameter_count == 420
    assert first.sentence == "30 of 420 gradients checked: 30 agree, 0 differ."


def test_the_lists_part_the_rows():
    network = Network.dense([2, 2], [["relu", "linear"]], [[[1, -1], [1, 1]]])

    check = check_gradients(network, np.array([[0.5, 0.5]]), np.array([[0.0, 0.0]]))

    assert [row.ref.to for row in check.checked] == [1, 1]
    assert [row.ref.to for row in check.not_checked] == [0, 0]
    assert check.sentence == "2 of 4 gradients checked: 2 agree, 0 differ."


@pytest.mark.parametrize("loss", ["absolute", "hinge"])
def test_a_gradient_of_0_by_cancellation_on_straight_pieces_is_checked(loss):
    network = Network.dense([2, 1], ["linear"], [[[0.25, -0.5]]])
    inputs, expected = np.array([[0.7, 0.1], [0.7, 0.3]]), np.array([[1.0], [-1.0]])

    check = check_gradients(network, inputs, expected, Settings(loss=loss))

    assert check.rows[0].analytic == 0.0
    assert [row.verdict for row in check.rows] == ["agrees", "agrees"]


@pytest.mark.parametrize("loss", ["absolute", "hinge"])
@pytest.mark.parametrize("off", [1e-2, 1e-5, -1e-7])
def test_a_wrong_gradient_that_should_be_0_by_cancellation_is_found(loss, off, monkeypatch):
    def slipped(network, passed, expected, loss):
        right = backward(network, passed, expected, loss)
        return replace(right, gradient=right.gradient + off)

    monkeypatch.setattr(gradcheck, "backward", slipped)
    network = Network.dense([2, 1], ["linear"], [[[0.25, -0.5]]])
    inputs, expected = np.array([[0.7, 0.1], [0.7, 0.3]]), np.array([[1.0], [-1.0]])

    check = check_gradients(network, inputs, expected, Settings(loss=loss, batch_size=0))

    assert check.rows[0].verdict != "agrees"


def test_2_000_gradients_on_1_797_samples_take_seconds():
    random = np.random.default_rng(3)
    bare = Network.dense([64, 32, 10], ["tanh", "softmax"], biases=[[0] * 32, [0] * 10])
    network = with_uniform_weights(bare, -0.2, 0.2)
    inputs = random.uniform(0, 1, (1797, 64))
    expected = np.eye(10)[random.integers(0, 10, 1797)]
    began = time.process_time()

    check = check_gradients(network, inputs, expected, Settings(loss="softmax_cross_entropy"))

    assert len(check.checked) == 2000
    assert check.differing == []
    assert time.process_time() - began < 40  # measured: 5 to 10, on one thread
