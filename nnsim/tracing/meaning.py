"""One plain sentence for every number of a step, in the chapter's words with the field's beside."""

from dataclasses import replace

from nnsim.engine.named import plain_name
from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.references import Neuron
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.explanation import FLAT, flatness, is_flat, sentence, why_still
from nnsim.tracing.expression import sources
from nnsim.tracing.loss_factor import error_name, has_plain_error
from nnsim.tracing.names import expected_name, neuron_name, parameter_name, spoken_name
from nnsim.tracing.quantity import LOSS, Kind, Quantity
from nnsim.tracing.shown_trace import MADE_OF_DELTAS
from nnsim.tracing.trace import Trace
from nnsim.tracing.vocabulary import vocabulary
from nnsim.tracing.wording import MINUS, on_paper


def meaning(derivation: Derivation, quantity: Quantity) -> str:
    """Say what a quantity is and what its number says; where it is not computed yet, only what it
    is."""
    trace, value = derivation.trace, derivation.value(quantity)
    if quantity.sample is not None and quantity.ref is not None:
        name = parameter_name(trace.network, quantity.ref)
        return f"The delta of {name} for sample {quantity.sample + 1} of the same batch."
    if quantity.ref is not None:
        return _of_parameter(trace, quantity.kind, quantity.ref, value)
    if quantity.neuron is not None:
        return _of_neuron(derivation, quantity.kind, quantity.neuron, value)
    if quantity.kind is Kind.loss:
        return f"{_loss(trace)}{_why_by_sums(derivation)}."
    return _OF_STEP[quantity.kind]


_OF_STEP = {
    Kind.learning_rate: "How far a step goes: the learning rate η is the same for all weights of a "
    "step.",
    Kind.gradient_length: "How long the gradient is, all weights together: √Σg².",
    Kind.momentum: "How much of its velocity a weight keeps from step to step (momentum).",
    Kind.beta1: "How much of the mean of the gradients is kept from step to step.",
    Kind.beta2: "How much of the mean of their squares is kept from step to step.",
    Kind.rho: "How much of the mean of the squared gradients is kept from step to step.",
    Kind.epsilon: "A small number that keeps a division from dividing by 0.",
    Kind.optimizer_step: "Which step of the optimizer this is, counted from 1.",
    Kind.l1: "How strongly every weight is drawn to 0 (L1 penalty).",
    Kind.l2: "How strongly large weights are drawn to 0 (L2 penalty).",
    Kind.weight_decay: "What share of itself, times η, every weight loses in a step.",
    Kind.clip_value: "No number of the gradient may be larger than that.",
    Kind.clip_norm: "The gradient may not be longer than that.",
    Kind.weight_limit: "No weight may be larger than that.",
    Kind.full_rate: "The learning rate of the toolbar, before its schedule.",
    Kind.schedule_factor: "By how much the schedule lowers the learning rate.",
    Kind.schedule_steps: "In how many steps the schedule does so.",
    Kind.warm_up_steps: "In how many steps the learning rate begins.",
    Kind.steps_taken: "How many steps were taken before this one.",
}


def _of_parameter(trace: Trace, kind: Kind, ref: ParameterRef, value: float | None) -> str:
    network = trace.network
    name = parameter_name(network, ref)
    to = _called(network, (ref.layer, ref.to))
    source = "1" if ref.source is None else neuron_name(network, ref.from_layer, ref.source)
    match kind:
        case Kind.parameter if ref.is_bias:
            what = f"The bias of {to} is added to its sum whatever the inputs are"
            return f"{what}; {_what_training_does(trace, ref)}."
        case Kind.parameter:
            counts = f"how much {source} counts in the sum of {to}"
            return f"{_capital(name)} says {counts}; {_what_training_does(trace, ref)}."
        case Kind.product:
            return f"What {source} brings to the sum of {to}: it counts as much as its weight says."
        case Kind.carried:
            return (
                f"What {to} sends back to {source} over this connection: its error signal times "
                "the old weight, the one that the feedforward used."
            )
        case Kind.delta:
            return _delta(trace, ref, name, value)
    if kind is Kind.square and trace.settings.optimizer == "adagrad":
        return f"The sum of all squared gradients of {name} so far."
    if kind in _OF_UPDATE:
        turned = trace.conventions.is_turned and kind in MADE_OF_DELTAS
        sign = "; it has the sign of the deltas, which are −∂E/∂w here" if turned else ""
        return f"{_OF_UPDATE[kind].format(name)}{sign}."
    return sentence(trace, ref)


def _what_training_does(trace: Trace, ref: ParameterRef) -> str:
    if trace.network.is_frozen(trace.network.index_of(ref)):
        return "it is frozen, so training leaves it"
    if not trace.is_trained(ref):
        return "biases are not trained here"
    activation = trace.network.layers[ref.layer - 1].activations[ref.to]
    if plain_name(activation) == "threshold":
        return "the slope of a threshold is 0, so no error moves it"
    return "training moves it"


_OF_UPDATE = {
    Kind.delta_mean: "The deltas of {} for all samples of the batch, added up, over their number",
    Kind.delta_sum: "The deltas of {} for all samples of the batch, added up",
    Kind.l1_term: "What the L1 penalty adds to the gradient of {}: always towards 0",
    Kind.l2_term: "What the L2 penalty adds to the gradient of {}: the more the larger it is",
    Kind.penalised: "The gradient of {} with the penalties",
    Kind.clipped: "The gradient of {}, held within its limit",
    Kind.gradient: "The gradient that the step uses for {}",
    Kind.old_velocity: "The velocity that {} has from the steps before",
    Kind.velocity: "The velocity of {}: what is kept of the old one, and the gradient",
    Kind.old_mean: "The mean of the gradients of {} in the steps before",
    Kind.mean: "The mean of the gradients of {}, the latest counting most",
    Kind.mean_corrected: "That mean of {}, corrected for its start at 0",
    Kind.old_square: "What {} has from the squares of the gradients before",
    Kind.square: "The mean of the squared gradients of {}, the latest counting most",
    Kind.square_corrected: "Those squares of {}, corrected for their start at 0",
    Kind.optimizer_change: "What the optimizer alone would change {} by",
}


def _delta(trace: Trace, ref: ParameterRef, name: str, value: float | None) -> str:
    conventions = trace.conventions
    symbol = vocabulary(replace(conventions, names="field")).delta
    known = "the gradient ∂E/∂w" if symbol == "∂E/∂w" else symbol
    if value is None:
        does = "falls" if conventions.is_turned else "grows"
        often = ", times the learning rate" if conventions.delta_with_rate else ""
        return f"How fast E {does} as {name} grows{often}: its delta ({known})."
    row = trace.factors(ref)
    if value == 0:
        return f"The delta of {name} ({known}) is 0 because {why_still(trace, row)}."
    but = f"; so little because {flatness(trace, ref)}" if is_flat(row) else ""
    does = "grows" if (value > 0) != conventions.is_turned else "falls"
    if conventions.delta_with_rate:
        what = f"how fast, times the learning rate, is its delta ({known}){but}"
        return f"As {name} grows, E {does}: {what}."
    fast = "just as fast" if abs(value) == 1 else f"{on_paper(abs(value))} times as fast"
    return f"As {name} grows, E {does} {fast}: its delta ({known}){but}."


def _of_neuron(derivation: Derivation, kind: Kind, neuron: Neuron, value: float | None) -> str:
    trace, index = derivation.trace, neuron[1]
    network = trace.network
    name = _called(network, neuron)
    match kind:
        case Kind.input:
            given = "given by the sample" if trace.sample is not None else "what you try"
            return f"{_capital(name)} is {given}."
        case Kind.expected:
            what = expected_name(network, index)
            return f"{_capital(what)} is what {name} should say for this sample (the target t)."
        case Kind.sum:
            return f"All that comes into {name}, added up: its sum (pre-activation z)."
        case Kind.output:
            return _output(trace, neuron, name)
        case Kind.error:
            return _error(trace, name, value)
        case Kind.slope:
            return _slope(trace, neuron, name, value)
        case Kind.output_gradient:
            return _output_gradient(trace, neuron, name)
    return _signal(derivation, neuron, name)


def _called(network: Network, neuron: Neuron) -> str:
    """The name of a neuron; of one that is named by what it is, with its article."""
    name = neuron_name(network, *neuron)
    return f"the {name}" if name in ("neuron", "output") else name


def _output(trace: Trace, neuron: Neuron, name: str) -> str:
    activation = trace.network.layers[neuron[0] - 1].activations[neuron[1]]
    if activation == "linear":
        return f"Linear, f(x) = x: {name} passes its sum on as it is (activation a)."
    if activation == "softmax":
        return f"The share of {name} among all outputs of its layer: they add up to 1 (softmax)."
    made = name if name == "the output" else f"the output of {name}"
    return f"{_capital(spoken_name(activation))} makes {made} from its sum (activation a)."


def _error(trace: Trace, name: str, value: float | None) -> str:
    turned = trace.conventions.is_turned
    what = f"Error = {'expected − output' if turned else 'output − expected'}"
    if value is None:
        return f"{what}."
    if value == 0:
        return f"{what}: {name} says exactly what it should."
    way = "high" if (value > 0) != turned else "low"
    output = "the output" if name == "the neuron" else name
    return f"{what}: {output} is {on_paper(abs(value))} too {way}."


def _slope(trace: Trace, neuron: Neuron, name: str, value: float | None) -> str:
    activation = trace.network.layers[neuron[0] - 1].activations[neuron[1]]
    what = f"How steep f ({spoken_name(activation)}) is at the sum of {name}, its slope f'(sum)"
    return f"{what}." if value is None else f"{what}: {_steepness(trace, neuron, name, value)}."


def _steepness(trace: Trace, neuron: Neuron, name: str, value: float) -> str:
    activation = trace.network.layers[neuron[0] - 1].activations[neuron[1]]
    if plain_name(activation) == "threshold":
        return "a threshold is flat everywhere, so training cannot move what is before it"
    loss, is_output = trace.settings.loss_function, neuron[0] == len(trace.network.layers)
    if is_output and loss.signal is not None and abs(value) < FLAT:
        return f"{_why_flat(activation)}, and the {spoken_name(loss.name)} makes up for that"
    if abs(value) < FLAT:
        little = "no error" if value == 0 else "hardly any error"
        return f"{_why_flat(activation)}, so {little} comes back through {name}"
    if value == 1:
        return "the output moves exactly as the sum does"
    return f"the output moves {on_paper(value)} times as far as the sum"


def _why_flat(activation: str) -> str:
    if plain_name(activation) == "relu":
        return "it is off there (a dead ReLU for this sample)"
    return "it is saturated there, almost flat"


def _output_gradient(trace: Trace, neuron: Neuron, name: str) -> str:
    if neuron[0] == len(trace.network.layers):
        does = "falls" if trace.conventions.is_turned else "grows"
        name_in_books = vocabulary(replace(trace.conventions, names="chapter")).gradient
        return f"How fast E {does} when {name} grows, as its loss has it ({name_in_books})."
    count = len(trace.network.refs_out_of(*neuron))
    paths = {1: "its one connection", 2: "both connections out of it, added up"}.get(
        count, f"all {count} connections out of it, added up"
    )
    what = "The error at" if has_plain_error(trace) else f"{error_name(trace)} of"
    return f"{what} {name}: what comes back over {paths}."


def _signal(derivation: Derivation, neuron: Neuron, name: str) -> str:
    minus = MINUS if derivation.trace.conventions.is_turned else ""
    what = f"The error as the sum of {name} feels it (error signal δ, {minus}∂E/∂sum)"
    row = derivation.trace.neuron(*neuron)
    activation = row.activation
    if activation == "softmax":
        return f"{what}: all outputs of a softmax depend on every sum, so there is no single slope."
    error = "the error" if has_plain_error(derivation.trace) else error_name(derivation.trace)
    return f"{what}: {error} times the slope."


def _loss(trace: Trace) -> str:
    what = "One number for how wrong this sample is (the loss E)"
    minus = "minus " if trace.conventions.is_turned else ""
    is_one = trace.network.output_count == 1
    squares = "the square of the error" if is_one else "the sum of the squares of the errors"
    sizes = "the size of the error" if is_one else "the sizes of the errors, added up"
    return {
        "half_squared": f"{what}: half {squares}, so that its slope is {minus}the error",
        "squared": f"{what}: {squares}",
        "mean_squared": f"{what}: {squares if is_one else 'the mean of the squares of the errors'}",
        "huber": f"{what}: half the square of small errors, and in proportion to large ones",
        "absolute": f"{what}: {sizes}",
        "hinge": f"{what}: how far the output stays short of its side's margin of 1",
    }.get(plain_name(trace.settings.loss), f"{what}: the {spoken_name(trace.settings.loss)}")


def _why_by_sums(derivation: Derivation) -> str:
    """Why a cross-entropy is not written by the outputs, if so."""
    formula = derivation.formula(LOSS)
    if formula is None or all(source.kind is not Kind.sum for source in sources(formula)):
        return ""
    return (
        "; an output is so near to 0 or 1 that its logarithm has lost its digits, so the sums say "
        "it, and the number is the same"
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
