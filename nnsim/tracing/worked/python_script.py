"""A step as a Python script of plain lines that computes the same numbers and asserts them."""

import math
from collections.abc import Iterator
from typing import ClassVar

from nnsim.engine.network import ParameterRef
from nnsim.tracing.expression import Choose, Divide, Expression
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.symbols import words
from nnsim.tracing.trace import Trace
from nnsim.tracing.update_numbers import rounding_of_change
from nnsim.tracing.worked.solution import Line, solution
from nnsim.tracing.worked.writing import PRODUCT, WHOLE, Writer, Written

HEAD = '''"""One training step of nnsim, computed again.

Every line computes one number of the step from those above it. check() compares it with nnsim's,
and goes on with nnsim's: so what is lost by rounding does not add up from line to line.
"""

import math


def check(name, computed, expected, rounding=1e-12):
    close = math.isclose(computed, expected, rel_tol=1e-9, abs_tol=rounding)
    close = close or (math.isnan(computed) and math.isnan(expected))
    print(f"{name} = {computed!r}")
    assert close, f"{name}: computed {computed!r}, nnsim says {expected!r}"
    return expected

'''
BEYOND = """
def exp(x):
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def ln(x):
    return math.log(x) if x > 0 else -math.inf if x == 0 else math.nan


def square(x):
    return x * x

"""
"""Python raises where float64 arithmetic goes on with an infinite number."""
FAR = 700.0
FUNCTIONS = {
    "exp": "math.exp({0})",
    "ln": "math.log({0})",
    "tanh": "math.tanh({0})",
    "abs": "abs({0})",
    "sqrt": "math.sqrt({0})",
    "cos": "math.cos({0})",
    "floor": "math.floor({0})",
    "sign": "math.copysign(1.0, {0}) * ({0} != 0)",
    "Φ": "0.5 * math.erfc(-({0}) / math.sqrt(2.0))",
    "φ": "math.exp(-0.5 * ({0}) ** 2) / math.sqrt(2.0 * math.pi)",
}


class PythonMath(Writer):
    """0.1 * 0.3 + 0.8 * 0.9."""

    times, minus = " * ", "-"
    functions: ClassVar = FUNCTIONS

    def _constant(self, value: float) -> str:
        return repr(value)

    def _bracketed(self, text: str) -> str:
        return f"({text})"

    def _quotient(self, node: Divide) -> Written:
        below = self._within(node.denominator, WHOLE)
        return f"{self._within(node.numerator, PRODUCT)} / {below}", PRODUCT

    def _square(self, text: str) -> str:
        return f"{text} ** 2"

    def _power(self, base: str, exponent: Expression) -> str:
        return f"{base} ** {self._within(exponent, WHOLE)}"

    def _called(self, function: str, *operands: str) -> str:
        return f"{function}({', '.join(operands)})"

    def _clip(self, operand: Expression, limit: Expression) -> str:
        written = self._within(limit, WHOLE)
        return f"min(max({self.write(operand)}, -{written}), {written})"

    def _function(self, function: str, operand: Expression) -> Written:
        return f"({self.functions[function].format(self.write(operand))})", WHOLE

    def _choice(self, node: Choose) -> str:
        sign = ">=" if node.or_equal else ">"
        condition = f"{self.write(node.left)} {sign} {self.write(node.right)}"
        return f"({self.write(node.chosen)} if {condition} else {self.write(node.otherwise)})"


class PythonBeyond(PythonMath):
    """The same where numbers may be infinite."""

    functions: ClassVar = FUNCTIONS | {"exp": "exp({0})", "ln": "ln({0})"}

    def _square(self, text: str) -> str:
        return f"square({text})"


def python_script(trace: Trace) -> str:
    """Return a script that needs nothing but Python, and fails where it comes to another number."""
    sections = solution(trace)
    is_far = any(not abs(line.value) < FAR for section in sections for line in section.lines)
    writer = PythonBeyond(variable) if is_far else PythonMath(variable)
    lines = [BEYOND] if is_far else []
    for section in sections:
        lines.append(f"\n# {section.title}")
        lines += [text for line in section.lines for text in _written(trace, writer, line)]
    return HEAD + "\n".join(lines) + "\n"


def _written(trace: Trace, writer: PythonMath, line: Line) -> Iterator[str]:
    name, says = variable(line.quantity), words(trace.network, line.quantity)
    is_new = line.quantity.kind in (Kind.change, Kind.new_value)
    rounding = rounding_of_change(trace.settings, trace.step) if is_new else 0.0
    if line.formula is None:
        yield f"{name} = {_literal(line.value)}  # {says}"
        return
    yield f"{name} = {writer.write(line.formula)}"
    within = f", {rounding!r}" if rounding > 1e-12 else ""
    yield f"{name} = check({says!r}, {name}, {_literal(line.value)}{within})"


def _literal(value: float) -> str:
    """All digits of a number, in Python; infinite numbers and what is not a number by name."""
    return repr(value) if math.isfinite(value) else f"math.{value}".replace("math.-", "-math.")


def variable(quantity: Quantity) -> str:
    """Return the name of a quantity in the script: z1_2, w1_2_1; layers and neurons from 1."""
    ref, neuron = quantity.ref, quantity.neuron
    if ref is not None:
        sample = "" if quantity.sample is None else f"_sample{quantity.sample + 1}"
        return f"{_PREFIXES.get(quantity.kind, f'{quantity.kind.name}_')}{_parameter(ref)}{sample}"
    if neuron is None:
        return quantity.kind.name
    if quantity.kind in (Kind.input, Kind.expected, Kind.error):
        return f"{_PREFIXES[quantity.kind]}{neuron[1] + 1}"
    return f"{_PREFIXES[quantity.kind]}{neuron[0]}_{neuron[1] + 1}"


_PREFIXES = {
    Kind.input: "x",
    Kind.expected: "t",
    Kind.error: "error",
    Kind.sum: "z",
    Kind.output: "a",
    Kind.slope: "slope",
    Kind.output_gradient: "gradient_a",
    Kind.signal: "signal",
    Kind.parameter: "",
    Kind.new_value: "new_",
}


def _parameter(ref: ParameterRef) -> str:
    if ref.source is None:
        return f"b{ref.layer}_{ref.to + 1}"
    skips = "" if ref.from_layer == ref.layer - 1 else f"_from{ref.from_layer}"
    return f"w{ref.layer}_{ref.to + 1}_{ref.source + 1}{skips}"
