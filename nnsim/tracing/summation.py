"""Terms of a sum that are alike but for one number that counts up, as Σ with limits has them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nnsim.tracing.expression import Constant, Expression, Node, sources
from nnsim.tracing.quantity import Kind, Quantity

LEAST = 4
"""Fewer terms are written out."""

Counting = dict[Quantity, frozenset[str]]


@dataclass(frozen=True)
class Summation:
    """Σ of terms from the first number that counts to the last one; both count from 1."""

    term: Expression
    """One of them."""
    limits: tuple[int, int] | None
    """None where the sum is over the samples of a batch, whatever their numbers."""
    counting: tuple[tuple[Quantity, frozenset[str]], ...]
    """The quantities of that term, each with those of its indexes that count: “neuron”, “to”,
    “source”, “sample”."""


def summed(terms: Sequence[Expression]) -> list[Expression | Summation]:
    """Return terms with each run of at least LEAST alike ones as a Summation."""
    batch = _over_batch(terms)
    if batch is not None:
        return [batch]
    found: list[Expression | Summation] = []
    at = 0
    while at < len(terms):
        run = _run(terms, at)
        found.append(terms[at] if run is None else run)
        at += 1 if run is None or run.limits is None else run.limits[1] - run.limits[0] + 1
    return found


def _over_batch(terms: Sequence[Expression]) -> Summation | None:
    """The deltas of one weight for all samples of a batch."""
    deltas = [term for term in terms if isinstance(term, Quantity) and term.kind is Kind.delta]
    if not LEAST <= len(deltas) == len(terms) or len({delta.ref for delta in deltas}) != 1:
        return None
    one = next(delta for delta in deltas if delta.sample is not None)
    return Summation(one, None, ((one, frozenset(("sample",))),))


def _run(terms: Sequence[Expression], at: int) -> Summation | None:
    """The longest run of alike terms that begins there; None where it is too short."""
    if at + LEAST > len(terms):
        return None
    counting = _counting(terms[at], terms[at + 1])
    if not counting:
        return None
    count = 2
    while at + count < len(terms) and _is_later(terms[at + count], terms[at], counting, count):
        count += 1
    if count < LEAST:
        return None
    first = next(_counted(counting)) + 1
    return Summation(terms[at], (first, first + count - 1), tuple(counting.items()))


def _counting(first: Expression, second: Expression) -> Counting:
    """Which indexes of which quantities are one more in the second term; none where the terms
    differ in anything else, or the counts begin with different numbers."""
    counting = {}
    for one, other in zip(sources(first), sources(second), strict=False):
        later = _indexes(other)
        counting[one] = frozenset(n for n, value in _indexes(one).items() if value != later[n])
    is_one_count = len(set(_counted(counting))) == 1
    return counting if is_one_count and _is_later(second, first, counting, 1) else {}


def _counted(counting: Counting) -> Iterator[int]:
    """The numbers that count, as they are in the first term."""
    for quantity, names in counting.items():
        for name in names:
            value = _indexes(quantity)[name]
            yield -1 if value is None else value


def _indexes(quantity: Quantity) -> dict[str, int | None]:
    ref, neuron = quantity.ref, quantity.neuron
    return {
        "neuron": None if neuron is None else neuron[1],
        "to": None if ref is None else ref.to,
        "source": None if ref is None else ref.source,
    }


def _is_later(other: Expression, first: Expression, counting: Counting, by: int) -> bool:
    """Whether a term is the one that comes so much later than the first."""
    if isinstance(first, Quantity):
        return other == _later(first, counting[first], by)
    if isinstance(first, Constant) or isinstance(other, Quantity):
        return other == first
    if _sort(other) != _sort(first) or len(other.parts) != len(first.parts):
        return False
    pairs = zip(other.parts, first.parts, strict=True)
    return all(_is_later(part, own, counting, by) for part, own in pairs)


def _sort(node: Node) -> tuple[object, ...]:
    """What a node is besides its parts."""
    return type(node), getattr(node, "function", ""), getattr(node, "or_equal", False)


def _later(quantity: Quantity, names: frozenset[str], by: int) -> Quantity:
    if quantity.neuron is not None and "neuron" in names:
        layer, index = quantity.neuron
        quantity = replace(quantity, neuron=(layer, index + by))
    if quantity.ref is not None:
        ref = quantity.ref
        to = ref.to + by if "to" in names else ref.to
        source = ref.source + by if "source" in names and ref.source is not None else ref.source
        quantity = replace(quantity, ref=replace(ref, to=to, source=source))
    return quantity
