"""Where a person stands inside a training step: which sample of its batch, and how far."""

from dataclasses import dataclass, replace

from nnsim.model.document import Document
from nnsim.model.latest_traces import latest_trace
from nnsim.tracing.conventions import AS_TRAINED, Conventions
from nnsim.tracing.partial_trace import PartialTrace, until
from nnsim.tracing.pass_plan import StepSize
from nnsim.tracing.quantity import Quantity


@dataclass(frozen=True)
class Inside:
    """A place in the pass over one sample of the coming step's batch.

    idea: the last quantity that was computed; None before the first.
    """

    idea: Quantity | None = None
    place: int = 0
    """Which sample of the batch, counted from 0."""


def trace_inside(
    document: Document, inside: Inside, conventions: Conventions = AS_TRAINED
) -> PartialTrace:
    """Return the Trace of the sample that a person stands at, as far as the pass has come.

    A place or an idea that is not there any more, after an edit, is the beginning of the pass.
    Raises BadSamples when there are no samples.
    """
    batch = document.batch
    sample = int(batch[inside.place]) if inside.place < len(batch) else None
    trace = until(latest_trace(document, sample, conventions), -1)
    number = None if inside.idea is None else trace.plan.number_of(inside.idea)
    return until(trace, -1 if number is None else number)


def forward(
    document: Document, inside: Inside, size: StepSize, conventions: Conventions = AS_TRAINED
) -> Inside | None:
    """Return where a press forward leads to; None beyond the last idea of the last sample.

    A pass over a sample of a batch that is not its last ends before the update: only the last
    sample's deltas complete the gradient.
    """
    trace = trace_inside(document, inside, conventions)
    end = _end(document, trace, inside)
    if trace.reached < end - 1:
        further = min(trace.plan.after(trace.reached, size), end - 1)
        return replace(inside, idea=trace.plan[further])
    if inside.place + 1 < len(document.batch):
        return forward(document, Inside(None, inside.place + 1), size, conventions)
    return None


def back(
    document: Document, inside: Inside, size: StepSize, conventions: Conventions = AS_TRAINED
) -> Inside:
    """Return where a press back leads to; the beginning of the pass where nothing is before."""
    trace = trace_inside(document, inside, conventions)
    if trace.reached < 0:
        if inside.place == 0:
            return inside
        return last(document, replace(inside, place=inside.place - 1), conventions)
    if trace.reached == 0:
        before = replace(inside, place=inside.place - 1)
        return last(document, before, conventions) if before.place >= 0 else Inside()
    return replace(inside, idea=trace.plan[trace.plan.before(trace.reached, size)])


def at(
    document: Document, idea: Quantity, place: int, conventions: Conventions = AS_TRAINED
) -> Inside:
    """Return where an idea of the pass over a sample of the batch is: the update comes once, after
    the last of them."""
    trace = trace_inside(document, Inside(idea, place), conventions)
    is_update = trace.reached >= trace.plan.update_begins
    return Inside(idea, len(document.batch) - 1 if is_update else place)


def last(document: Document, inside: Inside, conventions: Conventions = AS_TRAINED) -> Inside:
    """Return the last idea of the sample that a person stands at."""
    trace = trace_inside(document, inside, conventions)
    return replace(inside, idea=trace.plan[_end(document, trace, inside) - 1])


def _end(document: Document, trace: PartialTrace, inside: Inside) -> int:
    """How many ideas there are of this sample."""
    is_last = inside.place + 1 >= len(document.batch)
    return len(trace.plan) if is_last else trace.plan.update_begins
