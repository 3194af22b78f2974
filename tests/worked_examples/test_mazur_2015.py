"""Matt Mazur, “A Step by Step Backpropagation Example”, 2015: 2-2-2, sigmoid, E = ½ Σ (t − o)².

https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/
Printed to nine digits, rounded. The biases stay as they are.

Errata. The first round's new weights are right, but not the error printed after it, 0.291027924,
nor the outputs printed after 10,000 rounds, 0.015912196 and 0.984065734: these follow from carrying
the error back through output weights that are already changed, which the page itself warns of. By
its own rule they are 0.291027774, 0.015913620 and 0.984064274. The 0.0000351085 printed as the
error after 10,000 rounds is the error that the last of these rounds starts from. The part of the
error that comes back from o2 is −0.019049118, printed with a 9 at its end; and the sum of h1 is
once written with w3 for w2.
"""

import numpy as np
import pytest

from nnsim import Document, Network, Samples, Settings, train
from tests.worked_examples.as_printed import of_layer, rounded


@pytest.fixture
def document():
    network = Network.dense(
        [2, 2, 2],
        ["sigmoid", "sigmoid"],
        [[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]],
        [[0.35, 0.35], [0.60, 0.60]],
    )
    settings = Settings(learning_rate=0.5, train_biases=False)
    return Document(network, Samples([[0.05, 0.10]], [[0.01, 0.99]]), settings)


def test_the_forward_pass(document):
    trace = document.trace()

    assert rounded([trace.neuron(1, 0).sum], 4) == ["0.3775"]
    assert rounded(of_layer(trace, 1, "output"), 9) == ["0.593269992", "0.596884378"]
    assert rounded([trace.neuron(2, 0).sum], 9) == ["1.105905967"]
    assert rounded(trace.outputs, 9) == ["0.751365070", "0.772928465"]
    assert rounded([trace.loss], 9) == ["0.298371109"]


def test_the_factors_of_the_delta_of_w5(document):
    trace = document.trace()
    factors = trace.factors(trace.network.refs_into(2, 0)[0])

    assert rounded([factors.error, factors.slope], 9) == ["0.741365070", "0.186815602"]
    assert rounded([factors.source, factors.delta], 9) == ["0.593269992", "0.082167041"]


def test_the_error_comes_back_to_the_first_hidden_neuron_on_two_ways(document):
    trace = document.trace()
    ways = [path.contribution for path in trace.back_paths(1, 0)]

    assert rounded([trace.neuron(2, 0).signal], 9) == ["0.138498562"]
    assert rounded(ways, 9) == ["0.055399425", "-0.019049118"]
    assert rounded([trace.neuron(1, 0).error], 9) == ["0.036350306"]
    assert rounded([trace.neuron(1, 0).slope], 9) == ["0.241300709"]
    assert rounded([trace.factors(trace.network.refs_into(1, 0)[0]).delta], 9) == ["0.000438568"]


def test_the_new_weights(document):
    hidden, outputs = train(document, 1).document.network.weights

    assert rounded(outputs[0], 9) == ["0.358916480", "0.408666186"]
    assert rounded(outputs[1], 9) == ["0.511301270", "0.561370121"]
    assert rounded(hidden[0, 0], 9) == ["0.149780716"]
    assert rounded([hidden[0, 1], hidden[1, 0], hidden[1, 1]], 8) == [
        "0.19956143", "0.24975114", "0.29950229",
    ]  # fmt: skip


def test_the_error_after_the_first_round_is_a_misprint(document):
    assert rounded([train(document, 1).document.trace().loss], 9) == ["0.291027774"]


def test_ten_thousand_rounds(document):
    run = train(document, 10_000)
    last = run.document.trace()

    assert rounded([run.losses[-1]], 10) == ["0.0000351085"]
    assert rounded(last.outputs, 9) == ["0.015913620", "0.984064274"]


def test_the_misprints_follow_from_weights_changed_too_early():
    """The same by hand, carrying the error back through the changed weights of the outputs."""
    assert rounded([too_early(1)[0]], 9) == ["0.291027924"]
    assert rounded(too_early(10_000)[1:], 9) == ["0.015912196", "0.984065734"]


def too_early(rounds):
    """E and the outputs after so many rounds of that slip, in plain arrays."""
    x, t = np.array([0.05, 0.10]), np.array([0.01, 0.99])
    hidden, outputs = np.array([[0.15, 0.20], [0.25, 0.30]]), np.array([[0.40, 0.45], [0.50, 0.55]])
    for done in range(rounds + 1):
        h = 1 / (1 + np.exp(-(hidden @ x + 0.35)))
        o = 1 / (1 + np.exp(-(outputs @ h + 0.60)))
        if done == rounds:
            break
        signal = (o - t) * o * (1 - o)
        outputs = outputs - 0.5 * np.outer(signal, h)
        hidden = hidden - 0.5 * np.outer((signal @ outputs) * h * (1 - h), x)
    return 0.5 * np.square(o - t).sum(), *o
