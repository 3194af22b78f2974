"""A Trace from beginning to end: as JSON for programs, and as the chapter writes it for people."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from nnsim.engine.activations import activation_named
from nnsim.engine.network import ParameterRef
from nnsim.errors import BadNumber
from nnsim.tracing.explanation import delta_line
from nnsim.tracing.loss_factor import (
    error_name,
    has_plain_error,
    output_factor_line,
    output_signal,
)
from nnsim.tracing.names import expected_name, is_one_plain_neuron, neuron_name
from nnsim.tracing.trace import Factors, Neuron, Trace
from nnsim.tracing.wording import in_product, on_paper

# ---------------------------------------------------------------- for programs


def trace_json(trace: Trace) -> dict[str, Any]:
    """Return every number of one step in full, as `nnsim trace --json` writes it.

    Layers count from 1 (0 is the inputs), neurons and the sample from 0. Numbers that follow from
    the expected outputs are None without them. Raises BadNumber naming the first number that is
    not finite: JSON has no word for it.
    """
    refs = trace.network.refs()
    neurons = [_neuron_record(neuron) for neuron in _neurons(trace)]
    errors = trace.errors
    report = {
        "sample": trace.sample,
        "inputs": trace.inputs.tolist(),
        "expected": None if trace.expected is None else trace.expected.tolist(),
        "outputs": trace.outputs.tolist(),
        "errors": None if errors is None else errors.tolist(),
        "loss": trace.loss,
        "neurons": neurons,
        "weights": [_weight_record(trace.factors(ref)) for ref in refs if not ref.is_bias],
        "biases": [_weight_record(trace.factors(ref)) for ref in refs if ref.is_bias],
    }
    _check_finite(report)
    return report


def _neurons(trace: Trace) -> Iterator[Neuron]:
    for layer, size in enumerate(trace.network.sizes[1:], start=1):
        for index in range(size):
            yield trace.neuron(layer, index)


def _neuron_record(neuron: Neuron) -> dict[str, Any]:
    names = ("layer", "index", "name", "sum", "output", "slope", "error", "signal")
    return {name: getattr(neuron, name) for name in names}


def _weight_record(row: Factors) -> dict[str, Any]:
    ref = row.ref
    return {
        "layer": ref.layer,
        "to": ref.to,
        "from_layer": None if ref.is_bias else ref.from_layer,
        "from": ref.source,
        "name": row.name,
        "value": row.value,
        "error": row.error,
        "slope": row.slope,
        "source": row.source,
        "delta": row.delta,
        "new": row.new_value,
    }


def _check_finite(report: dict[str, Any]) -> None:
    """Raise BadNumber naming the first number, in the order of computing, that is not finite."""
    everything = {"name": "this sample", "loss": report["loss"]}
    for record in (*report["neurons"], everything, *report["weights"], *report["biases"]):
        for what, value in record.items():
            if isinstance(value, float) and not math.isfinite(value):
                raise BadNumber(
                    f"The {what} of {record['name']} is not a finite number, "
                    "and JSON cannot hold it; a smaller learning rate may help."
                )


# ---------------------------------------------------------------- for people


def trace_text(trace: Trace) -> str:
    """Return every number of one step as the chapter writes it, in the order of computing.

    The given numbers; feedforward; error; backpropagation, last layer first; new weights. Numbers
    look as on paper. Without expected outputs it ends after the feedforward.
    """
    sections = [_given(trace), _section("Feedforward", _feedforward(trace))]
    if trace.expected is not None:
        sections += [
            _section("Error", _errors(trace)),
            _section("Backpropagation", _backpropagation(trace)),
            _section("New weights", _new_weights(trace)),
        ]
    return "\n\n".join(sections) + "\n"


def _section(title: str, lines: Iterable[str]) -> str:
    return "\n".join((title, *(f"  {line}" for line in lines)))


def _given(trace: Trace) -> str:
    network = trace.network
    names = [neuron_name(network, 0, index) for index in range(network.input_count)]
    lines = [_equals(name, value) for name, value in zip(names, trace.inputs, strict=True)]
    if trace.expected is not None:
        lines += [
            _equals(expected_name(network, index), value)
            for index, value in enumerate(trace.expected)
        ]
    lines += [_equals(trace.factors(ref).name, trace.factors(ref).value) for ref in network.refs()]
    lines.append(_equals("learning rate", trace.learning_rate))
    title = (
        "Inputs being tried" if trace.sample is None else f"Sample {trace.sample} (counted from 0)"
    )
    return _section(title, [*lines, *_functions(trace)])


def _functions(trace: Trace) -> list[str]:
    """The activation functions used, in the order of the layers."""
    names = dict.fromkeys(name for layer in trace.network.layers for name in layer.activations)
    alone = len(names) == 1
    return [
        activation_named(name).formula + ("" if alone else f" for {name} neurons") for name in names
    ]


def _feedforward(trace: Trace) -> Iterator[str]:
    for neuron in _neurons(trace):
        of = _of(trace, neuron)
        terms = [
            _product(row.source, row.value) if not row.ref.is_bias else in_product(row.value)
            for row in _rows(trace, neuron)
        ]
        yield f"sum{of} = {' + '.join(terms)} = {on_paper(neuron.sum)}"
        output = "output" if not of else neuron.name
        yield f"{output} = f({on_paper(neuron.sum)}) = {on_paper(neuron.output)}"


def _errors(trace: Trace) -> Iterator[str]:
    assert trace.expected is not None
    assert trace.errors is not None
    last = len(trace.network.layers)
    squares = []
    for index, expected in enumerate(trace.expected):
        neuron, error = trace.neuron(last, index), float(trace.errors[index])
        words = f"error{_of_output(trace, neuron)} = output − expected"
        numbers = f"{on_paper(neuron.output)} − {in_product(float(expected))}"
        yield f"{words} = {numbers} = {on_paper(error)}"
        squares.append(f"{in_product(error)}²")
    loss = trace.settings.loss_function
    if loss.name == "half_squared":
        total = squares[0] if len(squares) == 1 else f"({' + '.join(squares)})"
        yield f"E = ½ × {total} = {on_paper(trace.loss)}"
    else:
        yield f"{loss.formula} = {on_paper(trace.loss)}"


def _backpropagation(trace: Trace) -> Iterator[str]:
    for layer in range(len(trace.network.layers), 0, -1):
        for index in range(trace.network.sizes[layer]):
            yield from _back_to_neuron(trace, trace.neuron(layer, index))


def _back_to_neuron(trace: Trace, neuron: Neuron) -> Iterator[str]:
    of, last = _of(trace, neuron), len(trace.network.layers)
    if neuron.layer < last:
        yield _carried_back(trace, neuron)
    elif neuron.error is not None and not has_plain_error(trace):
        yield output_factor_line(trace, neuron.index, of)
    yield from _signal(trace, neuron, of)
    for row in _rows(trace, neuron):
        yield f"sum' for {row.name} = {_source(trace, row.ref)}{on_paper(row.source)}"
        yield delta_line(trace, row).replace("delta", f"delta of {row.name}", 1)


def _signal(trace: Trace, neuron: Neuron, of: str) -> Iterator[str]:
    """The slope and the error signal, or the signal alone where it is not their product."""
    if neuron.slope is not None:
        yield f"f'(sum{of}) = f'({on_paper(neuron.sum)}) = {on_paper(neuron.slope)}"
    if neuron.slope is None or neuron.error is None:
        formula = output_signal(trace, neuron.index)
        yield f"error signal{of} = ∂E/∂sum = {formula.equals(neuron.signal)}"
    elif len(trace.network.layers) > 1:
        factors = _product(neuron.error, neuron.slope)
        words = f"{error_name(trace)} × f'(sum)"
        yield f"error signal{of} = {words} = {factors} = {on_paper(neuron.signal)}"


def _carried_back(trace: Trace, neuron: Neuron) -> str:
    """Return: error of hidden1 = Σ old weight × error signal = 0.5 × 0.13 + … = 0.06."""
    paths = trace.back_paths(neuron.layer, neuron.index)
    terms = [_product(path.weight, path.signal) for path in paths] or ["0"]
    words = f"{error_name(trace)} of {neuron.name} = Σ old weight × error signal"
    return f"{words} = {' + '.join(terms)} = {on_paper(neuron.error)}"


def _new_weights(trace: Trace) -> Iterator[str]:
    for ref in trace.network.refs():
        row = trace.factors(ref)
        if trace.is_plain and row.is_trained:
            right = f"{on_paper(row.value)} − {_product(trace.learning_rate, row.delta)}"
        else:
            right = f"{on_paper(row.value)} + {in_product(row.update)}"
        yield f"new {row.name} = {right} = {on_paper(row.new_value)}"


def _rows(trace: Trace, neuron: Neuron) -> Iterator[Factors]:
    """The weights into a neuron, then its bias."""
    return (trace.factors(ref) for ref in trace.network.refs_into(neuron.layer, neuron.index))


def _source(trace: Trace, ref: ParameterRef) -> str:
    if ref.source is None:
        return ""
    return f"{neuron_name(trace.network, ref.from_layer, ref.source)} = "


def _of(trace: Trace, neuron: Neuron) -> str:
    """Blank where there is one neuron in all, as in the chapter."""
    return "" if is_one_plain_neuron(trace.network) else f" of {neuron.name}"


def _of_output(trace: Trace, neuron: Neuron) -> str:
    """Blank where there is one output."""
    return "" if trace.network.output_count == 1 else f" of {neuron.name}"


def _equals(name: str, value: float) -> str:
    return f"{name} = {on_paper(value)}"


def _product(left: float | None, right: float | None) -> str:
    return f"{in_product(left)} × {in_product(right)}"
