"""The factors of all weights and biases at once, as columns: for sorting and filtering a table.

Each column is in the order of `network.refs()`, computed as `Trace.factors` does for one of them;
NaN where there is no number. The column “error” has the error signal where that is no product of
one error and one slope (softmax, a cross-entropy at 0 or 1).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.gradcheck import GradientRow, check_gradients
from nnsim.engine.network import ParameterRef
from nnsim.tracing.arithmetic import NotOnPaper, chosen_arithmetic
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.shown_trace import delta_factor
from nnsim.tracing.trace import Neuron, Trace

Array = NDArray[np.float64]
COLUMNS = (
    "value",
    "error",
    "slope",
    "source",
    "delta",
    "gradient",
    "update",
    "new_value",
    "numeric",
    "difference",
    "share",
    "on_paper",
    "drift",
)
"""numeric and difference: of a central difference of the sample's loss, and how far delta is from
it. share: what part of the fall of E, as far as the deltas foretell it, each weight's step brings:
its gradient × its change over the sum of all of them. on_paper, drift: delta in the arithmetic that
is chosen (arithmetic.py), and how far that is from delta."""


def factor_column(trace: Trace, name: str) -> Array:
    """Return one column, [weights and biases]; NaN where there is no number.

    Raises KeyError for a name that is not in COLUMNS.
    """
    network = trace.network
    return _FLAT[name](trace)[network.structure.places]


def _nothing(trace: Trace) -> Array:
    return np.full(len(trace.network.parameters), np.nan)


def _deltas(trace: Trace) -> Array:
    return _nothing(trace) if trace.back is None else trace.back.gradient


def _of_step(name: str) -> Callable[[Trace], Array]:
    """A flat vector of the step; nothing without a step."""

    def column(trace: Trace) -> Array:
        found: Array = _nothing(trace) if trace.step is None else getattr(trace.step, name)
        return found

    return column


def _of_targets(trace: Trace, what: str) -> Array:
    """A number of the neuron that each weight and bias leads to."""
    network, structure = trace.network, trace.network.structure
    flat = np.full(len(network.parameters), np.nan)
    for number, slot in enumerate(structure.slots, start=1):
        neurons = [trace.neuron(number, i) for i in range(network.sizes[number])]
        numbers = [_error_or_signal(n) if what == "error" else n.slope for n in neurons]
        own = np.array([np.nan if n is None else n for n in numbers])
        flat[slot.weights : slot.biases] = np.repeat(own, slot.width)
        if slot.end > slot.biases:
            flat[slot.biases : slot.end] = own
    return flat


def _error_or_signal(neuron: Neuron) -> float | None:
    """What stands in the cell of the error: the error signal where it is not the product of one
    error and one slope."""
    return neuron.signal if neuron.error is None or neuron.slope is None else neuron.error


def _sources(trace: Trace) -> Array:
    """What each weight multiplies; 1 for a bias."""
    network, structure = trace.network, trace.network.structure
    every = np.concatenate([trace.shown_activations(i) for i in range(len(network.sizes))])
    flat = np.ones(len(network.parameters))
    for number, slot in enumerate(structure.slots, start=1):
        sources = every[slot.first : slot.first + slot.width]
        flat[slot.weights : slot.biases] = np.tile(sources, network.sizes[number])
    return flat


def _shares(trace: Trace) -> Array:
    if trace.step is None:
        return _nothing(trace)
    with np.errstate(all="ignore"):
        falls = trace.step.gradient * trace.step.update
        return np.asarray(falls / falls[trace.network.present].sum(), dtype=np.float64)


def checked_rows(trace: Trace, refs: Sequence[ParameterRef] | None = None) -> list[GradientRow]:
    """Return the deltas of some weights and biases (None: of all) against central differences of
    the sample's loss, which penalties are no part of."""
    assert trace.expected is not None
    settings = replace(trace.settings, l1=0.0, l2=0.0, batch_size=1)
    inputs, expected = trace.inputs[None], trace.expected[None]
    return list(check_gradients(trace.network, inputs, expected, settings, refs=refs).rows)


def numeric_of(trace: Trace, row: GradientRow) -> float | None:
    """Return the numerical gradient of a row in the conventions of a Trace; None where there is
    none."""
    return None if row.numeric is None else delta_factor(trace) * row.numeric


def difference_of(trace: Trace, row: GradientRow) -> float | None:
    """Return how far a delta is from its numerical gradient, in the conventions of a Trace."""
    return None if row.difference is None else abs(delta_factor(trace)) * row.difference


def _checked(found: Callable[[Trace, GradientRow], float | None]) -> Callable[[Trace], Array]:
    def column(trace: Trace) -> Array:
        flat = _nothing(trace)
        if trace.step is not None and trace.expected is not None:
            for row in checked_rows(trace):
                value = found(trace, row)
                flat[trace.network.index_of(row.ref)] = np.nan if value is None else value
        return flat

    return column


def on_paper_of(trace: Trace, ref: ParameterRef) -> tuple[str, float, float] | None:
    """Return a delta in the chosen arithmetic as text and number, and how far it is from the one
    that was computed in full; None where there is none."""
    delta = Quantity(Kind.delta, ref=ref)
    try:
        arithmetic = chosen_arithmetic(trace)
        if arithmetic is None:
            return None
        return arithmetic.text(delta), float(arithmetic.value(delta)), arithmetic.drift(delta)
    except NotOnPaper:
        return None


def _on_paper(place: int) -> Callable[[Trace], Array]:
    def column(trace: Trace) -> Array:
        flat = _nothing(trace)
        for ref in trace.network.refs():
            found = on_paper_of(trace, ref)
            if found is None:
                break
            flat[trace.network.index_of(ref)] = found[place]
        return flat

    return column


_FLAT: dict[str, Callable[[Trace], Array]] = {
    "value": lambda trace: trace.network.parameters,
    "error": lambda trace: _of_targets(trace, "error"),
    "slope": lambda trace: _of_targets(trace, "slope"),
    "source": _sources,
    "delta": _deltas,
    "gradient": _of_step("gradient"),
    "update": _of_step("update"),
    "new_value": _of_step("new_parameters"),
    "numeric": _checked(numeric_of),
    "difference": _checked(difference_of),
    "share": _shares,
    "on_paper": _on_paper(1),
    "drift": _on_paper(2),
}
"""Each in the order of `Network.parameters`."""
