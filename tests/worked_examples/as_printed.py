"""Numbers as a book prints them, for the tests of this folder."""

import numpy as np


def rounded(values, digits):
    """Each number with that many digits after the point, row by row."""
    return [f"{value:.{digits}f}" for value in np.ravel(values)]


def of_layer(trace, layer, what):
    """What each neuron of a layer (from 1) has: its sum, output, slope, error or signal."""
    size = trace.network.sizes[layer]
    return [getattr(trace.neuron(layer, index), what) for index in range(size)]
