"""Choosing loss, optimizer and batches in the window, and training with them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from nnsim import train
from nnsim.views.training_dialog import TrainingDialog


def ask(person):
    person.control(Qt.Key.Key_T)
    dialog = person.answer(TrainingDialog)
    person.qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def choose(dialog, name, wanted):
    box = dialog.choices[name].box
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    while box.choice != wanted:
        before = box.currentIndex()
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentIndex() > before, f"{wanted} is not offered"


def use(person, dialog):
    QTest.mouseClick(dialog.use_button, Qt.MouseButton.LeftButton)
    person.window.activateWindow()
    person.qtbot.waitUntil(person.window.isActiveWindow)


def test_another_optimizer_trains_from_the_next_step_and_is_one_undo(person):
    before = person.document
    dialog = ask(person)
    choose(dialog, "optimizer", "adam")
    use(person, dialog)
    assert person.document.settings.optimizer == "adam"

    wanted = train(person.document, 3).document
    for _ in range(3):
        person.key(Qt.Key.Key_Space)
    assert person.document == wanted
    assert person.document.moments.steps == 3

    for _ in range(4):
        person.control(Qt.Key.Key_Z)
    assert person.document == before


def test_a_loss_that_does_not_suit_is_refused_where_it_is_chosen(person):
    before = person.document
    dialog = ask(person)
    choose(dialog, "loss", "binary_cross_entropy")

    assert not dialog.use_button.isEnabled()
    dialog.close()
    assert person.document == before


@pytest.mark.parametrize(("batch", "steps"), [("0", 1), ("2", 2), ("3", 2)])
def test_an_epoch_of_batches_takes_as_many_steps(person, batch, steps):
    person.program.session.open_example("xor")
    dialog = ask(person)
    field = dialog.numbers["batch_size"].field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, batch)
    use(person, dialog)
    begun = person.document.position

    person.key(Qt.Key.Key_F6)
    person.qtbot.waitUntil(lambda: person.document.position.epoch == begun.epoch + 1)

    assert person.document.position.step == begun.step + steps


def test_the_factors_say_what_else_decides(person):
    dialog = ask(person)
    choose(dialog, "optimizer", "momentum")
    use(person, dialog)

    chain = person.window.factors.card.chain()
    assert "new value = value + change" in chain
    assert "with momentum" in chain
