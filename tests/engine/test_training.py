"""Many steps in one call: they are single steps one after another, however they are cut."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Network, Settings
from nnsim.engine.by_numpy import next_rows, take_steps_by_numpy
from nnsim.engine.growth import Watch
from nnsim.engine.learned import Learned
from nnsim.engine.step import step_on
from nnsim.engine.stopping import Stopping
from nnsim.engine.training import coming_step, take_steps
from tests.strategies import any_problems


def by_numpy(learned, inputs, expected, settings, steps, given=None, watch=None, stopping=None):
    return take_steps_by_numpy(learned, inputs, expected, settings, steps, given, watch, stopping)


ENGINES = {"the fastest": take_steps, "numpy": by_numpy}
every_engine = pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES.keys())
SLOPE = Network.dense([1, 1], ["linear"], [[[0.5]]])


def begun(problem):
    network, samples, settings = problem
    return Learned.beginning(network, settings), samples.inputs, samples.expected, settings


def same(one, other):
    """Whether two states have the same bits everywhere."""
    return (
        one.network.parameters.tobytes() == other.network.parameters.tobytes()
        and one.moments == other.moments
        and (one.step, one.epoch, one.place) == (other.step, other.epoch, other.place)
    )


def by_single_steps(learned, inputs, expected, settings, steps):
    losses = []
    for _ in range(steps):
        rows = next_rows(learned, len(inputs), settings)
        step = step_on(
            learned.network, inputs[rows], expected[rows], settings, learned.moments, learned.step
        )
        losses.append(step.loss)
        over = learned.place + len(rows) >= len(inputs)
        learned = Learned(
            learned.network.with_parameters(step.new_parameters),
            step.new_moments,
            learned.step + 1,
            learned.epoch + over,
            0 if over else learned.place + len(rows),
        )
    return learned, losses


@given(any_problems(learning_rate=0.01), st.integers(0, 9))
def test_by_numpy_the_steps_are_those_of_step_on(problem, steps):
    learned, losses = by_single_steps(*begun(problem), steps)

    taken = take_steps_by_numpy(*begun(problem), steps, None, None, None)

    assert taken.end == "done"
    assert taken.losses.tolist() == losses
    assert same(taken.learned, learned)


@every_engine
@given(any_problems(learning_rate=0.01), st.integers(1, 9), st.integers(0, 9))
def test_the_bits_do_not_depend_on_how_steps_are_cut_into_calls(engine, problem, steps, cut):
    learned, *rest = begun(problem)
    whole = engine(learned, *rest, steps)

    first = engine(learned, *rest, min(cut, steps))
    second = engine(first.learned, *rest, steps - min(cut, steps))

    assert same(whole.learned, second.learned)
    assert whole.losses.tolist() == [*first.losses, *second.losses]
    assert whole.rows.tolist() == [*first.rows, *second.rows]
    assert whole.errors.tolist() == [*first.errors, *second.errors]


@every_engine
@given(any_problems(learning_rate=0.01, shuffle=False))
def test_given_batches_in_the_tables_order_are_the_epochs_own(engine, problem):
    learned, inputs, expected, settings = begun(problem)
    size = settings.batch_size or len(inputs)
    batches = [
        np.arange(first, min(first + size, len(inputs))) for first in range(0, len(inputs), size)
    ]

    own = engine(learned, inputs, expected, settings, len(batches))
    given_ones = engine(learned, inputs, expected, settings, len(batches), given=batches)

    # Not to the bit: batches of any size take another way through the kernels.
    networks = (own.learned.network.parameters, given_ones.learned.network.parameters)
    assert np.allclose(own.losses, given_ones.losses, rtol=1e-9, atol=1e-9)
    assert np.allclose(*networks, rtol=1e-9, atol=1e-9)
    assert (own.learned.epoch, given_ones.learned.epoch) == (1, 0)


@given(any_problems(learning_rate=0.01))
def test_the_coming_step_is_to_the_bit_the_one_that_is_taken(problem):
    learned, inputs, expected, settings = begun(problem)

    coming = coming_step(learned, inputs, expected, settings)
    taken = take_steps(learned, inputs, expected, settings, 1)

    assert coming.new_parameters.tobytes() == taken.learned.network.parameters.tobytes()
    assert coming.new_moments == taken.learned.moments


def task(engine, steps, inputs, expected, learning_rate, watch=None, stopping=None, **options):
    settings = Settings(learning_rate=learning_rate, **options)
    learned = Learned.beginning(SLOPE, settings)
    arrays = (np.array(inputs, dtype=np.float64), np.array(expected, dtype=np.float64))
    return learned, engine(learned, *arrays, settings, steps, watch=watch, stopping=stopping)


@every_engine
def test_overflow_ends_the_steps_with_all_before_it_intact(engine):
    _, taken = task(engine, 10_000, [[1e3]], [[0.0]], 1.0)
    _, again = task(engine, len(taken.losses), [[1e3]], [[0.0]], 1.0)

    assert taken.end == "not finite"
    assert again.end == "done"
    assert 10 < len(taken.losses) == taken.learned.step < 100
    assert np.isfinite(taken.losses).all()
    assert np.isfinite(taken.learned.network.parameters).all()
    assert same(taken.learned, again.learned)


@every_engine
def test_growing_losses_end_them_when_they_are_watched(engine):
    _, taken = task(engine, 1000, [[2.0]], [[0.0]], 1.0, watch=Watch.over(1))
    assert taken.end == "growing"
    assert len(taken.losses) >= 10
    assert taken.losses[-1] >= 1e3 * taken.losses[0]

    _, unwatched = task(engine, 1000, [[2.0]], [[0.0]], 1.0)
    assert unwatched.end == "not finite"


@every_engine
def test_who_asked_before_the_first_step_gets_none(engine):
    stopping = Stopping()
    stopping.stop()

    learned, taken = task(engine, 1000, [[1.0]], [[0.0]], 0.1, stopping=stopping)

    assert (taken.end, len(taken.losses)) == ("stopped", 0)
    assert same(taken.learned, learned)


@every_engine
def test_when_the_time_is_over_they_end(engine):
    _, taken = task(engine, 10**6, [[1.0]], [[0.0]], 1e-9, stopping=Stopping(0.0))

    assert taken.end == "stopped"
    assert len(taken.losses) == taken.learned.step < 10**6


@every_engine
def test_no_steps_are_no_steps(engine):
    learned, taken = task(engine, 0, [[1.0]], [[0.0]], 0.1)

    assert (taken.end, len(taken.losses), len(taken.rows)) == ("done", 0, 0)
    assert same(taken.learned, learned)


@every_engine
def test_what_it_leaves_of_each_step(engine):
    _, taken = task(engine, 3, [[1.0], [2.0]], [[0.0], [3.0]], 0.5)

    # 0.5·1 − 0 = 0.5; w = 0.5 − 0.5·0.5 = 0.25; 0.25·2 − 3 = −2.5; w = 0.25 + 0.5·2.5·2 = 2.75
    assert taken.errors.tolist() == [0.5, -2.5, 2.75]
    assert taken.losses.tolist() == [0.125, 3.125, 2.75**2 / 2]
    assert taken.rows.tolist() == [0, 1, 0]
    assert taken.learned.network.parameters.tolist() == [2.75 / 2]
    assert (taken.learned.step, taken.learned.epoch, taken.learned.place) == (3, 1, 1)


def test_a_beginning_stands_at_0_with_empty_or_zero_moments():
    learned = Learned.beginning(SLOPE, Settings(optimizer="adam"))

    assert (learned.step, learned.epoch, learned.place, learned.moments.steps) == (0, 0, 0, 0)
    assert learned.moments.first.tolist() == learned.moments.second.tolist() == [0.0]
    assert replace(learned, step=4).network is SLOPE
