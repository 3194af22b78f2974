"""Training: many steps in one call, by the C kernels or, where they are missing, by numpy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.growth import Watch
from nnsim.engine.network import Network
from nnsim.engine.optimizers import OPTIMIZERS, Moments
from nnsim.engine.order import batch_at, epoch_order
from nnsim.engine.settings import Settings
from nnsim.engine.step import Step, step_on
from nnsim.engine.stopping import Stopping

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
End = Literal["done", "stopped", "not finite", "growing"]


@dataclass(frozen=True, eq=False)
class Learned:
    """All that training changes: the numbers of a network, and where training stands."""

    network: Network
    moments: Moments
    step: int = 0
    """Steps done."""
    epoch: int = 0
    place: int = 0
    """Where in that epoch's order the next batch begins."""

    @classmethod
    def beginning(cls, network: Network, settings: Settings) -> "Learned":
        """Return the state before the first step."""
        return cls(network, OPTIMIZERS[settings.optimizer].begin(len(network.parameters)))


@dataclass(frozen=True, eq=False)
class Taken:
    """What some steps left behind."""

    learned: Learned
    losses: Array
    """The loss of each step's batch before its update, [steps]."""
    errors: Array
    """Output 1 − expected 1 of each batch's first sample, [steps]."""
    rows: Rows
    """The first sample of each batch, [steps]."""
    end: End
    """Why it came back; “not finite” and “growing”: the next step would be so, and is not taken."""


def take_steps(
    learned: Learned,
    inputs: Array,
    expected: Array,
    settings: Settings,
    steps: int,
    *,
    given: Sequence[Rows] | None = None,
    watch: Watch | None = None,
    stopping: Stopping | None = None,
) -> Taken:
    """Take up to `steps` training steps on samples (inputs [samples, inputs], expected likewise).

    given: the samples of each step, in the place of the epochs' order. watch: stops on growing
    losses, and is changed. stopping: asks to stop earlier. The bits that come out do not depend on
    how steps are cut into calls.
    """
    return _by_numpy(learned, inputs, expected, settings, steps, given, watch, stopping)


def coming_step(
    learned: Learned, inputs: Array, expected: Array, settings: Settings, rows: NDArray[np.intp]
) -> Step:
    """Return the step that training would take next on these samples, with every number of it.

    Its new parameters are to the bit those that `take_steps` comes to.
    """
    moments, number = learned.moments, learned.step
    return step_on(learned.network, inputs[rows], expected[rows], settings, moments, number)


def _by_numpy(
    learned: Learned,
    inputs: Array,
    expected: Array,
    settings: Settings,
    steps: int,
    given: Sequence[Rows] | None,
    watch: Watch | None,
    stopping: Stopping | None,
) -> Taken:
    losses: list[float] = []
    errors: list[float] = []
    firsts: list[int] = []
    end: End = "done"
    for number in range(steps):
        if stopping is not None and (stopping.asked or (losses and stopping.is_over())):
            end = "stopped"
            break
        rows = given[number] if given else next_rows(learned, len(inputs), settings)
        step = step_on(
            learned.network, inputs[rows], expected[rows], settings, learned.moments, learned.step
        )
        if not step.is_finite():
            end = "not finite"
            break
        first = int(rows[0])
        if watch is not None and watch.sees_reason(first, step.loss):
            end = "growing"
            break
        losses.append(step.loss)
        errors.append(_first_error(step.passed.outputs, expected[first]))
        firsts.append(first)
        learned = _after(learned, step.new_parameters, step.new_moments)
        if not given:
            learned = _moved_on(learned, len(rows), len(inputs))
    return Taken(learned, np.array(losses), np.array(errors), np.array(firsts, np.int64), end)


def next_rows(learned: Learned, count: int, settings: Settings) -> NDArray[np.intp]:
    """Return the samples of the next step, out of `count` samples."""
    order = epoch_order(count, settings.shuffle, settings.seed, learned.epoch)
    return batch_at(order, learned.place, settings.batch_size)


def _first_error(outputs: Array, expected: Array) -> float:
    return float(outputs.reshape(-1, len(expected))[0, 0] - expected[0])


def _after(learned: Learned, parameters: Array, moments: Moments) -> Learned:
    network = learned.network.with_parameters(parameters)
    return replace(learned, network=network, moments=moments, step=learned.step + 1)


def _moved_on(learned: Learned, batch: int, count: int) -> Learned:
    place = learned.place + batch
    if place >= count:
        return replace(learned, epoch=learned.epoch + 1, place=0)
    return replace(learned, place=place)
