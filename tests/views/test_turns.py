"""Whose turn it is to draw, with views that only note what they are shown."""

import time
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget

from nnsim.model.run import Run
from nnsim.views import turns as module
from nnsim.views.turns import APART_MS, LONGEST_MS, Turns


class Noting(QWidget):
    def __init__(self, parent) -> None:
        super().__init__(parent)
        self.setGeometry(0, 0, 20, 20)
        self.shown = []

    def show_frame(self, frame) -> None:
        self.shown.append(frame)


@pytest.fixture
def window(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def views(window, qtbot):
    made = [Noting(window) for _ in range(3)]
    for place, view in enumerate(made):
        view.move(30 * place, 0)
    with qtbot.waitExposed(window):
        window.show()
    return made


@pytest.fixture
def turns(window, views):
    picture, table, plot = views
    return Turns((picture,), ((table,), (plot,)), window)


@pytest.fixture
def running(chapter, frame):
    """Frames of a run, each another moment."""
    run = Run.of(chapter)
    return lambda: replace(frame(run), running=True)


def test_when_nothing_trains_all_show_every_moment(turns, views, chapter, frame):
    views[1].hide()
    for _ in range(3):
        shown = frame(chapter)
        turns.show_frame(shown)
        assert all(view.shown[-1] is shown for view in views)


def test_the_first_and_the_last_moment_of_a_run_are_shown_by_all(turns, views, chapter, frame):
    turns.show_frame(frame(chapter))
    for shown in (replace(frame(chapter), running=True), frame(chapter)):
        turns.show_frame(shown)
        assert all(view.shown[-1] is shown for view in views)


def test_in_a_run_the_others_take_turns_after_the_first_was_painted(turns, views, running, qapp):
    turns.show_frame(running())
    picture, table, plot = views
    for _ in range(30):
        before = len(table.shown), len(plot.shown)
        turns.show_frame(running())
        assert (len(table.shown), len(plot.shown)) == before
        qapp.processEvents()
        after = len(table.shown), len(plot.shown)
        assert sum(after) - sum(before) <= 1
        time.sleep(0.016)
    assert len(picture.shown) == 31
    assert 5 <= len(table.shown) <= 20
    assert abs(len(table.shown) - len(plot.shown)) <= 2


def test_without_time_left_the_others_come_seldom_but_come(
    turns, views, running, monkeypatch, qapp
):
    monkeypatch.setattr(module, "SHARE", 0.0)
    turns.show_frame(running())
    begun = time.monotonic()
    while time.monotonic() - begun < 3 * LONGEST_MS / 1e3:
        turns.show_frame(running())
        qapp.processEvents()
        time.sleep(0.002)
    picture, table, _ = views
    assert 2 <= len(table.shown) <= 5
    assert len(picture.shown) > 5 * len(table.shown)


def test_a_hidden_view_draws_nothing_in_a_run_and_catches_up_when_shown(
    turns, views, running, qtbot
):
    turns.show_frame(running())
    views[0].hide()
    shown = len(views[0].shown)
    for _ in range(3):
        turns.show_frame(running())
        time.sleep(APART_MS / 1e3)
    assert len(views[0].shown) == shown
    last = running()
    turns.show_frame(last)
    views[0].show()
    qtbot.waitUntil(lambda: views[0].shown[-1] is last)


def test_those_passed_over_catch_up_when_no_newer_moment_comes(turns, views, running, qtbot):
    turns.show_frame(running())
    last = running()
    turns.show_frame(last)
    assert views[1].shown[-1] is not last
    qtbot.waitUntil(lambda: all(view.shown[-1] is last for view in views))


def test_nothing_is_drawn_in_a_window_that_is_not_on_the_screen(turns, window, views, running):
    turns.show_frame(running())
    window.hide()
    counts = [len(view.shown) for view in views]
    time.sleep(APART_MS / 1e3)
    turns.show_frame(running())
    assert [len(view.shown) for view in views] == counts
