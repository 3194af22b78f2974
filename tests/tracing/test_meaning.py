"""Every number has one plain sentence."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from nnsim import Document, Network, ParameterRef, Samples, Settings
from nnsim.files.examples import open_example
from nnsim.model.selection import set_frozen
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.meaning import meaning
from nnsim.tracing.partial_trace import until
from nnsim.tracing.quantity import LOSS, Kind, Quantity
from nnsim.tracing.trace import trace_of
from tests.strategies import any_documents

W1 = ParameterRef(1, 0, 0)


def said(document, quantity):
    return meaning(Derivation(document.trace()), quantity)


@given(any_documents(), st.booleans())
def test_every_number_has_a_sentence_computed_or_not(document, computed):
    trace = document.trace()
    derivation = Derivation(trace if computed else until(trace, -1))
    for quantity in Derivation(trace).in_order():
        words = meaning(derivation, quantity)
        assert words.endswith(".")
        assert ". " not in words
        assert "None" not in words


def test_the_chapters_numbers_in_the_chapters_words():
    chapter = open_example("chapter")
    assert said(chapter, Quantity(Kind.error, (1, 0))) == (
        "Error = output − expected: the output is 0.35 too high."
    )
    assert "half the square of the error" in said(chapter, LOSS)
    assert "passes its sum on as it is" in said(chapter, Quantity(Kind.output, (1, 0)))
    assert "goes down by 0.035" in said(chapter, Quantity(Kind.new_value, ref=W1))


def test_a_flat_slope_says_that_nothing_comes_back():
    for name, weight, words in (
        ("relu", -1.0, "no error comes back"),
        ("threshold", 1.0, "training cannot move"),
        ("sigmoid", 12.0, "hardly any error"),
    ):
        document = Document(Network.dense([1, 1], [name], [[[weight]]]), Samples([[1]], [[0.5]]))
        assert words in said(document, Quantity(Kind.slope, (1, 0)))


def test_a_weight_that_training_leaves_is_not_said_to_be_moved():
    weight, bias = Quantity(Kind.parameter, ref=W1), ParameterRef(1, 0, None)
    chapter = open_example("chapter")
    assert said(chapter, weight).endswith("training moves it.")
    assert said(set_frozen(chapter, [W1], True), weight).endswith("training leaves it.")
    network = Network.dense([2, 1], ["threshold"], [[[0.3, 0.9]]], [[0.1]])
    samples = Samples([[0.1, 0.8]], [[0.4]])
    document = Document(network, samples, Settings(train_biases=False))
    assert said(document, weight).endswith("so no error moves it.")
    assert said(document, Quantity(Kind.parameter, ref=bias)).endswith("not trained here.")


def test_tried_inputs_are_not_the_samples():
    chapter = open_example("chapter").trace()
    tried = trace_of(chapter.network, chapter.inputs, None, chapter.settings)
    first = Quantity(Kind.input, (0, 0))
    assert meaning(Derivation(chapter), first) == "Input1 is given by the sample."
    assert meaning(Derivation(tried), first) == "Input1 is what you try."


def test_of_several_outputs_the_squares_are_added_up():
    network = Network.dense([1, 2], ["linear"], [[[0.5], [0.2]]])
    document = Document(network, Samples([[1.0]], [[1.0, 0.0]]))
    assert "half the sum of the squares of the errors" in said(document, LOSS)


def test_a_tiny_delta_says_why_it_is_so_small():
    network = Network.dense([1, 1], ["sigmoid"], [[[12.0]]])
    document = Document(network, Samples([[1.0]], [[0.5]]))
    words = said(document, Quantity(Kind.delta, ref=W1))
    assert "so little because sigmoid is saturated: at the sum 12 its slope is" in words


def test_a_delta_says_how_fast_the_loss_changes_with_its_weight():
    def of_chapter(**changes):
        document = replace(open_example("chapter"), **changes)
        return said(document, Quantity(Kind.delta, ref=W1))

    assert of_chapter() == (
        "As weight1 grows, E grows 0.035 times as fast: its delta (the gradient ∂E/∂w)."
    )
    too_low = Samples([[0.5, 0.5]], [[1.0]])  # an error of −0.4
    assert of_chapter(samples=too_low).startswith("As weight1 grows, E falls 0.2 times as fast")
    low_by_one = Samples([[1.0, 0.0]], [[1.3]])
    assert "E falls just as fast" in of_chapter(samples=low_by_one)
    unused = Samples([[0.0, 0.8]], [[0.4]])
    assert of_chapter(samples=unused) == (
        "The delta of weight1 (the gradient ∂E/∂w) is 0 because input1 is 0: "
        "it had no part in the output."
    )


def test_the_squares_of_adagrad_are_added_up_and_those_of_others_are_a_mean():
    square, chapter = Quantity(Kind.square, ref=W1), open_example("chapter")
    for optimizer, words in (("adagrad", "The sum of all squared"), ("adam", "The mean of the")):
        document = replace(chapter, settings=Settings(optimizer=optimizer))
        assert said(document, square).startswith(words)


def test_functions_are_called_as_books_call_them():
    network = Network.dense([1, 1, 1], ["relu", "bipolar_sigmoid"], [[[1.0]], [[1.0]]])
    document = Document(network, Samples([[1.0]], [[0.5]]))
    assert said(document, Quantity(Kind.output, (1, 0))).startswith("ReLU makes the output of hid")
    assert said(document, Quantity(Kind.output, (2, 0))) == (
        "Bipolar sigmoid makes the output from its sum (activation a)."
    )
