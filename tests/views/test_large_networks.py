"""Large networks: strips, bands, what is in sight, heat maps, and how much detail there is."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest

import nnsim
from nnsim.data.samples import Samples
from nnsim.engine.network import ParameterRef
from nnsim.model.document import Document
from nnsim.views.diagram.bands import bands_of
from nnsim.views.diagram.colour_scale import coloured
from nnsim.views.diagram.detail import SETTLED, Refining, full_detail
from nnsim.views.diagram.heat_map import HeatMapDialog, matrix_of
from nnsim.views.diagram.layout import lay_out
from nnsim.views.diagram.line_pens import Line, pen_of
from nnsim.views.diagram.painting import paint_network
from nnsim.views.diagram.pairs import near_places, nearest_place, pair_at, pairs_of, strongest
from nnsim.views.diagram.pointing import neuron_at
from nnsim.views.diagram.view import DiagramView
from nnsim.views.parts.theme import DARK, LIGHT, theme

AREA = QSizeF(880, 560)


def network(*sizes):
    rng = np.random.default_rng(2)
    weights = [rng.normal(size=(to, source)) for source, to in pairwise(sizes)]
    return nnsim.Network.dense(list(sizes), ["sigmoid"] * len(weights), weights)


def document(*sizes):
    rng = np.random.default_rng(3)
    return Document(network(*sizes), Samples(rng.random((3, sizes[0])), rng.random((3, sizes[-1]))))


def picture(frame, size=AREA):
    scene = lay_out(frame.document.network, size)
    image = QImage(size.toSize(), QImage.Format.Format_RGB32)
    image.fill(QColor(theme().background))
    painter = QPainter(image)
    paint_network(painter, scene, frame)
    painter.end()
    return scene, image


# ---------------------------------------------------------------- strips


@pytest.mark.parametrize("size", [131, 200, 500, 784, 1000, 4096])
def test_each_cell_of_a_strip_is_its_neuron(size):
    scene = lay_out(network(size, 3), AREA)
    strip = scene.strips[0]
    for index in range(size):
        cell = scene.nodes[0, index]
        assert strip.rect.adjusted(-1e-6, -1e-6, 1e-6, 1e-6).contains(cell)
        if index % 37 == 0:
            assert neuron_at(scene, cell.center()) == (0, index)
    assert QRectF(QPointF(), scene.size).contains(strip.rect)
    corners = {(scene.nodes[0, i].left(), scene.nodes[0, i].top()) for i in range(size)}
    assert len(corners) == size


def test_a_square_layer_is_a_square_and_a_small_hidden_one_stays_tiles():
    assert (lay_out(network(784, 3), AREA).strips[0].rows) == 28
    assert (lay_out(network(64, 3), AREA).strips[0].columns) == 8
    assert set(lay_out(network(784, 128, 10), AREA).strips) == {0}
    assert not lay_out(network(60, 64, 3), AREA).strips


def test_all_of_784_128_10_is_seen_at_its_full_size():
    scene = lay_out(network(784, 128, 10), AREA)
    assert scene.size.height() <= 1.05 * AREA.height()
    assert scene.size.width() <= AREA.width()


def test_a_strip_stays_together_and_tiles_can_be_put_elsewhere():
    made = network(200, 5)
    usual = lay_out(made, AREA)
    moved = lay_out(made, AREA, {(0, 3): (5.0, 5.0), (1, 2): (700.0, 99.0)})
    assert moved.nodes[0, 3] == usual.nodes[0, 3]
    assert moved.nodes[1, 2].center() == QPointF(700, 99)


def test_lines_from_a_strip_begin_at_its_edge_in_the_row_of_the_cell():
    scene = lay_out(network(784, 6), AREA)
    pair = pairs_of(scene.network.structure)[0]
    some = pair.places[::191]
    for place, line in zip(some, scene.lines(1, some), strict=True):
        ref = scene.network.ref_in(int(place))
        start, end = scene.line(ref)
        assert tuple(line) == (start.x(), start.y(), end.x(), end.y())
        assert start.x() == scene.strips[0].rect.right()
        assert start.y() == scene.nodes[0, ref.source].center().y()


def test_a_strip_shows_each_activation_in_its_cell(frame):
    of = document(784, 10)
    shown = frame(of)
    scene, image = picture(shown)
    inputs = shown.trace.inputs
    wanted = coloured(np.asarray(inputs), theme())
    for index in range(0, 784, 29):
        middle = scene.nodes[0, index].center().toPoint()
        assert image.pixelColor(middle).rgb() == int(wanted[index])


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_colours_tell_signs_apart_and_nothing_is_the_ground(colours):
    plus, minus, zero, absent = coloured(np.array([2.0, -2.0, 0.0, np.nan]), colours)
    assert zero == absent == QColor(colours.card).rgb()
    assert len({int(plus), int(minus), int(zero)}) == 3


# ---------------------------------------------------------------- bands and what is in sight


@pytest.mark.parametrize("sizes", [(784, 128), (100, 90), (64, 32), (45, 37)])
def test_bands_hold_every_weight_once(sizes):
    scene = lay_out(network(*sizes), AREA)
    pair = pairs_of(scene.network.structure)[0]
    bands, weights = bands_of(scene, pair), scene.network.weights[0]
    assert len(bands.sizes) <= 32 * 32
    rows = len(np.unique(bands.lines[:, 3]))
    across = len(bands.sizes) // rows
    parts = [k * sizes[1] // rows for k in range(rows)]
    if 0 in scene.strips:
        cuts = list(range(0, sizes[0], scene.strips[0].columns))
    else:
        cuts = [k * sizes[0] // across for k in range(across)]
    for row, column in ((0, 0), (rows - 1, across - 1), (rows // 2, across // 3)):
        block = weights[
            parts[row] : ([*parts, sizes[1]])[row + 1],
            cuts[column] : ([*cuts, sizes[0]])[column + 1],
        ]
        place = row * across + column
        assert bands.sizes[place] == pytest.approx(np.abs(block).mean())
        assert bands.means[place] == pytest.approx(block.mean())
    assert bands.shares.min() >= 0
    assert bands.shares.max() <= 1


def test_bands_of_nothing_but_zeros_are_drawn(frame):
    of = document(64, 32)
    empty = replace(of, network=of.network.with_parameters(of.network.parameters * 0))
    picture(frame(empty))  # no division by zero: numpy's warnings are errors here


def test_near_are_the_connections_with_an_end_in_sight():
    scene = lay_out(network(100, 90), AREA)
    pair = pairs_of(scene.network.structure)[0]
    sight = scene.nodes[1, 40].adjusted(-2, -9, 2, 9)
    near = set(near_places(scene, pair, sight).tolist())
    for place in pair.places.tolist():
        start, end = scene.line(scene.network.ref_in(place))
        assert (place in near) == (sight.contains(start) or sight.contains(end))
    assert 0 < len(near) < len(pair.places)


def test_zoomed_in_single_weights_are_drawn_where_bands_were(frame):
    """Two weights in one band cancel each other: it is faint; from near each has its colour."""
    of = document(40, 90)
    alone = of.network.parameters * 0
    ref = ParameterRef(1, 59, 3)
    alone[of.network.index_of(ref)] = 1.0
    alone[of.network.index_of(ParameterRef(1, 60, 3))] = -1.0
    shown = frame(replace(of, network=of.network.with_parameters(alone)))
    scene = lay_out(shown.document.network, AREA)
    _, end = scene.line(ref)
    full, found = pen_of(scene, Line(1.0, False)).color().rgb(), []
    for zoom in (1.0, 12.0):
        image = QImage(AREA.toSize(), QImage.Format.Format_RGB32)
        image.fill(QColor(theme().background))
        painter = QPainter(image)
        if zoom > 1:
            painter.translate(800, 280)
            painter.scale(zoom, zoom)
            painter.translate(-end)
        paint_network(painter, scene, shown)
        painter.end()
        pixels = np.frombuffer(image.constBits(), dtype=np.uint32)
        found.append(bool((pixels == full).any()))
    assert found == [False, True]


@pytest.mark.parametrize("sizes", [(30, 30, 3), (64, 32, 10)])
def test_the_line_that_is_pointed_at_is_the_nearest(sizes):
    scene, rng = lay_out(network(*sizes), AREA), np.random.default_rng(8)
    for x, y in rng.uniform((60, 60), (800, 500), size=(40, 2)).tolist():
        point, distances = QPointF(x, y), {}
        for place in np.concatenate([pair.places for pair in pairs_of(scene.network.structure)]):
            start, end = scene.line(scene.network.ref_in(int(place)))
            along = end - start
            share = QPointF.dotProduct(point - start, along) / QPointF.dotProduct(along, along)
            away = point - (start + along * min(1.0, max(0.0, share)))
            distances[int(place)] = np.hypot(away.x(), away.y())
        found = nearest_place(scene, point, 7.0, not_in_bands=False)
        least = min(distances.values())
        assert (found is None) == (least >= 7.0)
        assert found is None or distances[found] == pytest.approx(least)


def test_the_strongest_are_the_largest_either_way():
    values, places = np.array([0.1, -9.0, 3.0, 0.5, -4.0]), np.arange(5)
    assert set(strongest(values, places, 2).tolist()) == {1, 4}
    assert strongest(values, places, 9) is places


def test_skipped_and_removed_connections_are_in_their_own_pairs():
    made = network(3, 5, 2).with_connection(ParameterRef(2, 1, 2, 0), 0.7)
    made = made.without([ParameterRef(1, 0, 0)])
    pairs = {(p.source, p.layer): p for p in pairs_of(made.structure)}
    assert set(pairs) == {(0, 1), (1, 2), (0, 2)}
    assert len(pairs[0, 1].places) == 14
    assert len(pairs[0, 2].places) == 1
    matrix = matrix_of(made, pairs[0, 2])
    assert matrix[1, 2] == 0.7
    assert np.isnan(matrix).sum() == 5


def test_a_frozen_line_is_grey_and_keeps_its_dashes():
    scene = lay_out(network(2, 2, 1), AREA)
    usual, frozen = (pen_of(scene, Line(0.5, True, True, is_so)) for is_so in (False, True))
    assert frozen.color() == QColor(theme().muted) != usual.color()
    assert frozen.dashPattern() == usual.dashPattern() != []


# ---------------------------------------------------------------- detail


def test_lines_are_smooth_again_soon_after_the_last_change(frame, qtbot):
    of, refining = document(30, 30), Refining(None)
    assert refining.detail.smooth
    refining.show_frame(frame(of), tiled=True)
    assert not refining.detail.smooth
    with qtbot.waitSignal(refining.refined, timeout=20 * SETTLED):
        pass
    assert refining.detail.smooth


def test_maps_follow_each_edit_and_in_a_run_come_soon_after(frame, qtbot):
    of, refining = document(2, 8, 1), Refining(None)
    other = replace(of, network=of.network.with_parameters(of.network.parameters * -3))
    refining.show_frame(frame(of), tiled=True)
    first = refining.detail.maps
    assert set(first) == {(0, 0), (0, 1), (2, 0), *((1, i) for i in range(8))}
    refining.show_frame(frame(other), tiled=True)
    assert refining.detail.maps[1, 0] != first[1, 0]
    refining.show_frame(frame(of, running=True), tiled=True)
    assert refining.detail.maps[1, 0] != first[1, 0]  # made only just now
    with qtbot.waitSignal(refining.refined, timeout=20 * SETTLED):
        pass
    assert refining.detail.maps[1, 0] == first[1, 0]
    refining.show_frame(frame(of), tiled=False)
    assert not refining.detail.maps


def test_the_tip_says_what_the_axes_of_a_map_are(frame):
    of, refining = document(2, 8, 1), Refining(None)
    of = replace(of, samples=Samples([[0, 5], [2, 9]], [[0], [1]]))
    refining.show_frame(frame(of), tiled=True)
    assert "input1 goes from −0.2 to 2.2, and input2 up from 4.6 to 9.4" in refining.tip((1, 3))
    assert refining.tip(None) == ""


def test_an_exported_picture_has_the_maps_without_asking(frame):
    shown = frame(document(2, 8, 1))
    assert (1, 7) in full_detail(lay_out(shown.document.network, AREA), shown).maps
    shown = frame(document(3, 8, 1))
    assert not full_detail(lay_out(shown.document.network, AREA), shown).maps


# ---------------------------------------------------------------- heat maps


@pytest.fixture
def dialog(qtbot, frame):
    made = HeatMapDialog()
    qtbot.addWidget(made)
    made.show_pair(frame(document(64, 32, 10)), 0, 1)
    qtbot.waitExposed(made)
    return made


def test_a_cell_tells_its_weight_and_a_click_selects_it(dialog, qtbot):
    ref = ParameterRef(1, 20, 33)
    where = dialog.map.place(ref).center().toPoint()
    QTest.mouseMove(dialog.map, where)
    value = float(dialog.map.network.weights[0][20, 33])
    with qtbot.waitSignal(dialog.weight_chosen) as chosen:
        QTest.mouseClick(dialog.map, Qt.MouseButton.LeftButton, pos=where)
    assert chosen.args == [ref]
    assert dialog.said.text().endswith(nnsim.tracing.wording.on_paper(value))


def test_arrow_keys_walk_through_the_cells_and_enter_selects(dialog, qtbot):
    dialog.map.at = ParameterRef(1, 4, 4)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up):
        QTest.keyClick(dialog.map, key)
    with qtbot.waitSignal(dialog.weight_chosen) as chosen:
        QTest.keyClick(dialog.map, Qt.Key.Key_Return)
    assert chosen.args == [ParameterRef(1, 3, 6)]


def test_the_heat_map_follows_and_closes_when_its_layers_go(dialog, frame):
    before = dialog.map.largest
    of = document(64, 32, 10)
    dialog.show_frame(
        frame(replace(of, network=of.network.with_parameters(of.network.parameters * 2)))
    )
    assert dialog.map.largest == pytest.approx(2 * before)
    dialog.map.use(1, 2)
    dialog.show_frame(frame(document(64, 10)))
    assert not dialog.isVisible()


def test_bands_are_double_clicked_and_m_pressed_for_the_heat_map(qtbot, frame):
    view = DiagramView()
    qtbot.addWidget(view)
    view.resize(880, 560)
    view.show_frame(frame(document(64, 32, 10)))
    view.show()
    qtbot.waitExposed(view)
    scene = view.scene()
    middle = QPointF((scene.sides[0, 1] + scene.sides[64, 0]) / 2, scene.size.height() / 2)
    assert pair_at(scene, middle, 1200).layer == 1
    assert pair_at(scene, QPointF(5, 5), 1200) is None
    where = view.to_screen(QRectF(middle, QSizeF(0, 0))).topLeft().toPoint()
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=where)
    assert view.heat_maps.dialog.isVisible()
    assert (view.heat_maps.dialog.map.source, view.heat_maps.dialog.map.layer) == (0, 1)
    view.heat_maps.dialog.close()
    view.show_frame(replace(view.canvas.frame, selected=ParameterRef(2, 3, 3)))
    view.heat_maps.open()
    assert view.heat_maps.dialog.isVisible()
    assert view.heat_maps.dialog.map.layer == 2
    with qtbot.waitSignal(view.parameter_selected):
        QTest.keyClick(view.heat_maps.dialog.map, Qt.Key.Key_Return)
    view.heat_maps.dialog.close()
