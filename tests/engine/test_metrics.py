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
