"""Which number of a step was the first that is no longer finite."""

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.network import Network
from nnsim.engine.step import Step
from nnsim.tracing.names import neuron_name, parameter_name


def first_overflow(network: Network, step: Step) -> str:
    """Name the first number of a step, in the order of computing, that is not finite.

    Such as “the sum of hidden2” or “the new value of weight1”; “a number” if all are finite.
    """
    for at in range(len(network.layers)):
        for what, values in (
            ("sum", step.passed.pre_activations[at]),
            ("output", step.passed.activations[at + 1]),
        ):
            if (place := _first_bad(values)) is not None:
                return f"the {what} of {neuron_name(network, at + 1, place)}"
    if not np.isfinite(step.loss):
        return "the loss"
    for what, flat in (("delta", step.back.gradient), ("new value", step.new_parameters)):
        if (place := _first_bad(flat)) is not None:
            return f"the {what} of {parameter_name(network, network.ref_in(place))}"
    return "a number"


def _first_bad(values: NDArray[np.float64]) -> int | None:
    """Return its place in a row, the first row of many that has one; None when all are finite."""
    bad = np.argwhere(~np.isfinite(values))
    return int(bad[0][-1]) if len(bad) else None
