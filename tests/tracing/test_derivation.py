"""Every number of a Trace, computed again from its own stated formula and sources."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from nnsim import Document, Network, ParameterRef, Samples, Settings
from nnsim.engine.activations import ACTIVATIONS, activate, activation_named
from nnsim.engine.losses import LOSSES, loss_named
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.expression import Add, Constant, Divide, Multiply, Negative, evaluate, sources
from nnsim.tracing.formulas import output_formula, slope_formula
from nnsim.tracing.quantity import LEARNING_RATE, LOSS, SETTINGS, Kind, Quantity
from nnsim.tracing.update_numbers import rounding_of_change
from tests.strategies import any_traces

GIVEN = {Kind.input, Kind.parameter, Kind.expected, Kind.learning_rate}
OF_UPDATE = {Kind.old_velocity, Kind.old_mean, Kind.old_square, *SETTINGS}
X, OUT = Quantity(Kind.sum, (1, 0)), Quantity(Kind.output, (1, 0))
CHAPTER = Document(
    Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]]), Samples([[0.1, 0.8]], [[0.4]])
)


def recomputed(derivation, quantity):
    return evaluate(derivation.formula(quantity), derivation.value)


@given(any_traces())
def test_every_quantity_is_what_its_formula_says(trace):
    derivation = Derivation(trace)
    for quantity in derivation.in_order():
        value, formula = derivation.value(quantity), derivation.formula(quantity)
        if value is None or formula is None:
            continue
        size = sum(abs(derivation.value(source) or 0.0) for source in sources(formula))
        again = evaluate(formula, derivation.value)
        rounding = 1e-9 * (1 + size)
        if quantity.kind in (Kind.change, Kind.new_value):
            rounding += rounding_of_change(trace.settings, trace.step)
        close = again == pytest.approx(value, rel=1e-9, abs=rounding)
        assert close or not math.isfinite(again) or not math.isfinite(value), (quantity, formula)


@given(any_traces())
def test_every_quantity_comes_once_and_after_what_it_is_computed_from(trace):
    derivation, known = Derivation(trace), set()
    for quantity in derivation.in_order():
        assert quantity not in known
        formula = derivation.formula(quantity)
        for source in sources(formula) if formula is not None else ():
            assert source.kind in GIVEN or source in known, (quantity, source)
        known.add(quantity)


@given(any_traces())
def test_only_what_is_given_or_not_trained_has_no_formula(trace):
    derivation = Derivation(trace)
    for quantity in derivation.in_order():
        if derivation.value(quantity) is None or derivation.formula(quantity) is not None:
            continue
        if quantity.kind is Kind.change:
            assert not derivation.is_trained(quantity.ref)
        else:
            assert quantity.kind in OF_UPDATE or quantity.sample is not None


@given(any_traces())
def test_all_that_a_formula_names_has_a_value(trace):
    derivation = Derivation(trace)
    for quantity in derivation.in_order():
        if derivation.value(quantity) is None:
            continue
        formula = derivation.formula(quantity)
        named = () if formula is None else sources(formula)
        assert all(derivation.value(source) is not None for source in named)


@pytest.mark.parametrize("name", [n for n in ACTIVATIONS if n != "softmax"])
@pytest.mark.parametrize("x", [-3.0, -0.5, 0.0, 0.25, 2.0, 40.0, -40.0])
def test_outputs_and_slopes_are_those_of_the_engine(name, x):
    (a,), (slope,) = activate([name], np.array([x]))
    values = {X: x, OUT: float(a)}

    assert evaluate(output_formula(name, X), values.get) == pytest.approx(a, rel=1e-12, abs=1e-15)
    assert evaluate(slope_formula(name, X, OUT), values.get) == pytest.approx(
        slope, rel=1e-12, abs=1e-15
    )


def test_a_parameter_of_an_activation_is_in_its_formula():
    assert evaluate(output_formula("threshold(0.5)", X), {X: 0.5}.get) == 1
    assert evaluate(output_formula("leaky_relu(0.2)", X), {X: -1.0}.get) == -0.2
    assert activation_named("elu(0.5)").number == 0.5
    assert evaluate(slope_formula("elu(0.5)", X, OUT), {X: 0.0, OUT: 0.0}.get) == 0


@pytest.mark.parametrize("name", [*LOSSES, "huber(0.25)"])
def test_the_loss_is_the_engines(name):
    loss = loss_named(name)
    last = loss.activation or "tanh"
    expected = {"hinge": [1, -1], "softmax_cross_entropy": [0.75, 0.25]}.get(name, [0.9, 0.2])
    network = Network.dense([2, 2], [last], [[[0.3, -0.9], [0.5, 0.8]]])
    document = Document(network, Samples([[0.1, 0.8]], [expected]), Settings(loss=name))
    derivation = Derivation(document.trace())

    assert recomputed(derivation, LOSS) == pytest.approx(derivation.value(LOSS), rel=1e-12)


def test_the_chapters_delta_is_error_times_slope_times_source():
    derivation = Derivation(CHAPTER.trace())
    delta = Quantity(Kind.delta, ref=ParameterRef(1, 0, 1))

    neuron = (1, 0)
    assert derivation.formula(delta) == Multiply(
        (
            Quantity(Kind.output_gradient, neuron),
            Quantity(Kind.slope, neuron),
            Quantity(Kind.input, (0, 1)),
        )
    )
    assert derivation.value(delta) == pytest.approx(0.28)
    assert recomputed(derivation, delta) == pytest.approx(0.28)
    new = Quantity(Kind.new_value, ref=ParameterRef(1, 0, 1))
    assert recomputed(derivation, new) == pytest.approx(0.62)
    assert LEARNING_RATE in sources(derivation.formula(new))


def test_a_hidden_error_is_what_all_paths_bring_back():
    network = Network.dense([1, 1, 2], ["sigmoid", "linear"])
    document = Document(network, Samples([[1.0]], [[1.0, 0.0]]))
    derivation = Derivation(document.trace())

    brought = derivation.formula(Quantity(Kind.output_gradient, (1, 0)))
    paths = [ParameterRef(2, 0, 0), ParameterRef(2, 1, 0)]
    assert brought == Add(tuple(derivation.formula(Quantity(Kind.carried, ref=r)) for r in paths))
    assert {source.kind for source in sources(brought)} == {Kind.parameter, Kind.signal}


def test_without_an_expected_output_there_is_a_feedforward_and_nothing_behind_it():
    trace = replace(CHAPTER.trace(), expected=None, back=None, step=None)
    bare = Derivation(trace)

    assert [q.kind for q in bare.in_order()] == [Kind.product, Kind.product, Kind.sum, Kind.output]
    assert bare.value(LOSS) is None
    assert bare.formula(Quantity(Kind.delta, ref=ParameterRef(1, 0, 0))) is None


def test_dividing_by_nothing_is_infinite_or_no_number_and_never_raises():
    for above, result in ((1.0, math.inf), (-1.0, -math.inf)):
        assert evaluate(Divide(Constant(above), Constant(0.0)), {}.get) == result
    assert math.isnan(evaluate(Divide(Constant(0.0), Constant(0.0)), {}.get))
    assert evaluate(Negative(Add(())), {}.get) == 0
