"""Training agrees with PyTorch's on ten networks (make_torch_golden.py wrote down its numbers)."""

import json
from pathlib import Path

import pytest

from nnsim import Document, Network, Samples, Settings, train

GOLDEN = json.loads(Path(__file__).with_name("torch_golden.json").read_text(encoding="utf-8"))
every_network = pytest.mark.parametrize("golden", GOLDEN["networks"], ids=lambda g: str(g["sizes"]))


def trained(golden):
    layers = golden["layers"]
    network = Network.dense(
        golden["sizes"],
        [layer["activations"] for layer in layers],
        [layer["weights"] for layer in layers],
        [layer["biases"] for layer in layers],
    )
    samples = Samples(golden["inputs"], golden["expected"])
    settings = Settings(learning_rate=golden["learning_rate"])
    return train(Document(network, samples, settings), GOLDEN["steps"])


@every_network
def test_the_losses_agree(golden):
    assert trained(golden).losses.tolist() == pytest.approx(golden["losses"], rel=1e-10, abs=1e-14)


@every_network
def test_the_weights_agree_after_all_steps(golden):
    network = trained(golden).document.network

    for weights, biases, layer in zip(
        network.weights, network.biases, golden["trained"], strict=True
    ):
        for row, by_torch in zip(weights.tolist(), layer["weights"], strict=True):
            assert row == pytest.approx(by_torch, rel=1e-10, abs=1e-14)
        if biases is not None:
            assert biases.tolist() == pytest.approx(layer["biases"], rel=1e-10, abs=1e-14)
