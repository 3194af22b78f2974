"""How expressions are written, whatever the notation: the order, and what needs brackets."""

import math
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

SUM, PRODUCT, POWER, WHOLE = range(4)
"""How strongly what is written holds together: a sum in a product needs brackets."""

Written = tuple[str, int]


class Writer(ABC):
    """Writes expressions; `write_quantity` says what stands for a quantity, a name or a number."""

    times: str
    plus = " + "
    minus: str

    def __init__(self, write_quantity: Callable[[Quantity], str]) -> None:
        self._write_quantity = write_quantity

    def write(self, expression: Expression) -> str:
        """Return an expression as text."""
        return self._written(expression)[0]

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
                return self._square(self._within(operand, POWER)), POWER
            case Apply(function, operand):
                return self._function(function, operand)
            case Choose():
                return self._choice(node), SUM
            case Power(base, exponent):
                return self._power(self._within(base, WHOLE), exponent), POWER
            case Least(left, right):
                return self._called("min", self.write(left), self.write(right)), WHOLE
            case Clip(operand, limit):
                return self._clip(operand, limit), WHOLE
        raise AssertionError(f"nobody has said how to write {type(node).__name__}")

    def _sum(self, terms: tuple[Expression, ...]) -> Written:
        if not terms:
            return "0", WHOLE
        rest = (self._within(term, PRODUCT) for term in terms[1:])
        return self.plus.join((self._within(terms[0], SUM, is_first=True), *rest)), SUM

    def _atom(self, text: str) -> Written:
        """A name or a number; behind a sign or in a product a negative one needs brackets."""
        return text, SUM if text.startswith(self.minus) else WHOLE

    def _within(self, part: Expression, at_least: int, is_first: bool = False) -> str:
        text, strength = self._written(part)
        if strength >= at_least or (is_first and strength == SUM):
            return text
        return self._bracketed(text)

    def _constant(self, value: float) -> str:
        return {0.5: "½", math.pi: "π"}.get(value) or on_paper(value)

    def _clip(self, operand: Expression, limit: Expression) -> str:
        return self._called("clip", self.write(operand), f"±{self._within(limit, WHOLE)}")

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
