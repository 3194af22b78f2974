"""Alexander Schiendorfer, “A worked example of backpropagation”, 2020: 2-2-2, sigmoid, no biases.

https://alexander-schiendorfer.github.io/2020/02/24/a-worked-example-of-backprop.html
E = Σ (y − t)², the gradients of both samples added up, α = 0.5. Printed as Python printed them: to
16 digits, matrices to 8. Its matrices have a column for each neuron, ours a row.

Errata. The V printed after one update is that of α = 0.65, not of the 0.5 above it; the outputs and
losses printed after it are those of 0.5. The outputs “if we continue training for 200 epochs” are
those after 200 epochs from the start, the one before included.
"""

import pytest

from nnsim import Document, Network, Samples, Settings, train
from tests.worked_examples.as_printed import of_layer, rounded


def document_with(learning_rate):
    network = Network.dense(
        [2, 2, 2], ["sigmoid", "sigmoid"], [[[6, -2], [-3, 5]], [[1, 0.25], [-2, 2]]]
    )
    settings = Settings(
        learning_rate=learning_rate, loss="squared", batch_size=0, batch_reduction="sum"
    )
    return Document(network, Samples([[3, 1], [-1, 4]], [[1, 0], [0, 1]]), settings)


@pytest.fixture
def document():
    return document_with(0.5)


def approx(*printed):
    return pytest.approx(list(printed), rel=1e-14)


def test_the_forward_pass(document):
    trace = document.trace()

    assert trace.neuron(1, 0).sum == 16.0
    assert [trace.neuron(1, 0).output, trace.loss] == approx(
        0.9999998874648379, 0.08699208259994781
    )
    assert rounded(trace.outputs, 8) == ["0.73194171", "0.12303186"]


def test_the_errors_and_gradients_at_the_outputs(document):
    trace = document.trace()

    assert trace.errors.tolist() == approx(-0.2680582866305111, 0.12303185591001443)
    assert of_layer(trace, 2, "error") == approx(-0.5361165732610222, 0.24606371182002887)
    assert of_layer(trace, 2, "signal") == approx(-0.10518770232556676, 0.026549048699963138)


def test_the_gradients_of_the_weights(document):
    hidden, outputs = document.trace().weight_deltas()

    assert outputs[:, 0].tolist() == approx(-0.10518769048825163, 0.02654904571226164)
    assert outputs[:, 1].tolist() == approx(-0.0018919280994576303, 0.0004775167642113309)
    # 1 − h₁ has lost nine digits here, in the page's arithmetic as in ours
    assert hidden[0].tolist() == pytest.approx([-5.34381483665323e-08, -1.7812716122177433e-08])
    assert hidden[1].tolist() == approx(0.0014201436720081408, 0.0004733812240027136)


def test_the_error_carried_back_to_the_hidden_neurons(document):
    errors = of_layer(document.trace(), 1, "error")

    assert errors == approx(-0.15828579972549303, 0.026801171818534586)


def test_the_first_update(document):
    trained = train(document, 1).document
    first, second = trained.trace(0), trained.trace(1)

    assert rounded(first.outputs, 8) == ["0.74165987", "0.12162137"]
    assert rounded(second.outputs, 8) == ["0.52811432", "0.88207988"]
    before = [document.trace(sample).loss for sample in (0, 1)]
    assert rounded(before, 8) == ["0.08699208", "0.33025203"]
    assert rounded([first.loss, second.loss], 8) == ["0.08153138", "0.29280989"]


@pytest.mark.parametrize(
    ("learning_rate", "v"),
    [
        (0.65, ["1.06837185", "-2.01725687", "0.07134767", "2.01595986"]),  # printed
        (0.5, ["1.05259373", "-2.01327451", "0.11257513", "2.01227682"]),  # right
    ],
)
def test_the_misprinted_weights_after_the_first_update(learning_rate, v):
    network = train(document_with(learning_rate), 1).document.network

    assert rounded(network.weights[1].T, 8) == v


def test_200_epochs(document):
    trained = train(document, 200).document

    assert rounded(trained.trace(0).outputs, 8) == ["0.94607312", "0.04903031"]
    assert rounded(trained.trace(1).outputs, 8) == ["0.05606368", "0.95082381"]
