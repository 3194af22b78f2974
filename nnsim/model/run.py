"""The Run: a Document and the training steps that grew to it, with the numbers they left."""

import math
import time
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.step import Step, sample_losses, step_on
from nnsim.errors import BadSamples
from nnsim.model.document import Document
from nnsim.model.growth import GROWING_STEPS, Growth
from nnsim.model.series import Series
from nnsim.tracing.overflow import first_overflow
from nnsim.tracing.wording import on_paper

Array = NDArray[np.float64]

MEASURED_SAMPLES = 64
"""The mean loss over all samples is measured so seldom that it costs this many samples a step."""


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
    """A document as it is after its steps, and what each step since `first_step` left behind.

    Immutable: advancing gives a new Run that shares the numbers of the old one.
    """

    document: Document
    first_step: int
    """The step of the document when the run began; numbers of earlier steps are not known."""
    loss_series: Series = field(default_factory=Series)
    error_series: Series = field(default_factory=Series)
    """output − expected at each step, for a network with one output; else empty."""
    sample_series: Series = field(default_factory=Series)
    mean_steps: Series = field(default_factory=Series)
    mean_losses: Series = field(default_factory=Series)
    marks: tuple[Mark, ...] = ()
    stopped: Stop | None = None
    growth: Growth = field(default_factory=Growth, compare=False)
    """The watch over the losses, as far as they are recorded."""

    @classmethod
    def of(cls, document: Document) -> "Run":
        """Return the run that begins at this document."""
        return cls(document, document.position.step)

    @property
    def losses(self) -> Array:
        """losses[k] is the loss of step k + 1's sample before its update (from first_step on)."""
        return self.loss_series.values

    @property
    def errors(self) -> Array:
        """errors[k] is output − expected of that same sample; empty with several outputs."""
        return self.error_series.values

    @property
    def samples(self) -> NDArray[np.intp]:
        """samples[k] is the sample (from 0) that step k + 1 was taken on."""
        return self.sample_series.values.astype(np.intp)

    def edited(self, document: Document, text: str) -> "Run":
        """Return this run after an edit, marked where it happened; no step is added."""
        step = document.position.step
        marks = (*self.marks, Mark(step, text)) if step > self.first_step else self.marks
        return replace(self, document=document, marks=marks, stopped=None)

    def advance(
        self, steps: int, seconds: float | None = None, watch_from: int | None = None
    ) -> "Run":
        """Return the run up to `steps` steps further on, fewer when `seconds` have passed.

        It stops by itself, says why in `stopped`, and keeps the last finite state, when a number
        of the coming step is not finite, or when the loss has grown ten steps running and a
        million-fold (see growth.py) since recorded loss number `watch_from`, 0 for all of them.
        The result does not depend on how the steps are cut into calls.
        """
        if not len(self.document.samples):
            raise BadSamples("There are no samples to train on: add one first.")
        recorder = _Recorder(self, watch_from or 0)
        end = None if seconds is None else time.perf_counter() + seconds
        for _ in range(steps):
            if not recorder.take_step():
                break
            if end is not None and time.perf_counter() >= end:
                break
        return recorder.run()


class _Recorder:
    """Takes steps one after another and keeps what they leave; turned into a Run once."""

    def __init__(self, run: Run, watch_from: int) -> None:
        self._began = run
        self._document = run.document
        self._losses: list[float] = []
        self._errors: list[float] = []
        self._samples: list[int] = []
        self._mean_steps: list[int] = []
        self._mean_losses: list[float] = []
        self._stopped: Stop | None = None
        self._stride = -(-len(run.document.samples) // MEASURED_SAMPLES)
        self._growth = run.growth.going_on(run.losses, run.sample_series.values, watch_from)

    def take_step(self) -> bool:
        """Take one step; return False, having changed nothing, when training has to stop."""
        document = self._document
        sample = document.sample
        assert sample is not None
        inputs, expected = document.samples.inputs[sample], document.samples.expected[sample]
        step = step_on(document.network, inputs, expected, document.settings.learning_rate)
        mean = self._measured_mean()
        self._stopped = self._reason_to_stop(step, sample, mean)
        if self._stopped:
            return False
        if mean is not None:
            self._mean_steps.append(document.position.step)
            self._mean_losses.append(mean)
        self._losses.append(step.loss)
        self._samples.append(sample)
        if len(expected) == 1:
            self._errors.append(float(step.passed.outputs[0] - expected[0]))
        self._document = document.stepped(document.network.with_parameters(step.new_parameters))
        return True

    def run(self) -> Run:
        """Return the run as it is after the steps taken."""
        began = self._began
        return replace(
            began,
            document=self._document,
            loss_series=began.loss_series.extended(self._losses),
            error_series=began.error_series.extended(self._errors),
            sample_series=began.sample_series.extended(self._samples),
            mean_steps=began.mean_steps.extended(self._mean_steps),
            mean_losses=began.mean_losses.extended(self._mean_losses),
            stopped=self._stopped,
            growth=self._growth,
        )

    def _measured_mean(self) -> float | None:
        """The mean loss over all samples, when it is its turn to be measured."""
        document = self._document
        if document.position.step % self._stride:
            return None
        samples = document.samples
        losses = sample_losses(document.network, samples.inputs, samples.expected)
        with np.errstate(over="ignore", invalid="ignore"):
            return float(losses.mean())

    def _reason_to_stop(self, step: Step, sample: int, mean: float | None) -> Stop | None:
        at = self._document.position.step
        finite = step.is_finite()
        if not finite or (mean is not None and not math.isfinite(mean)):
            what = "the mean loss"
            if not finite:
                what = first_overflow(self._document.network, step)
            return Stop(
                f"Stopped at step {at}: {what} is too large. Try a smaller learning rate.", True
            )
        if not self._growth.add(sample, step.loss):
            return None
        return Stop(
            f"Stopped at step {at}: the loss has grown {GROWING_STEPS} steps running, "
            f"to {on_paper(step.loss)}. Each step overshoots; try a smaller learning rate.",
            False,
        )


def train(document: Document, steps: int) -> Run:
    """Train a document for a number of steps and return the Run.

    `run.document` is the trained document, `run.losses[k]` the loss of step k + 1's sample before
    its update, `run.stopped` the reason if it stopped early. Raises BadSamples without samples.
    """
    return Run.of(document).advance(steps)
