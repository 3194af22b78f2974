"""The formulas of activations and losses, as expressions of the quantities they are made of.

Each is written from its definition, not from the engine's code: the tests compute both.
"""

from collections.abc import Callable, Sequence

from nnsim.engine.activations import activation_named
from nnsim.engine.losses import Loss
from nnsim.engine.named import plain_name
from nnsim.tracing.expression import (
    Add,
    Apply,
    Choose,
    Constant,
    Divide,
    Expression,
    Multiply,
    Negative,
    Square,
    Subtract,
)

ZERO, ONE, TWO, HALF = (Constant(value) for value in (0.0, 1.0, 2.0, 0.5))

OfSum = Callable[[Expression, float], Expression]
OfSumAndOutput = Callable[[Expression, Expression, float], Expression]


def _exp_of_minus(x: Expression) -> Expression:
    return Apply("exp", Negative(x))


def _logistic(x: Expression) -> Expression:
    return Divide(ONE, Add((ONE, _exp_of_minus(x))))


def _product(*factors: Expression) -> Expression:
    return Multiply(factors)


OUTPUTS: dict[str, OfSum] = {
    "linear": lambda x, p: x,
    "sigmoid": lambda x, p: _logistic(x),
    "bipolar_sigmoid": lambda x, p: Subtract(Divide(TWO, Add((ONE, _exp_of_minus(x)))), ONE),
    "tanh": lambda x, p: Apply("tanh", x),
    "relu": lambda x, p: Choose(x, ZERO, x, ZERO),
    "leaky_relu": lambda x, p: Choose(x, ZERO, x, _product(Constant(p), x)),
    "elu": lambda x, p: Choose(x, ZERO, x, _product(Constant(p), Subtract(Apply("exp", x), ONE))),
    "softplus": lambda x, p: Apply("ln", Add((ONE, Apply("exp", x)))),
    "silu": lambda x, p: Divide(x, Add((ONE, _exp_of_minus(x)))),
    "gelu": lambda x, p: _product(x, Apply("Φ", x)),
    "threshold": lambda x, p: Choose(x, Constant(p), ONE, ZERO, or_equal=True),
}
"""f(x) of the sum x; softmax is of all sums of its layer."""


def _elu_slope(x: Expression, o: Expression, p: float) -> Expression:
    below = Add((o, Constant(p)))
    at_0 = ONE if p == 1.0 else ZERO
    return Choose(x, ZERO, ONE, Choose(x, ZERO, at_0, below, or_equal=True))


def _silu_slope(x: Expression, o: Expression, p: float) -> Expression:
    share = _logistic(x)
    return _product(share, Add((ONE, _product(x, Subtract(ONE, share)))))


SLOPES: dict[str, OfSumAndOutput] = {
    "linear": lambda x, o, p: ONE,
    "sigmoid": lambda x, o, p: _product(o, Subtract(ONE, o)),
    "bipolar_sigmoid": lambda x, o, p: _product(HALF, Subtract(ONE, Square(o))),
    "tanh": lambda x, o, p: Subtract(ONE, Square(o)),
    "relu": lambda x, o, p: Choose(x, ZERO, ONE, ZERO),
    "leaky_relu": lambda x, o, p: Choose(x, ZERO, ONE, Constant(p)),
    "elu": _elu_slope,
    "softplus": lambda x, o, p: _logistic(x),
    "silu": _silu_slope,
    "gelu": lambda x, o, p: Add((Apply("Φ", x), _product(x, Apply("φ", x)))),
    "threshold": lambda x, o, p: ZERO,
}
"""f'(x) of the sum x and the output o = f(x); softmax has no single one."""


def output_formula(name: str, x: Expression) -> Expression:
    """Return f(x) for an activation other than softmax."""
    return OUTPUTS[plain_name(name)](x, activation_named(name).number)


def slope_formula(name: str, x: Expression, o: Expression) -> Expression:
    """Return f'(x) for an activation other than softmax."""
    return SLOPES[plain_name(name)](x, o, activation_named(name).number)


def softmax_formula(own: Expression, sums: Sequence[Expression]) -> Expression:
    """Return the output of a softmax neuron: e^own / Σ e^sum over the layer."""
    return Divide(Apply("exp", own), Add(tuple(Apply("exp", x) for x in sums)))


def loss_formula(
    loss: Loss, outputs: Sequence[Expression], expected: Sequence[Expression]
) -> Expression:
    """Return E of one sample, without penalties."""
    pairs = list(zip(outputs, expected, strict=True))
    terms = tuple(_LOSS_TERMS[plain_name(loss.name)](o, t, loss.number) for o, t in pairs)
    total = terms[0] if len(terms) == 1 else Add(terms)
    match plain_name(loss.name):
        case "half_squared":
            return _product(HALF, total)
        case "mean_squared":
            return Divide(total, Constant(float(len(terms))))
        case "binary_cross_entropy" | "softmax_cross_entropy":
            return Negative(total)
    return total


def _huber_term(o: Expression, t: Expression, p: float) -> Expression:
    difference, limit = Subtract(o, t), Constant(p)
    size = Apply("abs", difference)
    beyond = _product(limit, Subtract(size, Constant(p / 2)))
    return Choose(size, limit, beyond, _product(HALF, Square(difference)))


def binary_entropy(o: Expression, t: Expression) -> Expression:
    """Return the binary cross-entropy of one output o."""
    return Negative(_LOSS_TERMS["binary_cross_entropy"](o, t, 0.0))


def _entropy(t: Expression, o: Expression) -> Expression:
    return _product(t, Apply("ln", o))


_LOSS_TERMS: dict[str, OfSumAndOutput] = {
    "half_squared": lambda o, t, p: Square(Subtract(o, t)),
    "squared": lambda o, t, p: Square(Subtract(o, t)),
    "mean_squared": lambda o, t, p: Square(Subtract(o, t)),
    "absolute": lambda o, t, p: Apply("abs", Subtract(o, t)),
    "huber": _huber_term,
    "binary_cross_entropy": lambda o, t, p: Add(
        (_entropy(t, o), _entropy(Subtract(ONE, t), Subtract(ONE, o)))
    ),
    "softmax_cross_entropy": lambda o, t, p: _entropy(t, o),
    "hinge": lambda o, t, p: _hinge(o, t),
}


def _hinge(o: Expression, t: Expression) -> Expression:
    short = Subtract(ONE, _product(t, o))
    return Choose(short, ZERO, short, ZERO)


def _huber_gradient(o: Expression, t: Expression, p: float) -> Expression:
    difference, limit = Subtract(o, t), Constant(p)
    beyond = _product(limit, Apply("sign", difference))
    return Choose(Apply("abs", difference), limit, beyond, difference)


_LOSS_GRADIENTS: dict[str, OfSumAndOutput] = {
    "half_squared": lambda o, t, p: Subtract(o, t),
    "squared": lambda o, t, p: _product(TWO, Subtract(o, t)),
    "absolute": lambda o, t, p: Apply("sign", Subtract(o, t)),
    "huber": _huber_gradient,
    "binary_cross_entropy": lambda o, t, p: Divide(Subtract(o, t), _product(o, Subtract(ONE, o))),
    "softmax_cross_entropy": lambda o, t, p: Negative(Divide(t, o)),
    "hinge": lambda o, t, p: Choose(Subtract(ONE, _product(t, o)), ZERO, Negative(t), ZERO),
}


def output_gradient_formula(
    loss: Loss, output: Expression, expected: Expression, outputs: int
) -> Expression:
    """Return ∂E/∂output of one of so many outputs."""
    name = plain_name(loss.name)
    if name == "mean_squared":
        twice = _product(TWO, Subtract(output, expected))
        return Divide(twice, Constant(float(outputs)))
    return _LOSS_GRADIENTS[name](output, expected, loss.number)
