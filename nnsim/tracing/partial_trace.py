"""A Trace in the middle of its pass: what no idea has computed yet is not there."""

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.network import ParameterRef
from nnsim.tracing.pass_plan import PassPlan, plan_of
from nnsim.tracing.quantity import LOSS, Kind, Quantity
from nnsim.tracing.trace import Factors, Neuron, SoftmaxPath, Trace

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PartialTrace(Trace):
    """The same numbers, of which those of the ideas after `reached` are None or, in arrays, NaN."""

    reached: int = -1
    """The number of the last idea that was taken in; −1 before the first."""

    complete: Trace | None = None

    @property
    def whole(self) -> Trace:
        return self if self.complete is None else self.complete

    @cached_property
    def plan(self) -> PassPlan:
        """The ideas of the pass."""
        return plan_of(self)

    def knows(self, quantity: Quantity) -> bool:
        """Whether a quantity is computed by now, or given."""
        number = self.plan.number_of(quantity)
        return number is None or number <= self.reached

    @property
    def loss(self) -> float | None:
        return super().loss if self.knows(LOSS) else None

    def error_of(self, index: int) -> float | None:
        neuron = (len(self.network.layers), index)
        return super().error_of(index) if self.knows(Quantity(Kind.error, neuron)) else None

    def shown_activations(self, layer: int) -> Array:
        values = super().shown_activations(layer)
        if layer == 0:
            return values
        known = [self.knows(Quantity(Kind.output, (layer, i))) for i in range(len(values))]
        return np.where(known, values, np.nan)

    @cached_property
    def _neurons(self) -> dict[tuple[int, int], Neuron]:
        """Those that were asked for: every view asks for the same ones."""
        return {}

    @cached_property
    def _rows(self) -> dict[ParameterRef, Factors]:
        return {}

    def neuron(self, layer: int, index: int) -> Neuron:
        if (layer, index) not in self._neurons:
            self._neurons[layer, index] = self._neuron(layer, index)
        return self._neurons[layer, index]

    def factors(self, ref: ParameterRef) -> Factors:
        if ref not in self._rows:
            self._rows[ref] = self._factors(ref)
        return self._rows[ref]

    def _neuron(self, layer: int, index: int) -> Neuron:
        whole, place = super().neuron(layer, index), (layer, index)
        return replace(
            whole,
            sum=self._if_known(whole.sum, Kind.sum, place),
            output=self._if_known(whole.output, Kind.output, place),
            slope=self._if_known(whole.slope, Kind.slope, place),
            error=self._if_known(whole.error, Kind.output_gradient, place),
            signal=self._if_known(whole.signal, Kind.signal, place),
        )

    def _factors(self, ref: ParameterRef) -> Factors:
        whole = super().factors(ref)
        is_changed = self.knows(Quantity(Kind.new_value, ref=ref))
        return replace(
            whole,
            source=whole.source if self._has_source(ref) else None,
            delta=whole.delta if self.knows(Quantity(Kind.delta, ref=ref)) else None,
            update=whole.update if self.knows(Quantity(Kind.change, ref=ref)) else None,
            new_value=whole.new_value if is_changed else None,
        )

    def softmax_paths(self, index: int) -> list[SoftmaxPath]:
        signal = Quantity(Kind.signal, (len(self.network.layers), index))
        return super().softmax_paths(index) if self.knows(signal) else []

    def _if_known(self, value: float | None, kind: Kind, neuron: tuple[int, int]) -> float | None:
        return value if self.knows(Quantity(kind, neuron)) else None

    def _has_source(self, ref: ParameterRef) -> bool:
        if ref.source is None or ref.from_layer == 0:
            return True
        return self.knows(Quantity(Kind.output, (ref.from_layer, ref.source)))


def until(trace: Trace, reached: int) -> PartialTrace:
    """Return a Trace as far as the idea of that number; −1 for what is given alone."""
    own = {field.name: getattr(trace, field.name) for field in fields(Trace)}
    return PartialTrace(**own, reached=reached, complete=trace.whole)
