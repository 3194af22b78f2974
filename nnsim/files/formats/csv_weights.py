"""Weights as CSV: a row for each weight and bias, for spreadsheets and short programs."""

import csv
import io
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nnsim.data.typed_numbers import parse_number
from nnsim.engine.network import Network, ParameterRef
from nnsim.errors import BadFile, BadNumber
from nnsim.files.formats.weight_format import WeightFormat
from nnsim.tracing.names import parameter_name
from nnsim.tracing.wording import in_full

Array = NDArray[np.float64]

HEADER = ["layer", "to", "from", "name", "value"]
SEPARATORS = (",", ";", "\t")


def write(network: Network) -> str:
    """Return a header and a row for each weight and bias; a bias has no “from”."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(HEADER)
    for ref in network.refs():
        value = in_full(network.parameters[network.index_of(ref)])
        source = "" if ref.source is None else ref.source
        rows.writerow([ref.layer, ref.to, source, parameter_name(network, ref), value])
    return text.getvalue()


def read(text: str, network: Network) -> Array:
    """Return the values of the rows, which may come in any order, as a flat vector.

    A spreadsheet may have saved it again with semicolons or tabs and decimal commas. Raises
    BadFile naming the line of a row that is bad, double or not of this network, or what is missing.
    """
    numbers, seen = np.zeros(network.parameter_count), np.zeros(network.parameter_count, bool)
    separator = _separator(text)
    for line, cells in _rows(text, separator):
        ref = _ref(line, cells, network)
        place = network.index_of(ref)
        if seen[place]:
            raise BadFile(f"line {line}: {_called(network, ref)} occurs a second time.")
        seen[place] = True
        numbers[place] = _value(line, cells[4], separator)
    _check_complete(seen, network)
    return numbers


FORMAT = WeightFormat(".csv", write, read)


def _separator(text: str) -> str:
    """Return what parts the cells of the header."""
    header = text.lstrip("\r\n").partition("\n")[0].partition("\r")[0]
    for separator in SEPARATORS:
        if [cell.strip(' "').lower() for cell in header.split(separator)][:5] == HEADER:
            return separator
    raise BadFile(f"line 1: the header {','.join(HEADER)} is needed here.")


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and five cells of each row below the header; blank rows are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header_is_past = False
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            while len(cells) > len(HEADER) and not cells[-1]:
                cells.pop()
            if any(cells) and header_is_past:
                yield reader.line_num, _five(reader.line_num, cells)
            header_is_past = header_is_past or any(cells)
    except csv.Error as error:
        raise BadFile(f"line {reader.line_num}: this is not CSV ({error}).") from None


def _five(line: int, cells: list[str]) -> list[str]:
    if len(cells) != len(HEADER):
        raise BadFile(f"line {line}: {len(HEADER)} cells are needed here, not {len(cells)}.")
    return cells


def _ref(line: int, cells: list[str], network: Network) -> ParameterRef:
    layer, to = (_count(line, column, cells[column]) for column in (0, 1))
    source = _count(line, 2, cells[2]) if cells[2] else None
    ref = ParameterRef(layer, to, source)
    if not network.has(ref):
        what = "bias" if source is None else f"weight from {source}"
        raise BadFile(f"line {line}: this network has no {what} to {to} in layer {layer}.")
    return ref


def _count(line: int, column: int, cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 9):
        raise BadFile(
            f"line {line}, “{HEADER[column]}”: a whole number is needed here, not “{cell[:40]}”."
        )
    return int(cell)


def _value(line: int, cell: str, separator: str) -> float:
    try:
        if separator == "," and "," in cell:
            raise BadNumber  # a decimal comma, or one between thousands? nobody can know
        return parse_number(cell)
    except BadNumber:
        raise BadFile(f"line {line}, “value”: “{cell[:40]}” is not a finite number.") from None


def _check_complete(seen: NDArray[np.bool_], network: Network) -> None:
    if seen.all():
        return
    ref = next(ref for ref in network.refs() if not seen[network.index_of(ref)])
    missing = int((~seen).sum())
    more = f"; {missing:,} rows are missing" if missing > 1 else ""
    raise BadFile(f"there is no row for {_called(network, ref)}{more}.")


def _called(network: Network, ref: ParameterRef) -> str:
    source = "" if ref.source is None else f", from {ref.source}"
    return f"{parameter_name(network, ref)} (layer {ref.layer}, to {ref.to}{source})"
