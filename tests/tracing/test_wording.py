"""Numbers as they stand on paper."""

import math
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nnsim.data.typed_numbers import parse_number
from nnsim.tracing.wording import compact, in_full, on_paper

PAPER = {
    0.7500000000000001: "0.75",
    0.3500000000000001: "0.35",
    0.35: "0.35",
    0.03500000000000001: "0.035",
    0.2800000000000001: "0.28",
    0.26499999999999996: "0.265",
    0.62: "0.62",
    0.5225000000000001: "0.5225",
    0.12250000000000005: "0.1225",
    0.042875: "0.042875",
    1 / 3: "0.33333",
    2 / 3: "0.66667",
    -1 / 3: "−0.33333",
    1.0: "1",
    -1.0: "−1",
    0.0: "0",
    1e-13: "0",
    -1e-13: "0",
    0.1 + 0.2: "0.3",
    100.0: "100",
    123456.0: "123456",
    12345.6: "12345.6",
    127.875: "127.875",
    1234567.0: "1234567",
    0.0001: "0.0001",
    0.00012345678: "0.000123",
    -0.00012345678: "−0.000123",
    0.00099999: "0.00099999",
    0.000999999999: "0.001",
    0.00001: "0.00001",
    0.0000012345678: "1.23e−6",
    1e-6: "1e−6",
    1e-10: "1e−10",
    1.23456789e-10: "1.23e−10",
    10 / 3: "3.33333",
    1000 / 3: "333.33333",
    0.99999999: "1.00000",
    1e9: "1e9",
    1e300: "1e300",
    -1.23456789e300: "−1.23457e300",
    math.pi * 1e10: "3.14159e10",
    math.inf: "∞",
    -math.inf: "−∞",
    math.nan: "not a number",
}


@pytest.mark.parametrize(("value", "text"), PAPER.items(), ids=PAPER.values())
def test_a_number_looks_as_on_paper(value, text):
    assert on_paper(value) == text


def test_minus_zero_is_0():
    assert on_paper(-0.0) == "0"


def test_a_number_that_is_not_there_is_blank():
    assert on_paper(None) == in_full(None) == ""


@pytest.mark.parametrize("value", [0.7500000000000001, 1 / 3, 1e-320, -0.0, 1e22])
def test_in_full_gives_the_same_number_back(value):
    back = float(in_full(value))

    assert (back, math.copysign(1.0, back)) == (value, math.copysign(1.0, value))
    assert in_full(value) == repr(value).removesuffix(".0")


def half_a_unit_of_the_last_place(text):
    mantissa, _, exponent = text.lstrip("−").partition("e")
    decimals = len(mantissa.partition(".")[2])
    return Decimal(5).scaleb(int(exponent.replace("−", "-") or 0) - decimals - 1)


FINITE = st.floats(allow_nan=False, allow_infinity=False)
USUAL = st.floats(-1e3, 1e3)


@settings(max_examples=500)
@given(FINITE | USUAL)
@example(999999.9999999)
@example(0.0009995)
@example(999999999.5)
def test_what_is_read_back_is_the_number_but_for_its_rounding(value):
    text = on_paper(value)
    wrong = abs(Decimal(parse_number(text)) - Decimal(value))

    last_bit = Decimal(math.ulp(value))
    assert wrong <= max(Decimal("1e-12"), half_a_unit_of_the_last_place(text)) + last_bit


@settings(max_examples=500)
@given(FINITE | USUAL)
def test_there_is_no_hyphen_and_no_negative_zero(value):
    text = on_paper(value)

    assert "-" not in text
    assert text == "0" or text.strip("0.−")


@settings(max_examples=300)
@given(st.integers(-999_999, 999_999), st.integers(0, 6))
def test_a_decimal_of_six_digits_is_shown_as_it_is(digits, places):
    value = digits / 10**places

    shown = Decimal(on_paper(value).replace("−", "-"))
    assert shown == Decimal(digits).scaleb(-places)


@given(st.integers(-99_999, 99_999), st.integers(0, 6), st.integers(-40, 40))
def test_noise_in_the_last_bits_is_not_shown(digits, places, bits):
    value = digits / 10**places
    noisy = value + bits * 1e-14

    assert on_paper(noisy) == on_paper(value)


@given(FINITE)
def test_the_sign_is_all_that_a_negative_number_adds(value):
    assert on_paper(-abs(value)).lstrip("−") == on_paper(abs(value))


@given(FINITE | USUAL)
def test_the_text_stays_short(value):
    assert len(on_paper(value)) <= 16


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("1782579.20000", "1.783e6"),
        ("−356515.80000", "−3.565e5"),
        ("0.0000354", "3.54e−5"),
        ("0", "0"),
        ("weight1", "weight1"),
        ("0.1 × 0.3 = 0.03", "0.1 × 0.3 = 0.03"),
        ("f'(sum) = 0.24130070857232525", "f'(sum) = 0.2413"),
        ("0,52249999999999996 − 0,40000000000000002", "0,5225 − 0,4"),
        ("0.1 × (−0.29999999999999999)", "0.1 × (−0.3)"),
        ("pixel1234567", "pixel1234567"),
        ("−0.079998", "−0.08000"),
        ("0,10000000000000001", "0,1"),
        ("−0.000470267", "−4.703e−4"),
        ("−0.000400004", "−4.000e−4"),
        ("999999.70000", "1.000e6"),
        ("4.70267e−4", "4.70267e−4"),
        ("1234567/1000", "1234567/1000"),
    ],
)
def test_a_number_is_written_shorter_where_there_is_no_room(written, short):
    assert compact(written) == short
