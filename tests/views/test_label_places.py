"""Labels touch neither each other nor a neuron, whatever the network."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from nnsim import Network, ParameterRef
from nnsim.views.diagram.emphasis import emphasis_of
from nnsim.views.diagram.label_places import LABEL_HEIGHT, focus_labels, shown_label
from nnsim.views.diagram.layout import lay_out
from tests.strategies import any_networks
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

    check(scene, {**scene.labels, **found})
    assert all(focus in ((r.layer, r.to), (r.from_layer, r.source)) for r in found)


def test_up_to_150_connections_a_neuron_in_focus_shows_all_its_numbers():
    network = Network.dense([12, 12, 2], ["tanh", "tanh"])
    scene = lay_out(network, AREA)
    emphasis = emphasis_of(network, None, frozenset([(1, 5)]))

    assert not scene.labels
    assert set(focus_labels(scene, emphasis)) == {r for r in emphasis.path if not r.is_bias}
    assert len(emphasis.path) == 12 + 2


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
