"""Expressions: how a number is computed from others, to be written, computed again and exported.

One tree is the source of everything that is said about a number: the formula in symbols and in
numbers, LaTeX, the lines of a script, the cell of a spreadsheet. So none of them can say something
else than the others.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import overload

from nnsim.tracing.quantity import Quantity


class Node(ABC):
    """A part of an expression that is made of others."""

    @property
    @abstractmethod
    def parts(self) -> Expressions:
        """What it is made of, in the order they are written."""

    @abstractmethod
    def combine(self, values: Sequence[float]) -> float:
        """Return its value from those of its parts, in float64 arithmetic."""


@dataclass(frozen=True)
class Constant(Node):
    """A number that is part of a formula, such as 1, ½ or the α of a leaky ReLU."""

    value: float

    @property
    def parts(self) -> Expressions:
        return ()

    def combine(self, values: Sequence[float]) -> float:
        return self.value


@dataclass(frozen=True)
class Add(Node):
    """a + b + …; no terms are 0."""

    terms: Expressions

    @property
    def parts(self) -> Expressions:
        return self.terms

    def combine(self, values: Sequence[float]) -> float:
        return math.fsum(values)


@dataclass(frozen=True)
class Subtract(Node):
    """a − b."""

    left: Expression
    right: Expression

    @property
    def parts(self) -> Expressions:
        return (self.left, self.right)

    def combine(self, values: Sequence[float]) -> float:
        return values[0] - values[1]


@dataclass(frozen=True)
class Multiply(Node):
    """a × b × …."""

    factors: Expressions

    @property
    def parts(self) -> Expressions:
        return self.factors

    def combine(self, values: Sequence[float]) -> float:
        return math.prod(values)


@dataclass(frozen=True)
class Divide(Node):
    """a / b."""

    numerator: Expression
    denominator: Expression

    @property
    def parts(self) -> Expressions:
        return (self.numerator, self.denominator)

    def combine(self, values: Sequence[float]) -> float:
        above, below = values
        if below:
            return above / below
        return math.nan if above == 0 else math.copysign(math.inf, above)


@dataclass(frozen=True)
class Negative(Node):
    """−a."""

    operand: Expression

    @property
    def parts(self) -> Expressions:
        return (self.operand,)

    def combine(self, values: Sequence[float]) -> float:
        return -values[0]


@dataclass(frozen=True)
class Square(Node):
    """a²."""

    operand: Expression

    @property
    def parts(self) -> Expressions:
        return (self.operand,)

    def combine(self, values: Sequence[float]) -> float:
        return values[0] * values[0]


@dataclass(frozen=True)
class Power(Node):
    """a to the power of b; infinite where it is too large for a number."""

    base: Expression
    exponent: Expression

    @property
    def parts(self) -> Expressions:
        return (self.base, self.exponent)

    def combine(self, values: Sequence[float]) -> float:
        try:
            return math.pow(*values)
        except OverflowError:
            return math.inf


@dataclass(frozen=True)
class Least(Node):
    """The smaller one of a and b."""

    left: Expression
    right: Expression

    @property
    def parts(self) -> Expressions:
        return (self.left, self.right)

    def combine(self, values: Sequence[float]) -> float:
        return min(values)


@dataclass(frozen=True)
class Clip(Node):
    """a held within ± limit; what is not a number stays so."""

    operand: Expression
    limit: Expression

    @property
    def parts(self) -> Expressions:
        return (self.operand, self.limit)

    def combine(self, values: Sequence[float]) -> float:
        value, limit = values
        return min(max(value, -limit), limit)


@dataclass(frozen=True)
class Apply(Node):
    """A function with a name; FUNCTIONS says what it computes."""

    function: str
    operand: Expression

    @property
    def parts(self) -> Expressions:
        return (self.operand,)

    def combine(self, values: Sequence[float]) -> float:
        return FUNCTIONS[self.function](values[0])


@dataclass(frozen=True)
class Choose(Node):
    """`chosen` where left > right (or ≥, when it may be equal), else `otherwise`."""

    left: Expression
    right: Expression
    chosen: Expression
    otherwise: Expression
    or_equal: bool = False

    @property
    def parts(self) -> Expressions:
        return (self.left, self.right, self.chosen, self.otherwise)

    def combine(self, values: Sequence[float]) -> float:
        left, right, chosen, otherwise = values
        is_chosen = left > right or (self.or_equal and left == right)
        return chosen if is_chosen else otherwise


Expression = Node | Quantity
Expressions = Sequence[Expression]


class LazyTerms(Sequence[Expression]):
    """The terms of a sum over all weights, each made when it is asked for: of a million of them a
    reader sees the first and the last."""

    def __init__(self, count: int, make: Callable[[int], Expression]) -> None:
        self._count, self._make = count, make

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Expression: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Expression, ...]: ...
    def __getitem__(self, place: int | slice) -> Expression | tuple[Expression, ...]:
        if isinstance(place, slice):
            return tuple(map(self._make, range(self._count)[place]))
        return self._make(range(self._count)[place])


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _ln(x: float) -> float:
    return math.log(x) if x > 0 else -math.inf if x == 0 else math.nan


def _sqrt(x: float) -> float:
    return math.sqrt(x) if x >= 0 else math.nan


FUNCTIONS: dict[str, Callable[[float], float]] = {
    "exp": _exp,
    "ln": _ln,
    "tanh": math.tanh,
    "abs": abs,
    "sqrt": _sqrt,
    "cos": math.cos,
    "floor": lambda x: float(math.floor(x)),
    "sign": lambda x: float((x > 0) - (x < 0)),
    "Φ": lambda x: 0.5 * math.erfc(-x / math.sqrt(2.0)),
    "φ": lambda x: math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi),
}
"""Φ and φ: distribution and density of the standard normal."""


def evaluate(expression: Expression, value_of: Callable[[Quantity], float]) -> float:
    """Compute an expression from the values of its quantities."""
    if isinstance(expression, Quantity):
        return value_of(expression)
    return expression.combine([evaluate(part, value_of) for part in expression.parts])


def sources(expression: Expression) -> tuple[Quantity, ...]:
    """Return the quantities that an expression is computed from, each once, in their order."""
    return tuple(dict.fromkeys(_quantities(expression)))


def _quantities(expression: Expression) -> list[Quantity]:
    if isinstance(expression, Quantity):
        return [expression]
    return [found for part in expression.parts for found in _quantities(part)]
