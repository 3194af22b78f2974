"""The edits: each a function from a Document to a new Document."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsim.data.samples import Samples
from nnsim.engine.activations import activation_named
from nnsim.engine.initializers import MAX_SEED, with_start_weights
from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.optimizers import OPTIMIZERS
from nnsim.engine.settings import Settings
from nnsim.errors import BadNetwork, BadSamples, BadSetting, counted, nearest
from nnsim.model.document import Document, Position
from nnsim.model.first_sample import first_sample

Array = NDArray[np.float64]


def set_parameter(document: Document, ref: ParameterRef, value: float) -> Document:
    """Set one weight or bias. Before the first step the start weight is set with it."""
    flat = document.network.parameters.copy()
    flat[document.network.index_of(ref)] = value
    return with_network(document, document.network.with_parameters(flat))


def with_network(document: Document, network: Network) -> Document:
    """Put other numbers, or other activations, in the place of the network's.

    Before the first step they are also what Restart goes back to: nobody expects a weight typed
    there to be lost by it. Later the start weights stay, and only the structure follows.
    """
    if document.position.step == 0:
        return replace(document, network=network, start=network)
    return replace(
        document, network=network, start=network.with_parameters(document.start.parameters)
    )


def set_activation(document: Document, layer: int, index: int | None, name: str) -> Document:
    """Set the activation of one neuron of a layer, or with index None of the whole layer."""
    activation_named(name)
    network = document.network
    if not 1 <= layer <= len(network.layers):
        raise BadNetwork(f"There is no layer {layer}.")
    old = network.layers[layer - 1]
    if index is not None and not 0 <= index < old.size:
        raise BadNetwork(f"There is no neuron {index + 1} in layer {layer}.")
    new = tuple(
        name if index is None or i == index else old.activations[i] for i in range(old.size)
    )
    return with_network(document, network.with_activations(layer, new))


def change_settings(document: Document, **changes: Any) -> Document:
    """Change settings by their names; the optimizer begins anew when it is another one."""
    known = {field.name for field in fields(Settings)}
    if unknown := sorted(set(changes) - known):
        meant = nearest(unknown[0], sorted(known))
        hint = f"; the nearest is “{meant}”" if meant else ""
        raise BadSetting(f"There is no setting called “{unknown[0]}”{hint}.")
    return replace(document, settings=replace(document.settings, **changes))


def set_learning_rate(document: Document, value: float) -> Document:
    """Set the learning rate."""
    return replace(document, settings=replace(document.settings, learning_rate=value))


def set_shuffle(document: Document, shuffle: bool) -> Document:
    """Visit the samples in a new order in each epoch, or in the table's order."""
    return replace(document, settings=replace(document.settings, shuffle=shuffle))


def set_input(document: Document, sample: int, index: int, value: float) -> Document:
    """Set one input of one sample."""
    table = _changed(document.samples.inputs, sample, index, value)
    return replace(document, samples=Samples(table, document.samples.expected))


def set_expected(document: Document, sample: int, index: int, value: float) -> Document:
    """Set one expected output of one sample."""
    table = _changed(document.samples.expected, sample, index, value)
    return replace(document, samples=Samples(document.samples.inputs, table))


def add_samples(document: Document, rows: Sequence[Sequence[float]]) -> Document:
    """Add rows at the end of the table: inputs, then expected outputs."""
    split = document.network.input_count
    try:
        added = np.array(rows, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        added = np.empty(0)
    if added.ndim != 2 or added.shape[1] != split + document.network.output_count:
        raise BadSamples(
            f"A sample needs {counted(split, 'input')} and "
            f"{counted(document.network.output_count, 'expected output')}."
        )
    old = document.samples
    samples = Samples(
        np.vstack((old.inputs, added[:, :split])), np.vstack((old.expected, added[:, split:]))
    )
    sample = document.sample
    longer = replace(document, samples=samples)
    return longer if sample is None else choose_sample(longer, sample)


def remove_sample(document: Document, sample: int) -> Document:
    """Remove one sample. If it was the next one, the one that moves into its place is."""
    _check_sample(document, sample)
    old, following = document.samples, document.sample
    assert following is not None
    samples = Samples(np.delete(old.inputs, sample, 0), np.delete(old.expected, sample, 0))
    position = replace(document.position, place=0)
    shorter = replace(document, samples=samples, position=position)
    if not len(samples):
        return shorter
    following -= following > sample
    return choose_sample(shorter, min(following, len(samples) - 1))


def choose_sample(document: Document, sample: int) -> Document:
    """Make a sample the one of the next step; from it the epoch's order goes on."""
    _check_sample(document, sample)
    place = int(np.flatnonzero(document.order == sample)[0])
    return replace(document, position=replace(document.position, place=place))


def restart(document: Document) -> Document:
    """Go back to step 0 with the same start weights."""
    return _begun(document, document.start)


def new_random_weights(document: Document) -> Document:
    """Draw other start weights, from the next seed, and go back to step 0 with them."""
    seed = (document.settings.seed + 1) % MAX_SEED
    settings = replace(document.settings, seed=seed)
    drawn = settings if settings.start_range else replace(settings, start_range=1.0)
    network = with_start_weights(document.network, drawn)
    return _begun(replace(document, start=network, settings=settings), network)


def _begun(document: Document, network: Network) -> Document:
    """At step 0 with these weights and an optimizer that remembers nothing."""
    optimizer = OPTIMIZERS[document.settings.optimizer]
    moments = optimizer.begin(len(network.parameters))
    return replace(document, network=network, position=Position(), moments=moments)


def _check_sample(document: Document, sample: int) -> None:
    if not 0 <= sample < len(document.samples):
        raise BadSamples(f"There is no sample {sample + 1}.")


def _changed(table: Array, row: int, column: int, value: float) -> Array:
    if not (0 <= row < table.shape[0] and 0 <= column < table.shape[1]):
        raise BadSamples(f"There is no number {column + 1} in sample {row + 1}.")
    changed = table.copy()
    changed[row, column] = value
    return changed


def new_document(network: Network, settings: Settings) -> Document:
    """Return a new document for a network, with one sample to start from that suits the loss."""
    return Document(network, first_sample(network, settings.loss_function), settings)
