"""What a format for the weights of a network is: a file ending, a writer and a reader."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.network import Network


@dataclass(frozen=True)
class WeightFormat:
    """A way to write the weights and biases of a network to a file and to have them back."""

    ending: str
    """The end of the file's name, with its dot."""
    write: Callable[[Network], str]
    """Return the text for a network's weights and biases, exact to the bit."""
    read: Callable[[str, Network], NDArray[np.float64]]
    """Return the numbers in a text as a vector like the `parameters` of the network it is for;
    raise BadFile naming line or field where they do not fit it."""
