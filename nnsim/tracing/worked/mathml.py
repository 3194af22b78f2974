"""Expressions in MathML, which browsers show without help (W3C, MathML Core)."""

import math
from html import escape

from nnsim.tracing.expression import Choose, Divide, Expression
from nnsim.tracing.wording import MINUS, on_paper
from nnsim.tracing.worked.writing import POWER, SUM, WHOLE, Writer, Written


class MathML(Writer):
    """<mn>0.1</mn><mo>×</mo><mn>0.3</mn>."""

    times, plus, minus = "<mo>×</mo>", "<mo>+</mo>", f"<mo>{MINUS}</mo>"
    dots = "<mo>…</mo>"
    choice = WHOLE

    def _constant(self, value: float) -> str:
        named = {0.5: "<mn>½</mn>", math.pi: "<mi>π</mi>"}
        return named.get(value) or mathml_number(value)

    def _bracketed(self, text: str) -> str:
        return f"<mrow><mo>(</mo>{text}<mo>)</mo></mrow>"

    def _quotient(self, node: Divide) -> Written:
        above, below = self._inside(node.numerator), self._inside(node.denominator)
        return f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>", POWER

    def _square(self, text: str) -> str:
        return f"<msup><mrow>{text}</mrow><mn>2</mn></msup>"

    def _power(self, base: str, exponent: Expression) -> str:
        return f"<msup><mrow>{base}</mrow><mrow>{self.write(exponent)}</mrow></msup>"

    def _called(self, function: str, *operands: str) -> str:
        return f"<mi>{function}</mi>{self._bracketed('<mo>,</mo>'.join(operands))}"

    def _clip(self, operand: Expression, limit: Expression) -> str:
        return self._called("clip", self.write(operand), f"<mo>±</mo>{self._within(limit, POWER)}")

    def _function(self, function: str, operand: Expression) -> Written:
        inside = self._inside(operand)
        if function == "exp":
            return f"<msup><mi>e</mi><mrow>{inside}</mrow></msup>", POWER
        if function == "sqrt":
            return f"<msqrt>{inside}</msqrt>", WHOLE
        if function in ("abs", "floor"):
            left, right = "||" if function == "abs" else "⌊⌋"
            return f"<mrow><mo>{left}</mo>{inside}<mo>{right}</mo></mrow>", WHOLE
        return f"<mi>{function}</mi>{self._bracketed(inside)}", WHOLE

    def _choice(self, node: Choose) -> str:
        sign = "≥" if node.or_equal else "&gt;"
        condition = f"{self.write(node.left)}<mo>{sign}</mo>{self.write(node.right)}"
        chosen, otherwise = self._within(node.chosen, SUM), self.write(node.otherwise)
        said = f"{chosen}{_said('if')}{condition}<mo>,</mo>{_said('else')}{otherwise}"
        return self._bracketed(said)


def mathml_name(name: str) -> str:
    """Return a name as one word of a formula."""
    return f"<mtext>{escape(name)}</mtext>"


def mathml_number(value: float) -> str:
    """Return a number as on paper, in MathML."""
    text = on_paper(value)
    size = f"<mn>{text.removeprefix(MINUS)}</mn>"
    return f"<mo>{MINUS}</mo>{size}" if text.startswith(MINUS) else size


def _said(word: str) -> str:
    return f"<mtext> {word} </mtext>"
