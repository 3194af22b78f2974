"""Training steps by the C kernels: a network and its settings laid out as flat arrays for them."""

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnsim.engine import kernels
from nnsim.engine.activations import activation_named
from nnsim.engine.growth import Watch
from nnsim.engine.kernels.structs import (
    ACTIVATION_CODES,
    LOSS_CODES,
    OPTIMIZER_CODES,
    SCHEDULE_CODES,
)
from nnsim.engine.learned import Learned, Rows, Taken
from nnsim.engine.named import plain_name
from nnsim.engine.optimizers import Moments
from nnsim.engine.settings import Settings
from nnsim.engine.stopping import Stopping
from nnsim.engine.structure import Structure

Array = NDArray[np.float64]


def can_take(learned: Learned, settings: Settings) -> bool:
    """Whether the kernels are there and know every activation, the loss and the optimizer."""
    names = {plain_name(name) for name in learned.network.structure.activations}
    return (
        kernels.available()
        and names <= ACTIVATION_CODES.keys()
        and plain_name(settings.loss) in LOSS_CODES
        and settings.optimizer in OPTIMIZER_CODES
        and settings.schedule in SCHEDULE_CODES
    )


def take_steps_by_kernels(
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
    job = _JOBS.job_for(learned.network.structure, inputs, expected, settings)
    state = _state(learned)
    seconds = None if stopping is None else stopping.seconds_left()
    done = job.train(
        state,
        steps,
        seconds=0.0 if seconds is None else max(seconds, 1e-9),
        stop=stopping,
        given=given,
        watch=watch,
    )
    return Taken(
        _learned(learned, state), done.losses, done.errors, done.rows.astype(np.int64), done.end
    )


def losses_by_kernels(
    learned: Learned, inputs: Array, expected: Array, settings: Settings, stopping: Stopping
) -> Array | None:
    """Return losses as `training.sample_losses` says."""
    job = _JOBS.job_for(learned.network.structure, inputs, expected, settings)
    return job.losses(learned.network.parameters, stopping)


def _state(learned: Learned) -> kernels.State:
    moments = learned.moments
    return kernels.State(
        learned.network.parameters,
        moments.first if len(moments.first) else None,
        moments.second if len(moments.second) else None,
        moments.steps,
        learned.step,
        learned.epoch,
        learned.place,
    )


def _learned(before: Learned, state: kernels.State) -> Learned:
    if state.step == before.step:
        return before
    moments = before.moments
    if state.first is not None or state.second is not None:
        moments = Moments(
            state.optimizer_steps,
            moments.first if state.first is None else state.first,
            moments.second if state.second is None else state.second,
        )
    network = before.network.keeping(state.parameters)
    return Learned(network, moments, state.step, state.epoch, state.place)


class _Jobs(threading.local):
    """The last job of each thread: many calls follow each other on the same network and samples."""

    key: tuple[Structure, Array, Array, Settings] | None = None
    job: kernels.Job

    def job_for(
        self, structure: Structure, inputs: Array, expected: Array, settings: Settings
    ) -> kernels.Job:
        """Return a job on these arrays, whose numbers must not have changed since."""
        key = self.key
        same = key is not None and all(
            old is new
            for old, new in zip(key, (structure, inputs, expected, settings), strict=True)
        )
        if not same:
            self.job = _job(structure, inputs, expected, settings)
            self.key = (structure, inputs, expected, settings)
        return self.job


_JOBS = _Jobs()


def _job(structure: Structure, inputs: Array, expected: Array, settings: Settings) -> kernels.Job:
    slots = structure.slots
    names = [name for layer in structure.layers for name in layer.activations]
    return kernels.Job(
        structure.input_count,
        structure.sizes[1:],
        [slot.first for slot in slots],
        [slot.width for slot in slots],
        [slot.weights for slot in slots],
        [slot.biases if slot.end > slot.biases else -1 for slot in slots],
        np.array([ACTIVATION_CODES[plain_name(name)] for name in names], np.int32),
        np.array([activation_named(name).number for name in names]),
        structure.trained(settings.train_biases),
        structure.present,
        inputs,
        expected,
        _rule(settings),
        min(settings.batch_size, len(inputs)),
        settings.shuffle,
        settings.seed,
    )


def _rule(settings: Settings) -> kernels.Rule:
    loss = settings.loss_function
    plain = plain_name(loss.name)
    return kernels.Rule(
        loss=plain,
        huber=loss.number if plain == "huber" else 1.0,
        mean=settings.batch_reduction == "mean",
        **{name: getattr(settings, name) for name in _SAME_NAMES},
    )


_SAME_NAMES = (
    "optimizer",
    "learning_rate",
    "momentum",
    "beta1",
    "beta2",
    "rho",
    "epsilon",
    "l1",
    "l2",
    "weight_decay",
    "clip_value",
    "clip_norm",
    "weight_limit",
    "schedule",
    "schedule_steps",
    "schedule_factor",
    "warm_up_steps",
)
