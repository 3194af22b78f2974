"""The command train."""

import argparse
import os

from nnsim.cli.arguments import UNTIL_CAP, UsageError
from nnsim.cli.project_file import opened, with_rows
from nnsim.cli.setting_options import chosen_settings
from nnsim.cli.terminal import DONE, STOPPED, Bar, complain, say
from nnsim.errors import counted
from nnsim.files.atomic import write_atomically
from nnsim.files.project import save
from nnsim.files.reading import shown_name
from nnsim.model.document import Document
from nnsim.model.edits import change_settings
from nnsim.model.run import Run
from nnsim.tracing.wording import on_paper

MOMENT = 0.1
"""How long, in seconds, training goes on before the progress bar is drawn anew."""
SHOWN_POINTS = 1024
"""Without a log only the progress bar needs the record: memory does not grow with the steps."""


def train(chosen: argparse.Namespace) -> int:
    """Train a project as was asked; write the log and the result where they were asked for."""
    document = change_settings(opened(chosen.file), **chosen_settings(chosen))
    document = with_rows(document, chosen.samples, chosen.validation)
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
            f"{counted(run.steps_taken, 'step')} and has not come down to "
            f"{on_paper(chosen.until_loss)}."
        )
        return STOPPED
    return DONE


def _trained(document: Document, chosen: argparse.Namespace) -> tuple[Run, bool]:
    """Train as was asked; return the run, and whether the wished loss (if any) was reached."""
    bar = Bar(_cap(document, chosen))
    run = Run.of(document, None if chosen.log else SHOWN_POINTS)
    try:
        if chosen.until_loss is None:
            return _train_steps(run, bar), True
        return _train_until(run, chosen.until_loss, bar)
    finally:
        bar.clear()


def _cap(document: Document, chosen: argparse.Namespace) -> int:
    """The most steps to take."""
    if chosen.steps is not None:
        return int(chosen.steps)
    if chosen.epochs is not None or chosen.until_loss is None:
        return int(chosen.epochs or 1) * _steps_to_the_end(document, 0) or 1
    return UNTIL_CAP


def _train_steps(run: Run, bar: Bar) -> Run:
    while (left := bar.steps - run.steps_taken) > 0 and not run.stopped:
        run = run.advance(left, MOMENT)
        bar.show(run)
    return run


def _train_until(run: Run, wanted: float, bar: Bar) -> tuple[Run, bool]:
    """Train epoch after epoch until the mean loss over all samples is at most the wanted one."""
    while not (reached := _mean_loss(run.document) <= wanted):
        left = bar.steps - run.steps_taken
        if left <= 0 or run.stopped:
            break
        document = run.document
        run = run.advance(min(left, _steps_to_the_end(document, document.position.place)))
        bar.show(run)
    return run, reached


def _steps_to_the_end(document: Document, place: int) -> int:
    """Return how many steps an epoch still has from a place in it."""
    count = len(document.samples)
    return -(-(count - place) // (document.settings.batch_size or max(1, count)))


def _mean_loss(document: Document) -> float:
    """Return the mean of E over all samples, without penalties; infinite without samples."""
    return document.metrics().loss if len(document.samples) else float("inf")


def _summary(before: Document, run: Run, output: str | None) -> str:
    losses = f"{on_paper(_mean_loss(before))} → {on_paper(_mean_loss(run.document))}"
    saved = (
        f"Saved to {shown_name(output)}." if output else "Nothing was saved; -o FILE would keep it."
    )
    return (
        f"{counted(run.steps_taken, 'step')}, now at step {run.document.position.step}; "
        f"mean loss over {counted(len(before.samples), 'sample')} {losses}."
        f"{_validation(run.document)} {saved}"
    )


def _validation(document: Document) -> str:
    """What the trained network makes of the validation samples; blank where there are none."""
    if not document.validation:
        return ""
    found = document.metrics(validation=True)
    return (
        f" On {counted(len(document.validation), 'validation sample')}: mean loss "
        f"{on_paper(found.loss)}, accuracy {on_paper(100 * found.accuracy)} %."
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
