"""All conventions there are, for tests of what is shown in them, and the chapter to show so."""

from itertools import product

from nnsim import Document, Network, ParameterRef, Samples
from nnsim.tracing.conventions import Conventions
from nnsim.tracing.shown_trace import LOSSES_SHOWN

SIGNS = ("output_minus_expected", "expected_minus_output")
ALL = [
    Conventions(*chosen)
    for chosen in product(SIGNS, (None, *LOSSES_SHOWN), (False, True), ("chapter", "field"))
]
CHAPTER = Document(
    Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]]), Samples([[0.1, 0.8]], [[0.4]])
)
REF = ParameterRef(1, 0, 1)
"""Its second weight."""
