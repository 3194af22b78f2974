"""One plain sentence for every number of a step, in the chapter's words with the field's beside."""

from nnsim.engine.named import plain_name
from nnsim.engine.network import ParameterRef
from nnsim.engine.references import Neuron
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.explanation import sentence
from nnsim.tracing.loss_factor import has_plain_error
from nnsim.tracing.names import expected_name, neuron_name, parameter_name
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.trace import Trace
from nnsim.tracing.wording import on_paper

FLAT = 1e-3
"""A slope of less is flat: hardly anything comes back through it."""


def meaning(derivation: Derivation, quantity: Quantity) -> str:
    """Say what a quantity is and what its number says; where it is not computed yet, only what it
    is."""
    trace, value = derivation.trace, derivation.value(quantity)
    if quantity.ref is not None:
        return _of_parameter(trace, quantity.kind, quantity.ref, value)
    if quantity.neuron is not None:
        return _of_neuron(derivation, quantity.kind, quantity.neuron, value)
    if quantity.kind is Kind.loss:
        return _loss(trace)
    return "How far a step goes: the learning rate η is the same for all weights of a step."


def _of_parameter(trace: Trace, kind: Kind, ref: ParameterRef, value: float | None) -> str:
    network = trace.network
    name = parameter_name(network, ref)
    to = neuron_name(network, ref.layer, ref.to)
    source = "1" if ref.source is None else neuron_name(network, ref.from_layer, ref.source)
    match kind:
        case Kind.parameter if ref.is_bias:
            return (
                f"The bias of {to} is added to its sum whatever the inputs are; training moves it."
            )
        case Kind.parameter:
            counts = f"how much {source} counts in the sum of {to}"
            return f"{_capital(name)} says {counts}; training moves it."
        case Kind.product:
            return f"What {source} brings to the sum of {to}: it counts as much as its weight says."
        case Kind.carried:
            return (
                f"What the error signal of {to} brings back to {source} over this connection: "
                "by the old weight, the one that the feedforward used."
            )
        case Kind.delta:
            return _delta(trace, ref, name, value)
        case Kind.gradient:
            return f"The gradient that the step uses for {name}: of all samples of its batch."
    return sentence(trace, ref)


def _delta(trace: Trace, ref: ParameterRef, name: str, value: float | None) -> str:
    what = f"How fast E grows when {name} grows: the delta of {name} (the gradient ∂E/∂w)."
    if value is None:
        return what
    row = trace.factors(ref)
    if value == 0 and row.update is not None:
        return f"{what} {sentence(trace, ref)}"
    way = "grow" if value > 0 else "fall"
    return f"{what} A little more {name} would make the error measure {way}."


def _of_neuron(derivation: Derivation, kind: Kind, neuron: Neuron, value: float | None) -> str:
    trace, (layer, index) = derivation.trace, neuron
    network = trace.network
    name = neuron_name(network, layer, index)
    match kind:
        case Kind.input:
            return f"{_capital(name)} is given by the sample."
        case Kind.expected:
            what = expected_name(network, index)
            return f"{_capital(what)} is what {name} should say for this sample (the target t)."
        case Kind.sum:
            return f"All that comes into {name}, added up: its sum (pre-activation z)."
        case Kind.output:
            return _output(trace, neuron, name)
        case Kind.error:
            return _error(name, value)
        case Kind.slope:
            return _slope(trace, neuron, name, value)
        case Kind.output_gradient:
            return _output_gradient(trace, neuron, name)
    return _signal(derivation, neuron, name)


def _output(trace: Trace, neuron: Neuron, name: str) -> str:
    activation = trace.network.layers[neuron[0] - 1].activations[neuron[1]]
    if activation == "linear":
        return f"Linear, f(x) = x: {name} passes its sum on as it is (activation a)."
    if activation == "softmax":
        return f"The share of {name} among all outputs of its layer: they add up to 1 (softmax)."
    return f"{_capital(activation)} makes the output of {name} from its sum (activation a)."


def _error(name: str, value: float | None) -> str:
    what = "Error = output − expected"
    if value is None:
        return f"{what}."
    if value == 0:
        return f"{what}: {name} says exactly what it should."
    way = "high" if value > 0 else "low"
    return f"{what}: {name} is {on_paper(abs(value))} too {way}."


def _slope(trace: Trace, neuron: Neuron, name: str, value: float | None) -> str:
    activation = trace.network.layers[neuron[0] - 1].activations[neuron[1]]
    what = f"How steep {activation} is at the sum of {name}: its slope f'(sum)."
    if value is None:
        return what
    if plain_name(activation) == "threshold":
        return f"{what} A threshold is flat everywhere: training cannot move what is before it."
    if value == 0:
        return f"{what} It is flat there: no error comes back through {name}."
    if abs(value) < FLAT:
        return f"{what} It is almost flat there: hardly any error comes back through {name}."
    if value == 1:
        return f"{what} The output moves exactly as the sum does."
    return f"{what} The output moves {on_paper(value)} times as far as the sum."


def _output_gradient(trace: Trace, neuron: Neuron, name: str) -> str:
    if neuron[0] == len(trace.network.layers):
        return f"How fast E grows when {name} grows, as its loss has it (∂E/∂output)."
    count = len(trace.network.refs_out_of(*neuron))
    paths = "its one connection" if count == 1 else f"all {count} connections out of it"
    what = "The error at" if has_plain_error(trace) else "∂E/∂output of"
    return f"{what} {name}: what comes back over {paths}, added up."


def _signal(derivation: Derivation, neuron: Neuron, name: str) -> str:
    what = f"The error as the sum of {name} feels it (error signal δ, ∂E/∂sum)"
    row = derivation.trace.neuron(*neuron)
    activation = row.activation
    if activation == "softmax":
        return f"{what}: all outputs of a softmax depend on every sum, so there is no single slope."
    return f"{what}: the error times the slope."


def _loss(trace: Trace) -> str:
    what = "One number for how wrong this sample is (the loss E)"
    return {
        "half_squared": f"{what}: half the square of the error, so that its slope is the error.",
        "squared": f"{what}: the square of the error.",
        "mean_squared": f"{what}: the mean of the squares of the errors.",
        "absolute": f"{what}: the size of the error.",
        "hinge": f"{what}: how far the output stays short of its side's margin of 1.",
    }.get(plain_name(trace.settings.loss), f"{what}: {trace.settings.loss.replace('_', ' ')}.")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
