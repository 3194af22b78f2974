"""Rows of numbers pasted from a spreadsheet, a text or a web page."""

import re

from nnsim.data.typed_numbers import parse_number
from nnsim.errors import BadNumber, BadSamples


def parse_rows(text: str, columns: int) -> list[list[float]]:
    """Return the pasted rows, each of `columns` numbers; raise BadSamples naming line and column.

    Cells are parted by tabs; else by semicolons; else by blanks; else, in a row without blanks,
    by commas. A first row that holds no number at all is taken as headings and left out.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    rows = [(number, _cells(line)) for number, line in lines]
    if len(rows) > 1 and not any(_is_number(cell) for cell in rows[0][1]):
        rows = rows[1:]
    if not rows:
        raise BadSamples(f"There is nothing to paste: copy rows of {columns} numbers first.")
    return [_numbers(number, cells, columns) for number, cells in rows]


def _cells(line: str) -> list[str]:
    for separator in ("\t", ";"):
        if separator in line:
            return [cell.strip() for cell in line.split(separator)]
    if re.search(r",\s", line.strip()) or line.count(",") > 1:
        return [cell.strip() for cell in line.split(",")]
    cells = line.split()
    return line.strip().split(",") if len(cells) == 1 and "," in line else cells


def _is_number(cell: str) -> bool:
    try:
        parse_number(cell)
    except BadNumber:
        return False
    return True


def _numbers(line: int, cells: list[str], columns: int) -> list[float]:
    if columns == 1 and len(cells) == 2 and all(cells):
        cells = [",".join(cells)]  # one column: the comma can only be a decimal comma
    if len(cells) != columns:
        raise BadSamples(
            f"Line {line} has {len(cells)} numbers; a sample needs {columns}: "
            "its inputs, then what is expected."
        )
    numbers = []
    for column, cell in enumerate(cells, start=1):
        try:
            numbers.append(parse_number(cell))
        except BadNumber as error:
            raise BadSamples(f"Line {line}, column {column}: {error}") from None
    return numbers
