"""Samples in a text file: a row of numbers for each, its inputs and then what is expected."""

from pathlib import Path

import numpy as np

from nnsim.data.pasted_rows import parse_rows
from nnsim.data.samples import Samples
from nnsim.engine.losses import Loss, check_expected
from nnsim.engine.network import Network
from nnsim.errors import BadFile
from nnsim.files.reading import naming, read_text


def read_samples(path: str | Path, network: Network, loss: Loss) -> Samples:
    """Return the samples in a file, with commas, semicolons, tabs or blanks between the numbers.

    A first row without any number is taken as headings. Raises BadFile with the name of the file,
    and with line and column where a row does not suit the network, a cell is no number, or the
    loss needs other expected outputs.
    """
    with naming(path):
        text = read_text(path)
        if not text.strip():
            raise BadFile("there is no row of numbers in it.")
        rows = np.array(parse_rows(text, network.input_count + network.output_count))
        samples = Samples(rows[:, : network.input_count], rows[:, network.input_count :])
        check_expected(loss, samples.expected)
        return samples
