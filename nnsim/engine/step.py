"""One training step on one sample: feedforward, error, backpropagation, new weights."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.backward import BackwardPass, backward
from nnsim.engine.forward import ForwardPass, forward
from nnsim.engine.losses import half_squared
from nnsim.engine.network import Network

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Step:
    """Every array of one step. The Trace shows them and training applies them: the same ones."""

    passed: ForwardPass
    back: BackwardPass
    loss: float
    """E of this sample, before the update."""
    update: Array
    """Δw = −learning rate · ∂E/∂w, flat like `Network.parameters`."""
    new_parameters: Array
    """w + Δw."""

    def is_finite(self) -> bool:
        """Whether every number is finite, sums that a sigmoid would hide included."""
        return bool(
            np.isfinite(self.loss)
            and np.isfinite(self.new_parameters).all()
            and all(np.isfinite(z).all() for z in self.passed.pre_activations)
        )


def step_on(network: Network, inputs: Array, expected: Array, learning_rate: float) -> Step:
    """Compute one step of stochastic gradient descent, w ← w − η · ∂E/∂w, on one sample.

    inputs: [inputs], expected: [outputs]. Applies nothing: the network is immutable.
    """
    passed = forward(network, inputs)
    back = backward(network, passed, expected)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        loss = half_squared(passed.outputs, expected)
        update = -learning_rate * back.gradient
        new_parameters = network.parameters + update
    update.flags.writeable = new_parameters.flags.writeable = False
    return Step(passed, back, loss, update, new_parameters)


def sample_losses(network: Network, inputs: Array, expected: Array) -> Array:
    """Return E = ½ Σ (output − expected)² of each of many samples ([samples, …] arrays)."""
    outputs = forward(network, inputs).outputs
    with np.errstate(over="ignore", invalid="ignore"):
        losses: Array = 0.5 * np.square(outputs - expected).sum(axis=1)
    return losses
