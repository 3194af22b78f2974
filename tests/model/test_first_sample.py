"""The one sample that a new network begins with."""

import pytest

import nnsim
from nnsim.engine.losses import LOSSES, loss_named
from nnsim.model.first_sample import first_sample


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("loss", LOSSES)
def test_it_suits_every_loss(loss, outputs):
    activation = loss_named(loss).activation or "linear"
    network = nnsim.Network.dense([2, outputs], [activation])
    samples = first_sample(network, loss_named(loss), 0.5)
    document = nnsim.Document(network, samples, nnsim.Settings(loss=loss))

    assert samples.inputs.tolist() == [[0.5, 0.5]]
    assert nnsim.train(document, 3).stopped is None


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("half_squared", [0, 0, 0]),
        ("softmax_cross_entropy", [1, 0, 0]),
        ("hinge", [1, -1, -1]),
    ],
)
def test_it_expects_the_first_class_where_zeros_do_not_suit(loss, expected):
    network = nnsim.Network.dense([2, 3], ["linear"])

    assert first_sample(network, loss_named(loss)).expected.tolist() == [expected]
