"""The settings: what they accept and the sentence with which they refuse."""

import math

import pytest

from nnsim import Settings
from nnsim.errors import BadSetting


@pytest.mark.parametrize("value", [0, 1, 0.1, 1e-300, 1e300])
def test_a_learning_rate_of_at_least_0_is_accepted(value):
    assert Settings(learning_rate=value).learning_rate == float(value)


@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf, "a", None, True, 10**400, [1]])
def test_any_other_learning_rate_is_refused(value):
    with pytest.raises(BadSetting, match="learning rate must be a number of at least 0"):
        Settings(learning_rate=value)


@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf])
def test_a_bad_start_range_is_refused(value):
    with pytest.raises(BadSetting, match="start range must be"):
        Settings(start_range=value)


@pytest.mark.parametrize("value", [-1, 0.5, 2**53])
def test_a_bad_seed_is_refused(value):
    with pytest.raises(BadSetting, match="seed must be a whole number"):
        Settings(seed=value)


def test_the_chapters_settings_are_the_first_ones():
    assert Settings() == Settings(learning_rate=1.0, shuffle=False, seed=0, start_range=1.0)
