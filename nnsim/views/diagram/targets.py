"""What can be pointed at in the diagram."""

from dataclasses import dataclass

from nnsim.engine.network import ParameterRef
from nnsim.engine.references import Neuron
from nnsim.model.frame import Part


@dataclass(frozen=True)
class Target:
    """Something in the diagram that can be focused, clicked, dragged or edited.

    kind: "input" (index), "expected" (index), "parameter" (ref), "activation" or "neuron" (layer,
    index); "port" (layer, index), from which a connection is drawn; "layer" (layer), its name, with
    "remove_neuron" and "add_neuron" (layer) beside it.
    """

    kind: str
    index: int = 0
    layer: int = 0
    ref: ParameterRef | None = None


def target_of(part: Part) -> Target:
    """Return what stands for a neuron, weight or bias."""
    if isinstance(part, ParameterRef):
        return Target("parameter", ref=part)
    layer, index = part
    return Target("neuron", index, layer) if layer else Target("input", index)


def part_of(target: Target | None) -> Part | None:
    """Return the neuron, weight or bias that is chosen by a click there; None without one."""
    return target.ref if target and target.ref else neuron_of(target)


def neuron_of(target: Target | None) -> Neuron | None:
    """Return the neuron that a target is of; None of a weight, an expected value and a layer."""
    if target is not None and target.kind == "input":
        return (0, target.index)
    if target is not None and target.kind in ("neuron", "activation", "port"):
        return (target.layer, target.index)
    return None
