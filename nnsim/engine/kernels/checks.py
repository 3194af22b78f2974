"""What the arrays of a job must be, so that the kernels never read beside them."""

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.kernels.structs import ACTIVATION_CODES
from nnsim.errors import BadNetwork, BadSamples

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


def check_layers(
    inputs_count: int, sizes: Rows, first: Rows, width: Rows, weights_at: Rows, biases_at: Rows
) -> int:
    """Raise BadNetwork unless every layer reads neurons before it; return the parameter count."""
    if not len(sizes) or inputs_count < 1 or sizes.min() < 1:
        raise BadNetwork("A network needs at least one input and one neuron in each layer.")
    if not len(sizes) == len(first) == len(width) == len(weights_at) == len(biases_at):
        raise BadNetwork("Every layer needs a size, a slice of sources and its places.")
    before = inputs_count + np.concatenate(([0], np.cumsum(sizes[:-1])))
    if (first < 0).any() or (width < 1).any() or (first + width > before).any():
        raise BadNetwork("A layer can only read the neurons before it.")
    if (weights_at < 0).any() or (biases_at < -1).any():
        raise BadNetwork("Weights and biases cannot stand before the first parameter.")
    biases_end = np.where(biases_at < 0, 0, biases_at + sizes)
    return int(max((weights_at + sizes * width).max(), biases_end.max()))


def check_activations(codes: NDArray[np.int32], slopes: Array, sizes: Rows) -> None:
    """Raise BadNetwork unless every neuron behind the inputs has an activation of the table."""
    neurons, outputs = int(sizes.sum()), int(sizes[-1])
    if codes.shape != (neurons,) or slopes.shape != (neurons,):
        raise BadNetwork(f"{neurons} neurons need as many activations with their parameters.")
    if codes.min() < 0 or codes.max() >= len(ACTIVATION_CODES):
        raise BadNetwork("An activation's code is not in the table.")
    is_softmax = codes == ACTIVATION_CODES["softmax"]
    if is_softmax[:-outputs].any() or is_softmax.any() != is_softmax[-outputs:].all():
        raise BadNetwork("softmax is for the output layer, and for all its neurons together.")


def check_samples(inputs: Array, expected: Array, inputs_count: int, outputs: int) -> int:
    """Raise BadSamples when the tables do not fit the network; return how many there are."""
    count = len(inputs)
    if inputs.shape != (count, inputs_count) or expected.shape != (count, outputs):
        raise BadSamples(
            f"The samples need {inputs_count} inputs and {outputs} expected outputs each, "
            f"not tables of {inputs.shape} and {expected.shape}."
        )
    return count
