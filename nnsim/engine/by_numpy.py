"""Training steps one by one, as step.py computes them: the fallback where nothing was compiled."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.growth import Watch
from nnsim.engine.learned import End, Learned, Rows, Taken
from nnsim.engine.optimizers import Moments
from nnsim.engine.order import batch_at, epoch_order
from nnsim.engine.settings import Settings
from nnsim.engine.slices import batch_step
from nnsim.engine.step import Step
from nnsim.engine.stopping import Stopping

Array = NDArray[np.float64]


def take_steps_by_numpy(
    learned: Learned,
    inputs: Array,
    expected: Array,
    settings: Settings,
    steps: int,
    given: Sequence[Rows] | None,
    watch: Watch | None,
    stopping: Stopping | None,
) -> Taken:
    """Take steps as `training.take_steps` says."""
    losses: list[float] = []
    errors: list[float] = []
    firsts: list[int] = []
    end: End = "done"
    for number in range(steps):
        if stopping is not None and (stopping.asked or (losses and stopping.is_over())):
            end = "stopped"
            break
        rows = given[number] if given else next_rows(learned, len(inputs), settings)
        step = batch_step(learned, inputs, expected, rows, settings, stopping)
        end = _end_before(step, int(rows[0]), watch)
        if step is None or end != "done":
            break
        losses.append(step.loss)
        errors.append(_first_error(step, expected[rows[0]]))
        firsts.append(int(rows[0]))
        learned = _after(learned, step.new_parameters, step.new_moments)
        if not given:
            learned = _moved_on(learned, len(rows), len(inputs))
    return Taken(learned, np.array(losses), np.array(errors), np.array(firsts, np.int64), end)


def next_rows(learned: Learned, count: int, settings: Settings) -> NDArray[np.intp]:
    """Return the samples of the next step, out of `count` samples."""
    order = epoch_order(count, settings.shuffle, settings.seed, learned.epoch)
    return batch_at(order, learned.place, settings.batch_size)


def _end_before(step: Step | None, first: int, watch: Watch | None) -> End:
    """Why a step is not taken; “done” when it is. None: it was stopped on the way."""
    if step is None:
        return "stopped"
    if not step.is_finite():
        return "not finite"
    return "growing" if watch is not None and watch.sees_reason(first, step.loss) else "done"


def _first_error(step: Step, expected: Array) -> float:
    """Output 1 − expected 1 of the first sample."""
    return float(step.passed.outputs.reshape(-1, len(expected))[0, 0] - expected[0])


def _after(learned: Learned, parameters: Array, moments: Moments) -> Learned:
    network = learned.network.with_parameters(parameters)
    return replace(learned, network=network, moments=moments, step=learned.step + 1)


def _moved_on(learned: Learned, batch: int, count: int) -> Learned:
    place = learned.place + batch
    if place >= count:
        return replace(learned, epoch=learned.epoch + 1, place=0)
    return replace(learned, place=place)
