"""Start weights: the same seed gives the same numbers, in the range asked for."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Network
from nnsim.engine.initializers import (
    MAX_SEED,
    check_seed,
    with_constant_weights,
    with_uniform_weights,
)
from nnsim.errors import BadNetwork, BadSetting

NETWORK = Network.dense([3, 4, 2], ["tanh", "linear"], biases=[[0] * 4, [0] * 2])


@given(st.integers(0, MAX_SEED))
def test_the_same_seed_gives_the_same_bits(seed):
    first, second = (with_uniform_weights(NETWORK, seed=seed) for _ in range(2))

    assert first.parameters.tobytes() == second.parameters.tobytes()


def test_another_seed_gives_other_numbers():
    assert with_uniform_weights(NETWORK, seed=1) != with_uniform_weights(NETWORK, seed=2)


@given(st.floats(-1e3, 1e3), st.floats(0, 1e3))
def test_the_numbers_lie_in_the_range(low, span):
    drawn = with_uniform_weights(NETWORK, low, low + span, 3).parameters

    assert ((drawn >= low) & (drawn <= low + span)).all()


def test_the_structure_stays():
    assert with_uniform_weights(NETWORK).same_structure(NETWORK)
    assert with_constant_weights(NETWORK, 0.5).same_structure(NETWORK)


def test_a_constant_is_everywhere():
    assert set(with_constant_weights(NETWORK, 0.5).parameters) == {0.5}


@pytest.mark.parametrize(
    ("low", "high"),
    [(1.0, -1.0), (math.nan, 1.0), (0.0, math.inf), (-math.inf, 0.0), (-1.7e308, 1.7e308)],
)
def test_an_empty_or_infinite_range_is_refused(low, high):
    with pytest.raises(BadSetting):
        with_uniform_weights(NETWORK, low, high)


def test_a_constant_that_is_no_number_is_refused():
    with pytest.raises(BadNetwork, match="finite"):
        with_constant_weights(NETWORK, np.nan)


@pytest.mark.parametrize("seed", [-1, MAX_SEED + 1, 1.0, "1", None, True])
def test_a_seed_is_a_whole_number_that_every_reader_keeps(seed):
    with pytest.raises(BadSetting, match="whole number from 0"):
        check_seed(seed)
