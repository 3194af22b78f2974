"""What each convention changes in what is shown, in a sentence, and that the new weights stay."""

from nnsim.engine.losses import loss_named
from nnsim.tracing.conventions import AS_TRAINED, Conventions
from nnsim.tracing.explanation import update_rule
from nnsim.tracing.shown_trace import (
    LOSSES_SHOWN,
    in_conventions,
    loss_factor,
    why_no_other_loss,
    why_no_rate,
)
from nnsim.tracing.trace import Trace
from nnsim.tracing.wording import on_paper

SAME = "The new weights stay the same."


def convention_lines(trace: Trace, conventions: Conventions) -> dict[str, str]:
    """Return for each field of Conventions what it does as it is set here, in one or two sentences.

    Where a switch cannot be offered the line says why.
    """
    trace = in_conventions(trace.trained, conventions)
    return {
        "error_sign": _of_sign(trace),
        "shown_loss": _of_loss(trace, conventions),
        "delta_with_rate": _of_rate(trace),
        "names": _of_names(conventions),
    }


def summary(conventions: Conventions) -> str:
    """Return in a few words what is not as usual; blank where all is."""
    found = []
    if conventions.is_turned:
        found.append("error = expected − output")
    if conventions.shown_loss is not None:
        named = {"half_sum": "½Σ", "sum": "Σ", "mean": "mean"}
        found.append(f"loss {named[conventions.shown_loss]}")
    if conventions.delta_with_rate:
        found.append("delta with η")
    if conventions.speaks_symbols:
        found.append("names z, a, δ")
    return ", ".join(found)


def _of_sign(trace: Trace) -> str:
    rule = f"a new value is {update_rule(trace)}"
    if not trace.conventions.is_turned:
        return f"The error is output − expected, and {rule}."
    what = "errors, error signals and deltas have the other sign"
    return f"The error is expected − output: {what}, and {rule}. {SAME}"


def _of_loss(trace: Trace, wished: Conventions) -> str:
    if why := why_no_other_loss(trace):
        return why
    c, chosen = float(loss_factor(trace, wished)), wished.shown_loss
    trained = trace.trained.settings.loss
    formula = loss_named(trained if chosen is None else LOSSES_SHOWN[chosen]).formula
    if c == 1.0:
        also = "" if chosen is None or LOSSES_SHOWN[chosen] == trained else ", which is the same"
        return f"The loss is {formula}{also}, as it is trained with."
    what = "error signals" if trace.conventions.delta_with_rate else "deltas"
    rate = trace.trained.learning_rate
    quotient = f"{on_paper(rate)} / {on_paper(c)} = {on_paper(rate / c)}"
    return (
        f"The loss is shown as {formula}: it and the {what} are {on_paper(c)} times as large, "
        f"and the learning rate is shown as {quotient}. {SAME}"
    )


def _of_rate(trace: Trace) -> str:
    if why := why_no_rate(trace):
        return why
    rule = f"a new value is {update_rule(trace)}"
    if trace.conventions.delta_with_rate:
        return f"The learning rate is part of the delta, and {rule}. {SAME}"
    derivative = "−∂E/∂w" if trace.conventions.is_turned else "∂E/∂w"
    return f"The delta is {derivative} without the learning rate, and {rule}."


def _of_names(conventions: Conventions) -> str:
    if conventions.names == AS_TRAINED.names:
        return "Names as in the chapter: sum, output, error, delta."
    return (
        "Names as in the field: z, a, e, δ and ∂E/∂w for sum, output, error, error signal and "
        "delta. No number changes."
    )
