"""The Run: a Document and the training steps that grew to it, with the numbers they left."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.growth import GROWING_STEPS, Watch
from nnsim.engine.learned import Rows, Taken
from nnsim.engine.order import checked_batches
from nnsim.engine.settings import whole_number
from nnsim.engine.stopping import Stopping
from nnsim.engine.training import coming_step, losses_now, take_steps
from nnsim.errors import BadSamples
from nnsim.model.document import Document
from nnsim.model.record import Record
from nnsim.model.series import Series
from nnsim.tracing.overflow import first_overflow
from nnsim.tracing.wording import on_paper

Array = NDArray[np.float64]

MEASURED_SAMPLES = 64
"""The mean loss over all samples is measured so seldom that it costs this many samples a step."""
MEASURED_POINTS = 512
"""After so many points it is measured half as often, again and again: its cost goes to nothing."""
HOPELESS_GROWTH = 1000
"""A loss that has become so many times as large will not come down by itself."""
CALL_STEPS = 262_144
"""The most steps in one call of the engine: the room for what they leave is made beforehand."""


@dataclass(frozen=True)
class Mark:
    """An edit in the middle of a run: after which step, and what was changed."""

    step: int
    text: str


@dataclass(frozen=True)
class Stop:
    """Why training stopped by itself: a sentence, and whether a number was no longer finite."""

    reason: str
    overflow: bool


@dataclass(frozen=True)
class Run:
    """A document as it is after its steps, and what the steps since `first_step` left behind.

    Immutable: advancing gives a new Run that shares the numbers of the old one.
    """

    document: Document
    first_step: int
    """The step of the document when the run began; numbers of earlier steps are not known."""
    record: Record = field(default_factory=Record)
    mean_steps: Series = field(default_factory=Series)
    """The steps before which the mean loss over all samples was measured."""
    mean_losses: Series = field(default_factory=Series)
    """What it was there; where it is too large for a number it is left out, and training goes on:
    only the numbers of a step itself stop it."""
    marks: tuple[Mark, ...] = ()
    stopped: Stop | None = None
    watch: Watch | None = field(default=None, compare=False)
    """What the watch over growing losses has seen; None: nothing yet."""

    @classmethod
    def of(cls, document: Document, limit: int | None = None) -> "Run":
        """Return the run that begins at this document.

        limit: the most points its record keeps; None for every step.
        """
        return cls(document, document.position.step, Record(limit))

    @property
    def steps_taken(self) -> int:
        """How many steps were taken since the run began, whether or not their record is kept."""
        return self.document.position.step - self.first_step

    @property
    def losses(self) -> Array:
        """losses[k] is the loss of step k + 1's batch before its update (from first_step on)."""
        return self.record.losses.values

    @property
    def errors(self) -> Array:
        """errors[k] is output − expected of the batch's first sample; empty with more outputs."""
        return self.record.errors.values

    @property
    def samples(self) -> NDArray[np.intp]:
        """samples[k] is the (first) sample (from 0) that step k + 1 was taken on."""
        return self.record.samples.values.astype(np.intp)

    @property
    def is_hopeless(self) -> bool:
        """Whether the loss is no number any more, or a thousandfold of what it was at first.

        That is the mean loss over all samples, since the last edit.
        """
        if self.record.losses.length and not math.isfinite(self.losses[-1]):
            return True
        begin = self.marks[-1].step if self.marks else self.first_step
        since = int(np.searchsorted(self.mean_steps.values, begin))
        measured = self.mean_losses.values[since:]
        return len(measured) > 1 and bool(measured[-1] > HOPELESS_GROWTH * measured[0] > 0)

    def edited(self, document: Document, text: str) -> "Run":
        """Return this run after an edit, marked where it happened; no step is added."""
        step = document.position.step
        marks = (*self.marks, Mark(step, text)) if step > self.first_step else self.marks
        watch = self.watch if len(document.samples) == len(self.document.samples) else None
        return replace(self, document=document, marks=marks, stopped=None, watch=watch)

    def going_on(self) -> "Run":
        """Return this run as a person goes on with it after a stop: watched anew."""
        return replace(self, stopped=None, watch=None)

    def advance(
        self,
        steps: int,
        seconds: float | None = None,
        stopping: Stopping | None = None,
        batches: Sequence[Rows] | None = None,
    ) -> "Run":
        """Return the run up to `steps` steps further on, fewer when asked to stop.

        It ends when `seconds` have passed or `stopping` asks for it. batches: the samples of each
        of the steps, in place of the epochs' order. It stops by itself, says why in `stopped`, and
        keeps the last finite state, when a number of the coming step is not finite, or when the
        loss has grown ten steps running and a million-fold (see engine/growth.py). The result does
        not depend on how the steps are cut into calls.
        """
        if not len(self.document.samples):
            raise BadSamples("There are no samples to train on: add one first.")
        asked = stopping or Stopping(seconds)
        run, last = self, self.document.position.step + steps
        while run.stopped is None and run.document.position.step < last:
            run, end = run._advanced(last, asked, batches, last - steps)
            if end == "stopped" or asked.is_over():
                break
        return run

    def _advanced(
        self, last: int, asked: Stopping, batches: Sequence[Rows] | None, began: int
    ) -> tuple["Run", str]:
        """Go on to where the mean loss is measured next, or to step `last`."""
        document = self.document
        step, stride = document.position.step, self._stride()
        given = None if batches is None else batches[step - began : last - began]
        mean = None
        if step % stride == 0:
            mean = _mean_loss(document, asked)
            if mean is None:
                return self, "stopped"
        watch = self.watch.copy() if self.watch else Watch.over(len(document.samples))
        taken = take_steps(
            document.learned,
            document.samples.inputs,
            document.samples.expected,
            document.settings,
            min(last, step + stride - step % stride, step + CALL_STEPS) - step,
            given=given,
            watch=watch,
            stopping=asked,
        )
        run = self._extended(taken, mean, watch)
        if taken.end in ("not finite", "growing"):
            rows = None if given is None else given[len(taken.losses)]
            run = run._stopped_at(taken.end, rows)
        return run, taken.end

    def _stride(self) -> int:
        """How many steps lie between two measurements of the mean loss, at this point of the run.

        A function of the step number alone, so that runs cut differently measure the same.
        """
        base = -(-len(self.document.samples) // MEASURED_SAMPLES)
        done = self.document.position.step - self.first_step
        return int(base << (done // (base * MEASURED_POINTS)).bit_length())

    def _extended(self, taken: Taken, mean: float | None, watch: Watch) -> "Run":
        """This run with the steps taken; the mean counts only if the step after it was taken."""
        if not len(taken.losses):
            return replace(self, watch=watch)
        step = self.document.position.step
        means = [] if mean is None or not math.isfinite(mean) else [mean]
        errors = taken.errors if self.document.network.output_count == 1 else np.empty(0)
        return replace(
            self,
            document=self.document.trained_to(taken.learned),
            record=self.record.extended(step, taken.losses, errors, taken.rows),
            mean_steps=self.mean_steps.extended([step] * len(means)),
            mean_losses=self.mean_losses.extended(means),
            watch=watch,
        )

    def _stopped_at(self, end: str, rows: Rows | None) -> "Run":
        """This run with the reason why its next step, on these samples, is not taken."""
        document = self.document
        settings, samples, learned = document.settings, document.samples, document.learned
        step = coming_step(learned, samples.inputs, samples.expected, settings, rows)
        if end == "not finite":
            what, at = first_overflow(document.network, step), document.position.step
            sentence = f"Stopped at step {at}: {what} is too large. Try a smaller learning rate."
            return replace(self, stopped=Stop(sentence, overflow=True))
        reason = (
            f"Stopped at step {document.position.step}: the loss has grown {GROWING_STEPS} steps "
            f"running, to {on_paper(step.loss)}. Each step overshoots; try a smaller learning rate."
        )
        return replace(self, stopped=Stop(reason, overflow=False))


def _mean_loss(document: Document, asked: Stopping) -> float | None:
    """The mean loss over all samples; None when somebody asked to stop meanwhile."""
    samples = document.samples
    losses = losses_now(
        document.learned, samples.inputs, samples.expected, document.settings, asked
    )
    if losses is None:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        return float(losses.mean())


def train(
    document: Document, steps: int | None = None, batches: Sequence[Sequence[int]] | None = None
) -> Run:
    """Train a document for a number of steps and return the Run.

    batches: the samples of each step (from 0), so that a published run can be repeated; as many as
    steps, which may then be left out. `run.document` is the trained document, `run.losses[k]` the
    loss of step k + 1's batch before its update, `run.stopped` the reason if it stopped early.
    Raises BadSamples without samples or for batches that cannot be, BadSetting for such steps.
    """
    asked = None if steps is None else whole_number(steps, "The number of steps")
    if batches is None:
        if asked is None:
            raise BadSamples("Say how many steps to train: nnsim.train(document, steps=100).")
        return Run.of(document).advance(asked)
    given = checked_batches(batches, len(document.samples))
    wanted = len(given) if asked is None else asked
    if wanted > len(given):
        raise BadSamples(f"There are {len(given)} batches for {wanted} steps: give one for each.")
    return Run.of(document).advance(wanted, batches=given)
