"""Expressions as formulas of a spreadsheet, with the function names that .xlsx files hold."""

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

from nnsim.tracing.expression import (
    Add,
    Apply,
    Choose,
    Divide,
    Expression,
    Expressions,
    Multiply,
    Negative,
    Node,
    evaluate,
)
from nnsim.tracing.quantity import Quantity
from nnsim.tracing.worked.writing import PRODUCT, SUM, WHOLE, Writer, Written

MOST_TERMS = 50
"""Of a sum in one cell: the longest, of the Huber loss, stays below Excel's 8,192 characters."""

FUNCTIONS = {
    "exp": "EXP({0})",
    "ln": "LN({0})",
    "tanh": "TANH({0})",
    "abs": "ABS({0})",
    "sign": "SIGN({0})",
    "sqrt": "SQRT({0})",
    "cos": "COS({0})",
    "floor": "INT({0})",
    "Φ": "NORMSDIST({0})",
    "φ": "EXP(-0.5*({0})^2)/SQRT(2*PI())",
}

T = TypeVar("T")
Part = tuple[str, float]
"""A cell and the number in it."""


class SpreadsheetFormula(Writer):
    """E3*E5 + E4*E6, 1/(1 + EXP(-E8)), IF(E8>0,E8,0).

    A sum of very many terms is cut into parts: `cell_for` gives a formula and its value a cell of
    their own and returns that cell's name. A share of 0 times a logarithm is 0, whatever the
    logarithm is, as in every entropy.
    """

    times, minus = "*", "-"

    def __init__(
        self,
        cell_of: Callable[[Quantity], str],
        value_of: Callable[[Quantity], float],
        cell_for: Callable[[str, float], str],
    ) -> None:
        super().__init__(cell_of)
        self._value_of = value_of
        self._cell_for = cell_for

    def _written(self, expression: Expression) -> Written:
        if isinstance(expression, Negative):  # -E5^2 is (-E5)^2 to a spreadsheet
            return f"-{self._within(expression.operand, WHOLE)}", SUM
        text, strength = super()._written(expression)
        if isinstance(expression, Multiply) and (shares := _beside_logarithms(expression)):
            return f"IF({self.write(shares)}=0,0,{text})", WHOLE
        return text, strength

    def _written_otherwise(self, node: Node) -> Written:
        if isinstance(node, Choose):
            return self._choice(node), WHOLE
        return super()._written_otherwise(node)

    def _sum(self, terms: Expressions) -> Written:
        if len(terms) <= MOST_TERMS:
            return super()._sum(terms)
        parts = [self._part_of_terms(some) for some in _batches(terms)]
        while len(parts) > MOST_TERMS:
            parts = [self._part_of_parts(some) for some in _batches(parts)]
        return self.plus.join(cell for cell, _ in parts), SUM

    def _part_of_terms(self, terms: Sequence[Expression]) -> Part:
        some = tuple(terms)
        value = evaluate(Add(some), self._value_of)
        return self._cell_for(super()._sum(some)[0], value), value

    def _part_of_parts(self, parts: Sequence[Part]) -> Part:
        value = math.fsum(value for _, value in parts)
        return self._cell_for(self.plus.join(cell for cell, _ in parts), value), value

    def _clip(self, operand: Expression, limit: Expression) -> str:
        most = self._within(limit, WHOLE)
        return f"MAX(-{most},MIN({most},{self.write(operand)}))"

    def _called(self, function: str, *operands: str) -> str:
        return f"{function.upper()}({','.join(operands)})"

    def _power(self, base: str, exponent: Expression) -> str:
        return f"{base}^{self._within(exponent, WHOLE)}"

    def _constant(self, value: float) -> str:
        return repr(value).removesuffix(".0").upper()

    def _bracketed(self, text: str) -> str:
        return f"({text})"

    def _quotient(self, node: Divide) -> Written:
        below = self._within(node.denominator, WHOLE)
        return f"{self._within(node.numerator, PRODUCT)}/{below}", PRODUCT

    def _square(self, text: str) -> str:
        return f"{text}^2"

    def _function(self, function: str, operand: Expression) -> Written:
        strength = PRODUCT if function == "φ" else WHOLE
        return FUNCTIONS[function].format(self.write(operand)), strength

    def _choice(self, node: Choose) -> str:
        sign = ">=" if node.or_equal else ">"
        condition = f"{self.write(node.left)}{sign}{self.write(node.right)}"
        return f"IF({condition},{self.write(node.chosen)},{self.write(node.otherwise)})"


def _beside_logarithms(product: Multiply) -> Multiply | None:
    """The factors that are no logarithms, if others are."""
    rest = tuple(f for f in product.factors if not (isinstance(f, Apply) and f.function == "ln"))
    return Multiply(rest) if 0 < len(rest) < len(product.factors) else None


def _batches(things: Sequence[T]) -> list[Sequence[T]]:
    return [things[start : start + MOST_TERMS] for start in range(0, len(things), MOST_TERMS)]
