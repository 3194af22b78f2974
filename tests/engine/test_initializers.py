"""Start weights: the same seed gives the same numbers, in the range asked for."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Network, ParameterRef, Settings
from nnsim.engine.initializers import (
    INITIALIZERS,
    MAX_SEED,
    new_network,
    with_constant_weights,
    with_start_weights,
    with_uniform_weights,
)
from nnsim.engine.settings import INITIALIZERS as NAMES
from nnsim.engine.settings import check_seed
from nnsim.errors import BadNetwork, BadSetting
from tests.strategies import any_networks

NETWORK = Network.dense([3, 4, 2], ["tanh", "linear"], biases=[[0] * 4, [0] * 2])


@given(st.integers(0, MAX_SEED))
def test_the_same_seed_gives_the_same_bits(seed):
    first, second = (with_uniform_weights(NETWORK, seed=seed) for _ in range(2))

    assert first.parameters.tobytes() == second.parameters.tobytes()


def test_another_seed_gives_other_numbers():
    assert with_uniform_weights(NETWORK, seed=1) != with_uniform_weights(NETWORK, seed=2)


@given(st.floats(-1e3, 1e3), st.floats(0, 1e3))
def test_the_numbers_lie_in_the_range(low, span):
    drawn = with_uniform_weights(NETWORK, low, low + span, 3).parameters

    assert ((drawn >= low) & (drawn <= low + span)).all()


def test_the_structure_stays():
    assert with_uniform_weights(NETWORK).same_structure(NETWORK)
    assert with_constant_weights(NETWORK, 0.5).same_structure(NETWORK)


def test_a_constant_is_everywhere():
    assert set(with_constant_weights(NETWORK, 0.5).parameters) == {0.5}


@pytest.mark.parametrize(
    ("low", "high"),
    [(1.0, -1.0), (math.nan, 1.0), (0.0, math.inf), (-math.inf, 0.0), (-1.7e308, 1.7e308)],
)
def test_an_empty_or_infinite_range_is_refused(low, high):
    with pytest.raises(BadSetting):
        with_uniform_weights(NETWORK, low, high)


def test_a_constant_that_is_no_number_is_refused():
    with pytest.raises(BadNetwork, match="finite"):
        with_constant_weights(NETWORK, np.nan)


@pytest.mark.parametrize("seed", [-1, MAX_SEED + 1, 1.0, "1", None, True])
def test_a_seed_is_a_whole_number_that_every_reader_keeps(seed):
    with pytest.raises(BadSetting, match="whole number from 0"):
        check_seed(seed)


SQUARE = Network.dense([300, 200, 50], ["tanh", "linear"], biases=[[9] * 200, [9] * 50])
CASES = {
    "uniform": (lambda into, out: 0.5**2 / 3, 0.5),
    "normal": (lambda into, out: 0.5**2, None),
    "glorot": (lambda into, out: 2 / (into + out), lambda into, out: math.sqrt(6 / (into + out))),
    "he": (lambda into, out: 2 / into, None),
    "lecun": (lambda into, out: 1 / into, None),
}


def test_every_initializer_is_tried_here():
    assert set(INITIALIZERS) == set(NAMES) == {*CASES, "constant"}


@pytest.mark.parametrize("name", CASES)
def test_the_numbers_have_the_mean_and_variance_of_their_rule(name):
    variance, most = CASES[name]
    network = with_start_weights(SQUARE, Settings(initializer=name, start_range=0.5, seed=4))

    for weights, (into, out) in zip(network.weights, ((300, 200), (200, 50)), strict=True):
        spread = variance(into, out)
        room = 5 / math.sqrt(weights.size)  # five standard errors
        assert abs(weights.mean()) < room * math.sqrt(spread)
        assert weights.var() == pytest.approx(spread, rel=2 * room)
        if most is not None:
            bound = most(into, out) if callable(most) else most
            assert 0.99 * bound < np.abs(weights).max() <= bound


@pytest.mark.parametrize("name", ["normal", "he", "lecun"])
def test_a_normal_distribution_has_its_tails(name):
    network = with_start_weights(SQUARE, Settings(initializer=name, seed=4))
    weights = network.weights[0] / network.weights[0].std()

    for deviations, share in ((1, 0.3173), (2, 0.0455), (3, 0.0027)):
        outside = (np.abs(weights) > deviations).mean()
        assert outside == pytest.approx(share, abs=5 * math.sqrt(share / weights.size))


@pytest.mark.parametrize("name", ["glorot", "he", "lecun"])
def test_biases_start_at_0_where_the_rule_is_for_weights(name):
    network = with_start_weights(SQUARE, Settings(initializer=name))

    assert not any(biases.any() for biases in network.biases)


def test_a_new_network_is_dense_with_biases_and_drawn_as_the_settings_say():
    settings = Settings(initializer="he", seed=3)
    zeros = Network.dense([3, 4, 2], ["relu", ["tanh", "linear"]], biases=[[0] * 4, [0] * 2])

    assert new_network([3, 4, 2], ["relu", ["tanh", "linear"]], settings) == with_start_weights(
        zeros, settings
    )
    assert new_network([3, 1], ["tanh"]) == with_start_weights(
        Network.dense([3, 1], ["tanh"], biases=[[0]]), Settings()
    )
    bare = new_network([3, 4, 2], ["relu", "tanh"], settings, biases=False)
    assert bare.biases == [None, None]
    assert all(weights.all() for weights in bare.weights)


@pytest.mark.parametrize(
    ("sizes", "activations"),
    [([2], []), (None, ["tanh"]), ([2, 1], [None]), ([998, 1000, 1], ["tanh", "tanh"])],
)
def test_a_new_network_that_cannot_be_is_refused(sizes, activations):
    with pytest.raises(BadNetwork):
        new_network(sizes, activations)


def test_a_constant_is_the_range_everywhere():
    settings = Settings(initializer="constant", start_range=0.25)

    assert set(with_start_weights(NETWORK, settings).parameters) == {0.25}


def test_only_the_connections_that_are_there_count_for_the_variance():
    whole = Network.dense([400, 300], ["relu"])
    cut = whole.without(
        [ParameterRef(1, to, source) for to in range(300) for source in range(100, 400)]
    )

    weights = with_start_weights(cut, Settings(initializer="he", seed=1)).weights[0]

    assert weights[:, :100].var() == pytest.approx(2 / 100, rel=0.05)
    assert not weights[:, 100:].any()


@given(any_networks(), st.sampled_from(NAMES), st.integers(0, MAX_SEED))
def test_start_weights_are_a_function_of_the_seed_and_leave_what_is_frozen(network, name, seed):
    settings = Settings(initializer=name, seed=seed)
    first, second = (with_start_weights(network, settings) for _ in range(2))

    assert first.parameters.tobytes() == second.parameters.tobytes()
    assert first.structure == network.structure
    frozen = network.frozen
    assert first.parameters[frozen].tolist() == network.parameters[frozen].tolist()


@pytest.mark.parametrize("name", list(CASES))
def test_another_seed_draws_other_start_weights(name):
    one, other = (with_start_weights(NETWORK, Settings(initializer=name, seed=s)) for s in (1, 2))

    assert one != other
