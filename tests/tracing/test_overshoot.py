"""What a step does to the error, by truths that do not come from the same code."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Document, Network, ParameterRef, Samples, Settings
from nnsim.files.examples import open_example
from nnsim.model.run import Run
from nnsim.model.selection import set_frozen
from nnsim.tracing.overshoot import overshoot, sentences
from nnsim.tracing.trace import trace_of
from tests.strategies import any_documents

UNIT = st.floats(-2, 2).map(lambda x: round(x, 2))


def of(document):
    batch = document.batch
    samples = document.samples
    return overshoot(document.trace(), samples.inputs[batch], samples.expected[batch])


def lone(weights, inputs, expected, rate, bias=None):
    biases = None if bias is None else [[bias]]
    network = Network.dense([len(weights), 1], ["linear"], [[weights]], biases)
    return Document(network, Samples([inputs], [[expected]]), Settings(learning_rate=rate))


def error_of(document):
    return float(document.trace().errors[0])


def test_the_chapters_step_multiplies_the_error_by_035():
    found = of(open_example("chapter"))
    assert found.exact_factor == pytest.approx(0.35)
    assert found.error_factor == pytest.approx(0.35)
    assert found.largest_rate == pytest.approx(2 / 0.65)
    assert found.best_rate == pytest.approx(1 / 0.65)
    assert sentences(found)[0] == "Each step multiplies the error by exactly 1 − η·Σx² = 0.35."


@given(st.lists(st.tuples(UNIT, UNIT), min_size=1, max_size=4), UNIT, st.floats(0.01, 3), UNIT)
def test_the_exact_factor_is_what_two_steps_do(pairs, expected, rate, bias):
    weights, inputs = [w for w, _ in pairs], [x for _, x in pairs]
    document = lone(weights, inputs, expected, rate, bias)
    found = of(document)
    before = error_of(document)
    after = error_of(Run.of(document).advance(1).document)
    assert after == pytest.approx(found.exact_factor * before, rel=1e-9, abs=1e-9)
    if abs(before) > 1e-6:
        assert found.error_factor == pytest.approx(found.exact_factor, rel=1e-6, abs=1e-6)


def test_beyond_the_largest_rate_the_error_grows_and_below_it_shrinks():
    largest = of(lone([0.3, 0.9], [1, 2], 0.4, 0.1)).largest_rate
    for share, grows in ((0.99, False), (1.01, True)):
        document = lone([0.3, 0.9], [1, 2], 0.4, largest * share)
        found = of(document)
        assert (abs(found.error_factor) > 1) is grows
        assert ("the error grows" in sentences(found)[-1]) is grows


def small(settings, hidden="tanh", weights=None):
    weights = weights or [[[0.5, -0.3], [0.2, 0.8]], [[0.7, -0.4]]]
    network = Network.dense([2, 2, 1], [hidden, "linear"], weights)
    return Document(network, Samples([[0.5, 1.0]], [[1.0]]), settings)


@given(st.sampled_from(["sgd", "adam", "momentum"]), st.floats(0.01, 3.0))
def test_the_verdict_is_what_was_measured(optimizer, rate):
    found = of(small(Settings(rate, optimizer=optimizer)))
    said = " ".join(sentences(found))
    assert ("the error grows" in said) == (abs(found.error_factor) > 1)
    assert ("changes its sign" in said) == (-1 <= found.error_factor < 0)


def test_of_another_rule_the_curvature_is_said_of_a_gradient_step_alone():
    found = of(small(Settings(0.4, optimizer="adam")))
    assert not found.follows_gradient
    assert any(one.startswith("Of a step along the gradient alone") for one in sentences(found))


def test_beyond_the_parabola_the_measured_factor_counts():
    weights = [[[-1.0, -1.0], [1.0, 1.0]], [[1.0, 2.0]]]
    found = of(small(Settings(1.0), "relu", weights))
    assert found.rate > found.largest_rate
    assert abs(found.error_factor) < 1
    assert "the error grows" not in " ".join(sentences(found))


def test_with_other_samples_not_every_step_is_like_this_one():
    document = open_example("chapter")
    batch, samples = document.batch, document.samples
    found = overshoot(document.trace(), samples.inputs[batch], samples.expected[batch], False)
    assert sentences(found)[0].startswith("This step multiplies the error of its sample by exactly")


def test_a_frozen_weight_and_an_untrained_bias_do_not_count():
    document = lone([0.3, 0.9], [0.1, 0.8], 0.4, 1.0, bias=0.2)
    assert of(document).exact_factor == pytest.approx(1 - (0.01 + 0.64 + 1))
    frozen = set_frozen(document, [ParameterRef(1, 0, 1)], True)
    assert of(frozen).exact_factor == pytest.approx(1 - (0.01 + 1))


@given(any_documents())
def test_the_best_rate_is_where_the_parabola_along_the_gradient_is_lowest(document):
    found = of(document)
    if found is None or found.curvature is None:
        return
    assert math.isfinite(found.curvature)
    assert (found.largest_rate is None) == (found.curvature <= 0)
    assert sentences(found)


def test_the_curvature_is_the_second_difference_of_the_loss_along_the_gradient():
    document = open_example("xor")
    trace, network = document.trace(), document.network
    gradient = trace.back.gradient
    found = of(document)

    def loss(by):
        moved = network.with_parameters(network.parameters - by * gradient)
        return Document(moved, document.samples, document.settings).trace().loss

    h = 1e-4
    bend = (loss(h) - 2 * loss(0) + loss(-h)) / h**2 / (gradient @ gradient)
    assert found.curvature == pytest.approx(bend, rel=1e-4)


def test_without_samples_expected_there_is_no_step_to_measure():
    trace = open_example("chapter").trace()
    tried = trace_of(trace.network, trace.inputs, None, trace.settings)
    assert overshoot(tried, trace.inputs[None], trace.expected[None]) is None


def test_where_the_loss_was_measured_it_is_the_loss_that_shrinks():
    document = small(Settings(0.1))
    assert " the error shrinks" in " ".join(sentences(of(document)))
    of_two = Samples([[0.5, 1.0], [1.0, 0.0]], [[1.0], [0.0]])
    found = of(replace(document, samples=of_two, settings=Settings(0.1, batch_size=2)))
    said = " ".join(sentences(found))
    assert " the loss shrinks" in said
    assert "error" not in said
