"""What is pointed at in the diagram: which line is near, its number, and its words."""

import math
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, QPointF, QRectF

from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.references import Neuron
from nnsim.model.frame import Frame
from nnsim.tracing.names import expected_name, layer_name, neuron_name, parameter_name
from nnsim.tracing.vocabulary import vocabulary
from nnsim.tracing.wording import in_full
from nnsim.views.diagram.handles import layer_handles, port
from nnsim.views.diagram.label_places import shown_label
from nnsim.views.diagram.pairs import nearest_place
from nnsim.views.diagram.scene import Scene
from nnsim.views.diagram.spoken import spoken
from nnsim.views.diagram.targets import Target, neuron_of

NEAR_LINES = 3.5
"""Seen so near that a line is pointed at from less than this, those in bands can be too."""


def line_at(scene: Scene, point: QPointF, within: float) -> Target | None:
    """Return the weight whose line passes nearest to a point, if nearer than `within`."""
    if routed := _routed_at(scene, point, within):
        return Target("parameter", ref=routed)
    if scene.dense:
        place = nearest_place(scene, point, within, not_in_bands=within > NEAR_LINES)
        return None if place is None else Target("parameter", ref=scene.network.ref_in(place))
    nearest, distance = None, within
    for ref in scene.network.refs():
        is_straight = not ref.is_bias and ref not in scene.routes
        if is_straight and (away := _distance(point, *scene.line(ref))) < distance:
            nearest, distance = ref, away
    return Target("parameter", ref=nearest) if nearest else None


def _routed_at(scene: Scene, point: QPointF, within: float) -> ParameterRef | None:
    """The connection with bends that passes nearest."""
    away = {
        ref: min(_distance(point, a, b) for a, b in pairwise(route))
        for ref, route in scene.routes.items()
    }
    nearest = min(away, key=away.__getitem__, default=None)
    return nearest if nearest is not None and away[nearest] < within else None


def neuron_at(scene: Scene, point: QPointF, around: float = 0.0) -> Neuron | None:
    """Return the neuron that lies at a point, or nearer to it than `around`."""
    for neuron, rect in scene.nodes.items():
        if rect.adjusted(-around, -around, around, around).contains(point):
            return neuron
    return None


def place_of(scene: Scene, target: Target) -> QRectF:
    """Return where a target stands in the scene; of a weight without a label, on its line."""
    if target.kind == "port":
        return port(scene, (target.layer, target.index))
    if target.kind in ("layer", "add_neuron", "remove_neuron"):
        return layer_handles(scene, target.layer)[target]
    rect = scene.rect(target)
    if not rect.isNull():
        return rect
    if target.ref is None:
        return scene.nodes[target.layer, target.index]
    if target.ref.is_bias:
        return scene.nodes[target.ref.layer, target.ref.to]
    return shown_label(scene, target.ref)


def _distance(point: QPointF, start: QPointF, end: QPointF) -> float:
    along = end - start
    length2 = QPointF.dotProduct(along, along) or 1.0
    share = max(0.0, min(1.0, QPointF.dotProduct(point - start, along) / length2))
    away = point - (start + along * share)
    return math.hypot(away.x(), away.y())


def is_there(network: Network, target: Target) -> bool:
    """Return whether a network has what a target is of."""
    if target.ref is not None:
        return network.has(target.ref)
    layer = len(network.layers) if target.kind == "expected" else target.layer
    return layer < len(network.sizes) and target.index < network.sizes[layer]


def value_of(frame: Frame, target: Target) -> float | None:
    """Return the number that a target shows, or None when there is none to edit."""
    network = frame.document.network
    if not is_there(network, target):
        return None
    if target.ref is not None:
        return float(network.parameters[network.index_of(target.ref)])
    if frame.trace is None:
        return None
    if target.kind == "input":
        return float(frame.trace.inputs[target.index])
    if target.kind == "expected" and frame.trace.expected is not None:
        return float(frame.trace.expected[target.index])
    return None


def name_of(frame: Frame, target: Target) -> str:
    """Return what a target is called."""
    network = frame.document.network
    if target.kind == "parameter" and target.ref is not None:
        return parameter_name(network, target.ref)
    if target.kind == "expected":
        return expected_name(network, target.index)
    if target.kind in ("layer", "add_neuron", "remove_neuron"):
        return layer_name(network, target.layer)
    name = neuron_name(network, *(neuron_of(target) or (0, 0)))
    return f"activation of {name}" if target.kind == "activation" else name


def tip_of(frame: Frame, target: Target) -> str:
    """Return the tooltip: what a handle does; else the name, every digit, and the factors."""
    if said := _handles_said().get(target.kind):
        return said.format(name_of(frame, target))
    if target.kind in ("activation", "neuron"):
        return _neuron_tip(frame, target)
    lines = [f"{name_of(frame, target)} = {in_full(value_of(frame, target))}"]
    if target.kind == "input":
        lines += _note(frame, (0, target.index))
    if target.ref is not None and frame.trace is not None:
        row = frame.trace.factors(target.ref)
        if row.delta is not None:
            say = vocabulary(frame.conventions)
            lines.append(f"{say.delta} = {in_full(row.delta)}")
            lines.append(f"{say.new_value} = {in_full(row.new_value)}")
    return "\n".join(lines)


def _handles_said() -> dict[str, str]:
    tr = QCoreApplication.translate
    return {
        "port": tr("pointing", "Drag from here to a later neuron to connect {}"),
        "layer": tr("pointing", "Choose all of {}"),
        "add_neuron": tr("pointing", "Add one more to {}"),
        "remove_neuron": tr("pointing", "Remove the last one of {}"),
    }


def _neuron_tip(frame: Frame, target: Target) -> str:
    lines = [spoken(frame, target)]
    if frame.trace is not None:
        neuron = frame.trace.neuron(target.layer, target.index)
        say = vocabulary(frame.conventions)
        lines.append(f"f({say.sum}) = {in_full(neuron.output)}")
        lines.append(f"{say.slope} = {in_full(neuron.slope)}")
    return "\n".join(lines + _note(frame, (target.layer, target.index)))


def _note(frame: Frame, neuron: Neuron) -> list[str]:
    note = frame.document.drawing.notes.get(neuron)
    return [] if note is None else ["", note]
