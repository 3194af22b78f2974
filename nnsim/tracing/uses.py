"""Where a number of a step goes: the quantities that are computed from it."""

from collections.abc import Iterator

from nnsim.engine.network import ParameterRef
from nnsim.engine.references import Neuron
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.expression import Add, Apply, sources
from nnsim.tracing.loss_factor import has_plain_error
from nnsim.tracing.quantity import GRADIENT_LENGTH, LEARNING_RATE, LOSS, Kind, Quantity

MOST_REFS = 500
"""Of a number that all weights share, its uses by so many of them are told."""


def sources_of(derivation: Derivation, quantity: Quantity) -> tuple[Quantity, ...]:
    """Return what a quantity is computed from, each once; nothing for what is given.

    Of a sum over more than 500 weights those of the first 500 are told.
    """
    formula = derivation.formula(quantity)
    match formula:
        case None:
            return ()
        case Apply("sqrt", Add(terms)) if len(terms) > MOST_REFS:
            return sources(Add(terms[:MOST_REFS]))
    return sources(formula)


def uses_of(derivation: Derivation, quantity: Quantity) -> tuple[Quantity, ...]:
    """Return what is computed from a quantity, each once, in the order of computing.

    Of a number that all weights share, such as the learning rate, uses by the first 500 are told.
    A sum is computed from its products, and what comes back to a neuron from what each connection
    carries, although their formulas write the factors.
    """
    return tuple(dict.fromkeys(_Uses(derivation).of(quantity)))


def same_number(derivation: Derivation, quantity: Quantity) -> tuple[Quantity, ...]:
    """Return a quantity and what is the same number by definition: with the chapter's loss the
    error of an output is ∂E/∂output."""
    neuron = quantity.neuron
    is_output = neuron is not None and neuron[0] == len(derivation.network.layers)
    if not (is_output and has_plain_error(derivation.trace)) or quantity.kind not in _SAME:
        return (quantity,)
    return (quantity, Quantity(_SAME[quantity.kind], neuron))


_SAME = {Kind.error: Kind.output_gradient, Kind.output_gradient: Kind.error}


class _Uses:
    def __init__(self, derivation: Derivation) -> None:
        self._derivation, self._network = derivation, derivation.network
        self._has_expected = derivation.trace.expected is not None

    def of(self, quantity: Quantity) -> Iterator[Quantity]:
        """What may use it by the rules of a pass, as far as its formula does."""
        if quantity.neuron is None and quantity.ref is None:
            yield from self._of_update(quantity)
        elif quantity.ref is not None:
            yield from self._of_parameter(quantity, quantity.ref)
        elif quantity.neuron is not None:
            yield from self._of_neuron(quantity, quantity.neuron)

    def _of_parameter(self, quantity: Quantity, ref: ParameterRef) -> Iterator[Quantity]:
        end = (ref.layer, ref.to)
        if quantity.kind is Kind.parameter:
            if not ref.is_bias:
                yield Quantity(Kind.product, ref=ref)
            yield Quantity(Kind.sum, end)
            if self._has_expected:
                yield from self._carried_by(ref)
                yield from self._of_update(quantity)
        elif quantity.kind is Kind.product:
            yield Quantity(Kind.sum, end)
        elif quantity.kind is Kind.carried:
            yield Quantity(Kind.output_gradient, (ref.from_layer, ref.source or 0))
        else:
            yield from self._of_update(quantity)

    def _carried_by(self, ref: ParameterRef) -> Iterator[Quantity]:
        if ref.source is not None and ref.from_layer > 0:
            yield Quantity(Kind.carried, ref=ref)
            yield Quantity(Kind.output_gradient, (ref.from_layer, ref.source))

    def _of_update(self, quantity: Quantity) -> Iterator[Quantity]:
        """What the step makes of it: of a number that all weights share, for the first of them."""
        if not self._has_expected:
            return
        shared = [LEARNING_RATE]
        if self._network.parameter_count <= MOST_REFS:  # it is made of all deltas
            shared.append(GRADIENT_LENGTH)
        yield from (shared_one for shared_one in shared if self._uses(shared_one, quantity))
        if quantity.ref is not None:
            yield from self._of_update_of(quantity, quantity.ref)
            return
        alike: dict[tuple[bool, bool], list[Kind]] = {}
        for row in range(min(MOST_REFS, self._network.parameter_count)):
            ref = self._network.ref_at(row)
            sort = ref.is_bias, self._derivation.trace.is_trained(ref)
            if sort not in alike:  # the formulas of weights are alike, and those of biases
                alike[sort] = [use.kind for use in self._of_update_of(quantity, ref)]
            yield from (Quantity(kind, ref=ref) for kind in alike[sort])

    def _of_update_of(self, quantity: Quantity, ref: ParameterRef) -> Iterator[Quantity]:
        """What the step makes of it for one weight or bias."""
        kinds = self._derivation.update_kinds(ref)
        if self._derivation.trace.conventions.delta_with_rate:
            kinds = [Kind.delta, *kinds]
        uses = (Quantity(kind, ref=ref) for kind in kinds)
        return (use for use in uses if self._uses(use, quantity))

    def _of_neuron(self, quantity: Quantity, neuron: Neuron) -> Iterator[Quantity]:
        if quantity.kind in (Kind.input, Kind.output):
            yield from self._forward_from(neuron)
        if not self._has_expected and quantity.kind in (Kind.sum, Kind.slope):
            yield from (q for q in self._beside(Kind.output, neuron) if self._uses(q, quantity))
            return
        yield from (q for q in self._around(quantity, neuron) if self._uses(q, quantity))
        if quantity.kind is Kind.signal:
            for ref in self._network.refs_into(*neuron):
                yield from self._carried_by(ref)
        if self._has_expected:
            yield from self._deltas(quantity, neuron)

    def _forward_from(self, neuron: Neuron) -> Iterator[Quantity]:
        for ref in self._network.refs_out_of(*neuron):
            yield Quantity(Kind.product, ref=ref)
            yield Quantity(Kind.sum, (ref.layer, ref.to))
            if self._has_expected:
                yield Quantity(Kind.delta, ref=ref)

    def _around(self, quantity: Quantity, neuron: Neuron) -> Iterator[Quantity]:
        """Quantities of its own layer and the loss."""
        if neuron[0] == 0:
            return
        is_output = neuron[0] == len(self._network.layers)
        kinds = (Kind.output, Kind.error, Kind.output_gradient, Kind.slope, Kind.signal)
        for kind in kinds:
            if is_output:
                yield from self._beside(kind, neuron)
            elif kind is not Kind.error:
                yield Quantity(kind, neuron)
        if is_output:
            yield LOSS

    def _beside(self, kind: Kind, neuron: Neuron) -> Iterator[Quantity]:
        layer = neuron[0]
        return (Quantity(kind, (layer, i)) for i in range(self._network.sizes[layer]))

    def _deltas(self, quantity: Quantity, neuron: Neuron) -> Iterator[Quantity]:
        if quantity.kind in (Kind.output_gradient, Kind.slope, Kind.signal):
            for ref in self._network.refs_into(*neuron):
                delta = Quantity(Kind.delta, ref=ref)
                if self._uses(delta, quantity):
                    yield delta

    def _uses(self, quantity: Quantity, source: Quantity) -> bool:
        return source != quantity and source in sources_of(self._derivation, quantity)
