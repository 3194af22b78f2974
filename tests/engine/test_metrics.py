"""How good a network is: loss, errors and accuracy on small tables, by hand."""

import math

import numpy as np
import pytest
from hypothesis import given

import nnsim
from nnsim import Document, Network, Samples, Settings
from nnsim.engine.losses import LOSSES
from nnsim.engine.metrics import metrics_of
from nnsim.engine.step import sample_losses
from nnsim.errors import BadSamples
from tests.strategies import any_problems

SAME = Network.dense([2, 2], ["linear"], [[[1, 0], [0, 1]]])  # the outputs are the inputs
ONE = Network.dense([1, 1], ["linear"], [[[1]]])


def test_by_hand():
    found = metrics_of(
        SAME, np.array([[1.0, 0], [0.2, 0.4], [0.9, 0.3]]), np.array([[1.0, 0], [0, 1], [0, 1]])
    )

    assert found.loss == pytest.approx((0 + (0.04 + 0.36) / 2 + (0.81 + 0.49) / 2) / 3)
    assert found.errors == pytest.approx([(0 + 0.2 + 0.9) / 3, (0 + 0.6 + 0.7) / 3])
    assert found.accuracy == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("expected", "outputs", "accuracy"),
    [
        ([0, 1, 1, 0], [0.4, 0.6, 0.4, -3], 3 / 4),
        ([-1, 1], [-0.1, 0.1], 1.0),
        ([-1, 1], [0.1, -0.1], 0.0),
        ([0, 10], [4.9, 5.1], 1.0),
        ([0, 1], [0.5, 0.5], 0.5),
    ],
)
def test_one_output_is_right_on_its_side_of_the_middle(expected, outputs, accuracy):
    found = metrics_of(ONE, np.array(outputs)[:, None], np.array(expected)[:, None])

    assert found.accuracy == accuracy


@pytest.mark.parametrize(
    ("activation", "loss", "trained", "output", "expected", "accuracy"),
    [
        ("sigmoid", "half_squared", [0, 1], 0.018, 1, 0.0),  # of validation samples of one class
        ("sigmoid", "half_squared", [0, 1], 0.982, 1, 1.0),
        ("linear", "half_squared", [0, 1], 1.2, 1, 1.0),
        ("linear", "half_squared", [0, 10], 4.9, 10, 0.0),
        ("tanh", "half_squared", [0, 1], 0.4, 1, 0.0),  # what it is trained on comes first
        ("sigmoid", "binary_cross_entropy", [1, 1], 0.4, 1, 0.0),  # one class: the loss decides
        ("sigmoid", "half_squared", [], 0.4, 1, 0.0),
        ("sigmoid", "half_squared", [], 0.6, 1, 1.0),
        ("linear", "hinge", [1], 0.1, 1, 1.0),
        ("linear", "hinge", [1], -0.1, 1, 0.0),
        ("tanh", "half_squared", [-1], 0.1, 1, 1.0),
        ("bipolar_sigmoid", "half_squared", [-1], 0.1, -1, 0.0),
    ],
)
def test_the_samples_it_is_trained_on_say_where_the_middle_is_and_else_loss_and_activation(
    activation, loss, trained, output, expected, accuracy
):
    sums = {
        "linear": output,
        "sigmoid": math.log(output / (1 - output)) if 0 < output < 1 else 0,
        "tanh": math.atanh(output) if -1 < output < 1 else 0,
        "bipolar_sigmoid": 2 * math.atanh(output) if -1 < output < 1 else 0,
    }
    document = Document(
        ONE.with_activations(1, [activation]),
        Samples([[0]] * len(trained), [[t] for t in trained]) if trained else Samples.none(1, 1),
        Settings(loss=loss),
        validation=Samples([[sums[activation]]], [[expected]]),
    )

    assert nnsim.metrics(document, validation=True).accuracy == accuracy


def test_measuring_takes_little_memory_however_many_samples(monkeypatch):
    monkeypatch.setattr(nnsim.engine.forward, "CELLS_AT_ONCE", 10)  # three rows of 1-1-1
    network = Network.dense([1, 1, 1], ["tanh", "linear"], [[[0.5]], [[2.0]]])
    inputs = np.linspace(-2, 2, 11)[:, None]
    whole = []
    wide = nnsim.engine.forward.forward
    monkeypatch.setattr(
        nnsim.engine.metrics, "forward", lambda n, x: whole.append(len(x)) or wide(n, x)
    )

    found = metrics_of(network, inputs, np.sign(inputs))

    assert whole == [3, 3, 3, 2]
    outputs = 2 * np.tanh(0.5 * inputs)
    assert found.loss == pytest.approx((0.5 * (outputs - np.sign(inputs)) ** 2).mean())
    assert found.errors == pytest.approx(np.abs(outputs - np.sign(inputs)).mean(axis=0))
    assert found.accuracy == 1.0


@given(any_problems())
def test_the_loss_is_the_mean_over_the_samples_without_penalties(problem):
    network, samples, settings = problem
    loss = settings.loss_function

    found = metrics_of(network, samples.inputs, samples.expected, loss)

    each = sample_losses(network, samples.inputs, samples.expected, loss)
    assert found.loss == pytest.approx(each.mean(), rel=1e-14)
    assert found.errors.shape == (network.output_count,)
    assert 0.0 <= found.accuracy <= 1.0


def test_without_samples_nothing_is_known():
    found = metrics_of(SAME, np.empty((0, 2)), np.empty((0, 2)))

    assert math.isnan(found.loss)
    assert math.isnan(found.accuracy)
    assert np.isnan(found.errors).all()
    assert found.errors.shape == (2,)


def test_an_infinite_loss_raises_no_warning():
    assert metrics_of(ONE, np.array([[1e200]]), np.array([[0.0]])).loss == math.inf


def test_a_document_measures_its_samples_and_its_validation_samples():
    document = Document(
        SAME.with_activations(1, ["softmax"] * 2),
        Samples([[1.0, 0]], [[1, 0]]),
        Settings(loss="softmax_cross_entropy", l2=5.0),
        validation=Samples([[1.0, 0], [2.0, 0]], [[1, 0], [0, 1]]),
    )

    assert nnsim.metrics(document).accuracy == 1.0
    assert nnsim.metrics(document).loss == pytest.approx(math.log(1 + math.exp(-1)))
    assert nnsim.metrics(document, validation=True).accuracy == 0.5
    with pytest.raises(BadSamples, match="no validation samples"):
        nnsim.metrics(Document(ONE, Samples([[1]], [[1]])), validation=True)


def test_the_loss_given_is_the_one_measured():
    given_samples = np.array([[3.0]]), np.array([[1.0]])

    assert {
        name: metrics_of(ONE, *given_samples, LOSSES[name]).loss
        for name in ("half_squared", "squared", "mean_squared", "absolute", "huber", "hinge")
    } == {
        "half_squared": 2.0,
        "squared": 4.0,
        "mean_squared": 4.0,
        "absolute": 2.0,
        "huber": 1.5,
        "hinge": 0.0,
    }
