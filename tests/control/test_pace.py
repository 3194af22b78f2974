"""How many steps are due, by a clock that the test sets."""

import math

import pytest

from nnsim.control import pace as module
from nnsim.control.pace import EVERY_STEP, Pace, StepMeter


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 100.0

        def perf_counter(self):
            return self.now

    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


def begun(speed):
    pace = Pace(speed)
    pace.begin()
    return pace


def test_the_first_step_is_due_at_once_and_the_next_after_its_time(clock):
    pace = begun(2.0)
    assert (pace.due(), pace.due()) == (1, 0)
    assert pace.wait() == pytest.approx(0.5)
    clock.now += 0.49
    assert pace.due() == 0
    clock.now += 0.02
    assert pace.due() == 1


@pytest.mark.parametrize("speed", [3.0, 17.0, 1000.0])
def test_over_a_second_as_many_are_due_as_the_speed_says(clock, speed):
    pace = begun(speed)
    taken = pace.due()
    for _ in range(100):
        clock.now += 0.01
        taken += pace.due()
    assert taken == pytest.approx(speed + 1, abs=1)


def test_nothing_piles_up_while_the_machine_is_busy(clock):
    pace = begun(100.0)
    clock.now += 60.0
    assert pace.due() <= 5


def test_a_faster_speed_does_not_count_for_the_past(clock):
    pace = begun(1.0)
    pace.due()
    clock.now += 0.5
    pace.set_speed(10.0)
    assert pace.due() == 0
    assert pace.wait() == pytest.approx(0.05)


def test_as_fast_as_it_goes_everything_is_due(clock):
    assert begun(math.inf).due() == EVERY_STEP


def test_the_meter_knows_the_rate_of_the_last_second(clock):
    meter = StepMeter()
    assert meter.measure(0) is None
    rates = []
    for k in range(1, 31):
        clock.now += 0.1
        rates.append(meter.measure(k * 50))
    assert rates[-1] == pytest.approx(500)
    meter.reset()
    assert meter.measure(0) is None
