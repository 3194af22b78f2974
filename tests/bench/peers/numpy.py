"""Plain numpy, as one would write it from a textbook; what all others' weights are held against."""

import numpy as np

from tests.bench.work import Work

SAME_RULE = True

VALUES = {
    "linear": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
}
SLOPES = {
    "linear": np.ones_like,
    "sigmoid": lambda a: a * (1 - a),
    "tanh": lambda a: 1 - a * a,
    "relu": lambda a: (a > 0).astype(float),
}


def unavailable() -> str | None:
    return None


def version() -> str:
    return f"numpy {np.__version__}"


class Trainer:
    def __init__(self, work: Work) -> None:
        self.work = work
        self.flat = work.start.copy()
        self.layers = work.layers(self.flat)
        self.position = 0

    def train(self, steps: int) -> None:
        batch, samples = self.work.batch, self.work.samples
        for _ in range(steps):
            rows = slice(self.position, self.position + batch)
            self.step(self.work.inputs[rows], self.work.targets[rows])
            self.position = (self.position + batch) % samples

    def step(self, inputs: np.ndarray, targets: np.ndarray) -> None:
        names = self.work.activations
        activations = [inputs]
        for (weights, biases), name in zip(self.layers, names, strict=True):
            activations.append(VALUES[name](activations[-1] @ weights.T + biases))
        output = activations[-1]
        signal = (output - targets) * SLOPES[names[-1]](output)
        rate = self.work.learning_rate / self.work.batch
        for i in reversed(range(len(names))):
            weights, biases = self.layers[i]
            gradient = signal.T @ activations[i]
            bias_gradient = signal.sum(axis=0)
            if i > 0:
                signal = (signal @ weights) * SLOPES[names[i - 1]](activations[i])
            weights -= rate * gradient
            biases -= rate * bias_gradient

    def parameters(self) -> np.ndarray:
        return self.flat
