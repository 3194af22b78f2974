"""A network too large for single connections, in the real window."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

import nnsim
from nnsim.model.rebuilding import Fresh
from nnsim.views.diagram.heat_map import HeatMapDialog
from nnsim.views.diagram.targets import Target
from tests.journeys.hands import drag


@pytest.fixture
def large(person):
    """784-32-10 is shown."""
    settings = nnsim.Settings(initializer="glorot", loss="softmax_cross_entropy")
    network = nnsim.new_network([784, 32, 10], ["relu", "softmax"], settings)
    inputs = np.random.default_rng(1).uniform(0, 1, (20, 784))
    samples = nnsim.Samples.of_classes(inputs, np.arange(20) % 10)
    person.program.session._open(nnsim.Document(network, samples, settings), None)
    return person


def place(person, layer, index):
    target = Target("neuron", index, layer) if layer else Target("input", index)
    return person.view.to_screen(person.view.scene().rect(target)).center().toPoint()


def test_a_pixel_of_the_image_is_an_input_that_can_be_chosen_and_edited(large):
    QTest.mouseClick(large.view, Qt.MouseButton.LeftButton, pos=place(large, 0, 400))
    assert large.program.session.frame.chosen == {(0, 400)}
    large.edit(Target("input", 400), "0.25")
    assert large.document.samples.inputs[0, 400] == 0.25
    large.control(Qt.Key.Key_Z)
    assert large.document.samples.inputs[0, 400] != 0.25


def test_a_pixel_cannot_be_dragged_out_of_its_image(large):
    before = large.document
    where = place(large, 0, 400)
    drag(large, where, where + QPoint(90, 30))
    assert large.document is before


def test_a_neuron_is_added_to_and_taken_from_it(large):
    session = large.program.session
    session.choose_new_weights(Fresh.zero)
    before = large.document
    session.add_neurons(1)
    assert large.document.network.sizes == (784, 33, 10)
    assert large.view.scene().network is large.document.network
    large.control(Qt.Key.Key_Z)
    assert large.document is before


def test_all_weights_between_two_layers_are_shown_by_key(large):
    large.key(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    large.answer(HeatMapDialog).close()


def test_a_run_at_full_speed_can_be_watched_and_paused(large):
    large.window.toolbar.speed.setFocus()
    large.key(Qt.Key.Key_End)
    large.press("run")
    large.qtbot.waitUntil(lambda: large.document.position.step > 50, timeout=20_000)
    large.press("run")
    assert large.view.scene().network is large.document.network
