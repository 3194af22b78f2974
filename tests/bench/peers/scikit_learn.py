"""scikit-learn's MLPRegressor, plain SGD by partial_fit, one call a batch.

Its output layer is linear, whatever the row says; its weights are held against plain numpy with a
linear output.
"""

import numpy as np

from tests.bench.work import Work

SAME_RULE = True
LINEAR_OUTPUT = True
HIDDEN = {"sigmoid": "logistic", "tanh": "tanh", "relu": "relu"}


def unavailable() -> str | None:
    try:
        import sklearn.neural_network  # noqa: F401
    except ImportError as missing:
        return str(missing)
    return None


def version() -> str:
    import sklearn

    return f"scikit-learn {sklearn.__version__}"


class Trainer:
    def __init__(self, work: Work) -> None:
        from sklearn.neural_network import MLPRegressor

        self.work = work
        self.position = 0
        self.model = MLPRegressor(
            hidden_layer_sizes=work.sizes[1:-1],
            activation=HIDDEN[work.activations[0]],
            solver="sgd",
            alpha=0.0,
            batch_size=work.batch,
            learning_rate_init=work.learning_rate,
            momentum=0.0,
            nesterovs_momentum=False,
            shuffle=False,
        )
        self.targets = work.targets.ravel() if work.sizes[-1] == 1 else work.targets
        # Only the first call makes the arrays; then they are set to the row's start.
        self.model.partial_fit(work.inputs[: work.batch], self.targets[: work.batch])
        self.set_start()

    def set_start(self) -> None:
        for i, (weights, biases) in enumerate(self.work.layers(self.work.start)):
            self.model.coefs_[i][...] = weights.T
            self.model.intercepts_[i][...] = biases

    def train(self, steps: int) -> None:
        batch, samples = self.work.batch, self.work.samples
        for _ in range(steps):
            rows = slice(self.position, self.position + batch)
            self.model.partial_fit(self.work.inputs[rows], self.targets[rows])
            self.position = (self.position + batch) % samples

    def parameters(self) -> np.ndarray:
        layers = zip(self.model.coefs_, self.model.intercepts_, strict=True)
        return np.concatenate([part for w, b in layers for part in (w.T.ravel(), b)])
