"""A Trace in the middle of its pass shows what was computed by then, and nothing else."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.files.examples import open_example
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.partial_trace import until
from nnsim.tracing.quantity import Kind, Quantity
from tests.strategies import any_documents


@given(any_documents(), st.data())
def test_what_is_computed_by_then_is_there_and_nothing_else(document, data):
    trace = document.trace()
    plan = until(trace, -1).plan
    reached = data.draw(st.integers(-1, len(plan) - 1))
    whole, partial = Derivation(trace), Derivation(until(trace, reached))
    for number, idea in enumerate(plan):
        expected = whole.value(idea) if number <= reached else None
        assert same(partial.value(idea), expected), idea


def same(one, other):
    if one is None or other is None:
        return one is other
    return one == other or (math.isnan(one) and math.isnan(other))


@given(any_documents())
def test_what_is_given_is_always_there_and_at_the_end_all_is(document):
    trace = document.trace()
    nothing = until(trace, -1)
    everything = until(trace, len(nothing.plan) - 1)
    network = trace.network
    for ref in network.refs():
        assert nothing.factors(ref).value == trace.factors(ref).value
        assert nothing.factors(ref).delta is None
        assert everything.factors(ref).delta == pytest.approx(trace.factors(ref).delta, nan_ok=True)
        assert everything.factors(ref).new_value == pytest.approx(
            trace.factors(ref).new_value, nan_ok=True
        )
    assert list(nothing.inputs) == list(trace.inputs)
    assert nothing.loss is None
    assert same(everything.loss, trace.loss)


def test_no_number_of_the_chapter_is_shown_before_it_is_computed():
    trace = open_example("chapter").trace()
    plan = until(trace, -1).plan

    def at(kind):
        return until(trace, plan.number_of(Quantity(kind, (1, 0))))

    assert at(Kind.sum).neuron(1, 0).sum == pytest.approx(0.75)
    assert at(Kind.sum).neuron(1, 0).output is None
    assert np.isnan(at(Kind.sum).shown_activations(1)).all()
    assert at(Kind.output).shown_activations(1)[0] == pytest.approx(0.75)
    assert at(Kind.output).error_of(0) is None
    assert at(Kind.error).error_of(0) == pytest.approx(0.35)
    assert at(Kind.error).neuron(1, 0).slope is None
    assert at(Kind.slope).neuron(1, 0).slope == 1
    assert at(Kind.slope).neuron(1, 0).error == pytest.approx(0.35)  # the same number


def test_a_hidden_output_is_a_source_only_when_it_is_computed():
    trace = open_example("xor").trace()
    ref = trace.network.refs_into(2, 0)[0]
    assert until(trace, -1).factors(ref).source is None
    assert until(trace, until(trace, -1).plan.update_begins).factors(ref).source is not None


def test_errors_come_back_path_by_path():
    trace = open_example("xor").trace()
    plan = until(trace, -1).plan
    for number in range(len(plan)):
        partial = until(trace, number)
        for path in partial.back_paths(1, 0):
            assert plan.number_of(Quantity(Kind.carried, ref=path.ref)) <= number
    assert len(until(trace, len(plan) - 1).back_paths(1, 0)) == len(trace.back_paths(1, 0))
