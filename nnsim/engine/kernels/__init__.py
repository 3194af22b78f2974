"""The door into the C kernels (kernel.h): training steps on flat arrays, without Python's lock.

It knows arrays and codes only; what they mean is said in nnsim/engine. Where no library could be
loaded (see library.py), `available()` is False and numpy trains instead.
"""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.kernels.checks import check_activations, check_layers, check_samples
from nnsim.engine.kernels.library import loaded
from nnsim.engine.kernels.structs import (
    ACTIVATION_CODES,
    WITH_FIRST,
    WITH_SECOND,
    NetworkStruct,
    RecordStruct,
    Rule,
    SamplesStruct,
    StateStruct,
    rule_struct,
)
from nnsim.errors import BadNetwork, BadSamples

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Room = tuple[Array, Array | None, Array | None]
End = Literal["done", "stopped", "not finite", "growing"]

__all__ = [
    "ACTIVATION_CODES",
    "Job",
    "Rule",
    "State",
    "StopFlag",
    "Taken",
    "available",
    "epoch_order",
]

_ENDS: tuple[End, ...] = ("done", "stopped", "not finite", "growing")
_NO_MEMORY = len(_ENDS)
_NEVER = ctypes.c_int32(0)


class Flagged(Protocol):
    """Something with a flag that any thread may set to 1 to ask training to stop."""

    flag: ctypes.c_int32


class Watching(Protocol):
    """The watch over growing losses (nnsim/engine/growth.py); all of it is changed in place."""

    last: Array
    first: Array
    steps: int


class StopFlag:
    """Asks training to stop."""

    def __init__(self) -> None:
        self.flag = ctypes.c_int32(0)

    def stop(self) -> None:
        """Ask to stop, from any thread."""
        self.flag.value = 1


@dataclass(eq=False)
class State:
    """What steps change: float64 arrays [parameters], which are only read, and where training is.

    Training puts arrays of its own in their place.
    """

    parameters: Array
    first: Array | None = None
    """Velocity or first moment; None where the optimizer has none."""
    second: Array | None = None
    """Second moment or sum of squares; None where the optimizer has none."""
    optimizer_steps: int = 0
    step: int = 0
    epoch: int = 0
    place: int = 0


@dataclass(frozen=True, eq=False)
class Taken:
    """What some steps left behind; the arrays have one number for each of the `done` steps."""

    done: int
    end: End
    losses: Array
    """The objective of each step's batch, before its update."""
    errors: Array
    """Output 1 − expected 1 of each batch's first sample."""
    rows: NDArray[np.int32]
    """The first sample of each batch."""
    path: str
    """The name of the path through the kernels that took the steps."""


def available() -> bool:
    """Whether the kernels can be used on this machine."""
    return loaded() is not None


@lru_cache(maxsize=1)
def _kernels() -> ctypes.CDLL:
    kernels = loaded()
    if kernels is None:
        raise RuntimeError("The C kernels are not there; ask available() first.")
    kernels.nnsim_train.restype = ctypes.c_int
    kernels.nnsim_losses.restype = ctypes.c_int64
    kernels.nnsim_epoch_order.restype = None
    return kernels


def epoch_order(count: int, shuffle: bool, seed: int, epoch: int) -> Rows:
    """Return the order in which that epoch visits the samples 0 … count − 1."""
    order = np.empty(count, dtype=np.int64)
    _kernels().nnsim_epoch_order(
        ctypes.c_int64(count),
        ctypes.c_int32(shuffle),
        ctypes.c_uint64(seed),
        ctypes.c_uint64(epoch),
        ctypes.c_void_p(order.ctypes.data),
    )
    return order


class Job:
    """One network, rule and set of samples to train on; built once, then trained in many calls.

    sizes, first, width, weights_at, biases_at: for each layer its neurons, where its slice of
    sources begins in the flat vector of activations and how wide it is, and the places of its
    matrix and of its biases (−1: none) in the parameters. activation_codes and
    activation_parameters: [neurons behind the inputs]. trained, present: [parameters], None when
    all are. inputs: [samples, inputs]; expected: [samples, outputs]. batch_size: 0 for all.
    One call at a time. Raises BadNetwork or BadSamples for shapes that do not fit.
    """

    def __init__(
        self,
        inputs_count: int,
        sizes: Sequence[int],
        first: Sequence[int],
        width: Sequence[int],
        weights_at: Sequence[int],
        biases_at: Sequence[int],
        activation_codes: NDArray[np.int32],
        activation_parameters: Array,
        trained: NDArray[np.bool_] | None,
        present: NDArray[np.bool_] | None,
        inputs: Array,
        expected: Array,
        rule: Rule,
        batch_size: int = 1,
        shuffle: bool = False,
        seed: int = 0,
    ) -> None:
        self._train, self._losses = _kernels().nnsim_train, _kernels().nnsim_losses
        self._alive: list[NDArray[np.generic]] = []
        numbers = [np.array(row, dtype=np.int64) for row in (sizes, first, width)]
        places = [np.array(row, dtype=np.int64) for row in (weights_at, biases_at)]
        self.parameter_count = check_layers(inputs_count, *numbers, *places)
        codes = np.array(activation_codes, dtype=np.int32)
        slopes = np.array(activation_parameters, dtype=np.float64)
        check_activations(codes, slopes, numbers[0])
        masks = [self._mask(mask) for mask in (trained, present)]
        self._network = NetworkStruct(
            inputs_count,
            len(sizes),
            *(self._kept(row.astype(np.int32)) for row in numbers),
            *(self._kept(row) for row in places),
            self._kept(codes),
            self._kept(slopes),
            self.parameter_count,
            *masks,
        )
        self._rule = rule_struct(rule)
        self._moments = (rule.optimizer in WITH_FIRST, rule.optimizer in WITH_SECOND)
        # Kept from call to call: giving so much memory back takes longer than stopping may.
        self._rooms: list[Room] = [(np.empty(0), None, None)] * 2
        self._room_structs = (StateStruct * 2)()
        for number in range(2):
            self._furnish(number)
        self.sample_count = check_samples(inputs, expected, inputs_count, int(numbers[0][-1]))
        self._samples = SamplesStruct(
            self.sample_count,
            self._kept(np.ascontiguousarray(inputs, dtype=np.float64)),
            self._kept(np.ascontiguousarray(expected, dtype=np.float64)),
            batch_size or max(self.sample_count, 1),
            shuffle,
            seed,
        )
        if shuffle:  # drawing it anew in each call would take longer than a short call may
            self._samples.order = self._kept(np.empty(self.sample_count, np.int64))
            self._samples.ordered = self._kept(np.full(1, -1, np.int64))

    def _kept(self, array: NDArray[np.generic]) -> int:
        """The array's address; it is kept alive as long as the job."""
        self._alive.append(array)
        return array.ctypes.data

    def _mask(self, mask: NDArray[np.bool_] | None) -> int | None:
        if mask is None:
            return None
        if mask.shape != (self.parameter_count,):
            raise BadNetwork(f"A mask needs {self.parameter_count} entries, one per parameter.")
        return self._kept(np.array(mask, dtype=np.uint8))

    def train(
        self,
        state: State,
        steps: int,
        *,
        seconds: float = 0.0,
        stop: Flagged | None = None,
        given: Sequence[Rows] | None = None,
        keep: bool = True,
        watch: Watching | None = None,
    ) -> Taken:
        """Take up to `steps` steps, and `state` to where they end; other threads run meanwhile.

        seconds: how long at most; 0 for no limit. given: the rows of each step, in the place of the
        epochs' order. keep: whether losses, errors and rows are kept. When it ends as “not finite”
        or “growing”, the next step would be so and is not taken. Raises BadSamples for rows that
        are not there, MemoryError when there is no room to work in.
        """
        steps = max(steps, 0)
        numbers = np.empty((2, steps if keep else 0))
        rows = np.empty(steps if keep else 0, dtype=np.int32)
        record = RecordStruct(_address(numbers[0]), _address(numbers[1]), _address(rows))
        if watch is not None:
            record.watch_last = self._checked(watch.last, self.sample_count)
            record.watch_first = self._checked(watch.first, self.sample_count)
            record.watch_steps = watch.steps
        samples, _alive = self._samples_of(given, steps)
        inside = self._state_struct(state)
        code = self._train(
            ctypes.byref(self._network),
            ctypes.byref(self._rule),
            ctypes.byref(samples),
            ctypes.byref(inside),
            self._room_structs,
            ctypes.byref(record),
            ctypes.c_int64(steps),
            ctypes.c_double(seconds),
            ctypes.byref(_NEVER if stop is None else stop.flag),
        )
        if code == _NO_MEMORY:
            raise MemoryError("There is not enough memory to train this network.")
        self._bring_back(inside, state)
        if watch is not None:
            watch.steps = record.watch_steps
        done: int = record.done
        if done < steps:  # copies, so that the longer arrays are not kept alive
            numbers, rows = numbers[:, :done].copy(), rows[:done].copy()
        return Taken(done, _ENDS[code], numbers[0], numbers[1], rows, record.path.decode())

    def losses(self, parameters: Array, stop: Flagged | None = None) -> Array | None:
        """Return the loss of each sample, without penalties; None when asked to stop meanwhile.

        Raises MemoryError when there is no room to work in.
        """
        losses = np.empty(self.sample_count)
        done: int = self._losses(
            ctypes.byref(self._network),
            ctypes.byref(self._rule),
            ctypes.byref(self._samples),
            ctypes.c_void_p(self._checked(parameters, self.parameter_count)),
            ctypes.c_void_p(losses.ctypes.data),
            ctypes.byref(_NEVER if stop is None else stop.flag),
        )
        if done < 0:
            raise MemoryError("There is not enough memory to run this network.")
        return losses if done == self.sample_count else None

    def _furnish(self, number: int) -> None:
        """Put new arrays into a room: for the parameters, and for the moments the optimizer has."""
        count = self.parameter_count
        first, second = (np.empty(count) if has else None for has in self._moments)
        room = self._rooms[number] = (np.empty(count), first, second)
        self._room_structs[number] = StateStruct(*map(_address, room))

    def _bring_back(self, inside: StateStruct, state: State) -> None:
        """Bring the state to where the steps ended; its arrays are the job's no more then."""
        state.optimizer_steps, state.step = inside.optimizer_steps, inside.step
        state.epoch, state.place = inside.epoch, inside.place
        for number, struct in enumerate(self._room_structs):
            if inside.parameters == struct.parameters:
                parameters, first, second = self._rooms[number]
                state.parameters = parameters
                state.first = state.first if first is None else first
                state.second = state.second if second is None else second
                self._furnish(number)

    def _state_struct(self, state: State) -> StateStruct:
        if not 0 <= state.place <= max(self.sample_count - 1, 0):
            raise BadSamples(f"There is no sample {state.place} for the next batch to begin at.")
        count = self.parameter_count
        has_first, has_second = self._moments
        return StateStruct(
            self._checked(state.parameters, count),
            self._checked(state.first, count) if has_first else None,
            self._checked(state.second, count) if has_second else None,
            state.optimizer_steps,
            state.step,
            state.epoch,
            state.place,
        )

    @staticmethod
    def _checked(array: Array | None, count: int) -> int | None:
        """The address of an array of `count` numbers."""
        fits = array is not None and array.shape == (count,) and array.dtype == np.float64
        if array is None or not fits or not array.flags.c_contiguous:
            raise ValueError(f"Training needs an array of {count} numbers, not {array!r}.")
        address: int = array.__array_interface__["data"][0]  # quicker than array.ctypes.data
        return address

    def _samples_of(
        self, given: Sequence[Rows] | None, steps: int
    ) -> tuple[SamplesStruct, tuple[Rows, Rows] | None]:
        """The samples, with the given batches if any, and what must stay alive meanwhile."""
        if given is None:
            return self._samples, None
        if len(given) < steps:
            raise BadSamples(f"{steps} steps need as many batches; {len(given)} are given.")
        ends = np.cumsum([len(batch) for batch in given[:steps]], dtype=np.int64)
        rows = np.concatenate([np.empty(0, np.int64), *given[:steps]]).astype(np.int64)
        if (np.diff(ends, prepend=0) < 1).any():
            raise BadSamples("A batch needs at least one sample.")
        if rows.size and not 0 <= rows.min() <= rows.max() < self.sample_count:
            raise BadSamples(f"Samples count from 0 to {self.sample_count - 1}.")
        samples = SamplesStruct.from_buffer_copy(self._samples)
        samples.given, samples.given_ends = rows.ctypes.data, ends.ctypes.data
        return samples, (rows, ends)


def _address(array: NDArray[np.generic] | None) -> int | None:
    """The address of a writable array's numbers; None of an empty one and of none."""
    if array is None or not array.size:
        return None
    # Several times as fast as array.ctypes.data.
    return ctypes.addressof(ctypes.c_char.from_buffer(array.data))
