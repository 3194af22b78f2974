"""Every number that the chapter “Training networks” prints, to the digit.

It trains one linear neuron without a bias on one sample. The loss behind its deltas is
E = ½ (output − expected)². Its line “weight2 − δ_weight1” is a misprint for δ_weight2: the number
that it prints, 0.62, is that of δ_weight2.
"""

import pytest

import nnsim
from nnsim import Document, Network, Samples, Settings
from nnsim.engine.gradcheck import check_gradients
from nnsim.tracing.explanation import delta_line, new_value_line
from nnsim.tracing.wording import on_paper


@pytest.fixture
def document():
    network = Network.dense([2, 1], activations=["linear"], weights=[[[0.3, 0.9]]], biases=None)
    return Document(network, Samples([[0.1, 0.8]], [[0.4]]), Settings(learning_rate=1.0))


def printed(*values):
    return [on_paper(value) for value in values]


def rows(document):
    trace = document.trace()
    return [trace.factors(ref) for ref in document.network.refs()]


def test_what_is_given(document):
    given = [*document.samples.inputs[0], *document.samples.expected[0]]

    assert printed(*given) == ["0.1", "0.8", "0.4"]
    assert printed(*document.network.weights[0][0]) == ["0.3", "0.9"]


def test_the_products_of_the_feedforward(document):
    assert printed(*(row.value * row.source for row in rows(document))) == ["0.03", "0.72"]


def test_the_feedforward(document):
    neuron = document.trace().neuron(1, 0)

    assert printed(neuron.sum, neuron.output) == ["0.75", "0.75"]


def test_the_error(document):
    assert printed(*document.trace().errors) == ["0.35"]


def test_the_derivative_of_the_linear_function_is_1(document):
    assert printed(document.trace().neuron(1, 0).slope) == ["1"]


def test_the_derivative_of_the_sum_is_the_input(document):
    assert printed(*(row.source for row in rows(document))) == ["0.1", "0.8"]


def test_the_factors_of_delta_1_in_a_line(document):
    line = delta_line(document.trace(), rows(document)[0])

    assert line == "delta = error × f'(sum) × sum' = 0.35 × 1 × 0.1 = 0.035"


def test_the_factors_of_delta_2_in_a_line(document):
    assert delta_line(document.trace(), rows(document)[1]).endswith("= 0.35 × 1 × 0.8 = 0.28")


def test_the_deltas(document):
    assert printed(*document.trace().weight_deltas()[0][0]) == ["0.035", "0.28"]


def test_the_new_weights(document):
    assert printed(*(row.new_value for row in rows(document))) == ["0.265", "0.62"]
    assert new_value_line(document.trace(), rows(document)[1]).endswith("= 0.9 − 1 × 0.28 = 0.62")


def test_the_weights_after_one_step(document):
    run = nnsim.train(document, steps=1)

    assert printed(*run.document.network.weights[0][0]) == ["0.265", "0.62"]


def test_the_feedforward_with_the_new_weights(document):
    neuron = nnsim.train(document, steps=1).document.trace().neuron(1, 0)

    assert printed(neuron.sum, neuron.output, neuron.error) == ["0.5225", "0.5225", "0.1225"]


def test_the_errors_step_by_step(document):
    run = nnsim.train(document, steps=3)

    assert printed(*run.errors) == ["0.35", "0.1225", "0.042875"]


def test_the_losses_are_half_the_squares_of_the_errors(document):
    run = nnsim.train(document, steps=2)

    assert run.losses == pytest.approx([0.35**2 / 2, 0.1225**2 / 2], rel=1e-14)


def test_the_deltas_are_the_gradient_of_half_the_square_by_finite_differences(document):
    check = check_gradients(document.network, document.samples.inputs, document.samples.expected)

    assert [row.verdict for row in check.rows] == ["agrees", "agrees"]
    assert [row.numeric for row in check.rows] == pytest.approx([0.035, 0.28], rel=1e-8)


def test_inputs_1_and_2_make_each_error_four_times_the_last_with_the_other_sign(document):
    """1 − Σ input² = 1 − 1 − 4 = −4: the learning rate 1 is too large for these inputs."""
    other = Document(document.network, Samples([[1.0, 2.0]], [[0.4]]), document.settings)
    run = nnsim.train(other, steps=4)

    assert printed(*run.errors) == ["1.7", "−6.8", "27.2", "−108.8"]
