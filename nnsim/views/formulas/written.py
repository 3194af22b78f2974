"""The formula of one number, set in three lines: in words, in numbers, and in symbols."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtGui import QPainter

from nnsim.tracing.arithmetic import ABOUT, NotOnPaper, chosen_arithmetic
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.display import display
from nnsim.tracing.expression import Expression
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.trace import Trace
from nnsim.tracing.uses import sources_of
from nnsim.tracing.wording import on_paper
from nnsim.views.formulas.boxes import Box, Words, row
from nnsim.views.formulas.lettering import (
    InArithmetic,
    InNumbers,
    InSymbols,
    InWords,
    Lettering,
    Roles,
)
from nnsim.views.formulas.typesetting import FEW, ROOM, Typesetter, sum_within, wrapped
from nnsim.views.parts.type import semibold

SYMBOLS, WORDS, NUMBERS = 16, 13, 16
GAP = 12.0


@dataclass(frozen=True)
class Line:
    """A line of a formula, and where it stands below the top."""

    box: Box
    top: float

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Draw it where the formula begins at x, y."""
        self.box.draw(painter, x, y + self.top + self.box.above)

    def numbers(self, x: float, y: float) -> list[tuple[QRectF, Quantity]]:
        """Return where its quantities stand then."""
        return list(self.box.numbers(x, y + self.top + self.box.above))


@dataclass(frozen=True)
class WrittenFormula:
    """All lines of a formula."""

    lines: tuple[Line, ...]
    height: float

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Draw it with its upper left corner at x, y."""
        for line in self.lines:
            line.draw(painter, x, y)

    def numbers(self, x: float, y: float) -> list[tuple[QRectF, Quantity]]:
        """Return where the quantities stand when it is drawn at x, y."""
        return [spot for line in self.lines for spot in line.numbers(x, y)]


def write_formula(trace: Trace, quantity: Quantity, width: float, most: int = 12) -> WrittenFormula:
    """Set the formula of a quantity at a width; of one that is given, its name and number alone.

    In the middle of a pass the formula is there before its number: what is not computed yet is
    written as dots. most: of longer sums only the first and last terms are written.
    """
    whole, shown = Derivation(trace.whole), Derivation(trace)
    formula = whole.formula(quantity)
    roles = _roles(whole, quantity)
    in_numbers = _in_numbers(InNumbers(shown, NUMBERS, roles), quantity, formula, width, most)
    if formula is None:
        return _stacked([in_numbers])

    def named(letters: Lettering) -> Box:
        lead = row((letters.quantity(quantity), letters.sign("=", ROOM)))
        return wrapped(lead, Typesetter(letters, most).terms(formula), width)

    on_paper_too: list[Box] = []
    if shown.value(quantity) is not None:
        on_paper_too = _in_other_arithmetic(whole, quantity, formula, roles, width, most)
    in_symbols = named(InSymbols(shown, SYMBOLS, roles))
    numbers = [in_numbers, *on_paper_too]
    if trace.conventions.speaks_symbols:
        return _stacked([in_symbols, *numbers])
    in_words = named(InWords(shown, WORDS, roles))
    total = sum_within(formula)
    if total is not None and len(total.terms) > FEW:  # Σ says in a line what takes many below it
        return _stacked([in_symbols, in_words, *numbers])
    return _stacked([in_words, *numbers, in_symbols])


def _in_numbers(
    letters: Lettering, quantity: Quantity, formula: Expression | None, width: float, most: int
) -> Box:
    """0.35 × 1 × 0.1 = 0.035; behind its name where there is no formula."""
    value = letters.derivation.value(quantity)
    result = Words(
        "…" if value is None else on_paper(value),
        semibold(letters.size + 2),
        letters.colour(quantity),
        quantity,
    )
    equals = letters.sign("=", ROOM)
    if formula is None:
        name = InWords(letters.derivation, letters.size, letters.roles).quantity(quantity)
        return row((name, equals, result))
    terms = Typesetter(letters, most).terms(formula)
    if isinstance(formula, Quantity):  # f(x) = x: the number alone, not twice
        return row((equals, result))
    return wrapped(letters.sign("=", ROOM), [*terms, row((equals, result))], width)


def _in_other_arithmetic(
    derivation: Derivation,
    quantity: Quantity,
    formula: Expression,
    roles: Roles,
    width: float,
    most: int,
) -> list[Box]:
    """The same in exact fractions or rounded on every line, if somebody has chosen so."""
    plain = InNumbers(derivation, NUMBERS, roles)
    equals = plain.sign("=", ROOM)
    try:
        arithmetic = chosen_arithmetic(derivation.trace)
        if arithmetic is None:
            return []
        letters = InArithmetic(derivation, NUMBERS, roles, arithmetic)
        result = arithmetic.text(quantity)
        drift = arithmetic.drift(quantity)
        terms = Typesetter(letters, most).terms(formula)
    except NotOnPaper as why:
        return [plain.note(str(why))]
    is_about = result.startswith(ABOUT)
    sign = letters.sign(ABOUT, ROOM) if is_about else equals
    shown = row((sign, letters.strong(result.removeprefix(ABOUT).strip(), quantity)))
    pieces = [*terms, shown, letters.note(arithmetic_words(on_paper(drift), is_about))]
    return [wrapped(equals, pieces, width)]


def arithmetic_words(drift: str, is_about: bool) -> str:
    """Return what stands behind the result: how it was computed, and how far it is off.

    is_about: it is a fraction too long to be written.
    """
    chosen = display()
    if chosen.exact and is_about:
        return QCoreApplication.translate("written", "  computed exactly, a long fraction")
    if chosen.exact:
        return QCoreApplication.translate("written", "  exactly")
    said = QCoreApplication.translate("written", "  rounded on every line, drift {}")
    return said.format(drift)


def _roles(derivation: Derivation, quantity: Quantity) -> Roles:
    """The three factors of a delta, which are marked alike everywhere."""
    if quantity.kind is not Kind.delta:
        return {}
    roles = {}
    for source in sources_of(derivation, quantity):
        if source.kind in (Kind.output_gradient, Kind.signal, Kind.error):
            roles[source] = "error"
        elif source.kind is not Kind.learning_rate:
            roles[source] = "slope" if source.kind is Kind.slope else "source"
    return roles


def _stacked(boxes: list[Box]) -> WrittenFormula:
    lines, top = [], 0.0
    for box in boxes:
        lines.append(Line(box, top))
        top += box.height + GAP
    return WrittenFormula(tuple(lines), max(0.0, top - GAP))


def is_long(trace: Trace, quantity: Quantity, most: int = 12) -> int:
    """Return how many terms the formula has when they are more than are written, else 0."""
    formula = Derivation(trace.whole).formula(quantity)
    total = None if formula is None else sum_within(formula)
    terms = 0 if total is None else len(total.terms)
    return terms if terms > most else 0
