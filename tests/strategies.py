"""Random networks, samples and documents for Hypothesis.

The first ones are of dense networks and the chapter's loss; those that begin with “any” draw from
all that the engine can train.
"""

import numpy as np
from hypothesis import strategies as st

from nnsim import Document, Network, Samples, Settings, train
from nnsim.engine.activations import ACTIVATIONS
from nnsim.engine.labels import MAX_NAME, Labels
from nnsim.engine.losses import LOSSES, loss_named
from nnsim.engine.network import Layer
from nnsim.engine.optimizers import OPTIMIZERS
from nnsim.engine.settings import REDUCTIONS, SCHEDULES
from nnsim.engine.texts import is_blank
from nnsim.model.drawing import MAX_NOTE, MAX_PLACE, Drawing

ALL = tuple(name for name in ACTIVATIONS if name != "softmax")
SMOOTH = tuple(name for name in ALL if not ACTIVATIONS[name].kinks(ACTIVATIONS[name].number))
WITH_NUMBERS = (
    *ALL,
    *("threshold(0.5)", "threshold(-1)", "leaky_relu(0.2)", "leaky_relu(1)", "elu(0.5)", "elu(2)"),
)
ALL_LOSSES = (*LOSSES, "huber(0.3)")


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


@st.composite
def any_arrays(draw, shape, size=2.0):
    """Numbers from −size to size: some of Hypothesis's own choice, the others drawn by a seed."""
    chosen = draw(st.lists(numbers(size), min_size=1, max_size=8))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    drawn = random.uniform(-size, size, shape)
    return np.where(random.random(shape) < 0.3, random.choice(chosen, shape), drawn)


@st.composite
def any_masks(draw, count, share):
    """A mask that is true for about that share of the places, or no mask."""
    if draw(st.booleans()):
        return None
    return np.random.default_rng(draw(st.integers(0, 2**32 - 1))).random(count) < share


def any_losses():
    return st.sampled_from(ALL_LOSSES)


@st.composite
def any_output_names(draw, loss, size, names):
    """Activations that suit the loss, for that many outputs."""
    needed = loss_named(loss).activation
    if needed is None and draw(st.integers(0, 5)) == 0:
        needed = "softmax"
    one_each = st.lists(st.sampled_from(names), min_size=size, max_size=size)
    return (needed,) * size if needed else tuple(draw(one_each))


@st.composite
def any_networks(draw, loss="half_squared", names=WITH_NUMBERS, size=2.0):
    """One to three layers that skip layers, lack connections and biases, are frozen in part."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    layers = []
    for number, width in enumerate(sizes[1:], start=1):
        if number == len(sizes) - 1:
            own = draw(any_output_names(loss, width, names))
        else:
            own = tuple(draw(st.sampled_from(names)) for _ in range(width))
        layers.append(Layer(own, draw(st.booleans()), draw(st.integers(1, number))))
    count = sum(
        layer.size * (sum(sizes[number - layer.reach : number]) + layer.has_bias)
        for number, layer in enumerate(layers, start=1)
    )
    present, frozen = draw(any_masks(count, 0.8)), draw(any_masks(count, 0.3))
    return Network(sizes[0], layers, draw(any_arrays(count, size)), present, frozen)


@st.composite
def any_samples(draw, network, loss="half_squared", size=2.0, max_rows=6):
    """Samples for a network whose expected outputs suit the loss."""
    rows = draw(st.integers(1, max_rows))
    inputs = draw(any_arrays((rows, network.input_count), size))
    expected = draw(any_arrays((rows, network.output_count), size))
    if loss == "hinge":
        expected = np.where(expected < 0, -1.0, 1.0)
    elif loss == "binary_cross_entropy":
        expected = np.clip(0.5 + expected / size, 0.0, 1.0)
    elif loss == "softmax_cross_entropy":
        shares = np.maximum(expected, 0.0)
        shares[:, 0] += shares.sum(axis=1) == 0
        expected = shares / shares.sum(axis=1, keepdims=True)
    return Samples(inputs, expected)


def any_settings(loss="half_squared", **fixed):
    """Settings of every kind with that loss; fixed: fields that are not drawn."""
    drawn = {
        "learning_rate": (0.01, 0.1, 1.0),
        "batch_reduction": REDUCTIONS,
        "batch_size": (0, 1, 1, 2, 5),
        "shuffle": (False, True),
        "seed": range(6),
        "optimizer": tuple(OPTIMIZERS),
        "momentum": (0.0, 0.5, 0.9),
        "beta1": (0.0, 0.9),
        "beta2": (0.9, 0.999),
        "rho": (0.5, 0.99),
        "epsilon": (1e-8, 1e-3),
        "l1": (0.0, 0.0, 0.01, 0.5),
        "l2": (0.0, 0.0, 0.1),
        "weight_decay": (0.0, 0.1),
        "clip_value": (0.0, 0.0, 0.05),
        "clip_norm": (0.0, 0.0, 0.1),
        "weight_limit": (0.0, 0.0, 0.5),
        "schedule": SCHEDULES,
        "schedule_steps": (1, 7, 100),
        "schedule_factor": (0.1, 0.9),
        "warm_up_steps": (0, 0, 5),
        "train_biases": (True, True, False),
    }
    free = {name: st.sampled_from(of) for name, of in drawn.items() if name not in fixed}
    return st.fixed_dictionaries(free).map(lambda own: Settings(loss=loss, **own, **fixed))


@st.composite
def any_problems(draw, names=WITH_NUMBERS, losses=ALL_LOSSES, size=2.0, **fixed):
    """Any network, samples for it and settings that suit both."""
    loss = draw(st.sampled_from(losses))
    network = draw(any_networks(loss, names, size))
    return network, draw(any_samples(network, loss, size)), draw(any_settings(loss, **fixed))


def neurons_of(network):
    return [(layer, i) for layer, size in enumerate(network.sizes) for i in range(size)]


def any_names():
    """Names as people give them, some that mean something elsewhere, and any others."""
    ordinary = ("income", "Größe", "年齢", "=1+1", "a,b;c", 'the “old” "one"', "-", "😀", "hidden1")
    letters = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])
    others = st.text(letters, max_size=MAX_NAME).map(str.strip)
    return st.sampled_from(ordinary) | others.filter(lambda name: not is_blank(name))


@st.composite
def some_of(draw, things, values, **unique):
    """A dictionary of a value for up to three of the things."""
    chosen = draw(st.lists(st.sampled_from(things), max_size=3, unique=True)) if things else []
    count = len(chosen)
    given = draw(st.lists(values, min_size=count, max_size=count, **unique))
    return dict(zip(chosen, given, strict=True))


@st.composite
def any_labels(draw, network):
    """Names for some neurons, weights and biases of a network."""
    neurons = draw(some_of(neurons_of(network), any_names(), unique=True))
    return Labels(neurons, draw(some_of(network.refs(), any_names(), unique=True)))


@st.composite
def any_drawings(draw, network):
    """Places for some neurons of a network and notes on some."""
    coordinate = st.floats(-MAX_PLACE, MAX_PLACE)
    letters = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], include_characters="\n")
    note = st.text(letters, max_size=MAX_NOTE).filter(lambda text: not is_blank(text))
    places = draw(some_of(neurons_of(network), st.tuples(coordinate, coordinate)))
    return Drawing(places, draw(some_of(neurons_of(network), note)))


@st.composite
def any_documents(draw, **fixed):
    """A document of anything that the engine can train, with names, notes and places.

    fixed: settings that are not drawn.
    """
    network, samples, settings = draw(any_problems(**fixed))
    network = network.with_labels(draw(any_labels(network)))
    return Document(network, samples, settings, drawing=draw(any_drawings(network)))


@st.composite
def any_traces(draw, **fixed):
    """A Trace of any document after some steps, of the next step's sample or of any other.

    fixed: settings that are not drawn.
    """
    document = draw(any_documents(**fixed))
    trained = train(document, steps=draw(st.integers(0, 4))).document
    return trained.trace(draw(st.none() | st.integers(0, len(document.samples) - 1)))
