"""Rows of numbers as files hold them, checked place by place; null where there is no number."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnsim.errors import BadFile

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

Row = list[float | None]


def checked_table(
    rows: Sequence[Sequence[float]], height: int | None, width: int, place: str
) -> Array:
    """Return rows of `width` numbers as an array; raise BadFile naming the row or the number."""
    table = _table(rows, height, width, place)
    _check_finite(table, np.ones(table.shape, dtype=np.bool_), place)
    return table


def table_with_gaps(rows: Sequence[Row], height: int, width: int, place: str) -> tuple[Array, Mask]:
    """Return rows in which null may stand as an array, 0 for null, and where numbers stand.

    Raises BadFile naming the row or the number that does not fit.
    """
    table = _table(rows, height, width, place)
    there = np.ones(table.shape, dtype=np.bool_)
    if np.isnan(table).any():  # numpy makes NaN of null; NaN itself is refused
        there[...] = [[value is not None for value in row] for row in rows]
    _check_finite(table, there, place)
    return np.where(there, table, 0.0), there


def row_with_gaps(row: Row, width: int, place: str) -> tuple[Array, Mask]:
    """Return one row likewise."""
    check_length(row, width, place, "number")
    numbers = np.array(row, dtype=np.float64)
    there = np.array([value is not None for value in row], dtype=np.bool_)
    _check_finite(numbers, there, place)
    return np.where(there, numbers, 0.0), there


def listed(numbers: Array, there: Mask | None) -> list[object]:
    """Return an array of one or two dimensions as lists, null where no number stands."""
    if there is None or there.all():
        return list(numbers.tolist())
    return list(np.where(there, numbers.astype(object), np.array(None)).tolist())


def check_length(given: Sequence[object], wanted: int, place: str, what: str) -> None:
    """Raise BadFile unless there are as many as wanted."""
    if len(given) != wanted:
        needed = f"{wanted} {what} is" if wanted == 1 else f"{wanted} {what}s are"
        raise BadFile(f"{place}: {needed} needed here, not {len(given)}.")


def _table(
    rows: Sequence[Sequence[float | None]], height: int | None, width: int, place: str
) -> Array:
    if height is not None:
        check_length(rows, height, place, "row")
    for number, row in enumerate(rows):
        check_length(row, width, f"{place}[{number}]", "number")
    return np.array(rows, dtype=np.float64).reshape(len(rows), width)


def _check_finite(numbers: Array, there: Mask, place: str) -> None:
    bad = np.argwhere(there & ~np.isfinite(numbers))
    if len(bad):
        where = "".join(f"[{index}]" for index in bad[0])
        raise BadFile(f"{place}{where}: this is not a finite number.")
