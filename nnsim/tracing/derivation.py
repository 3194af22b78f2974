"""Where every number of a Trace comes from: its value, and its formula in other quantities.

The forward pass by the network's definition; the way back by the chain rule (Rumelhart, Hinton and
Williams 1986); both as house-wide: delta = ∂E/∂w = error × f'(sum) × sum'. From the deltas on it is
update_derivation.py that answers.
"""

from collections.abc import Iterator, Sequence

from nnsim.engine.losses import Loss
from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.references import Neuron
from nnsim.tracing.expression import (
    Add,
    Constant,
    Expression,
    Multiply,
    Negative,
    Subtract,
)
from nnsim.tracing.far_formulas import (
    entropy_is_far,
    far_binary_entropy,
    far_output,
    far_slope,
    far_softmax,
    far_softmax_entropy,
    softmax_entropy_is_far,
    softmax_is_far,
)
from nnsim.tracing.formulas import (
    binary_entropy,
    loss_formula,
    output_formula,
    output_gradient_formula,
    slope_formula,
    softmax_formula,
)
from nnsim.tracing.quantity import LOSS, OF_PARAMETER, UPDATE, Kind, Quantity
from nnsim.tracing.shown_formulas import formula_shown
from nnsim.tracing.trace import Trace
from nnsim.tracing.update_derivation import UpdateDerivation


class Derivation:
    """Answers, for one Trace, what a quantity is and what it was computed from.

    Nothing is computed before it is asked for. Quantities that do not exist in this Trace (no
    expected outputs, no slope of a softmax neuron) have no value and no formula.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.network: Network = trace.network
        self._update = UpdateDerivation(trace)

    # ------------------------------------------------------------ values

    def value(self, quantity: Quantity) -> float | None:
        """Return the number of a quantity as the Trace holds it; None where there is none."""
        neuron, ref = quantity.neuron, quantity.ref
        if not self.trace.knows(quantity):
            return None
        if quantity.kind is Kind.loss:
            return self.trace.loss
        if _is_of_update(quantity):
            return self._update.value(quantity)
        if ref is not None:
            return self._value_of_parameter(quantity.kind, ref)
        assert neuron is not None
        return self._value_of_neuron(quantity.kind, neuron)

    def _value_of_parameter(self, kind: Kind, ref: ParameterRef) -> float | None:
        if kind is Kind.parameter:  # a sum asks for all of them, of the row for nothing else
            return float(self.network.parameters[self.network.index_of(ref)])
        row = self.trace.factors(ref)
        match kind:
            case Kind.product:
                return None if row.source is None else row.value * row.source
            case Kind.carried:
                return None if row.signal is None else row.value * row.signal
            case _:
                return row.delta

    def _value_of_neuron(self, kind: Kind, place: Neuron) -> float | None:
        trace, (layer, index) = self.trace, place
        if kind is Kind.input:
            return float(trace.inputs[index])
        if kind is Kind.expected:
            return None if trace.expected is None else float(trace.expected[index])
        if kind is Kind.error:
            return None if trace.errors is None else float(trace.errors[index])
        neuron = trace.neuron(layer, index)
        match kind:
            case Kind.sum:
                return neuron.sum
            case Kind.output:
                return neuron.output
            case Kind.slope:
                return neuron.slope
            case Kind.output_gradient:
                return neuron.error
            case _:
                return neuron.signal

    # ------------------------------------------------------------ formulas

    def formula(self, quantity: Quantity) -> Expression | None:
        """Return what a quantity is computed from; None for what is given, and for what is not."""
        if self.value(quantity) is None:
            return None
        formula = self._formula(quantity)
        return None if formula is None else formula_shown(self.trace, quantity, formula)

    def _formula(self, quantity: Quantity) -> Expression | None:
        """In the conventions of the training, but with the loss that is shown."""
        if quantity.kind is Kind.loss:
            return self._loss()
        if _is_of_update(quantity):
            return self._update.formula(quantity)
        if quantity.ref is not None:
            return self._formula_of_parameter(quantity.kind, quantity.ref)
        assert quantity.neuron is not None
        return self._formula_of_neuron(quantity.kind, quantity.neuron)

    def _formula_of_parameter(self, kind: Kind, ref: ParameterRef) -> Expression | None:
        match kind:
            case Kind.product:
                return Multiply((self.source(ref), Quantity(Kind.parameter, ref=ref)))
            case Kind.carried:
                return self._carried(ref)
            case Kind.delta:
                return Multiply((*self._factors(ref), self.source(ref)))
        return None

    def _factors(self, ref: ParameterRef) -> tuple[Expression, ...]:
        """The error and the slope, or the error signal where there is no single one of them."""
        neuron = (ref.layer, ref.to)
        pair = (Quantity(Kind.output_gradient, neuron), Quantity(Kind.slope, neuron))
        if any(self.value(quantity) is None for quantity in pair):
            return (Quantity(Kind.signal, neuron),)
        return pair

    def _formula_of_neuron(self, kind: Kind, neuron: Neuron) -> Expression | None:
        x, o = Quantity(Kind.sum, neuron), Quantity(Kind.output, neuron)
        match kind:
            case Kind.sum:
                return self._sum(neuron)
            case Kind.output:
                return self._output(neuron, x)
            case Kind.slope:
                name = self._activation(neuron)
                return far_slope(name, x, self.value(x)) or slope_formula(name, x, o)
            case Kind.error:
                return Subtract(o, Quantity(Kind.expected, neuron))
            case Kind.output_gradient:
                return self._output_gradient(neuron)
            case Kind.signal:
                return self._signal(neuron)
        return None

    def _sum(self, neuron: Neuron) -> Expression:
        terms: list[Expression] = []
        for ref in self.network.refs_into(*neuron):
            old = Quantity(Kind.parameter, ref=ref)
            terms.append(old if ref.is_bias else Multiply((self.source(ref), old)))
        return terms[0] if len(terms) == 1 else Add(tuple(terms))

    def _output(self, neuron: Neuron, x: Quantity) -> Expression:
        name = self._activation(neuron)
        if name == "softmax":
            sums, values = self._sums_of(neuron[0])
            if softmax_is_far(values):
                return far_softmax(x, sums, sums[values.index(max(values))])
            return softmax_formula(x, sums)
        return far_output(name, x, self.value(x)) or output_formula(name, x)

    def _output_gradient(self, neuron: Neuron) -> Expression:
        if not self._is_output(neuron):
            paths = self.network.refs_out_of(*neuron)
            terms = tuple(self._carried(ref) for ref in paths)
            return terms[0] if len(terms) == 1 else Add(terms)
        o, t = Quantity(Kind.output, neuron), Quantity(Kind.expected, neuron)
        loss, count = self.trace.settings.loss_function, self.network.output_count
        if loss.name == "softmax_cross_entropy" and self.value(o) == self.value(t) == 0:
            return Negative(t)  # −t / o would be 0 / 0: the output is too small for a float64
        return output_gradient_formula(loss, o, t, count)

    def _signal(self, neuron: Neuron) -> Expression:
        loss = self.trace.settings.loss_function
        o, t = Quantity(Kind.output, neuron), Quantity(Kind.expected, neuron)
        if self._is_output(neuron) and loss.signal is not None:
            if loss.activation != "softmax":
                return Subtract(o, t)
            everything = Add(tuple(Quantity(Kind.expected, k) for k in self._beside(neuron)))
            return Subtract(Multiply((o, everything)), t)
        if self._activation(neuron) == "softmax":
            return Add(tuple(self.softmax_path(neuron, k) for k in self._beside(neuron)))
        slope = Quantity(Kind.slope, neuron)
        return Multiply((Quantity(Kind.output_gradient, neuron), slope))

    def softmax_path(self, neuron: Neuron, through: Neuron) -> Expression:
        """Return ∂E/∂output_k · output_k (δ_kj − output_j): what comes back to the sum of a softmax
        neuron j through one output k."""
        own, other = Quantity(Kind.output, neuron), Quantity(Kind.output, through)
        slope = Subtract(Constant(1.0), own) if through == neuron else Negative(own)
        return Multiply((Quantity(Kind.output_gradient, through), other, slope))

    def _carried(self, ref: ParameterRef) -> Expression:
        """What a connection carries back: its old weight × the error signal at its end."""
        signal = Quantity(Kind.signal, (ref.layer, ref.to))
        return Multiply((Quantity(Kind.parameter, ref=ref), signal))

    def _loss(self) -> Expression:
        last, count = len(self.network.layers), self.network.output_count
        outputs = [Quantity(Kind.output, (last, i)) for i in range(count)]
        expected = [Quantity(Kind.expected, (last, i)) for i in range(count)]
        loss = self.trace.settings.loss_function
        return self._far_loss(loss, outputs, expected) or loss_formula(loss, outputs, expected)

    def _far_loss(
        self, loss: Loss, outputs: Sequence[Quantity], expected: Sequence[Quantity]
    ) -> Expression | None:
        """A cross-entropy whose outputs are so near to 0 or 1 that the sums have to say it."""
        sums, values = self._sums_of(len(self.network.layers))
        if loss.name == "softmax_cross_entropy" and softmax_entropy_is_far(values):
            return far_softmax_entropy(sums, expected, sums[values.index(max(values))])
        if loss.name != "binary_cross_entropy" or not any(map(entropy_is_far, values)):
            return None
        terms = [
            far_binary_entropy(x, t, value) if entropy_is_far(value) else binary_entropy(o, t)
            for o, t, x, value in zip(outputs, expected, sums, values, strict=True)
        ]
        return terms[0] if len(terms) == 1 else Add(tuple(terms))

    def _sums_of(self, layer: int) -> tuple[list[Quantity], list[float]]:
        """The sums of a layer and their values; 0 where one is not computed yet."""
        sums = [Quantity(Kind.sum, neuron) for neuron in self._beside((layer, 0))]
        return sums, [self.value(x) or 0.0 for x in sums]

    # ------------------------------------------------------------ what there is

    def source(self, ref: ParameterRef) -> Expression:
        """Return what a weight multiplies: an input or an output; 1 for a bias."""
        if ref.source is None:
            return Constant(1.0)
        kind = Kind.output if ref.from_layer else Kind.input
        return Quantity(kind, (ref.from_layer, ref.source))

    def is_trained(self, ref: ParameterRef) -> bool:
        """Whether training may change a weight or bias."""
        return self.trace.is_trained(ref)

    def _is_output(self, neuron: Neuron) -> bool:
        return neuron[0] == len(self.network.layers)

    def _activation(self, neuron: Neuron) -> str:
        return self.network.layers[neuron[0] - 1].activations[neuron[1]]

    def _beside(self, neuron: Neuron) -> list[Neuron]:
        """All neurons of its layer."""
        return [(neuron[0], index) for index in range(self.network.sizes[neuron[0]])]

    def update_kinds(self, ref: ParameterRef) -> list[Kind]:
        """Return the kinds of quantities between the delta of a weight or bias and its new value,
        in the order of computing."""
        before, after = self._update.kinds(ref)
        return [*before, *after]

    def in_order(self) -> Iterator[Quantity]:
        """Return all computed quantities in the order of computing: each after its sources.

        What the update is given besides the learning rate (settings, deltas of other samples, what
        the optimizer remembers) is among them, before what is computed from it.
        """
        yield from self._forward()
        if self.trace.expected is not None:
            yield from self._backward()
            yield from self._update.in_order()

    def _forward(self) -> Iterator[Quantity]:
        for layer, size in enumerate(self.network.sizes[1:], start=1):
            for index in range(size):
                refs = self.network.refs_into(layer, index)
                yield from (Quantity(Kind.product, ref=ref) for ref in refs if not ref.is_bias)
                yield Quantity(Kind.sum, (layer, index))
            for index in range(size):  # a softmax output needs all sums of its layer
                yield Quantity(Kind.output, (layer, index))

    def _backward(self) -> Iterator[Quantity]:
        last = len(self.network.layers)
        yield from (Quantity(Kind.error, neuron) for neuron in self._beside((last, 0)))
        yield LOSS
        for layer in range(last, 0, -1):
            for neuron in self._beside((layer, 0)):
                if layer < last:
                    out = self.network.refs_out_of(*neuron)
                    yield from (Quantity(Kind.carried, ref=ref) for ref in out)
                yield Quantity(Kind.output_gradient, neuron)
            for neuron in self._beside((layer, 0)):
                yield Quantity(Kind.slope, neuron)
                yield Quantity(Kind.signal, neuron)
                refs = self.network.refs_into(*neuron)
                yield from (Quantity(Kind.delta, ref=ref) for ref in refs)


def _is_of_update(quantity: Quantity) -> bool:
    """Whether it comes after the deltas of the traced sample, or is given to what does."""
    of_weight = quantity.kind in UPDATE or quantity.sample is not None
    return of_weight or (quantity.neuron is None and quantity.kind not in OF_PARAMETER)
