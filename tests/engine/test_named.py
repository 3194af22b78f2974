"""Names that carry a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.engine.named import name_and_number, plain_name, shown


@given(st.sampled_from(["threshold", "huber"]), st.floats(allow_nan=False, allow_infinity=False))
def test_a_name_and_its_number_come_back(name, number):
    assert name_and_number(f"{name}({number!r})") == (name, number)
    assert plain_name(f"{name}({number!r})") == name


def test_a_plain_name_has_no_number():
    assert name_and_number("tanh") == ("tanh", None)
    assert plain_name("tanh") == "tanh"


@pytest.mark.parametrize("text", ["a(", "a()", "a(1", "a(nan)", "a(inf)", "a(1e999)", "a(1)b"])
def test_brackets_without_a_finite_number_are_an_error(text):
    with pytest.raises(ValueError, match=r"no finite number|could not convert"):
        name_and_number(text)


@pytest.mark.parametrize(("number", "text"), [(None, ""), (0.5, "0.5"), (-1.0, "−1"), (1.0, "1")])
def test_a_number_is_shown_as_in_a_formula(number, text):
    assert shown(number) == text
