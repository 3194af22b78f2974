"""Where numbers go: the other direction of their formulas."""

from hypothesis import given

from nnsim import ParameterRef
from nnsim.files.examples import open_example
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.quantity import LEARNING_RATE, LOSS, Kind, Quantity
from nnsim.tracing.uses import sources_of, uses_of
from tests.strategies import any_documents

LISTED_BY_PARTS = {Kind.product, Kind.carried}
"""Whole products, which formulas write as their factors."""


@given(any_documents())
def test_a_number_goes_where_a_formula_has_it(document):
    derivation = Derivation(document.trace())
    every = list(derivation.in_order())
    formulas = {quantity: set(sources_of(derivation, quantity)) for quantity in every}
    for source in set().union(*formulas.values()):
        used = {quantity for quantity in every if source in formulas[quantity]}
        found = {quantity for quantity in uses_of(derivation, source) if quantity in formulas}
        assert found - used <= without_value(derivation, found), source
        assert used <= found, source


def without_value(derivation, quantities):
    return {quantity for quantity in quantities if derivation.value(quantity) is None}


@given(any_documents())
def test_a_product_goes_into_its_sum_and_what_is_carried_back_into_its_neuron(document):
    derivation = Derivation(document.trace())
    for quantity in derivation.in_order():
        if quantity.kind in LISTED_BY_PARTS:
            (use,) = uses_of(derivation, quantity)
            assert set(sources_of(derivation, quantity)) <= set(sources_of(derivation, use))


def test_the_chapters_error_goes_into_the_delta_of_both_weights():
    derivation = Derivation(open_example("chapter").trace())
    gradient = Quantity(Kind.output_gradient, (1, 0))
    deltas = [Quantity(Kind.delta, ref=ParameterRef(1, 0, i)) for i in range(2)]
    assert uses_of(derivation, gradient) == (Quantity(Kind.signal, (1, 0)), *deltas)
    assert LOSS in uses_of(derivation, Quantity(Kind.output, (1, 0)))
    assert len(uses_of(derivation, LEARNING_RATE)) == 4
