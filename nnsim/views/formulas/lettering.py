"""What stands for a quantity in a formula: the field's symbol, the chapter's words, or its number.

A quantity keeps its colour and underline in all three, those it has in the diagram and the table.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping

from nnsim.engine.network import Network, ParameterRef
from nnsim.tracing.arithmetic import Arithmetic
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.summation import Counting, Summation
from nnsim.tracing.symbols import words_in
from nnsim.tracing.wording import MINUS, on_paper
from nnsim.tracing.worked.writing import POWER, PRODUCT, SUM, WHOLE
from nnsim.views.formulas.boxes import Box, Fraction, Standing, Words, row, scripted
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, metrics, semibold

ERRORS = (Kind.error, Kind.output_gradient, Kind.signal, Kind.carried, Kind.loss)
WEIGHTS = (Kind.parameter, Kind.new_value)
COUNTER = "i"
"""The letter of what counts in a sum."""
BLANK = "…"
"""Stands for a number that is not computed yet."""

OF_STEP = {
    Kind.loss: ("E", ""),
    Kind.learning_rate: ("η", ""),
    Kind.gradient_length: ("|g|", ""),
    Kind.momentum: ("μ", ""),
    Kind.beta1: ("β", "1"),
    Kind.beta2: ("β", "2"),
    Kind.rho: ("ρ", ""),
    Kind.epsilon: ("ε", ""),
    Kind.optimizer_step: ("t", ""),
    Kind.l1: ("λ", "1"),
    Kind.l2: ("λ", "2"),
    Kind.weight_decay: ("λ", ""),
    Kind.clip_value: ("g", "max"),
    Kind.clip_norm: ("|g|", "max"),
    Kind.weight_limit: ("w", "max"),
    Kind.full_rate: ("η", "0"),
    Kind.schedule_factor: ("γ", ""),
    Kind.schedule_steps: ("S", ""),
    Kind.warm_up_steps: ("W", ""),
    Kind.steps_taken: ("k", ""),
}
"""Letters of what a step has once, each with what stands below it."""
OF_UPDATE = {
    Kind.delta_mean: ("g", "mean"),
    Kind.delta_sum: ("g", "sum"),
    Kind.l1_term: ("p", "1"),
    Kind.l2_term: ("p", "2"),
    Kind.penalised: ("g", "p"),
    Kind.clipped: ("g", "c"),
    Kind.gradient: ("g", ""),
    Kind.old_velocity: ("v", "old"),
    Kind.velocity: ("v", ""),
    Kind.old_mean: ("m", "old"),
    Kind.mean: ("m", ""),
    Kind.mean_corrected: ("m̂", ""),
    Kind.old_square: ("s", "old"),
    Kind.square: ("s", ""),
    Kind.square_corrected: ("ŝ", ""),
    Kind.optimizer_change: ("Δ", "o"),
}
"""Letters of what a weight has between its delta and its change."""

Roles = Mapping[Quantity, str]
"""Which factor of the delta a quantity is: error, slope or source."""


class Lettering(ABC):
    """Makes the boxes of quantities, constants and signs in one size."""

    is_underlined = True
    """Whether the factors of a delta have their underlines."""

    def __init__(self, derivation: Derivation, size: int, roles: Roles) -> None:
        self.derivation, self.size, self.roles = derivation, size, roles
        self.network: Network = derivation.network

    @abstractmethod
    def quantity(self, quantity: Quantity) -> Box:
        """Return what stands for a quantity."""

    def strength(self, quantity: Quantity) -> int:
        """Return how strongly what stands for it holds together: a name, wholly; a number with a
        minus needs brackets in a product, and a fraction under a power."""
        return WHOLE

    def sign(self, sign: str, room: float = 0.0) -> Box:
        """Return a sign or a constant."""
        return Words(sign, font(self.size), theme().ink, padding=room)

    def note(self, text: str) -> Box:
        """Return a remark."""
        return Words(text, font(12), theme().muted)

    def smaller(self, size: int) -> "Lettering":
        """Return the same in a smaller size."""
        return type(self)(self.derivation, size, self.roles)

    @property
    def axis(self) -> float:
        """The height of a minus above the baseline."""
        return metrics(font(self.size)).xHeight() / 2 + 1

    def colour(self, quantity: Quantity) -> str:
        """Return the colour that a quantity has everywhere."""
        t, role = theme(), self.roles.get(quantity)
        if role == "source":
            return t.source
        if role == "slope" or quantity.kind is Kind.slope:
            return t.slope
        if quantity.kind in ERRORS:
            return t.error
        if quantity.kind in WEIGHTS:
            value = self.derivation.value(quantity)
            return t.weight(value) if value is not None else t.ink
        return t.ink

    def _words(self, text: str, quantity: Quantity, strong: bool) -> Words:
        used = (semibold if strong else font)(self.size)
        underline = self.roles.get(quantity, "") if self.is_underlined else ""
        return Words(text, used, self.colour(quantity), quantity, underline)


class InNumbers(Lettering):
    """0.35 × 1 × 0.1."""

    def quantity(self, quantity: Quantity) -> Box:
        value = self.derivation.value(quantity)
        return self._words(BLANK if value is None else on_paper(value), quantity, strong=True)

    def strength(self, quantity: Quantity) -> int:
        return _strength(on_paper(self.derivation.value(quantity)))


class InArithmetic(Lettering):
    """7/20 × 1 × 1/10, or 0.4 × 1 × 0.1 where every line was rounded."""

    def __init__(
        self, derivation: Derivation, size: int, roles: Roles, arithmetic: Arithmetic
    ) -> None:
        super().__init__(derivation, size, roles)
        self._arithmetic = arithmetic

    def quantity(self, quantity: Quantity) -> Box:
        return self._words(self._arithmetic.text(quantity), quantity, strong=False)

    def strength(self, quantity: Quantity) -> int:
        return _strength(self._arithmetic.text(quantity))

    def strong(self, text: str, quantity: Quantity) -> Box:
        """Return a result."""
        return Words(text, semibold(self.size), self.colour(quantity), quantity)

    def smaller(self, size: int) -> "InArithmetic":
        return InArithmetic(self.derivation, size, self.roles, self._arithmetic)


def _strength(number: str) -> int:
    if number.startswith(MINUS):
        return SUM
    if "/" in number:
        return PRODUCT
    return POWER if "e" in number else WHOLE


class InWords(Lettering):
    """error × f'(sum) × sum', as the chapter says."""

    def quantity(self, quantity: Quantity) -> Box:
        text = words_in(self.derivation.trace, quantity)
        if quantity.sample is not None:  # of the same weight as what it is in the formula of
            text = f"delta for sample {quantity.sample + 1}"
        return self._words(text, quantity, strong=False)

    def strength(self, quantity: Quantity) -> int:
        name = words_in(self.derivation.trace, quantity)
        if name.startswith(MINUS):
            return SUM
        return POWER if " " in name else WHOLE


class InSymbols(Lettering):
    """∂E/∂w, typeset as books do: layers in brackets above, neurons below; long sums with Σ."""

    is_underlined = False

    def __init__(
        self, derivation: Derivation, size: int, roles: Roles, counting: Counting | None = None
    ) -> None:
        """counting: which indexes of which quantities count in the term of a sum."""
        super().__init__(derivation, size, roles)
        self._counting = counting or {}

    def of_term(self, summation: Summation) -> "InSymbols":
        """Return the same for the term of a sum."""
        return InSymbols(self.derivation, self.size, self.roles, dict(summation.counting))

    def smaller(self, size: int) -> "InSymbols":
        return InSymbols(self.derivation, size, self.roles, self._counting)

    def _number(self, quantity: Quantity, name: str, index: int) -> str:
        """An index of a quantity; a letter where it counts."""
        return COUNTER if name in self._counting.get(quantity, ()) else str(index + 1)

    def quantity(self, quantity: Quantity) -> Box:
        if quantity.ref is not None:
            box = self._of_parameter(quantity, quantity.ref)
        else:
            box = self._of_neuron(quantity)
        # w₁ᵢ stands for many of them: it cannot be pointed at.
        return box if self._counting.get(quantity) else Standing(box, quantity)

    def colour(self, quantity: Quantity) -> str:
        is_one = not (self._counting.get(quantity) and quantity.kind in WEIGHTS)
        return super().colour(quantity) if is_one else theme().ink

    def _of_neuron(self, quantity: Quantity) -> Box:
        if quantity.neuron is None:
            letter, below = OF_STEP[quantity.kind]
            return self._letter(letter, quantity, below)
        layer, number = quantity.neuron[0], self._number(quantity, "neuron", quantity.neuron[1])
        alone = self._is_one_neuron
        below = "" if alone and layer > 0 else number
        above = "" if alone or layer == 0 or len(self.network.layers) == 1 else f"({layer})"
        if quantity.kind is Kind.input:
            return self._letter("x", quantity, number)
        if quantity.kind in (Kind.expected, Kind.error):
            return self._letter("t" if quantity.kind is Kind.expected else "e", quantity, below)
        letters = {Kind.output: "a", Kind.output_gradient: "a", Kind.signal: "δ"}
        own = self._letter(letters.get(quantity.kind, "z"), quantity, below, above)
        if quantity.kind is Kind.slope:
            return row((self._sign("f'(", quantity), own, self._sign(")", quantity)))
        if quantity.kind is not Kind.output_gradient:
            return own
        return self._by_convention(self._derivative(own, quantity), quantity)

    def _of_parameter(self, quantity: Quantity, ref: ParameterRef) -> Box:
        own = self._parameter(quantity, ref)
        match quantity.kind:
            case Kind.parameter:
                return own
            case Kind.product:
                source = Quantity(Kind.output if ref.from_layer else Kind.input, _source(ref))
                return row((self._of_neuron(source), self._sign(" ", quantity), own))
            case Kind.carried:
                signal = self._of_neuron(Quantity(Kind.signal, (ref.layer, ref.to)))
                return row((own, self._sign(" ", quantity), signal))
            case Kind.delta:
                sample = ""
                if quantity.sample is not None:
                    sample = self._number(quantity, "sample", quantity.sample)
                return self._by_convention(self._derivative(own, quantity, sample), quantity)
            case Kind.new_value:
                return row((own, self._sign("′", quantity)))
            case Kind.change:
                return row((self._sign("Δ", quantity), own))
        letter, below = OF_UPDATE[quantity.kind]
        name = self._letter(letter, quantity, below)
        return row((name, self._sign("(", quantity), own, self._sign(")", quantity)))

    def _parameter(self, quantity: Quantity, ref: ParameterRef) -> Box:
        to, layers = self._number(quantity, "to", ref.to), len(self.network.layers)
        above = "" if layers == 1 else f"({ref.layer})"
        if ref.source is None:
            return self._letter("b", quantity, "" if self._is_one_neuron else to, above)
        source = self._number(quantity, "source", ref.source)
        if ref.from_layer != ref.layer - 1:
            above = f"({ref.from_layer}→{ref.layer})"
        below = (
            source if self._is_one_neuron else f"{to}{',' if len(to + source) > 2 else ''}{source}"
        )
        return self._letter("w", quantity, below, above)

    def _by_convention(self, derivative: Box, quantity: Quantity) -> Box:
        """−∂E/∂w where the error is turned, and η·∂E/∂w where the delta has the rate in it."""
        conventions = self.derivation.trace.conventions
        if quantity.kind is Kind.delta and conventions.delta_with_rate:
            derivative = row((self._sign("η·", quantity), derivative))
        minus = self._sign(MINUS, quantity)
        return row((minus, derivative)) if conventions.is_turned else derivative

    def strength(self, quantity: Quantity) -> int:
        conventions = self.derivation.trace.conventions
        is_delta = quantity.kind is Kind.delta
        if conventions.is_turned and (is_delta or quantity.kind is Kind.output_gradient):
            return SUM
        if is_delta and conventions.delta_with_rate:
            return PRODUCT
        return POWER if is_delta or quantity.kind is Kind.output_gradient else WHOLE

    def _derivative(self, by: Box, quantity: Quantity, sample: str = "") -> Box:
        loss = self._letter("E", quantity, sample)
        over = row((self._sign("∂", quantity), loss))
        under = row((self._sign("∂", quantity), by))
        return Fraction(over, under, self.axis, self.colour(quantity))

    def _letter(self, letter: str, quantity: Quantity, below: str = "", above: str = "") -> Box:
        base = self._words(letter, quantity, strong=False)
        small, colour = font(max(11, round(self.size * 0.72))), self.colour(quantity)
        scripts = [
            Words(text, small, colour, quantity) if text else None for text in (above, below)
        ]
        return scripted(base, *scripts)

    def _sign(self, sign: str, quantity: Quantity) -> Box:
        return Words(sign, font(self.size), self.colour(quantity), quantity)

    @property
    def _is_one_neuron(self) -> bool:
        return self.network.sizes[1:] == (1,)


def _source(ref: ParameterRef) -> tuple[int, int]:
    return (ref.from_layer, ref.source or 0)
