"""The structures of kernel.h, field by field, and the codes of its lists."""

import ctypes
from ctypes import c_char_p, c_double, c_int32, c_int64, c_uint64, c_void_p
from dataclasses import dataclass
from typing import ClassVar


def _numbered(*names: str) -> dict[str, int]:
    return {name: code for code, name in enumerate(names)}


ACTIVATION_CODES = _numbered(
    "linear",
    "sigmoid",
    "bipolar_sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "elu",
    "softplus",
    "silu",
    "gelu",
    "threshold",
    "softmax",
)
LOSS_CODES = _numbered(
    "half_squared",
    "squared",
    "mean_squared",
    "absolute",
    "huber",
    "binary_cross_entropy",
    "softmax_cross_entropy",
    "hinge",
)
OPTIMIZER_CODES = _numbered("sgd", "momentum", "nesterov", "rmsprop", "adagrad", "adam", "adamw")
SCHEDULE_CODES = _numbered("constant", "step", "exponential", "cosine")

WITH_FIRST = ("momentum", "nesterov", "adam", "adamw")
WITH_SECOND = ("rmsprop", "adagrad", "adam", "adamw")
"""The optimizers that remember a velocity or first moment, and those that remember squares."""


@dataclass(frozen=True)
class Rule:
    """How parameters follow from a gradient: the fields of nnsim_rule, with names for its codes.

    The names are plain, without a parameter in brackets; `huber` is that of the Huber loss.
    """

    loss: str = "half_squared"
    huber: float = 1.0
    mean: bool = True
    optimizer: str = "sgd"
    learning_rate: float = 1.0
    momentum: float = 0.9
    beta1: float = 0.9
    beta2: float = 0.999
    rho: float = 0.99
    epsilon: float = 1e-8
    l1: float = 0.0
    l2: float = 0.0
    weight_decay: float = 0.0
    clip_value: float = 0.0
    clip_norm: float = 0.0
    weight_limit: float = 0.0
    schedule: str = "constant"
    schedule_steps: int = 100
    schedule_factor: float = 0.1
    warm_up_steps: int = 0


class NetworkStruct(ctypes.Structure):
    """nnsim_network."""

    _fields_: ClassVar = [
        ("inputs", c_int32),
        ("layers", c_int32),
        ("sizes", c_void_p),
        ("first", c_void_p),
        ("width", c_void_p),
        ("weights", c_void_p),
        ("biases", c_void_p),
        ("activation", c_void_p),
        ("slope", c_void_p),
        ("parameters", c_int64),
        ("trained", c_void_p),
        ("present", c_void_p),
    ]


class RuleStruct(ctypes.Structure):
    """nnsim_rule."""

    _fields_: ClassVar = [
        ("loss", c_int32),
        ("huber", c_double),
        ("mean", c_int32),
        ("optimizer", c_int32),
        ("learning_rate", c_double),
        ("momentum", c_double),
        ("beta1", c_double),
        ("beta2", c_double),
        ("rho", c_double),
        ("epsilon", c_double),
        ("l1", c_double),
        ("l2", c_double),
        ("weight_decay", c_double),
        ("clip_value", c_double),
        ("clip_norm", c_double),
        ("weight_limit", c_double),
        ("schedule", c_int32),
        ("schedule_steps", c_int64),
        ("schedule_factor", c_double),
        ("warm_up_steps", c_int64),
    ]


class SamplesStruct(ctypes.Structure):
    """nnsim_samples."""

    given: int | None
    given_ends: int | None
    order: int | None
    ordered: int | None
    _fields_: ClassVar = [
        ("count", c_int64),
        ("inputs", c_void_p),
        ("expected", c_void_p),
        ("batch_size", c_int64),
        ("shuffle", c_int32),
        ("seed", c_uint64),
        ("given", c_void_p),
        ("given_ends", c_void_p),
        ("order", c_void_p),
        ("ordered", c_void_p),
    ]


class StateStruct(ctypes.Structure):
    """nnsim_state."""

    parameters: int | None
    optimizer_steps: int
    step: int
    epoch: int
    place: int
    _fields_: ClassVar = [
        ("parameters", c_void_p),
        ("first", c_void_p),
        ("second", c_void_p),
        ("optimizer_steps", c_int64),
        ("step", c_int64),
        ("epoch", c_int64),
        ("place", c_int64),
    ]


class RecordStruct(ctypes.Structure):
    """nnsim_record."""

    watch_last: int | None
    watch_first: int | None
    watch_steps: int
    done: int
    path: bytes
    _fields_: ClassVar = [
        ("losses", c_void_p),
        ("errors", c_void_p),
        ("rows", c_void_p),
        ("watch_last", c_void_p),
        ("watch_first", c_void_p),
        ("watch_steps", c_int64),
        ("done", c_int64),
        ("path", c_char_p),
    ]


def rule_struct(rule: Rule) -> RuleStruct:
    """Return the rule as the kernels read it; raise KeyError for a name that is in no table."""
    fields = vars(rule) | {
        "loss": LOSS_CODES[rule.loss],
        "optimizer": OPTIMIZER_CODES[rule.optimizer],
        "schedule": SCHEDULE_CODES[rule.schedule],
    }
    return RuleStruct(**fields)
