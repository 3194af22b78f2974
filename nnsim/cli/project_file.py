"""The project that a command works on, and the rows of numbers that it may be given."""

import os
from dataclasses import replace
from pathlib import Path

from nnsim.errors import BadFile
from nnsim.files.project import open_project
from nnsim.files.reading import shown_name
from nnsim.files.sample_rows import read_samples
from nnsim.model.document import Document

ROWS = (".csv", ".tsv", ".txt")
"""How the names of files with rows of numbers end."""


def opened(path: str) -> Document:
    """Return the document in a project file; of rows of numbers say how they become one.

    Raises BadFile.
    """
    if Path(path).suffix.lower() in ROWS and os.path.isfile(path):
        name = shown_name(path)
        raise BadFile(
            f"{name}: this is no nnsim project; “nnsim new --layers 2-2-1 --samples {name} "
            "-o mine.nnsim” makes one of rows of numbers."
        )
    return open_project(path)


def with_rows(document: Document, samples: str | None, validation: str | None) -> Document:
    """Return a document with the samples, or the validation samples, of files with rows.

    Other samples begin an epoch anew. Raises BadFile naming file and line.
    """
    if samples is not None:
        found = read_samples(samples, document.network, document.settings.loss_function)
        position = replace(document.position, place=0)
        document = replace(document, samples=found, position=position)
    if validation is not None:
        found = read_samples(validation, document.network, document.settings.loss_function)
        document = replace(document, validation=found)
    return document
