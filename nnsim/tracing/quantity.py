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
    delta_mean = "mean of the deltas of a batch"
    delta_sum = "sum of the deltas of a batch"
    l1_term = "L1 penalty l1·sign(w)"
    l2_term = "L2 penalty l2·w"
    penalised = "gradient with penalties"
    clipped = "gradient within its limit"
    gradient_length = "length of the gradient |g|"
    gradient = "gradient of the step g"
    old_velocity = "v before the step"
    velocity = "v of momentum and nesterov"
    old_mean = "m before the step"
    mean = "m of adam and adamw, a mean of g"
    mean_corrected = "m̂, m corrected for its start at 0"
    old_square = "s before the step"
    square = "s, a mean or sum of g²"
    square_corrected = "ŝ, s corrected for its start at 0"
    optimizer_change = "change by the optimizer, before decay and weight limit"
    change = "change Δw"
    new_value = "new value"
    # What a step is given by its settings and by where training stands.
    momentum = "momentum μ"
    beta1 = "β₁"
    beta2 = "β₂"
    rho = "ρ"
    epsilon = "ε"
    optimizer_step = "number of the optimizer's step t"
    l1 = "strength of the L1 penalty"
    l2 = "strength of the L2 penalty"
    weight_decay = "decay of the weights"
    clip_value = "limit of each number of the gradient"
    clip_norm = "limit of the gradient's length"
    weight_limit = "limit of the weights"
    full_rate = "learning rate before its schedule"
    schedule_factor = "factor of the schedule"
    schedule_steps = "steps of the schedule"
    warm_up_steps = "steps of the warm-up"
    steps_taken = "steps taken before"


UPDATE = (
    Kind.delta_mean,
    Kind.delta_sum,
    Kind.l1_term,
    Kind.l2_term,
    Kind.penalised,
    Kind.clipped,
    Kind.gradient,
    Kind.old_velocity,
    Kind.velocity,
    Kind.old_mean,
    Kind.mean,
    Kind.mean_corrected,
    Kind.old_square,
    Kind.square,
    Kind.square_corrected,
    Kind.optimizer_change,
    Kind.change,
    Kind.new_value,
)
"""Between the deltas of a step and its new values; once for each weight or bias."""

REMEMBERED = (Kind.old_velocity, Kind.old_mean, Kind.old_square)
"""What the optimizer has from the steps before: given, not computed."""

OF_PARAMETER = frozenset((Kind.parameter, Kind.product, Kind.carried, Kind.delta, *UPDATE))
"""The kinds that there are once for each weight or bias."""

SETTINGS = (
    Kind.momentum,
    Kind.beta1,
    Kind.beta2,
    Kind.rho,
    Kind.epsilon,
    Kind.optimizer_step,
    Kind.l1,
    Kind.l2,
    Kind.weight_decay,
    Kind.clip_value,
    Kind.clip_norm,
    Kind.weight_limit,
    Kind.full_rate,
    Kind.schedule_factor,
    Kind.schedule_steps,
    Kind.warm_up_steps,
    Kind.steps_taken,
)
"""Numbers that a step is given besides its sample; they are of no neuron and no weight."""


@dataclass(frozen=True)
class Quantity:
    """One number of a step.

    kind says what it is; neuron (layer, index) of what neuron (inputs are layer 0), or ref of what
    weight or bias. The loss, the learning rate, the length of the gradient and the settings are of
    neither. sample (from 0) is only there for the delta of another sample of the step's batch: a
    given number, whose own derivation is that of its sample's Trace.
    """

    kind: Kind
    neuron: Neuron | None = None
    ref: ParameterRef | None = None
    sample: int | None = None


LOSS = Quantity(Kind.loss)
LEARNING_RATE = Quantity(Kind.learning_rate)
GRADIENT_LENGTH = Quantity(Kind.gradient_length)
