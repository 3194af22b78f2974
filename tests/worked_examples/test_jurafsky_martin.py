"""Dan Jurafsky and James Martin, “Speech and Language Processing”, 3rd edition draft.

https://web.stanford.edu/~jurafsky/slp3/ (drafts of 2019 and later), “Logistic Regression”: the
sentiment of a review by six features, its cross-entropy, and one step of gradient descent; “Neural
Networks”: one unit, and a softmax. Printed to two digits mostly, rounded.
"""

import pytest

from nnsim import Document, Network, Samples, Settings, train
from tests.worked_examples.as_printed import rounded


def review(is_positive):
    weights = [[[2.5, -5.0, -1.2, 0.5, 2.0, 0.7]]]
    network = Network.dense([6, 1], ["sigmoid"], weights, [[0.1]])
    samples = Samples([[3, 2, 1, 3, 0, 4.19]], [[is_positive]])
    return Document(network, samples, Settings(loss="binary_cross_entropy")).trace()


def test_the_probability_of_a_positive_review():
    trace = review(1)

    assert rounded([trace.neuron(1, 0).sum], 3) == ["0.833"]
    assert rounded([trace.outputs[0], 1 - trace.outputs[0]], 2) == ["0.70", "0.30"]


@pytest.mark.parametrize(("is_positive", "digits", "printed"), [(1, 2, "0.36"), (0, 1, "1.2")])
def test_its_cross_entropy(is_positive, digits, printed):
    assert rounded([review(is_positive).loss], digits) == [printed]


def test_one_step_of_gradient_descent():
    """x = (3, 2), y = 1, all parameters 0, η = 0.1."""
    network = Network.dense([2, 1], ["sigmoid"], biases=[[0]])
    settings = Settings(loss="binary_cross_entropy", learning_rate=0.1)
    document = Document(network, Samples([[3, 2]], [[1]]), settings)

    assert rounded(document.trace().back.gradient, 1) == ["-1.5", "-1.0", "-0.5"]
    assert rounded(train(document, 1).document.network.parameters, 2) == ["0.15", "0.10", "0.05"]


def test_one_unit():
    network = Network.dense([3, 1], ["sigmoid"], [[[0.2, 0.3, 0.9]]], [[0.5]])
    trace = Document(network, Samples([[0.5, 0.6, 0.1]], [[0]])).trace()

    assert rounded([trace.neuron(1, 0).sum, trace.outputs[0]], 2) == ["0.87", "0.70"]


def test_a_softmax_of_six():
    scores = [0.6, 1.1, -1.5, 1.2, 3.2, -1.1]
    network = Network.dense([1, 6], ["softmax"], [[[score] for score in scores]])
    outputs = Document(network, Samples([[1]], [[0, 0, 0, 0, 1, 0]])).trace().outputs

    printed = ["0.055", "0.090", "0.0067", "0.10", "0.74", "0.010"]
    assert [
        f"{output:.{len(text) - 2}f}" for output, text in zip(outputs, printed, strict=True)
    ] == printed
