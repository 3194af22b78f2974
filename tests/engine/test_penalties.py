"""Penalties, clipping and limits, against plain loops."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Layer, Network, Settings
from nnsim.engine.penalties import clipped, limited, penalised, penalty
from tests.strategies import any_networks

NETWORK = Network(2, [Layer(("linear",), True)], [3.0, -4.0, 100.0])
GRADIENT = np.array([0.5, 0.25, -1.0])


@given(any_networks(), st.sampled_from([0.0, 0.1, 2.0]), st.sampled_from([0.0, 0.3, 4.0]))
def test_the_penalty_adds_up_over_the_weights_that_are_there(network, l1, l2):
    weights = [
        float(network.parameters[network.index_of(ref)])
        for ref in network.refs()
        if not ref.is_bias
    ]
    by_hand = sum(l1 * abs(w) + l2 * w * w / 2 for w in weights)

    found = penalty(network.structure, network.parameters, Settings(l1=l1, l2=l2))

    assert found == pytest.approx(by_hand, rel=1e-13)


def test_the_penalty_in_numbers():
    structure, parameters = NETWORK.structure, NETWORK.parameters

    assert penalty(structure, parameters, Settings()) == 0.0
    assert penalty(structure, parameters, Settings(l1=0.5)) == 0.5 * 7
    assert penalty(structure, parameters, Settings(l2=0.5)) == 0.25 * 25
    assert penalty(structure, parameters, Settings(l1=1, l2=1)) == 7 + 12.5


def test_the_gradient_gets_the_sign_and_the_weight_and_the_bias_gets_nothing():
    settings = Settings(l1=0.5, l2=0.25)

    found = penalised(NETWORK.structure, NETWORK.parameters, GRADIENT, settings)

    assert found.tolist() == [0.5 + 0.5 + 0.75, 0.25 - 0.5 - 1.0, -1.0]


def test_a_weight_of_0_has_no_sign():
    network = NETWORK.with_parameters([0.0, -0.0, 0.0])

    found = penalised(network.structure, network.parameters, GRADIENT, Settings(l1=0.5))

    assert found.tolist() == GRADIENT.tolist()


def test_without_penalties_the_gradient_is_the_same():
    found = penalised(NETWORK.structure, NETWORK.parameters, GRADIENT, Settings())

    assert found is GRADIENT


def test_values_are_clipped_one_by_one():
    assert clipped(GRADIENT, Settings(clip_value=0.3)).tolist() == [0.3, 0.25, -0.3]
    assert clipped(GRADIENT, Settings(clip_value=5)).tolist() == GRADIENT.tolist()


def test_a_long_gradient_is_shortened_and_a_short_one_is_left():
    g = np.array([3.0, -4.0])

    assert clipped(g, Settings(clip_norm=1.0)) == pytest.approx(g / (5.0 + 1e-6), rel=1e-15)
    assert clipped(g, Settings(clip_norm=6.0)).tolist() == g.tolist()
    assert clipped(np.zeros(2), Settings(clip_norm=1.0)).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("size", [1e150, 1e160, 1e300, 1e308])
def test_a_gradient_whose_squares_are_too_large_for_numbers_is_shortened_all_the_same(size):
    g = size * np.array([1.0, -0.5, 1e-200, 0.0])

    found = clipped(g, Settings(clip_norm=2.0))

    assert found == pytest.approx(g / size * (2.0 / math.sqrt(1.25)), rel=1e-14)


@given(st.lists(st.floats(-1e150, 1e150), min_size=1, max_size=9), st.floats(1e-3, 1e3))
def test_where_the_squares_are_numbers_it_is_the_formula_to_the_bit(values, limit):
    g = np.array(values)

    shortened = g * min(1.0, limit / (float(np.sqrt(g @ g)) + 1e-6))

    assert clipped(g, Settings(clip_norm=limit)).tobytes() == shortened.tobytes()


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_gradient_that_is_not_finite_stays_so(bad):
    with np.errstate(invalid="ignore"):
        assert not np.isfinite(clipped(np.array([1.0, bad]), Settings(clip_norm=1.0))).all()


def test_values_are_clipped_before_the_length_is_measured():
    g, settings = np.array([30.0, -4.0]), Settings(clip_value=3.0, clip_norm=1.0)

    root = math.sqrt(3.0**2 + 3.0**2) + 1e-6
    assert clipped(g, settings) == pytest.approx([3.0 / root, -3.0 / root], rel=1e-15)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9), st.floats(1e-3, 1e3))
def test_no_gradient_is_longer_than_its_limit_and_its_direction_stays(values, limit):
    g = np.array(values)
    short = clipped(g, Settings(clip_norm=limit))

    assert np.linalg.norm(short) <= limit * (1 + 1e-12)
    assert short * np.linalg.norm(g) == pytest.approx(g * np.linalg.norm(short), abs=1e-6)


def test_what_is_held_stays_within_the_limit_and_the_rest_is_left():
    values, held = np.array([3.0, -4.0, 0.5, 100.0]), np.array([True, True, True, False])

    assert limited(values, held, 1.0).tolist() == [1.0, -1.0, 0.5, 100.0]
