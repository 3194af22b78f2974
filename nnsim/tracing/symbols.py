"""What quantities are called: in the chapter's words, and in the field's symbols as LaTeX."""

from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.references import Neuron
from nnsim.tracing.names import (
    expected_name,
    is_one_plain_neuron,
    neuron_name,
    parameter_name,
)
from nnsim.tracing.quantity import Kind, Quantity


def words(network: Network, quantity: Quantity) -> str:
    """Return the name of a quantity: sum of hidden1, delta of weight2, learning rate."""
    kind, ref, neuron = quantity.kind, quantity.ref, quantity.neuron
    if ref is not None:
        return _of_parameter(network, kind, ref)
    if neuron is not None:
        return _of_neuron(network, kind, neuron)
    return "E" if kind is Kind.loss else "learning rate"


def _of_parameter(network: Network, kind: Kind, ref: ParameterRef) -> str:
    name = _formula_name(network, ref)
    if kind is Kind.parameter:
        return name
    if kind is Kind.product:
        return f"{_source_name(network, ref)} × {name}"
    if kind is Kind.new_value:
        return f"new {name}"
    what = {
        Kind.carried: "error back through",
        Kind.delta: "delta of",
        Kind.gradient: "gradient of",
        Kind.change: "change of",
    }[kind]
    return f"{what} {name}"


def _formula_name(network: Network, ref: ParameterRef) -> str:
    """The name of a weight or bias, such that it can stand between others in a formula."""
    name = parameter_name(network, ref)
    if is_one_plain_neuron(network) or ref in network.structure.labels.weights:
        return name
    if ref.source is None:
        return f"bias of {neuron_name(network, ref.layer, ref.to)}"
    return f"w({name})"


def _source_name(network: Network, ref: ParameterRef) -> str:
    return "1" if ref.source is None else neuron_name(network, ref.from_layer, ref.source)


def _of_neuron(network: Network, kind: Kind, neuron: Neuron) -> str:
    if kind is Kind.input:
        return neuron_name(network, *neuron)
    if kind is Kind.expected:
        return expected_name(network, neuron[1])
    alone = is_one_plain_neuron(network)
    if kind is Kind.output:
        return "output" if alone else neuron_name(network, *neuron)
    what = {
        Kind.sum: "sum",
        Kind.error: "error",
        Kind.output_gradient: "∂E/∂output",
        Kind.slope: "f'(sum)",
        Kind.signal: "error signal",
    }[kind]
    return what if alone else f"{what} of {neuron_name(network, *neuron)}"


def latex_symbol(network: Network, quantity: Quantity) -> str:
    r"""Return the field's symbol in LaTeX: z^{(1)}_{2}, \frac{\partial E}{\partial w^{(1)}_{21}}.

    Layers count from 1 at the first after the inputs, neurons from 1.
    """
    kind, ref, neuron = quantity.kind, quantity.ref, quantity.neuron
    if ref is not None:
        return _latex_of_parameter(kind, ref)
    if neuron is None:
        return "E" if kind is Kind.loss else r"\eta"
    layer, number = neuron[0], neuron[1] + 1
    return _LATEX_OF_NEURON[kind].format(place=rf"^{{({layer})}}_{{{number}}}", number=number)


_LATEX_OF_NEURON = {
    Kind.input: "x_{{{number}}}",
    Kind.expected: "t_{{{number}}}",
    Kind.error: "e_{{{number}}}",
    Kind.sum: "z{place}",
    Kind.output: "a{place}",
    Kind.slope: r"f'\!\left(z{place}\right)",
    Kind.output_gradient: r"\frac{{\partial E}}{{\partial a{place}}}",
    Kind.signal: r"\delta{place}",
}


def _latex_of_parameter(kind: Kind, ref: ParameterRef) -> str:
    own, signal = _latex_parameter(ref), rf"\delta^{{({ref.layer})}}_{{{ref.to + 1}}}"
    return _LATEX_OF_PARAMETER[kind].format(own=own, signal=signal, source=_latex_source(ref))


_LATEX_OF_PARAMETER = {
    Kind.parameter: "{own}",
    Kind.product: r"{source}\,{own}",
    Kind.carried: r"{own}\,{signal}",
    Kind.delta: r"\frac{{\partial E}}{{\partial {own}}}",
    Kind.gradient: r"g\!\left({own}\right)",
    Kind.change: r"\Delta {own}",
    Kind.new_value: "{{{own}}}'",
}


def _latex_parameter(ref: ParameterRef) -> str:
    to = ref.to + 1
    if ref.source is None:
        return f"b^{{({ref.layer})}}_{{{to}}}"
    if ref.from_layer == ref.layer - 1:
        return f"w^{{({ref.layer})}}_{{{to},{ref.source + 1}}}"
    # It skips layers: both are named.
    return rf"w^{{({ref.from_layer} \to {ref.layer})}}_{{{to},{ref.source + 1}}}"


def _latex_source(ref: ParameterRef) -> str:
    number = (ref.source or 0) + 1
    return f"x_{{{number}}}" if ref.from_layer == 0 else f"a^{{({ref.from_layer})}}_{{{number}}}"
