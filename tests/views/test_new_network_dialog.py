"""The New dialog by real events."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from nnsim.engine.activations import ACTIVATIONS, activation_named
from nnsim.engine.initializers import with_start_weights
from nnsim.engine.settings import INITIALIZERS, Settings
from nnsim.errors import BadNetwork
from nnsim.views.layer_rows import SYMBOLS
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
    assert settings == {
        "loss": "half_squared",
        "seed": 0,
        "initializer": "uniform",
        "start_range": 1.0,
    }
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
    offered = [[box.itemData(i) for i in range(box.count())] for box in boxes]
    assert offered[1] == list(ACTIVATIONS)
    assert offered[0] == [name for name in ACTIVATIONS if name != "softmax"]
    for box, letters in zip(boxes, ("ta", "li"), strict=False):
        box.setFocus()
        QTest.keyClicks(box, letters)
    QTest.mouseClick(dialog.create_button, Qt.MouseButton.LeftButton)

    assert [layer.activations[0] for layer in made[0][0].layers] == ["tanh", "linear"]


def test_the_outputs_activation_moves_with_the_output(dialog):
    type_sizes(dialog, "2-2-1")
    box = dialog.layers.boxes[1]
    box.setFocus()
    QTest.keyClicks(box, "li")
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


def choose(box, name):
    """Choose as a person does: by keys, until the name is there."""
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    while box.choice != name:
        before = box.currentIndex()
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentIndex() > before, f"{name} is not offered"


def type_into(field, words):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, words)


def test_start_weights_all_the_same(dialog, made):
    type_sizes(dialog, "2-1")
    choose(dialog.start.box, "constant")
    type_into(dialog.start.number, "-1/2")
    QTest.keyClick(dialog.start.number, Qt.Key.Key_Return)

    network, settings = made[0]
    assert network.parameters.tolist() == [-0.5, -0.5, -0.5]
    assert (settings["initializer"], settings["start_range"]) == ("uniform", 1.0)


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_start_weights_are_those_that_the_settings_draw(dialog, made, initializer):
    type_sizes(dialog, "3-9-2")
    choose(dialog.start.box, initializer)
    if not dialog.start.number.isHidden():
        type_into(dialog.start.number, "0,25")
    type_into(dialog.seed, "7")
    QTest.keyClick(dialog.seed, Qt.Key.Key_Return)

    network, settings = made[0]
    drawn = Settings(**settings)
    if initializer != "constant":
        assert drawn.initializer == initializer
        assert network == with_start_weights(network, drawn)
    else:
        assert set(network.parameters) == {0.25}


def test_a_range_is_asked_for_only_where_it_counts(dialog):
    shown = {}
    for name in INITIALIZERS:
        choose(dialog.start.box, name)
        shown[name] = dialog.start.number.isVisible()

    assert [name for name in shown if shown[name]] == ["uniform", "normal", "constant"]


def test_random_weights_follow_seed_and_range(dialog, made):
    type_sizes(dialog, "3-3-3")
    type_into(dialog.start.number, "0,25")
    type_into(dialog.seed, "7")
    QTest.keyClick(dialog.seed, Qt.Key.Key_Return)

    network, settings = made[0]
    assert (settings["seed"], settings["start_range"]) == (7, 0.25)
    assert abs(network.parameters).max() <= 0.25
    assert len(set(network.parameters.tolist())) == network.parameter_count


def test_a_loss_that_does_not_suit_the_outputs_is_refused_until_they_do(dialog, made):
    choose(dialog.loss, "softmax_cross_entropy")
    assert "needs softmax outputs, and here is sigmoid" in dialog.summary.text()
    assert not dialog.create_button.isEnabled()
    dialog.accept()
    assert made == []

    choose(dialog.layers.boxes[1], "softmax")
    assert dialog.create_button.isEnabled()
    QTest.mouseClick(dialog.create_button, Qt.MouseButton.LeftButton)
    assert made[0][1]["loss"] == "softmax_cross_entropy"
    assert made[0][0].layers[-1].activations == ("softmax",)


@pytest.mark.parametrize(
    ("which", "words"),
    [("range", "abc"), ("range", "-1"), ("range", "1e308"), ("seed", "1.5"), ("seed", "9" * 20)],
)
def test_bad_numbers_are_refused_with_the_reason(dialog, made, which, words):
    field = dialog.start.number if which == "range" else dialog.seed
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, words)

    assert not dialog.create_button.isEnabled()
    assert dialog.summary.text().endswith(".")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert made == []


@pytest.mark.parametrize(
    ("name", "words", "made_name"),
    [
        ("threshold", "0,5", "threshold(0.5)"),
        ("threshold", "-1", "threshold(-1)"),
        ("leaky_relu", "1/5", "leaky_relu(0.2)"),
        ("leaky_relu", "0.01", "leaky_relu"),
        ("elu", "2", "elu(2)"),
        ("elu", "1e-9", "elu(1e-09)"),
    ],
)
@pytest.mark.parametrize("layer", [0, 1])
def test_the_number_of_an_activation_is_typed_beside_it(
    dialog, made, name, words, made_name, layer
):
    row = dialog.layers.rows[layer]
    assert not row.number.isVisible()
    choose(row.box, name)
    assert row.number.isVisible()
    type_into(row.number, words)
    formula = activation_named(made_name).formula
    assert row.box.currentText() == f"{name}   {formula}"
    assert row.number.accessibleDescription() == formula
    QTest.keyClick(row.number, Qt.Key.Key_Return)

    assert made[0][0].layers[layer].activations[0] == made_name


@pytest.mark.parametrize("words", ["", "abc", "1/0", "1e999"])
def test_a_number_of_an_activation_that_cannot_be_is_refused(dialog, made, words):
    row = dialog.layers.rows[0]
    choose(row.box, "elu")
    row.number.setFocus()
    row.number.selectAll()
    QTest.keyClick(row.number, Qt.Key.Key_Delete)
    QTest.keyClicks(row.number, words)

    assert not dialog.create_button.isEnabled()
    assert "Type a number such as" in dialog.summary.text()
    QTest.keyClick(row.number, Qt.Key.Key_Return)
    assert made == []
    choose(row.box, "tanh")
    assert dialog.create_button.isEnabled()


def test_each_activation_keeps_the_number_that_was_typed(dialog):
    row = dialog.layers.rows[0]
    choose(row.box, "threshold")
    assert row.number.text() == "0"
    type_into(row.number, "0.5")
    choose(row.box, "leaky_relu")
    assert row.number.text() == "0.01"
    choose(row.box, "threshold")
    assert row.number.text() == "0.5"

    type_sizes(dialog, "2-3-3-1")
    assert dialog.layers.activations() == ["threshold(0.5)", "threshold(0.5)", "sigmoid"]


def test_every_activation_with_a_number_has_a_name_for_it():
    assert set(SYMBOLS) == {name for name, a in ACTIVATIONS.items() if a.parameter is not None}


def test_tab_goes_from_an_activation_to_its_number_and_on(dialog):
    for row in dialog.layers.rows:
        choose(row.box, "elu")
    first, second = dialog.layers.rows
    first.box.setFocus()
    reached = []
    for _ in range(3):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        reached.append(dialog.focusWidget())

    assert reached == [first.number, second.box, second.number]


def test_escape_makes_nothing(dialog, made):
    QTest.keyClick(dialog, Qt.Key.Key_Escape)

    assert made == []
    assert not dialog.isVisible()


def test_every_control_has_a_name(dialog):
    fields = (dialog.sizes, dialog.seed, dialog.start.box, dialog.start.number, dialog.loss)

    numbers = [row.number for row in dialog.layers.rows]
    assert all(field.accessibleName() for field in (*fields, *dialog.layers.boxes, *numbers))
