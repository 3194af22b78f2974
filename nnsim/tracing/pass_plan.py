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
from nnsim.tracing.quantity import OF_PARAMETER, Kind, Quantity
from nnsim.tracing.trace import Trace


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
    return _plan(trace.network.structure, has_expected, has_plain_error(trace), trace.is_plain)


class PassPlan:
    """The ideas of a pass, by their number: plan[0] is the first, len(plan) is how many."""

    def __init__(
        self, structure: Structure, has_expected: bool, has_plain_error: bool, is_plain: bool
    ) -> None:
        self._structure = structure
        self._has_plain_error, self._is_plain = has_plain_error, is_plain
        self.stages: tuple[Stage, ...] = tuple(self._stages(has_expected))
        counts = (self._count(stage) for stage in self.stages)
        self.starts: tuple[int, ...] = (0, *accumulate(counts))
        """The number of each stage's first idea, and behind the last one the number of ideas."""
        keys = ((stage.kind, stage.neuron) for stage in self.stages)
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
        place = self._places.get((computed.kind, _neuron_of(computed)))
        if place is None:
            return None
        if computed.ref is None:
            return self.starts[place]
        if not self._structure.has(computed.ref):
            return None
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
        for layer in range(1, last + 1):
            for neuron in self._layer(layer):
                if not self._is_plain:
                    yield Stage(Phase.update, neuron, Kind.change, Along.all_in)
                yield Stage(Phase.update, neuron, Kind.new_value, Along.all_in)

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
        return places[structure.is_weight[places]] if stage.along is Along.weights_in else places

    def _stage_of(self, number: int) -> int:
        """The stage of an idea; stages without any are passed over."""
        return bisect_right(self.starts, number) - 1

    def _computed(self, quantity: Quantity) -> Quantity:
        """What the pass computes in the place of a quantity that is the same number."""
        last = len(self._structure.layers)
        is_output = quantity.neuron is not None and quantity.neuron[0] == last
        if quantity.kind is Kind.output_gradient and is_output and self._has_plain_error:
            return Quantity(Kind.error, quantity.neuron)
        if quantity.kind in (Kind.change, Kind.gradient) and self._is_plain:
            return Quantity(Kind.new_value, ref=quantity.ref)
        return quantity


@lru_cache(maxsize=2)  # of one network there are many moments
def _plan(
    structure: Structure, has_expected: bool, has_plain_error: bool, is_plain: bool
) -> PassPlan:
    return PassPlan(structure, has_expected, has_plain_error, is_plain)


def _neuron_of(quantity: Quantity) -> Neuron | None:
    """The neuron at which a quantity is computed."""
    ref = quantity.ref
    if ref is None or quantity.kind not in OF_PARAMETER:
        return quantity.neuron
    if quantity.kind is Kind.carried:
        return None if ref.source is None else (ref.from_layer, ref.source)
    return (ref.layer, ref.to)
