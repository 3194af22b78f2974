"""Backpropagation: every gradient against finite differences, and each factor by hand."""

import numpy as np
import pytest
from hypothesis import given, settings

from nnsim import Network
from nnsim.engine.backward import backward
from nnsim.engine.forward import forward
from nnsim.engine.gradcheck import check_gradients
from nnsim.engine.losses import half_squared
from tests.strategies import SMOOTH, problems


@settings(max_examples=80)
@given(problems())
def test_every_gradient_agrees_with_finite_differences(problem):
    network, samples = problem

    assert check_gradients(network, samples.inputs, samples.expected).differing == []


@given(problems(SMOOTH))
def test_every_smooth_gradient_agrees_with_the_plainest_difference(problem):
    network, samples = problem
    inputs, expected, h = samples.inputs[0], samples.expected[0], 1e-5

    def loss(place, change):
        flat = network.parameters.copy()
        flat[place] += change
        return half_squared(forward(network.with_parameters(flat), inputs).outputs, expected)

    measured = [
        (loss(place, h) - loss(place, -h)) / (2 * h) for place in range(network.parameter_count)
    ]

    gradient = backward(network, forward(network, inputs), expected).gradient
    assert gradient == pytest.approx(measured, rel=1e-5, abs=1e-4 * (1 + np.abs(measured).max()))


@given(problems())
def test_a_gradient_is_its_neurons_signal_times_its_source(problem):
    network, samples = problem
    passed = forward(network, samples.inputs[0])
    back = backward(network, passed, samples.expected[0])

    for ref in network.refs():
        source = 1.0 if ref.is_bias else passed.activations[ref.layer - 1][ref.source]
        signal = back.back_signals[ref.layer - 1][ref.to]
        assert back.gradient[network.index_of(ref)] == signal * source


@given(problems())
def test_a_signal_is_the_output_gradient_times_the_slope(problem):
    network, samples = problem
    passed = forward(network, samples.inputs[0])
    back = backward(network, passed, samples.expected[0])

    for signal, gradient, slope in zip(
        back.back_signals, back.output_gradients, passed.slopes, strict=True
    ):
        assert signal.tolist() == (gradient * slope).tolist()


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


def test_the_gradient_cannot_be_written_to():
    network = Network.dense([2, 1], ["linear"])
    back = backward(network, forward(network, np.ones(2)), np.ones(1))

    with pytest.raises(ValueError, match="read-only"):
        back.gradient[0] = 1.0


def test_an_infinite_error_raises_no_warning():
    network = Network.dense([1, 1, 1], ["linear", "linear"], [[[1e200]], [[1e200]]])

    back = backward(network, forward(network, np.array([1.0])), np.array([0.0]))

    assert not np.isfinite(back.gradient).all()
