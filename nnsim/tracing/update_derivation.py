"""Where the numbers between the deltas of a step and its new values come from.

A step is, for each weight or bias: the deltas of its batch in one; penalties and limits, which give
the gradient g; what the optimizer makes of it with what it remembers; the change; decay and weight
limit. What does nothing in a step has no quantity: in the chapter's there is the change alone.
"""

from collections.abc import Callable, Iterator
from functools import cached_property

from nnsim.engine.network import ParameterRef
from nnsim.tracing.expression import (
    Add,
    Apply,
    Clip,
    Constant,
    Divide,
    Expression,
    LazyTerms,
    Multiply,
    Square,
    Subtract,
    sources,
)
from nnsim.tracing.formulas import ONE
from nnsim.tracing.quantity import (
    GRADIENT_LENGTH,
    LEARNING_RATE,
    SETTINGS,
    Kind,
    Quantity,
)
from nnsim.tracing.shown_formulas import rate_shown
from nnsim.tracing.shown_trace import update_factor
from nnsim.tracing.trace import Trace
from nnsim.tracing.update_formulas import RULES, rate_formula, shortened
from nnsim.tracing.update_numbers import UpdateNumbers


class UpdateDerivation:
    """Answers for the update of a Trace's step what `Derivation` answers for the whole Trace."""

    def __init__(self, trace: Trace) -> None:
        self.trace, self.settings = trace, trace.settings
        self._rule = RULES[trace.settings.optimizer]
        self._known_kinds: dict[tuple[bool, bool], tuple[list[Kind], list[Kind]]] = {}

    # ------------------------------------------------------------ values

    def value(self, quantity: Quantity) -> float | None:
        """Return the number of a quantity of the update; None where there is none."""
        kind, ref = quantity.kind, quantity.ref
        if kind is Kind.learning_rate:
            return self.trace.learning_rate
        if kind in SETTINGS:
            return self._setting(kind)
        if kind is Kind.gradient_length and self._numbers and self.settings.clip_norm:
            return self._numbers.gradient_length * update_factor(self.trace, kind)
        if ref is None or self._numbers is None:
            return None
        if quantity.sample is not None:
            return self.trace.delta_of(ref, quantity.sample) if kind is Kind.delta else None
        if kind is not Kind.gradient and kind not in self._kinds(ref):
            return None
        number = float(getattr(self._numbers, kind.name)[self.trace.network.index_of(ref)])
        return number * update_factor(self.trace, kind)

    @cached_property
    def _numbers(self) -> UpdateNumbers | None:
        trace = self.trace.trained
        if trace.step is None:
            return None
        return UpdateNumbers(trace.network, trace.settings, trace.step, trace.moments)

    def _setting(self, kind: Kind) -> float:
        match kind:
            case Kind.optimizer_step:
                return float(self.trace.moments.steps + 1)
            case Kind.steps_taken:
                return float(self.trace.steps_taken)
            case Kind.full_rate:
                return self.settings.learning_rate
        return float(getattr(self.settings, kind.name))

    # ------------------------------------------------------------ formulas

    def formula(self, quantity: Quantity) -> Expression | None:
        """Return what a quantity of the update is computed from; None for what is given."""
        kind, ref = quantity.kind, quantity.ref
        if kind is Kind.learning_rate:
            return rate_shown(self.trace, rate_formula(self.settings, self.trace.steps_taken))
        if kind is Kind.gradient_length:
            return self._length()
        if ref is None or quantity.sample is not None:
            return None
        if not self.trace.is_trained(ref):
            return self._unchanged(kind, ref)
        if kind in (Kind.delta_mean, Kind.delta_sum):
            return self._of_batch(kind, ref)
        if kind in (Kind.optimizer_change, Kind.change, Kind.new_value):
            return self._changed(kind, ref)
        return self._computed(kind, ref)

    def _computed(self, kind: Kind, ref: ParameterRef) -> Expression | None:
        """What the gradient of the batch becomes, and what the optimizer makes of it."""
        gradients = self._gradients(ref)
        if kind is Kind.gradient:
            return gradients.get(kind, self._batch_gradient(ref))
        formula = self._rule.values.get(kind)
        return gradients.get(kind) if formula is None else formula(self._of(ref))

    @staticmethod
    def _unchanged(kind: Kind, ref: ParameterRef) -> Expression | None:
        """What training may not change has a change of 0, which follows from nothing."""
        if kind is not Kind.new_value:
            return None
        return Add((Quantity(Kind.parameter, ref=ref), Quantity(Kind.change, ref=ref)))

    def _batch_gradient(self, ref: ParameterRef) -> Quantity:
        """What the batch comes to: the delta of its one sample, or of all its samples in one."""
        step = self.trace.step
        if step is None or step.sample_count == 1:
            return Quantity(Kind.delta, ref=ref)
        is_sum = self.settings.batch_reduction == "sum"
        return Quantity(Kind.delta_sum if is_sum else Kind.delta_mean, ref=ref)

    def _of_batch(self, kind: Kind, ref: ParameterRef) -> Expression | None:
        """The deltas of the batch in one; of a batch too large to be held their sum is given."""
        step = self.trace.step
        assert step is not None
        total: Expression = Quantity(Kind.delta_sum, ref=ref)
        if self.trace.holds_batch:
            total = Add(tuple(self._deltas(ref)))
        if kind is Kind.delta_mean:
            return Divide(total, Constant(float(step.sample_count)))
        return total if self.trace.holds_batch else None

    def _deltas(self, ref: ParameterRef) -> Iterator[Quantity]:
        """The deltas of the samples of the batch, in its order."""
        for number in self.trace.batch.tolist():
            sample = None if number == self.trace.sample else number
            yield Quantity(Kind.delta, ref=ref, sample=sample)

    def _penalties(self, ref: ParameterRef) -> dict[Kind, Expression]:
        """What l1 and l2 add to the gradient: l1·sign(w) and l2·w, of weights alone."""
        old = Quantity(Kind.parameter, ref=ref)
        found: dict[Kind, Expression] = {}
        if self.settings.l1 and not ref.is_bias:
            found[Kind.l1_term] = Multiply((Quantity(Kind.l1), Apply("sign", old)))
        if self.settings.l2 and not ref.is_bias:
            found[Kind.l2_term] = Multiply((Quantity(Kind.l2), old))
        return found

    def _gradients(self, ref: ParameterRef) -> dict[Kind, Expression]:
        """What the gradient of the batch becomes; the last, if there is any, is the step's g."""
        found = self._penalties(ref)
        added = tuple(Quantity(kind, ref=ref) for kind in found)
        becomes: dict[Kind, Callable[[Expression], Expression]] = {}
        if added:
            becomes[Kind.penalised] = lambda g: Add((g, *added))
        if self.settings.clip_value:
            becomes[Kind.clipped] = lambda g: Clip(g, Quantity(Kind.clip_value))
        if self.settings.clip_norm:
            becomes[Kind.gradient] = shortened
        g: Expression = self._batch_gradient(ref)
        for number, kind in enumerate(becomes, start=1):
            named = Kind.gradient if number == len(becomes) else kind
            found[named] = becomes[kind](g)
            g = Quantity(named, ref=ref)
        return found

    def _of(self, ref: ParameterRef) -> Callable[[Kind], Expression]:
        """What stands for each kind in the formulas of the optimizers."""
        has_own = Kind.gradient in self._kinds(ref)

        def of(kind: Kind) -> Expression:
            if kind is Kind.gradient and not has_own:
                return self._batch_gradient(ref)
            return Quantity(kind, ref=ref)

        return of

    def _length(self) -> Expression:
        """|g| = √Σg² over what is trained, before clip_norm shortens it."""
        network = self.trace.network
        trained = network.structure.trained(self.settings.train_biases)
        places = network.structure.places
        places = places if trained is None else places[trained[places]]

        def square(number: int) -> Expression:
            ref = network.ref_in(int(places[number]))
            found = self._gradients(ref)
            before = [kind for kind in (Kind.penalised, Kind.clipped) if kind in found]
            return Square(Quantity(before[-1], ref=ref) if before else self._batch_gradient(ref))

        return Apply("sqrt", Add(LazyTerms(len(places), square)))

    def _changed(self, kind: Kind, ref: ParameterRef) -> Expression:
        """The change and the new value: w + Δw, but for a weight that decays or has a limit, whose
        change is what that leaves of the optimizer's."""
        settings = self.settings
        old, change = Quantity(Kind.parameter, ref=ref), Quantity(Kind.change, ref=ref)
        is_held = self._is_held(ref)
        if kind is Kind.optimizer_change or (kind is Kind.change and not is_held):
            return self._rule.change(self._of(ref))
        if kind is Kind.change:
            return Subtract(Quantity(Kind.new_value, ref=ref), old)
        if self.trace.is_plain:
            return Subtract(old, Multiply((LEARNING_RATE, Quantity(Kind.delta, ref=ref))))
        if not is_held:
            return Add((old, change))
        kept: Expression = old
        if self._decays:
            decay = Multiply((LEARNING_RATE, Quantity(Kind.weight_decay)))
            kept = Multiply((Subtract(ONE, decay), old))
        moved = Add((kept, Quantity(Kind.optimizer_change, ref=ref)))
        return Clip(moved, Quantity(Kind.weight_limit)) if settings.weight_limit else moved

    # ------------------------------------------------------------ what there is

    @property
    def _decays(self) -> bool:
        return self.settings.optimizer == "adamw" and self.settings.weight_decay > 0

    def _is_held(self, ref: ParameterRef) -> bool:
        """Whether its new value is not only what the optimizer makes of it."""
        return not ref.is_bias and (self._decays or self.settings.weight_limit > 0)

    def kinds(self, ref: ParameterRef) -> tuple[list[Kind], list[Kind]]:
        """Return the kinds of quantities of a weight or bias: up to what clip_norm measures, and
        behind it, each after its sources."""
        return self._parted_kinds(ref)

    def in_order(self) -> Iterator[Quantity]:
        """Return all quantities of the update, each after its sources; the given ones too."""
        refs = self.trace.network.refs()
        trained = [ref for ref in refs if self.trace.is_trained(ref)]
        yield from self._given_settings(trained)
        if self.formula(LEARNING_RATE) is not None:
            yield LEARNING_RATE
        for ref in trained:
            if self.trace.holds_batch:
                yield from (delta for delta in self._deltas(ref) if delta.sample is not None)
            yield from (Quantity(kind, ref=ref) for kind in self._parted_kinds(ref)[0])
        if self.settings.clip_norm and trained:
            yield GRADIENT_LENGTH
        for ref in refs:
            yield from (Quantity(kind, ref=ref) for kind in self._parted_kinds(ref)[1])

    def _given_settings(self, trained: list[ParameterRef]) -> Iterator[Quantity]:
        """The settings in the formulas: every weight has the same ones, and so has every bias."""
        some = {ref.is_bias: ref for ref in trained}.values()
        quantities = [LEARNING_RATE]
        quantities += [Quantity(kind, ref=ref) for ref in some for kind in self._kinds(ref)]
        formulas = [self.formula(quantity) for quantity in quantities]
        named = {source for one in formulas if one is not None for source in sources(one)}
        yield from (Quantity(kind) for kind in SETTINGS if Quantity(kind) in named)

    def _kinds(self, ref: ParameterRef) -> list[Kind]:
        before, after = self._parted_kinds(ref)
        return [*before, *after]

    def _parted_kinds(self, ref: ParameterRef) -> tuple[list[Kind], list[Kind]]:
        """The kinds up to what clip_norm measures, and those behind it; all weights that are
        trained have the same ones, and so have all biases."""
        alike = (ref.is_bias, self.trace.is_trained(ref))
        if alike not in self._known_kinds:
            parted = self._kinds_before_length(ref), self._kinds_after_length(ref)
            self._known_kinds[alike] = parted
        return self._known_kinds[alike]

    def _kinds_before_length(self, ref: ParameterRef) -> list[Kind]:
        """The quantities of a weight or bias from its deltas to what clip_norm measures."""
        if not self.trace.is_trained(ref):
            return []
        batch = self._batch_gradient(ref).kind
        own = [] if batch is Kind.delta else [batch]
        if batch is Kind.delta_mean and not self.trace.holds_batch:
            own = [Kind.delta_sum, batch]
        return [*own, *(kind for kind in self._gradients(ref) if kind is not Kind.gradient)]

    def _kinds_after_length(self, ref: ParameterRef) -> list[Kind]:
        """Its quantities from the gradient of the step to its new value."""
        if not self.trace.is_trained(ref):
            return [Kind.change, Kind.new_value]
        own = [Kind.gradient] if Kind.gradient in self._gradients(ref) else []
        change = [Kind.change, Kind.new_value]
        if self._is_held(ref):
            change = [Kind.optimizer_change, Kind.new_value, Kind.change]
        return [*own, *self._rule.values, *change]
