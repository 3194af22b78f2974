"""The loss: how far the outputs are from what was expected, as one number."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def half_squared(output: Array, expected: Array) -> float:
    """Return E = ½ Σ (output − expected)² over all outputs: the loss of the chapter's deltas."""
    difference = output - expected
    return 0.5 * float(difference @ difference)


def half_squared_gradient(output: Array, expected: Array) -> Array:
    """Return ∂E/∂output = output − expected, one for each output: the chapter's error."""
    return output - expected
