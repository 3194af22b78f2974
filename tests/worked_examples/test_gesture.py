"""The 3-2-2 gesture network: linear, without biases, two directions of a hand.

Source of the readings and settings: the TinySpark course (J. Siderius). Proximity readings divided
by 100 go in; out come “moving closer” and “moving away”.
"""

import numpy as np
import pytest

from nnsim import Document, Network, Samples, Settings, train
from nnsim.engine.forward import forward
from nnsim.engine.gradcheck import check_gradients
from nnsim.engine.initializers import with_uniform_weights

CLOSER = [
    (0, 35.5, 120.1), (2.625, 33.375, 127.875), (19, 56.375, 127.875),
    (47.875, 51.375, 127.875), (40.125, 89.375, 127.875),
]  # fmt: skip
AWAY = [
    (104.54, 2.375, 0), (127.875, 33.625, 5.4), (120.3, 39.125, 0),
    (127.875, 103.25, 23.8), (127.875, 29.25, 0),
]  # fmt: skip


@pytest.fixture
def document():
    network = Network.dense([3, 2, 2], activations=["linear", "linear"])
    samples = Samples(np.array(CLOSER + AWAY) / 100, [[1, 0]] * 5 + [[0, 1]] * 5)
    settings = Settings(learning_rate=0.01, shuffle=True, seed=7, start_range=0.1)
    return Document(with_uniform_weights(network, -0.1, 0.1, seed=7), samples, settings)


def test_after_100_epochs_every_gesture_is_told_apart(document):
    run = train(document, 100 * len(document.samples))
    outputs = forward(run.document.network, document.samples.inputs).outputs

    assert run.stopped is None
    assert outputs.argmax(axis=1).tolist() == [0] * 5 + [1] * 5


def test_each_epoch_visits_every_gesture_once_in_another_order(document):
    epochs = train(document, 30).samples.reshape(3, 10)

    assert [sorted(epoch) for epoch in epochs.tolist()] == [list(range(10))] * 3
    assert len({tuple(epoch) for epoch in epochs.tolist()}) == 3


def test_its_gradients_agree_with_finite_differences(document):
    check = check_gradients(document.network, document.samples.inputs, document.samples.expected)

    assert {row.verdict for row in check.rows} == {"agrees"}
