"""Places of the diagram: kept from frame to frame as long as they are the same."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QSizeF

import nnsim
from nnsim.views.diagram.layout import lay_out, with_numbers

AREA = QSizeF(880, 560)


def network(*sizes, scale=0.1):
    rng = np.random.default_rng(1)
    weights = [rng.normal(scale=scale, size=(to, source)) for source, to in pairwise(sizes)]
    biases = [np.zeros(to) for to in sizes[1:]]
    return nnsim.Network.dense(list(sizes), ["tanh"] * len(weights), weights, biases)


@pytest.mark.parametrize("sizes", [(2, 1), (2, 3, 1), (2, 8, 8, 1), (64, 32, 10)])
def test_with_other_numbers_the_places_are_those_of_a_new_layout(sizes):
    scene, other = lay_out(network(*sizes), AREA), network(*sizes)
    other = other.with_parameters(other.parameters * 1.7)
    assert with_numbers(scene, other, AREA) is None  # another structure, equal as it may be
    other = scene.network.with_parameters(other.parameters)
    kept, fresh = with_numbers(scene, other, AREA), lay_out(other, AREA)
    if kept is not None:
        assert (kept.nodes, kept.labels, kept.size) == (fresh.nodes, fresh.labels, fresh.size)
        assert kept.largest_weight == fresh.largest_weight


def test_the_places_are_kept_while_labels_are_as_wide_and_the_area_is_the_same():
    scene = lay_out(network(2, 3, 1), AREA)
    other = scene.network.with_parameters(scene.network.parameters * 0.9)
    assert with_numbers(scene, other, AREA).network is other
    assert with_numbers(scene, other, QSizeF(700, 560)) is None
    shorter = scene.network.with_parameters(np.round(scene.network.parameters, 1))
    assert with_numbers(scene, shorter, AREA) is None


def test_the_lines_of_tiles_lead_from_side_to_side():
    scene = lay_out(network(5, 4, 3), AREA)
    for number, slot in enumerate(scene.network.structure.slots, start=1):
        places = np.arange(slot.weights, slot.biases)
        for place, line in zip(places, scene.lines(number, places), strict=True):
            start, end = scene.line(scene.network.ref_in(int(place)))
            assert tuple(line) == (start.x(), start.y(), end.x(), end.y())
