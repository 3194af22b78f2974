"""The same step in other conventions: other deltas, the same new weights."""

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Document, Network, Samples, Settings, train
from nnsim.tracing.arithmetic import Exact
from nnsim.tracing.check_curve import check_curve
from nnsim.tracing.conventions import AS_TRAINED, Conventions
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.expression import Add, Constant, Divide, Multiply, Subtract, evaluate, sources
from nnsim.tracing.factor_columns import factor_column
from nnsim.tracing.quantity import LEARNING_RATE, LOSS, Kind, Quantity
from nnsim.tracing.shown_trace import (
    LOSSES_SHOWN,
    in_conventions,
    loss_factor,
    why_no_other_loss,
    why_no_rate,
)
from nnsim.tracing.uses import uses_of
from nnsim.tracing.weight_curve import weight_point
from tests.conventions import ALL, CHAPTER, REF
from tests.strategies import any_documents, any_problems

OLD, DELTA, CHANGE, NEW = (
    Quantity(kind, ref=REF) for kind in (Kind.parameter, Kind.delta, Kind.change, Kind.new_value)
)
ERROR, SIGNAL = Quantity(Kind.error, (1, 0)), Quantity(Kind.signal, (1, 0))


def shown(document=CHAPTER, **conventions):
    return Derivation(in_conventions(document.trace(), Conventions(**conventions)))


# ---------------------------------------------------------------- the chapter by hand


def test_as_trained_the_trace_is_the_trace_itself():
    trace = CHAPTER.trace()

    assert in_conventions(trace, AS_TRAINED) is trace
    assert in_conventions(trace, Conventions(names="field")).back.gradient.tolist() == (
        trace.back.gradient.tolist()
    )


def test_expected_minus_output_turns_errors_signals_and_deltas_and_adds():
    derivation = shown(error_sign="expected_minus_output")

    values = [derivation.value(q) for q in (ERROR, SIGNAL, DELTA, CHANGE, NEW)]
    assert values == pytest.approx([-0.35, -0.35, -0.28, -0.28, 0.62])
    assert derivation.formula(NEW) == Add((OLD, Multiply((LEARNING_RATE, DELTA))))
    assert derivation.formula(CHANGE) == Multiply((LEARNING_RATE, DELTA))
    assert derivation.formula(ERROR) == Subtract(
        Quantity(Kind.expected, (1, 0)), Quantity(Kind.output, (1, 0))
    )


def test_the_whole_sum_doubles_the_delta_and_halves_the_rate():
    derivation = shown(shown_loss="sum")

    values = [derivation.value(q) for q in (LOSS, ERROR, SIGNAL, DELTA, LEARNING_RATE, NEW)]
    assert values == pytest.approx([0.1225, 0.35, 0.7, 0.56, 0.5, 0.62])


def test_the_delta_with_the_rate_is_the_change_or_minus_it():
    fast = replace(CHAPTER, settings=Settings(learning_rate=0.5))
    minus = shown(fast, delta_with_rate=True, shown_loss="sum")
    plus = shown(fast, delta_with_rate=True, error_sign="expected_minus_output")

    assert minus.value(DELTA) == pytest.approx(0.14)
    assert minus.formula(NEW) == Subtract(OLD, DELTA)
    assert plus.value(DELTA) == pytest.approx(-0.14)
    assert plus.formula(NEW) == Add((OLD, DELTA))
    assert plus.formula(DELTA).factors[0] == LEARNING_RATE
    assert minus.value(NEW) == plus.value(NEW) == pytest.approx(0.76)


def test_the_mean_over_two_outputs_is_the_half_sum():
    network = Network.dense([1, 2], ["tanh"], [[[0.3], [-0.7]]])
    two = Document(network, Samples([[1.0]], [[0.5, 0.5]]))

    assert loss_factor(two.trace(), Conventions(shown_loss="mean")) == 1
    assert loss_factor(two.trace(), Conventions(shown_loss="sum")) == 2


def test_every_view_of_a_trace_is_in_its_conventions():
    trace = in_conventions(CHAPTER.trace(), Conventions("expected_minus_output", "sum"))

    assert trace.errors == pytest.approx([-0.35])
    assert trace.error_of(0) == pytest.approx(-0.35)
    assert trace.factors(REF).error == pytest.approx(-0.7)
    assert trace.factors(REF).delta == pytest.approx(-0.56)
    assert trace.factors(REF).new_value == pytest.approx(0.62)
    assert factor_column(trace, "delta") == pytest.approx([-0.07, -0.56])
    assert factor_column(trace, "gradient") == pytest.approx([-0.07, -0.56])
    assert trace.loss == pytest.approx(0.1225)
    assert trace.learning_rate == 0.5
    assert trace.trained.factors(REF).delta == pytest.approx(0.28)


def test_the_deltas_of_a_batch_are_turned_with_their_mean():
    samples = Samples([[0.1, 0.8], [0.5, -0.2]], [[0.4], [0.1]])
    batch = Document(CHAPTER.network, samples, Settings(batch_size=2, learning_rate=0.1))
    plain, turned = Derivation(batch.trace()), shown(batch, error_sign="expected_minus_output")

    for kind, sample in ((Kind.delta, 1), (Kind.delta, None), (Kind.delta_mean, None)):
        quantity = Quantity(kind, ref=REF, sample=sample)
        assert turned.value(quantity) == -plain.value(quantity) != 0.0
    mean = Quantity(Kind.delta_mean, ref=REF)
    assert turned.formula(CHANGE) == Multiply((LEARNING_RATE, mean))
    assert turned.trace.delta_of(REF, 1) == turned.value(Quantity(Kind.delta, ref=REF, sample=1))


# ---------------------------------------------------------------- any network


def is_close(one, other, size):
    if not (math.isfinite(one) and math.isfinite(other)):
        return True
    return one == pytest.approx(other, rel=1e-9, abs=1e-9 * (1 + size))


@given(any_documents(), st.sampled_from(ALL))
def test_every_shown_number_is_what_its_shown_formula_says(document, conventions):
    derivation = Derivation(in_conventions(document.trace(), conventions))
    for quantity in (*derivation.in_order(), LEARNING_RATE):
        value, formula = derivation.value(quantity), derivation.formula(quantity)
        if value is None or formula is None:
            continue
        size = sum(abs(derivation.value(source) or 0.0) for source in sources(formula))
        again = evaluate(formula, derivation.value)
        assert is_close(again, value, size), (quantity, formula, again, value)


@given(any_documents(), st.sampled_from(ALL))
def test_what_a_shown_number_goes_into_has_it_in_its_formula(document, conventions):
    derivation = Derivation(in_conventions(document.trace(), conventions))
    for quantity in (
        LEARNING_RATE,
        *(Quantity(Kind.delta, ref=r) for r in document.network.refs()),
    ):
        uses = uses_of(derivation, quantity)
        for found in derivation.in_order():
            formula = derivation.formula(found)
            is_used = formula is not None and quantity in sources(formula)
            assert is_used == (found in uses), (quantity, found)


@given(
    any_problems(losses=tuple(LOSSES_SHOWN.values()), optimizer="sgd", schedule="constant"),
    st.sampled_from(ALL),
)
def test_the_shown_update_gives_the_new_weights_of_the_training(problem, conventions):
    network, samples, settings = problem
    plain = replace(
        settings, l1=0, l2=0, clip_value=0, clip_norm=0, weight_limit=0, warm_up_steps=0
    )
    trace = Document(network, samples, replace(plain, batch_size=1)).trace()
    plainly = Derivation(trace)
    derivation = Derivation(in_conventions(trace, conventions))

    assert trace.is_plain
    for ref in network.refs():
        new = Quantity(Kind.new_value, ref=ref)
        true = plainly.value(new)
        assert derivation.value(new) == true  # to the bit
        by_rule = evaluate(derivation.formula(new), derivation.value)
        parts = sum(abs(derivation.value(q)) for q in sources(derivation.formula(new)))
        assert is_close(by_rule, true, parts * 1e-3)


@given(any_problems(losses=tuple(LOSSES_SHOWN.values())), st.sampled_from(tuple(LOSSES_SHOWN)))
def test_another_loss_shows_what_training_with_it_would_have_at_its_own_rate(problem, name):
    """By another way: the same network really trained with that loss and η/c."""
    network, samples, settings = problem
    trace = Document(network, samples, settings).trace()
    conventions = Conventions(shown_loss=name)
    c = loss_factor(trace, conventions)
    if why_no_other_loss(trace):
        assert c == 1
        return
    rate = settings.learning_rate / float(c)
    really = replace(settings, loss=LOSSES_SHOWN[name], learning_rate=rate)
    derivation = Derivation(in_conventions(trace, conventions))
    other = Derivation(Document(network, samples, really).trace())

    own = (Kind.full_rate, Kind.learning_rate)
    for quantity in (q for q in (*other.in_order(), LEARNING_RATE) if q.kind not in own[:1]):
        one, two = derivation.value(quantity), other.value(quantity)
        assert (one is None) == (two is None)
        assert one is None or is_close(one, two, 1.0), quantity
        assert quantity == LEARNING_RATE or (
            derivation.formula(quantity) == other.formula(quantity)
        )


@given(any_documents(), st.sampled_from(ALL))
def test_weights_sums_and_outputs_are_never_touched(document, conventions):
    trace = document.trace()
    plainly, derivation = Derivation(trace), Derivation(in_conventions(trace, conventions))
    untouched = (Kind.product, Kind.sum, Kind.output, Kind.slope, Kind.change, Kind.new_value)
    for quantity in plainly.in_order():
        if quantity.kind in untouched and plainly.value(quantity) is not None:
            assert repr(derivation.value(quantity)) == repr(plainly.value(quantity))


@given(any_documents(), st.sampled_from(ALL))
def test_a_check_by_differences_agrees_in_every_convention(document, conventions):
    trace = document.trace()
    ref = document.network.refs()[0]
    plain, other = (check_curve(t, ref) for t in (trace, in_conventions(trace, conventions)))
    slopes = [weight_point(t, ref) for t in (trace, in_conventions(trace, conventions))]
    if plain is None or other is None:
        assert plain is other
        return
    factor = other.delta / plain.delta if plain.delta and math.isfinite(plain.delta) else 0.0

    assert other.verdict == plain.verdict or plain.verdict == "not checked"
    known = np.isfinite(plain.numeric) & np.isfinite(other.numeric)
    if factor and abs(plain.delta) > 1e-6 and known[12]:
        assert other.numeric[12] == pytest.approx(factor * plain.numeric[12], rel=1e-3, abs=1e-9)
    c = float(loss_factor(trace, conventions))
    if math.isfinite(slopes[0].slope):
        assert slopes[1].slope == pytest.approx(c * slopes[0].slope, rel=1e-9)


def test_a_frozen_weight_stays_and_shows_its_delta():
    frozen = Document(CHAPTER.network.with_frozen([REF]), CHAPTER.samples)
    derivation = shown(frozen, error_sign="expected_minus_output", delta_with_rate=True)

    assert derivation.value(NEW) == 0.9
    assert derivation.value(DELTA) == pytest.approx(-0.28)
    assert derivation.formula(NEW) == Add((OLD, CHANGE))


def test_in_fractions_every_convention_gives_exactly_the_same_new_weights():
    network = Network.dense([2, 3], ["linear"], [[[0.3, 0.9], [0.1, -0.2], [0.7, 0.4]]])
    three = Document(network, Samples([[0.1, 0.8]], [[0.4, 0.2, 0.1]]), Settings(0.5))
    refs = [Quantity(Kind.new_value, ref=ref) for ref in network.refs()]
    true = [Exact(Derivation(three.trace())).value(ref) for ref in refs]

    for conventions in ALL:
        exact = Exact(Derivation(in_conventions(three.trace(), conventions)))
        assert [exact.value(ref) for ref in refs] == true
    assert true[0] == Fraction("0.2825")


def test_the_shown_rate_is_computed_from_the_true_one_and_the_share_of_the_loss():
    network = Network.dense([1, 3], ["linear"])
    trace = Document(network, Samples([[1.0]], [[0.4, 0.2, 0.1]]), Settings(0.5)).trace()
    mean = Derivation(in_conventions(trace, Conventions(shown_loss="mean")))

    assert mean.trace.shown.loss_factor == Fraction(2, 3)
    assert mean.formula(LEARNING_RATE) == Divide(
        Multiply((Constant(0.5), Constant(3.0))), Constant(2.0)
    )
    assert shown(shown_loss="sum").formula(LEARNING_RATE) == Divide(Constant(1.0), Constant(2.0))
    assert shown().formula(LEARNING_RATE) is None


# ---------------------------------------------------------------- what is offered


@pytest.mark.parametrize("loss", ["absolute", "huber", "binary_cross_entropy", "hinge"])
def test_only_squared_errors_have_the_choice_of_a_loss(loss):
    network = CHAPTER.network.with_activations(1, ["sigmoid"])
    trace = Document(network, Samples([[0.1, 0.8]], [[1.0]]), Settings(loss=loss)).trace()

    assert loss in why_no_other_loss(trace)
    assert loss_factor(trace, Conventions(shown_loss="sum")) == 1
    assert in_conventions(trace, Conventions(shown_loss="sum")) is trace


def test_adam_has_no_learning_rate_to_divide_and_no_delta_with_a_rate():
    trace = replace(CHAPTER, settings=Settings(optimizer="adam")).trace()

    assert why_no_other_loss(trace)
    assert why_no_rate(trace)
    shown_in = in_conventions(trace, Conventions(shown_loss="sum", delta_with_rate=True))
    assert shown_in.factors(REF).delta == pytest.approx(0.28)
    assert shown_in.conventions == AS_TRAINED


def test_without_an_expected_output_only_names_change():
    tried = replace(CHAPTER.trace(), expected=None, back=None, step=None)
    trace = in_conventions(tried, Conventions("expected_minus_output", "sum", False, "field"))

    assert trace.errors is None
    assert trace.factors(REF).delta is None
    assert trace.conventions.speaks_symbols


def test_the_shown_rate_is_the_same_while_other_inputs_are_tried():
    half = replace(CHAPTER, settings=Settings(learning_rate=0.5))
    tried = replace(half.trace(), expected=None, back=None, step=None)

    for trace in (half.trace(), tried):
        shown_in = in_conventions(trace, Conventions(shown_loss="sum"))
        assert shown_in.learning_rate == 0.25
        assert Derivation(shown_in).value(LEARNING_RATE) == 0.25


def test_whether_the_rate_is_in_a_delta_does_not_change_from_batch_to_batch():
    rows = [[0.1, 0.8], [0.5, -0.2], [0.3, 0.3]]
    samples = Samples(rows, [[0.4], [0.1], [0.2]])
    batches = Document(CHAPTER.network, samples, Settings(batch_size=2))

    for steps in (0, 1):  # the second batch has one sample
        trace = train(batches, steps=steps).document.trace()
        assert "batch" in why_no_rate(trace)
        kept = in_conventions(trace, Conventions(delta_with_rate=True)).conventions
        assert not kept.delta_with_rate
