"""The order of an epoch is drawn once, however many calls the epoch is cut into."""

import time

import numpy as np

from nnsim.engine.network import Network
from nnsim.engine.order import epoch_order
from nnsim.engine.settings import Settings
from tests.engine.kernels import test_paths
from tests.engine.kernels.problems import Problem
from tests.engine.kernels.test_paths import problem_for

chosen = test_paths.chosen
pytestmark = test_paths.pytestmark


def shuffled_problem(samples, **options):
    net = Network.dense([1, 1], ["linear"], [[[0.5]]], [[0.0]])
    inputs = np.linspace(-1.0, 1.0, samples)[:, None]
    return Problem(net, inputs, inputs, Settings(0.1, shuffle=True, batch_size=1, **options))


def test_short_calls_do_not_draw_a_long_order_again():
    samples = 3_000_000
    problem = shuffled_problem(samples)
    job, state = problem.job(), problem.state()
    begun = time.process_time()
    job.train(state, 1)
    first = time.process_time() - begun

    begun = time.process_time()
    for _ in range(20):
        job.train(state, 1)

    assert time.process_time() - begun < first


def test_one_job_goes_to_and_fro_between_epochs():
    problem = shuffled_problem(40, seed=7)
    job = problem.job()

    for epoch in (0, 1, 0, 3, 3, 2, 0):
        state = problem.state()
        state.epoch, state.place = epoch, 5
        taken = job.train(state, 30)

        assert taken.rows.tolist() == epoch_order(40, True, 7, epoch)[5:35].tolist()


def test_steps_cut_into_calls_of_one_job_and_of_many_are_the_same():
    problem = problem_for((3, 4, 2), ("tanh", "sigmoid"), np.random.default_rng(5), shuffle=True)
    job, whole, cut, alone = problem.job(), problem.state(), problem.state(), problem.state()
    at_once = problem.job().train(whole, 90)
    rows = []
    for steps in (1, 7, 30, 2, 50):
        rows.extend(job.train(cut, steps).rows)
        problem.job().train(alone, steps)

    assert rows == at_once.rows.tolist()
    assert cut.parameters.tobytes() == whole.parameters.tobytes() == alone.parameters.tobytes()


def test_given_batches_leave_the_order_alone():
    problem = shuffled_problem(40)
    job, state = problem.job(), problem.state()
    job.train(state, 3)
    job.train(problem.state(), 2, given=[np.array([1]), np.array([2, 3])])

    assert job.train(state, 4).rows.tolist() == epoch_order(40, True, 0, 0)[3:7].tolist()


def test_without_room_of_the_callers_each_call_draws_its_own():
    problem = shuffled_problem(40)
    job, state = problem.job(), problem.state()
    job._samples.order = job._samples.ordered = None

    rows = [*job.train(state, 3).rows, *job.train(state, 3).rows]

    assert rows == epoch_order(40, True, 0, 0)[:6].tolist()
