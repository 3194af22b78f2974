"""scikit-learn's handwritten digits, from its package: 64-32-10 learns them within seconds."""

import time

import numpy as np
import pytest
from sklearn.datasets import load_digits

import nnsim
from nnsim import Document, Network, Samples, Settings
from nnsim.engine.initializers import with_start_weights

EPOCHS, BATCH, TRAINED = 80, 32, 1437
STEPS = EPOCHS * -(-TRAINED // BATCH)
SETTINGS = Settings(
    learning_rate=0.2,
    loss="softmax_cross_entropy",
    optimizer="momentum",
    batch_size=BATCH,
    shuffle=True,
    l2=1e-3,
    schedule="cosine",
    schedule_steps=STEPS,
    schedule_factor=0.01,
    initializer="he",
)
SPLITS = 10
"""Which 360 of the 1,797 are held back is drawn: some draws are harder than others, for any
settings that were tried. One digit of them is 0.28 percent."""


@pytest.fixture(scope="module")
def digits():
    return load_digits()


def document_for(digits, split):
    order = np.random.default_rng(split).permutation(len(digits.data))
    trained, unseen = order[:TRAINED], order[TRAINED:]
    inputs = digits.data / 16.0
    network = Network.dense([64, 32, 10], ["relu", "softmax"], biases=[[0] * 32, [0] * 10])
    return Document(
        with_start_weights(network, SETTINGS),
        Samples.of_classes(inputs[trained], digits.target[trained]),
        SETTINGS,
        validation=Samples.of_classes(inputs[unseen], digits.target[unseen]),
    )


def test_97_percent_of_unseen_digits_are_read_right(digits):
    document = document_for(digits, 0)
    assert nnsim.metrics(document, validation=True).accuracy < 0.3
    began = time.process_time()

    run = nnsim.train(document, STEPS)

    assert time.process_time() - began < 10
    assert run.stopped is None
    assert run.document.position.epoch == EPOCHS
    assert nnsim.metrics(run.document, validation=True).accuracy >= 0.97
    assert nnsim.metrics(run.document).accuracy == 1.0


def test_it_does_not_depend_on_which_digits_are_held_back(digits):
    accuracies = []
    for split in range(SPLITS):
        run = nnsim.train(document_for(digits, split), STEPS)
        accuracies.append(nnsim.metrics(run.document, validation=True).accuracy)

    assert np.mean(accuracies) >= 0.975
    assert min(accuracies) >= 0.96
