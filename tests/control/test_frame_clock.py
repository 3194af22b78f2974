"""The clock that says when a frame is due."""

import time

import pytest

from nnsim.control.frame_clock import FrameClock


@pytest.fixture
def clock(qapp):
    made = FrameClock()
    made._timer.setInterval(300)
    yield made
    made.stop()


@pytest.fixture
def ticks(clock):
    times = []
    clock.ticked.connect(lambda: times.append(time.perf_counter()))
    return times


def test_it_ticks_until_it_is_stopped(clock, ticks, qtbot):
    clock._timer.setInterval(10)
    clock.start()
    qtbot.waitUntil(lambda: len(ticks) >= 3)
    clock.stop()
    count = len(ticks)
    qtbot.wait(50)
    assert len(ticks) == count


def test_it_ticks_again_before_the_next_tick_is_due(clock, ticks, qtbot):
    clock.start()
    qtbot.waitUntil(lambda: len(ticks) == 1)
    clock.tick_again_soon()
    due = clock.next_tick()
    qtbot.waitUntil(lambda: len(ticks) == 3)
    assert ticks[1] < due - 0.1
    assert ticks[2] >= due - 0.01


def test_a_clock_that_is_stopped_does_not_tick_again(clock, ticks, qtbot):
    clock.start()
    clock.tick_again_soon()
    clock.stop()
    clock.tick_again_soon()
    qtbot.wait(50)
    assert not ticks
