"""What is said of each convention, of a step in it, and what its numbers are called."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Document, Network, Samples, Settings
from nnsim.tracing.convention_words import SAME, convention_lines, summary
from nnsim.tracing.conventions import AS_TRAINED, Conventions
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.explanation import delta_line, new_value_line, sentence, update_rule
from nnsim.tracing.loss_factor import output_factor, output_signal
from nnsim.tracing.meaning import meaning
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.shown_trace import in_conventions
from nnsim.tracing.symbols import words_in
from nnsim.tracing.vocabulary import vocabulary
from tests.conventions import ALL, CHAPTER, REF, SIGNS
from tests.strategies import any_documents

DELTA, ERROR = Quantity(Kind.delta, ref=REF), Quantity(Kind.error, (1, 0))
TURNED = Conventions("expected_minus_output")


def shown(conventions, document=CHAPTER):
    return in_conventions(document.trace(), conventions)


@pytest.mark.parametrize(
    ("sign", "rate", "names", "rule"),
    [
        (0, False, "chapter", "value − learning rate × delta"),
        (1, False, "chapter", "value + learning rate × delta"),
        (0, True, "chapter", "value − delta"),
        (1, True, "chapter", "value + delta"),
        (0, False, "field", "w − η · ∂E/∂w"),
        (1, False, "field", "w + η · (−∂E/∂w)"),
        (0, True, "field", "w − η·∂E/∂w"),
        (1, True, "field", "w + (−η·∂E/∂w)"),
    ],
)
def test_the_rule_of_the_update_in_words(sign, rate, names, rule):
    assert update_rule(shown(Conventions(SIGNS[sign], None, rate, names))) == rule


def test_adams_new_value_is_the_value_and_its_change_in_every_convention():
    adam = replace(CHAPTER, settings=Settings(optimizer="adam"))

    for conventions in ALL:
        rule = update_rule(shown(conventions, adam))
        assert rule == ("w + Δw" if conventions.speaks_symbols else "value + change")


def test_the_lines_of_a_weight_in_another_convention():
    trace = shown(Conventions("expected_minus_output", "sum", delta_with_rate=True))
    row = trace.factors(REF)

    assert delta_line(trace, row) == (
        "delta = learning rate × −∂E/∂output × f'(sum) × sum' = 0.5 × (−0.7) × 1 × 0.8 = −0.28"
    )
    assert new_value_line(trace, row) == "new value = value + delta = 0.9 + (−0.28) = 0.62"
    trace = shown(replace(TURNED, names="field"))
    assert delta_line(trace, trace.factors(REF)) == (
        "−∂E/∂w = −∂E/∂a × f'(z) × ∂z/∂w = (−0.35) × 1 × 0.8 = −0.28"
    )
    assert new_value_line(trace, trace.factors(REF)) == (
        "w′ = w + η · (−∂E/∂w) = 0.9 + 1 × (−0.28) = 0.62"
    )


@pytest.mark.parametrize("conventions", ALL)
def test_the_reason_why_a_weight_moves_is_the_same_in_all_of_them(conventions):
    assert sentence(shown(conventions), REF) == sentence(CHAPTER.trace(), REF)
    error = meaning(Derivation(shown(conventions)), ERROR)
    assert error.endswith("the output is 0.35 too high.")
    assert ("expected − output" in error) is conventions.is_turned


@given(any_documents(), st.sampled_from(ALL))
def test_a_delta_says_truly_whether_more_of_its_weight_makes_the_error_grow(document, conventions):
    trace = in_conventions(document.trace(), conventions)
    for ref in document.network.refs():
        true = trace.trained.factors(ref).delta
        said = meaning(Derivation(trace), Quantity(Kind.delta, ref=ref))
        shown_delta = trace.factors(ref).delta
        if true and shown_delta:
            assert f", E {'grows' if true > 0 else 'falls'}" in said


@pytest.mark.parametrize("conventions", ALL)
def test_a_name_says_what_a_delta_is(conventions):
    trace, in_field = shown(conventions), conventions.speaks_symbols
    assert words_in(trace, DELTA) == (
        f"{'−' if conventions.is_turned else ''}{'η·' if conventions.delta_with_rate else ''}"
        "∂E/∂w⁽¹⁾₁,₂"
        if in_field
        else "delta of weight2"
    )
    name = vocabulary(conventions).delta
    assert (name == "delta") is not in_field
    assert name.startswith("−") is (in_field and conventions.is_turned)


@pytest.mark.parametrize(
    ("loss", "activation", "plain", "turned"),
    [
        ("half_squared", "linear", "output − expected", "expected − output"),
        ("squared", "linear", "2 × (output − expected)", "2 × (expected − output)"),
        ("absolute", "linear", "sign of (output − expected)", "sign of (expected − output)"),
        ("hinge", "linear", "−expected where", "expected where"),
        ("softmax_cross_entropy", "softmax", "−expected / output", "expected / output"),
    ],
)
def test_where_the_error_begins_is_said_with_its_sign(loss, activation, plain, turned):
    network = Network.dense([2, 2], [activation], [[[0.3, 0.9], [0.1, 0.2]]])
    expected = [1.0, -1.0] if loss == "hinge" else [0.25, 0.75]
    document = Document(network, Samples([[0.1, 0.8]], [expected]), Settings(loss=loss))

    assert output_factor(document.trace(), 0).words.startswith(plain)
    assert output_factor(shown(TURNED, document), 0).words.startswith(turned)
    if activation == "softmax":
        signal = output_signal(shown(TURNED, document), 0)
        assert signal.words == "expected − output × Σ expected"


def test_each_switch_says_what_it_changes_and_that_the_new_weights_stay():
    conventions = Conventions("expected_minus_output", "sum", True, "field")
    lines = convention_lines(CHAPTER.trace(), conventions)

    assert list(lines) == ["error_sign", "shown_loss", "delta_with_rate", "names"]
    assert all(lines[name].endswith(SAME) for name in list(lines)[:3])
    assert "expected − output" in lines["error_sign"]
    assert "2 times as large" in lines["shown_loss"]
    assert "1 / 2 = 0.5" in lines["shown_loss"]
    assert lines["names"].endswith("No number changes.")
    assert lines == convention_lines(shown(TURNED), conventions)  # whatever is shown now


def test_what_changes_nothing_says_so():
    lines = convention_lines(CHAPTER.trace(), AS_TRAINED)

    assert lines["shown_loss"] == (
        "The loss is E = ½ Σ (output − expected)², as it is trained with."
    )
    assert all(SAME not in line for line in lines.values())
    assert summary(AS_TRAINED) == ""


def test_where_a_switch_cannot_be_offered_the_line_says_why():
    adam = replace(CHAPTER, settings=Settings(optimizer="adam", loss="huber")).trace()
    lines = convention_lines(adam, Conventions(shown_loss="sum", delta_with_rate=True))

    assert "the loss is huber" in lines["shown_loss"]
    assert lines["delta_with_rate"].startswith("More than the learning rate")


def test_what_is_unusual_in_a_few_words():
    everything = Conventions("expected_minus_output", "mean", True, "field")

    assert (
        summary(everything) == "error = expected − output, loss mean, delta with η, names z, a, δ"
    )


def test_the_sentences_of_loss_and_signal_are_true_in_each_convention():
    def said(kind, neuron=None, **conventions):
        derivation = Derivation(shown(Conventions(**conventions)))
        return meaning(derivation, Quantity(kind, neuron))

    turned = {"error_sign": "expected_minus_output"}
    assert said(Kind.loss).endswith("so that its slope is the error.")
    assert said(Kind.loss, **turned).endswith("so that its slope is minus the error.")
    assert said(Kind.signal, (1, 0)).endswith(": the error times the slope.")
    assert said(Kind.signal, (1, 0), shown_loss="sum").endswith(": ∂E/∂output times the slope.")
    assert said(Kind.signal, (1, 0), shown_loss="sum", **turned).endswith(
        ": −∂E/∂output times the slope."
    )


def test_what_the_optimizer_is_given_says_when_it_has_the_sign_of_turned_deltas():
    momentum = replace(CHAPTER, settings=Settings(optimizer="momentum"))
    velocity = Quantity(Kind.velocity, ref=REF)

    assert "sign" not in meaning(Derivation(momentum.trace()), velocity)
    assert "−∂E/∂w here" in meaning(Derivation(shown(TURNED, momentum)), velocity)
