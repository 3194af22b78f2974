"""The Training dialog by real events."""

from dataclasses import fields, replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from nnsim.engine.losses import LOSSES, loss_named
from nnsim.engine.optimizers import OPTIMIZERS
from nnsim.engine.settings import SCHEDULES, Settings
from nnsim.model.edits import change_settings
from nnsim.views.parts.theme import use_theme
from nnsim.views.setting_words import explanation_of
from nnsim.views.settings_draft import HUBER
from nnsim.views.training_dialog import CHOICES, COLUMNS, SIZE, TrainingDialog

START_ONLY = {"initializer", "start_range"}
"""Settings of start weights: the New dialog asks for them."""


@pytest.fixture
def opened(qtbot):
    """Open the dialog on a document; the changes it asks for are collected in `asked`."""

    def opened(document):
        dialog = TrainingDialog(document)
        qtbot.addWidget(dialog)
        dialog.asked = []
        dialog.settings_changed.connect(dialog.asked.append)
        with qtbot.waitActive(dialog):
            dialog.open()
            dialog.activateWindow()
        return dialog

    return opened


def choose(dialog, name, wanted):
    """Choose as a person does: by keys, until the name is there."""
    box = dialog.choices[name].box
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    while box.choice != wanted:
        before = box.currentIndex()
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentIndex() > before, f"{wanted} is not offered"


def type_into(dialog, name, words):
    field = dialog.numbers[name].field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, words)


def use(dialog):
    QTest.mouseClick(dialog.use_button, Qt.MouseButton.LeftButton)


def shown_numbers(dialog):
    return {name for name, row in dialog.numbers.items() if row.is_shown}


def test_every_setting_of_training_is_in_it(opened, xor):
    dialog = opened(xor)
    asked = {*dialog.numbers, *dialog.choices, *dialog.ticks}

    assert asked - {HUBER} == {field.name for field in fields(Settings)} - START_ONLY


@pytest.mark.parametrize(
    ("optimizer", "numbers"),
    [
        ("sgd", set()),
        ("momentum", {"momentum"}),
        ("nesterov", {"momentum"}),
        ("rmsprop", {"rho", "epsilon"}),
        ("adagrad", {"epsilon"}),
        ("adam", {"beta1", "beta2", "epsilon"}),
        ("adamw", {"beta1", "beta2", "epsilon", "weight_decay"}),
    ],
)
def test_only_the_numbers_of_the_optimizer_are_shown(opened, xor, optimizer, numbers):
    dialog = opened(xor)
    choose(dialog, "optimizer", optimizer)
    of_some = {"momentum", "rho", "beta1", "beta2", "epsilon", "weight_decay"}

    assert shown_numbers(dialog) & of_some == numbers
    assert dialog.choices["optimizer"].formula.text() == OPTIMIZERS[optimizer].formula


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_schedule_has_its_numbers_and_a_constant_rate_none(opened, xor, schedule):
    dialog = opened(xor)
    choose(dialog, "schedule", schedule)
    own = {"schedule_steps", "schedule_factor"}

    assert shown_numbers(dialog) & own == (set() if schedule == "constant" else own)
    assert "warm_up_steps" in shown_numbers(dialog)
    assert dialog.choices["schedule"].formula.isVisible() == (schedule != "constant")


def test_what_is_changed_and_no_more_is_asked_for(opened, xor):
    dialog = opened(xor)
    choose(dialog, "optimizer", "adamw")
    choose(dialog, "schedule", "cosine")
    choose(dialog, "batch_reduction", "sum")
    for name, words in (("learning_rate", "0,01"), ("weight_decay", "1/4"), ("batch_size", "3")):
        type_into(dialog, name, words)
    tick = dialog.ticks["shuffle"].tick
    QTest.mouseClick(tick, Qt.MouseButton.LeftButton, pos=QPoint(8, tick.height() // 2))
    use(dialog)

    changes = {
        "learning_rate": 0.01,
        "batch_reduction": "sum",
        "batch_size": 3,
        "shuffle": True,
        "optimizer": "adamw",
        "weight_decay": 0.25,
        "schedule": "cosine",
    }
    assert dialog.asked == [changes]
    assert type(dialog.asked[0]["batch_size"]) is int
    assert change_settings(xor, **changes).settings == replace(xor.settings, **changes)
    assert not dialog.isVisible()


def test_another_seed_gives_other_orders_of_the_samples(opened, xor):
    dialog = opened(xor)
    type_into(dialog, "seed", "9007199254740991")
    use(dialog)

    assert dialog.asked == [{"seed": 2**53 - 1}]
    assert type(dialog.asked[0]["seed"]) is int
    shuffled = change_settings(xor, shuffle=True)
    orders = {tuple(change_settings(shuffled, seed=seed).order) for seed in range(9)}
    assert len(orders) > 1


def test_nothing_is_asked_for_when_nothing_was_changed(opened, xor):
    dialog = opened(xor)
    use(dialog)

    assert dialog.asked == []
    assert not dialog.isVisible()


def test_it_shows_the_settings_of_the_document(opened, xor):
    settings = replace(
        xor.settings, loss="huber(0.25)", optimizer="rmsprop", rho=0.5, train_biases=False
    )
    dialog = opened(replace(xor, settings=settings))

    assert dialog.choices["loss"].box.choice == "huber"
    assert dialog.numbers[HUBER].field.text() == "0.25"
    assert dialog.numbers["rho"].field.text() == "0.5"
    assert not dialog.ticks["train_biases"].tick.isChecked()
    assert "0.25" in dialog.choices["loss"].formula.text()


def test_the_number_of_huber_stands_in_its_name(opened, xor):
    dialog = opened(xor)
    assert HUBER not in shown_numbers(dialog)
    choose(dialog, "loss", "huber")
    type_into(dialog, HUBER, "0.5")
    use(dialog)

    assert dialog.asked == [{"loss": "huber(0.5)"}]


def test_a_loss_that_cannot_be_says_why_in_its_place(opened, chapter):
    dialog = opened(chapter)
    choose(dialog, "loss", "binary_cross_entropy")
    reason = dialog.choices["loss"].explanation

    assert "needs sigmoid outputs, and here is linear" in reason.text()
    assert reason.property("role") == "wrong"
    assert "needs sigmoid outputs" in dialog.choices["loss"].box.accessibleDescription()
    assert not dialog.use_button.isEnabled()
    dialog.accept()
    assert dialog.isVisible()
    assert dialog.asked == []

    choose(dialog, "loss", "squared")
    assert reason.property("role") == "hint"
    assert dialog.use_button.isEnabled()


def test_samples_that_do_not_suit_the_loss_are_named(opened, xor):
    dialog = opened(xor)
    choose(dialog, "loss", "hinge")

    assert "those of sample 1 are not" in dialog.choices["loss"].explanation.text()
    assert not dialog.use_button.isEnabled()


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("learning_rate", "0", "The learning rate must be a number above 0"),
        ("learning_rate", "fast", "“fast” is not a number"),
        ("batch_size", "1.5", "The batch size must be a whole number"),
        ("batch_size", "-1", "The batch size must be a whole number"),
        ("l2", "-1", "The L2 penalty must be a number of at least 0"),
        ("warm_up_steps", "1e300", "The warm up steps must be a whole number"),
        ("seed", "1.5", "The seed must be a whole number from 0"),
        ("seed", "-1", "The seed must be a whole number from 0"),
        ("seed", "9007199254740992", "The seed must be a whole number from 0 to 9007199254740991"),
    ],
)
def test_a_number_that_cannot_be_is_refused_below_it(opened, xor, name, words, said):
    dialog = opened(xor)
    type_into(dialog, name, words)
    use(dialog)

    assert said in dialog.numbers[name].field.reason
    assert dialog.isVisible()
    assert dialog.asked == []


def test_a_refused_number_that_is_no_longer_shown_is_no_hindrance(opened, xor):
    dialog = opened(xor)
    choose(dialog, "optimizer", "momentum")
    type_into(dialog, "momentum", "7")
    choose(dialog, "optimizer", "sgd")
    use(dialog)

    assert dialog.asked == []
    assert not dialog.isVisible()


def test_enter_in_a_field_uses_the_settings(opened, xor):
    dialog = opened(xor)
    type_into(dialog, "clip_norm", "2")
    QTest.keyClick(dialog.numbers["clip_norm"].field, Qt.Key.Key_Return)

    assert dialog.asked == [{"clip_norm": 2.0}]
    assert not dialog.isVisible()


def test_escape_gives_a_number_back_and_then_leaves_all_as_it_was(opened, xor):
    dialog = opened(xor)
    type_into(dialog, "l1", "5")
    field = dialog.numbers["l1"].field
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), dialog.isVisible()) == ("0", True)
    QTest.keyClick(field, Qt.Key.Key_Escape)

    assert dialog.asked == []
    assert not dialog.isVisible()


def test_tab_goes_through_all_that_is_shown_from_top_to_bottom(opened, xor):
    dialog = opened(xor)
    choose(dialog, "optimizer", "adam")
    dialog.choices["loss"].box.setFocus()
    order = [name for column in COLUMNS for names in column.values() for name in names]
    widgets = {name: row.field for name, row in dialog.numbers.items() if row.is_shown}
    widgets |= {name: row.box for name, row in dialog.choices.items()}
    widgets |= {name: row.tick for name, row in dialog.ticks.items()}
    reached = []
    while dialog.focusWidget() is not dialog.cancel_button:
        reached.append(next(n for n, w in widgets.items() if w is dialog.focusWidget()))
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)

    assert reached == [name for name in order if name in widgets]


def test_every_control_has_a_name(opened, xor):
    dialog = opened(xor)
    rows = [row.field for row in dialog.numbers.values()]
    rows += [row.box for row in dialog.choices.values()]

    assert all(widget.accessibleName() and widget.accessibleDescription() for widget in rows)
    assert all(row.tick.text() for row in dialog.ticks.values())


def test_every_choice_is_explained(opened, xor):
    dialog = opened(xor)

    assert all(explanation_of(dialog, name, each) for name in CHOICES for each in CHOICES[name])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("loss", [name for name in LOSSES if loss_named(name).expects is None])
def test_nothing_is_cut_off(opened, qapp, xor, theme, loss):
    use_theme(qapp, theme)
    settings = replace(xor.settings, loss=loss, optimizer="adamw", schedule="cosine")
    dialog = opened(replace(xor, settings=settings))
    dialog.resize(*SIZE)  # the screen of these tests is narrower
    qapp.processEvents()
    use_theme(qapp, "light")

    assert SIZE[0] <= 1280
    assert SIZE[1] <= 720 - 40  # what a title bar takes
    assert dialog.area.verticalScrollBar().maximum() == 0
    for label in dialog.findChildren(QLabel):
        if label.isVisible():
            room = label.contentsRect()
            needed = QFontMetrics(label.font()).boundingRect(
                room, int(Qt.TextFlag.TextWordWrap), label.text()
            )
            assert needed.width() <= room.width(), label.text()
            assert needed.height() <= room.height() + 1, label.text()


def test_use_is_off_as_long_as_a_number_is_bad_and_says_why(opened, xor):
    dialog = opened(xor)
    assert dialog.use_button.isEnabled()

    type_into(dialog, "learning_rate", "-1")

    field = dialog.numbers["learning_rate"].field
    assert not dialog.use_button.isEnabled()
    assert "must be a number above 0" in dialog.use_button.toolTip()
    assert "must be a number above 0" in field.reason

    type_into(dialog, "learning_rate", "0.25")
    assert dialog.use_button.isEnabled()
    assert field.reason == ""

    type_into(dialog, "learning_rate", "x")
    assert not dialog.use_button.isEnabled()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert dialog.use_button.isEnabled()


def test_a_choice_moves_no_row_below_it(opened, qapp, xor):
    dialog = opened(xor)
    dialog.resize(*SIZE)
    qapp.processEvents()

    def places():
        qapp.processEvents()
        fixed = ("batch_size", "learning_rate", "warm_up_steps", "l1", "clip_value", "weight_limit")
        return [dialog.numbers[name].field.geometry().top() for name in fixed]

    before = places()
    for name, names in CHOICES.items():
        for choice in names:
            choose(dialog, name, choice)
            if dialog.use_button.isEnabled():  # a refusal may be longer than any explanation
                assert places() == before, (name, choice)
        choose(dialog, name, names[0])
