"""Every activation of the table: values, slopes and second derivatives to the last digits."""

import math
from dataclasses import replace
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.engine.activations import ACTIVATIONS, activate, activation_named
from nnsim.engine.named import plain_name
from nnsim.errors import BadNetwork
from tests.engine import exact
from tests.strategies import ALL, WITH_NUMBERS

every_entry = pytest.mark.parametrize("entry", ACTIVATIONS.values(), ids=ACTIVATIONS.keys())
every_name = pytest.mark.parametrize("name", WITH_NUMBERS)

SUMS = np.concatenate(
    [np.linspace(-9, 9, 73), [-1e-3, 1e-3, -1e-9, 1e-9, -1e-20, 1e-20, -30, 30, -36.7, 36.7]]
)
HUGE = np.array([-1.7e308, -1e300, -1e5, -750.0, -40.0, 40.0, 750.0, 1e5, 1e300, 1.7e308])


def away_from_kinks(entry):
    kinks = entry.kinks(entry.number)
    return SUMS[[all(abs(z - kink) > 1e-12 for kink in kinks) for z in SUMS]]


def test_there_are_the_twelve_that_were_asked_for():
    assert set(ACTIVATIONS) == {
        *("linear", "sigmoid", "bipolar_sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus"),
        *("silu", "gelu", "threshold", "softmax"),
    }


@every_name
def test_values_are_right_to_the_last_digits(name):
    entry = activation_named(name)

    a, _ = activate([name] * len(SUMS), SUMS)

    right = [exact.value(plain_name(name), z, entry.number) for z in SUMS]
    assert a.tolist() == pytest.approx(right, rel=2e-14, abs=1e-50)


@every_name
def test_slopes_are_those_of_an_exact_difference(name):
    entry = activation_named(name)
    z = away_from_kinks(entry)

    _, slope = activate([name] * len(z), z)

    right = [exact.slope(plain_name(name), x, entry.number) for x in z]
    assert slope.tolist() == pytest.approx(right, rel=1e-13, abs=3e-16)


@every_name
def test_second_derivatives_are_those_of_an_exact_difference(name):
    entry = activation_named(name)
    z = away_from_kinks(entry)
    z = z[np.abs(z) > 1e-13]  # the slope of ELU has a kink at 0 whatever its parameter

    bend = entry.bend(z, entry.value(z, entry.number), entry.number)

    right = [exact.bend(plain_name(name), x, entry.number) for x in z]
    assert bend.tolist() == pytest.approx(right, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("name", ALL)
def test_nothing_overflows_at_huge_sums(name):
    entry = ACTIVATIONS[name]
    with np.errstate(all="raise", under="ignore"):
        a = entry.value(HUGE, entry.number)
        slope = entry.slope(HUGE, a, entry.number)
        bend = entry.bend(HUGE, a, entry.number)

    assert all(np.isfinite(array).all() for array in (a, slope, bend))


def test_softmax_of_huge_sums_gives_all_to_the_largest():
    with np.errstate(over="ignore"):
        assert ACTIVATIONS["softmax"].value(HUGE, 0.0).tolist() == [0.0] * 9 + [1.0]


@every_entry
@pytest.mark.parametrize("z", [0.0, -0.0, math.inf, -math.inf, math.nan])
def test_no_sum_raises_a_warning_where_training_would_compute_it(entry, z):
    with np.errstate(all="ignore"):
        a, slope = activate([entry.name], np.array([z]))
        bend = entry.bend(np.array([z]), a, entry.number)

    assert a.shape == slope.shape == bend.shape == (1,)


@every_entry
def test_plus_and_minus_0_are_the_same(entry):
    plus, minus = (activate([entry.name], np.array([zero])) for zero in (0.0, -0.0))

    assert np.array_equal(plus, minus, equal_nan=True)


@every_entry
def test_no_function_changes_or_shares_its_argument(entry):
    z = np.array([-1.0, 0.0, 2.0])
    a = entry.value(z, entry.number)
    slope = entry.slope(z, a, entry.number)
    bend = entry.bend(z, a, entry.number)

    assert z.tolist() == [-1.0, 0.0, 2.0]
    arrays = (z, a, slope, bend)
    assert not any(
        np.shares_memory(one, other) for i, one in enumerate(arrays) for other in arrays[i + 1 :]
    )


@every_entry
@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 3, 4), (0, 3)], ids=str)
def test_shapes_and_type_are_kept(entry, shape):
    z = np.zeros(shape)
    a = entry.value(z, entry.number)

    for array in (a, entry.slope(z, a, entry.number), entry.bend(z, a, entry.number)):
        assert array.shape == shape
        assert array.dtype == np.float64


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "threshold"])
def test_a_sum_that_is_not_a_number_does_not_become_one_that_looks_right(name):
    entry = ACTIVATIONS[name]
    with np.errstate(invalid="ignore"):
        assert np.isnan(entry.value(np.array([np.nan]), entry.number)).all()


@pytest.mark.parametrize("name", WITH_NUMBERS)
def test_the_slope_at_a_kink_is_0_or_the_alpha_of_leaky_relu(name):
    entry = activation_named(name)
    z = np.array(entry.kinks(entry.number))

    _, slope = activate([name] * len(z), z) if len(z) else (z, z)

    at_kink = entry.number if plain_name(name) == "leaky_relu" else 0.0
    assert slope.tolist() == [at_kink] * len(z)


@pytest.mark.parametrize(
    ("name", "kinks"),
    [
        ("relu", (0.0,)),
        ("leaky_relu", (0.0,)),
        ("leaky_relu(1)", ()),
        ("elu", ()),
        ("elu(0.5)", (0.0,)),
        ("threshold", (0.0,)),
        ("threshold(0.5)", (0.5,)),
        ("threshold(-1)", (-1.0,)),
        ("gelu", ()),
    ],
)
def test_kinks_stand_where_the_parameter_says(name, kinks):
    entry = activation_named(name)

    assert entry.kinks(entry.number) == kinks


@given(st.sampled_from(WITH_NUMBERS), st.floats(-30, 30), st.floats(-30, 30))
def test_every_activation_but_silu_and_gelu_never_falls(name, one, other):
    if plain_name(name) in ("silu", "gelu"):
        return
    low, high = sorted((one, other))

    a, _ = activate([name] * 2, np.array([low, high]))

    assert a[0] <= a[1] + 1e-15 * abs(a[1])


@every_entry
def test_the_table_has_its_own_name_and_a_formula(entry):
    assert ACTIVATIONS[entry.name] is entry
    assert entry.formula.startswith("f(x) = ")


def test_a_formula_shows_the_parameter():
    assert activation_named("threshold(0.5)").formula == "f(x) = 1 if x ≥ 0.5, else 0"
    assert activation_named("elu(-2)").formula == "f(x) = x if x > 0, else −2·(e^x − 1)"


@pytest.mark.parametrize(
    ("name", "z", "value", "slope"),
    [
        ("linear", -2.5, -2.5, 1.0),
        ("sigmoid", 0.0, 0.5, 0.25),
        ("bipolar_sigmoid", 0.0, 0.0, 0.5),
        ("tanh", 0.0, 0.0, 1.0),
        ("relu", -1.0, 0.0, 0.0),
        ("relu", 0.0, 0.0, 0.0),
        ("relu", 2.0, 2.0, 1.0),
        ("leaky_relu", -2.0, -0.02, 0.01),
        ("leaky_relu(0.25)", -2.0, -0.5, 0.25),
        ("leaky_relu(0.25)", 0.0, 0.0, 0.25),
        ("elu", 0.0, 0.0, 1.0),
        ("elu(0.5)", 0.0, 0.0, 0.0),
        ("elu", 3.0, 3.0, 1.0),
        ("softplus", 0.0, math.log(2), 0.5),
        ("silu", 0.0, 0.0, 0.5),
        ("gelu", 0.0, 0.0, 0.5),
        ("threshold", 0.0, 1.0, 0.0),
        ("threshold", -0.0, 1.0, 0.0),
        ("threshold", -1e-300, 0.0, 0.0),
        ("threshold(0.5)", 0.5, 1.0, 0.0),
        ("threshold(0.5)", 0.49999999999999994, 0.0, 0.0),
    ],
)
def test_known_values(name, z, value, slope):
    a, f = activate([name], np.array([z]))

    assert (a[0], f[0]) == (value, slope)


def test_the_sigmoid_is_exact_far_out_to_both_sides():
    a, _ = activate(["sigmoid"] * 3, np.array([-50.0, 0.0, 50.0]))

    assert a.tolist() == pytest.approx([1.928749847963918e-22, 0.5, 1.0], rel=1e-15)


def test_softmax_shares_out_1_by_e_to_the_sums():
    a, slope = activate(["softmax"] * 3, np.array([[0.0, math.log(2), math.log(5)], [9, 9, 9]]))

    assert a.tolist() == pytest.approx(np.array([[1 / 8, 2 / 8, 5 / 8], [1 / 3] * 3]), rel=1e-15)
    assert np.isnan(slope).all()


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=6), st.floats(-1e3, 1e3))
def test_softmax_adds_up_to_1_and_does_not_mind_a_shift(sums, shift):
    z = np.array(sums)
    a, _ = activate(["softmax"] * len(z), z)
    moved, _ = activate(["softmax"] * len(z), z + shift)

    assert a.sum() == pytest.approx(1.0, rel=1e-14)
    assert ((a >= 0) & (a <= 1)).all()
    assert moved == pytest.approx(a, rel=1e-11, abs=1e-300)


def test_each_neuron_of_a_layer_has_its_own():
    names = ["relu", "linear", "threshold", "relu", "threshold(2.5)"]

    a, slope = activate(names, np.array([[-1.0, -1, -1, 3, 2], [2, 2, 2, -2, 3]]))

    assert a.tolist() == [[0, -1, 0, 3, 0], [2, 2, 1, 0, 1]]
    assert slope.tolist() == [[0, 1, 0, 1, 0], [1, 1, 0, 0, 0]]


@pytest.mark.parametrize("name", ["", "Linear", "softmux", None, " tanh", "tanh "])
def test_an_unknown_one_is_refused_with_the_known_names(name):
    with pytest.raises(BadNetwork, match="linear, sigmoid, bipolar_sigmoid, tanh, relu"):
        activation_named(name)


@pytest.mark.parametrize(
    "name",
    ["elu()", "elu(a)", "elu(nan)", "elu(inf)", "elu(1", "threshold(1)x", "threshold(1)(2)"],
)
def test_brackets_without_a_number_are_refused(name):
    with pytest.raises(BadNetwork, match="needs a number in brackets"):
        activation_named(name)


@pytest.mark.parametrize("name", ["tanh(2)", "softmax(1)", "linear(0)"])
def test_a_number_for_one_that_has_none_is_refused(name):
    with pytest.raises(BadNetwork, match="takes no number"):
        activation_named(name)


def test_the_parameter_is_the_entrys_own_when_none_is_given():
    assert [activation_named(name).number for name in ("elu", "leaky_relu", "threshold")] == [
        1.0,
        0.01,
        0.0,
    ]
    assert activation_named("tanh").parameter is None
    assert replace(activation_named("elu(1)"), name="elu") == activation_named("elu")


@pytest.mark.parametrize(
    "z", [sign * z for z in (15, 30, 36.7, 37, 100, 300, 700) for sign in (1, -1)]
)
def test_the_slope_of_silu_keeps_its_digits_far_out(z):
    with localcontext() as context:
        context.prec = 400
        s = 1 / (1 + (-Decimal(z)).exp())
        true = s * (1 + Decimal(z) * (1 - s))

    _, slope = activate(["silu"], np.array([float(z)]))

    assert abs(Decimal(float(slope[0])) - true) <= Decimal("5e-16") * abs(true)
