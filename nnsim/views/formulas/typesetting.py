"""Expressions as boxes, with brackets where they are needed, and formulas that wrap at a width."""

from collections.abc import Sequence

from nnsim.tracing.expression import (
    Add,
    Apply,
    Choose,
    Clip,
    Constant,
    Divide,
    Expression,
    Least,
    Multiply,
    Negative,
    Node,
    Power,
    Square,
    Subtract,
)
from nnsim.tracing.quantity import Quantity
from nnsim.tracing.wording import MINUS, on_paper
from nnsim.tracing.worked.writing import POWER, PRODUCT, SUM, WHOLE
from nnsim.views.formulas.boxes import (
    Box,
    Composed,
    Fenced,
    Fraction,
    Root,
    Smaller,
    Words,
    row,
    scripted,
    stacked,
)
from nnsim.views.formulas.lettering import Lettering
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font

ROOM = 5.0
"""Beside the signs + − × =."""
FIRST_SHOWN, LAST_SHOWN = 5, 1
"""Of a sum with too many terms."""

Set = tuple[Box, int]
"""A box, and how strongly what is in it holds together (tracing/worked/writing.py)."""


class Typesetter:
    """Sets expressions; `lettering` makes what stands for quantities.

    A sum of more terms than `most` shows its first and last ones with dots between.
    """

    def __init__(self, lettering: Lettering, most: int = 12) -> None:
        self._lettering, self._most = lettering, most

    def terms(self, expression: Expression) -> list[Box]:
        """Return an expression as boxes between which a line may break."""
        if isinstance(expression, Add):
            return self._terms(expression.terms)
        if isinstance(expression, Multiply):
            return self._factors(expression.factors)
        if isinstance(expression, Subtract):
            minus = self._lettering.sign(MINUS, ROOM)
            right = self._within(expression.right, PRODUCT)
            return [self._first(expression.left), row((minus, right))]
        return [self._set(expression)[0]]

    def one(self, expression: Expression) -> Box:
        """Return an expression as one box."""
        return self._set(expression)[0]

    def _set(self, expression: Expression) -> Set:
        letters = self._lettering
        match expression:
            case Quantity():
                return letters.quantity(expression), letters.strength(expression)
            case Constant(value):
                return self._constant(value)
            case Add(terms):
                return row(self._terms(terms)), SUM if terms else WHOLE
            case Subtract(left, right):
                minus = letters.sign(MINUS, ROOM)
                return row((self._first(left), minus, self._within(right, PRODUCT))), SUM
            case Multiply(factors):
                return self._product(factors), PRODUCT
        return self._set_otherwise(expression)

    def _set_otherwise(self, node: Node) -> Set:
        letters = self._lettering
        match node:
            case Divide(numerator, denominator):
                parts = self.one(numerator), self.one(denominator)
                return Fraction(*parts, letters.axis, theme().ink), WHOLE
            case Negative(operand):
                return row((letters.sign(MINUS, 1), self._within(operand, PRODUCT))), SUM
            case Square(operand):
                base = self._within(operand, POWER)
                return scripted(base, above=self._small("2")), POWER
            case Apply(function, operand):
                return self._function(function, operand), WHOLE
            case Choose():
                return self._choice(node), WHOLE
        return self._set_limit(node)

    def _set_limit(self, node: Node) -> Set:
        letters = self._lettering
        match node:
            case Power(base, exponent):
                raised = self._smaller().one(exponent)
                return scripted(self._within(base, WHOLE), above=raised), POWER
            case Least(left, right):
                return self._called("min", self.one(left), self.one(right)), WHOLE
            case Clip(operand, limit):
                within = row((letters.sign("±"), self._within(limit, WHOLE)))
                return self._called("clip", self.one(operand), within), WHOLE
        raise AssertionError(f"nobody has said how to set {type(node).__name__}")

    def _terms(self, terms: Sequence[Expression]) -> list[Box]:
        """The terms, each but the first behind its plus; the middle ones of many as dots."""
        if not terms:
            return [self._lettering.sign("0")]
        shown = list(terms)
        is_long = len(terms) > self._most
        if is_long:
            shown = [*terms[:FIRST_SHOWN], *terms[-LAST_SHOWN:]]
        boxes = [self._first(shown[0])]
        plus = self._lettering.sign("+", ROOM)
        for place, term in enumerate(shown[1:], start=1):
            if is_long and place == FIRST_SHOWN:
                boxes.append(row((plus, self._lettering.sign("…"))))
            boxes.append(row((plus, self._within(term, PRODUCT))))
        return boxes

    def _product(self, factors: Sequence[Expression]) -> Box:
        return row(self._factors(factors))

    def _factors(self, factors: Sequence[Expression]) -> list[Box]:
        """The factors, each but the first behind its ×."""
        times = self._lettering.sign("×", ROOM)
        boxes = [self._within(factor, PRODUCT) for factor in factors]
        return [box if place == 0 else row((times, box)) for place, box in enumerate(boxes)]

    def _first(self, part: Expression) -> Box:
        return self._within(part, SUM)

    def _within(self, part: Expression, at_least: int) -> Box:
        box, strength = self._set(part)
        return box if strength >= at_least else self._bracketed(box)

    def _bracketed(self, box: Box) -> Box:
        return Fenced(box, "(", ")", theme().ink)

    def _constant(self, value: float) -> Set:
        if value == 0.5:
            return self._lettering.sign("½"), WHOLE
        written = on_paper(value)
        return self._lettering.sign(written), SUM if written.startswith(MINUS) else WHOLE

    def _function(self, function: str, operand: Expression) -> Box:
        letters = self._lettering
        if function == "exp":
            return scripted(letters.sign("e"), above=self._smaller().one(operand))
        if function == "abs":
            return Fenced(self.one(operand), "|", "|", theme().ink)
        if function == "sqrt":
            return Root(self.one(operand), theme().ink)
        return row((letters.sign(function), self._bracketed(self.one(operand))))

    def _smaller(self) -> "Typesetter":
        """The same in a smaller size, for exponents."""
        letters = self._lettering
        size = max(11, round(letters.size * 0.8))
        return Typesetter(letters.smaller(size), self._most)

    def _called(self, function: str, first: Box, second: Box) -> Box:
        inner = row((first, self._lettering.sign(", "), second))
        return row((self._lettering.sign(function), self._bracketed(inner)))

    def _choice(self, node: Choose) -> Box:
        letters = self._lettering
        sign = "≥" if node.or_equal else ">"
        test = (self.one(node.left), letters.sign(sign, ROOM), self.one(node.right))
        rows = [
            [self.one(node.chosen), row((self._word("if "), *test))],
            [self.one(node.otherwise), self._word("else")],
        ]
        return Fenced(stacked(rows, 16, letters.axis), "{", "", theme().ink)

    def _word(self, word: str) -> Box:
        return Words(word, font(max(11, self._lettering.size - 2)), theme().muted)

    def _small(self, text: str) -> Box:
        return Words(text, font(max(11, round(self._lettering.size * 0.72))), theme().ink)


def wrapped(lead: Box, pieces: Sequence[Box], width: float, gap: float = 6.0) -> Box:
    """Return pieces behind a lead, in as many lines as they need at a width; lines after the first
    begin under the first piece. A piece that is too wide has a line of its own, and is smaller."""
    lines: list[list[Box]] = [[]]
    used, room = 0.0, max(40.0, width - lead.width)
    for whole in pieces:
        piece = whole if whole.width <= room else Smaller(whole, room)
        if lines[-1] and used + piece.width > room:
            lines.append([])
            used = 0.0
        lines[-1].append(piece)
        used += piece.width
    placed: list[tuple[float, float, Box]] = [(0.0, 0.0, lead)]
    y, widest = 0.0, 0.0
    for number, line in enumerate(lines):
        box = row(line)
        if number:
            y += placed[-1][2].below + gap + box.above
        placed.append((lead.width, y, box))
        widest = max(widest, box.width)
    return Composed(placed, lead.width + widest)
