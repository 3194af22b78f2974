"""Curvature: the Hessian times a vector, against differences of the gradient and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim import Layer, Network, ParameterRef
from nnsim.engine.backward import backward
from nnsim.engine.curvature import curvature_along, hessian_vector_product
from nnsim.engine.forward import forward
from nnsim.engine.losses import LOSSES, loss_named
from tests.engine.test_gradients import network_ending_in, targets_for
from tests.strategies import ALL_LOSSES, SMOOTH, WITH_NUMBERS, any_networks, any_samples

INPUTS = np.array([[0.4, -0.7], [0.9, 0.35]])


def gradient_at(network, change, inputs, expected, loss):
    there = network.with_parameters(network.parameters + change)
    return backward(there, forward(there, inputs), expected, loss).gradient


def by_differences(network, inputs, expected, vector, loss):
    """H v as the central difference of the gradient along v, Richardson's way: error O(h⁴)."""

    def difference(h):
        up, down = (
            gradient_at(network, way * h * vector, inputs, expected, loss) for way in (1, -1)
        )
        return (up - down) / (2 * h)

    return (4 * difference(5e-4) - difference(1e-3)) / 3


def whole_hessian(network, inputs, expected, loss):
    units = np.eye(len(network.parameters))
    return np.array(
        [hessian_vector_product(network, inputs, expected, unit, loss) for unit in units]
    )


@pytest.mark.parametrize("loss", ALL_LOSSES)
@pytest.mark.parametrize("name", [*WITH_NUMBERS, "softmax"])
def test_every_activation_with_every_loss_agrees_with_differences(name, loss):
    plain, entry = loss.partition("(")[0], loss_named(loss)
    network, expected = network_ending_in(name, plain), targets_for(plain)
    vector = np.random.default_rng(1).uniform(-1, 1, len(network.parameters)) * network.present

    product = hessian_vector_product(network, INPUTS, expected, vector, entry)

    measured = by_differences(network, INPUTS, expected, vector, entry)
    assert product == pytest.approx(measured, rel=1e-6, abs=1e-7)


@settings(max_examples=80)
@given(data=st.data(), loss=st.sampled_from(("half_squared", "mean_squared", *LOSSES)))
def test_any_smooth_network_agrees_with_differences(data, loss):
    if loss in ("absolute", "huber", "hinge"):
        loss = "squared"
    names = tuple(name for name in SMOOTH if name != "elu")  # its slope has a kink at 0
    network = data.draw(any_networks(loss, names, size=1.0))
    samples = data.draw(any_samples(network, loss, size=1.0))
    entry, vector = loss_named(loss), data.draw(vectors(network))
    given_samples = (samples.inputs, samples.expected, vector, entry)

    product = hessian_vector_product(network, *given_samples)

    measured = by_differences(network, *given_samples)
    assert product == pytest.approx(measured, rel=1e-5, abs=1e-7 * (1 + np.abs(measured).max()))


@st.composite
def vectors(draw, network):
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return random.uniform(-1, 1, len(network.parameters)) * network.present


@given(data=st.data(), loss=st.sampled_from(tuple(LOSSES)))
def test_the_hessian_is_symmetric_and_linear(data, loss):
    network = data.draw(any_networks(loss, size=1.0))
    samples = data.draw(any_samples(network, loss, size=1.0))
    one, other = data.draw(vectors(network)), data.draw(vectors(network))

    def times(vector):
        return hessian_vector_product(
            network, samples.inputs, samples.expected, vector, loss_named(loss)
        )

    scale = 1 + np.abs(times(one)).max() + np.abs(times(other)).max()
    assert one @ times(other) == pytest.approx(other @ times(one), rel=1e-9, abs=1e-11 * scale)
    assert times(2 * one - other) == pytest.approx(
        2 * times(one) - times(other), rel=1e-9, abs=1e-11 * scale
    )


@given(data=st.data(), loss=st.sampled_from(tuple(LOSSES)))
def test_that_of_a_batch_is_the_sum_over_its_samples(data, loss):
    network = data.draw(any_networks(loss, size=1.0))
    samples = data.draw(any_samples(network, loss, size=1.0))
    vector, entry = data.draw(vectors(network)), loss_named(loss)
    together = hessian_vector_product(network, samples.inputs, samples.expected, vector, entry)
    each = [
        hessian_vector_product(network, inputs, expected, vector, entry)
        for inputs, expected in zip(samples.inputs, samples.expected, strict=True)
    ]

    scale = 1 + np.abs(each).sum()
    assert together == pytest.approx(np.sum(each, axis=0), rel=1e-9, abs=1e-12 * scale)


def test_on_one_linear_neuron_it_is_the_inputs_times_the_inputs():
    network = Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]], [[0.1]])
    x = np.array([0.5, -2.0, 1.0])  # the last is what the bias multiplies

    hessian = whole_hessian(network, x[:2], np.array([0.4]), LOSSES["half_squared"])

    assert hessian.tolist() == np.outer(x, x).tolist()


def test_on_one_sigmoid_with_cross_entropy_it_is_the_slope_times_the_inputs():
    network = Network.dense([2, 1], ["sigmoid"], [[[0.3, 0.9]]])
    x = np.array([0.5, -2.0])
    o = forward(network, x).outputs[0]

    hessian = whole_hessian(network, x, np.array([1.0]), LOSSES["binary_cross_entropy"])

    assert hessian == pytest.approx(o * (1 - o) * np.outer(x, x), rel=1e-14)


def test_on_softmax_with_cross_entropy_it_is_that_of_the_log_of_a_sum():
    network = Network.dense([1, 3], ["softmax"], [[[0.3], [-0.2], [1.0]]])
    a = forward(network, np.array([2.0])).outputs

    hessian = whole_hessian(
        network, np.array([2.0]), np.array([0.0, 1.0, 0.0]), LOSSES["softmax_cross_entropy"]
    )

    assert hessian == pytest.approx(4.0 * (np.diag(a) - np.outer(a, a)), rel=1e-13)


def test_an_absent_connection_neither_counts_nor_moves_and_a_frozen_one_does():
    network = Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]])
    x, t = np.array([0.5, -2.0]), np.array([0.4])
    refs = [ParameterRef(1, 0, 1)]

    cut = hessian_vector_product(network.without(refs), x, t, np.array([1.0, 5.0]))
    frozen = hessian_vector_product(network.with_frozen(refs), x, t, np.array([1.0, 5.0]))

    assert cut.tolist() == [0.25, 0.0]
    assert frozen.tolist() == hessian_vector_product(network, x, t, np.array([1.0, 5.0])).tolist()


def test_the_curvature_along_the_inputs_is_their_length_squared():
    network = Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]])
    x, t = np.array([3.0, 4.0]), np.array([0.4])

    assert curvature_along(network, x, t, x) == 25.0
    assert curvature_along(network, x, t, -2 * x) == 25.0
    assert curvature_along(network, x, t, np.array([4.0, -3.0])) == 0.0


@given(st.floats(0.1, 3.0), st.floats(0.05, 3.0))
def test_a_step_climbs_exactly_where_rate_times_curvature_is_above_2(x, rate):
    network = Network.dense([1, 1], ["linear"], [[[0.5]]])
    inputs, expected = np.array([x]), np.array([1.0 + 0.5 * x])
    gradient = gradient_at(network, np.zeros(1), inputs, expected, LOSSES["half_squared"])
    meter = rate * curvature_along(network, inputs, expected, gradient)
    after = forward(network.with_parameters(network.parameters - rate * gradient), inputs)

    if abs(meter - 2.0) > 1e-9:
        assert (abs(after.outputs[0] - expected[0]) > 1.0) == (meter > 2.0)


def test_a_direction_of_length_0_has_no_curvature():
    network = Network.dense([1, 1], ["linear"])

    assert np.isnan(curvature_along(network, np.ones(1), np.ones(1), np.zeros(1)))


def test_without_samples_it_is_0():
    network = Network(2, [Layer(("tanh",), True)], [1, 2, 3])

    product = hessian_vector_product(network, np.empty((0, 2)), np.empty((0, 1)), np.ones(3))

    assert product.tolist() == [0, 0, 0]


def test_numbers_too_large_raise_no_warning():
    network = Network.dense([1, 1, 1], ["linear", "linear"], [[[1e200]], [[1e200]]])

    product = hessian_vector_product(network, np.ones((1, 1)), np.ones((1, 1)), np.ones(2))

    assert not np.isfinite(product).all()
