"""Wikipedia, “Softmax function”, section “Example”: the softmax of (1, 2, 3, 4, 1, 2, 3).

https://en.wikipedia.org/wiki/Softmax_function. Printed to three digits, rounded.
"""

from nnsim import Document, Network, Samples
from tests.worked_examples.as_printed import rounded


def test_the_example():
    scores = [1, 2, 3, 4, 1, 2, 3]
    network = Network.dense([1, 7], ["softmax"], [[[score] for score in scores]])
    outputs = Document(network, Samples([[1]], [[0.0] * 7])).trace().outputs

    assert rounded(outputs, 3) == ["0.024", "0.064", "0.175", "0.475", "0.024", "0.064", "0.175"]
