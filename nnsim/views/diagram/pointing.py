"""What is pointed at in the diagram: which line is near, its number, and its words."""

import math

from PySide6.QtCore import QPointF

from nnsim.engine.network import ParameterRef
from nnsim.model.frame import Frame
from nnsim.tracing.names import expected_name, neuron_name, parameter_name
from nnsim.tracing.wording import in_full, on_paper
from nnsim.views.diagram.scene import Scene, Target

SEARCHED_AT_MOST = 5000


def line_at(scene: Scene, point: QPointF, within: float) -> Target | None:
    """Return the weight whose line passes nearest to a point, if nearer than `within`."""
    if scene.network.parameter_count > SEARCHED_AT_MOST:
        return None
    nearest, distance = None, within
    for ref in scene.network.refs():
        if not ref.is_bias and (away := _distance(point, *scene.line(ref))) < distance:
            nearest, distance = ref, away
    return Target("parameter", ref=nearest) if nearest else None


def _distance(point: QPointF, start: QPointF, end: QPointF) -> float:
    along = end - start
    length2 = QPointF.dotProduct(along, along) or 1.0
    share = max(0.0, min(1.0, QPointF.dotProduct(point - start, along) / length2))
    away = point - (start + along * share)
    return math.hypot(away.x(), away.y())


def value_of(frame: Frame, target: Target) -> float | None:
    """Return the number that a target shows, or None when there is none to edit."""
    network = frame.document.network
    if target.kind == "parameter" and target.ref is not None and network.has(target.ref):
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
    if target.kind == "input":
        return neuron_name(network, 0, target.index)
    if target.kind == "expected":
        return expected_name(network, target.index)
    return f"activation of {neuron_name(network, target.layer, target.index)}"


def describe(frame: Frame, target: Target) -> str:
    """Say a target as a screen reader does: weight 1, from input 1 to neuron, 0.3; delta 0.035."""
    network, value = frame.document.network, value_of(frame, target)
    if target.kind == "activation":
        name = network.layers[target.layer - 1].activations[target.index]
        return f"{name_of(frame, target)}: {name}"
    said = f"{name_of(frame, target)}{_ends(frame, target.ref)}, {on_paper(value)}"
    delta = frame.trace.factors(target.ref).delta if frame.trace and target.ref else None
    return said if delta is None else f"{said}; delta {on_paper(delta)}"


def _ends(frame: Frame, ref: ParameterRef | None) -> str:
    """Where a weight leads, when its name does not say so."""
    network = frame.document.network
    if ref is None or ref.source is None or network.sizes[1:] != (1,):
        return ""
    return f", from {neuron_name(network, 0, ref.source)} to {neuron_name(network, 1, 0)}"


def tip_of(frame: Frame, target: Target) -> str:
    """Return the tooltip: the name, every digit, and the factors of a weight."""
    if target.kind == "activation":
        neuron = frame.trace.neuron(target.layer, target.index) if frame.trace else None
        return describe(frame, target) + (
            f"\nf(sum) = {in_full(neuron.output)}\nf'(sum) = {in_full(neuron.slope)}"
            if neuron
            else ""
        )
    lines = [f"{name_of(frame, target)} = {in_full(value_of(frame, target))}"]
    if target.ref is not None and frame.trace is not None:
        row = frame.trace.factors(target.ref)
        if row.delta is not None:
            lines.append(f"delta = {in_full(row.delta)}")
            lines.append(f"new value = {in_full(row.new_value)}")
    return "\n".join(lines)
