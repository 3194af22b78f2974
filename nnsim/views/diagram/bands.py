"""Bands: many connections between two layers drawn as few, each for neighbouring neurons."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nnsim.views.diagram.pairs import Pair
from nnsim.views.diagram.scene import Scene

MOST = 32
"""So many groups of neurons at most on either side."""

DISAGREEING = 0.15
"""The share of its strength that is left to a band whose weights cancel each other."""

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Bands:
    """The lines x1, y1, x2, y2 [bands, 4], and for each the mean size and the mean of its weights.

    A mean smaller than the mean size tells of weights that work against each other.
    """

    lines: Array
    sizes: Array
    means: Array

    @property
    def shares(self) -> Array:
        """How strong each is drawn, 0 … 1: by size, and weaker where its weights disagree."""
        sizes = self.sizes / (self.sizes.max() or 1.0)
        means = np.abs(self.means)
        return np.asarray(sizes * (DISAGREEING + (1 - DISAGREEING) * means / (means.max() or 1.0)))


def bands_of(scene: Scene, pair: Pair) -> Bands:
    """Gather the weights of a pair of layers in at most 32 × 32 bands."""
    structure = scene.network.structure
    weights = scene.network.weights[pair.layer - 1][:, pair.columns]
    begins = _begins(scene, pair.source)
    ends = _begins(scene, pair.layer)
    counts = np.outer(np.diff([*ends, weights.shape[0]]), np.diff([*begins, weights.shape[1]]))
    sizes = _summed(np.abs(weights), ends, begins) / counts
    means = _summed(weights, ends, begins) / counts
    assert scene.sides is not None
    sources = _middles(scene.sides, structure.starts[pair.source], begins, weights.shape[1])
    targets = _middles(scene.sides, structure.starts[pair.layer], ends, weights.shape[0])
    lines = np.empty((len(ends), len(begins), 4))
    lines[..., :2], lines[..., 2:] = sources[None, :, 1:], targets[:, None, ::2]
    return Bands(lines.reshape(-1, 4), sizes.ravel(), means.ravel())


def _begins(scene: Scene, layer: int) -> tuple[int, ...]:
    """Where the groups of a layer begin: the rows of a strip that has few enough, else equal."""
    size, strip = scene.network.sizes[layer], scene.strips.get(layer)
    if strip is not None and strip.rows <= MOST:
        return tuple(range(0, size, strip.columns))
    return _equal_parts(size, min(size, MOST))


@lru_cache(maxsize=64)
def _equal_parts(size: int, parts: int) -> tuple[int, ...]:
    return tuple(k * size // parts for k in range(parts))


def _summed(matrix: Array, ends: tuple[int, ...], begins: tuple[int, ...]) -> Array:
    across = np.add.reduceat(matrix, begins, axis=1)
    return np.asarray(np.add.reduceat(across, ends, axis=0), dtype=np.float64)


def _middles(sides: Array, first: int, begins: tuple[int, ...], size: int) -> Array:
    """The mean of the sides [groups, 3] of each group of a layer's neurons."""
    counts = np.diff([*begins, size])
    grouped = np.add.reduceat(sides[first : first + size], begins, axis=0)
    return np.asarray(grouped / counts[:, None], dtype=np.float64)
