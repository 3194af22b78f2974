"""The ideas of a pass: complete, each after what it needs, and found again by their number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Document, Network, ParameterRef, Samples, Settings
from nnsim.files.examples import open_example
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.expression import sources
from nnsim.tracing.pass_plan import BEYOND_PHASES, Phase, StepSize, plan_of
from nnsim.tracing.quantity import LOSS, Kind, Quantity
from nnsim.tracing.trace import trace_of
from tests.strategies import any_documents

CHAPTER = open_example("chapter").trace()
W1, W2 = ParameterRef(1, 0, 0), ParameterRef(1, 0, 1)
NEURON = (1, 0)


def test_the_chapters_pass_is_the_one_on_paper():
    assert list(plan_of(CHAPTER)) == [
        Quantity(Kind.product, ref=W1),
        Quantity(Kind.product, ref=W2),
        Quantity(Kind.sum, NEURON),
        Quantity(Kind.output, NEURON),
        Quantity(Kind.error, NEURON),
        LOSS,
        Quantity(Kind.slope, NEURON),
        Quantity(Kind.signal, NEURON),
        Quantity(Kind.delta, ref=W1),
        Quantity(Kind.delta, ref=W2),
        Quantity(Kind.new_value, ref=W1),
        Quantity(Kind.new_value, ref=W2),
    ]


@given(any_documents())
def test_every_idea_comes_after_what_it_needs(document):
    trace = document.trace()
    plan, derivation = plan_of(trace), Derivation(trace)
    for number, idea in enumerate(plan):
        formula = derivation.formula(idea)
        for source in sources(formula) if formula is not None else ():
            place = plan.number_of(source)
            is_given = derivation.formula(source) is None
            assert is_given or (place is not None and place < number), (idea, source)


@given(any_documents())
def test_every_idea_is_found_by_its_number_and_every_quantity_has_one(document):
    trace = document.trace()
    plan = plan_of(trace)
    ideas = list(plan)
    assert [plan.number_of(idea) for idea in ideas] == list(range(len(plan)))
    assert len(set(ideas)) == len(ideas)
    for quantity in Derivation(trace).in_order():
        if Derivation(trace).formula(quantity) is not None:
            assert plan.number_of(quantity) is not None or is_of_softmax(trace, quantity)


def is_of_softmax(trace, quantity):
    neuron = quantity.neuron
    return neuron and trace.network.layers[neuron[0] - 1].activations[neuron[1]] == "softmax"


@given(any_documents(), st.sampled_from(list(StepSize)))
def test_every_size_of_press_goes_forward_to_the_end_and_back_to_the_beginning(document, size):
    plan = plan_of(document.trace())
    number, last = 0, len(plan) - 1
    while number < last:
        further = plan.after(number, size)
        assert number < further <= last
        number = further
    while number > 0:
        less = plan.before(number, size)
        assert 0 <= less < number
        number = less


def test_a_press_takes_a_neuron_a_layer_or_a_phase():
    document = Document(
        Network.dense([2, 2, 1], ["tanh", "tanh"], [[[1, 2], [3, 4]], [[5, 6]]]),
        Samples([[1, 2]], [[0]]),
    )
    plan = plan_of(document.trace())
    reached = {size: plan[plan.after(0, size)] for size in StepSize}

    assert reached == {
        StepSize.number: Quantity(Kind.product, ref=ParameterRef(1, 0, 1)),
        StepSize.neuron: Quantity(Kind.output, (1, 0)),
        StepSize.layer: Quantity(Kind.output, (1, 1)),
        StepSize.phase: Quantity(Kind.output, (2, 0)),
        **dict.fromkeys(BEYOND_PHASES, Quantity(Kind.new_value, ref=ParameterRef(2, 0, 1))),
    }


def test_without_an_expected_output_a_pass_ends_with_the_outputs():
    plan = plan_of(trace_of(CHAPTER.network, CHAPTER.inputs, None, CHAPTER.settings))
    assert {stage.phase for stage in plan.stages} == {Phase.feedforward}


def test_what_is_no_idea_has_no_number():
    plan = plan_of(CHAPTER)
    assert plan.number_of(Quantity(Kind.input, (0, 0))) is None
    assert plan.number_of(Quantity(Kind.delta, ref=ParameterRef(1, 3, 0))) is None
    with pytest.raises(IndexError):
        plan[len(plan)]


def test_a_large_network_is_counted_not_listed():
    network = Network.dense([784, 128, 10], ["relu", "softmax"])
    document = Document(
        network, Samples([[0.5] * 784], [[1] + [0] * 9]), Settings(loss="softmax_cross_entropy")
    )
    plan = plan_of(document.trace())
    weights, carried = 784 * 128 + 128 * 10, 128 * 10
    forward, errors, back = 2 * 138, 10 + 1, 2 * 10 + 3 * 128
    assert len(plan) == 3 * weights + carried + forward + errors + back
    assert plan[len(plan) - 1] == Quantity(Kind.new_value, ref=ParameterRef(2, 9, 127))
