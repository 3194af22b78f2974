"""Connections that skip layers run between the neurons they pass."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF

from nnsim import Document, Network, ParameterRef, Samples
from nnsim.model import connecting
from nnsim.model.rebuilding import Fresh
from nnsim.views.diagram.layout import lay_out
from nnsim.views.diagram.pointing import line_at

AREA = QSizeF(880, 552)
SIZES = st.lists(st.integers(1, 6), min_size=3, max_size=5)


def skipping(sizes):
    """A network in which every layer is connected with every later one."""
    network = Network.dense(list(sizes), ["tanh"] * (len(sizes) - 1))
    document = Document(network, Samples([[0.0] * sizes[0]], [[0.0] * sizes[-1]]))
    for first in range(len(sizes)):
        for later in range(first + 2, len(sizes)):
            document = connecting.connect_layers(document, first, later, Fresh.zero)
    return document.network


def crosses(a, b, rect):
    line = QLineF(a, b)
    edges = (
        QLineF(rect.topLeft(), rect.topRight()),
        QLineF(rect.bottomLeft(), rect.bottomRight()),
        QLineF(rect.topLeft(), rect.bottomLeft()),
        QLineF(rect.topRight(), rect.bottomRight()),
    )
    met = QLineF.IntersectionType.BoundedIntersection
    return any(line.intersects(edge)[0] == met for edge in edges)


@settings(max_examples=60, deadline=None)
@given(SIZES)
def test_no_way_runs_through_a_neuron_it_passes(sizes):
    scene = lay_out(skipping(sizes), AREA)
    for ref in scene.network.refs():
        if ref.is_bias or ref.layer - ref.from_layer == 1:
            continue
        route = scene.route(ref)
        for (layer, _), rect in scene.nodes.items():
            if ref.from_layer < layer < ref.layer:
                inside = rect.adjusted(1, 1, -1, -1)
                assert not any(crosses(a, b, inside) for a, b in pairwise(route))


def test_straight_connections_stay_straight():
    scene = lay_out(skipping((2, 3, 1)), AREA)
    direct = ParameterRef(1, 0, 0)

    assert scene.route(direct) == scene.line(direct)
    assert all(ref.layer - ref.from_layer > 1 for ref in scene.routes)
    assert scene.routes


def test_ways_through_one_gap_run_side_by_side():
    scene = lay_out(skipping((4, 2, 4)), AREA)
    heights = [route[1].y() for route in scene.routes.values()]

    apart = np.diff(sorted(heights))
    assert len(heights) > 4
    assert apart.min() >= 8


def test_a_way_is_walked_from_its_beginning_to_its_end():
    scene = lay_out(skipping((1, 1, 1)), AREA)
    ref = ParameterRef(2, 0, 0, 0)
    points = [scene.point_on(ref, share) for share in np.linspace(0, 1, 101)]

    assert len(scene.route(ref)) == 4
    assert points[0] == scene.line(ref)[0]
    assert (points[-1] - scene.line(ref)[1]).manhattanLength() < 1e-6
    steps = [QLineF(a, b).length() for a, b in pairwise(points)]
    assert max(steps) == pytest.approx(np.median(steps), rel=0.01)


def test_a_bent_connection_is_pointed_at_where_it_is_drawn():
    scene = lay_out(skipping((1, 1, 1)), AREA)
    ref = ParameterRef(2, 0, 0, 0)

    assert line_at(scene, scene.point_on(ref, 0.5), 4).ref == ref
    straight = QPointF(scene.nodes[1, 0].center())
    found = line_at(scene, straight, 4)
    assert found is None or found.ref != ref


def test_nothing_bends_where_thousands_skip():
    scene = lay_out(skipping((20, 3, 20)), AREA)

    assert scene.routes == {}


def test_the_ways_stay_in_the_scene():
    scene = lay_out(skipping((4, 4, 4)), AREA)
    room = QRectF(QPointF(), scene.size)

    assert all(room.contains(point) for route in scene.routes.values() for point in route)
