"""PyTorch, eager, float64, torch.optim.SGD, one thread."""

import numpy as np

from tests.bench.work import Work

SAME_RULE = True


def unavailable() -> str | None:
    try:
        import torch  # noqa: F401
    except ImportError as missing:
        return str(missing)
    return None


def version() -> str:
    import torch

    return f"torch {torch.__version__}"


class Trainer:
    def __init__(self, work: Work) -> None:
        import torch

        torch.set_num_threads(1)
        kinds = {"sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}
        self.work = work
        self.position = 0
        self.inputs, self.targets = torch.from_numpy(work.inputs), torch.from_numpy(work.targets)
        self.linears, parts = [], []
        for (weights, biases), name in zip(work.layers(work.start), work.activations, strict=True):
            linear = torch.nn.Linear(*weights.T.shape, dtype=torch.float64)
            linear.weight.data = torch.tensor(weights)
            linear.bias.data = torch.tensor(biases)
            self.linears.append(linear)
            parts += [linear, kinds[name]()]
        self.model = torch.nn.Sequential(*parts)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=work.learning_rate)

    def train(self, steps: int) -> None:
        batch, samples = self.work.batch, self.work.samples
        for _ in range(steps):
            rows = slice(self.position, self.position + batch)
            self.optimizer.zero_grad()
            difference = self.model(self.inputs[rows]) - self.targets[rows]
            (0.5 / batch * (difference * difference).sum()).backward()
            self.optimizer.step()
            self.position = (self.position + batch) % samples

    def parameters(self) -> np.ndarray:
        tensors = [t for linear in self.linears for t in (linear.weight, linear.bias)]
        return np.concatenate([tensor.detach().numpy().ravel() for tensor in tensors])
