"""The same step computed otherwise: in exact fractions, or rounded on every line as on paper.

Both follow the formulas of the Derivation line by line from the given numbers, which are taken as
the decimals that people typed: 0.1 is one tenth.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from nnsim.errors import NnsimError
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.display import display
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
    evaluate,
    sources,
)
from nnsim.tracing.quantity import Quantity
from nnsim.tracing.trace import Trace
from nnsim.tracing.wording import MINUS, on_paper

LONGEST_FRACTION = 24
"""A fraction of more signs is written as a decimal too: nobody reads it."""

ABOUT = "≈"
MOST_TYPED = 1000
"""The largest denominator of a fraction that people type: 1/3 is one third."""


MOST_ON_PAPER = 500
"""Nobody computes a step of more weights on paper, and each takes some 0.06 ms."""


class NotOnPaper(NnsimError):
    """A number that cannot be computed so: an e-function makes no fractions, …"""


def chosen_arithmetic(trace: Trace) -> "Arithmetic | None":
    """Return the arithmetic in which people want the numbers of a Trace to be computed too; None
    where they want none. Raises NotOnPaper where the network is too large for it.
    """
    chosen = display()
    if not chosen.is_on_paper:
        return None
    if trace.network.parameter_count > MOST_ON_PAPER:
        raise NotOnPaper(
            f"As on paper only up to {MOST_ON_PAPER} weights and biases: "
            f"here are {trace.network.parameter_count:,}."
        )
    return _arithmetic_of(trace.whole, chosen.rounded)


@lru_cache(maxsize=1)
def _arithmetic_of(trace: Trace, decimals: int | None) -> "Arithmetic":
    """The same for all that ask at a moment: what is computed once stays."""
    derivation = Derivation(trace)
    return Exact(derivation) if decimals is None else Rounded(derivation, decimals)


class Arithmetic(ABC):
    """Computes the numbers of a Trace in its own way; each once, when it is asked for."""

    def __init__(self, derivation: Derivation) -> None:
        self._derivation = derivation
        self._known: dict[Quantity, Fraction] = {}

    def value(self, quantity: Quantity) -> Fraction:
        """Return the number of a quantity in this arithmetic.

        Raises NotOnPaper where it cannot be computed: where there is none, or an exact one is no
        fraction.
        """
        # no recursion: networks can have hundreds of layers
        waiting = [] if quantity in self._known else [quantity]
        while waiting:
            formula = self._derivation.formula(waiting[-1])
            missing = () if formula is None else sources(formula)
            missing = tuple(source for source in missing if source not in self._known)
            if missing:
                waiting += missing
            else:
                now = waiting.pop()
                self._known[now] = self._given(now) if formula is None else self._computed(formula)
        return self._known[quantity]

    def drift(self, quantity: Quantity) -> float:
        """Return how far the number is from the one that was computed in full."""
        full = self._derivation.value(quantity)
        return math.nan if full is None else float(self.value(quantity) - Fraction(full))

    @abstractmethod
    def text(self, quantity: Quantity) -> str:
        """Return the number as it is written in this arithmetic; raises NotOnPaper as `value`."""

    @abstractmethod
    def _computed(self, formula: Expression) -> Fraction: ...

    def _given(self, quantity: Quantity) -> Fraction:
        """A number that nothing in the step computes, as the decimal that a person typed."""
        value = self._derivation.value(quantity)
        if value is None or not math.isfinite(value):
            raise NotOnPaper("There is no such number in this step.")
        simple = Fraction(value).limit_denominator(MOST_TYPED)
        return simple if float(simple) == value else Fraction(as_meant(value))


def as_meant(value: float) -> str:
    """Return the decimal that a number stands for: 0.265 where steps have left
    0.26499999999999996, else its shortest one. float64 keeps any decimal of 15 digits."""
    shortest, kept = repr(value), f"{value:.15g}"
    return kept if len(kept) + 3 <= len(shortest) else shortest


class Exact(Arithmetic):
    """Fractions, for networks whose activations and loss have neither e nor roots."""

    def text(self, quantity: Quantity) -> str:
        value = self.value(quantity)
        written = str(value).replace("-", MINUS)
        if len(written) <= LONGEST_FRACTION:
            return written
        return f"{ABOUT} {on_paper(float(value))}"

    def _computed(self, formula: Expression) -> Fraction:
        if isinstance(formula, Quantity):
            return self.value(formula)
        return _combined(formula, [self._computed(part) for part in formula.parts])


class Rounded(Arithmetic):
    """Every line is rounded to so many decimals, and the next one goes on from that.

    A 5 at the end is rounded up, away from 0, as at school.
    """

    def __init__(self, derivation: Derivation, decimals: int) -> None:
        super().__init__(derivation)
        self._decimals = decimals

    def text(self, quantity: Quantity) -> str:
        decimal = Decimal(self.value(quantity).numerator) / self.value(quantity).denominator
        written = f"{decimal.normalize():f}".replace("-", MINUS)
        return written.replace(".", ",") if display().comma else written

    def _computed(self, formula: Expression) -> Fraction:
        found = evaluate(formula, lambda quantity: float(self.value(quantity)))
        if not math.isfinite(found):
            raise NotOnPaper("This number is too large, or none.")
        # 2.675 is a little less in binary: the decimal that people mean is rounded
        meant = Decimal(f"{found:.12g}")
        step = Decimal(1).scaleb(-self._decimals)
        return Fraction(meant.quantize(step, rounding=ROUND_HALF_UP))


def _combined(node: Node, values: Sequence[Fraction]) -> Fraction:
    match node:
        case Constant(value):
            return Fraction(repr(value))
        case Add():
            return sum(values, Fraction(0))
        case Subtract():
            return values[0] - values[1]
        case Multiply():
            return math.prod(values, start=Fraction(1))
        case Negative():
            return -values[0]
        case Square():
            return values[0] * values[0]
    return _combined_otherwise(node, values)


def _combined_otherwise(node: Node, values: Sequence[Fraction]) -> Fraction:
    match node:
        case Divide() if values[1]:
            return values[0] / values[1]
        case Choose(or_equal=or_equal):
            left, right, chosen, otherwise = values
            return chosen if left > right or (or_equal and left == right) else otherwise
        case Least():
            return min(values)
        case Clip():
            return min(max(values[0], -values[1]), values[1])
        case Apply(function="abs"):
            return abs(values[0])
        case Apply(function="sign"):
            return Fraction((values[0] > 0) - (values[0] < 0))
        case Power() if values[1].denominator == 1 and (values[0] or values[1] >= 0):
            return Fraction(values[0] ** int(values[1]))
    raise NotOnPaper(f"{_said(node)} makes numbers that are no fractions.")


def _said(node: Node) -> str:
    return f"“{node.function}”" if isinstance(node, Apply) else "Dividing by 0"
