"""Rows of numbers pasted from a spreadsheet, a text or a web page."""

import re

from nnsim.data.typed_numbers import parse_number
from nnsim.errors import BadNumber, BadSamples, counted


def parse_rows(text: str, columns: int) -> list[list[float]]:
    """Return the pasted rows, each of `columns` numbers; raise BadSamples naming line and column.

    Cells are parted by tabs; else by semicolons; else by commas with a blank behind them; else by
    blanks; else by commas, except that a single column takes a single comma as a decimal comma.
    A first row that holds no number at all is taken as headings and left out.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    rows = [(number, _cells(line.strip(), columns)) for number, line in lines]
    if len(rows) > 1 and not any(_is_number(cell) for cell in rows[0][1]):
        rows = rows[1:]
    if not rows:
        raise BadSamples(
            f"There is nothing to paste: copy rows of {counted(columns, 'number')} first."
        )
    return [_numbers(number, cells, columns) for number, cells in rows]


def _cells(line: str, columns: int) -> list[str]:
    if "\t" in line or ";" in line:
        cells = line.split("\t" if "\t" in line else ";")
    elif re.search(r",\s", line):
        cells = line.split(",")
    elif len(line.split()) > 1 or (columns == 1 and line.count(",") == 1):
        cells = line.split()
    else:
        cells = line.split(",")
    return [cell.strip() for cell in cells]


def _is_number(cell: str) -> bool:
    try:
        parse_number(cell)
    except BadNumber:
        return False
    return True


def _numbers(line: int, cells: list[str], columns: int) -> list[float]:
    if len(cells) != columns:
        raise BadSamples(
            f"Line {line} has {counted(len(cells), 'number')}; a sample needs {columns}: "
            "its inputs, then what is expected."
        )
    numbers = []
    for column, cell in enumerate(cells, start=1):
        try:
            numbers.append(parse_number(cell))
        except BadNumber as error:
            raise BadSamples(f"Line {line}, column {column}: {error}") from None
    return numbers
