"""The numbers of a step's update, those that a Step does not hold computed as the engine does."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.network import Network
from nnsim.engine.optimizers import OPTIMIZERS, Moments
from nnsim.engine.penalties import length_of, penalised
from nnsim.engine.settings import Settings
from nnsim.engine.step import Step

Array = NDArray[np.float64]


class UpdateNumbers:
    """Every number between the deltas of a step and its new values.

    The attributes are named like the kinds of quantities (quantity.py). Each is of all weights and
    biases, flat like `Network.parameters`, but the length of the gradient, which is one number.
    `before`: what the optimizer remembered before the step.
    """

    def __init__(self, network: Network, settings: Settings, step: Step, before: Moments) -> None:
        self._network, self._settings, self._step = network, settings, step
        self._before = before
        self._counted = Moments(before.steps + 1, before.first, before.second)
        self.delta_sum: Array = step.back.gradient
        self.gradient: Array = step.gradient
        self.change: Array = step.update
        self.new_value: Array = step.new_parameters
        self.old_velocity: Array = before.first
        self.old_mean: Array = before.first
        self.old_square: Array = before.second

    @cached_property
    def delta_mean(self) -> Array:
        """The sum of the deltas over the batch's real size."""
        return self.delta_sum * (1.0 / self._step.sample_count)

    @cached_property
    def l1_term(self) -> Array:
        """What the L1 penalty adds to the gradient of a weight."""
        return self._settings.l1 * np.sign(self._network.parameters)

    @cached_property
    def l2_term(self) -> Array:
        """What the L2 penalty adds to the gradient of a weight."""
        return self._settings.l2 * self._network.parameters

    @cached_property
    def penalised(self) -> Array:
        """The gradient of the batch with the penalties of the weights."""
        structure, parameters = self._network.structure, self._network.parameters
        is_mean = self._settings.batch_reduction == "mean" and self._step.sample_count > 1
        given = self.delta_mean if is_mean else self.delta_sum
        with np.errstate(all="ignore"):
            return penalised(structure, parameters, given, self._settings)

    @cached_property
    def clipped(self) -> Array:
        """Each number of it within its limit."""
        limit = self._settings.clip_value or np.inf
        return np.clip(self.penalised, -limit, limit)

    @cached_property
    def gradient_length(self) -> float:
        """The length of what is trained, before clip_norm shortens it."""
        trained = self._network.structure.trained(self._settings.train_biases)
        with np.errstate(all="ignore"):
            return length_of(
                self.clipped if trained is None else np.where(trained, self.clipped, 0.0)
            )

    @cached_property
    def _computed(self) -> tuple[Array, Array, Array]:
        """The optimizer's update, and what it remembers, from the gradient that the Step holds."""
        with np.errstate(all="ignore"):
            return OPTIMIZERS[self._settings.optimizer].update(
                self._settings, self._step.learning_rate, self.gradient, self._counted
            )

    @property
    def optimizer_change(self) -> Array:
        """The change before AdamW's decay and the weight limit."""
        return self._computed[0]

    @property
    def velocity(self) -> Array:
        """v of momentum and nesterov."""
        return self._computed[1]

    @property
    def mean(self) -> Array:
        """m of adam and adamw."""
        return self._computed[1]

    @property
    def square(self) -> Array:
        """s of rmsprop, adagrad, adam and adamw."""
        return self._computed[2]

    @cached_property
    def mean_corrected(self) -> Array:
        """m / (1 − β₁ᵗ)."""
        with np.errstate(all="ignore"):
            return self.mean / (1.0 - self._settings.beta1**self._counted.steps)

    @cached_property
    def square_corrected(self) -> Array:
        """s / (1 − β₂ᵗ)."""
        with np.errstate(all="ignore"):
            return self.square / (1.0 - self._settings.beta2**self._counted.steps)


def rounding_of_change(settings: Settings, step: Step | None) -> float:
    """Return how far the new values of a step may be from what its gradient says, by rounding.

    The new values are the C kernels' where there are some (training.coming_step), and these round
    in another order than numpy. An optimizer that divides by √s + ε makes η / ε times as much of
    it where the gradient is 0 but for rounding.
    """
    if step is None or not OPTIMIZERS[settings.optimizer].uses_second or not step.is_finite():
        return 0.0
    signal = max(float(np.abs(signals).max()) for signals in step.back.back_signals)
    source = max(1.0, float(np.abs(step.passed.everything).max()))
    return 1e-14 * (1.0 + signal * source) * step.learning_rate / settings.epsilon
