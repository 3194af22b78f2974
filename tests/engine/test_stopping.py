"""Asking training to stop."""

from nnsim.engine.stopping import Stopping


def test_nobody_has_asked_at_first_and_there_is_no_limit():
    stopping = Stopping()

    assert (stopping.asked, stopping.is_over(), stopping.seconds_left()) == (False, False, None)


def test_it_stays_asked():
    stopping = Stopping()
    stopping.stop()
    stopping.stop()

    assert stopping.asked
    assert stopping.flag.value == 1


def test_no_time_is_over_at_once_and_much_is_not():
    assert Stopping(0.0).is_over()
    assert Stopping(0.0).seconds_left() == 0.0
    assert not Stopping(1000.0).is_over()
    assert 999.0 < Stopping(1000.0).seconds_left() <= 1000.0
    assert not Stopping(0.0).asked
