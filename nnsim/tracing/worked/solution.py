"""A worked solution of one training step: every line of it, in the order of computing."""

from collections.abc import Container, Iterable, Iterator
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
    return [Section(title, tuple(lines)) for title, lines in lazily(trace)]


def lazily(trace: Trace) -> Iterator[tuple[str, Iterator[Line]]]:
    """Return the same as titles and lines, each line made when it is asked for."""
    derivation = Derivation(trace)
    yield "Given", _lines(derivation, _given(trace))
    yield "Feedforward", _computed(derivation, FORWARD)
    if trace.expected is None:
        return
    yield "Error", _computed(derivation, ERROR)
    yield "Backpropagation", _computed(derivation, BACKWARD)
    yield "New weights", _computed(derivation, UPDATE)


def most_numbers(trace: Trace) -> int:
    """Return how many lines a solution has at most, without making it."""
    network = trace.network
    return 4 * network.parameter_count + 6 * sum(network.sizes) + 2


def _computed(derivation: Derivation, kinds: Container[Kind]) -> Iterator[Line]:
    chosen = (quantity for quantity in derivation.in_order() if quantity.kind in kinds)
    return _lines(derivation, chosen)


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
