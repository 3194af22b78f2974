"""The numpy engine's step on a large batch: slice by slice, and stopped between them."""

import numpy as np
import pytest

from nnsim import Network, Settings
from nnsim.engine import slices
from nnsim.engine.by_numpy import take_steps_by_numpy
from nnsim.engine.learned import Learned
from nnsim.engine.slices import LEAST_SAMPLES, batch_step, samples_of_slice
from nnsim.engine.step import step_on
from nnsim.engine.stopping import Stopping
from nnsim.tracing.overflow import first_overflow

SAMPLES = 100


class AskedAt(Stopping):
    """Asks to stop at the look with that number, from 0."""

    def __init__(self, look):
        super().__init__()
        self.looks, self.look = 0, look

    @property
    def asked(self):
        self.looks += 1
        return self.looks > self.look


@pytest.fixture
def small_slices(monkeypatch):
    """Slices of 32 samples, whatever the network."""
    monkeypatch.setattr(slices, "SLICE_PRODUCTS", 1)


def problem(**options):
    rng = np.random.default_rng(3)
    network = Network.dense(
        [2, 3, 1], ["tanh", "sigmoid"],
        [rng.uniform(-1, 1, (3, 2)), rng.uniform(-1, 1, (1, 3))], [np.zeros(3), np.zeros(1)],
    )  # fmt: skip
    settings = Settings(**{"learning_rate": 0.1, "batch_size": 0, **options})
    inputs, expected = rng.uniform(-1, 1, (SAMPLES, 2)), rng.uniform(0, 1, (SAMPLES, 1))
    return Learned.beginning(network, settings), inputs, expected, settings


def taken(problem, steps, stopping=None):
    return take_steps_by_numpy(*problem, steps, None, None, stopping)


def test_slices_are_smaller_for_larger_networks_but_never_too_small():
    small, large = (Network.dense([inputs, 9], ["tanh"]) for inputs in (10, 1000))
    huge = Network.dense([1000, 900], ["tanh"])

    assert samples_of_slice(small) > samples_of_slice(large) > LEAST_SAMPLES
    assert samples_of_slice(huge) == LEAST_SAMPLES


@pytest.mark.usefixtures("small_slices")
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_a_sliced_step_is_the_whole_batchs_but_for_rounding(optimizer, reduction):
    learned, inputs, expected, settings = problem(
        optimizer=optimizer, batch_reduction=reduction, l2=0.01, clip_norm=0.5
    )
    whole = step_on(learned.network, inputs, expected, settings, learned.moments)

    sliced = batch_step(learned, inputs, expected, np.arange(SAMPLES), settings, None)

    assert np.allclose(sliced.new_parameters, whole.new_parameters, rtol=0, atol=1e-13)
    assert np.allclose(sliced.new_moments.first, whole.new_moments.first, rtol=0, atol=1e-13)
    assert sliced.loss == pytest.approx(whole.loss, rel=1e-13)
    assert np.allclose(sliced.gradient, whole.gradient, rtol=0, atol=1e-13)
    assert np.allclose(sliced.back.gradient, whole.back.gradient, rtol=0, atol=1e-12)
    assert (sliced.sample_count, sliced.is_finite()) == (SAMPLES, True)
    assert np.array_equal(sliced.passed.outputs, whole.passed.outputs[:32])


@pytest.mark.usefixtures("small_slices")
@pytest.mark.parametrize("row", [0, 40, 99])
def test_a_sliced_step_shows_the_slice_in_which_a_number_is_too_large(row):
    learned, inputs, expected, settings = problem()
    inputs[row] = 1e308
    learned = Learned.beginning(learned.network.with_parameters(np.full(13, 9.0)), settings)

    step = batch_step(learned, inputs, expected, np.arange(SAMPLES), settings)

    shown = step.passed.pre_activations[0][row % 32]
    assert not np.isfinite(shown).all()
    assert first_overflow(learned.network, step) == "the sum of hidden1"


@pytest.mark.usefixtures("small_slices")
@pytest.mark.parametrize("look", range(11))
def test_whoever_asks_within_a_batch_gets_the_steps_before_to_the_bit(look):
    # A look before each step and one before each of its four slices: 0, 5 and 10 begin a step.
    stopping = AskedAt(look)

    stopped = taken(problem(optimizer="adam"), 100, stopping)

    fewer = taken(problem(optimizer="adam"), look // 5)
    assert stopped.end == "stopped"
    assert stopping.looks == look + 1  # nothing is computed after the flag is seen
    assert len(stopped.losses) == stopped.learned.step == look // 5
    assert stopped.losses.tolist() == fewer.losses.tolist()
    assert stopped.learned.network == fewer.learned.network
    assert stopped.learned.moments == fewer.learned.moments


@pytest.mark.usefixtures("small_slices")
@pytest.mark.parametrize("row", [0, 50, 99])
def test_a_sum_too_large_in_any_slice_ends_training(row):
    learned, inputs, expected, settings = problem()
    inputs[row] = 1e308
    learned = Learned.beginning(learned.network.with_parameters(np.full(13, 9.0)), settings)

    ended = taken((learned, inputs, expected, settings), 5)

    assert (ended.end, len(ended.losses)) == ("not finite", 0)
