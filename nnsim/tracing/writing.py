"""Expressions as people write them: in plain text and in LaTeX."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from nnsim.tracing.expression import (
    Add,
    Apply,
    Choose,
    Constant,
    Divide,
    Expression,
    Multiply,
    Negative,
    Node,
    Square,
    Subtract,
)
from nnsim.tracing.quantity import Quantity
from nnsim.tracing.wording import MINUS, on_paper

SUM, PRODUCT, POWER, WHOLE = range(4)
"""How strongly what is written holds together: a sum in a product needs brackets."""

Written = tuple[str, int]


class Writer(ABC):
    """Writes expressions; `write_quantity` says what stands for a quantity, a name or a number."""

    times: str
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
        return self._written_otherwise(expression)

    def _written_otherwise(self, node: Node) -> Written:
        match node:
            case Divide():
                return self._quotient(node)
            case Negative(operand):
                return f"{self.minus}{self._within(operand, PRODUCT)}", SUM
            case Square(operand):
                return self._square(self._within(operand, POWER)), POWER
            case Apply(function, operand):
                return self._function(function, operand)
            case Choose():
                return self._choice(node), SUM
        raise AssertionError(f"nobody has said how to write {type(node).__name__}")

    def _sum(self, terms: tuple[Expression, ...]) -> Written:
        if not terms:
            return "0", WHOLE
        rest = (self._within(term, PRODUCT) for term in terms[1:])
        return " + ".join((self._within(terms[0], SUM, is_first=True), *rest)), SUM

    def _atom(self, text: str) -> Written:
        """A name or a number; behind a sign or in a product a negative one needs brackets."""
        return text, SUM if text.startswith(self.minus) else WHOLE

    def _within(self, part: Expression, at_least: int, is_first: bool = False) -> str:
        text, strength = self._written(part)
        if strength >= at_least or (is_first and strength == SUM):
            return text
        return self._bracketed(text)

    def _constant(self, value: float) -> str:
        return "½" if value == 0.5 else on_paper(value)

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


class PlainText(Writer):
    """0.1 × 0.3 + 0.8 × 0.9, e^(−x), x if x > 0, else 0."""

    times, minus = " × ", MINUS

    def _bracketed(self, text: str) -> str:
        return f"({text})"

    def _quotient(self, node: Divide) -> Written:
        above = self._within(node.numerator, PRODUCT)
        return f"{above} / {self._within(node.denominator, POWER)}", PRODUCT

    def _square(self, text: str) -> str:
        return f"{text}²"

    def _function(self, function: str, operand: Expression) -> Written:
        if function == "exp":
            return f"e^{self._within(operand, WHOLE)}", POWER
        if function == "abs":
            return f"|{self.write(operand)}|", WHOLE
        return f"{function}({self.write(operand)})", WHOLE

    def _choice(self, node: Choose) -> str:
        sign = "≥" if node.or_equal else ">"
        condition = f"{self.write(node.left)} {sign} {self.write(node.right)}"
        return f"{self.write(node.chosen)} if {condition}, else {self.write(node.otherwise)}"


class Latex(Writer):
    r"""0.1 \cdot 0.3 + 0.8 \cdot 0.9, \frac{1}{1 + e^{-x}}."""

    times, minus = r" \cdot ", "-"

    def _constant(self, value: float) -> str:
        return r"\tfrac{1}{2}" if value == 0.5 else latex_number(value)

    def _bracketed(self, text: str) -> str:
        return rf"\left({text}\right)"

    def _quotient(self, node: Divide) -> Written:
        return rf"\frac{{{self.write(node.numerator)}}}{{{self.write(node.denominator)}}}", WHOLE

    def _square(self, text: str) -> str:
        return f"{{{text}}}^{{2}}"

    def _function(self, function: str, operand: Expression) -> Written:
        inside = self.write(operand)
        if function == "exp":
            return f"e^{{{inside}}}", POWER
        if function == "abs":
            return rf"\left|{inside}\right|", WHOLE
        name = {"Φ": r"\Phi", "φ": r"\varphi", "sign": r"\operatorname{sign}"}
        return rf"{name.get(function, chr(92) + function)}\left({inside}\right)", WHOLE

    def _choice(self, node: Choose) -> str:
        sign = r"\ge" if node.or_equal else ">"
        chosen, otherwise = self.write(node.chosen), self.write(node.otherwise)
        condition = f"{self.write(node.left)} {sign} {self.write(node.right)}"
        return (
            rf"\begin{{cases}} {chosen} & \text{{if }} {condition} \\ "
            rf"{otherwise} & \text{{else}} \end{{cases}}"
        )


def latex_number(value: float) -> str:
    """Return a number as on paper, in LaTeX: -0.5, 1.2 \\cdot 10^{-7}."""
    text = on_paper(value).replace(MINUS, "-").replace("∞", r"\infty")
    mantissa, e, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{exponent}}}" if e else text
