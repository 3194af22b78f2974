"""All factors at once are those of each weight alone; and the listing of a table."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Document, Network, ParameterRef, Samples
from nnsim.files.examples import open_example
from nnsim.model.selection import set_frozen
from nnsim.tracing.factor_columns import COLUMNS, factor_column
from nnsim.tracing.factor_rows import LARGEST, Listing, Only, listed_rows
from tests.strategies import any_documents


@given(any_documents())
def test_a_column_has_the_factors_of_every_weight(document):
    trace = document.trace()
    columns = {name: factor_column(trace, name) for name in COLUMNS}
    for row, ref in enumerate(trace.network.refs()):
        factors = trace.factors(ref)
        for name in ("value", "error", "slope", "source", "delta", "update", "new_value"):
            one = getattr(factors, name)
            if name == "error" and None in (factors.error, factors.slope):
                one = factors.signal
            wanted = pytest.approx(math.nan if one is None else one, nan_ok=True)
            assert columns[name][row] == wanted, (name, ref)


@given(any_documents())
def test_the_shares_of_the_fall_add_up_to_one(document):
    shares = factor_column(document.trace(), "share")
    if np.isfinite(shares).all():
        assert shares.sum() == pytest.approx(1)


@given(any_documents(), st.sampled_from([None, *COLUMNS]), st.booleans())
def test_sorting_lists_every_row_once_in_order(document, column, largest_first):
    trace = document.trace()
    rows = listed_rows(trace.network, trace, Listing(column, largest_first))
    assert sorted(rows.tolist()) == list(range(len(trace.network.refs())))
    if column is not None:
        sizes = np.abs(factor_column(trace, column)[rows])
        known = sizes[~np.isnan(sizes)]
        assert np.isnan(sizes[len(known) :]).all()
        steps = np.diff(known[np.isfinite(known)])
        assert (steps <= 0).all() if largest_first else (steps >= 0).all()


def test_what_leads_into_a_layer_or_touches_a_neuron():
    network = Network.dense([2, 2, 1], ["tanh", "tanh"], [[[1, 2], [3, 4]], [[5, 6]]])
    refs = network.refs()

    def listed(**what):
        return [refs[row] for row in listed_rows(network, None, Listing(**what))]

    assert listed(layer=2) == [ParameterRef(2, 0, 0), ParameterRef(2, 0, 1)]
    assert listed(neuron=(1, 1)) == [
        ParameterRef(1, 1, 0),
        ParameterRef(1, 1, 1),
        ParameterRef(2, 0, 1),
    ]
    assert listed(neuron=(0, 0)) == [ParameterRef(1, 0, 0), ParameterRef(1, 1, 0)]
    assert listed(neuron=(7, 0)) == []


def test_frozen_zero_and_largest():
    document = open_example("xor")
    trace, refs = document.trace(), document.network.refs()
    zero = listed_rows(document.network, trace, Listing(only=Only.zero))
    assert zero.size
    assert all(trace.factors(refs[row]).delta == 0 for row in zero)
    frozen = set_frozen(document, [refs[3]], True)
    assert listed_rows(frozen.network, None, Listing(only=Only.frozen)).tolist() == [3]
    assert listed_rows(document.network, None, Listing(only=Only.frozen)).size == 0
    large = Document(Network.dense([30, 2], ["tanh"]), Samples([[0.5] * 30], [[1, 0]]))
    rows = listed_rows(large.network, large.trace(), Listing(only=Only.largest))
    deltas = np.abs(factor_column(large.trace(), "delta"))
    assert len(rows) == LARGEST
    assert deltas[rows].min() >= np.delete(deltas, rows).max()
