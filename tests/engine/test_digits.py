"""scikit-learn's handwritten digits, from its package: 64-32-10 learns them within seconds."""

import numpy as np
from sklearn.datasets import load_digits

import nnsim
from nnsim import Document, Network, Samples, Settings
from nnsim.engine.initializers import with_start_weights

EPOCHS = 40


def test_97_percent_of_unseen_digits_are_read_right():
    digits = load_digits()
    order = np.random.default_rng(0).permutation(len(digits.data))
    trained, unseen = order[:1437], order[1437:]
    inputs = digits.data / 16.0
    settings = Settings(
        learning_rate=0.1,
        loss="softmax_cross_entropy",
        optimizer="momentum",
        batch_size=32,
        shuffle=True,
        l2=1e-4,
        initializer="glorot",
    )
    network = Network.dense([64, 32, 10], ["relu", "softmax"], biases=[[0] * 32, [0] * 10])
    document = Document(
        with_start_weights(network, settings),
        Samples.of_classes(inputs[trained], digits.target[trained]),
        settings,
        validation=Samples.of_classes(inputs[unseen], digits.target[unseen]),
    )
    assert nnsim.metrics(document, validation=True).accuracy < 0.3

    run = nnsim.train(document, EPOCHS * -(-len(trained) // 32))

    assert run.stopped is None
    assert run.document.position.epoch == EPOCHS
    assert nnsim.metrics(run.document, validation=True).accuracy >= 0.97
    assert nnsim.metrics(run.document).accuracy >= 0.99
