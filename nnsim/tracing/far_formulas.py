"""The formulas of outputs and losses for sums that are so far from 0 that the usual ones fail.

Both say the same number. But e^710 is more than a float64 holds, and of an output near 1 the digits
are gone in which 1 − output differs from 0. So e^−x stands for e^x (Goodfellow, Bengio and
Courville 2016, section 3.10), a softmax is of sums from which the largest is subtracted (section
4.1), and a cross-entropy is written by the sums.
"""

from collections.abc import Callable, Sequence

from nnsim.engine.named import plain_name
from nnsim.tracing.expression import (
    Add,
    Apply,
    Constant,
    Divide,
    Expression,
    Multiply,
    Negative,
    Subtract,
)

FAR = 700.0
"""e^709.8 is the largest one that a float64 holds."""
NEAR_1 = 10.0
"""From this sum on 1 − σ(sum) has lost more than four of its sixteen digits."""
ONE, TWO = Constant(1.0), Constant(2.0)


def _logistic(x: Expression) -> Expression:
    grown = Apply("exp", x)
    return Divide(grown, Add((ONE, grown)))


def _silu_slope(x: Expression) -> Expression:
    share = _logistic(x)
    return Multiply((share, Add((ONE, Multiply((x, Subtract(ONE, share)))))))


def _log_of_1_and_exp_of_minus(x: Expression) -> Expression:
    return Apply("ln", Add((ONE, Apply("exp", Negative(x)))))


_OUTPUTS_BELOW: dict[str, Callable[[Expression], Expression]] = {
    "sigmoid": _logistic,
    "bipolar_sigmoid": lambda x: Subtract(Multiply((TWO, _logistic(x))), ONE),
    "silu": lambda x: Multiply((x, _logistic(x))),
}
_SLOPES_BELOW: dict[str, Callable[[Expression], Expression]] = {
    "softplus": _logistic,
    "silu": _silu_slope,
}


def far_output(name: str, x: Expression, value: float | None) -> Expression | None:
    """Return f(x) where the sum x has a value at which the usual formula fails, else None."""
    name, value = plain_name(name), value or 0.0
    if value < -FAR and name in _OUTPUTS_BELOW:
        return _OUTPUTS_BELOW[name](x)
    if value > FAR and name == "softplus":
        return Add((x, _log_of_1_and_exp_of_minus(x)))
    return None


def far_slope(name: str, x: Expression, value: float | None) -> Expression | None:
    """Return f'(x) where the sum x has a value at which the usual formula fails, else None."""
    slope = _SLOPES_BELOW.get(plain_name(name))
    return slope(x) if slope is not None and (value or 0.0) < -FAR else None


def softmax_is_far(values: Sequence[float]) -> bool:
    """Whether e^sum is too large for one of the sums of a softmax, or too small for all."""
    return max(values) > FAR or max(values) < -FAR


def far_softmax(own: Expression, sums: Sequence[Expression], largest: Expression) -> Expression:
    """Return the output of a softmax neuron: e^(own − largest) / Σ e^(sum − largest)."""
    return Divide(_above(own, largest), Add(tuple(_above(x, largest) for x in sums)))


def _above(x: Expression, largest: Expression) -> Expression:
    return Apply("exp", Subtract(x, largest))


def entropy_is_far(value: float) -> bool:
    """Whether the sum of a sigmoid is one at which ln output or ln (1 − output) has no digits."""
    return value > NEAR_1 or value < -FAR


def far_binary_entropy(x: Expression, t: Expression, value: float) -> Expression:
    """Return the binary cross-entropy of one output by its sum x."""
    if value > 0:
        return Add((Multiply((Subtract(ONE, t), x)), _log_of_1_and_exp_of_minus(x)))
    return Subtract(Apply("ln", Add((ONE, Apply("exp", x)))), Multiply((t, x)))


def softmax_entropy_is_far(values: Sequence[float]) -> bool:
    """Whether one of the outputs of a softmax is too small for its logarithm."""
    return max(values) - min(values) > FAR or softmax_is_far(values)


def far_softmax_entropy(
    sums: Sequence[Expression], expected: Sequence[Expression], largest: Expression
) -> Expression:
    """Return the cross-entropy of a softmax by its sums."""
    total = Apply("ln", Add(tuple(_above(x, largest) for x in sums)))
    terms = [
        Multiply((t, Subtract(total, Subtract(x, largest))))
        for x, t in zip(sums, expected, strict=True)
    ]
    return terms[0] if len(terms) == 1 else Add(tuple(terms))
