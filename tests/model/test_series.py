"""The series: it grows, and every earlier length stays what it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.model.series import Series

NUMBERS = st.lists(st.floats(allow_nan=False), max_size=40)


def test_a_new_one_is_empty():
    assert len(Series()) == 0
    assert Series().values.tolist() == []


@given(st.lists(NUMBERS))
def test_it_holds_what_was_appended(parts):
    series = Series()
    for part in parts:
        series = series.extended(part)

    assert series.values.tolist() == [x for part in parts for x in part]


@given(st.lists(NUMBERS, min_size=1))
def test_every_earlier_length_stays_what_it_was(parts):
    states, contents = [Series()], [[]]
    for part in parts:
        states.append(states[-1].extended(part))
        contents.append(contents[-1] + part)

    assert [state.values.tolist() for state in states] == contents


@given(NUMBERS, st.lists(st.tuples(st.integers(0, 30), NUMBERS), max_size=20))
def test_any_length_can_be_gone_on_from_without_touching_the_others(first, branches):
    states, contents = [Series().extended(first)], [list(first)]
    for at, part in branches:
        at %= len(states)
        states.append(states[at].extended(part))
        contents.append(contents[at] + part)

    assert [state.values.tolist() for state in states] == contents


def test_two_branches_from_one_length_do_not_meet():
    trunk = Series().extended([1.0])
    left, right = trunk.extended([2.0]), trunk.extended([3.0])

    assert (trunk.values.tolist(), left.values.tolist(), right.values.tolist()) == (
        [1.0],
        [1.0, 2.0],
        [1.0, 3.0],
    )


def test_the_numbers_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        Series().extended([1.0]).values[0] = 2.0


def test_appending_to_the_longest_shares_the_numbers():
    first = Series().extended([1.0] * 100)
    second = first.extended([2.0])

    assert first.values.base is second.values.base


def test_two_series_can_be_compared():
    first, second = (Series().extended([1.0, 2.0]) for _ in range(2))

    assert first in (first, second)
    assert (first == second) in (True, False)
