"""Single samples in the C kernels: steps in registers, listed inputs, and places that are held."""

import numpy as np
import pytest

from nnsim.engine.losses import LOSSES
from tests.engine.kernels import test_paths
from tests.engine.kernels.problems import Problem
from tests.engine.kernels.test_paths import MIXED, assert_same_as_numpy, problem_for

chosen = test_paths.chosen
pytestmark = test_paths.pytestmark


@pytest.mark.parametrize("name", ["relu", "sigmoid", "tanh", "linear", "gelu", MIXED])
@pytest.mark.parametrize("outputs", [1, 3, 8, 13, 16])
@pytest.mark.parametrize("hidden", [1, 7, 8, 17, 25, 40, 48, 56, 64])
def test_one_hidden_layer(hidden, outputs, name):
    rng = np.random.default_rng(hidden + outputs)
    sizes = (int(rng.integers(16, 40)), hidden, outputs)

    assert_same_as_numpy(problem_for(sizes, (name, "sigmoid"), rng, zeros=0.5), "online")


@pytest.mark.parametrize("loss", sorted(LOSSES.keys() - {"softmax_cross_entropy"}))
def test_one_hidden_layer_with_every_loss(loss):
    rng = np.random.default_rng(len(loss))
    names = ("tanh", LOSSES[loss].activation or "tanh")

    assert_same_as_numpy(problem_for((20, 12, 5), names, rng, loss=loss), "online")


@pytest.mark.parametrize("zeros", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("inputs", [16, 23, 64])
def test_lists_of_many_samples_are_made_anew(inputs, zeros):
    rng = np.random.default_rng(inputs)
    samples = 2**17 // inputs + 1  # one more than lists are kept of
    problem = problem_for((inputs, 10, 2), ("relu", "sigmoid"), rng, zeros, samples=samples)

    assert_same_as_numpy(problem, "online")


@pytest.mark.parametrize("sizes", [(30, 20, 10), (30, 70, 3), (12, 19, 20, 2)], ids=str)
def test_few_frozen_and_removed_places_are_held(sizes):
    rng = np.random.default_rng(len(sizes))
    problem = with_few_held(problem_for(sizes, ["tanh"] * (len(sizes) - 1), rng), rng)
    held = ~problem.network.present | problem.network.frozen
    state = problem.state()
    before = state.parameters.copy()

    problem.job().train(state, 50)

    assert 0 < held.sum() <= held.size / 64
    assert state.parameters[held].tobytes() == before[held].tobytes()
    assert np.all(state.parameters[~held] != before[~held])
    assert_same_as_numpy(problem, "online")


def with_few_held(problem, rng):
    """The same problem with three weights or biases removed and three frozen."""
    plain = problem.network
    places = rng.choice(plain.parameters.size, 6, replace=False)
    present, frozen = np.ones(plain.parameters.size, bool), np.zeros(plain.parameters.size, bool)
    present[places[:3]], frozen[places[3:]] = False, True
    parameters = np.where(present, plain.parameters, 0.0)
    network = type(plain)(problem.inputs.shape[1], plain.layers, parameters, present, frozen)
    return Problem(network, problem.inputs, problem.expected, problem.settings)
