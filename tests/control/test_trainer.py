"""The thread that trains: what it comes to, how it is stopped, and what it says when it fails."""

import math
import threading
import time

import pytest

from nnsim.control import trainer as trainer_module
from nnsim.control.pace import Pace
from nnsim.control.trainer import Trainer
from nnsim.engine import kernels
from nnsim.files.examples import open_example
from nnsim.model.edits import set_input
from nnsim.model.run import Run

FAR = 10**9


def fast():
    pace = Pace(math.inf)
    pace.begin()
    return pace


@pytest.fixture
def run():
    return Run.of(open_example("xor"))


@pytest.fixture
def trainer():
    made = Trainer()
    yield made
    made.stop()


def newest(trainer, step=1):
    """Fetch until a run that has come so far."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        found = trainer.fetch()
        if found is not None and found.document.position.step >= step:
            return found
        time.sleep(0.001)
    raise AssertionError("no run came")


def test_it_comes_to_the_same_bits_as_one_call(trainer, run):
    trainer.start(run, 5000, fast())
    trainer.wait(20)
    alone = run.advance(5000)
    trained = trainer.fetch()
    assert trained.document == alone.document
    assert (trained.losses == alone.losses).all()


def test_only_the_newest_run_is_kept(trainer, run):
    trainer.start(run, FAR, fast())
    time.sleep(0.1)
    trainer.stop()
    last = trainer.fetch()
    assert last.document.position.step > 0
    assert trainer.fetch() is None


def test_after_stop_there_is_no_thread_and_no_late_step(trainer, run):
    trainer.start(run, FAR, fast())
    newest(trainer)
    trainer.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "trainer"]
    trainer.fetch()
    time.sleep(0.03)
    assert trainer.fetch() is None


def test_a_waiting_trainer_stops_at_once(trainer, run):
    pace = Pace(0.01)
    pace.begin()
    trainer.start(run, FAR, pace)
    assert newest(trainer).document.position.step == 1
    asked = time.monotonic()
    trainer.stop()
    assert time.monotonic() - asked < 1.0  # the next step is due in a hundred seconds


def test_a_new_start_forgets_what_was_not_fetched(trainer, run):
    trainer.start(run, 50, fast())
    trainer.wait(10)
    pace = Pace(0.01)
    pace.begin()
    pace.due()  # so the next one is due in a hundred seconds
    trainer.start(run, FAR, pace)
    assert trainer.fetch() is None


def test_a_run_that_stops_by_itself_is_the_last(trainer):
    chapter = open_example("chapter")
    trainer.start(Run.of(set_input(chapter, 0, 0, 10.0)), FAR, fast())
    trainer.wait(20)
    assert trainer.fetch().stopped is not None


def test_what_goes_wrong_in_the_thread_is_raised_where_it_is_fetched(trainer, run, monkeypatch):
    monkeypatch.setattr("nnsim.model.run.take_steps", lambda *a, **k: 1 / 0)
    trainer.start(run, FAR, fast())
    trainer.wait(10)
    with pytest.raises(ZeroDivisionError):
        trainer.fetch()
    assert trainer.fetch() is None


@pytest.mark.skipif(not kernels.available(), reason="numpy's chunks have a length of their own")
def test_runs_are_handed_over_when_they_are_awaited(trainer, run, monkeypatch):
    monkeypatch.setattr(trainer_module, "CHUNK_SECONDS", 0.5)
    begun = time.perf_counter()
    trainer.await_run_at(begun + 0.1)
    trainer.start(run, FAR, fast())
    for moment in (0.1, 0.6):
        assert trainer.fetch() is None
        newest(trainer)
        assert moment <= time.perf_counter() - begun < moment + 0.4


@pytest.mark.skipif(not kernels.available(), reason="numpy's chunks have a length of their own")
def test_a_moment_that_has_passed_or_is_too_near_means_the_next_one(trainer, run, monkeypatch):
    monkeypatch.setattr(trainer_module, "CHUNK_SECONDS", 0.5)
    begun = time.perf_counter()
    trainer.await_run_at(begun - 10.0)  # that is in half a second, as well as now
    trainer.start(run, FAR, fast())
    newest(trainer)
    assert time.perf_counter() - begun > 0.4


def test_what_went_wrong_is_something_to_fetch(trainer, run, monkeypatch):
    assert not trainer.has_run
    monkeypatch.setattr("nnsim.model.run.take_steps", lambda *a, **k: 1 / 0)
    trainer.start(run, FAR, fast())
    trainer.wait(10)
    assert trainer.has_run
