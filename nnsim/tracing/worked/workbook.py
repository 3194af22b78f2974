"""A step as a spreadsheet (.xlsx) whose numbers are computed from each other by live formulas."""

import math
from collections.abc import Iterator, Sequence
from importlib import import_module
from io import BytesIO
from typing import Any

from nnsim.errors import BadFile, NnsimError
from nnsim.tracing.plain_symbols import plain_symbol
from nnsim.tracing.quantity import SETTINGS, Kind, Quantity
from nnsim.tracing.symbols import words
from nnsim.tracing.trace import Trace
from nnsim.tracing.worked.plain_text import PlainText
from nnsim.tracing.worked.solution import Line, lazily, most_numbers
from nnsim.tracing.worked.spreadsheet_formula import SpreadsheetFormula

MOST_NUMBERS = 200_000
"""Of one sheet: such a file has some 10 MB, and programs still open it in seconds."""
MOST_LETTERS = 1_000
"""Of a formula in words: it is read, and the whole one stands in the cell beside it."""

COLUMNS = {"Section": 17, "Name": 36, "Symbol": 16, "Formula": 72, "Value": 22}
"""Each with its width in characters."""
VALUE = "E"
LINE_POINTS = 15
LETTERS_FOR_WIDTH = 0.85
"""How much of a column's width in characters words surely fill before they wrap."""
NOT_FINITE = "#NUM!"
"""What stands for ∞ and for no number, of which spreadsheets know neither."""

TO_BE_CHANGED = "given: change it, and all that depends on it follows"
NOT_TRAINED = "not trained: stays as it is"
FROM_ELSEWHERE = "of the other samples of the batch, or of the steps before: stays as it is"

INPUT_COLOURS = {"font_color": "#1F4E9E", "bg_color": "#FFF6D6", "border": 1}
STYLES: dict[str, dict[str, Any]] = {
    "header": {"bold": True, "bottom": 2, "bg_color": "#E8EAED"},
    "header of numbers": {"bold": True, "bottom": 2, "bg_color": "#E8EAED", "align": "right"},
    "title": {"bold": True, "valign": "top"},
    "section": {"font_color": "#8A8F98", "valign": "top"},
    "text": {"text_wrap": True, "valign": "top"},
    "given": INPUT_COLOURS | {"border_color": "#D9C98A", "valign": "top"},
    "computed": {"valign": "top"},
    "fixed": {"font_color": "#5F6670", "italic": True, "valign": "top"},
}
GIVEN_KINDS = (Kind.input, Kind.expected, Kind.parameter, Kind.learning_rate, *SETTINGS)


def workbook(trace: Trace) -> bytes:
    """Return the solution of a step as an .xlsx file with one sheet.

    Given numbers are plain cells, exact to the last bit; what is computed from others is a formula
    of their cells, with its present value for programs that do not compute. Raises BadFile for a
    step of more than 200,000 numbers, NnsimError where the package XlsxWriter is missing.
    """
    if most_numbers(trace) > MOST_NUMBERS:
        raise BadFile(
            f"This step has more than {MOST_NUMBERS:,} numbers, too many for a spreadsheet; "
            "--json and --python have room for them."
        )
    buffer = BytesIO()
    book = _xlsxwriter().Workbook(buffer, {"constant_memory": True})
    book.set_properties({"title": "One training step"})
    _Sheet(book, trace).write()
    book.close()
    return buffer.getvalue()


def _xlsxwriter() -> Any:
    """XlsxWriter, imported only here: it takes longer than all else that a command loads."""
    try:
        return import_module("xlsxwriter")
    except ImportError:
        raise NnsimError(
            "A spreadsheet is written by the package XlsxWriter, which is not installed: "
            "“pip install XlsxWriter” brings it."
        ) from None


class _Exact(float):
    """A number that XlsxWriter writes with all its digits, not with 16."""

    def __format__(self, _: str) -> str:
        return repr(float(self))


class _Sheet:
    """The sheet, written from the first row to the last: a row is forgotten when it is written."""

    def __init__(self, book: Any, trace: Trace) -> None:
        self._trace = trace
        self._styles = {name: book.add_format(style) for name, style in STYLES.items()}
        self._sheet = book.add_worksheet("Training step")
        self._row = 0
        self._cells: dict[Quantity, str] = {}
        self._values: dict[Quantity, float] = {}
        self._parts: dict[str, str] = {}
        self._formulas = SpreadsheetFormula(
            self._cells.__getitem__, self._values.__getitem__, self._cell_for
        )
        self._names = PlainText(lambda quantity: words(trace.network, quantity))
        self._title = ""
        self._name = ""

    def write(self) -> None:
        """Write all rows, and how they are to be shown and printed."""
        for column, (title, width) in enumerate(COLUMNS.items()):
            self._sheet.set_column(column, column, width)
            style = "header of numbers" if title == "Value" else "header"
            self._sheet.write_string(0, column, title, self._styles[style])
        self._sheet.freeze_panes(1, 0)
        for title, line in self._lines():
            self._write_line(title, line)
        self._sheet.autofilter(0, 0, self._row, len(COLUMNS) - 1)
        self._sheet.repeat_rows(0)
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)

    def _lines(self) -> Iterator[tuple[str, Line]]:
        for title, lines in lazily(self._trace):
            for line in lines:
                yield title, line

    def _write_line(self, title: str, line: Line) -> None:
        quantity, value = line.quantity, line.value
        is_first, self._title = title != self._title, title
        self._name = words(self._trace.network, quantity)
        # Its parts, if it has such, get their rows before it.
        formula = None if line.formula is None else self._formulas.write(line.formula)
        says = (
            self._why_fixed(quantity) if line.formula is None else self._names.write(line.formula)
        )
        self._write_texts(is_first, self._name, plain_symbol(quantity), says)
        if formula is None:
            style = "given" if quantity.kind in GIVEN_KINDS else "fixed"
            self._write_number(value, style)
        else:
            self._write_formula(formula, value)
        self._cells[quantity], self._values[quantity] = f"{VALUE}{self._row + 1}", value

    def _why_fixed(self, quantity: Quantity) -> str:
        if quantity.kind in GIVEN_KINDS:
            return TO_BE_CHANGED
        assert quantity.ref is not None
        is_trained = self._trace.factors(quantity.ref).is_trained
        return FROM_ELSEWHERE if is_trained else NOT_TRAINED

    def _cell_for(self, formula: str, value: float) -> str:
        """The cell of a part of a long sum, in a row of its own; the same part has it once."""
        if formula not in self._parts:
            self._write_texts(False, f"part of {self._name}", "", "some terms of its sum")
            self._write_formula(formula, value)
            self._parts[formula] = f"{VALUE}{self._row + 1}"
        return self._parts[formula]

    def _write_texts(self, is_first: bool, name: str, symbol: str, says: str) -> None:
        """Begin a row."""
        self._row += 1
        shown = says if len(says) <= MOST_LETTERS else f"{says[: MOST_LETTERS - 1]}…"
        styles = ("title" if is_first else "section", "text", "text", "text")
        texts = (self._title, name, symbol, shown)
        self._sheet.set_row(self._row, LINE_POINTS * _lines_of(texts))
        for column, (text, style) in enumerate(zip(texts, styles, strict=True)):
            self._sheet.write_string(self._row, column, text, self._styles[style])

    def _write_number(self, value: float, style: str) -> None:
        column = len(COLUMNS) - 1
        if math.isfinite(value):
            self._sheet.write_number(self._row, column, _Exact(value), self._styles[style])
        else:
            self._write_formula(NOT_FINITE, value, style)

    def _write_formula(self, formula: str, value: float, style: str = "computed") -> None:
        shown = value if math.isfinite(value) else NOT_FINITE
        column, styled = len(COLUMNS) - 1, self._styles[style]
        self._sheet.write_formula(self._row, column, f"={formula}", styled, shown)


def _lines_of(texts: Sequence[str]) -> int:
    """How many lines a row needs: not every program measures wrapped words when it opens a file."""
    widths = COLUMNS.values()
    pairs = zip(texts, widths, strict=False)
    return max(math.ceil(len(text) / (width * LETTERS_FOR_WIDTH)) for text, width in pairs)
