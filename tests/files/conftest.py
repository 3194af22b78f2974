"""What the tests of files share: a document, and the text that the refusal of a file has."""

import numpy as np
import pytest

import nnsim
from nnsim.errors import BadFile


@pytest.fixture
def document():
    """A 2-2-1 network half way through its samples, with start weights of its own."""
    layers = {"activations": [["tanh", "relu"], "sigmoid"], "biases": [[0.0, -0.0], [1 / 3]]}
    start = nnsim.Network.dense(
        [2, 2, 1], weights=[[[0.1, 0.2], [0.3, 0.4]], [[0.5, 0.6]]], **layers
    )
    network = start.with_parameters(np.array([-0.0, 5e-324, 1.7e308, 0.1 + 0.2, 1, 2, 3, 4, -5]))
    return nnsim.Document(
        network,
        nnsim.Samples([[0, 1], [2, 1e-300]], [[0], [1]]),
        nnsim.Settings(learning_rate=0.1, shuffle=True, seed=2**53 - 1, start_range=0.5),
        start,
        nnsim.Position(3, 1, 1),
        "Über “alles” × 2",
        "an example of tomorrow",
    )


@pytest.fixture
def refusal():
    """Return the sentence with which a call refuses a file; it has to be one line and name it."""

    def refusal(call, *arguments, name):
        with pytest.raises(BadFile) as caught:
            call(*arguments)
        text = str(caught.value)
        assert text.startswith(f"{name}: ")
        assert len(text.splitlines()) == 1
        return text

    return refusal
