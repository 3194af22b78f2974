"""The ideas of one pass over a sample, in the order in which a person computes them on paper.

Product by product to each sum, its activation, the errors and the loss; then backwards for each
neuron what is carried back to it, its slope, its error signal and the delta of each of its weights;
at last the new weights. A network of 100,000 weights has 400,000 ideas: they are counted, not
listed, and each is made when it is asked for.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.references import Neuron
from nnsim.engine.structure import Structure
from nnsim.tracing.loss_factor import has_plain_error
from nnsim.tracing.quantity import LEARNING_RATE, OF_PARAMETER, REMEMBERED, UPDATE, Kind, Quantity
from nnsim.tracing.trace import Trace
from nnsim.tracing.update_derivation import UpdateDerivation


class Phase(Enum):
    """The four parts of a pass."""

    feedforward = "feedforward"
    error = "error"
    backpropagation = "backpropagation"
    update = "update"


class StepSize(Enum):
    """How far one press goes within a pass."""

    number = "number"
    neuron = "neuron"
    layer = "layer"
    phase = "phase"
    sample = "sample"
    batch = "batch"
    epoch = "epoch"


BEYOND_PHASES = frozenset((StepSize.sample, StepSize.batch, StepSize.epoch))
"""Sizes that take all of a pass at once."""


class Along(Enum):
    """For which connections of a neuron there is an idea each."""

    none = "the neuron itself, or the loss"
    weights_in = "the weights into it"
    all_in = "the weights into it and its bias"
    out = "the weights out of it"
    trained_weights = "the weights into it that are trained"
    still_weights = "the weights into it that are not"
    trained_bias = "its bias, if that is trained"
    still_bias = "its bias, if that is not"


_GROUPS = {
    (True, True): Along.trained_weights,
    (True, False): Along.still_weights,
    (False, True): Along.trained_bias,
    (False, False): Along.still_bias,
}
"""By whether it is a weight, and whether it is trained: these have the same ideas in the update."""


@dataclass(frozen=True)
class Update:
    """The ideas between the deltas and the new values of a step that is more than −η · delta."""

    kinds: tuple[tuple[Along, tuple[Kind, ...], tuple[Kind, ...]], ...]
    """For each group of weights and biases: what comes before the length of the gradient is known,
    and what behind it."""
    has_rate: bool
    """Whether the learning rate of the step is computed from a schedule."""
    has_length: bool
    trains_biases: bool


@dataclass(frozen=True)
class Stage:
    """Ideas of one kind that follow each other, all of one neuron; the loss is of none."""

    phase: Phase
    neuron: Neuron | None
    kind: Kind
    along: Along = Along.none

    def group(self, size: StepSize) -> object:
        """Return what is the same in all stages that a press of this size takes together."""
        layer = self.neuron[0] if self.neuron else None
        if size is StepSize.neuron:
            return (self.phase, self.neuron)
        return (self.phase, layer) if size is StepSize.layer else self.phase


def plan_of(trace: Trace) -> "PassPlan":
    """Return the ideas of the pass that a Trace holds the numbers of."""
    has_expected = trace.expected is not None
    update = None if trace.is_plain or not has_expected else _update_of(trace)
    return _plan(trace.network.structure, has_expected, has_plain_error(trace), update)


def _update_of(trace: Trace) -> Update:
    derivation, structure = UpdateDerivation(trace), trace.network.structure
    trained = _trained(structure, trace.settings.train_biases)
    kinds = []
    for (is_weight, is_trained), group in _GROUPS.items():
        members = (structure.is_weight == is_weight) & (trained == is_trained)
        places = structure.places[members[structure.places]]
        if len(places):
            both = derivation.kinds(structure.ref_in(int(places[0])))
            before, after = (tuple(k for k in some if k not in REMEMBERED) for some in both)
            kinds.append((group, before, after))
    # η/c of another convention is no idea of its own: the pass has the same ones in all of them
    has_rate = UpdateDerivation(trace.trained).formula(LEARNING_RATE) is not None
    has_length = bool(trace.settings.clip_norm) and bool(trained[structure.places].any())
    return Update(tuple(kinds), has_rate, has_length, trace.settings.train_biases)


def _trained(structure: Structure, biases: bool) -> NDArray[np.bool_]:
    mask = structure.trained(biases)
    return np.ones(structure.slot_count, dtype=np.bool_) if mask is None else mask


class PassPlan:
    """The ideas of a pass, by their number: plan[0] is the first, len(plan) is how many."""

    def __init__(
        self,
        structure: Structure,
        has_expected: bool,
        has_plain_error: bool,
        update: Update | None,
    ) -> None:
        """update: None where each new value is the old one − η · delta."""
        self._structure = structure
        self._has_plain_error, self._update = has_plain_error, update
        trains_biases = update is None or update.trains_biases
        self._trained = _trained(structure, trains_biases)
        self.stages: tuple[Stage, ...] = tuple(self._stages(has_expected))
        counts = (self._count(stage) for stage in self.stages)
        self.starts: tuple[int, ...] = (0, *accumulate(counts))
        """The number of each stage's first idea, and behind the last one the number of ideas."""
        keys = ((stage.kind, stage.neuron, _group_of(stage)) for stage in self.stages)
        self._places = {key: place for place, key in enumerate(keys)}

    def __len__(self) -> int:
        return self.starts[-1]

    def __getitem__(self, number: int) -> Quantity:
        if not 0 <= number < len(self):
            raise IndexError(number)
        place = self._stage_of(number)
        stage = self.stages[place]
        if stage.along is Along.none:
            return Quantity(stage.kind, stage.neuron)
        at = self._along(stage)[number - self.starts[place]]
        return Quantity(stage.kind, ref=self._structure.ref_in(int(at)))

    def __iter__(self) -> Iterator[Quantity]:
        return (self[number] for number in range(len(self)))

    @property
    def update_begins(self) -> int:
        """The number of the first idea of the update; how many ideas there are without one."""
        phases = [stage.phase for stage in self.stages]
        return self.starts[phases.index(Phase.update) if Phase.update in phases else len(phases)]

    def stage(self, number: int) -> Stage:
        """Return the stage that an idea belongs to."""
        return self.stages[self._stage_of(number)]

    def number_of(self, quantity: Quantity) -> int | None:
        """Return which idea computes a quantity; None for what is given, and for what this pass
        does not compute."""
        computed = self._computed(quantity)
        if quantity.sample is not None or not self._has(computed):
            return None
        key = (computed.kind, _neuron_of(computed), self._group(computed))
        place = self._places.get(key)
        if place is None or computed.ref is None:
            return None if place is None else self.starts[place]
        along = self._along(self.stages[place])
        found = np.flatnonzero(along == self._structure.index_of(computed.ref))
        return self.starts[place] + int(found[0]) if len(found) else None

    def after(self, number: int, size: StepSize) -> int:
        """Return the idea that a press of this size leads to: the last of the present neuron, layer
        or phase; of the next one where it is at the last already. Never beyond the last idea."""
        following = min(number + 1, len(self) - 1)
        if size is StepSize.number:
            return following
        if size in BEYOND_PHASES:
            return len(self) - 1
        place = self._stage_of(following)
        group = self.stages[place].group(size)
        while place + 1 < len(self.stages) and self.stages[place + 1].group(size) == group:
            place += 1
        return self.starts[place + 1] - 1

    def before(self, number: int, size: StepSize) -> int:
        """Return the idea that a press back leads to: the last one before the present neuron, layer
        or phase; the first of all where there is none before."""
        if size is StepSize.number:
            return max(0, number - 1)
        if size in BEYOND_PHASES:
            return 0
        place = self._stage_of(number)
        group = self.stages[place].group(size)
        while place and self.stages[place - 1].group(size) == group:
            place -= 1
        return max(0, self.starts[place] - 1)

    # ------------------------------------------------------------ the order

    def _stages(self, has_expected: bool) -> Iterator[Stage]:
        last = len(self._structure.layers)
        for layer in range(1, last + 1):
            yield from self._forward(layer)
        if not has_expected:
            return
        yield from (Stage(Phase.error, neuron, Kind.error) for neuron in self._layer(last))
        yield Stage(Phase.error, None, Kind.loss)
        for layer in range(last, 0, -1):
            yield from self._back(layer)
        yield from self._updates()

    def _updates(self) -> Iterator[Stage]:
        update = self._update
        layers = range(1, len(self._structure.layers) + 1)
        every = [neuron for layer in layers for neuron in self._layer(layer)]
        if update is None:
            yield from (Stage(Phase.update, n, Kind.new_value, Along.all_in) for n in every)
            return
        if update.has_rate:
            yield Stage(Phase.update, None, Kind.learning_rate)
        for neuron in every:
            for group, before, _ in update.kinds:
                yield from (Stage(Phase.update, neuron, kind, group) for kind in before)
        if update.has_length:
            yield Stage(Phase.update, None, Kind.gradient_length)
        for neuron in every:
            for group, _, after in update.kinds:
                yield from (Stage(Phase.update, neuron, kind, group) for kind in after)

    def _forward(self, layer: int) -> Iterator[Stage]:
        is_softmax = self._is_softmax(layer)
        for neuron in self._layer(layer):
            yield Stage(Phase.feedforward, neuron, Kind.product, Along.weights_in)
            yield Stage(Phase.feedforward, neuron, Kind.sum)
            if not is_softmax:
                yield Stage(Phase.feedforward, neuron, Kind.output)
        if is_softmax:  # each output needs all sums
            for neuron in self._layer(layer):
                yield Stage(Phase.feedforward, neuron, Kind.output)

    def _back(self, layer: int) -> Iterator[Stage]:
        is_output = layer == len(self._structure.layers)
        if (
            self._is_softmax(layer) and not self._has_plain_error
        ):  # each signal needs all ∂E/∂output
            for neuron in self._layer(layer):
                yield Stage(Phase.backpropagation, neuron, Kind.output_gradient)
        for neuron in self._layer(layer):
            yield from self._back_through(neuron, is_output)

    def _back_through(self, neuron: Neuron, is_output: bool) -> Iterator[Stage]:
        phase, is_softmax = Phase.backpropagation, self._is_softmax(neuron[0])
        if not is_output:
            yield Stage(phase, neuron, Kind.carried, Along.out)
        if not is_softmax:
            if not (is_output and self._has_plain_error):
                yield Stage(phase, neuron, Kind.output_gradient)
            yield Stage(phase, neuron, Kind.slope)
        yield Stage(phase, neuron, Kind.signal)
        yield Stage(phase, neuron, Kind.delta, Along.all_in)

    def _is_softmax(self, layer: int) -> bool:
        return "softmax" in self._structure.layers[layer - 1].activations

    def _layer(self, layer: int) -> Iterator[Neuron]:
        return ((layer, index) for index in range(self._structure.sizes[layer]))

    # ------------------------------------------------------------ numbers of ideas

    def _count(self, stage: Stage) -> int:
        return 1 if stage.along is Along.none else len(self._along(stage))

    def _along(self, stage: Stage) -> NDArray[np.intp]:
        """Where the parameters stand that a stage has an idea for each of."""
        assert stage.neuron is not None
        structure = self._structure
        if stage.along is Along.out:
            return structure.places_out_of(*stage.neuron)
        places = structure.places_into(*stage.neuron)
        if stage.along is Along.all_in:
            return places
        is_weight = structure.is_weight[places]
        if stage.along is Along.weights_in:
            return places[is_weight]
        wants_weight, wants_trained = next(k for k, v in _GROUPS.items() if v is stage.along)
        members = (is_weight == wants_weight) & (self._trained[places] == wants_trained)
        found: NDArray[np.intp] = places[members]
        return found

    def _has(self, quantity: Quantity) -> bool:
        return quantity.ref is None or self._structure.has(quantity.ref)

    def _group(self, quantity: Quantity) -> Along | None:
        """The group that a weight or bias belongs to in the update; None outside of it."""
        if self._update is None or quantity.ref is None or quantity.kind not in UPDATE:
            return None
        place = self._structure.index_of(quantity.ref)
        return _GROUPS[bool(self._structure.is_weight[place]), bool(self._trained[place])]

    def _stage_of(self, number: int) -> int:
        """The stage of an idea; stages without any are passed over."""
        return bisect_right(self.starts, number) - 1

    def _computed(self, quantity: Quantity) -> Quantity:
        """What the pass computes in the place of a quantity that is the same number."""
        last = len(self._structure.layers)
        is_output = quantity.neuron is not None and quantity.neuron[0] == last
        if quantity.kind is Kind.output_gradient and is_output and self._has_plain_error:
            return Quantity(Kind.error, quantity.neuron)
        if quantity.kind in (Kind.change, Kind.gradient) and self._update is None:
            return Quantity(Kind.new_value, ref=quantity.ref)
        return quantity


def has_quantity(trace: Trace, quantity: Quantity) -> bool:
    """Return whether a Trace has a quantity: computed in its pass, or given to its step."""
    network, neuron, ref = trace.network, quantity.neuron, quantity.ref
    if ref is not None and not network.has(ref):
        return False
    if neuron is not None and not (
        0 <= neuron[0] < len(network.sizes) and 0 <= neuron[1] < network.sizes[neuron[0]]
    ):
        return False
    if plan_of(trace.whole).number_of(quantity) is not None:
        return True
    if quantity.kind is Kind.input:
        return neuron is not None and neuron[0] == 0
    if quantity.kind is Kind.expected:
        is_output = neuron is not None and neuron[0] == len(network.layers)
        return is_output and trace.expected is not None
    if ref is not None and quantity.kind is not Kind.parameter:
        is_given = quantity.sample is not None or quantity.kind in REMEMBERED
        return is_given and UpdateDerivation(trace.whole).value(quantity) is not None
    return neuron is None


@lru_cache(maxsize=2)  # of one network there are many moments
def _plan(
    structure: Structure, has_expected: bool, has_plain_error: bool, update: Update | None
) -> PassPlan:
    return PassPlan(structure, has_expected, has_plain_error, update)


def _group_of(stage: Stage) -> Along | None:
    return stage.along if stage.along in _GROUPS.values() else None


def _neuron_of(quantity: Quantity) -> Neuron | None:
    """The neuron at which a quantity is computed."""
    ref = quantity.ref
    if ref is None or quantity.kind not in OF_PARAMETER:
        return quantity.neuron
    if quantity.kind is Kind.carried:
        return None if ref.source is None else (ref.from_layer, ref.source)
    return (ref.layer, ref.to)
