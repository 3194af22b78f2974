"""Labels: the names that a person has given to neurons, weights and biases."""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeVar

from nnsim.engine.references import Neuron, ParameterRef
from nnsim.engine.texts import is_blank, is_unprintable
from nnsim.errors import BadNetwork, short

MAX_NAME = 60
"""The most characters of a name."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Labels:
    """The names of those neurons, weights and biases that have one; immutable and hashable.

    Raises BadNetwork for a name that `checked_name` refuses, and when two neurons or two weights
    have the same one.
    """

    neurons: Mapping[Neuron, str] = field(default_factory=dict)
    weights: Mapping[ParameterRef, str] = field(default_factory=dict)
    """Of weights and biases."""

    def __post_init__(self) -> None:
        for what, names in (("neurons", self.neurons), ("weights", self.weights)):
            object.__setattr__(self, what, MappingProxyType(_checked(names, what)))

    def with_neuron(self, neuron: Neuron, name: str) -> "Labels":
        """Return the labels with that name for a neuron; without one when it is empty."""
        return replace(self, neurons=_changed(self.neurons, neuron, name))

    def with_weight(self, ref: ParameterRef, name: str) -> "Labels":
        """Return the labels with that name for a weight or bias; without one when it is empty."""
        return replace(self, weights=_changed(self.weights, ref, name))

    def without(self, refs: Collection[ParameterRef]) -> "Labels":
        """Return the labels without the names of these weights and biases."""
        return replace(
            self, weights={ref: name for ref, name in self.weights.items() if ref not in refs}
        )

    def moved(self, neurons: Mapping[Neuron, Neuron]) -> "Labels":
        """Return the labels of a network whose neurons stand elsewhere in its layers.

        neurons: what each neuron that is still there is now. A weight keeps its name when both of
        its ends are there and it still runs from a layer to a later one.
        """
        if not (self.neurons or self.weights):
            return self
        weights = {_moved(ref, neurons): name for ref, name in self.weights.items()}
        return Labels(
            {neurons[old]: name for old, name in self.neurons.items() if old in neurons},
            {ref: name for ref, name in weights.items() if ref is not None},
        )

    def __hash__(self) -> int:
        return hash((frozenset(self.neurons.items()), frozenset(self.weights.items())))


def checked_name(name: str) -> str:
    """Return the name; raise BadNetwork unless it is one line of 1 to 60 printable characters.

    It needs one that can be seen, and no blanks around it.
    """
    if not isinstance(name, str) or is_blank(name):
        raise BadNetwork(
            f"A name needs at least one character that can be seen, not {short(name)}."
        )
    if len(name) > MAX_NAME:
        raise BadNetwork(f"A name has at most {MAX_NAME} characters, not {len(name):,}.")
    if any(is_unprintable(character) for character in name):
        raise BadNetwork(
            f"The name {short(name)} holds a character that cannot be shown on one line."
        )
    if name != name.strip():
        raise BadNetwork(f"The name {short(name)} begins or ends with a blank.")
    return name


def _checked(names: Mapping[Key, str], what: str) -> dict[Key, str]:
    """A copy of the names, each of them sound and there once only."""
    seen: set[str] = set()
    for name in names.values():
        if checked_name(name) in seen:
            raise BadNetwork(f"Two {what} cannot both be called “{name}”.")
        seen.add(name)
    return dict(names)


def _changed(names: Mapping[Key, str], key: Key, name: str) -> dict[Key, str]:
    others = {other: text for other, text in names.items() if other != key}
    return others | ({key: name} if name else {})


def _moved(ref: ParameterRef, neurons: Mapping[Neuron, Neuron]) -> ParameterRef | None:
    """What a weight or bias is referred to by now; None where it is gone."""
    target = neurons.get((ref.layer, ref.to))
    if target is None:
        return None
    if ref.source is None:
        return ParameterRef(*target, None)
    source = neurons.get((ref.from_layer, ref.source))
    if source is None or source[0] >= target[0]:
        return None
    return ParameterRef(*target, source[1], source[0])
