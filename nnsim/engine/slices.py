"""A step of the numpy engine on any batch: a large one slice by slice, to be stopped between them.

How a batch is cut follows from its size and the network alone, and the slices' sums are added in
their order, so the bits do not depend on anybody asking to stop. A batch of one slice is step.py's.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.backward import backward
from nnsim.engine.forward import forward
from nnsim.engine.learned import Learned
from nnsim.engine.network import Network
from nnsim.engine.optimizers import Moments
from nnsim.engine.settings import Settings
from nnsim.engine.step import Sums, change_by, leaves_finite, step_on
from nnsim.engine.stopping import Stopping

Array = NDArray[np.float64]
Rows = NDArray[np.intp]

SLICE_PRODUCTS = 1_000_000
"""Multiplications of one feedforward over a slice: a step on it takes some milliseconds."""
LEAST_SAMPLES = 32
"""In a slice, since adding up its gradient takes as long as so many samples."""
FUNCTION_PRODUCTS = 30
"""How many multiplications an activation is worth."""


class BatchStep(NamedTuple):
    """What training keeps of a step."""

    loss: float
    error: float
    """Output 1 − expected 1 of the first sample."""
    new_parameters: Array
    new_moments: Moments
    is_finite: bool
    """Whether every number of it is, sums included."""


def samples_of_slice(network: Network) -> int:
    """Return how many samples of a large batch are computed at once."""
    products = len(network.parameters) + FUNCTION_PRODUCTS * sum(network.sizes[1:])
    return max(LEAST_SAMPLES, SLICE_PRODUCTS // products)


def batch_step(
    learned: Learned,
    inputs: Array,
    expected: Array,
    rows: Rows,
    settings: Settings,
    stopping: Stopping | None,
) -> BatchStep | None:
    """Compute the step on those samples; None when asked to stop meanwhile. Applies nothing."""
    size = samples_of_slice(learned.network)
    if len(rows) > size:
        return _sliced_step(learned, inputs, expected, rows, settings, stopping)
    network, moments = learned.network, learned.moments
    step = step_on(network, inputs[rows], expected[rows], settings, moments, learned.step)
    error = _first_error(step.passed.outputs, expected[rows[0]])
    return BatchStep(step.loss, error, step.new_parameters, step.new_moments, step.is_finite())


def _sliced_step(
    learned: Learned,
    inputs: Array,
    expected: Array,
    rows: Rows,
    settings: Settings,
    stopping: Stopping | None,
) -> BatchStep | None:
    network, loss, size = learned.network, settings.loss_function, samples_of_slice(learned.network)
    summed, total, error, is_finite = np.zeros_like(network.parameters), 0.0, 0.0, True
    for begin in range(0, len(rows), size):
        if stopping is not None and stopping.asked:
            return None
        some = rows[begin : begin + size]
        passed = forward(network, inputs[some])
        if begin == 0:
            error = _first_error(passed.outputs, expected[some[0]])
        is_finite = is_finite and passed.is_finite()
        with np.errstate(all="ignore"):
            summed += backward(network, passed, expected[some], loss).gradient
            own = loss.of_samples(passed.outputs, expected[some], passed.pre_activations[-1])
            total += float(own.sum())
    sums = Sums(len(rows), total, summed)
    change = change_by(network, sums, settings, learned.moments, learned.step)
    kept = (change.loss, change.new_parameters, change.new_moments)
    return BatchStep(kept[0], error, *kept[1:], is_finite and leaves_finite(*kept))


def _first_error(outputs: Array, expected: Array) -> float:
    return float(outputs.reshape(-1, len(expected))[0, 0] - expected[0])
