"""The samples: rows of inputs with the outputs expected for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnsim.errors import BadSamples

Array = NDArray[np.float64]

MAX_CELLS = 100_000_000


@dataclass(frozen=True, eq=False)
class Samples:
    """inputs [samples, inputs] and expected [samples, outputs], float64 and read-only.

    Raises BadSamples, naming the row, when rows differ in length or a number is not finite.
    """

    inputs: Array = field(repr=False)
    expected: Array = field(repr=False)

    def __init__(self, inputs: ArrayLike, expected: ArrayLike) -> None:
        object.__setattr__(self, "inputs", _table(inputs, "inputs"))
        object.__setattr__(self, "expected", _table(expected, "expected outputs"))
        if len(self.inputs) != len(self.expected):
            raise BadSamples(
                f"There are {len(self.inputs)} rows of inputs "
                f"but {len(self.expected)} rows of expected outputs."
            )

    @classmethod
    def none(cls, input_count: int, output_count: int) -> "Samples":
        """Return no samples, for a network with that many inputs and outputs."""
        return cls(np.empty((0, input_count)), np.empty((0, output_count)))

    @classmethod
    def of_classes(
        cls, inputs: ArrayLike, classes: Sequence[int], class_count: int | None = None
    ) -> "Samples":
        """Return samples that expect 1 for the class of the row and 0 for the other classes.

        classes: for each row a whole number from 0; class_count: how many there are, as many as
        are named when not given. Raises BadSamples, naming the row, for a class that is not one.
        """
        given = np.array(classes)
        if given.ndim != 1 or (given.size and given.dtype.kind not in "iu"):
            raise BadSamples("The classes must be whole numbers from 0, one for each sample.")
        count = class_count if class_count is not None else int(given.max(initial=0)) + 1
        wrong = np.flatnonzero((given < 0) | (given >= count))
        if len(wrong):
            raise BadSamples(
                f"Sample {wrong[0] + 1} has the class {given[wrong[0]]}; "
                f"with {count} classes they count from 0 to {count - 1}."
            )
        if given.size * count > MAX_CELLS:
            raise BadSamples(
                f"{count} classes for {given.size:,} samples are {given.size * count:,} cells; "
                f"the limit is {MAX_CELLS:,}."
            )
        expected = np.zeros((len(given), count))
        expected[np.arange(len(given)), given] = 1.0
        return cls(inputs, expected)

    def __len__(self) -> int:
        return len(self.inputs)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Samples):
            return NotImplemented
        return np.array_equal(self.inputs, other.inputs) and np.array_equal(
            self.expected, other.expected
        )

    def __hash__(self) -> int:
        return hash(((self.inputs + 0.0).tobytes(), (self.expected + 0.0).tobytes()))  # −0 is 0


def _table(rows: ArrayLike, what: str) -> Array:
    if not isinstance(rows, np.ndarray):
        rows = _checked_rows(rows, what)
    try:
        table = np.array(rows, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadSamples(f"The {what} must be rows of numbers.") from error
    if table.ndim != 2 or table.shape[1] < 1:
        raise BadSamples(f"The {what} must be rows of at least one number each.")
    if table.size > MAX_CELLS:
        raise BadSamples(f"The {what} have {table.size:,} cells; the limit is {MAX_CELLS:,}.")
    bad = np.argwhere(~np.isfinite(table))
    if len(bad):
        row, column = bad[0] + 1
        raise BadSamples(f"In sample {row}, number {column} of the {what} is not a finite number.")
    table.flags.writeable = False
    return table


def _checked_rows(rows: ArrayLike, what: str) -> ArrayLike:
    try:
        lengths = [len(row) for row in rows]  # type: ignore[arg-type, union-attr]
    except TypeError:
        raise BadSamples(f"The {what} must be rows of numbers, such as [[0.1, 0.8]].") from None
    for number, length in enumerate(lengths, start=1):
        if length != lengths[0]:
            raise BadSamples(f"Sample {number} has {length} {what}, but sample 1 has {lengths[0]}.")
    return rows
