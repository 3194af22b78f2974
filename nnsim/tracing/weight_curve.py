"""The curve of a weight: E of the traced sample as a function of that one number."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.forward import forward
from nnsim.engine.network import ParameterRef
from nnsim.tracing.shown_trace import delta_factor
from nnsim.tracing.trace import Trace

Array = NDArray[np.float64]

POINTS = 49
LEAST_SPAN = 2.0
"""The curve reaches at least so far to either side of the present value, else to 0 and twice it."""
LARGEST = float(np.finfo(np.float64).max)


@dataclass(frozen=True, eq=False)
class WeightCurve:
    """E of one sample for many values of one weight or bias, everything else as it is.

    Its slope at a value is the delta that the weight has there: ∂E/∂w.
    """

    ref: ParameterRef
    values: Array
    """Rising, [points]."""
    losses: Array
    """E without penalties, [points]; not finite where the numbers become too large."""

    def reaches(self, value: float) -> bool:
        """Whether a value lies within the curve."""
        return bool(self.values[0] <= value <= self.values[-1])


@dataclass(frozen=True)
class WeightPoint:
    """Where a weight stands on its curve: its value, E, and the slope there."""

    value: float
    loss: float
    slope: float
    is_delta: bool
    """Whether the delta is the slope, or something else by the conventions."""


def weight_curve(trace: Trace, ref: ParameterRef) -> WeightCurve | None:
    """Return E around the present value of a weight or bias, max(2, |value|) to either side.

    None without expected outputs. Raises BadNetwork when the network has no such weight.
    """
    network, place = trace.network, trace.network.index_of(ref)
    if trace.expected is None:
        return None
    value = float(network.parameters[place])
    span = min(max(LEAST_SPAN, abs(value)), LARGEST - abs(value))
    values = np.linspace(value - span, value + span, POINTS)
    return WeightCurve(ref, values, np.array([_loss(trace, place, float(v)) for v in values]))


def weight_point(trace: Trace, ref: ParameterRef) -> WeightPoint | None:
    """Return where a weight or bias stands on its curve; None without expected outputs."""
    delta, loss = trace.factors(ref).delta, trace.loss
    if delta is None or loss is None:
        return None
    value = float(trace.network.parameters[trace.network.index_of(ref)])
    factor = delta_factor(trace)
    return WeightPoint(value, loss, delta / factor, factor == 1.0)


def _loss(trace: Trace, place: int, value: float) -> float:
    """E of the traced sample with another number in one place of the parameters."""
    assert trace.expected is not None
    flat = trace.network.parameters.copy()
    flat[place] = value
    passed = forward(trace.network.keeping(flat), trace.inputs)
    with np.errstate(all="ignore"):
        loss = trace.settings.loss_function.of_samples(
            passed.outputs, trace.expected, passed.pre_activations[-1]
        )
    return float(loss)
