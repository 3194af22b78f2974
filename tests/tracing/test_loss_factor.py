"""The printed derivative of each loss: evaluated with its own numbers it is what stands there."""

import re

import numpy as np
import pytest

from nnsim import Document, Network, ParameterRef, Samples, Settings
from nnsim.engine.losses import LOSSES
from nnsim.tracing import loss_factor
from nnsim.tracing.explanation import delta_line, sentence
from nnsim.tracing.loss_factor import output_factor_line, output_signal
from nnsim.tracing.report import trace_text
from nnsim.tracing.wording import on_paper

EXPECTED = {
    "binary_cross_entropy": ([1.0, 0.0], "sigmoid"),
    "softmax_cross_entropy": ([0.0, 1.0], "softmax"),
    "hinge": ([1.0, -1.0], "linear"),
}
CASES = [*LOSSES, "huber(0.25)"]


def traced(loss, output=None):
    expected, needed = EXPECTED.get(loss, ([0.25, -0.5], "tanh"))
    network = Network.dense([2, 2, 2], ["tanh", output or needed], biases=[[0.1, -0.1], None])
    network = network.with_parameters(np.linspace(-0.8, 0.9, network.parameter_count))
    return Document(network, Samples([[0.5, -1.0]], [expected]), Settings(0.5, loss=loss)).trace()


def value_of(text):
    """The number that an equation's part says, as a person with a pocket calculator finds it."""
    if sign := re.fullmatch(r"sign of (.*)", text):
        return float(np.sign(value_of(sign[1])))
    if held := re.fullmatch(r"(.*) within ± (.*)", text):
        most = value_of(held[2])
        return min(max(value_of(held[1]), -most), most)
    plain = text.replace("−", "-").replace("×", "*")
    assert re.fullmatch(r"[-0-9.e*/+() ]+", plain), text
    return float(eval(plain, {}, {}))


def check_equation(line, within=2e-4):
    *_, numbers, result = line.split(" = ")
    if numbers.startswith("−expected where"):  # hinge: the number follows the words at once
        assert result in ("−1", "0")
        return
    assert value_of(numbers) == pytest.approx(value_of(result), rel=within, abs=within)


@pytest.mark.parametrize("loss", CASES)
def test_the_printed_numbers_give_the_printed_derivative(loss):
    trace = traced(loss)

    for index in range(2):
        line, neuron = output_factor_line(trace, index), trace.neuron(2, index)
        check_equation(line)
        assert line.endswith(f" = {on_paper(neuron.error)}")
        assert line.startswith("error = " if loss == "half_squared" else "∂E/∂output = ")


@pytest.mark.parametrize("loss", CASES)
def test_the_derivative_is_that_of_the_loss(loss):
    trace, o, t = traced(loss), traced(loss).outputs, traced(loss).expected
    for index in range(2):
        words = output_factor_line(trace, index).split(" = ")[1]
        d = float(o[index] - t[index])
        held = 0.25 if "0.25" in loss else 1.0
        by_hand = {
            "half_squared": d,
            "squared": 2 * d,
            "mean_squared": d,
            "absolute": np.sign(d),
            "huber": np.clip(d, -held, held),
            "binary_cross_entropy": d / (o[index] * (1 - o[index])),
            "softmax_cross_entropy": -t[index] / o[index],
            "hinge": -t[index] if t[index] * o[index] < 1 else 0,
        }[loss.partition("(")[0]]
        assert trace.neuron(2, index).error == pytest.approx(by_hand, abs=1e-12), words


@pytest.mark.parametrize("loss", ["softmax_cross_entropy", "half_squared", "squared", "absolute"])
def test_the_printed_signal_of_a_softmax_is_what_its_numbers_give(loss):
    trace = traced(loss, "softmax")

    for index in range(2):
        signal = trace.neuron(2, index).signal
        check_equation(f"signal = {output_signal(trace, index).equals(signal)}")


def test_a_saturated_cross_entropy_is_written_without_dividing():
    network = Network.dense([1, 1], ["sigmoid"], [[[100.0]]])
    trace = Document(network, Samples([[1]], [[0]]), Settings(loss="binary_cross_entropy")).trace()

    assert output_factor_line(trace, 0) == ""
    assert output_signal(trace, 0).equals(1.0) == "output − expected = 1 − 0 = 1"
    assert "error signal = ∂E/∂sum = output − expected = 1 − 0 = 1" in trace_text(trace)


@pytest.mark.parametrize("loss", CASES)
def test_only_the_chapters_loss_calls_the_factor_the_error(loss):
    trace = traced(loss)
    line = delta_line(trace, trace.factors(ParameterRef(1, 0, 0)))

    assert ("error ×" in line) == (loss == "half_squared")
    assert ("∂E/∂output ×" in line) == (loss != "half_squared")
    text = trace_text(trace)
    assert ("error × f'" in text) == (loss == "half_squared")


@pytest.mark.parametrize("loss", CASES)
def test_every_equation_of_the_backpropagation_is_true(loss):
    steps = trace_text(traced(loss)).split("Backpropagation\n")[1].split("\n\n")[0].splitlines()
    equations = [line.strip() for line in steps if line.count(" = ") > 1 and "f'(sum" not in line]

    assert equations
    for line in equations:
        if not line.startswith("sum'"):
            check_equation(line)


def test_a_hinge_beyond_its_margin_says_that_the_derivative_is_0():
    network = Network.dense([1, 1], ["linear"], [[[3.0]]])
    trace = Document(network, Samples([[1]], [[1]]), Settings(loss="hinge")).trace()

    assert sentence(trace, ParameterRef(1, 0, 0)).startswith("∂E/∂output is 0 here, so weight")


def test_a_new_loss_is_not_forgotten():
    assert set(loss_factor._FACTORS) == set(LOSSES)
