"""Makes torch_golden.json: ten random networks trained by PyTorch, to compare with.

Needs PyTorch, which the tests do not: run it in an environment of its own,

    python tests/worked_examples/make_torch_golden.py

and commit what it wrote. Plain SGD, one sample after another in the table's order, float64,
loss ½ Σ (output − expected)².
"""

import json
import random
from itertools import pairwise
from pathlib import Path

import torch

FUNCTIONS = {
    "linear": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
}
STEPS = 20


def draw_network(draw):
    sizes = [draw.randint(1, 4) for _ in range(draw.randint(2, 4))]
    layers = []
    for before, size in pairwise(sizes):
        weights = [[draw.uniform(-1, 1) for _ in range(before)] for _ in range(size)]
        biases = [draw.uniform(-1, 1) for _ in range(size)] if draw.random() < 0.7 else None
        names = [draw.choice(list(FUNCTIONS)) for _ in range(size)]
        layers.append({"activations": names, "weights": weights, "biases": biases})
    count = draw.randint(1, 5)
    inputs = [[draw.uniform(-1, 1) for _ in range(sizes[0])] for _ in range(count)]
    expected = [[draw.uniform(-1, 1) for _ in range(sizes[-1])] for _ in range(count)]
    rate = draw.choice([0.01, 0.1, 0.5])
    return {
        "sizes": sizes,
        "layers": layers,
        "inputs": inputs,
        "expected": expected,
        "learning_rate": rate,
    }


def feed_forward(network, tensors, inputs):
    signals = inputs
    for layer, (weights, biases) in zip(network["layers"], tensors, strict=True):
        sums = weights @ signals
        if biases is not None:
            sums = sums + biases
        signals = torch.stack(
            [FUNCTIONS[name](z) for name, z in zip(layer["activations"], sums, strict=True)]
        )
    return signals


def train(network):
    """Add to the network what PyTorch makes of it: the losses and the weights at the end."""
    tensors = [
        (
            torch.tensor(layer["weights"], dtype=torch.float64, requires_grad=True),
            None
            if layer["biases"] is None
            else torch.tensor(layer["biases"], dtype=torch.float64, requires_grad=True),
        )
        for layer in network["layers"]
    ]
    flat = [tensor for pair in tensors for tensor in pair if tensor is not None]
    optimizer = torch.optim.SGD(flat, lr=network["learning_rate"])
    losses = []
    for step in range(STEPS):
        row = step % len(network["inputs"])
        inputs, expected = (
            torch.tensor(network[name][row], dtype=torch.float64) for name in ("inputs", "expected")
        )
        loss = 0.5 * ((feed_forward(network, tensors, inputs) - expected) ** 2).sum()
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    trained = [
        {"weights": weights.tolist(), "biases": None if biases is None else biases.tolist()}
        for weights, biases in tensors
    ]
    return {**network, "losses": losses, "trained": trained}


def main():
    draw = random.Random(20)
    networks = [train(draw_network(draw)) for _ in range(10)]
    golden = {"torch": torch.__version__, "steps": STEPS, "networks": networks}
    path = Path(__file__).with_name("torch_golden.json")
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
