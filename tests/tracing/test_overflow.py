"""Naming the first number that is no longer finite."""

import numpy as np

from nnsim import Network, Settings
from nnsim.engine.step import step_on
from nnsim.tracing.overflow import first_overflow

TWO = [[[1e200], [1.0]], [[1e200, 1.0]]]


def named(network, inputs, expected, rate=1.0):
    step = step_on(network, np.array(inputs), np.array(expected), Settings(rate))
    assert not step.is_finite()
    return first_overflow(network, step)


def test_a_hidden_sum():
    network = Network.dense([1, 2, 1], ["linear", "linear"], [[[1.0], [1e300]], [[1.0, 1.0]]])

    assert named(network, [1e10], [0.0]) == "the sum of hidden2"


def test_a_sum_that_the_sigmoid_makes_1():
    network = Network.dense([1, 2, 1], ["linear", "sigmoid"], TWO)

    assert named(network, [1.0], [0.0]) == "the sum of output"


def test_the_loss():
    network = Network.dense([1, 1], ["linear"], [[[1.0]]])

    assert named(network, [1e160], [0.0]) == "the loss"


def test_a_new_weight():
    network = Network.dense([2, 1], ["linear"], [[[1.0, 1.0]]])

    assert named(network, [0.0, 1e100], [0.0], rate=1e200) == "the new value of weight2"


def test_a_new_bias():
    network = Network.dense([1, 1], ["linear"], [[[0.0]]], [[1e100]])

    assert named(network, [0.0], [0.0], rate=1e250) == "the new value of bias"


def test_a_delta():
    network = Network.dense([1, 1, 1], ["linear", "linear"], [[[1e-100]], [[1e250]]])

    assert named(network, [1.0], [0.0], rate=1e-250) == "the delta of input1 → hidden1"


def test_everything_finite_is_no_number_in_particular():
    network = Network.dense([1, 1], ["linear"], [[[1.0]]])
    step = step_on(network, np.array([1.0]), np.array([0.0]), Settings(1.0))

    assert first_overflow(network, step) == "a number"


def test_the_last_weight_of_a_million_is_named():
    network = Network.dense([1000, 1000], ["linear"])
    expected = np.zeros(1000)
    expected[-1] = 1e150
    step = step_on(network, np.full(1000, 1e100), expected, Settings(1e100))

    assert first_overflow(network, step) == "the new value of input1 → output1000"
