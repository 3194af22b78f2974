"""A worked solution of one training step: every line of it, in the order of computing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from nnsim.tracing.derivation import Derivation
from nnsim.tracing.expression import Expression
from nnsim.tracing.quantity import LEARNING_RATE, SETTINGS, Kind, Quantity
from nnsim.tracing.trace import Trace

GIVEN = "Given"
GRADIENT = "Gradient of the step"
SECTIONS: dict[str, tuple[Kind, ...]] = {
    GIVEN: SETTINGS,
    "Feedforward": (Kind.sum, Kind.output),
    "Error": (Kind.error, Kind.loss),
    "Backpropagation": (Kind.output_gradient, Kind.slope, Kind.signal, Kind.delta),
    GRADIENT: (
        Kind.delta_sum,
        Kind.delta_mean,
        Kind.l1_term,
        Kind.l2_term,
        Kind.penalised,
        Kind.clipped,
        Kind.gradient_length,
        Kind.gradient,
    ),
    "Optimizer": (
        Kind.old_velocity,
        Kind.velocity,
        Kind.old_mean,
        Kind.mean,
        Kind.mean_corrected,
        Kind.old_square,
        Kind.square,
        Kind.square_corrected,
    ),
    "New weights": (Kind.learning_rate, Kind.optimizer_change, Kind.change, Kind.new_value),
}
"""The titles, and what stands under them; products stand in the formulas that they belong to."""
MOST_OF_UPDATE = 16
"""Numbers of one weight between its delta and its new value, with both; none has more."""


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

    Where a step is more than −η · delta, what its batch, penalties, limits and optimizer come to
    stands before the new weights. Without expected outputs it ends after the feedforward. What has
    no value in this step (the slope of a softmax neuron) has no line.
    """
    return [Section(title, tuple(lines)) for title, lines in lazily(trace)]


def lazily(trace: Trace) -> Iterator[tuple[str, Iterator[Line]]]:
    """Return the same as titles and lines, each line made when it is asked for."""
    derivation = Derivation(trace)
    for title in SECTIONS:
        found = _under(derivation, title)
        if title == GIVEN:
            found = chain(_given(derivation), found)
        lines = _lines(derivation, found)
        first = next(lines, None)
        if first is not None:
            yield title, chain([first], lines)


def _under(derivation: Derivation, title: str) -> Iterator[Quantity]:
    return (quantity for quantity in derivation.in_order() if _title(quantity) == title)


def _title(quantity: Quantity) -> str | None:
    """The title that it stands under; None for what has no line of its own."""
    return GRADIENT if quantity.sample is not None else _TITLES.get(quantity.kind)


_TITLES = {kind: title for title, kinds in SECTIONS.items() for kind in kinds}


def most_numbers(trace: Trace) -> int:
    """Return how many lines a solution has at most, without making it."""
    network = trace.network
    each = 4 if trace.is_plain else MOST_OF_UPDATE + len(trace.batch)
    return each * network.parameter_count + 6 * sum(network.sizes) + 2


def _lines(derivation: Derivation, quantities: Iterable[Quantity]) -> Iterator[Line]:
    for quantity in quantities:
        value = derivation.value(quantity)
        if value is not None:
            yield Line(quantity, derivation.formula(quantity), value)


def _given(derivation: Derivation) -> Iterator[Quantity]:
    trace, network = derivation.trace, derivation.network
    yield from (Quantity(Kind.input, (0, i)) for i in range(network.input_count))
    last = len(network.layers)
    if trace.expected is not None:
        yield from (Quantity(Kind.expected, (last, i)) for i in range(network.output_count))
    yield from (Quantity(Kind.parameter, ref=ref) for ref in network.refs())
    if derivation.formula(LEARNING_RATE) is None:
        yield LEARNING_RATE
