"""A worked solution of one training step: every line of it, in the order of computing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nnsim.tracing.derivation import Derivation
from nnsim.tracing.expression import Expression
from nnsim.tracing.quantity import LEARNING_RATE, Kind, Quantity
from nnsim.tracing.trace import Trace

FORWARD = (Kind.sum, Kind.output)
ERROR = (Kind.error, Kind.loss)
BACKWARD = (Kind.output_gradient, Kind.slope, Kind.signal, Kind.delta)
UPDATE = (Kind.change, Kind.new_value)


@dataclass(frozen=True)
class Line:
    """A quantity with its value, and its formula where it was computed."""

    quantity: Quantity
    formula: Expression | None
    value: float


@dataclass(frozen=True)
class Section:
    """Some lines of a solution under a title in the chapter's words."""

    title: str
    lines: tuple[Line, ...]


def solution(trace: Trace) -> list[Section]:
    """Return the given numbers, feedforward, error, backpropagation and new weights of a step.

    Without expected outputs it ends after the feedforward. What has no value in this step (the
    slope of a softmax neuron) has no line.
    """
    derivation = Derivation(trace)
    computed = list(derivation.in_order())

    def section(title: str, kinds: Iterable[Kind]) -> Section:
        chosen = (quantity for quantity in computed if quantity.kind in kinds)
        return Section(title, tuple(_lines(derivation, chosen)))

    sections = [
        Section("Given", tuple(_lines(derivation, _given(trace)))),
        section("Feedforward", FORWARD),
    ]
    if trace.expected is None:
        return sections
    return [
        *sections,
        section("Error", ERROR),
        section("Backpropagation", BACKWARD),
        section("New weights", UPDATE),
    ]


def _lines(derivation: Derivation, quantities: Iterable[Quantity]) -> Iterator[Line]:
    for quantity in quantities:
        value = derivation.value(quantity)
        if value is not None:
            yield Line(quantity, derivation.formula(quantity), value)


def _given(trace: Trace) -> Iterator[Quantity]:
    network = trace.network
    yield from (Quantity(Kind.input, (0, i)) for i in range(network.input_count))
    last = len(network.layers)
    if trace.expected is not None:
        yield from (Quantity(Kind.expected, (last, i)) for i in range(network.output_count))
    yield from (Quantity(Kind.parameter, ref=ref) for ref in network.refs())
    yield LEARNING_RATE
