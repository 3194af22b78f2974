"""How good a network is on a table of samples: loss, error of each output, accuracy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.forward import forward, parts
from nnsim.engine.losses import LOSSES, Loss
from nnsim.engine.network import Network

Array = NDArray[np.float64]

SIGNED = ("tanh", "bipolar_sigmoid")
"""Activations whose outputs run from −1 to 1."""


@dataclass(frozen=True, eq=False)
class Metrics:
    """What a network makes of many samples."""

    loss: float
    """The mean over the samples of E, without penalties."""
    errors: Array
    """The mean over the samples of |output − expected|, for each output."""
    accuracy: float
    """The part of the samples whose class is right, from 0 to 1.

    With several outputs the class is the largest output. With one it is the side of a middle that
    the output lies on: see `class_middle`.
    """


def metrics_of(
    network: Network,
    inputs: Array,
    expected: Array,
    loss: Loss = LOSSES["half_squared"],
    trained: Array | None = None,
) -> Metrics:
    """Measure a network on samples: inputs [samples, inputs], expected [samples, outputs].

    trained: the expected outputs of the samples it is trained on, which say where the middle of
    the two classes of one output is; those of this table when not given. All are NaN when there
    are no samples. The memory it takes does not grow with hidden neurons times samples.
    """
    count = len(inputs)
    if not count:
        return Metrics(np.nan, np.full(expected.shape[1], np.nan), np.nan)
    middle = class_middle(network, expected if trained is None else trained, loss)
    losses, errors, right = np.empty(count), np.zeros(expected.shape[1]), 0
    with np.errstate(all="ignore"):
        for some in parts(network, count):
            passed, wanted = forward(network, inputs[some]), expected[some]
            losses[some] = loss.of_samples(passed.outputs, wanted, passed.pre_activations[-1])
            errors += np.abs(passed.outputs - wanted).sum(axis=0)
            right += int((_classes(passed.outputs, middle) == _classes(wanted, middle)).sum())
        return Metrics(float(losses.mean()), errors / count, right / count)


def class_middle(network: Network, trained: Array, loss: Loss) -> float:
    """Return what lies between the two classes of a single output.

    The middle between the lowest and the highest expected output of the samples it is trained on.
    Where these are all alike, or where there are none, the loss and the activation of the output
    decide: 0 for the classes −1 and 1 of hinge, tanh and bipolar_sigmoid, ½ for 0 and 1 of others.
    """
    if trained.size and trained.min() < trained.max():
        return float(trained.min() / 2.0 + trained.max() / 2.0)
    is_signed = network.layers[-1].activations[0] in SIGNED
    return 0.0 if loss.name == "hinge" or is_signed else 0.5


def _classes(values: Array, middle: float) -> NDArray[np.intp]:
    if values.shape[1] > 1:
        return np.asarray(values.argmax(axis=1), dtype=np.intp)
    return np.asarray(values[:, 0] > middle, dtype=np.intp)
