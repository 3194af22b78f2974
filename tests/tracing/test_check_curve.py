"""A delta against differences of every width."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Document, Network, ParameterRef, Samples
from nnsim.files.examples import open_example
from nnsim.tracing.check_curve import WIDTHS, check_curve
from nnsim.tracing.trace import trace_of
from tests.strategies import any_documents

W = ParameterRef(1, 0, 0)


def curve_of(activation, weight, expected=0.3, x=1.0):
    network = Network.dense([1, 1], [activation], [[[weight]]])
    return check_curve(Document(network, Samples([[x]], [[expected]])).trace(), W)


@given(any_documents(), st.data())
def test_no_delta_is_ever_called_wrong(document, data):
    refs = document.network.refs()
    found = check_curve(document.trace(), data.draw(st.sampled_from(refs)))
    assert found.verdict in ("agrees", "not checked")
    assert len(found.gaps) == len(WIDTHS)


def test_a_wide_h_bends_and_a_narrow_one_is_noise():
    found = curve_of("sigmoid", 0.8)
    best = found.best
    assert found.verdict == "agrees"
    assert 1e-7 < WIDTHS[best] < 1e-3
    assert found.gaps[best] < 1e-10
    assert found.gaps[0] > 1e-3
    assert found.gaps[-1] > 1e-7


def test_of_a_parabola_every_wide_h_is_exact():
    found = curve_of("linear", 0.8)
    assert found.gaps[:12].max() < 1e-12


def test_a_kink_within_reach_is_told():
    found = curve_of("relu", 0.01)
    assert found.kinks[WIDTHS > 0.0101].all()
    assert not found.kinks[WIDTHS < 0.0099].any()
    assert found.verdict == "agrees"


def test_at_a_kink_nothing_can_be_told():
    found = curve_of("relu", 0.0)
    assert found.kinks.all()
    assert found.best is None
    assert found.verdict == "not checked"


def test_a_wrong_delta_would_be_seen():
    trace = open_example("xor").trace()
    ref = trace.network.refs_into(2, 0)[0]
    right = check_curve(trace, ref)
    assert right.gaps[right.best] == pytest.approx(0, abs=1e-9)
    wrong = np.abs(right.delta * 1.1 - right.numeric)
    assert np.nanmin(wrong) > 1e-4


def test_without_an_expected_output_there_is_no_delta_to_check():
    trace = open_example("chapter").trace()
    tried = trace_of(trace.network, trace.inputs, None, trace.settings)
    assert check_curve(tried, W) is None


def test_beside_a_large_weight_a_small_h_is_nothing_and_no_kink():
    network = Network.dense([1, 1], ["linear"], [[[3e6]]])
    trace = Document(network, Samples([[1.0]], [[0.4]])).trace()
    found = check_curve(trace, ParameterRef(1, 0, 0))
    assert not found.kinks.any()
    assert found.vanishes[-1]
    assert not found.vanishes[0]
    assert found.verdict == "agrees"
