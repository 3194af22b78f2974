"""A skipped connection, derived by hand in fractions: 1-1-1, linear and ReLU, input → output too.

h = relu(½ · 2) = 1,  o = 3 · h − 1 · 2 = 1,  expected 0, so the error is 1 and E = ½
∂E/∂w(h → o) = 1 · 1 · h = 1
∂E/∂w(x → o) = 1 · 1 · x = 2, over the skipped connection alone
the error at h is 1 · 3 = 3: nothing comes back to h over the connection that passes it
∂E/∂w(x → h) = 3 · 1 · x = 6
with η = ¼ the new weights are ½ − 6/4 = −1, 3 − 1/4 = 11/4 and −1 − 2/4 = −3/2
"""

from fractions import Fraction

import pytest

from nnsim import Document, Network, ParameterRef, Samples, Settings
from nnsim.tracing.arithmetic import Exact
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.paths import error_paths
from nnsim.tracing.quantity import LOSS, Kind, Quantity

HIDDEN, OUTPUT = (1, 0), (2, 0)
IN, BACK, SKIP = ParameterRef(1, 0, 0), ParameterRef(2, 0, 0), ParameterRef(2, 0, 0, 0)
BY_HAND = {
    Quantity(Kind.sum, HIDDEN): 1,
    Quantity(Kind.output, HIDDEN): 1,
    Quantity(Kind.sum, OUTPUT): 1,
    Quantity(Kind.error, OUTPUT): 1,
    LOSS: Fraction(1, 2),
    Quantity(Kind.signal, OUTPUT): 1,
    Quantity(Kind.delta, ref=BACK): 1,
    Quantity(Kind.delta, ref=SKIP): 2,
    Quantity(Kind.carried, ref=BACK): 3,
    Quantity(Kind.output_gradient, HIDDEN): 3,
    Quantity(Kind.signal, HIDDEN): 3,
    Quantity(Kind.delta, ref=IN): 6,
    Quantity(Kind.new_value, ref=IN): -1,
    Quantity(Kind.new_value, ref=BACK): Fraction(11, 4),
    Quantity(Kind.new_value, ref=SKIP): Fraction(-3, 2),
}


@pytest.fixture
def derivation():
    network = Network.dense([1, 1, 1], ["relu", "linear"], [[[0.5]], [[3.0]]])
    network = network.with_connection(SKIP, -1.0)
    return Derivation(Document(network, Samples([[2]], [[0]]), Settings(0.25)).trace())


@pytest.mark.parametrize("quantity", BY_HAND)
def test_every_number_is_the_one_derived_by_hand(derivation, quantity):
    assert derivation.value(quantity) == float(BY_HAND[quantity])
    assert Exact(derivation).value(quantity) == BY_HAND[quantity]


def test_one_path_leads_back_to_the_hidden_neuron(derivation):
    (path,) = error_paths(derivation, HIDDEN)
    assert path.refs == (BACK,)
    assert path.contribution == 3
