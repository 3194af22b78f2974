"""Places for neurons that are to stand in line, or evenly apart."""

from collections.abc import Callable, Mapping

import numpy as np

from nnsim.engine.references import Neuron
from nnsim.model.drawing import Point

Middles = Mapping[Neuron, Point]
"""Where the middles of neurons are, in the units of the scene."""


def in_a_column(middles: Middles) -> dict[Neuron, Point]:
    """Put all of them under each other: at their mean x."""
    x = float(np.mean([point[0] for point in middles.values()]))
    return {neuron: (x, y) for neuron, (_, y) in middles.items()}


def in_a_row(middles: Middles) -> dict[Neuron, Point]:
    """Put all of them beside each other: at their mean y."""
    y = float(np.mean([point[1] for point in middles.values()]))
    return {neuron: (x, y) for neuron, (x, _) in middles.items()}


def evenly_down(middles: Middles) -> dict[Neuron, Point]:
    """Put them at equal distances from the highest to the lowest, in their order."""
    heights = _even(middles, 1)
    return {neuron: (x, heights[neuron]) for neuron, (x, _) in middles.items()}


def evenly_across(middles: Middles) -> dict[Neuron, Point]:
    """Put them at equal distances from the leftmost to the rightmost, in their order."""
    places = _even(middles, 0)
    return {neuron: (places[neuron], y) for neuron, (_, y) in middles.items()}


ARRANGEMENTS: dict[str, Callable[[Middles], dict[Neuron, Point]]] = {
    "column": in_a_column,
    "row": in_a_row,
    "down": evenly_down,
    "across": evenly_across,
}


def _even(middles: Middles, axis: int) -> dict[Neuron, float]:
    order = sorted(middles, key=lambda neuron: (middles[neuron][axis], neuron))
    first, last = middles[order[0]][axis], middles[order[-1]][axis]
    places = np.linspace(first, last, len(order)).tolist()
    return dict(zip(order, places, strict=True))
