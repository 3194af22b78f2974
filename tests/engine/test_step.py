"""One step: what it computes, that it applies exactly that, and whether it is finite."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Network
from nnsim.engine.losses import half_squared, half_squared_gradient
from nnsim.engine.step import sample_losses, step_on
from tests.strategies import problems

RATES = st.sampled_from([0.0, 0.01, 1.0, 2.5])


@given(problems(), RATES)
def test_the_new_weights_are_the_old_ones_plus_the_update(problem, rate):
    network, samples = problem
    step = step_on(network, samples.inputs[0], samples.expected[0], rate)

    assert step.new_parameters.tolist() == (network.parameters + step.update).tolist()
    assert step.update.tolist() == (-rate * step.back.gradient).tolist()


@given(problems(), RATES)
def test_a_step_changes_nothing_by_itself(problem, rate):
    network, samples = problem
    before = network.parameters.tobytes()

    step_on(network, samples.inputs[0], samples.expected[0], rate)

    assert network.parameters.tobytes() == before


@given(problems())
def test_a_learning_rate_of_0_keeps_every_weight(problem):
    network, samples = problem
    step = step_on(network, samples.inputs[0], samples.expected[0], 0.0)

    assert step.new_parameters.tolist() == network.parameters.tolist()


@given(problems(("linear", "sigmoid", "tanh", "relu")))
def test_the_losses_of_many_samples_are_those_of_each(problem):
    network, samples = problem
    each = [
        step_on(network, inputs, expected, 1.0).loss
        for inputs, expected in zip(samples.inputs, samples.expected, strict=True)
    ]

    many = sample_losses(network, samples.inputs, samples.expected)
    assert many == pytest.approx(each, rel=1e-9, abs=1e-12)


@given(problems())
def test_ordinary_numbers_make_a_finite_step(problem):
    network, samples = problem

    assert step_on(network, samples.inputs[0], samples.expected[0], 1.0).is_finite()


def test_the_loss_is_half_the_sum_of_the_squares():
    output, expected = np.array([3.0, 1.0]), np.array([1.0, 2.0])

    assert half_squared(output, expected) == 2.5
    assert half_squared_gradient(output, expected).tolist() == [2.0, -1.0]


LINEAR = Network.dense([1, 1, 1], ["linear", "linear"], [[[1.0]], [[1.0]]])


@pytest.mark.parametrize(
    ("network", "value", "expected", "rate"),
    [
        (LINEAR, 1e160, 0.0, 1e-300),  # the loss
        (LINEAR, 1e100, 0.0, 1e200),  # the new weights
        (LINEAR, 1e300, -1e300, 0.0),  # 0 · ∞ is not a number
        (
            Network.dense([1, 1, 1], ["linear", "sigmoid"], [[[1e200]], [[1e200]]]),
            1.0,
            0.0,
            1.0,
        ),  # a sum that the sigmoid makes 1
    ],
    ids=["loss", "new weights", "delta", "hidden by a sigmoid"],
)
def test_a_number_that_is_not_finite_is_noticed(network, value, expected, rate):
    assert not step_on(network, np.array([value]), np.array([expected]), rate).is_finite()
