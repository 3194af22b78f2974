"""The learning rate of each step, against each schedule's definition step by step."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Settings
from nnsim.engine.schedules import learning_rate_at

STEPS = range(31)


def rates(**options):
    settings = Settings(**{"learning_rate": 0.5, "schedule_factor": 0.5, **options})
    return [learning_rate_at(settings, step) for step in STEPS]


def test_a_constant_rate_is_the_same_bits_at_every_step():
    assert set(rates(schedule="constant", schedule_factor=0.3)) == {0.5}


def test_step_halves_after_every_so_many_steps():
    assert rates(schedule="step", schedule_steps=10) == [0.5] * 10 + [0.25] * 10 + (
        [0.125] * 10 + [0.0625]
    )


def test_exponential_multiplies_each_step_by_the_same_factor():
    by_hand, rate = [], 0.5
    for _ in STEPS:
        by_hand.append(rate)
        rate *= 0.5 ** (1 / 10)

    assert rates(schedule="exponential", schedule_steps=10) == pytest.approx(by_hand, rel=1e-13)


def test_cosine_falls_in_half_a_wave_and_stays():
    found = rates(schedule="cosine", schedule_steps=10, schedule_factor=0.2)

    assert found[0] == 0.5
    assert found[5] == pytest.approx((0.5 + 0.1) / 2, rel=1e-15)
    assert found[10:] == pytest.approx([0.1] * 21, rel=1e-15)
    assert found[:11] == sorted(found[:11], reverse=True)
    # PyTorch's recursive form of CosineAnnealingLR, in closed steps:
    low, high = 0.1, 0.5
    for step in range(10):
        wave = low + (high - low) * (1 + math.cos(math.pi * step / 10)) / 2
        assert found[step] == pytest.approx(wave, rel=1e-14)


@pytest.mark.parametrize("schedule", ["constant", "step", "exponential", "cosine"])
def test_warm_up_rises_in_equal_parts_to_the_schedules_own_rate(schedule):
    cold = rates(schedule=schedule, schedule_steps=7)
    warmed = rates(schedule=schedule, schedule_steps=7, warm_up_steps=4)

    assert warmed[:4] == [cold[0] / 4, cold[1] * 2 / 4, cold[2] * 3 / 4, cold[3]]
    assert warmed[4:] == cold[4:]


@given(
    st.sampled_from(["constant", "step", "exponential", "cosine"]),
    st.integers(0, 10**9),
    st.integers(1, 10**6),
    st.floats(1e-3, 1.0),
    st.integers(0, 1000),
)
def test_no_schedule_with_a_factor_up_to_1_ever_raises_the_rate(
    schedule, step, steps, factor, warm
):
    settings = Settings(
        learning_rate=0.3,
        schedule=schedule,
        schedule_steps=steps,
        schedule_factor=factor,
        warm_up_steps=warm,
    )

    assert 0.0 <= learning_rate_at(settings, step) <= 0.3 * (1 + 1e-15)


@pytest.mark.parametrize("schedule", ["step", "exponential"])
def test_a_factor_above_1_or_a_very_late_step_raises_no_error(schedule):
    settings = Settings(schedule=schedule, schedule_factor=10.0, schedule_steps=1)

    assert learning_rate_at(settings, 2) == pytest.approx(100.0)
    assert learning_rate_at(settings, 2**53 - 1) == math.inf
    assert learning_rate_at(Settings(schedule=schedule), 2**53 - 1) == 0.0
