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
from nnsim.tracing.trace import Trace, trace_of
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
STEP, OTHERS = "Training step", "Other samples"
"""The names of the sheets; there is only the first for a step on one sample."""
OF_A_PASS = ("Given", "Feedforward", "Error", "Backpropagation")
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
GIVEN_ONCE = (Kind.parameter, Kind.learning_rate, *SETTINGS)
"""They are the same for all samples."""
GIVEN_KINDS = (Kind.input, Kind.expected, *GIVEN_ONCE)


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
    sheet = _Sheet(book, STEP, trace)
    for title, line in _lines(trace):
        if _is_of_another_sample(line) and not sheet.elsewhere and _are_live(trace):
            sheet.elsewhere = _write_other_samples(book, trace, sheet)
        sheet.write_line(title, line)
    sheet.finish()
    book.close()
    return buffer.getvalue()


def _lines(trace: Trace) -> Iterator[tuple[str, Line]]:
    for title, lines in lazily(trace):
        for line in lines:
            yield title, line


def _is_of_another_sample(line: Line) -> bool:
    return line.quantity.kind is Kind.delta and line.quantity.sample is not None


def _are_live(trace: Trace) -> bool:
    """Whether the deltas of the other samples of a batch are computed too: there is room, and the
    samples are known."""
    is_room = most_numbers(trace) * len(trace.batch) <= MOST_NUMBERS
    return is_room and trace.holds_batch


def _write_other_samples(book: Any, trace: Trace, step: "_Sheet") -> dict[Quantity, str]:
    """Write the passes over the other samples of the batch on a sheet of their own, by the weights
    of the step's sheet; return the cells of their deltas."""
    sheet, found = _Sheet(book, OTHERS, trace), {}
    sheet.take_given(step)
    for place, sample in enumerate(trace.batch.tolist()):
        if sample == trace.sample:
            continue
        for title, line in _lines(_pass_over(trace, place)):
            if title in OF_A_PASS and line.quantity.kind not in GIVEN_ONCE:
                sheet.write_line(f"Sample {sample + 1}: {title.lower()}", line)
        for ref in trace.network.refs():
            own = sheet.cells[Quantity(Kind.delta, ref=ref)]
            found[Quantity(Kind.delta, ref=ref, sample=sample)] = f"'{OTHERS}'!{own}"
    sheet.finish()
    return found


def _pass_over(trace: Trace, place: int) -> Trace:
    """The Trace of a sample of the step's batch, by its place there."""
    assert trace.step is not None
    inputs = trace.step.passed.activations[0][place]
    return trace_of(trace.network, inputs, trace.step.expected[place], trace.settings)


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

    def __init__(self, book: Any, name: str, trace: Trace) -> None:
        self._trace = trace
        self._styles = {style: book.add_format(looks) for style, looks in STYLES.items()}
        self._sheet = book.add_worksheet(name)
        self._row = 0
        self.cells: dict[Quantity, str] = {}
        """Where the numbers stand, of which there are formulas."""
        self.elsewhere: dict[Quantity, str] = {}
        """Numbers that are computed on another sheet, each with its cell there."""
        self._values: dict[Quantity, float] = {}
        self._parts: dict[str, str] = {}
        self._formulas = SpreadsheetFormula(
            self.cells.__getitem__, self._values.__getitem__, self._cell_for
        )
        self._names = PlainText(lambda quantity: words(trace.network, quantity))
        self._title = ""
        self._name = ""
        self._begin()

    def take_given(self, other: "_Sheet") -> None:
        """Compute by the weights and settings of another sheet."""
        for quantity, cell in other.cells.items():
            if quantity.kind in GIVEN_ONCE:
                self.cells[quantity] = f"'{STEP}'!{cell}"
                self._values[quantity] = other._values[quantity]

    def _begin(self) -> None:
        for column, (title, width) in enumerate(COLUMNS.items()):
            self._sheet.set_column(column, column, width)
            style = "header of numbers" if title == "Value" else "header"
            self._sheet.write_string(0, column, title, self._styles[style])
        self._sheet.freeze_panes(1, 0)

    def finish(self) -> None:
        """Say how the rows are to be shown and printed."""
        self._sheet.autofilter(0, 0, self._row, len(COLUMNS) - 1)
        self._sheet.repeat_rows(0)
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)

    def write_line(self, title: str, line: Line) -> None:
        """Write a number of the step in the next row, after the parts of its formula."""
        quantity, value = line.quantity, line.value
        is_first, self._title = title != self._title, title
        self._name = words(self._trace.network, quantity)
        # Its parts, if it has such, get their rows before it.
        formula = self.elsewhere.get(quantity)
        says = f"on the sheet “{OTHERS}”" if formula else self._why_fixed(quantity)
        if line.formula is not None:
            formula, says = self._formulas.write(line.formula), self._names.write(line.formula)
        self._write_texts(is_first, self._name, plain_symbol(quantity), says)
        if formula is None:
            style = "given" if quantity.kind in GIVEN_KINDS else "fixed"
            self._write_number(value, style)
        else:
            self._write_formula(formula, value)
        self.cells[quantity], self._values[quantity] = f"{VALUE}{self._row + 1}", value

    def _why_fixed(self, quantity: Quantity) -> str:
        if quantity.kind in GIVEN_KINDS or quantity.ref is None:
            return TO_BE_CHANGED
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
