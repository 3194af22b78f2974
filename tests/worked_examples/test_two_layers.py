"""A 2-2-2 sigmoid network whose forward pass is printed, and its gradients derived anew.

Source of the forward numbers: “A step by step forward pass and backpropagation example”
(theneuralblog). It truncates after five decimals, it does not round. E = Σ ½ (expected − output)².
"""

from math import exp

import pytest

from nnsim import Document, Network, ParameterRef, Samples, Settings, train
from nnsim.engine.gradcheck import check_gradients

I1, I2 = 0.1, 0.5
T1, T2 = 0.05, 0.95
W = {"h11": 0.1, "h12": 0.3, "h21": 0.2, "h22": 0.4, "o11": 0.5, "o12": 0.6, "o21": 0.7, "o22": 0.8}
BH, BO = 0.25, 0.35


@pytest.fixture
def document():
    network = Network.dense(
        [2, 2, 2],
        activations=["sigmoid", "sigmoid"],
        weights=[[[W["h11"], W["h12"]], [W["h21"], W["h22"]]],
                 [[W["o11"], W["o12"]], [W["o21"], W["o22"]]]],
        biases=[[BH, BH], [BO, BO]],
    )  # fmt: skip
    return Document(network, Samples([[I1, I2]], [[T1, T2]]), Settings(learning_rate=0.6))


def truncated(value):
    return f"{int(value * 1e5) / 1e5:.5f}"


def sigmoid(z):
    return 1 / (1 + exp(-z))


def by_hand():
    """Every number of one step, written out in plain Python without a loop or a matrix."""
    h1, h2 = (
        sigmoid(W["h11"] * I1 + W["h12"] * I2 + BH),
        sigmoid(W["h21"] * I1 + W["h22"] * I2 + BH),
    )
    o1, o2 = (
        sigmoid(W["o11"] * h1 + W["o12"] * h2 + BO),
        sigmoid(W["o21"] * h1 + W["o22"] * h2 + BO),
    )
    error1, error2 = o1 - T1, o2 - T2
    signal1, signal2 = error1 * o1 * (1 - o1), error2 * o2 * (1 - o2)
    back1 = W["o11"] * signal1 + W["o21"] * signal2
    back2 = W["o12"] * signal1 + W["o22"] * signal2
    hidden1, hidden2 = back1 * h1 * (1 - h1), back2 * h2 * (1 - h2)
    return {
        "outputs": [h1, h2, o1, o2],
        "errors": [back1, back2, error1, error2],
        "signals": [hidden1, hidden2, signal1, signal2],
        "loss": 0.5 * (error1**2 + error2**2),
        "gradient": [
            hidden1 * I1, hidden1 * I2, hidden2 * I1, hidden2 * I2, hidden1, hidden2,
            signal1 * h1, signal1 * h2, signal2 * h1, signal2 * h2, signal1, signal2,
        ],
    }  # fmt: skip


def test_the_hidden_outputs_are_printed(document):
    trace = document.trace()

    assert [truncated(trace.neuron(1, i).output) for i in range(2)] == ["0.60108", "0.61538"]


def test_the_outputs_are_printed(document):
    assert [truncated(output) for output in document.trace().outputs] == ["0.73492", "0.77955"]


def test_the_loss_is_printed(document):
    assert truncated(document.trace().loss) == "0.24908"


@pytest.mark.parametrize("part", ["output", "error", "signal"])
def test_every_neuron_agrees_with_the_derivation_by_hand(document, part):
    trace = document.trace()
    neurons = [trace.neuron(layer, i) for layer in (1, 2) for i in range(2)]

    found = [getattr(neuron, part) for neuron in neurons]
    assert found == pytest.approx(by_hand()[part + "s"], rel=1e-14, abs=1e-16)


def test_the_loss_agrees_with_the_derivation_by_hand(document):
    assert document.trace().loss == pytest.approx(by_hand()["loss"], rel=1e-14)


def test_every_gradient_agrees_with_the_derivation_by_hand(document):
    gradient = document.trace().back.gradient

    assert gradient.tolist() == pytest.approx(by_hand()["gradient"], rel=1e-14, abs=1e-16)


def test_every_gradient_agrees_with_finite_differences(document):
    check = check_gradients(document.network, document.samples.inputs, document.samples.expected)

    assert {row.verdict for row in check.rows} == {"agrees"}


def test_the_error_of_hidden1_comes_back_on_two_ways_by_the_old_weights(document):
    hand, paths = by_hand(), document.trace().back_paths(1, 0)

    assert [(path.name, path.weight) for path in paths] == [("output1", 0.5), ("output2", 0.7)]
    ways = [0.5 * hand["signals"][2], 0.7 * hand["signals"][3]]
    assert [path.contribution for path in paths] == pytest.approx(ways, rel=1e-14)
    assert sum(path.contribution for path in paths) == pytest.approx(hand["errors"][0], rel=1e-14)


def test_one_step_changes_each_weight_by_learning_rate_times_its_gradient(document):
    after = train(document, 1).document.network.parameters
    change = [-0.6 * gradient for gradient in by_hand()["gradient"]]

    expected = [old + by for old, by in zip(document.network.parameters, change, strict=True)]
    assert after.tolist() == pytest.approx(expected, rel=1e-14)


def test_a_weight_by_its_name(document):
    row = document.trace().factors(ParameterRef(2, 0, 0))

    assert (row.name, row.value) == ("hidden1 → output1", 0.5)
    assert row.delta == pytest.approx(by_hand()["gradient"][6], rel=1e-14)
