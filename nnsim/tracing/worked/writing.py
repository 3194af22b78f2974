"""How expressions are written, whatever the notation: the order, and what needs brackets."""

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable

from nnsim.tracing.expression import (
    Add,
    Apply,
    Choose,
    Clip,
    Constant,
    Divide,
    Expression,
    Expressions,
    Least,
    Multiply,
    Negative,
    Node,
    Power,
    Square,
    Subtract,
)
from nnsim.tracing.quantity import Quantity
from nnsim.tracing.wording import on_paper

CHOICE, SUM, PRODUCT, POWER, WHOLE = range(5)
"""How strongly what is written holds together: a sum in a product needs brackets, and “x if x > 0,
else 0” in a sum."""

MOST_TERMS_INSIDE = 6
"""Of a longer sum in a fraction or under a root, where no line can end, the middle is left out."""

_WITH_POWER = re.compile(r"[0-9]e")

Written = tuple[str, int]


class Writer(ABC):
    """Writes expressions; `write_quantity` says what stands for a quantity, a name or a number."""

    times: str
    plus = " + "
    minus: str
    dots = "…"
    choice = CHOICE
    """How strongly a choice holds together."""

    def __init__(self, write_quantity: Callable[[Quantity], str]) -> None:
        self._write_quantity = write_quantity
        self._is_inside = False
        """In a fraction or under a root of a notation that has them."""

    def write(self, expression: Expression) -> str:
        """Return an expression as text."""
        return self._written(expression)[0]

    def pieces(self, expression: Expression) -> list[str]:
        """Return an expression as text in pieces, between which a line may end: the terms of a
        sum."""
        if isinstance(expression, Add) and expression.terms:
            first, *rest = self._terms(expression.terms)
            return [first, *(f"{self.plus}{term}" for term in rest)]
        return [self.write(expression)]

    def _written(self, expression: Expression) -> Written:
        match expression:
            case Quantity():
                return self._atom(self._write_quantity(expression))
            case Constant(value):
                return self._atom(self._constant(value))
            case Add(terms):
                return self._sum(terms)
            case Subtract(left, right):
                first = self._within(left, SUM, is_first=True)
                return f"{first} {self.minus} {self._within(right, PRODUCT)}", SUM
            case Multiply(factors):
                return self.times.join(self._within(f, PRODUCT) for f in factors), PRODUCT
            case Negative(operand):
                return f"{self.minus}{self._within(operand, PRODUCT)}", SUM
        return self._written_otherwise(expression)

    def _written_otherwise(self, node: Node) -> Written:
        match node:
            case Divide():
                return self._quotient(node)
            case Square(operand):
                return self._square(self._within(operand, WHOLE)), POWER
            case Apply(function, operand):
                return self._function(function, operand)
            case Choose():
                return self._choice(node), self.choice
            case Power(base, exponent):
                return self._power(self._within(base, WHOLE), exponent), POWER
            case Least(left, right):
                return self._called("min", self.write(left), self.write(right)), WHOLE
            case Clip(operand, limit):
                return self._clip(operand, limit), WHOLE
        raise AssertionError(f"nobody has said how to write {type(node).__name__}")

    def _sum(self, terms: Expressions) -> Written:
        return (self.plus.join(self._terms(terms)), SUM) if terms else ("0", WHOLE)

    def _terms(self, terms: Expressions) -> list[str]:
        first, *rest = terms
        is_cut = self._is_inside and len(terms) > MOST_TERMS_INSIDE
        kept = (*rest[: MOST_TERMS_INSIDE - 3], rest[-1]) if is_cut else rest
        found = [self._within(term, PRODUCT) for term in kept]
        if is_cut:
            found.insert(-1, self.dots)
        return [self._within(first, SUM, is_first=True), *found]

    def _inside(self, expression: Expression) -> str:
        """What stands in a fraction or under a root."""
        before, self._is_inside = self._is_inside, True
        try:
            return self.write(expression)
        finally:
            self._is_inside = before

    def _atom(self, text: str) -> Written:
        """A name or a number; behind a sign or in a product a negative one needs brackets."""
        return text, SUM if text.startswith(self.minus) else self._strength(text)

    def _strength(self, text: str) -> int:
        """How strongly a name or a number holds together that has no minus: of several words, or
        with a power of ten, it needs brackets to be squared."""
        return POWER if " " in text or _WITH_POWER.search(text) else WHOLE

    def _within(self, part: Expression, at_least: int, is_first: bool = False) -> str:
        text, strength = self._written(part)
        if strength >= at_least or (is_first and strength == SUM):
            return text
        return self._bracketed(text)

    def _constant(self, value: float) -> str:
        return {0.5: "½", math.pi: "π"}.get(value) or on_paper(value)

    def _clip(self, operand: Expression, limit: Expression) -> str:
        return self._called("clip", self.write(operand), f"±{self._within(limit, POWER)}")

    @abstractmethod
    def _called(self, function: str, *operands: str) -> str: ...

    @abstractmethod
    def _power(self, base: str, exponent: Expression) -> str: ...

    @abstractmethod
    def _bracketed(self, text: str) -> str: ...

    @abstractmethod
    def _quotient(self, node: Divide) -> Written: ...

    @abstractmethod
    def _square(self, text: str) -> str: ...

    @abstractmethod
    def _function(self, function: str, operand: Expression) -> Written: ...

    @abstractmethod
    def _choice(self, node: Choose) -> str: ...
