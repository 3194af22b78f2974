"""The C kernels against the numpy engine, and what they promise beside the numbers."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.engine import order
from nnsim.engine.activations import ACTIVATIONS
from nnsim.engine.growth import Watch
from nnsim.engine.kernels import StopFlag, available, epoch_order
from nnsim.engine.losses import LOSSES
from nnsim.engine.network import Network
from nnsim.engine.optimizers import OPTIMIZERS
from nnsim.engine.settings import Settings
from nnsim.errors import BadSamples
from tests.engine.kernels.problems import (
    NumpyEngine,
    Problem,
    assert_agree,
    determined_steps,
    expected_for,
    problems,
)

pytestmark = pytest.mark.skipif(not available(), reason="no C kernels on this machine")

STEPS = 50


def small_problem(activation, loss, **options):
    """Five samples for a 2-3-2 network that has the activation wherever it can be."""
    rng = np.random.default_rng(len(activation) * 100 + len(loss))
    hidden = "tanh" if activation == "softmax" else activation
    network = Network.dense(
        [2, 3, 2],
        [hidden, LOSSES[loss].activation or activation],
        [rng.uniform(-1, 1, (3, 2)), rng.uniform(-1, 1, (2, 3))],
        [rng.uniform(-1, 1, 3), rng.uniform(-1, 1, 2)],
    )
    inputs = rng.uniform(-1, 1, (5, 2))
    expected = expected_for(loss, (5, 2), rng)
    if loss == "hinge":  # one 1 in each row: softmax outputs with the same targets have no gradient
        expected[:, 1] = -expected[:, 0]
    chosen = Settings(loss=loss, learning_rate=0.02, **options)
    return Problem(network, inputs, expected, chosen)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("batch_size", [1, 3])
def test_every_combination_agrees_with_numpy_over_50_steps(activation, loss, batch_size):
    for optimizer in OPTIMIZERS:
        problem = small_problem(activation, loss, optimizer=optimizer, batch_size=batch_size)
        state, judge = problem.state(), NumpyEngine(problem)

        taken = problem.job().train(state, STEPS)

        assert judge.train(STEPS) == taken.end == "done"
        assert_agree(state, taken, judge)


@settings(max_examples=150)
@given(problems(), st.integers(0, STEPS))
def test_all_options_agree_with_numpy(problem, steps):
    steps = determined_steps(problem, steps)
    state, judge = problem.state(), NumpyEngine(problem)

    taken = problem.job().train(state, steps)

    assert judge.train(steps) == taken.end
    assert_agree(state, taken, judge)


@pytest.mark.parametrize("alpha", ["", "(0.5)"])
@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "softmax"])
def test_slopes_at_kinks_are_those_of_numpy(activation, alpha):
    if alpha and ACTIVATIONS[activation].parameter is None:
        alpha = ""
    network = Network.dense([1, 1], [activation + alpha], [[[0.0]]], [[0.0]])
    problem = Problem(network, np.array([[0.0]]), np.array([[3.0]]), Settings())
    state, judge = problem.state(), NumpyEngine(problem)

    taken = problem.job().train(state, 1)

    judge.train(1)
    assert_agree(state, taken, judge)


@pytest.mark.parametrize(("loss", "output"), [("absolute", 1.0), ("hinge", 1.0), ("huber", 2.0)])
def test_losses_at_their_kinks_have_the_slope_of_numpy(loss, output):
    network = Network.dense([1, 1], ["linear"], [[[output]]])
    problem = Problem(network, np.array([[1.0]]), np.array([[1.0]]), Settings(loss=loss))
    state, judge = problem.state(), NumpyEngine(problem)

    taken = problem.job().train(state, 1)

    judge.train(1)
    assert_agree(state, taken, judge)


@given(problems(), st.data())
def test_given_batches_agree_with_numpy(problem, data):
    rows = st.integers(0, len(problem.inputs) - 1)
    batches = data.draw(st.lists(st.lists(rows, min_size=1, max_size=6), max_size=20))
    batches = [np.array(batch) for batch in batches]
    batches = batches[: determined_steps(problem, len(batches), batches)]
    state, judge = problem.state(), NumpyEngine(problem)

    taken = problem.job().train(state, len(batches), given=batches)

    assert judge.train(len(batches), batches) == taken.end
    assert_agree(state, taken, judge)


def bits(state):
    arrays = (state.parameters, state.first, state.second)
    numbers = (state.optimizer_steps, state.step, state.epoch, state.place)
    return tuple(array.tobytes() for array in arrays), numbers


@given(problems(wide=20), st.lists(st.integers(0, 30), max_size=6), st.booleans())
def test_the_bits_do_not_depend_on_how_steps_are_cut(problem, cuts, keep):
    job, whole, cut = problem.job(), problem.state(), problem.state()
    at_once = job.train(whole, sum(cuts))

    parts = [problem.job().train(cut, steps, keep=keep) for steps in cuts]

    assert bits(cut) == bits(whole)
    if keep and cuts:
        losses = np.concatenate([part.losses for part in parts])
        assert losses.tobytes() == at_once.losses.tobytes()


@given(problems(), st.data())
def test_given_batches_may_be_cut_as_well(problem, data):
    rows = st.integers(0, len(problem.inputs) - 1)
    batches = data.draw(st.lists(st.lists(rows, min_size=1, max_size=6), max_size=20))
    batches = [np.array(batch) for batch in batches]
    where = data.draw(st.integers(0, len(batches)))
    job, whole, cut = problem.job(), problem.state(), problem.state()
    job.train(whole, len(batches), given=batches)

    for part in (batches[:where], batches[where:]):
        job.train(cut, len(part), given=part)

    assert bits(cut) == bits(whole)


@given(st.integers(0, 300), st.booleans(), st.integers(0, 2**53 - 1), st.integers(0, 2**40))
def test_the_order_of_an_epoch_is_the_numpy_engines(count, shuffle, seed, epoch):
    ours = epoch_order(count, shuffle, seed, epoch)

    assert ours.tolist() == order.epoch_order(count, shuffle, seed, epoch).tolist()


# ---------------------------------------------------------------- ending early


def line(weight, rate, samples=1, **options):
    """One weight on the input 1 and the target 0: each step multiplies it by 1 − rate."""
    network = Network.dense([1, 1], ["linear"], [[[weight]]], [None])
    inputs, expected = np.ones((samples, 1)), np.zeros((samples, 1))
    return Problem(network, inputs, expected, Settings(learning_rate=rate, **options))


@pytest.mark.parametrize("batch_size", [1, 0])
@pytest.mark.parametrize(
    ("optimizer", "rate"), [("sgd", 2.05), ("sgd", 1e300), ("momentum", 4.1), ("nesterov", 100.0)]
)
def test_overflow_ends_at_the_step_where_numpy_meets_it(optimizer, rate, batch_size):
    problem = line(0.5, rate, samples=3, optimizer=optimizer, batch_size=batch_size)
    state, judge = problem.state(), NumpyEngine(problem)

    taken = problem.job().train(state, 30_000)

    assert judge.train(30_000) == taken.end == "not finite"
    assert_agree_in_size(state, taken, judge)


def assert_agree_in_size(state, taken, judge):
    """Agreement for numbers that have grown over thousands of steps, rounding with them."""
    assert taken.done == len(judge.losses)
    np.testing.assert_allclose(state.parameters, judge.network.parameters, rtol=1e-9)
    np.testing.assert_allclose(taken.losses, judge.losses, rtol=1e-9)
    assert (state.epoch, state.place, state.step) == (judge.epoch, judge.place, judge.step)


def test_what_was_before_an_overflow_is_what_fewer_steps_leave():
    problem = line(0.5, 2.05, samples=3, optimizer="nesterov", shuffle=True)
    ended, fewer = problem.state(), problem.state()
    taken = problem.job().train(ended, 10**6)

    problem.job().train(fewer, taken.done)

    assert 100 < taken.done < 10**6
    assert bits(ended) == bits(fewer)


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("rate", [2.0005, 2.05, 40.0])
def test_growing_losses_end_where_the_watch_says(rate, samples):
    problem = line(0.5, rate, samples=samples)
    state, judge = problem.state(), NumpyEngine(problem)
    watch, judges = Watch.over(samples), Watch.over(samples)

    taken = problem.job().train(state, 30_000, watch=watch)

    assert judge.train(30_000, watch=judges) == taken.end == "growing"
    assert_agree_in_size(state, taken, judge)
    assert watch.steps == judges.steps
    np.testing.assert_allclose(watch.last, judges.last, rtol=1e-9)
    np.testing.assert_allclose(watch.first, judges.first, rtol=1e-9)


@given(st.lists(st.integers(0, 200), max_size=5), st.sampled_from([2.001, 2.05, 2.5]))
def test_the_watch_goes_on_from_call_to_call(cuts, rate):
    problem = line(0.5, rate, samples=2)
    whole, cut = problem.state(), problem.state()
    one, many = Watch.over(2), Watch.over(2)
    problem.job().train(whole, sum(cuts), watch=one)

    for steps in cuts:
        problem.job().train(cut, steps, watch=many)

    assert bits(cut) == bits(whole)
    assert (one.steps, one.last.tobytes(), one.first.tobytes()) == (
        many.steps,
        many.last.tobytes(),
        many.first.tobytes(),
    )


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("where", ["inputs", "expected", "parameters", "first", "second"])
@pytest.mark.parametrize("batch_size", [1, 2, 0])
def test_what_is_not_finite_ends_training_and_changes_nothing(where, bad, batch_size):
    problem = small_problem("tanh", "half_squared", optimizer="adam", batch_size=batch_size)
    state = problem.state()
    target = getattr(state, where) if hasattr(state, where) else getattr(problem, where)
    target.flat[-1] = bad
    before = bits(state)

    taken = problem.job().train(state, 1) if batch_size == 0 else None
    taken = taken or problem.job().train(state, 5)

    assert taken.end == "not finite"
    if hasattr(state, where) or batch_size == 0:
        assert taken.done == 0
        assert bits(state) == before


@pytest.mark.parametrize("batch_size", [1, 3])
def test_a_sum_that_overflows_is_seen_where_a_sigmoid_hides_it(batch_size):
    network = Network.dense([1, 2, 1], ["sigmoid", "tanh"], [[[10.0], [1.0]], [[1.0, 1.0]]])
    inputs = np.array([[0.5], [0.25], [1e308]])
    problem = Problem(network, inputs, np.zeros((3, 1)), Settings(batch_size=batch_size))
    state, judge = problem.state(), NumpyEngine(problem)

    taken = problem.job().train(state, 10)

    assert judge.train(10) == taken.end == "not finite"
    assert_agree(state, taken, judge)
    assert taken.done == (2 if batch_size == 1 else 0)


def test_a_raised_flag_takes_no_step():
    problem, flag = small_problem("tanh", "half_squared"), StopFlag()
    state = problem.state()
    before = bits(state)
    flag.stop()

    taken = problem.job().train(state, 100, stop=flag)

    assert (taken.end, taken.done, bits(state)) == ("stopped", 0, before)


@pytest.mark.parametrize("batch_size", [1, 3, 0])
def test_a_stopped_run_is_as_after_so_many_steps(batch_size):
    problem = small_problem("tanh", "half_squared", batch_size=batch_size, optimizer="adam")
    stopped, fewer, flag = problem.state(), problem.state(), StopFlag()
    timer = threading.Timer(0.02, flag.stop)
    timer.start()

    taken = problem.job().train(stopped, 10**12, stop=flag, keep=False)

    timer.join()
    assert taken.end == "stopped"
    assert taken.done > 0
    problem.job().train(fewer, taken.done, keep=False)
    assert bits(stopped) == bits(fewer)


def test_a_stop_within_a_large_batch_leaves_the_state_as_it_was():
    rng = np.random.default_rng(0)
    network = Network.dense([40, 200, 5], ["tanh", "linear"])
    count = 100_000  # seconds of work for one step
    problem = Problem(
        network,
        rng.uniform(-1, 1, (count, 40)),
        rng.uniform(-1, 1, (count, 5)),
        Settings(batch_size=0, learning_rate=0.1),
    )
    state, flag = problem.state(), StopFlag()
    before = bits(state)
    timer = threading.Timer(0.02, flag.stop)
    timer.start()

    taken = problem.job().train(state, 1, stop=flag)

    timer.join()
    assert (taken.end, taken.done, bits(state)) == ("stopped", 0, before)


def test_the_seconds_are_kept():
    problem = small_problem("tanh", "half_squared")

    taken = problem.job().train(problem.state(), 10**12, seconds=0.01, keep=False)

    assert taken.end == "stopped"
    assert taken.done > 0


# ---------------------------------------------------------------- hostile input


def test_no_steps_and_no_samples_change_nothing():
    problem = small_problem("tanh", "half_squared")
    empty = Problem(problem.network, np.empty((0, 2)), np.empty((0, 2)), problem.settings)
    for some, steps in ((problem, 0), (problem, -3), (empty, 5)):
        state = some.state()
        before = bits(state)

        taken = some.job().train(state, steps)

        assert (taken.done, taken.end, bits(state)) == (0, "done", before)


@pytest.mark.parametrize("batch", [[], [5], [-1], [0, 99]])
def test_batches_of_samples_that_are_not_there_are_refused(batch):
    problem = small_problem("tanh", "half_squared")

    with pytest.raises(BadSamples):
        problem.job().train(problem.state(), 1, given=[np.array(batch, dtype=np.int64)])


def test_a_state_that_does_not_fit_is_refused():
    problem = small_problem("tanh", "half_squared", optimizer="momentum")
    for name in ("parameters", "first"):
        for wrong in (np.zeros(3), np.zeros(17, dtype=np.float32), None):
            state = problem.state()
            setattr(state, name, wrong)

            with pytest.raises(ValueError, match="17 numbers"):
                problem.job().train(state, 1)


def test_samples_that_do_not_fit_the_network_are_refused():
    problem = small_problem("tanh", "half_squared")
    problem.inputs = np.zeros((5, 3))

    with pytest.raises(BadSamples):
        problem.job()
