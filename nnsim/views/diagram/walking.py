"""Walking through the diagram by arrow keys: along connections, and up and down the layers."""

from PySide6.QtCore import Qt

from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.references import Neuron
from nnsim.views.diagram.scene import Scene
from nnsim.views.diagram.targets import Target, neuron_of, target_of

Key = Qt.Key
ARROWS = frozenset((Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down))
WALKED = ARROWS | {Key.Key_Home, Key.Key_End, Key.Key_PageUp, Key.Key_PageDown}


class Walk:
    """Remembers the neuron whose connections are being walked."""

    def __init__(self) -> None:
        self._hinge: Neuron | None = None

    def next(self, scene: Scene, at: Target | None, key: Qt.Key) -> Target | None:
        """Return what a key leads to; None where nothing more is in that direction.

        From a neuron: Up and Down, Home and End within its layer, Left and Right to its
        connections. From a weight: Left and Right to its two neurons, Page Up and Page Down to the
        other weights of the neuron that one came from.
        """
        network = scene.network
        if at is None:
            return Target("input", 0)
        if at.kind == "expected":
            return _from_expected(network, at.index, key)
        neuron = neuron_of(at)
        if neuron is not None:
            return self._from_neuron(scene, neuron, key)
        return self._from_weight(network, at.ref, key) if at.ref is not None else None

    def _from_neuron(self, scene: Scene, neuron: Neuron, key: Qt.Key) -> Target | None:
        layer, index = neuron
        size = scene.network.sizes[layer]
        within = {Key.Key_Up: index - 1, Key.Key_Down: index + 1}
        within |= {Key.Key_Home: 0, Key.Key_End: size - 1}
        if key in within:
            to = within[key]
            return target_of((layer, to)) if 0 <= to < size and to != index else None
        if key not in (Key.Key_Left, Key.Key_Right):
            return None
        self._hinge = neuron
        leads_on = key == Key.Key_Right
        ref = _straightest(scene, neuron, leads_on)
        if ref is not None:
            return target_of(ref)
        return _beside(scene.network, neuron, leads_on)

    def _from_weight(self, network: Network, ref: ParameterRef, key: Qt.Key) -> Target | None:
        if key == Key.Key_Right:
            return Target("neuron", ref.to, ref.layer)
        if key == Key.Key_Left:
            return None if ref.source is None else target_of((ref.from_layer, ref.source))
        if key not in (Key.Key_PageUp, Key.Key_PageDown):
            return None
        siblings = self._siblings(network, ref)
        to = siblings.index(ref) + (1 if key == Key.Key_PageDown else -1)
        return target_of(siblings[to]) if 0 <= to < len(siblings) else None

    def _siblings(self, network: Network, ref: ParameterRef) -> list[ParameterRef]:
        """The weights of the neuron that one came from; of that it leads into, if from neither."""
        if ref.source is not None and self._hinge == (ref.from_layer, ref.source):
            return network.refs_out_of(*self._hinge)
        return network.refs_into(ref.layer, ref.to)


def _from_expected(network: Network, index: int, key: Qt.Key) -> Target | None:
    if key == Key.Key_Left:
        return Target("neuron", index, len(network.layers))
    to = index + {Key.Key_Up: -1, Key.Key_Down: 1}.get(key, 0)
    return Target("expected", to) if 0 <= to < network.output_count and to != index else None


def _straightest(scene: Scene, neuron: Neuron, leads_on: bool) -> ParameterRef | None:
    """The connection of a neuron that rises or falls least."""
    layer, index = neuron
    network = scene.network
    if not leads_on and layer == 0:
        return None
    refs = network.refs_out_of(*neuron) if leads_on else network.refs_into(layer, index)
    ends = {
        ref: (ref.layer, ref.to) if leads_on else (ref.from_layer, ref.source)
        for ref in refs
        if ref.source is not None
    }
    y = scene.nodes[neuron].center().y()
    return min(ends, key=lambda ref: abs(scene.nodes[ends[ref]].center().y() - y), default=None)


def _beside(network: Network, neuron: Neuron, leads_on: bool) -> Target | None:
    """What lies beside a neuron without connections there: the next layer, or what is expected."""
    layer, index = neuron[0] + (1 if leads_on else -1), neuron[1]
    if layer == len(network.sizes):
        return Target("expected", index)
    if layer < 0:
        return None
    return target_of((layer, min(index, network.sizes[layer] - 1)))
