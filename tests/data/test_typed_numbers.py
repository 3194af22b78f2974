"""Numbers as people type them: what is accepted, and everything that is not."""

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nnsim.data.typed_numbers import HINT, parse_number
from nnsim.errors import BadNumber

ACCEPTED = {
    "0.3": 0.3,
    "0,3": 0.3,
    "-0.5": -0.5,
    "−0.5": -0.5,
    "−0,5": -0.5,
    "1/3": 1 / 3,
    "-1/3": -1 / 3,
    "−1/3": -1 / 3,
    "0,5/2": 0.25,
    "1.5/0.5": 3.0,
    "0/3": 0.0,
    "3e-2": 0.03,
    "3E-2": 0.03,
    "3e−2": 0.03,
    "3e2": 300.0,
    "3e+2": 300.0,
    "1,5e3": 1500.0,
    "−1.5e−3": -0.0015,
    "  0.3  ": 0.3,
    "\t0.3\n": 0.3,
    "\u00a00.3\u00a0": 0.3,
    "5": 5.0,
    "0": 0.0,
    "007": 7.0,
    ".5": 0.5,
    ",5": 0.5,
    "5.": 5.0,
    "5,": 5.0,
    "0.1": 0.1,
    "1e308": 1e308,
    "1e-400": 0.0,
    "1" * 300: float("1" * 300),
}

REFUSED = [
    "", " ", "\n", "abc", "nan", "NaN", "inf", "-inf", "Infinity", "∞", "None", "True",
    "1_000", "1_0.5", "１", "٣", "१", "²", "½", "0x10", "0b1", "0o7", "1e400", "-1e400", "1e",
    "e5", "1e5.5", "1e5e5", "1.5.2", "1,000.5", "1.000,5", "1,000,000", "1 000", "1\u00a0000",
    "0. 3", "- 1", "--1", "-−1", "+1", "+-1", "1-", "1+1", "2*3", "1/0", "1/0.0", "0/0", "1/2/3",
    "/2", "1/", "1/-2", "1/−2", "1e2/3", "1/3e2", "1 / 3", "1//3", "1:3", "50%", "$5", "5€", "5kg",
    "(5)", "[5]", '"5"', ".", ",", "-", "−", "-.", "–5", "—5", "1;2", "1\n2", "1\t2",
    "1\x00",     "0.3f", "0.3j", "1d5", "9" * 400, "9" * 400 + "/2", "√2", "π", "1e9999999999",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "number"), ACCEPTED.items())
def test_what_people_type_is_understood(typed, number):
    assert parse_number(typed) == number


@pytest.mark.parametrize("typed", REFUSED)
def test_anything_else_is_refused_with_a_reason_and_an_example(typed):
    with pytest.raises(BadNumber) as caught:
        parse_number(typed)

    reason = str(caught.value)
    assert reason.endswith(HINT)
    assert len(reason) > len(HINT) + 5


def test_the_reasons():
    for typed, reason in {
        "": "Nothing was typed. ",
        "abc": "“abc” is not a number. ",
        "1/0": "“1/0” divides by 0. ",
        "1e400": "“1e400” is too large. ",
    }.items():
        with pytest.raises(BadNumber) as caught:
            parse_number(typed)
        assert str(caught.value) == reason + HINT


@pytest.mark.parametrize("typed", ["x" * 10_000, "9" * 10_000, "1/" + "0" * 10_000])
def test_a_reason_stays_short_whatever_was_pasted(typed):
    with pytest.raises(BadNumber) as caught:
        parse_number(typed)

    assert len(str(caught.value)) < 120


def test_minus_zero_keeps_its_sign():
    assert math.copysign(1.0, parse_number("-0.0")) == -1.0


@settings(max_examples=500)
@given(st.floats(allow_nan=False, allow_infinity=False))
@example(5e-324)
@example(1.7976931348623157e308)
@example(-0.0)
def test_every_number_written_in_full_comes_back_exactly(number):
    back = parse_number(repr(number))

    assert back == number
    assert math.copysign(1.0, back) == math.copysign(1.0, number)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_decimal_comma_and_typographic_minus_change_nothing(number):
    assert parse_number(repr(number).replace(".", ",").replace("-", "−")) == number


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**9))
def test_a_fraction_is_the_division(above, below):
    assert parse_number(f"{above}/{below}") == above / below


@settings(max_examples=500)
@given(st.text() | st.text("0123456789.,-−+/eE_ \t", max_size=12))
def test_no_text_raises_anything_but_a_bad_number(text):
    try:
        number = parse_number(text)
    except BadNumber:
        return
    assert math.isfinite(number)
