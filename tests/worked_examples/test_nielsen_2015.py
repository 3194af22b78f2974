"""Michael Nielsen, “Neural Networks and Deep Learning”, 2015, chapters 1 and 3.

http://neuralnetworksanddeeplearning.com/chap3.html, “The cross-entropy cost function”: one sigmoid
neuron that is to learn 1 → 0, C = (y − a)²/2, η = 0.15, 300 epochs. Printed to two digits. Chapter
1 prints a perceptron that is a NAND gate: weights −2 and −2, bias 3.
"""

import pytest

from nnsim import Document, Network, Samples, Settings, train
from tests.worked_examples.as_printed import rounded


def neuron(weight, bias, **settings):
    network = Network.dense([1, 1], ["sigmoid"], [[[weight]]], [[bias]])
    return Document(network, Samples([[1]], [[0]]), Settings(**settings))


@pytest.mark.parametrize(("weight", "bias", "printed"), [(0.6, 0.9, "0.82"), (2.0, 2.0, "0.98")])
def test_the_initial_output(weight, bias, printed):
    assert rounded(neuron(weight, bias).trace().outputs, 2) == [printed]


def test_the_neuron_that_starts_well_comes_to_about_009():
    learned = train(neuron(0.6, 0.9, learning_rate=0.15), 300)

    assert rounded(learned.document.trace().outputs, 2) == ["0.09"]


def test_the_neuron_that_starts_badly_hardly_learns_for_150_epochs():
    """“The weights and biases don't change much at all. Then the learning kicks in.”"""
    run = train(neuron(2.0, 2.0, learning_rate=0.15), 300)
    outputs = (2 * run.losses) ** 0.5

    assert outputs[150] > 0.93
    assert run.document.trace().outputs[0] < 0.21


def test_the_derivatives_by_the_weight_and_by_the_bias_are_the_output_times_the_slope():
    """Equations 55 and 56, with x = 1 and y = 0; and for the cross-entropy, 61, σ(z) − y."""
    quadratic = neuron(2.0, 2.0).trace()
    cross_entropy = neuron(2.0, 2.0, loss="binary_cross_entropy").trace()
    a = quadratic.outputs[0]

    assert quadratic.back.gradient.tolist() == pytest.approx([a * a * (1 - a)] * 2, rel=1e-14)
    assert cross_entropy.back.gradient.tolist() == pytest.approx([a, a], rel=1e-14)


def test_the_nand_gate():
    network = Network.dense([2, 1], ["threshold"], [[[-2, -2]]], [[3]])
    samples = Samples([[0, 0], [0, 1], [1, 0], [1, 1]], [[1], [1], [1], [0]])
    traces = [Document(network, samples).trace(sample) for sample in range(4)]

    assert [trace.neuron(1, 0).sum for trace in traces] == [3, 1, 1, -1]
    assert [trace.outputs[0] for trace in traces] == [1, 1, 1, 0]
