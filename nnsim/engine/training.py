"""Training: many steps in one call, by the C kernels or, where they are missing, by numpy."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.by_kernels import can_take, losses_by_kernels, take_steps_by_kernels
from nnsim.engine.by_numpy import next_rows, take_steps_by_numpy
from nnsim.engine.growth import Watch
from nnsim.engine.learned import Learned, Rows, Taken
from nnsim.engine.settings import Settings
from nnsim.engine.slices import batch_step
from nnsim.engine.step import Step, sample_losses
from nnsim.engine.stopping import Stopping

Array = NDArray[np.float64]

MEASURED_AT_ONCE = 4_000_000
"""numpy measures in parts of so many multiplications, about a millisecond, to be stopped between
them."""


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
    how steps are cut into calls. The C kernels take the steps, with all options; numpy does where
    nothing was compiled, or for a table entry whose name the kernels do not know.
    """
    engine = take_steps_by_kernels if can_take(learned, settings) else take_steps_by_numpy
    return engine(learned, inputs, expected, settings, steps, given, watch, stopping)


def losses_now(
    learned: Learned, inputs: Array, expected: Array, settings: Settings, stopping: Stopping
) -> Array | None:
    """Return E of each sample, [samples], without penalties; None when asked to stop meanwhile.

    The C kernels compute it where they can, so that a window beside it never waits for Python.
    """
    if can_take(learned, settings):
        return losses_by_kernels(learned, inputs, expected, settings, stopping)
    loss, parts = settings.loss_function, []
    rows = max(1, MEASURED_AT_ONCE // len(learned.network.parameters))
    for start in range(0, len(inputs), rows):
        if stopping.asked:
            return None
        some = slice(start, start + rows)
        parts.append(sample_losses(learned.network, inputs[some], expected[some], loss))
    return np.concatenate(parts)


def coming_step(
    learned: Learned,
    inputs: Array,
    expected: Array,
    settings: Settings,
    given: NDArray[np.intp] | None = None,
) -> Step:
    """Return the step that training would take next, with every number of it.

    given: the samples it would take it on; those of the epoch's order when not given, and then its
    new parameters are to the bit those that `take_steps` comes to.
    """
    rows = next_rows(learned, len(inputs), settings) if given is None else given
    step = batch_step(learned, inputs, expected, rows, settings)
    assert step is not None  # nobody asked to stop
    batches = None if given is None else [given.astype(np.int64)]
    taken = take_steps(learned, inputs, expected, settings, 1, given=batches)
    if taken.end != "done":
        return step
    after = taken.learned
    return replace(step, new_parameters=after.network.parameters, new_moments=after.moments)
