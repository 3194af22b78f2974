"""What the settings of training are called and what they are for, in plain words."""

from PySide6.QtWidgets import QWidget

from nnsim.engine.losses import LOSSES
from nnsim.engine.optimizers import OPTIMIZERS
from nnsim.engine.settings import Settings

Labelled = tuple[str, str]
"""The label of a number, and what it means."""

_SCHEDULE_FORMULAS = {
    "step": "η · factor^floor(step / steps)",
    "exponential": "η · factor^(step / steps)",
    "cosine": "η · (factor + (1 − factor)·(1 + cos(π·step / steps)) / 2)",
}
"""As in engine/schedules.py."""


def number_words(widget: QWidget) -> dict[str, Labelled]:
    """Return label and meaning of every number."""
    tr = widget.tr
    return {
        "huber": ("δ", tr("errors beyond this count less")),
        "batch_size": (tr("Batch size"), tr("samples per step; 0 for all of them")),
        "seed": (tr("Seed"), tr("of the orders and of new start weights")),
        "learning_rate": (tr("Learning rate η"), tr("how far each step goes")),
        "momentum": (tr("Momentum μ"), tr("how much of v is kept, below 1")),
        "beta1": ("β₁", "m ← β₁ m + (1 − β₁) g"),
        "beta2": ("β₂", "s ← β₂ s + (1 − β₂) g²"),
        "rho": ("ρ", tr("how much of s is kept, below 1")),
        "epsilon": ("ε", tr("keeps the divisor away from 0")),
        "weight_decay": (tr("Decay"), tr("shrinks the weights in each step")),
        "schedule_steps": (tr("Steps"), tr("after so many steps …")),
        "schedule_factor": (tr("Factor"), tr("… η is multiplied by this")),
        "warm_up_steps": (tr("Warm-up"), tr("steps in which η rises; 0 for none")),
        "l1": ("L1", tr("adds l1·Σ|w| to E: draws weights to 0")),
        "l2": ("L2", tr("adds ½·l2·Σw² to E: keeps them small")),
        "clip_value": (tr("Each derivative"), tr("is held within ± this; 0 for no limit")),
        "clip_norm": (tr("Gradient"), tr("is shortened to this; 0 for no limit")),
        "weight_limit": (tr("Weights"), tr("are held within ± this; 0 for no limit")),
    }


def part_titles(widget: QWidget) -> dict[str, str]:
    """Return the titles of the parts of the dialog."""
    tr = widget.tr
    return {
        "loss": tr("Loss"),
        "batches": tr("Batches"),
        "order": tr("Order"),
        "optimizer": tr("Optimizer"),
        "schedule": tr("Schedule"),
        "penalties": tr("Penalties on large weights"),
        "limits": tr("Limits"),
        "biases": tr("Biases"),
    }


def labels(widget: QWidget) -> dict[str, str]:
    """Return the names of the choices."""
    tr = widget.tr
    return {
        "loss": tr("Loss"),
        "batch_reduction": tr("Over a batch"),
        "optimizer": tr("Optimizer"),
        "schedule": tr("Schedule of the learning rate"),
    }


def tick_words(widget: QWidget) -> dict[str, str]:
    """Return the words beside the ticks."""
    tr = widget.tr
    return {
        "shuffle": tr("New sample order each epoch"),
        "train_biases": tr("Biases are trained like weights"),
    }


def formula_of(name: str, settings: Settings) -> str:
    """Return the formula of what is chosen; empty where there is none to show."""
    if name == "loss":
        return settings.loss_function.formula
    if name == "optimizer":
        return OPTIMIZERS[settings.optimizer].formula
    return _SCHEDULE_FORMULAS.get(settings.schedule, "") if name == "schedule" else ""


def formulas_of(name: str) -> tuple[str, ...]:
    """Return the formulas of everything that can be chosen."""
    tables = {
        "loss": [loss.formula for loss in LOSSES.values()],
        "optimizer": [optimizer.formula for optimizer in OPTIMIZERS.values()],
        "schedule": list(_SCHEDULE_FORMULAS.values()),
    }
    return tuple(tables.get(name, []))


def explanation_of(widget: QWidget, name: str, choice: str) -> str:
    """Return what a choice is for."""
    words = {
        "loss": _loss_words,
        "optimizer": _optimizer_words,
        "schedule": _schedule_words,
        "batch_reduction": _reduction_words,
    }
    return words[name](widget)[choice]


def _loss_words(widget: QWidget) -> dict[str, str]:
    tr = widget.tr
    return {
        "half_squared": tr("The chapter's: its derivative is the error itself."),
        "squared": tr("Twice as large, so that each step goes twice as far."),
        "mean_squared": tr("The mean over the outputs: many outputs do not make larger steps."),
        "absolute": tr("Large errors count no more than their size: outliers pull less."),
        "huber": tr("Squared for small errors; for large ones it grows in proportion."),
        "binary_cross_entropy": tr("For sigmoid outputs that say yes or no, expected from 0 to 1."),
        "softmax_cross_entropy": tr("For softmax outputs: one class of several, expected sum 1."),
        "hinge": tr("For a margin: expected outputs are 1 or −1."),
    }


def _optimizer_words(widget: QWidget) -> dict[str, str]:
    tr = widget.tr
    return {
        "sgd": tr("Straight down the gradient, as in the chapter."),
        "momentum": tr("Keeps going in the direction of the last steps, like a rolling ball."),
        "nesterov": tr("Momentum that looks ahead before it steps."),
        "rmsprop": tr("Divides by the size that the gradient had lately: even steps everywhere."),
        "adagrad": tr("Divides by all gradients so far: steps become smaller and smaller."),
        "adam": tr("Momentum and even steps together; m̂ and ŝ are corrected for their start at 0."),
        "adamw": tr("Adam that also shrinks the weights a little in each step."),
    }


def _schedule_words(widget: QWidget) -> dict[str, str]:
    tr = widget.tr
    return {
        "constant": tr("The learning rate stays as it is."),
        "step": tr("Multiplied by the factor after every so many steps."),
        "exponential": tr("Falls evenly: multiplied by the factor over so many steps."),
        "cosine": tr("Falls along half a wave to η · factor, and stays there."),
    }


def _reduction_words(widget: QWidget) -> dict[str, str]:
    tr = widget.tr
    return {
        "mean": tr("Loss and gradient: the mean over the samples."),
        "sum": tr("Loss and gradient: the sum over the samples."),
    }
