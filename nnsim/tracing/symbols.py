"""What quantities are called: in the chapter's words, and in the field's symbols."""

from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.references import Neuron
from nnsim.tracing.conventions import Conventions
from nnsim.tracing.loss_factor import has_plain_error
from nnsim.tracing.names import (
    expected_name,
    is_one_plain_neuron,
    neuron_name,
    parameter_name,
)
from nnsim.tracing.plain_symbols import plain_symbol
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.trace import Trace
from nnsim.tracing.wording import MINUS


def words(network: Network, quantity: Quantity) -> str:
    """Return the name of a quantity: sum of hidden1, delta of weight2, learning rate.

    Samples count from 1, as in the table of the window.
    """
    kind, ref, neuron = quantity.kind, quantity.ref, quantity.neuron
    if ref is not None:
        words_ = _of_parameter(network, kind, ref)
        return words_ if quantity.sample is None else f"{words_} for sample {quantity.sample + 1}"
    if neuron is not None:
        return _of_neuron(network, kind, neuron)
    return _WORDS[kind]


_WORDS = {
    Kind.loss: "E",
    Kind.learning_rate: "learning rate",
    Kind.gradient_length: "length of the gradient",
    Kind.momentum: "μ",
    Kind.beta1: "β₁",
    Kind.beta2: "β₂",
    Kind.rho: "ρ",
    Kind.epsilon: "ε",
    Kind.optimizer_step: "t",
    Kind.l1: "l1",
    Kind.l2: "l2",
    Kind.weight_decay: "decay",
    Kind.clip_value: "limit of each derivative",
    Kind.clip_norm: "limit of the length",
    Kind.weight_limit: "weight limit",
    Kind.full_rate: "full learning rate",
    Kind.schedule_factor: "factor",
    Kind.schedule_steps: "steps of the schedule",
    Kind.warm_up_steps: "steps of the warm-up",
    Kind.steps_taken: "steps taken",
}


def words_in(trace: Trace, quantity: Quantity) -> str:
    """Return the name of a quantity in a step: ∂E/∂output is the error where the loss makes it so,
    as in the chapter; of a hidden neuron it is the error that has come back to it. The conventions
    of the step may have the field's symbols instead."""
    conventions = trace.conventions
    if conventions.speaks_symbols:
        return _symbol_in(conventions, quantity)
    is_error = quantity.kind is Kind.output_gradient and has_plain_error(trace)
    if not is_error or quantity.neuron is None:
        turned = conventions.is_turned and quantity.kind is Kind.output_gradient
        return MINUS * turned + words(trace.network, quantity)
    if quantity.neuron[0] == len(trace.network.layers):
        return words(trace.network, Quantity(Kind.error, quantity.neuron))
    return f"error at {neuron_name(trace.network, *quantity.neuron)}"


def _symbol_in(conventions: Conventions, quantity: Quantity) -> str:
    """The field's symbol; derivatives of E say what the conventions have made of them."""
    is_delta = quantity.kind is Kind.delta
    is_turned = conventions.is_turned and (is_delta or quantity.kind is Kind.output_gradient)
    with_rate = conventions.delta_with_rate and is_delta
    return MINUS * is_turned + "η·" * with_rate + plain_symbol(quantity)


def _of_parameter(network: Network, kind: Kind, ref: ParameterRef) -> str:
    name = _formula_name(network, ref)
    if kind is Kind.parameter:
        return name
    if kind is Kind.product:
        return f"{_source_name(network, ref)} × {name}"
    if kind is Kind.new_value:
        return f"new {name}"
    return f"{_WORDS_OF_PARAMETER[kind]} {name}"


_WORDS_OF_PARAMETER = {
    Kind.carried: "error back through",
    Kind.delta: "delta of",
    Kind.delta_mean: "mean delta of",
    Kind.delta_sum: "sum of the deltas of",
    Kind.l1_term: "L1 penalty of",
    Kind.l2_term: "L2 penalty of",
    Kind.penalised: "gradient with penalties of",
    Kind.clipped: "limited gradient of",
    Kind.gradient: "gradient of",
    Kind.old_velocity: "old v of",
    Kind.velocity: "v of",
    Kind.old_mean: "old m of",
    Kind.mean: "m of",
    Kind.mean_corrected: "m̂ of",
    Kind.old_square: "old s of",
    Kind.square: "s of",
    Kind.square_corrected: "ŝ of",
    Kind.optimizer_change: "optimizer's change of",
    Kind.change: "change of",
}


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

    Layers count from 1 at the first after the inputs, neurons and samples from 1.
    """
    kind, ref, neuron = quantity.kind, quantity.ref, quantity.neuron
    if ref is not None:
        loss = "E" if quantity.sample is None else f"E_{{{quantity.sample + 1}}}"
        return _latex_of_parameter(kind, ref, loss)
    if neuron is None:
        return _LATEX[kind]
    layer, number = neuron[0], neuron[1] + 1
    return _LATEX_OF_NEURON[kind].format(place=rf"^{{({layer})}}_{{{number}}}", number=number)


_LATEX = {
    Kind.loss: "E",
    Kind.learning_rate: r"\eta",
    Kind.gradient_length: r"\left\|g\right\|",
    Kind.momentum: r"\mu",
    Kind.beta1: r"\beta_{1}",
    Kind.beta2: r"\beta_{2}",
    Kind.rho: r"\rho",
    Kind.epsilon: r"\varepsilon",
    Kind.optimizer_step: "t",
    Kind.l1: r"\lambda_{1}",
    Kind.l2: r"\lambda_{2}",
    Kind.weight_decay: r"\lambda",
    Kind.clip_value: r"g_{\max}",
    Kind.clip_norm: r"\left\|g\right\|_{\max}",
    Kind.weight_limit: r"w_{\max}",
    Kind.full_rate: r"\eta_{0}",
    Kind.schedule_factor: r"\gamma",
    Kind.schedule_steps: "S",
    Kind.warm_up_steps: "W",
    Kind.steps_taken: "k",
}

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


def _latex_of_parameter(kind: Kind, ref: ParameterRef, loss: str) -> str:
    return _LATEX_OF_PARAMETER[kind].format(
        own=_latex_parameter(ref),
        signal=rf"\delta^{{({ref.layer})}}_{{{ref.to + 1}}}",
        source=_latex_source(ref),
        loss=loss,
    )


_LATEX_OF_PARAMETER = {
    Kind.parameter: "{own}",
    Kind.product: r"{source}\,{own}",
    Kind.carried: r"{own}\,{signal}",
    Kind.delta: r"\frac{{\partial {loss}}}{{\partial {own}}}",
    Kind.delta_mean: r"\frac{{\partial \overline{{E}}}}{{\partial {own}}}",
    Kind.delta_sum: r"\frac{{\partial E_{{\Sigma}}}}{{\partial {own}}}",
    Kind.l1_term: r"p_{{1}}\!\left({own}\right)",
    Kind.l2_term: r"p_{{2}}\!\left({own}\right)",
    Kind.penalised: r"g_{{p}}\!\left({own}\right)",
    Kind.clipped: r"g_{{c}}\!\left({own}\right)",
    Kind.gradient: r"g\!\left({own}\right)",
    Kind.old_velocity: r"v_{{\text{{old}}}}\!\left({own}\right)",
    Kind.velocity: r"v\!\left({own}\right)",
    Kind.old_mean: r"m_{{\text{{old}}}}\!\left({own}\right)",
    Kind.mean: r"m\!\left({own}\right)",
    Kind.mean_corrected: r"\hat{{m}}\!\left({own}\right)",
    Kind.old_square: r"s_{{\text{{old}}}}\!\left({own}\right)",
    Kind.square: r"s\!\left({own}\right)",
    Kind.square_corrected: r"\hat{{s}}\!\left({own}\right)",
    Kind.optimizer_change: r"\Delta_{{o}} {own}",
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
