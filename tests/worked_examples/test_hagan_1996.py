"""Martin Hagan, Howard Demuth and Mark Beale, “Neural Network Design”, 1996, chapters 10 and 11.

Both take steepest descent on the squared error (t − a)², without a half. Chapter 10: an ADALINE
(one linear neuron, no bias) by Widrow and Hoff's LMS rule, printed exactly. Chapter 11: a 1-2-1
network that approximates 1 + sin(π/4 · p), one step at p = 1; printed to three digits, rounded. Its
sensitivities s are our error signals.
"""

from math import pi, sin

import pytest

from nnsim import Document, Network, Samples, Settings, train
from tests.worked_examples.as_printed import of_layer, rounded


@pytest.fixture
def adaline():
    """An orange (1, −1, −1) is −1, an apple (1, 1, −1) is 1; presented in turn, α = 0.2."""
    network = Network.dense([3, 1], ["linear"])
    samples = Samples([[1, -1, -1], [1, 1, -1]], [[-1], [1]])
    return Document(network, samples, Settings(learning_rate=0.2, loss="squared"))


def test_the_outputs_and_errors_of_the_adaline(adaline):
    steps = [train(adaline, done).document.trace() for done in range(3)]

    assert rounded([step.outputs for step in steps], 2) == ["0.00", "-0.40", "-0.64"]
    assert rounded([-step.errors for step in steps], 2) == ["-1.00", "1.40", "-0.36"]


@pytest.mark.parametrize(
    ("steps", "weights"),
    [
        (1, ["-0.4000", "0.4000", "0.4000"]),
        (2, ["0.1600", "0.9600", "-0.1600"]),
        (3, ["0.0160", "1.1040", "-0.0160"]),
        (1000, ["0.0000", "1.0000", "0.0000"]),  # where it converges to
    ],
)
def test_the_weights_of_the_adaline(adaline, steps, weights):
    found = train(adaline, steps).document.network.weights[0]

    assert rounded(found.round(12) + 0.0, 4) == weights  # + 0.0: no −0


@pytest.fixture
def approximation():
    network = Network.dense(
        [1, 2, 1],
        ["sigmoid", "linear"],
        [[[-0.27], [-0.41]], [[0.09, -0.17]]],
        [[-0.48, -0.13], [0.48]],
    )
    samples = Samples([[1]], [[1 + sin(pi / 4)]])
    return Document(network, samples, Settings(learning_rate=0.1, loss="squared"))


def test_the_forward_pass(approximation):
    trace = approximation.trace()

    assert rounded(of_layer(trace, 1, "output"), 3) == ["0.321", "0.368"]
    assert rounded(trace.outputs, 3) == ["0.446"]
    assert rounded(-trace.errors, 3) == ["1.261"]


def test_the_sensitivities(approximation):
    trace = approximation.trace()

    assert rounded(of_layer(trace, 2, "signal"), 3) == ["-2.522"]
    assert rounded(of_layer(trace, 1, "slope"), 3) == ["0.218", "0.233"]
    assert rounded(of_layer(trace, 1, "signal"), 4) == ["-0.0495", "0.0997"]


def test_the_new_weights_and_biases(approximation):
    network = train(approximation, 1).document.network

    assert rounded(network.weights[1][0, 0], 3) == ["0.171"]
    assert rounded(network.weights[1][0, 1], 4) == ["-0.0772"]
    assert rounded(network.biases[1], 3) == ["0.732"]
    assert rounded(network.weights[0], 3) == ["-0.265", "-0.420"]
    assert rounded(network.biases[0], 3) == ["-0.475", "-0.140"]
