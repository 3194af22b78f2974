"""The command train."""

import argparse
import os

import numpy as np

from nnsim.cli.arguments import UNTIL_CAP, UsageError
from nnsim.cli.terminal import DONE, STOPPED, Bar, complain, counted, say
from nnsim.engine.step import sample_losses
from nnsim.files.atomic import write_atomically
from nnsim.files.project import open_project, save
from nnsim.files.reading import shown_name
from nnsim.model.document import Document
from nnsim.model.edits import set_learning_rate
from nnsim.model.run import Run
from nnsim.tracing.wording import on_paper

MOMENT = 0.1
"""How long, in seconds, training goes on before the progress bar is drawn anew."""


def train(chosen: argparse.Namespace) -> int:
    """Train a project as was asked; write the log and the result where they were asked for."""
    document = open_project(chosen.file)
    if chosen.learning_rate is not None:
        document = set_learning_rate(document, chosen.learning_rate)
    if chosen.log and chosen.output and _same_file(chosen.log, chosen.output):
        raise UsageError("The log and the trained network cannot go to the same file.")
    run, reached = _trained(document, chosen)
    if chosen.log:  # first: when it cannot be written, no result was changed either
        write_atomically(chosen.log, _log(run).encode("utf-8"))
    if chosen.output:
        save(run.document, chosen.output)
    say(_summary(document, run, chosen.output))
    if run.stopped:
        complain(run.stopped.reason)
        return STOPPED
    if not reached:
        complain(
            f"The mean loss is {on_paper(_mean_loss(run.document))} after "
            f"{counted(len(run.losses), 'step')} and has not come down to "
            f"{on_paper(chosen.until_loss)}."
        )
        return STOPPED
    return DONE


def _trained(document: Document, chosen: argparse.Namespace) -> tuple[Run, bool]:
    """Train as was asked; return the run, and whether the wished loss (if any) was reached."""
    bar = Bar(_cap(document, chosen))
    try:
        if chosen.until_loss is None:
            return _train_steps(Run.of(document), bar), True
        return _train_until(Run.of(document), chosen.until_loss, bar)
    finally:
        bar.clear()


def _cap(document: Document, chosen: argparse.Namespace) -> int:
    """The most steps to take."""
    if chosen.steps is not None:
        return int(chosen.steps)
    if chosen.epochs is not None or chosen.until_loss is None:
        return int(chosen.epochs or 1) * len(document.samples) or 1
    return UNTIL_CAP


def _train_steps(run: Run, bar: Bar) -> Run:
    while (left := bar.steps - len(run.losses)) > 0 and not run.stopped:
        run = run.advance(left, MOMENT)
        bar.show(run)
    return run


def _train_until(run: Run, wanted: float, bar: Bar) -> tuple[Run, bool]:
    """Train epoch after epoch until the mean loss over all samples is at most the wanted one."""
    while not (reached := _mean_loss(run.document) <= wanted):
        left = bar.steps - len(run.losses)
        if left <= 0 or run.stopped:
            break
        document = run.document
        epoch = len(document.samples) - document.position.place
        run = run.advance(min(left, epoch))
        bar.show(run)
    return run, reached


def _mean_loss(document: Document) -> float:
    """Return the mean of E = ½ Σ error² over all samples; infinite without samples."""
    samples = document.samples
    if not len(samples):
        return float("inf")
    with np.errstate(over="ignore", invalid="ignore"):
        return float(sample_losses(document.network, samples.inputs, samples.expected).mean())


def _summary(before: Document, run: Run, output: str | None) -> str:
    losses = f"{on_paper(_mean_loss(before))} → {on_paper(_mean_loss(run.document))}"
    saved = (
        f"Saved to {shown_name(output)}." if output else "Nothing was saved; -o FILE would keep it."
    )
    return (
        f"{counted(len(run.losses), 'step')}, now at step {run.document.position.step}; "
        f"mean loss over {counted(len(before.samples), 'sample')} {losses}. {saved}"
    )


def _log(run: Run) -> str:
    rows = zip(run.samples.tolist(), run.losses.tolist(), strict=True)
    lines = [
        f"{step},{sample},{loss!r}"
        for step, (sample, loss) in enumerate(rows, start=run.first_step + 1)
    ]
    return "\n".join(["step,sample,loss", *lines]) + "\n"


def _same_file(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)
