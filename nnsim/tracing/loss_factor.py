"""Where the error of an output comes from: the loss's own derivative, in words and in numbers."""

from collections.abc import Callable
from dataclasses import dataclass

from nnsim.engine.named import plain_name, shown
from nnsim.tracing.trace import Trace
from nnsim.tracing.vocabulary import vocabulary
from nnsim.tracing.wording import MINUS, in_product, on_paper


@dataclass(frozen=True)
class Formula:
    """The right side of an equation: 2 × (output − expected), and 2 × (0.85 − 0.5)."""

    words: str
    numbers: str

    def equals(self, value: float | None) -> str:
        """Return: 2 × (output − expected) = 2 × (0.85 − 0.5) = 0.7."""
        result = on_paper(value)
        middle = "" if self.numbers == result else f"{self.numbers} = "
        return f"{self.words} = {middle}{result}"


def error_name(trace: Trace) -> str:
    """Return what the factor ∂E/∂output is called: with the chapter's loss it is the error."""
    words = vocabulary(trace.conventions)
    is_error = has_plain_error(trace) and not trace.conventions.speaks_symbols
    return words.error if is_error else words.gradient


def has_plain_error(trace: Trace) -> bool:
    """Whether ∂E/∂output of an output is output − expected itself, as in the chapter."""
    return trace.settings.loss_function.name == "half_squared"


def output_factor(trace: Trace, index: int) -> Formula:
    """Return ∂E/∂output of output `index` as the loss has it (resources/help/training.md)."""
    assert trace.expected is not None
    output, expected = float(trace.outputs[index]), float(trace.expected[index])
    return _FACTORS[plain_name(trace.settings.loss)](trace, output, expected)


def output_factor_line(trace: Trace, index: int, of: str = "") -> str:
    """Return: ∂E/∂output = 2 × (output − expected) = 2 × (0.85 − 0.5) = 0.7.

    Blank without an expected output, and where a cross-entropy divides by 0.
    """
    error = trace.neuron(len(trace.network.layers), index).error
    if error is None:
        return ""
    return f"{error_name(trace)}{of} = {output_factor(trace, index).equals(error)}"


def output_signal(trace: Trace, index: int) -> Formula:
    """Return ∂E/∂sum of output `index`, where it is not the product of one error and one slope.

    A cross-entropy has it without dividing; through a softmax all outputs depend on the sum:
    ∂E/∂z_j = a_j · (g_j − Σ_k g_k a_k) with g = ∂E/∂a.
    """
    assert trace.expected is not None
    output, expected = float(trace.outputs[index]), float(trace.expected[index])
    loss = plain_name(trace.settings.loss)
    if loss == "softmax_cross_entropy":
        total = on_paper(float(trace.expected.sum()))
        if trace.conventions.is_turned:
            numbers = f"{on_paper(expected)} − {in_product(output)} × {total}"
            return Formula("expected − output × Σ expected", numbers)
        numbers = f"{on_paper(output)} × {total} − {in_product(expected)}"
        return Formula("output × Σ expected − expected", numbers)
    if loss == "binary_cross_entropy":
        return _difference(trace, output, expected)
    return _through_softmax(trace, index)


def _through_softmax(trace: Trace, index: int) -> Formula:
    assert trace.back is not None
    factors, name = trace.back.output_gradients[-1], error_name(trace)
    common = float(factors @ trace.outputs)
    inside = f"{on_paper(float(factors[index]))} − {in_product(common)}"
    return Formula(
        f"output × ({name} − Σ {name} × output)",
        f"{on_paper(float(trace.outputs[index]))} × ({inside})",
    )


def _difference(trace: Trace, output: float, expected: float) -> Formula:
    """The error as the conventions have it."""
    if trace.conventions.is_turned:
        return Formula("expected − output", f"{on_paper(expected)} − {in_product(output)}")
    return Formula("output − expected", f"{on_paper(output)} − {in_product(expected)}")


def _squared(trace: Trace, output: float, expected: float) -> Formula:
    error = _difference(trace, output, expected)
    return Formula(f"2 × ({error.words})", f"2 × ({error.numbers})")


def _mean_squared(trace: Trace, output: float, expected: float) -> Formula:
    whole = _squared(trace, output, expected)
    count = trace.network.output_count
    return Formula(f"{whole.words} / outputs", f"{whole.numbers} / {count}")


def _absolute(trace: Trace, output: float, expected: float) -> Formula:
    error = _difference(trace, output, expected)
    return Formula(f"sign of ({error.words})", f"sign of ({error.numbers})")


def _huber(trace: Trace, output: float, expected: float) -> Formula:
    error = _difference(trace, output, expected)
    within = f"within ± {shown(trace.settings.loss_function.parameter)}"
    return Formula(f"({error.words}) {within}", f"({error.numbers}) {within}")


def _binary_cross_entropy(trace: Trace, output: float, expected: float) -> Formula:
    error, o = _difference(trace, output, expected), on_paper(output)
    return Formula(
        f"({error.words}) / (output × (1 − output))", f"({error.numbers}) / ({o} × (1 − {o}))"
    )


def _softmax_cross_entropy(trace: Trace, output: float, expected: float) -> Formula:
    minus = "" if trace.conventions.is_turned else MINUS
    above = on_paper(trace.conventions.sign * -expected)
    return Formula(f"{minus}expected / output", f"{above} / {on_paper(output)}")


def _hinge(trace: Trace, output: float, expected: float) -> Formula:
    minus = "" if trace.conventions.is_turned else MINUS
    words = f"{minus}expected where expected × output < 1, else 0"
    return Formula(words, f"{minus}{in_product(expected)}" if expected * output < 1.0 else "0")


_FACTORS: dict[str, Callable[[Trace, float, float], Formula]] = {
    "half_squared": _difference,
    "squared": _squared,
    "mean_squared": _mean_squared,
    "absolute": _absolute,
    "huber": _huber,
    "binary_cross_entropy": _binary_cross_entropy,
    "softmax_cross_entropy": _softmax_cross_entropy,
    "hinge": _hinge,
}
"""∂E/∂output of each loss; a new loss needs its line here, and a test says so."""
