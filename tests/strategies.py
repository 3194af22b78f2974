"""Random networks, samples and documents for Hypothesis."""

import numpy as np
from hypothesis import strategies as st

from nnsim import Document, Network, Samples, Settings
from nnsim.engine.activations import ACTIVATIONS
from nnsim.engine.network import Layer

ALL = tuple(name for name in ACTIVATIONS if name != "softmax")
SMOOTH = tuple(name for name in ALL if not ACTIVATIONS[name].kinks(ACTIVATIONS[name].number))


def numbers(size=2.0):
    """Ordinary numbers from −size to size: no subnormal ones, of which differences are noise."""
    return st.floats(-size, size, allow_subnormal=False).map(lambda x: x if abs(x) > 1e-9 else 0.0)


def tables(rows, columns, size=2.0):
    row = st.lists(numbers(size), min_size=columns, max_size=columns)
    return st.lists(row, min_size=rows, max_size=rows).map(
        lambda table: np.array(table, dtype=np.float64).reshape(rows, columns)
    )


@st.composite
def networks(draw, names=ALL, size=2.0, outputs=None):
    """Dense networks of one to three layers, an activation per neuron, with or without biases."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    if outputs is not None:
        sizes[-1] = outputs
    layers = tuple(
        Layer(tuple(draw(st.sampled_from(names)) for _ in range(width)), draw(st.booleans()))
        for width in sizes[1:]
    )
    count = sum(
        layer.size * (before + layer.has_bias) for layer, before in zip(layers, sizes, strict=False)
    )
    flat = draw(st.lists(numbers(size), min_size=count, max_size=count))
    return Network(sizes[0], layers, np.array(flat))


@st.composite
def samples_for(draw, network, size=2.0, max_rows=4):
    rows = draw(st.integers(1, max_rows))
    return Samples(
        draw(tables(rows, network.input_count, size)), draw(tables(rows, network.output_count))
    )


@st.composite
def problems(draw, names=ALL, size=2.0):
    """A network with samples for it."""
    network = draw(networks(names, size))
    return network, draw(samples_for(network, size))


@st.composite
def documents(draw, names=ALL, rates=(0.1, 1.0, 30.0)):
    network, samples = draw(problems(names))
    settings = Settings(
        learning_rate=draw(st.sampled_from(rates)),
        shuffle=draw(st.booleans()),
        seed=draw(st.integers(0, 5)),
    )
    return Document(network, samples, settings)
