"""What a step does to the error, and what that says about the learning rate.

For one linear neuron, one sample, half the squared error and plain gradient descent a step
multiplies the error by exactly 1 − η·Σx² (x the inputs of its trained weights, 1 for a trained
bias): new error = error − η·error·Σx². For any network the loss along its gradient g is nearly a
parabola of curvature c = g·Hg / g·g, H the second derivatives (Y. LeCun et al., "Efficient
BackProp", 1998, section 4.6): it falls while η < 2/c, and most at η = 1/c.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.curvature import curvature_along
from nnsim.engine.forward import forward
from nnsim.engine.network import Network
from nnsim.engine.settings import Settings
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
    is_only_sample: bool
    """Whether no other sample is trained, so that every step is like this one."""
    follows_gradient: bool
    """Whether the step is −η · gradient; else the curvature along it says little of the step."""
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


def overshoot(
    trace: Trace, inputs: Array, expected: Array, is_only_sample: bool = True
) -> Overshoot | None:
    """Measure what the coming step of a Trace does to the error of its samples.

    inputs [samples, inputs] and expected [samples, outputs] are those of the step's batch;
    is_only_sample: no other sample is trained. None without a step.
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
        is_only_sample=is_only_sample,
        follows_gradient=_follows_gradient(trace.settings),
        curvature=_curvature(trace, inputs, expected),
    )


def sentences(found: Overshoot) -> list[str]:
    """Say in plain words what the coming step does, and how far the learning rate can go."""
    return [one for one in (_measured(found), _foretold(found), _verdict(found)) if one]


def _measured(found: Overshoot) -> str:
    if found.exact_factor is not None:
        which = "Each step multiplies" if found.is_only_sample else "This step multiplies"
        whose = "the error" if found.is_only_sample else "the error of its sample"
        return f"{which} {whose} by exactly 1 − η·Σx² = {on_paper(found.exact_factor)}."
    if found.error_factor is not None:
        return f"This step multiplies the error by {on_paper(found.error_factor)}."
    if found.loss_factor is not None:
        return f"This step multiplies the loss by {on_paper(found.loss_factor)}."
    return ""


def _foretold(found: Overshoot) -> str:
    """What the curvature says of the learning rate."""
    largest, best = found.largest_rate, found.best_rate
    if largest is None or best is None:
        return "The loss does not bend upwards along this step: it sets no limit to the rate."
    exactly = "" if found.exact_factor is not None else ", as far as the loss is a parabola here,"
    limits = (
        f"elow η = {on_paper(largest)}{exactly} the {_what(found)} shrinks; "
        f"at η = {on_paper(best)} one step would land at the bottom."
    )
    if found.follows_gradient:
        return f"B{limits}"
    return f"Of a step along the gradient alone: b{limits} This step is of another rule."


def _what(found: Overshoot) -> str:
    """What is measured: the error of one output for one sample, or the loss."""
    has_error = found.exact_factor is not None or found.error_factor is not None
    return "error" if has_error else "loss"


def _verdict(found: Overshoot) -> str:
    """Whether the step goes too far, by what it was measured to do."""
    factor = found.error_factor if found.error_factor is not None else found.loss_factor
    what = _what(found)
    if factor is None:
        return ""
    if abs(factor) > 1:
        return f"With the present rate the step overshoots: the {what} grows."
    if factor < 0:
        return (
            f"With the present rate the step overshoots: the {what} changes its sign and shrinks."
        )
    return ""


def _follows_gradient(settings: Settings) -> bool:
    """Whether a step is −η · gradient, whatever η is after its schedule."""
    return replace(settings, schedule="constant", warm_up_steps=0).is_plain


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
