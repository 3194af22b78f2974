"""From the deltas of a batch to the new values: which numbers there are, and their formulas."""

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Document, Network, ParameterRef, Samples, Settings, train
from nnsim.engine import slices
from nnsim.engine.optimizers import OPTIMIZERS
from nnsim.engine.schedules import learning_rate_at
from nnsim.engine.settings import SCHEDULES
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.expression import (
    Add,
    Apply,
    Clip,
    Constant,
    Divide,
    Least,
    Power,
    evaluate,
    sources,
)
from nnsim.tracing.quantity import GRADIENT_LENGTH, LEARNING_RATE, UPDATE, Kind, Quantity
from nnsim.tracing.symbols import latex_symbol, words
from nnsim.tracing.trace import trace_of
from nnsim.tracing.update_formulas import RULES
from tests.strategies import any_settings, any_traces

X = [[0.5, -1.0], [1.0, 0.25], [-0.5, 2.0], [0.75, 0.5]]
T = [[1.0], [0.0], [0.5], [0.25]]
NETWORK = Network.dense([2, 2, 1], ["tanh", "linear"], biases=[[0.1, -0.1], [0.3]])
WEIGHT, BIAS = ParameterRef(1, 0, 0), ParameterRef(1, 0, None)


def document(steps=0, **options):
    network = NETWORK.with_parameters(np.linspace(-0.8, 0.9, 9))
    settings = Settings(**({"learning_rate": 0.1} | options))
    return train(Document(network, Samples(X, T), settings), steps=steps).document


def derivation(steps=0, sample=None, **options):
    return Derivation(document(steps, **options).trace(sample))


def of(kind, ref=WEIGHT, sample=None):
    return Quantity(kind, ref=ref, sample=sample)


def update_of(derivation, ref=WEIGHT):
    """The kinds of the update of one weight or bias, in their order."""
    kinds = {*UPDATE}
    return [q.kind for q in derivation.in_order() if q.ref == ref and q.kind in kinds]


def from_what_is_given(derivation):
    """What computes any number from nothing but the given ones."""

    @cache
    def number(quantity):
        formula = derivation.formula(quantity)
        return derivation.value(quantity) if formula is None else evaluate(formula, number)

    return number


# ---------------------------------------------------------------- what there is


def test_every_optimizer_has_its_rule():
    assert set(RULES) == set(OPTIMIZERS)


def test_in_the_chapters_step_there_is_nothing_between_delta_and_change():
    plain = derivation()

    assert update_of(plain) == [Kind.change, Kind.new_value]
    assert {q.kind for q in plain.in_order() if q.ref is None and q.neuron is None} == {Kind.loss}
    assert sources(plain.formula(of(Kind.change))) == (LEARNING_RATE, of(Kind.delta))


def test_sgd_on_a_batch_adds_the_mean_alone():
    kinds = update_of(derivation(batch_size=2))
    assert kinds == [Kind.delta_mean, Kind.change, Kind.new_value]


def test_with_everything_each_number_has_its_place():
    options = {"l1": 0.1, "l2": 0.1, "clip_value": 0.1, "clip_norm": 0.1, "batch_size": 0}
    full = derivation(3, optimizer="adamw", weight_decay=0.1, batch_reduction="sum", **options)
    moments = [Kind.old_mean, Kind.mean, Kind.old_square, Kind.square]
    moments += [Kind.mean_corrected, Kind.square_corrected]

    assert update_of(full) == [
        *(Kind.delta_sum, Kind.l1_term, Kind.l2_term, Kind.penalised, Kind.clipped, Kind.gradient),
        *moments,
        *(Kind.optimizer_change, Kind.new_value, Kind.change),
    ]
    assert update_of(full, BIAS) == [
        *(Kind.delta_sum, Kind.clipped, Kind.gradient, *moments, Kind.change, Kind.new_value)
    ]


@pytest.mark.parametrize(
    ("options", "last"),
    [({"l2": 0.1}, Add), ({"clip_value": 0.1}, Clip), ({"l1": 0.1, "clip_value": 0.1}, Clip)],
)
def test_the_last_that_becomes_of_the_gradient_is_the_gradient_of_the_step(options, last):
    found = derivation(**options)
    assert isinstance(found.formula(of(Kind.gradient)), last)
    assert of(Kind.gradient) in sources(found.formula(of(Kind.change)))


def test_the_gradient_of_a_plain_step_is_its_delta():
    plain = derivation()
    assert plain.formula(of(Kind.gradient)) == of(Kind.delta)
    assert plain.value(of(Kind.gradient)) == plain.value(of(Kind.delta))


@pytest.mark.parametrize("kind", [Kind.velocity, Kind.clipped, Kind.l1_term, Kind.optimizer_change])
def test_what_a_step_does_not_have_has_no_value_and_no_formula(kind):
    plain = derivation()
    assert plain.value(of(kind)) is plain.formula(of(kind)) is None
    assert plain.value(GRADIENT_LENGTH) is plain.formula(GRADIENT_LENGTH) is None


def test_what_is_not_trained_has_a_change_of_0_and_nothing_before_it():
    frozen = derivation(2, train_biases=False, optimizer="adam", batch_size=2, weight_limit=0.5)

    assert update_of(frozen, BIAS) == [Kind.change, Kind.new_value]
    assert frozen.value(of(Kind.change, BIAS)) == 0
    assert frozen.formula(of(Kind.change, BIAS)) is None
    assert isinstance(frozen.formula(of(Kind.new_value, BIAS)), Add)


def test_where_nothing_is_trained_there_are_only_changes_of_0():
    neuron = Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]])
    frozen = neuron.with_frozen(neuron.refs())
    found = Derivation(Document(frozen, Samples(X, T), Settings(clip_norm=1.0)).trace())

    assert found.value(GRADIENT_LENGTH) == 0
    assert GRADIENT_LENGTH not in found.in_order()


def test_inputs_that_are_tried_have_no_update():
    shown = document()
    tried = Derivation(trace_of(shown.network, np.array(X[0]), None, shown.settings))

    for quantity in (of(Kind.change), of(Kind.gradient), of(Kind.delta, sample=1)):
        assert tried.value(quantity) is tried.formula(quantity) is None
    assert tried.value(LEARNING_RATE) == 0.1


# ---------------------------------------------------------------- batches


def test_the_mean_is_made_of_the_deltas_of_the_batch_in_its_order():
    batch = derivation(sample=1, batch_size=3)
    deltas = (of(Kind.delta, sample=0), of(Kind.delta), of(Kind.delta, sample=2))

    assert batch.formula(of(Kind.delta_mean)) == Divide(Add(deltas), Constant(3.0))
    assert derivation(batch_size=3, batch_reduction="sum").formula(of(Kind.delta_sum)) == Add(
        (of(Kind.delta), of(Kind.delta, sample=1), of(Kind.delta, sample=2))
    )


@pytest.mark.parametrize("ref", [WEIGHT, BIAS, ParameterRef(2, 0, 1)])
def test_the_delta_of_another_sample_is_given_and_is_that_of_its_own_trace(ref):
    shown = document(1, batch_size=3, shuffle=True, seed=4)
    first, *others = shown.batch.tolist()
    batch = Derivation(shown.trace(first))
    for other in others:
        delta = of(Kind.delta, ref, other)
        own = shown.trace(other).factors(ref).delta
        assert batch.value(delta) == pytest.approx(own, rel=1e-14)
        assert batch.formula(delta) is None
        assert delta in batch.in_order()


def test_a_smaller_last_batch_is_divided_by_its_own_size():
    last = derivation(1, batch_size=3)
    assert update_of(last) == [Kind.change, Kind.new_value]
    two = derivation(1, batch_size=2).formula(of(Kind.delta_mean))
    assert two.denominator == Constant(2.0)


def test_a_sample_of_another_batch_takes_a_step_of_its_own():
    alone = derivation(1, sample=0, batch_size=2, optimizer="momentum")
    kinds = [Kind.old_velocity, Kind.velocity, Kind.change, Kind.new_value]
    assert update_of(alone) == kinds
    assert alone.value(of(Kind.delta, sample=3)) is None


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_of_a_batch_too_large_to_be_held_the_sum_of_the_deltas_is_given(monkeypatch, reduction):
    monkeypatch.setattr(slices, "SLICE_PRODUCTS", 1)
    settings = Settings(batch_size=0, batch_reduction=reduction)
    large = Document(document().network, Samples(X * 10, T * 10), settings)
    found = Derivation(large.trace())

    assert update_of(found)[0] is Kind.delta_sum
    assert found.formula(of(Kind.delta_sum)) is None
    own = sum(large.trace(n).factors(WEIGHT).delta for n in range(4)) * 10
    assert found.value(of(Kind.delta_sum)) == pytest.approx(own, rel=1e-12)
    if reduction == "mean":
        mean = Divide(of(Kind.delta_sum), Constant(40.0))
        assert found.formula(of(Kind.delta_mean)) == mean
    assert not [q for q in found.in_order() if q.sample is not None]


# ---------------------------------------------------------------- the same numbers again


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"batch_reduction": "sum", "l1": 0.01},
        {"l2": 0.1, "clip_value": 0.2, "weight_decay": 0.3},
        {"l1": 0.02, "l2": 0.1, "clip_value": 0.2, "clip_norm": 0.1, "schedule": "step"},
        {"clip_norm": 1e6, "schedule": "cosine", "schedule_steps": 5},
        {"weight_limit": 0.5, "weight_decay": 0.3, "schedule": "exponential", "warm_up_steps": 9},
    ],
    ids=["plain", "sum", "l2", "clipped", "long limit", "weight limit"],
)
@pytest.mark.parametrize("batch_size", [0, 1, 3])
def test_the_new_weight_follows_from_the_given_numbers_alone(optimizer, options, batch_size):
    found = derivation(3, optimizer=optimizer, batch_size=batch_size, **options)
    again = from_what_is_given(found)
    for ref in found.network.refs():
        for kind in (Kind.change, Kind.new_value):
            assert again(of(kind, ref)) == pytest.approx(
                found.value(of(kind, ref)), rel=1e-9, abs=1e-12
            )


@given(any_settings(), st.integers(0, 200))
def test_the_learning_rate_is_the_schedules(settings, steps):
    shown = document()
    shown = Document(shown.network, shown.samples, settings)
    shown = train(shown, steps=min(steps, 12)).document
    found = Derivation(shown.trace())
    rate = learning_rate_at(settings, shown.position.step)

    assert found.value(LEARNING_RATE) == rate
    assert from_what_is_given(found)(LEARNING_RATE) == pytest.approx(rate, rel=1e-12)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_learning_rate_has_a_formula_where_a_schedule_makes_it(schedule):
    formula = derivation(3, schedule=schedule).formula(LEARNING_RATE)
    assert (formula is None) == (schedule == "constant")
    warm = derivation(1, schedule=schedule, warm_up_steps=4)
    assert Quantity(Kind.warm_up_steps) in sources(warm.formula(LEARNING_RATE))
    assert derivation(3, warm_up_steps=4).formula(LEARNING_RATE) is None


def test_a_gradient_whose_squares_are_too_large_has_its_length_and_a_formula_that_overflows():
    neuron = Network.dense([2, 1], ["linear"], [[[0.0, 0.0]]])
    large = Samples([[3e160, 4e160]], [[1.0]])
    found = Derivation(Document(neuron, large, Settings(clip_norm=1.0)).trace())

    assert found.value(GRADIENT_LENGTH) == pytest.approx(5e160)
    assert evaluate(found.formula(GRADIENT_LENGTH), found.value) == math.inf


# ---------------------------------------------------------------- names and nodes


@given(any_traces())
def test_no_two_numbers_of_a_step_share_a_symbol(trace):
    found = Derivation(trace)
    some = [q for q in found.in_order() if q.kind not in (Kind.product, Kind.carried)]
    symbols = [latex_symbol(trace.network, quantity) for quantity in some]
    assert len(set(symbols)) == len(symbols)
    assert all(words(trace.network, quantity) for quantity in some)


def test_the_new_nodes_compute_what_they_say_and_never_raise():
    def number(node):
        return evaluate(node, {}.get)

    two, three = Constant(2.0), Constant(3.0)
    assert number(Power(two, three)) == 8
    assert number(Power(Constant(10.0), Constant(400.0))) == math.inf
    assert number(Least(two, three)) == number(Least(three, two)) == 2
    assert [number(Clip(Constant(x), two)) for x in (-5.0, 1.0, 5.0)] == [-2, 1, 2]
    assert math.isnan(number(Clip(Constant(math.nan), two)))
    assert number(Apply("sqrt", Constant(9.0))) == 3
    assert math.isnan(number(Apply("sqrt", Constant(-1.0))))
