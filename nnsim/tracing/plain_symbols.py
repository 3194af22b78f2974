"""The field's symbols for quantities in plain text: z⁽¹⁾₂, ∂E/∂w⁽¹⁾₂,₁."""

from nnsim.engine.network import ParameterRef
from nnsim.tracing.quantity import Kind, Quantity

RAISED = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def plain_symbol(quantity: Quantity) -> str:
    """Return the symbol of a quantity, as LaTeX writes it but on one line.

    Layers count from 1 at the first after the inputs, neurons from 1.
    """
    kind, ref, neuron = quantity.kind, quantity.ref, quantity.neuron
    if ref is not None:
        loss = "E" if quantity.sample is None else f"E{_lowered(quantity.sample + 1)}"
        return _of_parameter(kind, ref, loss)
    if neuron is None:
        return _OF_STEP[kind]
    number = _lowered(neuron[1] + 1)
    return _OF_NEURON[kind].format(place=f"{_raised(neuron[0])}{number}", number=number)


_OF_STEP = {
    Kind.loss: "E",
    Kind.learning_rate: "η",
    Kind.gradient_length: "‖g‖",
    Kind.momentum: "μ",
    Kind.beta1: "β₁",
    Kind.beta2: "β₂",
    Kind.rho: "ρ",
    Kind.epsilon: "ε",
    Kind.optimizer_step: "t",
    Kind.l1: "λ₁",
    Kind.l2: "λ₂",
    Kind.weight_decay: "λ",
    Kind.clip_value: "g max",
    Kind.clip_norm: "‖g‖ max",
    Kind.weight_limit: "w max",
    Kind.full_rate: "η₀",
    Kind.schedule_factor: "γ",
    Kind.schedule_steps: "S",
    Kind.warm_up_steps: "W",
    Kind.steps_taken: "k",
}

_OF_NEURON = {
    Kind.input: "x{number}",
    Kind.expected: "t{number}",
    Kind.error: "e{number}",
    Kind.sum: "z{place}",
    Kind.output: "a{place}",
    Kind.slope: "f'(z{place})",
    Kind.output_gradient: "∂E/∂a{place}",
    Kind.signal: "δ{place}",
}


def _of_parameter(kind: Kind, ref: ParameterRef, loss: str) -> str:
    own, signal = _parameter(ref), f"δ{_raised(ref.layer)}{_lowered(ref.to + 1)}"
    return _OF_PARAMETER[kind].format(own=own, signal=signal, source=_source(ref), loss=loss)


_OF_PARAMETER = {
    Kind.parameter: "{own}",
    Kind.product: "{source} {own}",
    Kind.carried: "{own} {signal}",
    Kind.delta: "∂{loss}/∂{own}",
    Kind.delta_mean: "∂Ē/∂{own}",
    Kind.delta_sum: "∂ΣE/∂{own}",
    Kind.l1_term: "p₁({own})",
    Kind.l2_term: "p₂({own})",
    Kind.penalised: "gp({own})",
    Kind.clipped: "gc({own})",
    Kind.gradient: "g({own})",
    Kind.old_velocity: "v old({own})",
    Kind.velocity: "v({own})",
    Kind.old_mean: "m old({own})",
    Kind.mean: "m({own})",
    Kind.mean_corrected: "m̂({own})",
    Kind.old_square: "s old({own})",
    Kind.square: "s({own})",
    Kind.square_corrected: "ŝ({own})",
    Kind.optimizer_change: "Δo {own}",
    Kind.change: "Δ{own}",
    Kind.new_value: "{own}′",
}


def _parameter(ref: ParameterRef) -> str:
    to = _lowered(ref.to + 1)
    if ref.source is None:
        return f"b{_raised(ref.layer)}{to}"
    skips = ref.from_layer != ref.layer - 1  # then both layers are named
    layers = _raised(f"{ref.from_layer}→{ref.layer}" if skips else ref.layer)
    return f"w{layers}{to},{_lowered(ref.source + 1)}"


def _source(ref: ParameterRef) -> str:
    number = _lowered((ref.source or 0) + 1)
    return f"x{number}" if ref.from_layer == 0 else f"a{_raised(ref.from_layer)}{number}"


def _raised(layer: int | str) -> str:
    return f"({layer})".translate(RAISED)


def _lowered(number: int) -> str:
    return str(number).translate(LOWERED)
