"""Every loss: its value in 60 digits, its derivative by differences, and what it refuses."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.engine.losses import LOSSES, check_expected, check_loss_fits, loss_named
from nnsim.errors import BadSamples, BadSetting
from tests.engine.exact import DIGITS
from tests.strategies import ALL_LOSSES

every_loss = pytest.mark.parametrize("name", ALL_LOSSES)


def huber(d, p):
    return d * d / 2 if abs(d) <= p else p * (abs(d) - p / 2)


def log_of_sigmoid(z):
    return -((1 + (-z).exp()).ln())


def binary_cross_entropy(o, t, z):
    return -(t * log_of_sigmoid(z) + (1 - t) * log_of_sigmoid(-z))


def exactly(name, o, t, z):
    """E of one sample as the textbook writes it, in 60 digits; o, t and z are lists of floats."""
    loss = loss_named(name)
    plain = name.partition("(")[0]
    with localcontext() as context:
        context.prec = DIGITS
        o, t, z = ([Decimal(float(x)) for x in row] for row in (o, t, z))
        pairs, p = list(zip(o, t, strict=True)), Decimal(loss.number)
        by_hand = {
            "half_squared": lambda: sum((a - b) ** 2 for a, b in pairs) / 2,
            "squared": lambda: sum((a - b) ** 2 for a, b in pairs),
            "mean_squared": lambda: sum((a - b) ** 2 for a, b in pairs) / len(pairs),
            "absolute": lambda: sum(abs(a - b) for a, b in pairs),
            "huber": lambda: sum(huber(a - b, p) for a, b in pairs),
            "hinge": lambda: sum(max(Decimal(0), 1 - b * a) for a, b in pairs),
            "binary_cross_entropy": lambda: sum(map(binary_cross_entropy, o, t, z)),
            "softmax_cross_entropy": lambda: (
                -sum(
                    b * (x.exp() / sum(y.exp() for y in z)).ln() for b, x in zip(t, z, strict=True)
                )
            ),
        }
        return float(by_hand[plain]())


def targets(name, size, random):
    if name == "hinge":
        return random.choice([-1.0, 1.0], size)
    if name == "softmax_cross_entropy":
        shares = random.random(size) * (random.random(size) < 0.6)
        shares[0] += shares.sum() == 0
        return shares / shares.sum()
    return random.random(size)


def outputs_of(name, z):
    if name == "binary_cross_entropy":
        return 1 / (1 + np.exp(-z))
    if name == "softmax_cross_entropy":
        return np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    return z


def test_there_are_the_eight_that_were_asked_for():
    assert set(LOSSES) == {
        *("half_squared", "squared", "mean_squared", "absolute", "huber"),
        *("binary_cross_entropy", "softmax_cross_entropy", "hinge"),
    }


@every_loss
@given(size=st.integers(1, 5), spread=st.sampled_from([0.1, 1.0, 20.0]), seed=st.integers(0, 999))
def test_the_value_is_the_textbooks(name, size, spread, seed):
    random, loss = np.random.default_rng(seed), loss_named(name)
    z = random.uniform(-spread, spread, size)
    t = targets(name, size, random)
    o = outputs_of(name, z)

    found = loss.of_samples(o, t, z)

    assert found == pytest.approx(exactly(name, o, t, z), rel=1e-13, abs=1e-15)


@every_loss
@given(size=st.integers(1, 5), seed=st.integers(0, 999))
def test_the_derivative_is_what_a_small_difference_gives(name, size, seed):
    random, loss, h = np.random.default_rng(seed), loss_named(name), 1e-6
    t, o = targets(name, size, random), random.uniform(0.05, 0.95, size)
    if name.endswith("cross_entropy"):

        def term(o):  # as the textbook has it, from the outputs
            return -t * np.log(o) - (0 if name[0] == "s" else (1 - t) * np.log(1 - o))

    else:

        def term(o):
            return loss.term(o, t, o, loss.number)

    if loss.kink is not None and (np.abs(loss.kink(o, t)) < 1e-5).any():
        return
    measured = (term(o + h) - term(o - h)) / (2 * h)

    assert loss.gradient(o, t, loss.number) == pytest.approx(measured, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("name", [n for n in ALL_LOSSES if LOSSES[n.partition("(")[0]].signal])
def test_the_signal_is_the_error_times_the_slopes_where_both_are_finite(name):
    loss, z = loss_named(name), np.array([0.3, -1.2, 2.0])
    o, t = outputs_of(name, z), np.array([0.2, 0.5, 0.3])
    gradient = loss.gradient(o, t, 0.0)
    if name == "binary_cross_entropy":
        chained = gradient * o * (1 - o)
    else:
        chained = o * (gradient - (gradient * o).sum())

    assert loss.signal(o, t) == pytest.approx(chained, rel=1e-13)


@pytest.mark.parametrize(
    ("name", "z", "t", "value"),
    [
        ("binary_cross_entropy", [800.0], [1.0], 0.0),
        ("binary_cross_entropy", [800.0], [0.0], 800.0),
        ("binary_cross_entropy", [-800.0], [1.0], 800.0),
        ("binary_cross_entropy", [-800.0], [0.25], 200.0),
        ("softmax_cross_entropy", [800.0, -800.0], [1.0, 0.0], 0.0),
        ("softmax_cross_entropy", [800.0, -800.0], [0.0, 1.0], 1600.0),
        ("binary_cross_entropy", [30.0], [1.0], math.log1p(math.exp(-30.0))),
        ("softmax_cross_entropy", [-1e6, -1e6], [0.5, 0.5], math.log(2)),
    ],
)
def test_a_cross_entropy_stays_exact_where_the_output_rounds_to_0_or_1(name, z, t, value):
    z, t = np.array(z), np.array(t)
    with np.errstate(over="ignore"):
        o = outputs_of(name, z)

    assert loss_named(name).of_samples(o, t, z) == pytest.approx(value, rel=1e-15, abs=0)


@every_loss
def test_nothing_overflows_at_large_sums(name):
    loss = loss_named(name)
    z, t = np.array([-1e150, 1e150]), np.array([1.0, 0.0])
    o = np.array([0.0, 1.0]) if loss.activation else z

    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(loss.of_samples(o, t, z))
        signal = loss.signal(o, t) if loss.signal else loss.gradient(o, t, loss.number)
    assert np.isfinite(signal).all()


@every_loss
def test_many_samples_have_each_their_own(name):
    loss, random = loss_named(name), np.random.default_rng(4)
    z, t = random.uniform(-1, 1, (6, 3)), np.array([targets(name, 3, random) for _ in range(6)])
    o = np.array([outputs_of(name, row) for row in z])

    together = loss.of_samples(o, t, z)

    assert together.shape == (6,)
    assert together.tolist() == [loss.of_samples(*rows) for rows in zip(o, t, z, strict=True)]


@every_loss
def test_no_loss_is_below_0_and_that_of_a_perfect_output_is_0(name):
    loss = loss_named(name)
    t = np.array([1.0, -1.0]) if name == "hinge" else np.array([1.0, 0.0])
    z = np.array([900.0, -900.0]) if loss.activation else t

    assert loss.of_samples(t, t, z) == 0.0
    signal = loss.signal(t, t) if loss.signal else loss.gradient(t, t, loss.number)
    assert signal.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("name", "o", "t", "slope"),
    [
        ("absolute", 2.0, 2.0, 0.0),
        ("hinge", 1.0, 1.0, 0.0),
        ("hinge", -1.0, -1.0, 0.0),
        ("hinge", 0.999, 1.0, -1.0),
        ("huber", 3.0, 2.0, 1.0),
        ("huber(0.3)", 3.0, 2.0, 0.3),
        ("huber(0.3)", 2.0, 3.0, -0.3),
        ("huber(0.3)", 2.25, 2.0, 0.25),
    ],
)
def test_slopes_at_and_near_kinks(name, o, t, slope):
    loss = loss_named(name)

    assert loss.gradient(np.array([o]), np.array([t]), loss.number).tolist() == [slope]


def test_a_kink_is_where_its_quantity_is_0():
    o, t = np.array([1.0, 0.5]), np.array([1.0, 1.0])

    assert loss_named("absolute").kink(o, t).tolist() == [0.0, -0.5]
    assert loss_named("hinge").kink(o, t).tolist() == [0.0, 0.5]
    assert [name for name in LOSSES if LOSSES[name].kink] == ["absolute", "hinge"]


def test_the_parameter_of_huber_and_its_formula():
    assert loss_named("huber").number == 1.0
    assert loss_named("huber(0.25)").number == 0.25
    assert "where |d| ≤ 0.25, else 0.25·(|d| − 0.25/2)" in loss_named("huber(0.25)").formula


@pytest.mark.parametrize(
    ("name", "outputs"),
    [
        ("binary_cross_entropy", ("linear",)),
        ("binary_cross_entropy", ("sigmoid", "tanh")),
        ("softmax_cross_entropy", ("sigmoid", "sigmoid")),
    ],
)
def test_outputs_that_do_not_fit_are_refused_in_one_sentence(name, outputs):
    loss = LOSSES[name]
    other = next(output for output in outputs if output != loss.activation)
    with pytest.raises(BadSetting) as caught:
        check_loss_fits(loss, outputs)

    assert str(caught.value) == (
        f"The loss {name} needs {loss.activation} outputs, and here is {other}: "
        "change the activation of the last layer or choose another loss."
    )


@every_loss
def test_outputs_that_fit_are_accepted(name):
    loss = loss_named(name)

    check_loss_fits(loss, (loss.activation or "relu",) * 2)


REFUSED = {
    "hinge": [[1, 0], [0.5, 1], [1, -1.0000001], [math.nan, 1]],
    "binary_cross_entropy": [[-0.1, 0], [0, 1.1], [-1e-300, 0], [math.nan, 0]],
    "softmax_cross_entropy": [[0.5, 0.6], [1.5, -0.5], [0, 0], [1, 1e-6], [math.nan, 1]],
}
ACCEPTED = {
    "hinge": [[1, -1], [-1, -1]],
    "binary_cross_entropy": [[0, 1], [-0.0, 0.3], [1, 1]],
    "softmax_cross_entropy": [[0, 1], [0.3, 0.7], [-0.0, 1.0]],
}


@pytest.mark.parametrize(
    ("name", "row"), [(name, row) for name in REFUSED for row in REFUSED[name]]
)
def test_expected_outputs_that_do_not_suit_are_refused_with_their_row(name, row):
    table = np.array([*ACCEPTED[name], row, row], dtype=np.float64)
    number = len(ACCEPTED[name]) + 1
    with pytest.raises(BadSamples) as caught:
        check_expected(LOSSES[name], table, "validation sample")

    assert str(caught.value) == (
        f"The loss {name} needs expected outputs {LOSSES[name].expects}; "
        f"those of validation sample {number} are not."
    )


@pytest.mark.parametrize("name", ACCEPTED)
def test_expected_outputs_that_suit_are_accepted(name):
    check_expected(LOSSES[name], np.array(ACCEPTED[name], dtype=np.float64))
    check_expected(LOSSES[name], np.empty((0, 2)))


def test_shares_that_add_up_to_1_but_for_rounding_are_accepted():
    check_expected(LOSSES["softmax_cross_entropy"], np.array([[0.1] * 10, [1 / 3] * 3 + [0.0] * 7]))


@pytest.mark.parametrize("name", ["half_squared", "squared", "mean_squared", "absolute", "huber"])
def test_other_losses_take_any_numbers(name):
    check_expected(LOSSES[name], np.array([[-1e9, 1e9]]))


@every_loss
def test_the_table_has_a_formula(name):
    assert loss_named(name).formula.startswith("E = ")


SUMS = [
    0.0,
    *(sign * z for z in (1e-9, 0.5, 5, 30, 36.9, 40, 300, 700, 745, 1e5) for sign in (1, -1)),
]
TARGETS = [0.0, 1e-300, 1e-12, 0.1, 0.5, 0.9, 1 - 1e-12, 1 - 2.0**-53, 1.0]


def exact_cross_entropy(z, t):
    """ln(1 + e^z) − t z from the very numbers given, in 400 decimal digits."""
    with localcontext() as context:
        context.prec = 400
        z, t = Decimal(z), Decimal(t)
        return max(z, Decimal(0)) + (1 + (-abs(z)).exp()).ln() - t * z


@pytest.mark.parametrize("z", SUMS)
@pytest.mark.parametrize("t", TARGETS)
def test_binary_cross_entropy_keeps_its_digits_for_every_sum_and_target(z, t):
    found = LOSSES["binary_cross_entropy"].term(None, np.array(t), np.array(z), 0.0)
    true = exact_cross_entropy(z, t)

    assert abs(Decimal(float(found)) - true) <= Decimal("4e-16") * true + Decimal("5e-324")
