"""The settings: what they accept and the sentence with which they refuse, field by field."""

import math
from dataclasses import fields
from fractions import Fraction

import numpy as np
import pytest

from nnsim import Settings
from nnsim.engine.settings import INITIALIZERS, OPTIMIZERS, REDUCTIONS, SCHEDULES
from nnsim.errors import BadSetting

NO_NUMBER = (math.nan, math.inf, -math.inf, "a", "0.5", None, True, False, [1], 10**400, 1j)
ABOVE_0 = ("learning_rate", "epsilon", "schedule_factor")
FROM_0 = ("l1", "l2", "weight_decay", "clip_value", "clip_norm", "weight_limit", "start_range")
BELOW_1 = ("momentum", "beta1", "beta2", "rho")
WHOLE = ("batch_size", "seed", "warm_up_steps")
SWITCHES = ("shuffle", "train_biases")
CHOICES = {
    "batch_reduction": REDUCTIONS,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "initializer": INITIALIZERS,
}


def shortly(value):
    return repr(value)[:9]


def refused(name, value):
    """The sentence with which a value of a field is refused."""
    with pytest.raises(BadSetting) as caught:
        Settings(**{name: value})
    sentence = str(caught.value)
    assert sentence.endswith(".")
    return sentence


def spoken(name):
    words = {
        **{"l1": "L1 penalty", "l2": "L2 penalty", "rho": "number ρ (rho)"},
        **{"beta1": "number β₁ (beta1)", "beta2": "number β₂ (beta2)"},
        **{"epsilon": "number ε (epsilon)", "shuffle": "shuffling of the samples"},
        "train_biases": "training of biases",
    }
    return f"The {words.get(name, name.replace('_', ' '))} must be"


def test_every_field_is_tried_here():
    tried = {*ABOVE_0, *FROM_0, *BELOW_1, *WHOLE, "schedule_steps", *SWITCHES, *CHOICES, "loss"}

    assert {field.name for field in fields(Settings)} == tried


@pytest.mark.parametrize(
    "value", [1, 0.1, 1e-300, 1e300, np.float32(0.5), np.int8(1), Fraction(1, 2)]
)
@pytest.mark.parametrize("name", [*ABOVE_0, *FROM_0])
def test_numbers_are_kept_as_floats(name, value):
    kept = getattr(Settings(**{name: value}), name)

    assert type(kept) is float
    assert kept == float(value)


@pytest.mark.parametrize("value", [0, 0.0, -0.0, -0.1, -1e-300, *NO_NUMBER], ids=shortly)
@pytest.mark.parametrize("name", ABOVE_0)
def test_what_must_be_above_0(name, value):
    assert refused(name, value).startswith(f"{spoken(name)} a number above 0")


@pytest.mark.parametrize("value", [-0.1, -1e-300, *NO_NUMBER], ids=shortly)
@pytest.mark.parametrize("name", FROM_0)
def test_what_must_be_at_least_0(name, value):
    assert refused(name, value).startswith(f"{spoken(name)} a number of at least 0")
    assert getattr(Settings(**{name: 0}), name) == 0.0


@pytest.mark.parametrize("value", [-0.1, 1, 1.0, 1.5, *NO_NUMBER], ids=shortly)
@pytest.mark.parametrize("name", BELOW_1)
def test_what_must_be_below_1(name, value):
    assert refused(name, value).startswith(f"{spoken(name)} a number of at least 0 and below 1")
    assert getattr(Settings(**{name: 0.999999}), name) == 0.999999
    assert getattr(Settings(**{name: 0}), name) == 0.0


@pytest.mark.parametrize("value", [-1, 0.5, 1.0, "1", None, True, False, 2**53, math.nan])
@pytest.mark.parametrize("name", [*WHOLE, "schedule_steps"])
def test_what_must_be_a_whole_number(name, value):
    least = 1 if name == "schedule_steps" else 0
    assert refused(name, value).startswith(f"{spoken(name)} a whole number from {least} to ")
    assert getattr(Settings(**{name: 2**53 - 1}), name) == 2**53 - 1


@pytest.mark.parametrize("name", [*WHOLE, "schedule_steps"])
def test_a_whole_number_of_numpy_is_one(name):
    kept = getattr(Settings(**{name: np.int64(7)}), name)

    assert type(kept) is int
    assert kept == 7


def test_a_schedule_has_at_least_one_step():
    assert "from 1 to" in refused("schedule_steps", 0)
    assert [getattr(Settings(**{name: 0}), name) for name in WHOLE] == [0, 0, 0]


@pytest.mark.parametrize("value", [0, 1, "true", None, 0.0])
@pytest.mark.parametrize("name", SWITCHES)
def test_what_must_be_true_or_false(name, value):
    assert refused(name, value) == f"{spoken(name)} true or false, not {value!r}."


@pytest.mark.parametrize("name", SWITCHES)
def test_a_switch_of_numpy_is_taken_as_pythons(name):
    for value in (np.True_, np.False_):
        kept = getattr(Settings(**{name: value}), name)
        assert (type(kept), kept) == (bool, bool(value))


@pytest.mark.parametrize("value", ["", "Adam", "sum ", None, 0, ("sgd",), ["sgd"]])
@pytest.mark.parametrize("name", CHOICES)
def test_an_unknown_choice_is_refused_with_the_known_ones(name, value):
    assert f"{spoken(name)} one of {', '.join(CHOICES[name])}" in refused(name, value)


@pytest.mark.parametrize(("name", "known"), CHOICES.items())
def test_every_known_choice_is_accepted(name, known):
    assert [getattr(Settings(**{name: choice}), name) for choice in known] == list(known)


@pytest.mark.parametrize(
    ("loss", "sentence"),
    [
        ("mse", "No loss is called “mse”; choose one of half_squared, squared"),
        (None, "The loss must be a name, such as half_squared, not None."),
        (["a"], "The loss must be a name, such as half_squared, not ['a']."),
        ("huber(0)", "huber needs a number above 0"),
        ("huber(-1)", "huber needs a number above 0"),
        ("huber(x)", "needs a number in brackets, such as huber(0.5)"),
        ("hinge(1)", "hinge takes no number"),
    ],
)
def test_an_unknown_loss_is_refused(loss, sentence):
    assert sentence in refused("loss", loss)


def test_the_chapters_settings_are_the_first_ones():
    first = Settings()

    assert (first.learning_rate, first.loss, first.optimizer) == (1.0, "half_squared", "sgd")
    assert (first.batch_size, first.batch_reduction, first.shuffle) == (1, "mean", False)
    assert first.is_plain


@pytest.mark.parametrize(
    "extra",
    [
        {"optimizer": "adam"},
        {"l1": 0.1},
        {"l2": 0.1},
        {"clip_value": 1},
        {"clip_norm": 1},
        {"weight_limit": 1},
        {"schedule": "step"},
        {"warm_up_steps": 3},
    ],
    ids=str,
)
def test_settings_with_more_than_one_constant_rate_are_not_plain(extra):
    assert not Settings(**extra).is_plain


def test_what_changes_no_step_leaves_them_plain():
    assert Settings(learning_rate=0.1, momentum=0.5, batch_size=0, loss="hinge", l2=0).is_plain


def test_they_cannot_be_changed():
    with pytest.raises(AttributeError):
        Settings().seed = 1


@pytest.mark.parametrize("seed", [10**400, 10**5000, "x" * 1000], ids=["long", "longer", "text"])
def test_a_value_too_long_for_a_sentence_is_cut(seed):
    with pytest.raises(BadSetting, match="The seed must be a whole number") as refused:
        Settings(seed=seed)

    assert len(str(refused.value)) < 200
