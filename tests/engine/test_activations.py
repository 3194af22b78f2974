"""Every activation of the table: its values, and its slope against finite differences."""

import numpy as np
import pytest

from nnsim.engine.activations import ACTIVATIONS, Activation, activate, activation_named
from nnsim.errors import BadNetwork

every_activation = pytest.mark.parametrize("entry", ACTIVATIONS.values(), ids=ACTIVATIONS.keys())


def away_from_kinks(entry: Activation) -> np.ndarray:
    z = np.concatenate([np.linspace(-9, 9, 181), [-0.001, 0.0, 0.001]])
    return z[[all(abs(x - kink) > 1e-4 for kink in entry.kinks) for x in z]]


@every_activation
def test_the_slope_is_what_a_small_difference_gives(entry):
    z, h = away_from_kinks(entry), 1e-5

    measured = (entry.value(z + h) - entry.value(z - h)) / (2 * h)

    assert entry.slope(z, entry.value(z)) == pytest.approx(measured, rel=1e-6, abs=1e-9)


@every_activation
def test_nothing_overflows_at_huge_sums(entry):
    z = np.array([-1e300, -1e5, -750.0, 750.0, 1e5, 1e300])

    with np.errstate(all="raise", under="ignore"):
        a = entry.value(z)

    assert np.isfinite(a).all()
    assert np.isfinite(entry.slope(z, a)).all()


@every_activation
def test_neither_function_changes_or_shares_its_argument(entry):
    z = np.array([-1.0, 0.0, 2.0])
    a = entry.value(z)
    slope = entry.slope(z, a)

    assert z.tolist() == [-1.0, 0.0, 2.0]
    assert not np.shares_memory(a, z)
    assert not np.shares_memory(slope, z)
    assert not np.shares_memory(slope, a)


@every_activation
def test_shapes_and_type_are_kept(entry):
    for shape in ((), (3,), (2, 3), (2, 3, 4)):
        z = np.zeros(shape)
        assert np.shape(entry.value(z)) == shape
        assert np.shape(entry.slope(z, entry.value(z))) == shape
        assert entry.value(z).dtype == np.float64


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "threshold"])
def test_a_sum_that_is_not_a_number_does_not_become_one_that_looks_right(name):
    assert np.isnan(ACTIVATIONS[name].value(np.array([np.nan]))).all()


@every_activation
def test_the_slope_at_a_kink_is_0(entry):
    z = np.array(entry.kinks)

    assert entry.slope(z, entry.value(z)).tolist() == [0.0] * len(z)


@every_activation
def test_the_table_has_its_own_name_and_a_formula(entry):
    assert ACTIVATIONS[entry.name] is entry
    assert entry.formula.startswith("f(x) = ")


@pytest.mark.parametrize(
    ("name", "z", "value", "slope"),
    [
        ("linear", -2.5, -2.5, 1.0),
        ("sigmoid", 0.0, 0.5, 0.25),
        ("tanh", 0.0, 0.0, 1.0),
        ("relu", -1.0, 0.0, 0.0),
        ("relu", 0.0, 0.0, 0.0),
        ("relu", 2.0, 2.0, 1.0),
        ("threshold", 0.0, 1.0, 0.0),
        ("threshold", -0.0, 1.0, 0.0),
        ("threshold", -1e-300, 0.0, 0.0),
    ],
)
def test_known_values(name, z, value, slope):
    a, f = activate([name], np.array([z]))

    assert (a[0], f[0]) == (value, slope)


def test_the_sigmoid_is_exact_far_out_to_both_sides():
    a, _ = activate(["sigmoid"] * 3, np.array([-50.0, 0.0, 50.0]))

    assert a.tolist() == pytest.approx([1.928749847963918e-22, 0.5, 1.0], rel=1e-15)


def test_each_neuron_of_a_layer_has_its_own():
    names = ["relu", "linear", "threshold", "relu"]

    a, slope = activate(names, np.array([[-1.0, -1.0, -1.0, 3.0], [2.0, 2.0, 2.0, -2.0]]))

    assert a.tolist() == [[0, -1, 0, 3], [2, 2, 1, 0]]
    assert slope.tolist() == [[0, 1, 0, 1], [1, 1, 0, 0]]


@pytest.mark.parametrize("name", ["", "Linear", "softmux", None, ["tanh"]])
def test_an_unknown_one_is_refused_with_the_known_names(name):
    with pytest.raises(BadNetwork, match="linear, sigmoid, tanh, relu, threshold"):
        activation_named(name)
