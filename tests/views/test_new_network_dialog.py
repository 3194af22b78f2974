"""The New dialog by real events."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from nnsim.engine.activations import ACTIVATIONS
from nnsim.errors import BadNetwork
from nnsim.views.layer_sizes import parse_sizes
from nnsim.views.new_network_dialog import NewNetworkDialog


@pytest.fixture
def dialog(qtbot):
    widget = NewNetworkDialog()
    qtbot.addWidget(widget)
    with qtbot.waitActive(widget):
        widget.open()
        widget.activateWindow()
    return widget


@pytest.fixture
def made(dialog):
    networks = []
    dialog.network_made.connect(lambda network, settings: networks.append((network, settings)))
    return networks


def type_sizes(dialog, words):
    dialog.sizes.setFocus()
    dialog.sizes.selectAll()
    QTest.keyClicks(dialog.sizes, words)


def test_enter_makes_the_network(dialog, made):
    type_sizes(dialog, "2-4-1")
    QTest.keyClick(dialog.sizes, Qt.Key.Key_Return)

    network, settings = made[0]
    assert network.sizes == (2, 4, 1)
    assert network.parameter_count == 17
    assert settings == {"seed": 0, "start_range": 1.0}
    assert not dialog.isVisible()


def test_the_summary_follows_what_is_typed(dialog):
    type_sizes(dialog, "2-4-1")
    assert dialog.summary.text() == "2 inputs, 4 hidden, 1 output: 17 weights and biases"

    QTest.mouseClick(dialog.biases, Qt.MouseButton.LeftButton, pos=dialog.biases.rect().center())
    if dialog.biases.isChecked():  # the style takes clicks on the mark and its words only
        dialog.biases.click()
    assert dialog.summary.text() == "2 inputs, 4 hidden, 1 output: 12 weights"

    type_sizes(dialog, "3-8-8-2")
    assert dialog.summary.text() == "3 inputs, 8 + 8 hidden, 2 outputs: 104 weights"


def test_each_layer_has_an_activation(dialog, made):
    type_sizes(dialog, "2-3-1")
    boxes = dialog.layers.boxes
    assert [box.itemData(i) for i in range(boxes[0].count()) for box in boxes[:1]] == list(
        ACTIVATIONS
    )
    for box, letter in zip(boxes, ("t", "l"), strict=False):
        box.setFocus()
        QTest.keyClick(box, letter)
    QTest.mouseClick(dialog.create_button, Qt.MouseButton.LeftButton)

    assert [layer.activations[0] for layer in made[0][0].layers] == ["tanh", "linear"]


def test_the_outputs_activation_moves_with_the_output(dialog):
    type_sizes(dialog, "2-2-1")
    box = dialog.layers.boxes[1]
    box.setFocus()
    QTest.keyClick(box, "l")
    type_sizes(dialog, "2-5-5-1")

    assert dialog.layers.activations() == ["sigmoid", "sigmoid", "linear"]
    shown = [box.accessibleName() for box in dialog.layers.boxes if box.isVisible()]
    assert shown == ["Activation of hidden a", "Activation of hidden b", "Activation of output"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("", "Type the number of inputs"),
        ("two", "Type the number of inputs"),
        ("2", "at least one layer"),
        ("2-0-1", "at least one neuron"),
        ("2-", "Type the number of inputs"),
        ("2-99999-99", "weights and biases; the limit is 1,000,000"),
        ("9" * 150 + "-1", "too large"),
        ("-".join("1" * 40), "too many"),
    ],
)
def test_bad_sizes_are_refused_with_the_reason(dialog, made, words, reason):
    dialog.sizes.selectAll()
    QTest.keyClick(dialog.sizes, Qt.Key.Key_Delete)
    QTest.keyClicks(dialog.sizes, words)
    QTest.keyClick(dialog.sizes, Qt.Key.Key_Return)

    assert reason in dialog.summary.text()
    assert not dialog.create_button.isEnabled()
    assert made == []
    assert dialog.isVisible()


@pytest.mark.parametrize("words", ["2-4-1", "2 4 1", " 2 – 4 – 1 ", "2,4,1", "2x4x1"])
def test_sizes_may_be_parted_in_several_ways(words):
    assert parse_sizes(words, True) == [2, 4, 1]


def test_sizes_refuse_signs_and_fractions():
    for words in ("2--1", "2.5-1", "-2-1"):
        with pytest.raises(BadNetwork):
            parse_sizes(words, True)


def test_start_weights_all_the_same(dialog, made):
    type_sizes(dialog, "2-1")
    dialog.start.same.click()
    dialog.start.same_field.setFocus()
    dialog.start.same_field.selectAll()
    QTest.keyClicks(dialog.start.same_field, "1/2")
    QTest.keyClick(dialog.start.same_field, Qt.Key.Key_Return)

    assert made[0][0].parameters.tolist() == [0.5, 0.5, 0.5]


def test_random_weights_follow_seed_and_range(dialog, made):
    type_sizes(dialog, "3-3-3")
    for field, words in ((dialog.start.range_field, "0,25"), (dialog.seed, "7")):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, words)
    QTest.keyClick(dialog.seed, Qt.Key.Key_Return)

    network, settings = made[0]
    assert settings == {"seed": 7, "start_range": 0.25}
    assert abs(network.parameters).max() <= 0.25
    assert len(set(network.parameters.tolist())) == network.parameter_count


@pytest.mark.parametrize(
    ("which", "words"), [("range", "abc"), ("range", "-1"), ("seed", "1.5"), ("seed", "9" * 20)]
)
def test_bad_numbers_are_refused_with_the_reason(dialog, made, which, words):
    field = dialog.start.range_field if which == "range" else dialog.seed
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, words)

    assert not dialog.create_button.isEnabled()
    assert dialog.summary.text().endswith(".")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert made == []


def test_escape_makes_nothing(dialog, made):
    QTest.keyClick(dialog, Qt.Key.Key_Escape)

    assert made == []
    assert not dialog.isVisible()


def test_every_control_has_a_name(dialog):
    fields = (dialog.sizes, dialog.seed, dialog.start.range_field, dialog.start.same_field)

    assert all(field.accessibleName() for field in (*fields, *dialog.layers.boxes))
