"""nnsim itself: the engine's own call, in large chunks."""

from collections.abc import Callable

import numpy as np

import nnsim
from nnsim.engine import kernels
from nnsim.engine.learned import Learned
from nnsim.engine.training import take_steps
from tests.bench.work import Work

SAME_RULE = True
Change = Callable[[nnsim.Network], nnsim.Network]


def unavailable() -> str | None:
    return None


def version() -> str:
    engine = "C kernels" if kernels.available() else "numpy"
    return f"nnsim {nnsim.__version__}, {engine}"


def network_of(work: Work) -> nnsim.Network:
    layers = work.layers(work.start)
    return nnsim.Network.dense(
        list(work.sizes),
        activations=list(work.activations),
        weights=[weights for weights, _ in layers],
        biases=[biases for _, biases in layers],
    )


class Trainer:
    """change: what is done to the row's network first (costs.py removes, freezes, mixes)."""

    def __init__(self, work: Work, change: Change = lambda network: network) -> None:
        self.work = work
        self.settings = nnsim.Settings(learning_rate=work.learning_rate, batch_size=work.batch)
        self.learned = Learned.beginning(change(network_of(work)), self.settings)

    def train(self, steps: int) -> None:
        work = self.work
        taken = take_steps(self.learned, work.inputs, work.targets, self.settings, steps)
        self.learned = taken.learned

    def parameters(self) -> np.ndarray:
        return self.learned.network.parameters
