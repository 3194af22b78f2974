"""Start weights: drawn at random from a seed, or all the same."""

from dataclasses import replace

import numpy as np

from nnsim.engine.network import Network
from nnsim.errors import BadSetting

MAX_SEED = 2**53 - 1  # what every JSON reader keeps exactly


def with_uniform_weights(
    network: Network, low: float = -1.0, high: float = 1.0, seed: int = 0
) -> Network:
    """Return the network with weights and biases drawn uniformly from low … high.

    The same seed gives the same numbers. Raises BadSetting for an empty or infinite range.
    """
    if not (np.isfinite(low) and np.isfinite(high) and np.isfinite(high - low) and low <= high):
        raise BadSetting(f"Start weights from {low} to {high}: the first must be the smaller.")
    draw = np.random.default_rng(check_seed(seed))
    return network.with_parameters(draw.uniform(low, high, network.parameter_count))


def with_constant_weights(network: Network, value: float) -> Network:
    """Return the network with every weight and bias set to value."""
    return replace(network, parameters=np.full(network.parameter_count, value))


def check_seed(seed: int) -> int:
    """Return the seed; raise BadSetting unless it is a whole number from 0 to 2⁵³ − 1."""
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= MAX_SEED:
        raise BadSetting(f"The seed must be a whole number from 0 to {MAX_SEED}, not {seed!r}.")
    return seed
