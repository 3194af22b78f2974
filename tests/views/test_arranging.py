"""Neurons in line, and evenly apart."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.views.diagram.arranging import ARRANGEMENTS

MIDDLES = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 9)),
    st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)),
    min_size=2,
)


@given(MIDDLES)
def test_a_column_has_one_x_and_a_row_one_y(middles):
    column, row = (ARRANGEMENTS[how](middles) for how in ("column", "row"))

    assert len({x for x, _ in column.values()}) == len({y for _, y in row.values()}) == 1
    assert all(column[neuron][1] == middles[neuron][1] for neuron in middles)
    assert all(row[neuron][0] == middles[neuron][0] for neuron in middles)


@pytest.mark.parametrize(("how", "axis"), [("across", 0), ("down", 1)])
@given(middles=MIDDLES)
def test_evenly_apart_the_outermost_stay_and_the_order_too(how, axis, middles):
    places = ARRANGEMENTS[how](middles)
    before = sorted((at[axis], neuron) for neuron, at in middles.items())
    after = [places[neuron][axis] for _, neuron in before]

    assert after == sorted(after)
    assert (after[0], after[-1]) == (before[0][0], before[-1][0])
    gaps = [b - a for a, b in pairwise(after)]
    assert max(gaps) == pytest.approx(min(gaps), abs=1e-9)
    assert all(places[neuron][1 - axis] == middles[neuron][1 - axis] for neuron in middles)
