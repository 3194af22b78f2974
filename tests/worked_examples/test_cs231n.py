"""Stanford's course CS231n (Andrej Karpathy and others): softmax and its cross-entropy.

Notes: https://cs231n.github.io/linear-classify/ (“Softmax classifier”, “SVM vs. Softmax”) and
https://cs231n.github.io/neural-networks-case-study/; slides of lecture 3. Printed to two or three
digits, rounded.

Errata. The slides of 2016 print the loss −log(0.13) of the cat as 0.89, the logarithm to base 10;
those of 2019 have the right 2.04. The case study writes its first loss 1.1 as np.log(1.0/3), which
is −1.1. The notes print e¹ = 2.71 (2.72), and p = (0.9, 0.09, 0.01) beside the scores
(12.5, 0.6, −23.0), whose softmax is (1.00, 0.00, 0.00).
"""

from math import log, log10

import pytest

from nnsim import Document, Network, Samples, Settings
from tests.worked_examples.as_printed import of_layer, rounded


def classifier(scores, right=0):
    """A softmax layer whose sums are the scores, for the right class."""
    network = Network.dense([1, len(scores)], ["softmax"], [[[score] for score in scores]])
    expected = [float(index == right) for index in range(len(scores))]
    return Document(network, Samples([[1]], [expected]), Settings(loss="softmax_cross_entropy"))


@pytest.mark.parametrize(
    ("scores", "printed"),
    [
        ([1, -2, 0], ["0.71", "0.04", "0.26"]),  # printed 0.7
        ([0.5, -1, 0], ["0.55", "0.12", "0.33"]),
        ([12.5, 0.6, -23.0], ["1.00", "0.00", "0.00"]),  # printed 0.9, 0.09, 0.01
        ([3.2, 5.1, -1.7], ["0.13", "0.87", "0.00"]),
    ],
)
def test_probabilities(scores, printed):
    assert rounded(classifier(scores).trace().outputs, 2) == printed


def test_the_image_with_four_pixels():
    """The figure of “SVM vs. Softmax”: scores Wx + b, and the loss for class 2 of 0, 1, 2."""
    weights = [[[0.01, -0.05, 0.1, 0.05], [0.7, 0.2, 0.05, 0.16], [0.0, -0.45, -0.2, 0.03]]]
    network = Network.dense([4, 3], ["softmax"], weights, [[0.0, 0.2, -0.3]])
    samples = Samples([[-15, 22, -44, 56]], [[0, 0, 1]])
    trace = Document(network, samples, Settings(loss="softmax_cross_entropy")).trace()

    assert rounded(of_layer(trace, 1, "sum"), 2) == ["-2.85", "0.86", "0.28"]
    assert rounded([trace.loss], 2) == ["1.04"]


def test_the_cat_whose_loss_was_printed_to_base_10():
    trace = classifier([3.2, 5.1, -1.7]).trace()

    assert rounded([trace.loss], 2) == ["2.04"]
    assert rounded([-log10(trace.outputs[0])], 2) == ["0.89"]


def test_the_first_loss_of_three_equal_classes():
    loss = classifier([0, 0, 0]).trace().loss

    assert rounded([loss, -log(1 / 3)], 1) == ["1.1", "1.1"]


def test_the_gradient_on_the_scores():
    """p = (0.2, 0.3, 0.5) and the middle class is right: df = (0.2, −0.7, 0.5)."""
    trace = classifier([log(0.2), log(0.3), log(0.5)], right=1).trace()

    assert rounded(trace.outputs, 1) == ["0.2", "0.3", "0.5"]
    assert rounded(of_layer(trace, 1, "signal"), 1) == ["0.2", "-0.7", "0.5"]
