"""Formulas still say the numbers where sums are so far from 0 that the usual ones cannot."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Document, Network, Samples, Settings
from nnsim.engine.activations import ACTIVATIONS
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.expression import evaluate, sources
from nnsim.tracing.meaning import meaning
from nnsim.tracing.quantity import LOSS, Kind, Quantity
from nnsim.tracing.worked.python_script import python_script
from tests.strategies import any_documents

FAR = (-800.0, -40.0, -10.5, 10.5, 20.0, 40.0, 800.0)


def one_neuron(activation, x, expected=0.25, loss="half_squared"):
    network = Network.dense([1, 1], [activation], [[[x]]])
    return Document(network, Samples([[1.0]], [[expected]]), Settings(loss=loss))


def softmax(*sums, expected):
    network = Network.dense([1, len(sums)], ["softmax"], [[[x] for x in sums]])
    settings = Settings(loss="softmax_cross_entropy")
    return Document(network, Samples([[1.0]], [expected]), settings)


def check_every_number(document):
    derivation = Derivation(document.trace())
    for quantity in derivation.in_order():
        value, formula = derivation.value(quantity), derivation.formula(quantity)
        if value is None or formula is None:
            continue
        again = evaluate(formula, derivation.value)
        assert again == pytest.approx(value, rel=1e-12, abs=1e-15), quantity
    exec(compile(python_script(document.trace()), "script", "exec"), {})


@pytest.mark.parametrize("activation", [n for n in ACTIVATIONS if n != "softmax"])
@pytest.mark.parametrize("x", FAR)
def test_every_number_of_a_neuron_far_from_0_is_what_its_formula_says(activation, x):
    check_every_number(one_neuron(activation, x))


@pytest.mark.parametrize("x", FAR)
@pytest.mark.parametrize("expected", [0.0, 0.3, 1.0])
def test_a_cross_entropy_is_said_by_the_sum_where_the_output_has_no_digits(x, expected):
    check_every_number(one_neuron("sigmoid", x, expected, "binary_cross_entropy"))


@pytest.mark.parametrize("sums", [(800, 0), (-800, -900), (300, -500), (0, 710, 709), (-1, -2)])
def test_a_softmax_far_from_0_is_said_by_its_largest_sum(sums):
    for true_one in range(len(sums)):
        expected = [float(place == true_one) for place in range(len(sums))]
        check_every_number(softmax(*sums, expected=expected))


def test_several_outputs_are_said_each_in_its_way():
    network = Network.dense([1, 2], ["sigmoid"], [[[30.0], [0.5]]])
    settings = Settings(loss="binary_cross_entropy")
    document = Document(network, Samples([[1.0]], [[0.0, 1.0]]), settings)
    check_every_number(document)
    named = sources(Derivation(document.trace()).formula(LOSS))
    assert Quantity(Kind.sum, (1, 0)) in named
    assert Quantity(Kind.sum, (1, 1)) not in named


def test_the_sentence_says_why_the_sums_stand_there():
    said = "so the sums say it"
    near = Derivation(one_neuron("sigmoid", 2.0, 0.0, "binary_cross_entropy").trace())
    far = Derivation(one_neuron("sigmoid", 30.0, 0.0, "binary_cross_entropy").trace())
    assert said not in meaning(near, LOSS)
    assert said in meaning(far, LOSS)


@given(any_documents(), st.sampled_from([30.0, 300.0, 3e3, 3e80, 3e200]))
def test_every_number_of_a_network_with_large_weights_is_what_its_formula_says(document, scale):
    network = document.network.with_parameters(document.network.parameters * scale)
    trace = Document(network, document.samples, document.settings).trace()
    derivation = Derivation(trace)
    for quantity in derivation.in_order():
        value, formula = derivation.value(quantity), derivation.formula(quantity)
        if value is None or formula is None or quantity.kind not in OF_PASS:
            continue
        terms = [derivation.value(source) or 0.0 for source in sources(formula)]
        if math.isfinite(value) and all(map(math.isfinite, terms)):
            rounding = 1e-9 * (1 + sum(map(abs, terms)))
            again = evaluate(formula, derivation.value)
            assert again == pytest.approx(value, rel=1e-9, abs=rounding), quantity


OF_PASS = (Kind.sum, Kind.output, Kind.slope, Kind.error, Kind.loss, Kind.signal, Kind.delta)
