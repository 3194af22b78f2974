"""The formats of weight files, found by the ending of the file's name.

To add one, write its module with a FORMAT and add it here: both commands, the window and the
round-trip test find it in the table.
"""

from pathlib import Path

from nnsim.errors import BadFile
from nnsim.files.atomic import write_atomically
from nnsim.files.formats import csv_weights, json_weights
from nnsim.files.formats.weight_format import WeightFormat
from nnsim.files.reading import naming, read_text
from nnsim.model.document import Document
from nnsim.model.edits import with_network

FORMATS: dict[str, WeightFormat] = {
    entry.ending: entry for entry in (csv_weights.FORMAT, json_weights.FORMAT)
}


def export_weights(document: Document, path: str | Path) -> None:
    """Write the present weights and biases to a file, in the format of its ending.

    Raises BadFile for an unknown ending, and when the file cannot be written.
    """
    text = format_of(path).write(document.network)
    write_atomically(path, text.encode("utf-8"))


def import_weights(path: str | Path, document: Document) -> Document:
    """Return the document with the weights and biases of a file; its activations stay.

    Raises BadFile, naming line or field, unless the file has one finite number for each weight
    and bias of the document's network and no others.
    """
    found = format_of(path)
    with naming(path):
        numbers = found.read(read_text(path), document.network)
    return with_network(document, document.network.with_parameters(numbers))


def format_of(path: str | Path) -> WeightFormat:
    """Return the format that a file's name ends in; raise BadFile with the known endings."""
    try:
        return FORMATS[Path(path).suffix.lower()]
    except KeyError:
        with naming(path):
            raise BadFile(
                f"a file of weights ends in {' or '.join(FORMATS)}, and this name does not."
            ) from None
