"""What other conventions make of the formulas of a step, so that they agree with its numbers.

The shown loss needs nothing here: its formulas are those of a training with it. All that is made
of deltas is linear in them, so that their formulas hold for turned ones too; what begins with the
sign of the error, and what ends in a weight, does not.
"""

from nnsim.tracing.expression import (
    Add,
    Constant,
    Divide,
    Expression,
    Multiply,
    Negative,
    Subtract,
)
from nnsim.tracing.quantity import LEARNING_RATE, Kind, Quantity
from nnsim.tracing.trace import Shown, Trace

PENALTIES = (Kind.l1_term, Kind.l2_term)
"""They come from the weights, not from deltas."""
STEPS_OF_WEIGHTS = (Kind.optimizer_change, Kind.change, Kind.new_value)


def formula_shown(trace: Trace, quantity: Quantity, formula: Expression) -> Expression:
    """Return the formula of a quantity in the conventions of a Trace, from that of the training."""
    shown, kind = trace.shown, quantity.kind
    if shown is None:
        return formula
    if kind is Kind.delta and shown.conventions.delta_with_rate:
        return _with_rate(formula)
    if kind in STEPS_OF_WEIGHTS:
        return _step_of_weight(shown, quantity, formula)
    if shown.conventions.is_turned and _begins(trace, quantity):
        return turned(formula)
    return formula


def rate_shown(trace: Trace, formula: Expression | None) -> Expression | None:
    """Return η/c from the formula of η (None: it is given); None where c is 1 and it is given."""
    if trace.shown is None or trace.shown.loss_factor == 1:
        return formula
    c = trace.shown.loss_factor
    rate = formula or Constant(trace.trained.learning_rate)
    above, below = Constant(float(c.denominator)), Constant(float(c.numerator))
    if above.value != 1.0:
        rate = Multiply((rate, above))
    return Divide(rate, below) if below.value != 1.0 else rate


def turned(formula: Expression) -> Expression:
    """Return −formula, written as b − a for a − b."""
    match formula:
        case Subtract(left, right):
            return Subtract(right, left)
        case Negative(operand):
            return operand
        case Multiply((Constant() as first, Subtract() as second)):
            return Multiply((first, turned(second)))
        case Divide(numerator, denominator):
            return Divide(turned(numerator), denominator)
    return Negative(formula)


def _begins(trace: Trace, quantity: Quantity) -> bool:
    """Whether it is computed from no number that is turned itself."""
    kind, neuron = quantity.kind, quantity.neuron
    if kind is Kind.error or kind in PENALTIES:
        return True
    if neuron is None or neuron[0] != len(trace.network.layers):
        return False
    from_loss = kind is Kind.signal and trace.settings.loss_function.signal is not None
    return from_loss or kind is Kind.output_gradient


def _with_rate(formula: Expression) -> Expression:
    assert isinstance(formula, Multiply)
    return Multiply((LEARNING_RATE, *formula.factors))


def _step_of_weight(shown: Shown, quantity: Quantity, formula: Expression) -> Expression:
    """The change and the new value: value − η·delta, value + η·delta, value − delta, …."""
    if shown.conventions.delta_with_rate:
        formula = _without_rate(formula)
    if not shown.conventions.is_turned:
        return formula
    match formula:
        case Negative(operand):  # −η·…, downhill
            return operand
        case Subtract(old, size) if quantity.kind is Kind.new_value:
            return Add((old, size))
    return formula


def _without_rate(formula: Expression) -> Expression:
    """value − delta from value − η·delta, and −delta from −η·delta."""
    match formula:
        case Negative(Multiply((_, delta))):
            return Negative(delta)
        case Subtract(old, Multiply((_, delta))):
            return Subtract(old, delta)
    return formula
