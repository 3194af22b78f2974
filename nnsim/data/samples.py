"""The samples: rows of inputs with the outputs expected for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import index
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnsim.errors import BadSamples, counted, short

Array = NDArray[np.float64]

MAX_CELLS = 100_000_000
"""The most numbers in one table of samples, inputs and expected outputs together."""

_CURES = {
    "inputs": "such as [[0.1, 0.8]]",
    "expected outputs": "such as [[0.4]]; for class labels use Samples.of_classes, "
    "or a column of 0 and 1 for each class",
}


@dataclass(frozen=True, eq=False)
class Samples:
    """inputs [samples, inputs] and expected [samples, outputs], float64 and read-only.

    Raises BadSamples, naming the row, when rows differ in length or a number is not finite, masked
    or complex, and above MAX_CELLS numbers in both together.
    """

    inputs: Array = field(repr=False)
    expected: Array = field(repr=False)

    def __init__(self, inputs: ArrayLike, expected: ArrayLike) -> None:
        rows, wanted = _rows(inputs, "inputs"), _rows(expected, "expected outputs")
        _check_cells(_cells(rows) + _cells(wanted))  # before anything is copied
        object.__setattr__(self, "inputs", _table(rows, "inputs"))
        object.__setattr__(self, "expected", _table(wanted, "expected outputs"))
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
        try:
            given = np.array(classes)
        except ValueError:  # rows of several lengths
            given = np.empty((0, 0))
        if given.ndim != 1 or (given.size and given.dtype.kind not in "iu"):
            raise BadSamples("The classes must be whole numbers from 0, one for each sample.")
        named = int(given.max(initial=0)) + 1
        count = named if class_count is None else _checked_count(class_count)
        wrong = np.flatnonzero((given < 0) | (given >= count))
        if len(wrong):
            raise BadSamples(
                f"Sample {wrong[0] + 1} has the class {given[wrong[0]]}; "
                f"with {count} classes they count from 0 to {count - 1}."
            )
        _check_cells(given.size * count)
        expected = np.zeros((len(given), count))
        expected[np.arange(len(given)), given.astype(np.intp)] = 1.0
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


def _rows(rows: Any, what: str) -> Any:
    """The rows as they were given, of one length; what can be an array without a copy is one."""
    if hasattr(rows, "__array__"):
        table = rows if isinstance(rows, np.ndarray) else np.asarray(rows)
        if table.ndim != 2 or table.shape[1] < 1:
            raise _no_rows(what)
        return table
    try:
        rows = list(rows)
        lengths = [len(row) for row in rows]
    except TypeError:
        raise _no_rows(what) from None
    if not lengths or not lengths[0]:
        raise BadSamples(f"The {what} must be rows of at least one number each.")
    for number, length in enumerate(lengths, start=1):
        if length != lengths[0]:
            found = counted(length, what.removesuffix("s"))
            raise BadSamples(f"Sample {number} has {found}, but sample 1 has {lengths[0]}.")
    return rows


def _no_rows(what: str) -> BadSamples:
    return BadSamples(
        f"The {what} must be rows of numbers, one row for each sample, {_CURES[what]}."
    )


def _cells(rows: Any) -> int:
    return int(rows.size) if isinstance(rows, np.ndarray) else len(rows) * len(rows[0])


def _check_cells(count: int) -> None:
    if count > MAX_CELLS:
        raise BadSamples(
            f"These samples have {count:,} cells, inputs and expected outputs together; "
            f"the limit is {MAX_CELLS:,}."
        )


def _table(rows: Any, what: str) -> Array:
    """The rows as a read-only array of their own."""
    table = _numbers(rows, what)
    if table.ndim != 2:
        raise _no_rows(what)
    bad = np.argwhere(~np.isfinite(table))
    if np.ma.isMaskedArray(rows) and not len(bad):
        bad = np.argwhere(np.ma.getmaskarray(rows))
    if len(bad):
        row, column = bad[0] + 1
        raise BadSamples(f"In sample {row}, number {column} of the {what} is not a finite number.")
    table.flags.writeable = False
    return table


def _numbers(rows: Any, what: str) -> Array:
    try:
        found = np.asarray(rows)
        if found.dtype.kind in "biufO":  # numpy would read text, and drop an imaginary part
            with np.errstate(over="ignore"):  # what is too large becomes infinite, and is named
                return np.array(found, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        pass
    raise BadSamples(f"The {what} must be rows of numbers.")


def _checked_count(count: Any) -> int:
    """The number of classes as a whole number."""
    try:
        whole = -1 if isinstance(count, bool) else index(count)
    except TypeError:
        whole = -1
    if whole < 1:
        raise BadSamples(
            f"The number of classes must be a whole number above 0, not {short(count)}."
        )
    return whole
