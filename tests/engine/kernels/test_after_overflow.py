"""What an overflow leaves behind does not reach the steps before it, which are taken again."""

import numpy as np
import pytest

from nnsim.engine.network import Network
from nnsim.engine.settings import Settings
from tests.engine.kernels import test_paths
from tests.engine.kernels.problems import Problem
from tests.engine.kernels.test_paths import problem_for

chosen = test_paths.chosen
pytestmark = test_paths.pytestmark

RULES = [
    ({"learning_rate": 1e10, "l2": 0.01, "clip_norm": 1e300, "batch_size": 4}, 3),
    (
        {
            "learning_rate": 1e3,
            "l2": 1.0,
            "clip_norm": 1e300,
            "batch_size": 1,
            "optimizer": "nesterov",
        },
        4,
    ),
    (
        {
            "learning_rate": 1.0,
            "weight_decay": 1e12,
            "clip_norm": 1.0,
            "l2": 0.01,
            "batch_size": 4,
            "optimizer": "adamw",
        },
        7,
    ),
]


def small_problem(**options):
    """A line through the origin with a factor of 2, from a network that multiplies by 1/4."""
    net = Network.dense([1, 1, 1], ["linear"] * 2, [[[0.5]], [[0.5]]], [[0.0], [0.0]])
    inputs = np.linspace(-1.0, 1.0, 2000)[:, None]
    return Problem(net, inputs, 2.0 * inputs, Settings(**options))


def one_by_one(problem, steps):
    """The state after the last good step, from jobs of one step each."""
    state = problem.state()
    for _ in range(steps):
        if problem.job().train(state, 1).end != "done":
            break
    return state


@pytest.mark.parametrize(("options", "steps"), RULES)
def test_good_steps_before_an_overflow_are_kept(options, steps):
    problem = small_problem(**options)
    state = problem.state()

    taken = problem.job().train(state, 60)

    assert (taken.done, taken.end) == (steps, "not finite")
    assert state.parameters.tobytes() == one_by_one(problem, 60).parameters.tobytes()


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_rule_an_overflow_is_found_where_single_steps_find_it(seed):
    rng = np.random.default_rng(seed)
    sizes = tuple(int(size) for size in rng.choice([1, 2, 3, 5, 9, 17, 33], rng.integers(2, 5)))
    names = [str(rng.choice(["linear", "relu", "softplus"])) for _ in sizes[1:]]
    problem = problem_for(sizes, names, rng, masks=rng.random() < 0.3, **a_wild_rule(rng))
    state = problem.state()

    taken = problem.job().train(state, 40)

    alone = one_by_one(problem, 40)
    assert taken.done == state.step == alone.step
    assert state.parameters.tobytes() == alone.parameters.tobytes()


def a_wild_rule(rng):
    """A rule whose numbers soon run out of their range."""
    return {
        "learning_rate": float(rng.choice([1e3, 1e10, 1e100, 1e160])),
        "optimizer": str(rng.choice(["sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop"])),
        "l1": float(rng.choice([0.0, 0.01])),
        "l2": float(rng.choice([0.0, 1.0])),
        "clip_norm": float(rng.choice([0.0, 1.0, 1e300])),
        "weight_decay": float(rng.choice([0.0, 1e12])),
        "batch_size": int(rng.choice([0, 1, 1, 4])),
    }
