"""How one weight changes: the line of factors and the plain sentence."""

import numpy as np
import pytest
from hypothesis import given

from nnsim import Document, Network, ParameterRef, Samples, Settings
from nnsim.tracing.explanation import delta_line, new_value_line, sentence
from nnsim.tracing.trace import trace_of
from tests.strategies import documents

WEIGHT1, WEIGHT2 = ParameterRef(1, 0, 0), ParameterRef(1, 0, 1)


def one_neuron(inputs=(0.1, 0.8), expected=0.4, activation="linear", rate=1.0, bias=None):
    network = Network.dense([2, 1], [activation], [[[0.3, 0.9]]], bias)
    settings = Settings(learning_rate=rate)
    return Document(network, Samples([inputs], [[expected]]), settings).trace()


def test_the_chain_is_written_as_in_the_chapter():
    line = delta_line(one_neuron(), one_neuron().factors(WEIGHT1))

    assert line == "delta = error × f'(sum) × sum' = 0.35 × 1 × 0.1 = 0.035"


def test_the_new_value_is_written_as_in_the_chapter():
    line = new_value_line(one_neuron(), one_neuron().factors(WEIGHT1))

    assert line == "new value = value − learning rate × delta = 0.3 − 1 × 0.035 = 0.265"


def test_negative_factors_stand_in_brackets():
    trace = one_neuron(inputs=(-0.1, 0.8), expected=2.0)
    row = trace.factors(WEIGHT1)

    assert "= (−1.31) × 1 × (−0.1) = 0.131" in delta_line(trace, row)


def test_without_an_expected_output_there_are_no_lines():
    network = Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]])
    trace = trace_of(network, np.array([0.1, 0.8]), None, Settings())
    row = trace.factors(WEIGHT1)

    assert delta_line(trace, row) == new_value_line(trace, row) == ""
    assert "no expected output" in sentence(trace, WEIGHT1)


def test_the_sentence_tells_cause_and_effect():
    trace = one_neuron()

    assert sentence(trace, WEIGHT1) == (
        "The output is 0.35 too high and input1 is only 0.1, so weight1 goes down by 0.035."
    )
    assert sentence(trace, WEIGHT2) == (
        "The output is 0.35 too high and input2 is 0.8, so weight2 goes down by 0.28."
    )


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"expected": 1.0}, "too low and input1 is only 0.1, so weight1 goes up by"),
        ({"inputs": (0.0, 0.8)}, "input1 is 0: it had no part in the output"),
        ({"inputs": (0.0, 0.0), "expected": 0.0}, "input1 is 0"),
        ({"inputs": (1.0, 0.0), "expected": 0.3}, "The error here is 0"),
        ({"activation": "threshold"}, "A threshold has the slope 0 everywhere"),
        (
            {"activation": "relu", "inputs": (-9.0, 0.8)},
            "ReLU is off: the sum −1.98 is not above 0 (a dead ReLU for this sample)",
        ),
        (
            {"activation": "tanh", "inputs": (0.0, 9.0)},
            "input1 is 0",
        ),
        (
            {"activation": "tanh", "inputs": (1.0, 9.0)},
            "but tanh is saturated: at the sum 8.4 its slope is 2.02261e−7, so weight1 hardly",
        ),
        (
            {"activation": "sigmoid", "inputs": (1.0, 36.0)},
            "its slope is less than 1e−12, so weight1 hardly moves: it goes down by less than",
        ),
        (
            {"activation": "sigmoid", "inputs": (1.0, 900.0)},
            "Sigmoid is saturated: at the sum 810.3 its slope is 0, so weight1 does not change",
        ),
    ],
)
def test_the_sentence_says_why_a_weight_moves_or_stays(given, part):
    assert part in sentence(one_neuron(**given), WEIGHT1)


def test_a_bias_counts_as_1():
    trace = one_neuron(bias=[[0.5]])

    assert "a bias always counts as 1, so bias goes down" in sentence(
        trace, ParameterRef(1, 0, None)
    )


def test_a_change_too_small_for_a_number_is_not_blamed_on_a_learning_rate_of_0():
    trace = one_neuron(inputs=(1e-200, 0.8), rate=1e-200)

    assert trace.factors(WEIGHT1).update == 0
    assert "The learning rate is 0" not in sentence(trace, WEIGHT1)


@pytest.mark.parametrize(
    ("outputs", "start"),
    [
        (1, "The next neuron uses hidden1, so the error comes back through it: "),
        (2, "Both next neurons use hidden1, so both errors come back through it: "),
        (3, "All 3 next neurons use hidden1, so 3 errors come back through it: "),
    ],
)
def test_a_hidden_neuron_gets_its_error_from_the_next_layer(outputs, start):
    network = Network.dense([1, 1, outputs], ["linear", "linear"], [[[1]], [[2]] * outputs])
    trace = Document(network, Samples([[1]], [[0] * outputs])).trace()

    assert sentence(trace, ParameterRef(1, 0, 0)).startswith(start)


@given(documents())
def test_there_is_one_sentence_for_every_weight_and_bias(document):
    trace = document.trace()

    for ref in document.network.refs():
        text = sentence(trace, ref)
        assert text.endswith(".")
        assert "nan" not in text
        assert "-" not in text


def of_chapter(inputs=(0.1, 0.8), **settings):
    network = Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]])
    return Document(network, Samples([inputs], [[0.4]]), Settings(**settings))


def test_where_the_loss_counts_the_error_otherwise_the_sentence_says_as_what():
    document = of_chapter(loss="absolute")
    assert sentence(document.trace(), WEIGHT1).startswith(
        "The output is 0.35 too high (∂E/∂output is 1)"
    )


def test_a_step_of_another_rule_that_does_not_move_a_weight_leaves_it():
    said = sentence(of_chapter([0.0, 0.8], optimizer="momentum").trace(), WEIGHT1)
    assert said.endswith("so its delta is 0; with momentum, it stays where it is.")


def test_a_flat_slope_is_named_with_other_rules_too():
    network = Network.dense([1, 1], ["tanh"], [[[9.0]]])
    samples = Samples([[1.0]], [[0.5]])
    trace = Document(network, samples, Settings(optimizer="adam")).trace()
    assert ", but tanh is saturated: at the sum 9 its slope is " in sentence(trace, WEIGHT1)
