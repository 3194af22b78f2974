"""A step of the numpy engine on any batch: a large one slice by slice, to be stopped between them.

How a batch is cut follows from its size and the network alone, and the slices' sums are added in
their order, so the bits do not depend on anybody asking to stop. A batch of one slice is step.py's.
A batch of a million samples needs no more memory than a slice of it.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.learned import Learned
from nnsim.engine.network import Network
from nnsim.engine.settings import Settings
from nnsim.engine.step import Part, Step, Sums, change_by, part_of, step_on
from nnsim.engine.stopping import Stopping

Array = NDArray[np.float64]
Rows = NDArray[np.intp]

SLICE_PRODUCTS = 1_000_000
"""Multiplications of one feedforward over a slice: a step on it takes some milliseconds."""
LEAST_SAMPLES = 32
"""In a slice, since adding up its gradient takes as long as so many samples."""
FUNCTION_PRODUCTS = 30
"""How many multiplications an activation is worth."""


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
    stopping: Stopping | None = None,
) -> Step | None:
    """Compute the step on those samples; None when asked to stop meanwhile. Applies nothing.

    `passed` and `back` of a batch of several slices are those of its first slice, or of the first
    in which a sum or an output is not finite.
    """
    if len(rows) > samples_of_slice(learned.network):
        return _sliced_step(learned, inputs, expected, rows, settings, stopping)
    network, moments = learned.network, learned.moments
    return step_on(network, inputs[rows], expected[rows], settings, moments, learned.step)


def _sliced_step(
    learned: Learned,
    inputs: Array,
    expected: Array,
    rows: Rows,
    settings: Settings,
    stopping: Stopping | None,
) -> Step | None:
    network, loss, size = learned.network, settings.loss_function, samples_of_slice(learned.network)
    summed, total = np.zeros_like(network.parameters), 0.0
    shown: Part | None = None
    for begin in range(0, len(rows), size):
        if stopping is not None and stopping.asked:
            return None
        some = rows[begin : begin + size]
        part = part_of(network, inputs[some], expected[some], loss)
        if shown is None or (shown.passed.is_finite() and not part.passed.is_finite()):
            shown = part
        with np.errstate(all="ignore"):
            summed += part.back.gradient
            total += part.loss
    assert shown is not None
    change = change_by(
        network, Sums(len(rows), total, summed), settings, learned.moments, learned.step
    )
    back = replace(shown.back, gradient=summed)
    return Step(shown.passed, back, shown.expected, len(rows), *change)
