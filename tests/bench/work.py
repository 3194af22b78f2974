"""The work of each row: a network, its samples, its start, and how it is to be trained.

Everywhere: loss ½ Σ (o − t)², plain SGD with the mean over the batch, samples in fixed order,
float64, biases in every layer. As a program (`python -m tests.bench.work ROW FILE`) it writes one
row's work to a file, so that every competitor reads the same numbers.
"""

import sys
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np


@dataclass(frozen=True, eq=False)
class Work:
    """One row. `start` is flat: layer after layer, weights row by row [to][from], then biases."""

    name: str
    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    batch: int
    learning_rate: float
    data: str
    """What the samples are, in words."""
    inputs: np.ndarray
    targets: np.ndarray
    start: np.ndarray

    @property
    def samples(self) -> int:
        return len(self.inputs)

    def with_linear_output(self) -> "Work":
        return replace(self, activations=(*self.activations[:-1], "linear"))

    def layers(self, flat: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """The weights [to, from] and biases [to] of each layer, as views of `flat`."""
        found, place = [], 0
        for before, size in pairwise(self.sizes):
            weights = flat[place : place + size * before].reshape(size, before)
            place += size * before
            found.append((weights, flat[place : place + size]))
            place += size
        return found

    def save(self, path: Path) -> None:
        np.savez(path, **asdict(self))

    @classmethod
    def read(cls, path: Path) -> "Work":
        with np.load(path) as f:
            return cls(
                name=str(f["name"]),
                sizes=tuple(int(size) for size in f["sizes"]),
                activations=tuple(str(name) for name in f["activations"]),
                batch=int(f["batch"]),
                learning_rate=float(f["learning_rate"]),
                data=str(f["data"]),
                inputs=f["inputs"],
                targets=f["targets"],
                start=f["start"],
            )


Samples = tuple[str, np.ndarray, np.ndarray]


def or_points() -> Samples:
    inputs = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return "OR, 4 samples", inputs, np.array([[0.0], [1.0], [1.0], [1.0]])


def xor_points() -> Samples:
    _, inputs, _ = or_points()
    return "XOR, 4 samples", inputs, np.array([[0.0], [1.0], [1.0], [0.0]])


def spirals() -> Samples:
    draw = np.random.default_rng(5)
    turn = np.linspace(0.05, 1.0, 250)
    angle = 3.5 * np.pi * turn
    arm = np.column_stack([turn * np.sin(angle), turn * np.cos(angle)])
    inputs = np.concatenate([arm, -arm]) + draw.normal(scale=0.02, size=(500, 2))
    targets = np.repeat([0.9, -0.9], 250)[:, None]
    order = draw.permutation(500)
    return "two seeded spirals, 500 samples", inputs[order], targets[order]


def iris() -> Samples:
    try:
        from sklearn.datasets import load_iris
    except ImportError:
        return random_classes(150, 4, 3, zeros=0.0)
    features, classes = load_iris(return_X_y=True)
    features = (features - features.mean(axis=0)) / features.std(axis=0)
    order = np.random.default_rng(6).permutation(150)
    return "scikit-learn's iris, 150 samples", features[order], np.eye(3)[classes[order]]


def digits() -> Samples:
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        return random_classes(1792, 64, 10, zeros=0.5)
    pixels, classes = load_digits(return_X_y=True)
    return "scikit-learn's digits, 1792 of them", pixels[:1792] / 16, np.eye(10)[classes[:1792]]


def mnist_like() -> Samples:
    """As many zeros as MNIST has (81 %), but scattered instead of around a digit."""
    return random_classes(10_000, 784, 10, zeros=0.8)


def random_classes(samples: int, size: int, classes: int, zeros: float) -> Samples:
    draw = np.random.default_rng(7)
    inputs = draw.random((samples, size))
    inputs[draw.random((samples, size)) < zeros] = 0.0
    targets = np.eye(classes)[draw.integers(classes, size=samples)]
    return f"{samples} seeded random samples, {zeros:.0%} of the inputs zero", inputs, targets


TANH3, TANH_SIGMOID, RELU_SIGMOID = ("tanh",) * 3, ("tanh", "sigmoid"), ("relu", "sigmoid")
ROWS = {
    "neuron_online": ((2, 1), ("sigmoid",), 1, 0.1, or_points),
    "xor_online": ((2, 4, 1), TANH_SIGMOID, 1, 0.1, xor_points),
    "xor_full": ((2, 4, 1), TANH_SIGMOID, 4, 0.1, xor_points),
    "spiral_online": ((2, 8, 8, 1), TANH3, 1, 0.01, spirals),
    "spiral_batch10": ((2, 8, 8, 1), TANH3, 10, 0.01, spirals),
    "iris_online": ((4, 16, 3), TANH_SIGMOID, 1, 0.01, iris),
    "iris_full": ((4, 16, 3), TANH_SIGMOID, 150, 0.01, iris),
    "digits_online": ((64, 32, 10), RELU_SIGMOID, 1, 0.01, digits),
    "digits_batch32": ((64, 32, 10), RELU_SIGMOID, 32, 0.01, digits),
    "mnist_online": ((784, 128, 10), RELU_SIGMOID, 1, 0.01, mnist_like),
    "mnist_batch50": ((784, 128, 10), RELU_SIGMOID, 50, 0.01, mnist_like),
}


def make(name: str, samples: Samples | None = None) -> Work:
    """The row of this name (KeyError if there is none), on its own samples or others."""
    sizes, activations, batch, learning_rate, own = ROWS[name]
    data, inputs, targets = samples or own()
    draw = np.random.default_rng(8)
    parts = []
    for before, size in pairwise(sizes):
        parts.append(draw.uniform(-1, 1, size * before) / np.sqrt(before))
        parts.append(draw.uniform(-0.1, 0.1, size))
    return Work(
        name, sizes, activations, batch, learning_rate, data,
        np.ascontiguousarray(inputs, np.float64), np.ascontiguousarray(targets, np.float64),
        np.concatenate(parts),
    )  # fmt: skip


if __name__ == "__main__":
    make(sys.argv[1]).save(Path(sys.argv[2]))
