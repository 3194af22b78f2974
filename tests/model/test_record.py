"""The record of a run: all steps, or an even choice of them that does not depend on the calls."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nnsim.model.record import Record


def filled(limit, cuts, first_step=0):
    """A record of steps cut into parts; loss, error and sample of step s are made of s."""
    record, step = Record(limit), first_step
    for cut in cuts:
        numbers = np.arange(step, step + cut)
        record = record.extended(step, numbers * 0.5, numbers * 0.25, numbers % 7)
        step += cut
    return record


def test_without_a_limit_every_step_is_kept():
    record = filled(None, [3, 0, 4])

    assert record.steps.values.tolist() == list(range(7))
    assert record.losses.values.tolist() == [s * 0.5 for s in range(7)]


@given(st.lists(st.integers(0, 300), max_size=12), st.integers(0, 1000), st.integers(2, 64))
def test_the_choice_depends_on_the_steps_alone(cuts, first_step, limit):
    parts, whole = filled(limit, cuts, first_step), filled(limit, [sum(cuts)], first_step)

    assert parts == whole
    assert len(whole.steps) <= limit


@given(st.integers(1, 3000), st.integers(2, 64))
def test_what_is_kept_belongs_to_its_step(steps, limit):
    record = filled(limit, [steps])
    kept = record.steps.values

    assert (np.diff(kept) > 0).all()
    assert np.array_equal(record.losses.values, kept * 0.5)
    assert np.array_equal(record.errors.values, kept * 0.25)
    assert np.array_equal(record.samples.values, kept % 7)
    assert kept[-1] > steps - 1 - 4 * 2**record.level


def test_samples_that_come_round_evenly_are_all_kept():
    record = filled(512, [100_000])

    counts = np.bincount((record.steps.values % 4).astype(int))
    assert counts.min() > 0.5 * counts.mean()


def test_ten_million_steps_take_the_room_of_the_limit():
    record = filled(1024, [1_000_000] * 10)

    assert 512 <= len(record.steps) <= 1024


def test_an_earlier_record_stays_as_it_was():
    early = filled(64, [50])
    before = early.steps.values.copy()
    early.extended(50, np.zeros(500), np.zeros(500), np.zeros(500, np.int64))

    assert np.array_equal(early.steps.values, before)
