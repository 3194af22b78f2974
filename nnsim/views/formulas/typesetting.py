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
from nnsim.tracing.summation import Summation, summed
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
    under_over,
)
from nnsim.views.formulas.lettering import COUNTER, InSymbols, Lettering
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font

ROOM = 5.0
"""Beside the signs + − × =."""
INDENT = 24.0
"""Of lines below a lead that is too long to have them behind it."""
FIRST_SHOWN, LAST_SHOWN = 5, 1
"""Of a sum with too many terms."""

MOST_SUMMED = 2_000
"""In a sum of more terms nobody looks for those that are alike: it would take too long."""

FEW = 3
"""A sum of more terms is not shrunk to one line within a product or a fraction."""

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
        if self._has_long_sum(expression):
            return self._around_sum(expression)
        if isinstance(expression, Multiply):
            return self._factors(expression.factors)
        if isinstance(expression, Subtract):
            minus = self._lettering.sign(MINUS, ROOM)
            right = self._within(expression.right, PRODUCT)
            return [self._first(expression.left), row((minus, right))]
        return [self._set(expression)[0]]

    def _has_long_sum(self, expression: Expression) -> bool:
        """Whether what it is made of is a sum so long that it needs several lines."""
        total = sum_within(expression)
        return total is not None and len(total.terms) > FEW and not self._writes_sigma

    @property
    def _writes_sigma(self) -> bool:
        return isinstance(self._lettering, InSymbols)

    def _around_sum(self, expression: Expression) -> list[Box]:
        """½ × (a + b + …), (a + b + …) / n, −(a + b + …), √(a + b + …): each term by itself."""
        letters, total = self._lettering, sum_within(expression)
        assert total is not None
        lead, tail = "(", ")"
        match expression:
            case Multiply((Constant() as factor, _)):
                first = row((self._constant(factor.value)[0], letters.sign("×", ROOM)))
                return self._bracketed_terms(row((first, letters.sign(lead))), total, tail)
            case Divide(_, divisor):
                below = row((letters.sign(")"), letters.sign("/", ROOM), self.one(divisor)))
                terms = self._bracketed_terms(letters.sign(lead), total, "")
                return [*terms[:-1], row((terms[-1], below))]
            case Negative():
                lead = f"{MINUS}("
            case Apply():
                lead = "√("
        return self._bracketed_terms(letters.sign(lead), total, tail)

    def _bracketed_terms(self, lead: Box, total: Add, tail: str) -> list[Box]:
        boxes = self._terms(total.terms)
        boxes[0] = row((lead, boxes[0]))
        boxes[-1] = row((boxes[-1], self._lettering.sign(tail)))
        return boxes

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
                boxes = self._terms(terms)
                return row(boxes), SUM if len(boxes) > 1 else PRODUCT
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
                return Fraction(*parts, letters.axis, theme().ink), POWER
            case Negative(operand):
                return row((letters.sign(MINUS, 1), self._within(operand, PRODUCT))), SUM
            case Square(operand):
                base = self._within(operand, WHOLE)
                return scripted(base, above=self._small("2")), POWER
            case Apply(function, operand):
                raised = function == "exp"
                return self._function(function, operand), POWER if raised else WHOLE
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
                within = row((letters.sign("±"), self._within(limit, POWER)))
                return self._called("clip", self.one(operand), within), WHOLE
        raise AssertionError(f"nobody has said how to set {type(node).__name__}")

    def _terms(self, terms: Sequence[Expression]) -> list[Box]:
        """The terms, each but the first behind its plus; the middle ones of many as dots."""
        if not terms:
            return [self._lettering.sign("0")]
        if isinstance(self._lettering, InSymbols) and len(terms) <= MOST_SUMMED:
            return self._summed(summed(terms), self._lettering)
        is_long = len(terms) > self._most
        shown = [*terms[:FIRST_SHOWN], *terms[-LAST_SHOWN:]] if is_long else list(terms)
        boxes = [self._first(shown[0])]
        plus = self._lettering.sign("+", ROOM)
        for place, term in enumerate(shown[1:], start=1):
            if is_long and place == FIRST_SHOWN:
                boxes.append(row((plus, self._lettering.sign("…"))))
            boxes.append(row((plus, self._within(term, PRODUCT))))
        return boxes

    def _summed(self, parts: Sequence[Expression | Summation], letters: InSymbols) -> list[Box]:
        """The terms of a sum, those that are alike with Σ; the middle ones of many as dots."""
        is_long = len(parts) > self._most
        shown = [*parts[:FIRST_SHOWN], None, *parts[-LAST_SHOWN:]] if is_long else parts
        plus = letters.sign("+", ROOM)
        boxes: list[Box] = []
        for part in shown:
            box = letters.sign("…")
            if isinstance(part, Summation):
                box = self._summation(part, letters)
            elif part is not None:
                box = self._within(part, PRODUCT if boxes else SUM)
            boxes.append(row((plus, box)) if boxes else box)
        return boxes

    def _summation(self, summation: Summation, letters: InSymbols) -> Box:
        """Σ with its limits, and the term behind it."""
        small = letters.smaller(max(11, round(letters.size * 0.7)))
        sign = letters.smaller(round(letters.size * 1.5)).sign("Σ", 2)
        if summation.limits is None:
            limits = under_over(sign, small.sign(f"{COUNTER} in batch"), None)
        else:
            first, last = map(str, summation.limits)
            under = small.sign(f"{COUNTER} = {first}")
            limits = under_over(sign, under, small.sign(last))
        term = Typesetter(letters.of_term(summation), self._most)._within(summation.term, PRODUCT)
        return row((limits, term), 2.0)

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
    begin under the first piece, or below a lead that leaves a piece no room. A piece that is wider
    than a line is smaller."""
    widest = max((piece.width for piece in pieces), default=0.0)
    is_below = lead.width > INDENT and lead.width + widest > width
    left = INDENT if is_below else lead.width
    lines = _broken(pieces, max(40.0, width - left))
    placed: list[tuple[float, float, Box]] = [(0.0, 0.0, lead)]
    y = 0.0
    for number, line in enumerate(lines):
        box = row(line)
        if number or is_below:
            y += placed[-1][2].below + gap + box.above
        placed.append((left, y, box))
    return Composed(placed, max(x + box.width for x, _, box in placed))


def _broken(pieces: Sequence[Box], room: float) -> list[list[Box]]:
    """Pieces in lines that fit in a room."""
    lines: list[list[Box]] = [[]]
    used = 0.0
    for whole in pieces:
        piece = whole if whole.width <= room else Smaller(whole, room)
        if lines[-1] and used + piece.width > room:
            lines.append([])
            used = 0.0
        lines[-1].append(piece)
        used += piece.width
    return lines


def sum_within(expression: Expression) -> Add | None:
    """Return the sum that a formula is, or is made of: behind a factor or a minus, over a number of
    terms, under a root."""
    match expression:
        case Add() as total:
            return total
        case Multiply((Constant(), Add() as total)) | Negative(Add() as total):
            return total
        case Divide(Add() as total, _) | Apply("sqrt", Add() as total):
            return total
    return None
