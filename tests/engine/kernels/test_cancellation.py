"""Losses and slopes where a difference of two large numbers would lose their digits."""

import math

import numpy as np
import pytest

from nnsim.engine.network import Network
from nnsim.engine.settings import Settings
from tests.engine.kernels import test_paths
from tests.engine.kernels.problems import NumpyEngine, Problem

chosen = test_paths.chosen
pytestmark = test_paths.pytestmark


def output_problem(names, sums, expected, samples, batch_size, **options):
    """One layer whose neurons' sums are these in every sample."""
    count = len(sums)
    net = Network.dense([1, count], names, [[[0.0]] * count], [sums])
    inputs = np.ones((samples, 1))
    table = np.tile(np.array(expected), (samples, 1))
    return Problem(net, inputs, table, Settings(batch_size=batch_size, **options))


def first_loss(problem):
    return float(problem.job().train(problem.state(), 1).losses[0])


@pytest.mark.parametrize(("samples", "batch_size"), [(1, 1), (3, 0), (70, 0)])
@pytest.mark.parametrize("z", [0.0, 1e4, 1e8, 1e12, 1e16, -1e12])
def test_softmax_cross_entropy_of_far_out_sums(z, samples, batch_size):
    sums = [z, z + 1.0, z - 0.5]
    problem = output_problem(
        ["softmax"],
        sums,
        [0.2, 0.3, 0.5],
        samples,
        batch_size,
        loss="softmax_cross_entropy",
    )
    most = max(sums)
    truth = math.log(sum(math.exp(z - most) for z in sums)) + sum(
        t * (most - z) for t, z in zip([0.2, 0.3, 0.5], sums, strict=True)
    )
    judge = NumpyEngine(problem)
    judge.train(1)

    assert first_loss(problem) == pytest.approx(truth, rel=1e-14)
    assert judge.losses[0] == pytest.approx(truth, rel=1e-14)


@pytest.mark.parametrize(("samples", "batch_size"), [(1, 1), (3, 0), (70, 0)])
@pytest.mark.parametrize("sizes", [(1, 1), (1, 40, 1), (20, 20, 20, 1)], ids=str)
@pytest.mark.parametrize("t", [1.0, 0.0, 1.0 - 2.0**-40, 2.0**-40])
@pytest.mark.parametrize("z", [-100.0, -37.0, -3.0, 0.5, 20.0, 35.0, 100.0, 600.0])
def test_binary_cross_entropy_where_the_output_is_nearly_right(z, t, sizes, samples, batch_size):
    problem = one_output_problem(sizes, z, t, samples, batch_size)
    truth = abs(z) * (1.0 - t if z > 0.0 else t) + math.log1p(math.exp(-abs(z)))

    alone = problem.job().losses(problem.state().parameters)

    assert first_loss(problem) == pytest.approx(truth, rel=1e-14, abs=0.0)
    assert alone == pytest.approx(truth, rel=1e-14, abs=0.0)


def one_output_problem(sizes, z, t, samples, batch_size):
    """A network whose output neuron has the sum z, by its bias alone."""
    names = [*["tanh"] * (len(sizes) - 2), "sigmoid"]
    weights = [np.zeros(shape) for shape in zip(sizes[1:], sizes, strict=False)]
    biases = [*[np.zeros(size) for size in sizes[1:-1]], [z]]
    net = Network.dense(list(sizes), names, weights, biases)
    inputs, expected = np.ones((samples, sizes[0])), np.full((samples, 1), t)
    settings = Settings(loss="binary_cross_entropy", batch_size=batch_size)
    return Problem(net, inputs, expected, settings)


@pytest.mark.parametrize("z", [0.0, 3.0, 20.0, 30.0, 36.0, 37.0, 37.5, 40.0, 700.0, 1e5, 1e308])
def test_silus_slope_far_above_0(z):
    near = min(z, 700.0)
    sigmoid, below = 1.0 / (1.0 + math.exp(-near)), 1.0 / (1.0 + math.exp(near))
    net = Network.dense([1, 1], ["silu"], [[[0.0]]], [[z]])
    settings = Settings(1.0, loss="absolute")
    problem = Problem(net, np.ones((1, 1)), np.array([[-1e3]]), settings)
    state = problem.state()

    problem.job().train(state, 1)  # the output is too high, so the weight falls by the slope

    slope = sigmoid * (1.0 + near * below)
    assert -state.parameters[0] == pytest.approx(slope, rel=1e-15, abs=0.0)
