"""What a step does to the error, and what that says about the learning rate.

For one linear neuron, one sample, half the squared error and plain gradient descent a step
multiplies the error by exactly 1 − η·Σx² (x the inputs of its trained weights, 1 for a trained
bias): new error = error − η·error·Σx². For any network the loss along its gradient g is nearly a
parabola of curvature c = g·Hg / g·g, H the second derivatives (Y. LeCun et al., "Efficient
BackProp", 1998, section 4.6): it falls while η < 2/c, and most at η = 1/c.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.curvature import curvature_along
from nnsim.engine.forward import forward
from nnsim.engine.network import Network
from nnsim.tracing.trace import Trace
from nnsim.tracing.wording import on_paper

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Overshoot:
    """The coming step, measured and foretold."""

    rate: float
    """The learning rate of the step."""
    error_factor: float | None
    """Error after the step over the error before, on its sample; None with several samples or
    outputs, and where the error is 0."""
    loss_factor: float | None
    """Loss after the step over the loss before, on its samples; None where the loss is 0."""
    exact_factor: float | None
    """1 − η·Σx² where that is the whole truth."""
    curvature: float | None
    """Of the loss along the gradient of the trained weights; None where that is 0 or not finite."""

    @property
    def largest_rate(self) -> float | None:
        """Below it a step lowers the loss: 2/c; None where the loss does not bend upwards."""
        return None if self.curvature is None or self.curvature <= 0 else 2.0 / self.curvature

    @property
    def best_rate(self) -> float | None:
        """With it a step lands on the bottom: 1/c."""
        largest = self.largest_rate
        return None if largest is None else largest / 2.0


def overshoot(trace: Trace, inputs: Array, expected: Array) -> Overshoot | None:
    """Measure what the coming step of a Trace does to the error of its samples.

    inputs [samples, inputs] and expected [samples, outputs] are those of the step's batch. None
    without a step.
    """
    trace, step = trace.trained, trace.trained.step
    if step is None:
        return None
    after = trace.network.with_parameters(step.new_parameters) if step.is_finite() else None
    return Overshoot(
        rate=step.learning_rate,
        error_factor=_error_factor(trace, after, inputs, expected),
        loss_factor=_loss_factor(trace, after, inputs, expected),
        exact_factor=_exact_factor(trace, len(inputs)),
        curvature=_curvature(trace, inputs, expected),
    )


def sentences(found: Overshoot) -> list[str]:
    """Say in plain words what a step does, and how far the learning rate can go."""
    said = []
    if found.exact_factor is not None:
        factor = on_paper(found.exact_factor)
        said.append(f"Each step multiplies the error by exactly 1 − η·Σx² = {factor}.")
    elif found.error_factor is not None:
        said.append(f"This step multiplies the error by {on_paper(found.error_factor)}.")
    elif found.loss_factor is not None:
        said.append(f"This step multiplies the loss by {on_paper(found.loss_factor)}.")
    largest, best = found.largest_rate, found.best_rate
    if largest is None or best is None:
        said.append("The loss does not bend upwards along this step: it sets no limit to the rate.")
        return said
    exactly = "" if found.exact_factor is not None else " as far as the loss is a parabola here,"
    said.append(
        f"Below η = {on_paper(largest)}{exactly} the error shrinks; "
        f"at η = {on_paper(best)} one step would land at the bottom."
    )
    if found.rate >= largest:
        said.append("The present rate is beyond that: steps overshoot and the error grows.")
    elif found.rate > best:
        said.append("The present rate overshoots: the error changes its sign and shrinks.")
    return said


def _error_factor(
    trace: Trace, after: Network | None, inputs: Array, expected: Array
) -> float | None:
    if after is None or expected.shape != (1, 1):
        return None
    before = float(trace.outputs[0] - expected[0, 0])
    if before == 0 or not math.isfinite(before):
        return None
    return _finite((float(forward(after, inputs).outputs[0, 0]) - float(expected[0, 0])) / before)


def _loss_factor(
    trace: Trace, after: Network | None, inputs: Array, expected: Array
) -> float | None:
    if after is None:
        return None
    losses = [_loss(trace, network, inputs, expected) for network in (trace.network, after)]
    return _finite(losses[1] / losses[0]) if losses[0] != 0 else None


def _loss(trace: Trace, network: Network, inputs: Array, expected: Array) -> float:
    passed = forward(network, inputs)
    with np.errstate(all="ignore"):
        of_samples = trace.settings.loss_function.of_samples(
            passed.outputs, expected, passed.pre_activations[-1]
        )
    return float(np.sum(of_samples))


def _exact_factor(trace: Trace, samples: int) -> float | None:
    """1 − η·Σx² over the trained weights, with 1 for a trained bias."""
    network, settings = trace.network, trace.settings
    is_one_linear = network.sizes[1:] == (1,) and network.layers[0].activations == ("linear",)
    is_chapters = settings.loss == "half_squared" and trace.is_plain and samples == 1
    if not (is_one_linear and is_chapters):
        return None
    rows = [trace.factors(ref) for ref in network.refs_into(1, 0)]
    sources = [row.source for row in rows if row.is_trained and row.source is not None]
    return 1.0 - trace.learning_rate * math.fsum(x * x for x in sources)


def _curvature(trace: Trace, inputs: Array, expected: Array) -> float | None:
    """Of the step's loss along the gradient of the trained weights."""
    network, settings = trace.network, trace.settings
    assert trace.step is not None
    trained = network.structure.trained(settings.train_biases)
    gradient = trace.step.back.gradient
    direction = gradient if trained is None else np.where(trained, gradient, 0.0)
    if not np.isfinite(direction).all() or not direction.any():
        return None
    curved = curvature_along(network, inputs, expected, direction, settings.loss_function)
    share = 1.0 / len(inputs) if settings.batch_reduction == "mean" else 1.0
    return _finite(curved * share)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
