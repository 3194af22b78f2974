"""How wide the columns of the factor table are: no number and no heading is ever cut off."""

import math
from collections.abc import Sequence
from itertools import pairwise

from nnsim.engine.network import Network
from nnsim.tracing.names import neuron_name
from nnsim.tracing.wording import on_paper
from nnsim.views.parts.fitting import ARROW, SMALLEST, even_shares
from nnsim.views.parts.type import font, medium, metrics

LEAST_NAME, MOST_NAME = 111, 190
"""Room for hidden1 → output1 in its smallest size, and for longer names where there is more."""
PADDING, INDENT, BESIDE_HEADING = 4, 11, 7
LONGEST = -0.12345678901234567
"""A number with as many digits as are displayed."""
AT_RIGHT = 6
"""Pixels between the last column and the edge."""


def column_widths(network: Network | None, headings: Sequence[str], width: int) -> list[int]:
    """Return the widths of the columns with these headings, the names first, in a table's width.

    The numbers share evenly what the names leave, but none has less room than its heading and its
    digits take: where there are too many columns the table is wider than that.
    """
    least = _least_widths(headings[1:])
    spare = width - AT_RIGHT - LEAST_NAME - sum(least)
    wanted = LEAST_NAME if network is None else _longest_name(network)
    name = LEAST_NAME + max(0, min(spare, wanted - LEAST_NAME))
    shares = even_shares(least, width - AT_RIGHT - name)
    return [name + max(0, width - AT_RIGHT - name - sum(shares)), *shares]


def least_width(headings: Sequence[str]) -> int:
    """Return the width that all columns with these headings take at least."""
    return LEAST_NAME + sum(_least_widths(headings[1:]))


def _least_widths(headings: Sequence[str]) -> list[int]:
    number = metrics(font(SMALLEST)).horizontalAdvance(on_paper(LONGEST)) + PADDING
    head = (metrics(medium(12)).horizontalAdvance(said) + BESIDE_HEADING for said in headings)
    return [math.ceil(max(number, said)) for said in head]


def _longest_name(network: Network) -> int:
    """What the longest name of a weight takes, between neighbouring layers."""
    longest = [
        max((neuron_name(network, layer, i) for i in range(size)), key=len)
        for layer, size in enumerate(network.sizes)
    ]
    names = (ARROW.join(ends) for ends in pairwise(longest))
    widest = max(metrics(font(SMALLEST + 1)).horizontalAdvance(name) for name in names)
    return min(MOST_NAME, math.ceil(widest) + INDENT + PADDING)
