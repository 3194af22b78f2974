"""Penalties on large weights, and limits on gradients and weights.

Three conventions for L2 exist: λΣw², ½λΣw², and the decay of the weights themselves. Ours: `l2`
adds ½·l2·Σw² to the loss, so l2·w to the gradient (PyTorch's weight_decay of SGD); `l1` adds
l1·Σ|w|, so l1·sign(w), 0 at 0; `weight_decay` of AdamW leaves loss and gradient alone (see
optimizers.py). All of them are for weights, not for biases. Clipping by norm is Pascanu et al.,
arXiv 1211.5063, with PyTorch's 1e-6 in the denominator: g ← g · min(1, clip_norm / (|g| + 1e-6)).
"""

import math

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.settings import Settings
from nnsim.engine.structure import Mask, Structure

Array = NDArray[np.float64]

NORM_ROOM = 1e-6


def penalty(structure: Structure, parameters: Array, settings: Settings) -> float:
    """Return what l1 and l2 add to the loss: l1·Σ|w| + ½·l2·Σw² over the weights."""
    if not settings.l1 and not settings.l2:
        return 0.0
    weights = parameters[structure.is_weight]
    return float(settings.l1 * np.abs(weights).sum() + 0.5 * settings.l2 * (weights @ weights))


def penalised(
    structure: Structure, parameters: Array, gradient: Array, settings: Settings
) -> Array:
    """Return the gradient with what the penalties add to it."""
    if not settings.l1 and not settings.l2:
        return gradient
    added = settings.l1 * np.sign(parameters) + settings.l2 * parameters
    return np.where(structure.is_weight, gradient + added, gradient)


def clipped(gradient: Array, settings: Settings) -> Array:
    """Return the gradient within the limits: first each number, then the length."""
    if settings.clip_value:
        gradient = np.clip(gradient, -settings.clip_value, settings.clip_value)
    if settings.clip_norm:
        gradient = gradient * min(1.0, _shortened(gradient, settings.clip_norm))
    return gradient


def _shortened(gradient: Array, limit: float) -> float:
    """limit / (|g| + 1e-6), also where the squares are too large for numbers.

    Both are divided by a power of 2 near the largest number of g, which changes no other bit.
    """
    size, small = _scaled(gradient)
    return limit / size / (small + NORM_ROOM / size)


def length_of(gradient: Array) -> float:
    """Return |g|, the root of the sum of its squares, also where these are too large."""
    size, small = _scaled(gradient)
    return small * size


def _scaled(gradient: Array) -> tuple[float, float]:
    """A power of 2 near the largest number of g, and |g| divided by it."""
    size = 2.0 ** max(0, math.frexp(float(np.abs(gradient).max()))[1] - 1)
    small = gradient / size
    return size, float(np.sqrt(small @ small))


def limited(parameters: Array, held: Mask, limit: float) -> Array:
    """Return the parameters with those that are held kept within ± limit."""
    return np.where(held, np.clip(parameters, -limit, limit), parameters)
