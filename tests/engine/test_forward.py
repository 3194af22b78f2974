"""Feedforward: sums and outputs of one sample and of many."""

import math

import numpy as np
import pytest
from hypothesis import given

from nnsim import Layer, Network
from nnsim.engine import forward as module
from nnsim.engine.activations import activation_named
from nnsim.engine.forward import forward, outputs_of
from tests.strategies import WITH_NUMBERS, any_problems

STEADY = tuple(name for name in WITH_NUMBERS if not name.startswith("threshold"))
"""Without jumps: rounding moves the outputs by rounding only."""


def by_hand(network, inputs):
    """The outputs in plain Python: sum by sum, neuron by neuron."""
    signals = [[float(x) for x in inputs]]
    for number, layer in enumerate(network.layers, start=1):
        sums = [0.0] * layer.size
        for to in range(layer.size):
            for ref in network.refs_into(number, to):
                source = 1.0 if ref.is_bias else signals[ref.from_layer][ref.source]
                sums[to] += float(network.parameters[network.index_of(ref)]) * source
        if layer.activations[0] == "softmax":
            grown = [math.exp(z - max(sums)) for z in sums]
            signals.append([part / sum(grown) for part in grown])
        else:
            signals.append([f(name, z) for name, z in zip(layer.activations, sums, strict=True)])
    return signals[-1]


def f(name, z):
    entry = activation_named(name)
    return float(entry.value(np.array([z]), entry.number)[0])


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


@given(any_problems(STEADY))
def test_outputs_are_those_of_a_calculation_by_hand(problem):
    network, samples, _ = problem

    for inputs in samples.inputs:
        outputs = forward(network, inputs).outputs
        assert outputs == pytest.approx(by_hand(network, inputs), rel=1e-9, abs=1e-9)


@given(any_problems(STEADY))
def test_many_samples_at_once_are_the_same_as_one_by_one(problem):
    network, samples, _ = problem

    together = forward(network, samples.inputs).outputs

    for inputs, outputs in zip(samples.inputs, together, strict=True):
        assert forward(network, inputs).outputs == pytest.approx(outputs, rel=1e-12, abs=1e-12)


@given(any_problems())
def test_shapes(problem):
    network, samples, _ = problem
    passed = forward(network, samples.inputs)

    shapes = [(len(samples), size) for size in network.sizes]
    assert [a.shape for a in passed.activations] == shapes
    assert [z.shape for z in passed.pre_activations] == shapes[1:]
    assert [s.shape for s in passed.slopes] == shapes[1:]


def test_a_layer_may_read_from_layers_further_back():
    layers = [Layer(("relu",) * 2, False), Layer(("linear",), True, 2)]
    network = Network(1, layers, [1, -1, 100, 10, 1, 0.5])  # 100 · input + 10 · h1 + 1 · h2 + 0.5

    assert forward(network, np.array([2.0])).outputs.tolist() == [200 + 20 + 0 + 0.5]
    assert forward(network, np.array([-2.0])).outputs.tolist() == [-200 + 0 + 2 + 0.5]


@given(any_problems())
def test_the_activations_are_views_of_one_array(problem):
    network, samples, _ = problem
    passed = forward(network, samples.inputs)

    assert passed.everything.shape == (len(samples), sum(network.sizes))
    assert np.array_equal(np.concatenate(passed.activations, axis=1), passed.everything)
    assert all(np.shares_memory(a, passed.everything) for a in passed.activations)
    with pytest.raises(ValueError, match="read-only"):
        passed.everything[0, 0] = 1.0


def test_a_sum_that_a_sigmoid_hides_is_not_finite():
    network = Network.dense([1, 1, 1], ["linear", "sigmoid"], [[[1e200]], [[1e200]]])
    passed = forward(network, np.array([1.0]))

    assert passed.outputs.tolist() == [1.0]
    assert not passed.is_finite()
    assert forward(network, np.array([0.0])).is_finite()


def test_numbers_too_large_become_infinite_without_a_warning():
    network = Network.dense([1, 1, 1], ["linear", "linear"], [[[1e200]], [[1e200]]])

    assert forward(network, np.array([1.0])).outputs.tolist() == [np.inf]


def test_no_samples_give_no_outputs():
    network = Network.dense([2, 3], ["tanh"])

    assert forward(network, np.empty((0, 2))).outputs.shape == (0, 3)


@given(any_problems())
def test_the_outputs_of_a_table_do_not_depend_on_the_parts_it_is_fed_forward_in(problem):
    network, samples, _ = problem
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CELLS_AT_ONCE", 1)
        one_by_one = outputs_of(network, samples.inputs)
        patch.setattr(module, "CELLS_AT_ONCE", 3 * sum(network.sizes))
        cuts = [(some.start, some.stop) for some in module.parts(network, 7)]

    assert one_by_one == pytest.approx(outputs_of(network, samples.inputs), rel=1e-11, abs=1e-13)
    assert cuts == [(0, 3), (3, 6), (6, 7)]
    assert outputs_of(network, samples.inputs[:0]).shape == (0, network.output_count)
