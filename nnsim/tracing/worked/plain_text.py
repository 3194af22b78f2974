"""Expressions in plain text."""

from nnsim.tracing.expression import Choose, Divide, Expression
from nnsim.tracing.wording import MINUS
from nnsim.tracing.worked.writing import POWER, PRODUCT, SUM, WHOLE, Writer, Written


class PlainText(Writer):
    """0.1 × 0.3 + 0.8 × 0.9, e^(−x), (x if x > 0, else 0)."""

    times, minus = " × ", MINUS
    choice = WHOLE

    def _bracketed(self, text: str) -> str:
        return f"({text})"

    def _quotient(self, node: Divide) -> Written:
        above = self._within(node.numerator, PRODUCT)
        return f"{above} / {self._within(node.denominator, POWER)}", PRODUCT

    def _square(self, text: str) -> str:
        return f"{text}²"

    def _power(self, base: str, exponent: Expression) -> str:
        return f"{base}^{self._within(exponent, WHOLE)}"

    def _called(self, function: str, *operands: str) -> str:
        return f"{function}({', '.join(operands)})"

    def _function(self, function: str, operand: Expression) -> Written:
        if function == "exp":
            return f"e^{self._within(operand, WHOLE)}", POWER
        if function == "abs":
            return f"|{self.write(operand)}|", WHOLE
        return f"{'√' if function == 'sqrt' else function}({self.write(operand)})", WHOLE

    def _choice(self, node: Choose) -> str:
        sign = "≥" if node.or_equal else ">"
        condition = f"{self.write(node.left)} {sign} {self.write(node.right)}"
        chosen, otherwise = self._within(node.chosen, SUM), self.write(node.otherwise)
        return self._bracketed(f"{chosen} if {condition}, else {otherwise}")
