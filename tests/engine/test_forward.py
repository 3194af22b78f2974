"""Feedforward: sums and outputs of one sample and of many."""

import numpy as np
import pytest
from hypothesis import given

from nnsim import Network
from nnsim.engine.activations import ACTIVATIONS
from nnsim.engine.forward import forward
from tests.strategies import problems


def by_hand(network, inputs):
    """The outputs in plain Python: sum by sum, neuron by neuron."""
    signals = [float(x) for x in inputs]
    for layer, weights, biases in zip(network.layers, network.weights, network.biases, strict=True):
        sums = [
            sum(float(w) * a for w, a in zip(row, signals, strict=True))
            + (0.0 if biases is None else float(biases[to]))
            for to, row in enumerate(weights)
        ]
        signals = [
            float(ACTIVATIONS[name].value(np.array([z]))[0])
            for name, z in zip(layer.activations, sums, strict=True)
        ]
    return signals


def test_the_sum_is_weights_times_inputs_plus_bias():
    network = Network.dense([2, 2], ["linear"], [[[1, 2], [3, 4]]], [[10, 20]])

    passed = forward(network, np.array([5.0, 6.0]))

    assert passed.pre_activations[0].tolist() == [27.0, 59.0]
    assert passed.outputs.tolist() == [27.0, 59.0]


def test_a_layer_feeds_the_next():
    network = Network.dense([1, 2, 1], ["relu", "linear"], [[[1], [-1]], [[3, 5]]])

    passed = forward(network, np.array([2.0]))

    assert [a.tolist() for a in passed.activations] == [[2.0], [2.0, 0.0], [6.0]]
    assert [s.tolist() for s in passed.slopes] == [[1.0, 0.0], [1.0]]


@given(problems(("linear", "sigmoid", "tanh", "relu")))
def test_outputs_are_those_of_a_calculation_by_hand(problem):
    network, samples = problem

    for inputs in samples.inputs:
        outputs = forward(network, inputs).outputs
        assert outputs == pytest.approx(by_hand(network, inputs), rel=1e-9, abs=1e-9)


@given(problems(("linear", "sigmoid", "tanh", "relu")))
def test_many_samples_at_once_are_the_same_as_one_by_one(problem):
    network, samples = problem

    together = forward(network, samples.inputs).outputs

    for inputs, outputs in zip(samples.inputs, together, strict=True):
        assert forward(network, inputs).outputs == pytest.approx(outputs, rel=1e-12, abs=1e-12)


@given(problems())
def test_shapes(problem):
    network, samples = problem
    passed = forward(network, samples.inputs)

    shapes = [(len(samples), size) for size in network.sizes]
    assert [a.shape for a in passed.activations] == shapes
    assert [z.shape for z in passed.pre_activations] == shapes[1:]
    assert [s.shape for s in passed.slopes] == shapes[1:]


def test_numbers_too_large_become_infinite_without_a_warning():
    network = Network.dense([1, 1, 1], ["linear", "linear"], [[[1e200]], [[1e200]]])

    assert forward(network, np.array([1.0])).outputs.tolist() == [np.inf]


def test_no_samples_give_no_outputs():
    network = Network.dense([2, 3], ["tanh"])

    assert forward(network, np.empty((0, 2))).outputs.shape == (0, 3)
