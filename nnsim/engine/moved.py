"""Feedforward with one weight or bias a little off: of many such at once, each by itself.

All but its own neuron and what lies behind that stays as it was, so only what changes is computed:
z' = z + (what the neuron's output changes by) · weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.activations import activated
from nnsim.engine.forward import ForwardPass
from nnsim.engine.network import Network, ParameterRef

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Moved:
    """What a network computes with each of some weights and biases of one layer moved."""

    own: Array
    """The sum of the neuron that each belongs to, [ways, parameters, samples]."""
    sums: list[Array]
    """The sums of the layers behind, [ways, parameters, samples, neurons], the output layer's last;
    of the output layer alone when they belong to that."""
    outputs: Array
    """[ways, parameters, samples, outputs]."""

    def is_finite(self) -> NDArray[np.bool_]:
        """Whether every sum is finite, [parameters], those that a sigmoid would hide included."""
        finite = np.array(np.isfinite(self.own).all(axis=(0, 2)))
        for z in self.sums:
            finite &= np.isfinite(z).all(axis=(0, 2, 3))
        return finite


def forward_moved(
    network: Network, passed: ForwardPass, refs: Sequence[ParameterRef], by: Array
) -> Moved:
    """Feed many samples forward with one weight or bias moved, for each of them and each way.

    passed: the feedforward of the samples with none moved. refs: of one layer. by: how far each is
    moved, [ways, parameters].
    """
    layer, to = refs[0].layer, [ref.to for ref in refs]
    own = passed.pre_activations[layer - 1][:, to].T + by[:, :, None] * _sources(
        network, passed, refs
    )
    names = network.layers[layer - 1].activations
    if layer == len(network.layers):
        z = _with_own(passed.pre_activations[-1], to, own)
        return Moved(own, [z], activated(names, z))
    outputs = activated([names[i] for i in to], own.swapaxes(1, 2)).swapaxes(1, 2)
    change = outputs - passed.activations[layer][:, to].T
    return _carried_on(network, passed, layer, to, own, change)


def _sources(network: Network, passed: ForwardPass, refs: Sequence[ParameterRef]) -> Array:
    """What each weight multiplies, 1 for a bias; [parameters, samples]."""
    sources = np.ones((len(refs), len(passed.everything)))
    for row, ref in enumerate(refs):
        if ref.source is not None:
            place = network.structure.starts[ref.from_layer] + ref.source
            sources[row] = passed.everything[:, place]
    return sources


def _with_own(still: Array, to: list[int], own: Array) -> Array:
    """The sums of a layer [ways, parameters, samples, neurons], of which one neuron's has moved."""
    z = np.empty((still.shape[1], *own.shape))  # neurons first in memory: sums over them are faster
    z[...] = still.T[:, None, None, :]
    z[to, :, range(len(to))] = own.swapaxes(0, 1)
    return np.moveaxis(z, 0, -1)


def _carried_on(
    network: Network, passed: ForwardPass, layer: int, to: list[int], own: Array, change: Array
) -> Moved:
    """The feedforward behind a hidden layer, from what the output of the own neuron changes by."""
    starts = network.structure.starts
    sums: list[Array] = []
    changes: list[Array] = []  # of the layers behind, [ways, parameters, samples, neurons]
    for number in range(layer + 1, len(network.layers) + 1):
        weights, first = network.weights[number - 1], network.structure.slots[number - 1].first
        z = np.broadcast_to(passed.pre_activations[number - 1], (*own.shape, len(weights)))
        if first <= starts[layer]:
            columns = weights[:, starts[layer] - first + np.array(to)]
            z = z + np.moveaxis(columns[:, None, :, None] * change, 0, -1)
        for behind, moved in enumerate(changes, start=layer + 1):
            if first <= starts[behind]:
                place = starts[behind] - first
                z = z + moved @ weights[:, place : place + moved.shape[-1]].T
        a = activated(network.layers[number - 1].activations, z)
        sums.append(z)
        changes.append(a - passed.activations[number])
    return Moved(own, sums, a)
