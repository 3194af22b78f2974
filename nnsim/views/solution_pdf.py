"""The worked solution of a step as a PDF, whose words and numbers a reader can find and copy."""

import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from nnsim.errors import BadFile
from nnsim.tracing.trace import Trace
from nnsim.tracing.worked.solution import most_numbers
from nnsim.tracing.worked.written import TITLE, plain_equations
from nnsim.views.parts.type import font, in_use, load_fonts, metrics, searchable_figures, semibold

MOST_NUMBERS = 20_000
"""Of one file, which then has some hundred pages and is painted in seconds."""
DOTS_PER_INCH = 96
MARGIN_MM = 18
TEXT, HEADING, TOP, FOOT = 13, 17, 24, 11
"""Heights of letters, in pixels."""
INDENT = 22
LINE_SPACING = 1.3
BETWEEN, ABOVE_HEADING = 4, 16
KEPT_TOGETHER = 5
"""So many lines begin what is longer than a page; with a heading they are never it alone."""


def solution_pdf(trace: Trace) -> bytes:
    """Return the solution as a PDF of numbered A4 pages.

    Raises BadFile for a step of more than 20,000 numbers.
    """
    if most_numbers(trace) > MOST_NUMBERS:
        raise BadFile(
            f"This step has more than {MOST_NUMBERS:,} numbers, too many for pages; "
            "--html and --markdown have room for them."
        )
    if QGuiApplication.instance() is None:
        QGuiApplication(sys.argv[:1])
    load_fonts()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DOTS_PER_INCH)
    writer.setTitle(TITLE)
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    with searchable_figures():
        _write(_Pages(writer), trace)
    return bytes(buffer.data().data())


def _write(pages: "_Pages", trace: Trace) -> None:
    pages.add_heading(TITLE, TOP)
    for title, equations in plain_equations(trace):
        pages.add_heading(title, HEADING)
        for sides in equations:
            pages.add_equation(sides)
    pages.end()


class _Line(NamedTuple):
    """A line of a paragraph, the layout that owns it, and the room above it."""

    layout: QTextLayout
    line: QTextLine
    above: float

    @property
    def height(self) -> float:
        return self.above + self.line.height() * LINE_SPACING


class _Pages:
    """Paints one paragraph below the other, and begins a page where the last one is full."""

    def __init__(self, writer: QPdfWriter) -> None:
        self._writer = writer
        self._painter = QPainter(writer)
        room = QRectF(self._painter.viewport())
        self._width, self._height = room.width(), room.height() - 3 * FOOT
        self._foot = QRectF(0, room.height() - 2 * FOOT, room.width(), 2 * FOOT)
        self._number = 1
        self._y = 0.0
        self._headings: list[_Line] = []

    def add_heading(self, title: str, pixels: int) -> None:
        """Let a title stand above the next equation, on the same page."""
        self._headings += _wrapped(title, in_use(semibold(pixels)), 0, self._width, ABOVE_HEADING)

    def add_equation(self, sides: Sequence[str]) -> None:
        """Paint what is equal; a line that is full goes on with the next sign of equality below.

        It stays on one page, unless it is longer than a page.
        """
        used, lines, indent, text, above = in_use(font(TEXT)), self._headings, 0, sides[0], BETWEEN
        for side in sides[1:]:
            longer = f"{text} = {side}"
            if metrics(used).horizontalAdvance(longer) < self._width - indent:
                text = longer
            else:
                lines += _wrapped(text, used, indent, self._width, above)
                indent, text, above = INDENT, f"= {side}", 0
        lines += _wrapped(text, used, indent, self._width, above, bold=len(sides[-1]))
        self._headings = []
        self._paint(lines)

    def end(self) -> None:
        """Finish the last page."""
        self._paint(self._headings)
        self._paint_foot()
        self._painter.end()

    def _paint(self, lines: Sequence[_Line]) -> None:
        heights = [line.height for line in lines]
        together = heights if sum(heights) <= self._height else heights[:KEPT_TOGETHER]
        if self._y + sum(together) > self._height:
            self._begin_page()
        for line in lines:
            if self._y + line.height > self._height:
                self._begin_page()
            above = line.above if self._y else 0
            line.line.draw(self._painter, QPointF(0, self._y + above - line.line.y()))
            self._y += line.height - line.above + above

    def _begin_page(self) -> None:
        self._paint_foot()
        self._writer.newPage()
        self._number += 1
        self._y = 0.0

    def _paint_foot(self) -> None:
        self._painter.setFont(in_use(font(FOOT)))
        below = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        self._painter.drawText(self._foot, below, f"Page {self._number}")


def _wrapped(
    text: str, used: QFont, indent: int, width: float, above: int, bold: int = 0
) -> Iterator[_Line]:
    """The lines of a text; the last letters of it, so many, are bold."""
    layout = QTextLayout(text, used)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    if bold:
        layout.setFormats([_bold_end(text, bold)])
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width - indent)
        line.setPosition(QPointF(indent, 0))
        yield _Line(layout, line, above)
        above = 0
    layout.endLayout()


def _bold_end(text: str, letters: int) -> QTextLayout.FormatRange:
    """QTextLayout counts in UTF-16."""
    length, whole = (len(part.encode("utf-16-le")) // 2 for part in (text[-letters:], text))
    style, found = QTextCharFormat(), QTextLayout.FormatRange()
    style.setFont(in_use(semibold(TEXT)))
    found.start, found.length, found.format = whole - length, length, style
    return found
