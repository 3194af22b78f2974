"""A Trace in other conventions: the same step, with other numbers on its way back.

The loss is the same but for a factor c, the error has one sign or the other, and the delta has the
learning rate in it or not. Each of them changes the deltas that are shown, and each the way a new
value follows from them, so that the new value is the same to the bit: c·∂E/∂w · η/c = η·∂E/∂w.
"""

from dataclasses import replace
from fractions import Fraction

from nnsim.engine.backward import BackwardPass
from nnsim.engine.step import Step
from nnsim.tracing.conventions import AS_TRAINED, Conventions, ShownLoss
from nnsim.tracing.quantity import Kind
from nnsim.tracing.trace import Shown, Trace

LOSSES_SHOWN: dict[ShownLoss, str] = {
    "half_sum": "half_squared",
    "sum": "squared",
    "mean": "mean_squared",
}
"""What the loss of training is called that each of them is."""

SQUARES = (Kind.square, Kind.square_corrected, Kind.old_square)
LINEAR_OPTIMIZERS = ("sgd", "momentum", "nesterov")


def in_conventions(trace: Trace, conventions: Conventions) -> Trace:
    """Return a Trace as it is shown in other conventions, as far as its settings allow them.

    Sums, outputs, slopes, changes and new values are the same objects.
    """
    conventions = kept_conventions(trace, conventions)
    if conventions == AS_TRAINED:
        return trace
    c = loss_factor(trace, conventions)
    shown = Shown(conventions, trace, c)
    settings = trace.settings
    if conventions.shown_loss is not None:
        settings = replace(settings, loss=LOSSES_SHOWN[conventions.shown_loss])
    if trace.back is None or trace.step is None:
        return replace(trace, settings=settings, shown=shown)
    rate = trace.learning_rate / float(c) if conventions.delta_with_rate else 1.0
    of_deltas = float(c) * conventions.sign * rate
    back = _back(trace.back, shown, of_deltas)
    own = back if trace.step.back is trace.back else _back(trace.step.back, shown, of_deltas)
    step = _step(trace.step, own, of_deltas, float(c))
    return replace(trace, settings=settings, shown=shown, back=back, step=step)


def kept_conventions(trace: Trace, conventions: Conventions) -> Conventions:
    """Return the conventions without those that cannot be kept with the settings of a Trace."""
    if conventions.shown_loss is not None and why_no_other_loss(trace):
        conventions = replace(conventions, shown_loss=None)
    if conventions.delta_with_rate and why_no_rate(trace):
        conventions = replace(conventions, delta_with_rate=False)
    return conventions


def why_no_other_loss(trace: Trace) -> str:
    """Return why a Trace cannot be shown with another loss, in a sentence; blank where it can."""
    settings = trace.trained.settings
    if settings.loss not in LOSSES_SHOWN.values():
        return f"Only squared errors have a ½ or a mean to choose; the loss is {settings.loss}."
    extras = (settings.l1, settings.l2, settings.clip_value, settings.clip_norm)
    if settings.optimizer not in LINEAR_OPTIMIZERS or any(extras):
        return "A learning rate η/c would not give the same new weights with these settings."
    return ""


def why_no_rate(trace: Trace) -> str:
    """Return why a delta cannot have the learning rate in it; blank where it can."""
    settings = trace.trained.settings
    if settings.is_plain and settings.batch_size != 1:
        return "A step of a batch moves a weight by all deltas of its samples, not by one of them."
    if trace.is_plain:
        return ""
    return "More than the learning rate and this delta decides how far a weight moves here."


def loss_factor(trace: Trace, conventions: Conventions) -> Fraction:
    """Return c: the shown loss as a multiple of the one that is trained with."""
    if conventions.shown_loss is None or why_no_other_loss(trace):
        return Fraction(1)
    parts = {
        "half_squared": Fraction(1, 2),
        "squared": Fraction(1),
        "mean_squared": Fraction(1, trace.network.output_count),
    }
    return parts[LOSSES_SHOWN[conventions.shown_loss]] / parts[trace.trained.settings.loss]


def delta_factor(trace: Trace) -> float:
    """Return what a shown delta is, over ∂E/∂w of the shown loss."""
    conventions = trace.conventions
    rate = trace.learning_rate if conventions.delta_with_rate else 1.0
    return conventions.sign * rate


def update_factor(trace: Trace, kind: Kind) -> float:
    """Return what a number of the update is multiplied by to be shown: what is made of deltas is
    turned and scaled as they are, but for squares, which have no sign, and lengths."""
    shown = trace.shown
    if shown is None or kind not in MADE_OF_DELTAS:
        return 1.0
    c = float(shown.loss_factor)
    return c if kind is Kind.gradient_length else c * delta_factor(trace)


MADE_OF_DELTAS = frozenset(
    (
        Kind.delta_mean,
        Kind.delta_sum,
        Kind.l1_term,
        Kind.l2_term,
        Kind.penalised,
        Kind.clipped,
        Kind.gradient_length,
        Kind.gradient,
        Kind.old_velocity,
        Kind.velocity,
        Kind.old_mean,
        Kind.mean,
        Kind.mean_corrected,
    )
)


def _back(back: BackwardPass, shown: Shown, of_deltas: float) -> BackwardPass:
    factor = float(shown.loss_factor) * shown.conventions.sign
    return BackwardPass(
        [factor * layer for layer in back.output_gradients],
        [factor * layer for layer in back.back_signals],
        of_deltas * back.gradient,
    )


def _step(step: Step, back: BackwardPass, of_deltas: float, c: float) -> Step:
    return replace(
        step,
        back=back,
        loss=c * step.loss,
        gradient=of_deltas * step.gradient,
        learning_rate=step.learning_rate / c,
    )
