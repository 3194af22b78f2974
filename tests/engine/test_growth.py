"""The watch over growing losses: ten steps running and a million-fold, each sample by itself."""

import numpy as np
import pytest

from nnsim.engine.growth import GROWING_STEPS, GROWTH, Watch


def first_stop(losses, samples=None, count=None):
    """The place of the first loss that is reason to stop, or None."""
    samples = [0] * len(losses) if samples is None else samples
    watch = Watch.over(count or max(samples) + 1)
    for place, (sample, loss) in enumerate(zip(samples, losses, strict=True)):
        if watch.sees_reason(sample, loss):
            return place
    return None


def test_ten_growing_steps_and_a_million_fold_are_reason_to_stop():
    losses = [10.0**k for k in range(20)]

    assert first_stop(losses) == GROWING_STEPS
    assert GROWTH == 10.0**6


def test_a_million_fold_in_fewer_steps_is_not():
    assert first_stop([1.0, 1e9, 1e9, 1e9]) is None
    assert first_stop([10.0 ** (2 * k) for k in range(10)]) is None


def test_slow_growth_stops_when_it_reaches_a_million_fold():
    losses = [1.5**k for k in range(60)]

    place = first_stop(losses)

    assert losses[place] >= 1e6 > losses[place - 1]


def test_one_step_that_does_not_grow_begins_the_count_anew():
    growing = [10.0**k for k in range(10)]

    assert first_stop([*growing, growing[-1], *(10.0 ** (10 + k) for k in range(9))]) is None
    assert first_stop([*growing, 1.0, *(10.0**k for k in range(1, 11))]) == 20


def test_a_table_whose_losses_grow_from_row_to_row_is_no_divergence():
    samples = list(range(20)) * 5

    assert first_stop([10.0**sample for sample in samples], samples) is None


def test_with_more_samples_each_is_compared_with_itself():
    samples = [0, 1] * 20
    losses = [10.0 ** (k // 2) * (1 if k % 2 == 0 else 1e-3) for k in range(40)]

    place = first_stop(losses, samples)

    # 10 growing steps are over at place 11; a million-fold of its own first is reached at place 12.
    assert place == 12


def test_a_loss_of_0_at_first_does_not_count_as_a_million_fold():
    assert first_stop([0.0] + [10.0**-k for k in range(300, 280, -1)]) is not None
    assert first_stop([0.0] * 30) is None


def test_a_step_that_is_reason_to_stop_is_not_taken_in():
    watch = Watch.over(1)
    for k in range(GROWING_STEPS):
        assert not watch.sees_reason(0, 10.0**k)
    before = (watch.last.tolist(), watch.first.tolist(), watch.steps)

    assert watch.sees_reason(0, 1e10)
    assert watch.sees_reason(0, 1e10)
    assert (watch.last.tolist(), watch.first.tolist(), watch.steps) == before


def test_a_copy_goes_on_by_itself():
    watch = Watch.over(2)
    watch.sees_reason(1, 5.0)
    copy = watch.copy()
    copy.sees_reason(1, 6.0)

    assert watch.last.tolist() == pytest.approx([np.nan, 5.0], nan_ok=True)
    assert (watch.steps, copy.steps) == (0, 1)
