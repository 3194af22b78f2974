"""The quantities of a training step: every number that can be pointed at, by what it is."""

from dataclasses import dataclass
from enum import Enum

from nnsim.engine.network import ParameterRef
from nnsim.engine.references import Neuron


class Kind(Enum):
    """What a quantity is; the values are the chapter's words, with the field's behind them."""

    input = "input"
    parameter = "weight or bias"
    expected = "expected"
    learning_rate = "learning rate η"
    product = "product of an input and its weight"
    sum = "sum z"
    output = "output a"
    error = "error o − t"
    loss = "loss E"
    output_gradient = "∂E/∂output"
    slope = "f'(sum)"
    signal = "error signal ∂E/∂sum"
    carried = "error signal carried back along a connection"
    delta = "delta ∂E/∂w"
    gradient = "gradient of the step"
    change = "change Δw"
    new_value = "new value"


OF_PARAMETER = frozenset(
    (
        Kind.parameter,
        Kind.product,
        Kind.carried,
        Kind.delta,
        Kind.gradient,
        Kind.change,
        Kind.new_value,
    )
)
"""The kinds that there are once for each weight or bias; the others belong to neurons."""


@dataclass(frozen=True)
class Quantity:
    """One number of a step.

    kind says what it is; neuron (layer, index) of what neuron (inputs are layer 0), or ref of what
    weight or bias. The loss and the learning rate are of neither.
    """

    kind: Kind
    neuron: Neuron | None = None
    ref: ParameterRef | None = None


LOSS = Quantity(Kind.loss)
LEARNING_RATE = Quantity(Kind.learning_rate)
