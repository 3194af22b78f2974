"""What a person may wish while it trains, and what that does to the run."""

import gc
import math
import sys
import time

import pytest

from nnsim.control import present, state, trainer
from nnsim.control.session import Session
from nnsim.control.state import KEPT_POINTS
from nnsim.engine.network import ParameterRef
from nnsim.files.examples import open_example

WEIGHT1 = ParameterRef(1, 0, 0)


@pytest.fixture
def session(qapp):
    made = Session(open_example("xor"))
    made.set_speed(math.inf)
    yield made
    made.pause()


@pytest.fixture
def shown(session):
    frames = []
    session.frame_changed.connect(frames.append)
    return frames


def step_of(session):
    return session.document.position.step


def run_for_a_while(session, qtbot):
    session.run()
    qtbot.waitUntil(lambda: step_of(session) > 0)


def test_the_frames_of_a_run_go_forward_and_end_where_it_stands(session, shown, qtbot):
    run_for_a_while(session, qtbot)
    qtbot.waitUntil(lambda: len(shown) > 5)
    session.pause()
    steps = [frame.document.position.step for frame in shown]
    assert steps == sorted(steps)
    assert shown[-1].document is session.document
    assert not shown[-1].running


def test_a_slow_run_shows_each_step(session, shown, qtbot):
    session.set_speed(10.0)
    session.run()
    qtbot.waitUntil(lambda: step_of(session) >= 4)
    session.pause()
    steps = {frame.document.position.step for frame in shown}
    assert steps >= {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    "wish",
    [
        lambda s: s.set_parameter(WEIGHT1, 0.5),
        lambda s: s.add_sample(),
        lambda s: s.set_activation(1, 0, "relu"),
        lambda s: s.change_settings({"optimizer": "adam"}),
        lambda s: s.try_inputs((0.5, 0.5)),
        lambda s: s.undo(),
        lambda s: s.restart(),
        lambda s: s.open_example("chapter"),
        lambda s: s.change_settings({"l2": -1.0}),  # refused
    ],
)
def test_an_edit_ends_the_run_and_no_late_step_joins_it(session, qtbot, wish):
    run_for_a_while(session, qtbot)
    wish(session)
    reached = session.document
    assert not session.frame.running
    qtbot.wait(50)
    assert session.document is reached


def test_the_learning_rate_changes_within_the_run_and_is_an_undo_of_its_own(session, qtbot):
    run_for_a_while(session, qtbot)
    session.set_learning_rate(0.25)
    at = step_of(session)
    assert session.frame.running
    qtbot.waitUntil(lambda: step_of(session) > at)
    session.pause()
    (mark,) = session.frame.run.marks
    assert (mark.step, mark.text) == (at, "learning rate 1 → 0.25")
    for name, rate in (("Run", 0.25), ("learning rate 1 → 0.25", 0.25), ("Run", 1.0)):
        assert session.frame.undo_name == name
        assert session.document.settings.learning_rate == rate
        session.undo()
    assert step_of(session) == 0


def test_looking_at_a_weight_and_the_speed_leave_the_run_going(session, qtbot):
    run_for_a_while(session, qtbot)
    session.select(WEIGHT1)
    session.set_speed(500.0)
    at = step_of(session)
    assert session.frame.running
    assert session.frame.selected == WEIGHT1
    qtbot.waitUntil(lambda: step_of(session) > at)
    session.pause()
    session.undo()
    assert step_of(session) == 0


def test_a_short_epoch_is_shown_when_the_wish_is_granted(session, shown):
    session.epoch()
    assert [frame.document.position.step for frame in shown] == [4]
    assert not shown[-1].running


def test_a_long_epoch_does_not_hold_the_window_and_is_one_undo(session, shown, qtbot, monkeypatch):
    monkeypatch.setattr(present, "BY_HAND_SECONDS", 0.0)
    rows = "\n".join(f"{k % 7} {k % 5} {k % 2}" for k in range(20_000))
    session.paste_samples(rows)
    session.set_learning_rate(0.001)
    before = session.document
    session.epoch()
    assert session.frame.running
    qtbot.waitUntil(lambda: not session.frame.running, timeout=60_000)
    assert step_of(session) == 20_004
    assert shown[-1].document is session.document
    assert session.frame.undo_name == "Epoch"
    session.undo()
    assert session.document is before


def test_an_epoch_of_batches_is_as_many_steps_as_batches(session):
    session.change_settings({"batch_size": 3})
    session.epoch()
    assert (step_of(session), session.document.position.epoch) == (2, 1)
    session.change_settings({"batch_size": 0})
    session.epoch()
    assert (step_of(session), session.document.position.epoch) == (3, 2)


def test_what_fails_in_the_thread_ends_the_run_and_is_reported(session, qtbot, monkeypatch):
    seen = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: seen.append(kind))
    run_for_a_while(session, qtbot)
    monkeypatch.setattr("nnsim.model.run.take_steps", lambda *a, **k: 1 / 0)
    qtbot.waitUntil(lambda: not session.frame.running)
    assert seen == [ZeroDivisionError]
    reached = session.document
    monkeypatch.undo()
    session.step()
    assert step_of(session) == reached.position.step + 1


def test_the_record_of_a_run_in_the_window_is_bounded(session, qtbot, monkeypatch):
    for begin in (lambda: session.open_example("xor"), session.restart):
        begin()
        assert session.frame.run.record.limit == KEPT_POINTS
    monkeypatch.setattr(state, "KEPT_POINTS", 64)
    session.open_example("xor")
    run_for_a_while(session, qtbot)
    qtbot.waitUntil(lambda: step_of(session) > 200)
    session.pause()
    assert 64 / 3 < len(session.frame.run.losses) <= 64


def test_no_timer_ticks_while_nothing_trains(session, qtbot):
    clock = session._training._clock
    assert not clock.is_running
    run_for_a_while(session, qtbot)
    assert clock.is_running
    session.pause()
    assert not clock.is_running


def test_a_run_that_comes_late_does_not_wait_for_the_next_frame(session, shown, qtbot, monkeypatch):
    monkeypatch.setattr(trainer, "CHUNK_SECONDS", 0.3)
    session._training._clock._timer.setInterval(200)
    begun = time.monotonic()
    run_for_a_while(session, qtbot)
    steps = [frame.document.position.step for frame in shown if frame.document.position.step]
    assert steps, "nothing was shown"
    assert 0.2 < time.monotonic() - begun < 0.39  # the frames were due after 0.2 and 0.4 seconds


def test_what_was_there_before_a_run_is_not_searched_for_garbage_during_it(session, qtbot):
    run_for_a_while(session, qtbot)
    assert gc.get_freeze_count() > 10_000
    session.pause()
    assert gc.get_freeze_count() == 0
