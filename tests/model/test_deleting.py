"""What is chosen is removed in one edit, and all else keeps its numbers."""

import pytest

from nnsim.data.samples import Samples
from nnsim.engine.initializers import with_uniform_weights
from nnsim.engine.network import Network, ParameterRef
from nnsim.errors import BadNetwork
from nnsim.model.deleting import delete
from nnsim.model.document import Document
from nnsim.model.rebuilding import Fresh
from tests.wires import renamed, wires

PLAIN = Network.dense([2, 3, 2, 1], ["tanh", "relu", "linear"], biases=[[0] * 3, [0] * 2, [0]])
DOCUMENT = Document(with_uniform_weights(PLAIN, seed=5), Samples([[0.1, 0.2]], [[0.4]]))


def test_neurons_and_weights_go_together():
    gone = ParameterRef(1, 2, 0)
    left = delete(DOCUMENT, [(1, 0), gone]).network

    moved = {(0, 0): (0, 0), (0, 1): (0, 1), (1, 1): (1, 0), (1, 2): (1, 1)}
    moved |= {(2, 0): (2, 0), (2, 1): (2, 1), (3, 0): (3, 0)}
    expected = renamed(wires(DOCUMENT.network), moved)
    del expected[(0, 0), (1, 1)]
    assert wires(left) == expected


def test_a_weight_into_a_neuron_that_goes_too_is_no_trouble():
    left = delete(DOCUMENT, [(1, 0), ParameterRef(1, 0, 0), ParameterRef(2, 1, 0)])

    assert left == delete(DOCUMENT, [(1, 0)])


def test_a_layer_all_of_whose_neurons_go_goes():
    left = delete(DOCUMENT, [(2, 0), (2, 1)], Fresh.zero).network

    assert left.sizes == (2, 3, 1)
    assert [wires(left)[(1, i), (2, 0)] for i in range(3)] == [(0.0, False)] * 3
    assert left.weights[0].tolist() == DOCUMENT.network.weights[0].tolist()


def test_several_layers_go_at_once():
    parts = [(layer, i) for layer, size in ((1, 3), (2, 2)) for i in range(size)]

    assert delete(DOCUMENT, parts, Fresh.zero).network.sizes == (2, 1)


def test_nothing_chosen_changes_nothing():
    assert delete(DOCUMENT, []) is DOCUMENT


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([(0, 0), (0, 1)], "The last input cannot be removed"),
        ([(1, i) for i in range(3)] + [(2, 0), (2, 1), (3, 0)], "a network needs one"),
        ([(1, 9)], "There is no neuron 10 in layer 1"),
        ([ParameterRef(1, 0, 9)], "no such weight or bias"),
    ],
)
def test_what_cannot_go_is_refused(parts, why):
    with pytest.raises(BadNetwork, match=why):
        delete(DOCUMENT, parts)
