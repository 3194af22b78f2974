"""Expressions in MathML, which browsers show without help (W3C, MathML Core)."""

from html import escape

from nnsim.tracing.expression import Choose, Divide, Expression
from nnsim.tracing.wording import MINUS, on_paper
from nnsim.tracing.worked.writing import POWER, WHOLE, Writer, Written


class MathML(Writer):
    """<mn>0.1</mn><mo>×</mo><mn>0.3</mn>."""

    times, plus, minus = "<mo>×</mo>", "<mo>+</mo>", f"<mo>{MINUS}</mo>"

    def _constant(self, value: float) -> str:
        return "<mn>½</mn>" if value == 0.5 else mathml_number(value)

    def _bracketed(self, text: str) -> str:
        return f"<mrow><mo>(</mo>{text}<mo>)</mo></mrow>"

    def _quotient(self, node: Divide) -> Written:
        above, below = self.write(node.numerator), self.write(node.denominator)
        return f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>", WHOLE

    def _square(self, text: str) -> str:
        return f"<msup><mrow>{text}</mrow><mn>2</mn></msup>"

    def _function(self, function: str, operand: Expression) -> Written:
        inside = self.write(operand)
        if function == "exp":
            return f"<msup><mi>e</mi><mrow>{inside}</mrow></msup>", POWER
        if function == "abs":
            return f"<mrow><mo>|</mo>{inside}<mo>|</mo></mrow>", WHOLE
        return f"<mi>{function}</mi>{self._bracketed(inside)}", WHOLE

    def _choice(self, node: Choose) -> str:
        sign = "≥" if node.or_equal else "&gt;"
        condition = f"{self.write(node.left)}<mo>{sign}</mo>{self.write(node.right)}"
        chosen, otherwise = self.write(node.chosen), self.write(node.otherwise)
        return f"{chosen}{_said('if')}{condition}<mo>,</mo>{_said('else')}{otherwise}"


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
