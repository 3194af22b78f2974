"""Labels touch neither each other nor a neuron, whatever the network."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from nnsim import Network, ParameterRef
from nnsim.model.frame import Focus, frame_of
from nnsim.model.history import History
from nnsim.model.run import Run
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.emphasis import emphasis_of
from nnsim.views.diagram.label_places import LABEL_HEIGHT, focus_labels, shown_label
from nnsim.views.diagram.layout import lay_out
from nnsim.views.diagram.look import Look
from nnsim.views.diagram.painting import paint_network
from nnsim.views.diagram.targets import Target
from tests.drawn import drawn_words
from tests.strategies import any_networks
from tests.views.pixels.scenes import SCENES
from tests.views.test_routes import skipping

AREA = QSizeF(880, 552)
SIZES = st.lists(st.integers(1, 8), min_size=2, max_size=4)


def check(scene, labels):
    room = QRectF(QPointF(), scene.size)
    weights = {ref: rect for ref, rect in labels.items() if not ref.is_bias}
    for (_, one), (_, other) in combinations(labels.items(), 2):
        assert not one.intersects(other)
    for rect in weights.values():
        assert room.contains(rect)
        assert not any(rect.intersects(node) for node in scene.nodes.values())


@settings(max_examples=60, deadline=None)
@given(any_networks())
def test_no_label_touches_another_or_a_neuron(network):
    scene = lay_out(network, AREA)
    check(scene, scene.labels)


@settings(max_examples=40, deadline=None)
@given(SIZES)
def test_with_skipped_layers_neither(sizes):
    scene = lay_out(skipping(sizes) if len(sizes) > 2 else Network.dense(sizes, ["tanh"]), AREA)
    check(scene, scene.labels)


@settings(max_examples=40, deadline=None)
@given(SIZES, st.randoms())
def test_the_numbers_of_a_neuron_in_focus_neither(sizes, random):
    network = Network.dense(sizes, ["tanh"] * (len(sizes) - 1))
    layer = random.randrange(len(sizes))
    focus = (layer, random.randrange(sizes[layer]))
    scene = lay_out(network, AREA)
    found = focus_labels(scene, emphasis_of(network, None, frozenset([focus])))

    stay = {
        r: rect for r, rect in scene.labels.items() if not any(map(rect.intersects, found.values()))
    }
    check(scene, {**stay, **found})
    kept = [
        ref
        for ref in scene.labels
        if ref.is_bias or focus in ((ref.layer, ref.to), (ref.from_layer, ref.source))
    ]
    assert all(ref in stay for ref in kept)
    assert all(focus in ((r.layer, r.to), (r.from_layer, r.source)) for r in found)


@settings(max_examples=60, deadline=None)
@given(SIZES, st.randoms())
def test_up_to_150_connections_a_neuron_in_focus_shows_all_its_numbers(sizes, random):
    network = Network.dense(sizes, ["tanh"] * (len(sizes) - 1))
    values = [random.uniform(-2, 2) for _ in range(network.parameters.size)]
    network = network.with_parameters(values)
    layer = random.randrange(len(sizes))
    emphasis = emphasis_of(network, None, frozenset([(layer, random.randrange(sizes[layer]))]))
    scene = lay_out(network, AREA)

    shown = {**scene.labels, **focus_labels(scene, emphasis)}
    assert emphasis.path <= shown.keys() | {ref for ref in emphasis.path if ref.is_bias}


def test_a_neuron_with_twelve_inputs_shows_all_its_numbers_too():
    network = Network.dense([12, 12, 2], ["tanh", "tanh"])
    scene = lay_out(network, AREA)
    emphasis = emphasis_of(network, None, frozenset([(1, 5)]))

    assert not scene.labels
    assert set(focus_labels(scene, emphasis)) == emphasis.path
    assert len(emphasis.path) == 12 + 2


def test_only_the_neuron_in_focus_and_its_neighbours_keep_their_borders():
    network = Network.dense([2, 3, 1], ["tanh", "tanh"])
    emphasis = emphasis_of(network, None, frozenset([(1, 0)]))
    look = Look(emphasis, None, None)

    faded = {
        neuron
        for neuron in [(1, 1), (1, 2), (0, 0), (2, 0), (1, 0)]
        if look.node_border(neuron) != look.border(Target("neuron"))
    }
    assert faded == {(1, 1), (1, 2)}


def test_all_lines_but_those_of_the_neuron_in_focus_fade():
    network = Network.dense([2, 3, 1], ["tanh", "tanh"])
    emphasis = emphasis_of(network, None, frozenset([(1, 0)]))

    lit = {ref for ref in network.refs() if emphasis.is_lit(ref)}
    assert lit == {ParameterRef(1, 0, 0), ParameterRef(1, 0, 1), ParameterRef(2, 0, 0)}


def test_several_chosen_neurons_are_no_focus():
    network = Network.dense([2, 3, 1], ["tanh", "tanh"])
    emphasis = emphasis_of(network, None, frozenset([(1, 0), (1, 1)]))

    assert (emphasis.focus, emphasis.fades) == (None, False)


def test_a_label_that_is_asked_for_stands_beside_the_neurons():
    scene = lay_out(skipping((2, 4, 4, 1)), AREA)
    for ref in scene.network.refs():
        if not ref.is_bias:
            rect = shown_label(scene, ref)
            assert not any(rect.intersects(node) for node in scene.nodes.values()), ref


def test_where_layers_stand_close_it_is_above_or_below_them():
    scene = lay_out(Network.dense([1, 1, 1, 1], ["tanh"] * 3), QSizeF(700, 400))
    rect = shown_label(scene, ParameterRef(1, 0, 0))
    assert not any(rect.intersects(node) for node in scene.nodes.values())
    assert rect.center().x() < scene.nodes[1, 0].center().x()


def test_a_small_network_has_room_for_most_deltas():
    scene = lay_out(Network.dense([2, 2, 2], ["sigmoid", "sigmoid"]), AREA)

    weights = {ref: rect for ref, rect in scene.labels.items() if not ref.is_bias}
    assert sum(rect.height() > LABEL_HEIGHT for rect in weights.values()) >= 6
    assert len(scene.labels) == scene.network.parameter_count


def test_a_frozen_weight_has_room_for_its_lock():
    network = Network.dense([2, 2, 1], ["tanh", "tanh"])
    ref = ParameterRef(1, 0, 0)
    usual, locked = (
        lay_out(made, AREA).labels[ref] for made in (network, network.with_frozen([ref]))
    )
    assert locked.width() >= usual.width()


@pytest.mark.parametrize("chosen", [[], [ParameterRef(1, 1, 1)]])
def test_a_frozen_weight_has_a_delta_and_says_that_it_does_not_change(qapp, chosen):
    document, _ = SCENES["skipped-and-frozen"]()
    frame = frame_of(History(Run.of(document)), Focus(chosen=frozenset(chosen)))
    scene = lay_out(document.network, AREA)
    words = drawn_words(lambda p: paint_network(p, scene, frame), AREA.toSize())

    label = scene.labels[ParameterRef(1, 1, 1)]
    inside = [word.text for word in words if label.contains(word.place)]
    delta = on_paper(frame.trace.factors(ParameterRef(1, 1, 1)).delta)
    assert f"delta {delta}, change 0" in inside
    assert sum("change 0" in word.text for word in words) == 1
