"""Start weights: drawn at random from a seed, or all the same.

    uniform    every weight and bias evenly from −range … range
    normal     every weight and bias from a normal distribution with the deviation range
    constant   every weight and bias equal to range
    glorot     weights evenly in ± √(6 / (in + out)), biases 0   Glorot and Bengio 2010
    he         weights normal with the variance 2 / in, biases 0  He et al. 2015, arXiv 1502.01852
    lecun      weights normal with the variance 1 / in, biases 0  LeCun et al. 1998

in: the connections into a neuron; out: the neurons of its layer.
"""

from __future__ import annotations  # numpy.random takes a while to load: not for the sake of a type

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.network import Network
from nnsim.engine.settings import MAX_WHOLE, Settings, check_seed
from nnsim.engine.structure import Structure
from nnsim.errors import BadSetting

Array = NDArray[np.float64]

MAX_SEED = MAX_WHOLE
USUAL = Settings()


def with_start_weights(network: Network, settings: Settings) -> Network:
    """Return the network with numbers drawn as settings.initializer, start_range and seed say.

    The same seed gives the same numbers. Frozen weights and biases keep theirs.
    """
    draw = np.random.default_rng(settings.seed)
    flat = INITIALIZERS[settings.initializer](network.structure, draw, settings.start_range)
    return network.with_parameters(np.where(network.frozen, network.parameters, flat))


def new_network(
    sizes: Sequence[int],
    activations: Sequence[str | Sequence[str]],
    settings: Settings = USUAL,
    biases: bool = True,
) -> Network:
    """Return a network in which each layer is connected to all of the layer before, ready to train.

    sizes: inputs first, then each layer. activations: for each layer one name, or one per neuron.
    settings: their initializer, start_range and seed say what weights and biases are drawn from.
    biases: whether the neurons have any. Raises BadNetwork when sizes and activations do not fit.
    """
    network = Network.dense(sizes, activations)
    if biases:
        layers = (replace(layer, has_bias=True) for layer in network.layers)
        structure = Structure(network.input_count, tuple(layers))
        network = Network.on(structure, np.zeros(structure.slot_count))
    return with_start_weights(network, settings)


def with_uniform_weights(
    network: Network, low: float = -1.0, high: float = 1.0, seed: int = 0
) -> Network:
    """Return the network with weights and biases drawn uniformly from low … high.

    The same seed gives the same numbers. Raises BadSetting for an empty or infinite range.
    """
    if not (np.isfinite(low) and np.isfinite(high) and np.isfinite(high - low) and low <= high):
        raise BadSetting(f"Start weights from {low} to {high}: the first must be the smaller.")
    draw = np.random.default_rng(check_seed(seed))
    return network.with_parameters(draw.uniform(low, high, len(network.parameters)))


def with_constant_weights(network: Network, value: float) -> Network:
    """Return the network with every weight and bias set to value."""
    return network.with_parameters(np.full(len(network.parameters), value))


def _uniform(structure: Structure, draw: np.random.Generator, size: float) -> Array:
    return draw.uniform(-size, size, structure.slot_count)


def _normal(structure: Structure, draw: np.random.Generator, size: float) -> Array:
    return draw.normal(0.0, size, structure.slot_count)


def _constant(structure: Structure, draw: np.random.Generator, size: float) -> Array:
    return np.full(structure.slot_count, size)


def _glorot(structure: Structure, draw: np.random.Generator, size: float) -> Array:
    into, out = _fans(structure)
    spread = np.sqrt(6.0 / (into + out))
    return np.where(structure.is_weight, draw.uniform(-1.0, 1.0, len(spread)) * spread, 0.0)


def _he(structure: Structure, draw: np.random.Generator, size: float) -> Array:
    into, _ = _fans(structure)
    return np.where(
        structure.is_weight, draw.normal(0.0, 1.0, len(into)) * np.sqrt(2.0 / into), 0.0
    )


def _lecun(structure: Structure, draw: np.random.Generator, size: float) -> Array:
    into, _ = _fans(structure)
    return np.where(
        structure.is_weight, draw.normal(0.0, 1.0, len(into)) * np.sqrt(1.0 / into), 0.0
    )


def _fans(structure: Structure) -> tuple[Array, Array]:
    """For each place of the flat vector the connections into its neuron, and its layer's size."""
    into, out = np.ones(structure.slot_count), np.ones(structure.slot_count)
    there = np.ones(structure.slot_count) if structure.present is None else structure.present
    counts = structure.weights_in(there.astype(np.float64))
    matrices = zip(structure.weights_in(into), structure.weights_in(out), strict=True)
    for (matrix, sizes), count in zip(matrices, counts, strict=True):
        matrix[...] = np.maximum(count.sum(axis=1, keepdims=True), 1.0)
        sizes[...] = len(matrix)
    return into, out


INITIALIZERS: dict[str, Callable[[Structure, np.random.Generator, float], Array]] = {
    "uniform": _uniform,
    "normal": _normal,
    "constant": _constant,
    "glorot": _glorot,
    "he": _he,
    "lecun": _lecun,
}
