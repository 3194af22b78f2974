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
SKIPPING = ["layer", "to", "from_layer", "from", "name", "value"]
"""With the layer that a weight comes from (0: the inputs), where connections skip layers."""
SEPARATORS = (",", ";", "\t")


def write(network: Network) -> str:
    """Return a header and a row for each weight and bias that there is; a bias has no “from”."""
    text, refs = io.StringIO(), network.refs()
    header = SKIPPING if any(ref.source_layer is not None for ref in refs) else HEADER
    rows = csv.DictWriter(text, header, extrasaction="ignore", lineterminator="\n")
    rows.writeheader()
    for ref in refs:
        rows.writerow(
            {
                "layer": ref.layer,
                "to": ref.to,
                "from_layer": "" if ref.is_bias else ref.from_layer,
                "from": "" if ref.is_bias else ref.source,
                "name": _no_formula(parameter_name(network, ref)),
                "value": in_full(network.parameters[network.index_of(ref)]),
            }
        )
    return text.getvalue()


def read(text: str, network: Network) -> Array:
    """Return the values of the rows, which may come in any order, as a flat vector.

    A spreadsheet may have saved it again with semicolons or tabs and decimal commas. Raises
    BadFile naming the line of a row that is bad, double or not of this network, or what is missing.
    """
    numbers, seen = np.zeros(len(network.parameters)), ~network.present
    header, separator = _header(text)
    for line, row in _rows(text, header, separator):
        ref = _ref(line, row, network)
        place = network.index_of(ref)
        if seen[place]:
            raise BadFile(f"line {line}: {_called(network, ref)} occurs a second time.")
        seen[place] = True
        numbers[place] = _value(line, row["value"], separator)
    _check_complete(seen, network)
    return numbers


FORMAT = WeightFormat(".csv", write, read)


def _no_formula(name: str) -> str:
    """The name so that a spreadsheet does not compute what begins like a formula."""
    return f"'{name}" if name[0] in "=+-@" else name


def _header(text: str) -> tuple[list[str], str]:
    """Return the columns of the first line, and what parts its cells."""
    line = text.lstrip("\r\n").partition("\n")[0].partition("\r")[0]
    for separator in SEPARATORS:
        cells = [cell.strip(' "').lower() for cell in line.split(separator)]
        for header in (HEADER, SKIPPING):
            if cells[: len(header)] == header:
                return header, separator
    raise BadFile(f"line 1: the header {','.join(HEADER)} is needed here.")


def _rows(text: str, header: list[str], separator: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and cells of each row below the header; blank rows are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header_is_past = False
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            while len(cells) > len(header) and not cells[-1]:
                cells.pop()
            if any(cells) and header_is_past:
                yield reader.line_num, _named(reader.line_num, header, cells)
            header_is_past = header_is_past or any(cells)
    except csv.Error as error:
        raise BadFile(f"line {reader.line_num}: this is not CSV ({error}).") from None


def _named(line: int, header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise BadFile(f"line {line}: {len(header)} cells are needed here, not {len(cells)}.")
    return dict(zip(header, cells, strict=True))


def _ref(line: int, row: dict[str, str], network: Network) -> ParameterRef:
    layer, to = _count(line, row, "layer"), _count(line, row, "to")
    source = _count(line, row, "from") if row["from"] else None
    skipped = _count(line, row, "from_layer") if row.get("from_layer") else None
    ref = ParameterRef(layer, to, source, skipped)
    if not network.has(ref):
        what = "bias" if source is None else f"weight from {source}"
        what += "" if skipped is None else f" of layer {skipped}"
        raise BadFile(f"line {line}: this network has no {what} to {to} in layer {layer}.")
    return ref


def _count(line: int, row: dict[str, str], column: str) -> int:
    cell = row[column]
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 9):
        raise BadFile(f"line {line}, “{column}”: a whole number is needed here, not “{cell[:40]}”.")
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
    source = "" if ref.is_bias else f", from {ref.source}"
    if ref.source_layer is not None:
        source += f" of layer {ref.source_layer}"
    return f"{parameter_name(network, ref)} (layer {ref.layer}, to {ref.to}{source})"
