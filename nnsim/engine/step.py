"""One training step: feedforward, error, backpropagation, new weights."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.backward import BackwardPass, backward
from nnsim.engine.forward import ForwardPass, forward
from nnsim.engine.losses import LOSSES, Loss
from nnsim.engine.network import Network
from nnsim.engine.optimizers import OPTIMIZERS, Moments, decayed
from nnsim.engine.penalties import clipped, limited, penalised, penalty
from nnsim.engine.schedules import learning_rate_at
from nnsim.engine.settings import Settings

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Step:
    """Every array of one step. The Trace shows them and training applies them: the same ones."""

    passed: ForwardPass
    """Of the batch's one sample, or of its samples; of a very large batch (slices.py) of some."""
    back: BackwardPass
    """Of the same samples, but with the sum of the gradients of the whole batch."""
    expected: Array
    """What is expected of the same samples."""
    sample_count: int
    """The real size of the batch."""
    loss: float
    """E of the batch (mean or sum over its samples) with the penalties, before the update."""
    gradient: Array
    """What the optimizer was given: ∂E/∂w of the batch with the penalties, clipped, and 0 for what
    is not trained; flat like `Network.parameters`."""
    learning_rate: float
    """η of this step, after its schedule."""
    update: Array
    """Δw, flat; −η · ∂E/∂w for plain gradient descent."""
    new_parameters: Array
    """w + Δw."""
    new_moments: Moments

    def is_finite(self) -> bool:
        """Whether every number is finite, sums that a sigmoid would hide included."""
        kept = (self.new_parameters, self.new_moments.first, self.new_moments.second)
        return (
            self.passed.is_finite()
            and bool(np.isfinite(self.loss))
            and all(bool(np.isfinite(row).all()) for row in kept)
        )


def step_on(
    network: Network,
    inputs: Array,
    expected: Array,
    settings: Settings,
    moments: Moments | None = None,
    number: int = 0,
) -> Step:
    """Compute one step of gradient descent on one sample or a batch. Applies nothing.

    inputs: [inputs] and expected: [outputs], or [samples, …] for a batch. moments: what the
    optimizer remembers, zeros when not given. number: how many steps went before, for the schedule.
    """
    if inputs.ndim == 2 and len(inputs) == 1:  # the same bits for a batch of one as for its sample
        inputs, expected = inputs[0], expected[0]
    part = part_of(network, inputs, expected, settings.loss_function)
    count = 1 if inputs.ndim == 1 else len(inputs)
    sums = Sums(count, part.loss, part.back.gradient)
    change = change_by(network, sums, settings, moments, number)
    return Step(part.passed, part.back, part.expected, count, *change)


class Part(NamedTuple):
    """What some samples of a batch come to, forwards and backwards."""

    passed: ForwardPass
    back: BackwardPass
    expected: Array
    loss: float
    """E summed over the samples, without penalties."""


def part_of(network: Network, inputs: Array, expected: Array, loss: Loss) -> Part:
    """Compute one sample ([inputs], [outputs]) or many at once ([samples, …])."""
    passed = forward(network, inputs)
    back = backward(network, passed, expected, loss)
    with np.errstate(all="ignore"):
        own = loss.of_samples(passed.outputs, expected, passed.pre_activations[-1])
        return Part(passed, back, expected, float(own.sum()))


class Sums(NamedTuple):
    """What the samples of a batch add up to."""

    samples: int
    loss: float
    """E without penalties."""
    gradient: Array
    """∂E/∂w, flat."""


class Change(NamedTuple):
    """What a batch does to a network: the fields of `Step` with these names."""

    loss: float
    gradient: Array
    learning_rate: float
    update: Array
    new_parameters: Array
    new_moments: Moments


def change_by(
    network: Network, sums: Sums, settings: Settings, moments: Moments | None, number: int
) -> Change:
    """Compute what a batch changes whose samples add up to that; the rest is as for `step_on`."""
    with np.errstate(all="ignore"):
        share = 1.0 if settings.batch_reduction == "sum" else 1.0 / sums.samples
        added = penalty(network.structure, network.parameters, settings)
        gradient = _given(network, sums.gradient, share, settings)
        rate = learning_rate_at(settings, number)
        update, new_parameters, new_moments = _updated(network, gradient, settings, rate, moments)
        objective = sums.loss * share + added
    for array in (gradient, update, new_parameters):
        array.flags.writeable = False
    return Change(objective, gradient, rate, update, new_parameters, new_moments)


def _given(network: Network, summed: Array, share: float, settings: Settings) -> Array:
    """What the optimizer is given, from the gradient summed over the samples."""
    structure = network.structure
    gradient = summed if share == 1.0 else summed * share
    gradient = penalised(structure, network.parameters, gradient, settings)
    trained = structure.trained(settings.train_biases)
    if trained is not None:
        gradient = np.where(trained, gradient, 0.0)
    return clipped(gradient, settings)


def _updated(
    network: Network, gradient: Array, settings: Settings, rate: float, moments: Moments | None
) -> tuple[Array, Array, Moments]:
    """Return the update, the new parameters and the new moments."""
    structure, old = network.structure, network.parameters
    optimizer = OPTIMIZERS[settings.optimizer]
    before = moments or optimizer.begin(len(old))
    counted = Moments(before.steps + 1, before.first, before.second)
    update, first, second = optimizer.update(settings, rate, gradient, counted)
    trained = structure.trained(settings.train_biases)
    weights = structure.is_weight
    if trained is not None:  # what is not trained stays, and so does what is remembered of it
        weights = weights & trained
        update = np.where(trained, update, 0.0)
        first = np.where(trained, first, before.first) if len(first) else first
        second = np.where(trained, second, before.second) if len(second) else second
    new = decayed(old, weights, settings, rate) + update
    if settings.weight_limit:
        new = limited(new, weights, settings.weight_limit)
    if settings.weight_limit or settings.weight_decay:
        update = new - old  # what really changes, not the optimizer's part of it alone
    steps = counted.steps if optimizer.remembers else 0
    return update, new, Moments(steps, first, second)


def sample_losses(
    network: Network, inputs: Array, expected: Array, loss: Loss = LOSSES["half_squared"]
) -> Array:
    """Return E of each of many samples ([samples, …] arrays), without penalties."""
    passed = forward(network, inputs)
    with np.errstate(all="ignore"):
        return loss.of_samples(passed.outputs, expected, passed.pre_activations[-1])
