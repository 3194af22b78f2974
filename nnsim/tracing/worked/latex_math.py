"""Expressions in LaTeX."""

import math

from nnsim.tracing.expression import Add, Choose, Divide, Expression
from nnsim.tracing.wording import MINUS, on_paper
from nnsim.tracing.worked.writing import POWER, PRODUCT, WHOLE, Writer, Written

MOST_ABOVE = 3
"""A longer sum is written as (…) / n: between brackets a line can end, in a fraction it cannot."""


class Latex(Writer):
    r"""0.1 \cdot 0.3 + 0.8 \cdot 0.9, \frac{1}{1 + e^{-x}}."""

    times, minus, dots = r" \cdot ", "-", r"\cdots"

    def _constant(self, value: float) -> str:
        return {0.5: r"\tfrac{1}{2}", math.pi: r"\pi"}.get(value) or latex_number(value)

    def _bracketed(self, text: str) -> str:
        """A line can end between brackets, but not between those that grow with what is in them."""
        is_high = any(sign in text for sign in (r"\frac", r"\begin", r"\left"))
        return rf"\left({text}\right)" if is_high else f"({text})"

    def _quotient(self, node: Divide) -> Written:
        if isinstance(node.numerator, Add) and len(node.numerator.terms) > MOST_ABOVE:
            total = self._bracketed(self.write(node.numerator))
            return f"{total} / {self._within(node.denominator, POWER)}", PRODUCT
        above, below = self._inside(node.numerator), self._inside(node.denominator)
        return rf"\frac{{{above}}}{{{below}}}", POWER

    def _strength(self, text: str) -> int:
        if r"\cdot" in text:  # 1.2 · 10⁻⁷
            return PRODUCT
        return POWER if text.startswith(r"\frac") else WHOLE

    def _square(self, text: str) -> str:
        return f"{{{text}}}^{{2}}"

    def _power(self, base: str, exponent: Expression) -> str:
        return f"{{{base}}}^{{{self.write(exponent)}}}"

    def _called(self, function: str, *operands: str) -> str:
        name = r"\min" if function == "min" else rf"\operatorname{{{function}}}"
        return f"{name}{self._bracketed(', '.join(operands))}"

    def _clip(self, operand: Expression, limit: Expression) -> str:
        return self._called("clip", self.write(operand), rf"\pm {self._within(limit, POWER)}")

    def _function(self, function: str, operand: Expression) -> Written:
        inside = self._inside(operand)
        if function == "exp":
            return f"e^{{{inside}}}", POWER
        if function in _AROUND:
            return _AROUND[function].format(inside), WHOLE
        name = {"Φ": r"\Phi", "φ": r"\varphi", "sign": r"\operatorname{sign}"}
        return f"{name.get(function, chr(92) + function)}{self._bracketed(inside)}", WHOLE

    def _choice(self, node: Choose) -> str:
        sign = r"\ge" if node.or_equal else ">"
        chosen, otherwise = self.write(node.chosen), self.write(node.otherwise)
        condition = f"{self.write(node.left)} {sign} {self.write(node.right)}"
        return (
            rf"\begin{{cases}} {chosen} & \text{{if }} {condition} \\ "
            rf"{otherwise} & \text{{else}} \end{{cases}}"
        )


_AROUND = {
    "abs": r"\left|{}\right|",
    "floor": r"\left\lfloor {}\right\rfloor",
    "sqrt": r"\sqrt{{{}}}",
}


def latex_number(value: float) -> str:
    """Return a number as on paper, in LaTeX: -0.5, 1.2 \\cdot 10^{-7}."""
    if math.isnan(value):
        return r"\text{not a number}"
    text = on_paper(value).replace(MINUS, "-").replace("∞", r"\infty")
    mantissa, e, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{exponent}}}" if e else text
