"""Backpropagation: every gradient against finite differences, and each factor by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Layer, Network
from nnsim.engine.backward import backward
from nnsim.engine.forward import forward
from nnsim.engine.losses import LOSSES
from nnsim.engine.step import sample_losses
from tests.strategies import SMOOTH, any_problems, problems


@given(problems(SMOOTH))
def test_every_smooth_gradient_agrees_with_the_plainest_difference(problem):
    network, samples = problem
    inputs, expected, h = samples.inputs[0], samples.expected[0], 1e-5

    def loss(place, change):
        flat = network.parameters.copy()
        flat[place] += change
        return float(sample_losses(network.with_parameters(flat), inputs, expected))

    measured = [
        (loss(place, h) - loss(place, -h)) / (2 * h) for place in range(network.parameter_count)
    ]

    gradient = backward(network, forward(network, inputs), expected).gradient
    assert gradient == pytest.approx(measured, rel=1e-5, abs=1e-4 * (1 + np.abs(measured).max()))


def of_first_sample(problem):
    network, samples, settings = problem
    loss, expected = settings.loss_function, samples.expected[0]
    passed = forward(network, samples.inputs[0])
    return network, passed, expected, loss, backward(network, passed, expected, loss)


@given(any_problems())
def test_a_gradient_is_its_neurons_signal_times_its_source(problem):
    network, passed, _, _, back = of_first_sample(problem)

    for ref in network.refs():
        source = 1.0 if ref.is_bias else passed.activations[ref.from_layer][ref.source]
        signal = back.back_signals[ref.layer - 1][ref.to]
        assert back.gradient[network.index_of(ref)] == signal * source


@given(any_problems())
def test_what_is_absent_has_no_gradient(problem):
    network, _, _, _, back = of_first_sample(problem)

    assert not back.gradient[~network.present].any()


@given(any_problems())
def test_a_hidden_signal_is_the_output_gradient_times_the_slope(problem):
    _, passed, _, _, back = of_first_sample(problem)

    for signal, gradient, slope in zip(
        back.back_signals[:-1], back.output_gradients[:-1], passed.slopes[:-1], strict=True
    ):
        assert signal.tolist() == (gradient * slope).tolist()


@given(any_problems())
def test_a_hidden_output_gradient_adds_up_all_connections_out_of_the_neuron(problem):
    network, _, _, _, back = of_first_sample(problem)

    for number, layer in enumerate(network.layers[:-1], start=1):
        for index in range(layer.size):
            parts = [
                network.parameters[network.index_of(ref)] * back.back_signals[ref.layer - 1][ref.to]
                for ref in network.refs_out_of(number, index)
            ]
            room = 1e-14 * (1 + sum(abs(part) for part in parts))
            found = back.output_gradients[number - 1][index]
            assert found == pytest.approx(sum(parts), rel=1e-13, abs=room)


@given(any_problems())
def test_the_signal_of_an_output_follows_from_the_loss(problem):
    network, passed, expected, loss, back = of_first_sample(problem)
    o, own = passed.outputs, back.output_gradients[-1]
    with np.errstate(all="ignore"):
        assert np.array_equal(own, loss.gradient(o, expected, loss.number), equal_nan=True)
    if loss.name in ("binary_cross_entropy", "softmax_cross_entropy"):
        right = o * (expected.sum() if loss.name.startswith("softmax") else 1.0) - expected
    elif network.layers[-1].activations[0] == "softmax":
        right = [
            sum(own[k] * o[k] * ((k == j) - o[j]) for k in range(len(o))) for j in range(len(o))
        ]
    else:
        right = own * passed.slopes[-1]

    assert back.back_signals[-1] == pytest.approx(np.array(right), rel=1e-12, abs=1e-13)


@given(problems())
def test_an_outputs_gradient_is_its_error(problem):
    network, samples = problem
    passed = forward(network, samples.inputs[0])
    back = backward(network, passed, samples.expected[0])

    assert back.output_gradients[-1].tolist() == (passed.outputs - samples.expected[0]).tolist()


def test_a_hidden_neurons_error_is_carried_back_by_the_weights_not_by_the_outputs():
    network = Network.dense([1, 1, 2], ["linear", "linear"], [[[2.0]], [[3.0], [5.0]]])

    back = backward(network, forward(network, np.array([1.0])), np.array([5.0, 8.0]))

    assert back.back_signals[1].tolist() == [1.0, 2.0]
    assert back.output_gradients[0].tolist() == [3.0 * 1.0 + 5.0 * 2.0]


def test_a_connection_that_skips_a_layer_carries_its_error_past_it():
    layers = [Layer(("linear",), False), Layer(("linear",), False), Layer(("linear",), False, 2)]
    network = Network(1, layers, [2.0, 3.0, 7.0, 5.0])  # the output: 7 · first + 5 · second

    passed = forward(network, np.array([1.0]))
    back = backward(network, passed, np.array([43.0]))

    assert passed.outputs.tolist() == [7 * 2 + 5 * 6]
    assert [g.tolist() for g in back.output_gradients] == [[7 + 3 * 5], [5.0], [1.0]]
    assert back.gradient.tolist() == [22.0, 5.0 * 2, 2.0, 6.0]


def test_an_output_of_0_has_no_finite_cross_entropy_error_but_a_signal():
    network = Network.dense([1, 2], ["softmax"], [[[800.0], [-800.0]]])
    loss = LOSSES["softmax_cross_entropy"]

    back = backward(network, forward(network, np.ones(1)), np.array([0.0, 1.0]), loss)

    assert back.output_gradients[0].tolist() == [0.0, -np.inf]
    assert back.back_signals[0].tolist() == [1.0, -1.0]


def test_the_gradient_cannot_be_written_to():
    network = Network.dense([2, 1], ["linear"])
    back = backward(network, forward(network, np.ones(2)), np.ones(1))

    with pytest.raises(ValueError, match="read-only"):
        back.gradient[0] = 1.0


def test_an_infinite_error_raises_no_warning():
    network = Network.dense([1, 1, 1], ["linear", "linear"], [[[1e200]], [[1e200]]])

    back = backward(network, forward(network, np.array([1.0])), np.array([0.0]))

    assert not np.isfinite(back.gradient).all()


@pytest.mark.parametrize("rows", [(), (3,)])
@given(st.integers(0, 2**32 - 1), st.integers(1, 9))
def test_what_all_softmax_outputs_have_in_common_carries_nothing_back(rows, seed, outputs):
    draw = np.random.default_rng(seed)
    bare = Network.dense([2, 3, outputs], ["tanh", "softmax"])
    network = bare.with_parameters(draw.uniform(-3, 3, bare.parameter_count))
    passed = forward(network, draw.uniform(-2, 2, (*rows, 2)))
    expected = np.full((*rows, outputs), -1.0)

    back = backward(network, passed, expected, LOSSES["hinge"])

    assert (back.output_gradients[-1] == 1.0).all()
    assert not back.back_signals[-1].any()
    assert not back.gradient.any()


@given(st.integers(0, 2**32 - 1), st.integers(2, 9))
def test_a_softmax_signal_is_the_sum_over_all_outputs(seed, outputs):
    draw = np.random.default_rng(seed)
    bare = Network.dense([2, outputs], ["softmax"])
    network = bare.with_parameters(draw.uniform(-3, 3, bare.parameter_count))
    passed, expected = forward(network, draw.uniform(-2, 2, 2)), draw.uniform(-2, 2, outputs)

    back = backward(network, passed, expected, LOSSES["squared"])

    a, g = passed.outputs, 2 * (passed.outputs - expected)
    paths = g[:, None] * a[:, None] * (np.eye(outputs) - a)
    assert back.back_signals[0] == pytest.approx(paths.sum(axis=0), abs=1e-14)
