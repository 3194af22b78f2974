"""Numbers written as somebody has chosen, and read back."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.data.typed_numbers import parse_number
from nnsim.files.examples import open_example
from nnsim.tracing.display import Display, as_fraction, use_display, usual_display
from nnsim.tracing.wording import compact, on_paper
from nnsim.tracing.worked.written import markdown

NUMBERS = st.floats(-1e8, 1e8).filter(lambda x: x == 0 or abs(x) > 1e-8)


@pytest.fixture(autouse=True, scope="module")
def usual_afterwards():
    yield
    use_display(Display())


def written(value, **chosen):
    use_display(Display(**chosen))
    return on_paper(value)


@given(NUMBERS, st.integers(2, 17), st.booleans())
def test_so_many_digits_are_read_back_as_the_same_number_to_them(value, digits, comma):
    read = parse_number(written(value, digits=digits, comma=comma))
    assert read == pytest.approx(value, rel=0.51 * 10.0 ** (1 - digits), abs=0)


@given(NUMBERS)
def test_seventeen_digits_are_the_number_itself(value):
    assert parse_number(written(value, digits=17)) == value


@given(NUMBERS, st.booleans())
def test_a_fraction_is_the_number_exactly(value, comma):
    text = written(value, fractions=True, comma=comma)
    if "/" in text:
        above, below = text.replace("−", "-").split("/")
        assert int(above) / int(below) == pytest.approx(value, abs=1e-11)
        assert math.gcd(int(above), int(below)) == 1


@pytest.mark.parametrize(
    ("value", "chosen", "text"),
    [
        (0.35, {}, "0.35"),
        (0.35, {"comma": True}, "0,35"),
        (0.35, {"fractions": True}, "7/20"),
        (-0.035, {"fractions": True}, "−7/200"),
        (2.0, {"fractions": True}, "2"),
        (1 / 3, {"fractions": True}, "0.33333"),
        (1 / 3, {"digits": 2}, "0.33"),
        (1 / 3, {"digits": 10, "comma": True}, "0,3333333333"),
        (0.1 + 0.2, {}, "0.3"),
        (0.1 + 0.2, {"digits": 17}, "0.30000000000000004"),
        (1.5e-7, {"digits": 3, "comma": True}, "1,5e−7"),
    ],
)
def test_numbers_are_written_so(value, chosen, text):
    assert written(value, **chosen) == text


def test_a_narrow_place_keeps_the_comma():
    assert "," in compact(written(0.000123456789, digits=9, comma=True))


def test_what_is_written_to_a_file_is_written_the_usual_way():
    use_display(Display())
    trace = open_example("chapter").trace()
    usual = markdown(trace)
    use_display(Display(digits=3, comma=True))
    with usual_display():
        assert markdown(trace) == usual
    assert markdown(trace) != usual


def test_too_few_and_too_many_digits_are_refused():
    for digits in (1, 18):
        with pytest.raises(ValueError, match="2 to 17"):
            Display(digits=digits)


def test_a_decimal_with_a_long_denominator_stays_one():
    assert as_fraction("0.1234") is None
    assert as_fraction("0.125") == "1/8"
