"""Rows pasted from a spreadsheet, a text or a web page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.data.pasted_rows import parse_rows
from nnsim.errors import BadSamples

CHAPTER = [[0.1, 0.8, 0.4]]

ROWS = {
    "tabs": "0.1\t0.8\t0.4",
    "tabs, decimal commas": "0,1\t0,8\t0,4",
    "semicolons": "0.1;0.8;0.4",
    "semicolons, decimal commas": "0,1; 0,8; 0,4",
    "blanks": "0.1 0.8 0.4",
    "many blanks": "  0.1   0.8  0.4  ",
    "blanks, decimal commas": "0,1 0,8 0,4",
    "commas": "0.1,0.8,0.4",
    "commas and blanks": "0.1, 0.8, 0.4",
    "headings": "input1\tinput2\texpected\n0.1\t0.8\t0.4",
    "headings of words": "x y t\n0.1 0.8 0.4",
    "empty lines": "\n\n0.1\t0.8\t0.4\n\n",
    "Windows line ends": "0.1\t0.8\t0.4\r\n",
    "minus and fraction": "1/10\t0.8\t0.4",
}


@pytest.mark.parametrize("text", ROWS.values(), ids=ROWS.keys())
def test_a_row_is_read_however_it_is_parted(text):
    assert parse_rows(text, 3) == CHAPTER


def test_many_rows():
    assert parse_rows("0\t0\t0\n0\t1\t1\n1\t0\t1\n1\t1\t0", 3) == [
        [0, 0, 0],
        [0, 1, 1],
        [1, 0, 1],
        [1, 1, 0],
    ]


def test_two_columns_of_decimal_commas_parted_by_a_blank():
    assert parse_rows("0,1 0,8", 2) == [[0.1, 0.8]]


def test_in_one_column_a_comma_is_a_decimal_comma():
    assert parse_rows("0,5\n1,5", 1) == [[0.5], [1.5]]


@pytest.mark.parametrize("text", ["3 5", "3\t5", "3;5"])
def test_two_cells_are_never_made_one_number(text):
    with pytest.raises(BadSamples, match="Line 1 has 2 numbers"):
        parse_rows(text, 1)


REFUSED = {
    "nothing": ("", "nothing to paste: copy rows of 3 numbers first"),
    "blanks only": (" \n\t\n", "nothing to paste"),
    "too few": ("1\t2", "Line 1 has 2 numbers; a sample needs 3"),
    "too many": ("1\t2\t3\t4", "Line 1 has 4 numbers; a sample needs 3"),
    "a later row": ("1\t2\t3\n\n1\t2", "Line 3 has 2 numbers"),
    "a word": ("1\t2\t3\n1\tabc\t3", "Line 2, column 2: “abc” is not a number"),
    "an empty cell": ("1\t\t3", "Line 1, column 2: Nothing was typed"),
    "not finite": ("1\tnan\t3", "Line 1, column 2: “nan” is not a number"),
    "too large": ("1\t2\t1e400", "Line 1, column 3: “1e400” is too large"),
    "headings only": ("a\tb\tc", "Line 1, column 1: “a” is not a number"),
    "headings twice": ("a\tb\tc\nd\te\tf\n1\t2\t3", "Line 2, column 1: “d” is not a number"),
}


@pytest.mark.parametrize(("text", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_does_not_fit_is_refused_with_its_place(text, sentence):
    with pytest.raises(BadSamples) as caught:
        parse_rows(text, 3)

    assert sentence in str(caught.value)


FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(st.tuples(FLOATS, FLOATS), min_size=1), st.sampled_from(["\t", ";", " ", ", "]))
def test_rows_written_in_full_come_back_exactly(rows, separator):
    text = "\n".join(separator.join(map(repr, row)) for row in rows)

    assert parse_rows(text, 2) == [list(row) for row in rows]


@given(
    st.lists(st.tuples(FLOATS, FLOATS, FLOATS), min_size=1), st.sampled_from(["\t", ";", " ", "; "])
)
def test_decimal_commas_come_back_exactly_whatever_else_parts_the_cells(rows, separator):
    text = "\n".join(separator.join(repr(x).replace(".", ",") for x in row) for row in rows)

    assert parse_rows(text, 3) == [list(row) for row in rows]


@given(st.text(), st.integers(1, 4))
def test_no_text_raises_anything_but_bad_samples(text, columns):
    try:
        rows = parse_rows(text, columns)
    except BadSamples:
        return
    assert all(len(row) == columns for row in rows)
