"""Run, pause, restart, new weights, and a run that stops by itself."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from nnsim.views.diagram.targets import Target


def fastest(person):
    person.window.toolbar.speed.setFocus()
    person.key(Qt.Key.Key_End)


def step_of(person):
    return person.document.position.step


def test_run_goes_on_until_pause_and_is_one_undo(person):
    first = person.document
    fastest(person)
    person.press("run")
    person.qtbot.waitUntil(lambda: step_of(person) > 100)
    person.press("run")
    reached = step_of(person)
    QTest.qWait(60)
    assert step_of(person) == reached
    person.control(Qt.Key.Key_Z)
    assert person.document is first


def test_the_first_step_of_a_slow_run_comes_at_once_and_the_second_does_not(person):
    person.press("run")
    person.qtbot.waitUntil(lambda: step_of(person) == 1)
    QTest.qWait(100)
    assert step_of(person) == 1


def test_while_it_runs_step_is_off_and_run_says_pause(person):
    person.press("run")
    buttons = person.window.toolbar.buttons
    assert not buttons["step"].isEnabled()
    assert buttons["run"].text().strip() == "Pause"


def test_opening_an_editor_pauses(person):
    fastest(person)
    person.press("run")
    person.qtbot.waitUntil(lambda: step_of(person) > 0)
    person.double_click(Target("input", 0))
    assert not person.program.session.frame.running


def test_the_learning_rate_changes_in_the_middle_of_a_run(person):
    fastest(person)
    person.press("run")
    person.control(Qt.Key.Key_L)
    person.type("0.5")
    person.key(Qt.Key.Key_Return)
    before = step_of(person)
    person.qtbot.waitUntil(lambda: step_of(person) > before)
    assert person.document.settings.learning_rate == 0.5
    assert person.program.session.frame.running


def test_restart_keeps_the_start_weights_and_new_random_weights_does_not(person):
    person.press("step")
    person.press("restart")
    assert person.weights == [0.3, 0.9]
    assert step_of(person) == 0
    person.press("random")
    assert person.weights != [0.3, 0.9]
    drawn = person.weights
    person.press("step")
    person.press("restart")
    assert person.weights == drawn
    for _ in range(3):
        person.control(Qt.Key.Key_Z)
    assert step_of(person) == 0
    assert person.weights == [0.3, 0.9]


def test_a_diverging_run_pauses_and_says_why(person):
    person.edit(Target("input", 0), "1")
    person.edit(Target("input", 1), "2")
    fastest(person)
    person.press("run")
    person.qtbot.waitUntil(lambda: not person.program.session.frame.running)
    run = person.program.session.frame.run
    assert np.allclose(run.errors[1:] / run.errors[:-1], -4)
    assert "grown 10 steps running" in run.stopped.reason
    assert person.window.diagram.banner.isVisible()
    QTest.mouseClick(person.window.diagram.banner.undo_button, Qt.MouseButton.LeftButton)
    assert step_of(person) == 0
    assert not person.window.diagram.banner.isVisible()


def test_an_overflow_pauses_with_the_last_finite_numbers(person):
    person.edit(Target("input", 0), "1e200")
    person.edit(Target("expected", 0), "1e200")
    fastest(person)
    person.press("run")
    person.qtbot.waitUntil(lambda: not person.program.session.frame.running)
    assert "too large" in person.program.session.frame.run.stopped.reason
    assert np.isfinite(person.document.network.parameters).all()


def test_an_epoch_trains_on_every_sample_once(person):
    person.program.session.open_example("xor")
    person.press("epoch")
    run = person.program.session.frame.run
    assert sorted(run.samples) == [0, 1, 2, 3]
    assert person.document.position.epoch == 1
