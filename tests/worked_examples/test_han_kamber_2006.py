"""Jiawei Han and Micheline Kamber, “Data Mining: Concepts and Techniques”, 2nd edition, 2006.

The sample calculation of backpropagation, example 6.9 (example 9.1 of the 3rd edition, with Jian
Pei, 2012): 3-2-1, sigmoid, learning rate 0.9, inputs 1, 0, 1, class 1. Printed to three digits
(errors to four). Its Err_j is minus our error signal.

Errata. The printed Err_6 = 0.1311 was calculated from the output rounded to 0.474; it is 0.1312. A
reprint of the tables in lecture notes of 2011 has 1/(1 + e^0.1) as the output of unit 5, for
1/(1 + e^−0.1), which is the 0.525 beside it.
"""

import pytest

from nnsim import Document, Network, Samples, Settings, train
from tests.worked_examples.as_printed import of_layer, rounded


@pytest.fixture
def document():
    network = Network.dense(
        [3, 2, 1],
        ["sigmoid", "sigmoid"],
        [[[0.2, 0.4, -0.5], [-0.3, 0.1, 0.2]], [[-0.3, -0.2]]],
        [[-0.4, 0.2], [0.1]],
    )
    return Document(network, Samples([[1, 0, 1]], [[1]]), Settings(learning_rate=0.9))


def test_the_net_inputs_and_outputs(document):
    trace = document.trace()

    assert rounded(of_layer(trace, 1, "sum"), 1) == ["-0.7", "0.1"]
    assert rounded(of_layer(trace, 1, "output"), 3) == ["0.332", "0.525"]
    assert rounded(of_layer(trace, 2, "sum"), 3) == ["-0.105"]
    assert rounded(trace.outputs, 3) == ["0.474"]


def test_the_errors_of_the_units(document):
    trace = document.trace()
    errors = [-signal for layer in (1, 2) for signal in of_layer(trace, layer, "signal")]

    assert rounded(errors, 4) == ["-0.0087", "-0.0065", "0.1312"]
    assert rounded([0.474 * (1 - 0.474) * (1 - 0.474)], 4) == ["0.1311"]  # as the book has it


def test_the_new_weights_and_biases(document):
    network = train(document, 1).document.network

    assert rounded(network.weights[1], 3) == ["-0.261", "-0.138"]  # w46, w56
    assert rounded(network.weights[0][0], 3) == ["0.192", "0.400", "-0.508"]  # w14, w24, w34
    assert rounded(network.weights[0][1], 3) == ["-0.306", "0.100", "0.194"]  # w15, w25, w35
    assert rounded(network.biases[0], 3) == ["-0.408", "0.194"]  # θ4, θ5
    assert rounded(network.biases[1], 3) == ["0.218"]  # θ6
