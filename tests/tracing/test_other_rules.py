"""The Trace beyond the chapter: softmax, cross-entropies, batches, optimizers, skips, frozen."""

import numpy as np
import pytest

from nnsim import Document, Network, ParameterRef, Samples, Settings, train
from nnsim.tracing.explanation import delta_line, new_value_line, sentence
from nnsim.tracing.report import trace_json, trace_text

X, T = [[0.5, -1.0], [1.0, 0.25], [-0.5, 2.0]], [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
WEIGHT = ParameterRef(1, 0, 0)


def classifier(loss="softmax_cross_entropy", output="softmax", **settings):
    network = Network.dense([2, 2, 3], ["tanh", output], biases=[[0.1, -0.1], None])
    network = network.with_parameters(np.linspace(-0.8, 0.9, 12))
    return Document(network, Samples(X, T), Settings(0.5, loss=loss, **settings))


@pytest.mark.parametrize("loss", ["softmax_cross_entropy", "half_squared", "absolute"])
def test_a_softmax_signal_is_the_sum_of_its_paths(loss):
    trace = classifier(loss).trace()

    for index in range(3):
        neuron, paths = trace.neuron(2, index), trace.softmax_paths(index)
        assert neuron.slope is None
        assert neuron.signal == pytest.approx(sum(path.contribution for path in paths), abs=1e-14)


def test_with_cross_entropy_the_softmax_signal_is_output_minus_expected():
    trace = classifier().trace()

    signals = [trace.neuron(2, index).signal for index in range(3)]
    assert signals == pytest.approx((trace.outputs - trace.expected).tolist(), abs=1e-15)


def test_only_a_softmax_layer_has_softmax_paths():
    assert classifier("half_squared", "sigmoid").trace().softmax_paths(0) == []


def test_a_delta_without_a_slope_is_written_by_the_signal():
    trace = classifier().trace()
    row = trace.factors(ParameterRef(2, 0, 0))

    assert delta_line(trace, row).startswith("delta = error signal × sum' = ")
    assert row.delta == row.signal * row.source


def test_the_error_factor_is_blank_where_it_cannot_be_told():
    network = Network.dense([1, 1], ["sigmoid"], [[[100.0]]])
    settings = Settings(loss="binary_cross_entropy")
    neuron = Document(network, Samples([[1]], [[0]]), settings).trace().neuron(1, 0)

    assert (neuron.output, neuron.error, neuron.signal) == (1.0, None, 1.0)


def test_the_error_factor_of_a_cross_entropy_is_told_where_it_is_finite():
    network = Network.dense([1, 1], ["sigmoid"], [[[0.5]]])
    trace = Document(network, Samples([[1]], [[1]]), Settings(loss="binary_cross_entropy")).trace()
    neuron, o = trace.neuron(1, 0), float(trace.outputs[0])

    assert neuron.error == pytest.approx((o - 1) / (o * (1 - o)))
    assert neuron.error * neuron.slope == pytest.approx(neuron.signal)


def test_a_skipped_layer_brings_its_error_back_as_well():
    ref = ParameterRef(3, 0, 1, 1)
    network = Network.dense([1, 2, 2, 1], ["tanh"] * 3).with_parameters(np.linspace(0.1, 0.8, 8))
    trace = Document(network.with_connection(ref, 0.7), Samples([[1]], [[0]])).trace()
    paths = trace.back_paths(1, 1)

    assert [path.name for path in paths] == ["b1", "b2", "output"]
    assert paths[2].ref == ref
    assert trace.neuron(1, 1).error == pytest.approx(sum(path.contribution for path in paths))
    assert trace.factors(ref).name == "a2 → output"
    assert trace.factors(ref).source == trace.neuron(1, 1).output


def test_the_new_value_is_that_of_the_batch_and_the_delta_that_of_the_sample():
    document = classifier(batch_size=3)
    trace, after = document.trace(1), train(document, 1).document.network
    row = trace.factors(WEIGHT)
    deltas = [document.trace(sample).factors(WEIGHT).delta for sample in range(3)]

    assert row.new_value == after.parameters[0]
    assert row.update == pytest.approx(-0.5 * np.mean(deltas))
    assert row.delta == deltas[1]
    assert new_value_line(trace, row).startswith("new value = value + change = ")
    assert "the mean over 3 samples" in sentence(trace, WEIGHT)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"optimizer": "adam"}, "with Adam"),
        ({"optimizer": "momentum", "l2": 0.5}, "with momentum and the L2 penalty"),
        ({"clip_norm": 0.001}, "with clipping"),
        (
            {"optimizer": "rmsprop", "l1": 0.1, "clip_value": 1.0},
            "with RMSprop, the L1 penalty and clipping",
        ),
        ({"weight_limit": 0.1}, "the limit on weights"),
        ({"warm_up_steps": 10}, "the learning rate 0.05 of this step"),
    ],
)
def test_a_sentence_says_what_else_decides(settings, said):
    assert said in sentence(classifier(**settings).trace(), WEIGHT)


def test_a_frozen_weight_says_so():
    document = classifier()
    frozen = Document(document.network.with_frozen([WEIGHT]), document.samples, document.settings)

    assert sentence(frozen.trace(), WEIGHT).endswith(
        "is frozen: it has a delta and does not change."
    )
    assert "biases are not trained" in sentence(
        classifier(train_biases=False).trace(), ParameterRef(1, 0, None)
    )


@pytest.mark.parametrize(
    "document",
    [
        classifier(),
        classifier(batch_size=2, optimizer="adam", l1=0.1),
        classifier("binary_cross_entropy", "sigmoid"),
        classifier("huber(0.5)", "gelu"),
    ],
    ids=["softmax", "adam", "cross-entropy", "huber"],
)
def test_the_whole_of_it_can_be_written(document):
    text, numbers = trace_text(document.trace()), trace_json(document.trace())

    assert "\n  E = " in text
    assert "None" not in text
    assert "nan" not in text
    assert numbers["loss"] == document.trace().loss
    assert len(numbers["weights"]) + len(numbers["biases"]) == 12


def test_the_json_has_null_for_a_slope_that_is_not_there():
    numbers = trace_json(classifier().trace())

    assert [neuron["slope"] is None for neuron in numbers["neurons"]] == [False] * 2 + [True] * 3
