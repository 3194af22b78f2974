"""Whether the numbers on the screen are those of the book."""

import pytest

from nnsim import Document, Network, ParameterRef, Samples, train
from nnsim.model import building, connecting, edits
from nnsim.model.book import compare_with_book
from nnsim.model.rebuilding import Fresh

CHAPTER = Document(
    Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]]),
    Samples([[0.1, 0.8]], [[0.4]]),
    example="chapter",
)


def compared(document):
    return compare_with_book(document, document.trace())


@pytest.mark.parametrize("steps", [0, 1])
def test_the_chapters_numbers_match_at_the_steps_it_prints(steps):
    book = compared(train(CHAPTER, steps).document)

    assert book.matches is True
    assert book.sentence == "The chapter’s example. Every number matches the book."


@pytest.mark.parametrize("steps", [2, 3, 10])
def test_after_them_the_book_says_nothing(steps):
    book = compared(train(CHAPTER, steps).document)

    assert book.matches is None
    assert book.sentence == f"The chapter’s example, step {steps}: the book stops after step 1."


def test_its_errors_are_there_for_the_plot():
    assert compared(CHAPTER).points == ((0, 0.35), (1, 0.1225))


CHANGES = {
    "weight1 is 0.5, in the book 0.3": lambda d: edits.set_parameter(d, ParameterRef(1, 0, 0), 0.5),
    "weight2 is −1, in the book 0.9": lambda d: edits.set_parameter(d, ParameterRef(1, 0, 1), -1),
    "input1 is 0.2, in the book 0.1": lambda d: edits.set_input(d, 0, 0, 0.2),
    "input2 is 1, in the book 0.8": lambda d: edits.set_input(d, 0, 1, 1.0),
    "expected is 0, in the book 0.4": lambda d: edits.set_expected(d, 0, 0, 0.0),
    "learning rate is 0.5, in the book 1": lambda d: edits.set_learning_rate(d, 0.5),
    "input1 is missing, in the book 0.1": lambda d: edits.add_samples(d, [[0, 0, 0]]),
    "output is 0.67918, in the book 0.75": lambda d: edits.set_activation(d, 1, 0, "sigmoid"),
}


@pytest.mark.parametrize(("sentence", "edit"), CHANGES.items(), ids=CHANGES.keys())
def test_a_changed_number_is_named(sentence, edit):
    book = compared(edit(CHAPTER))

    assert book.matches is False
    assert sentence in book.sentence


def test_a_weight_changed_later_is_named_too():
    document = edits.set_parameter(train(CHAPTER, 1).document, ParameterRef(1, 0, 0), 0.5)
    book = compared(document)

    assert book.matches is False
    assert book.sentence.endswith("step 1: weight1 is 0.5, in the book 0.265.")


BUILT = {
    "another output": lambda d: building.add_neurons(d, 1, fresh=Fresh.zero),
    "another input": lambda d: building.add_neurons(d, 0, fresh=Fresh.zero),
    "a hidden layer": lambda d: building.add_layer(d, 1, 2, "linear"),
    "a bias": lambda d: connecting.set_bias(d, [(1, 0)], True, fresh=Fresh.zero),
    "a weight removed": lambda d: connecting.disconnect(d, [ParameterRef(1, 0, 1)]),
}


@pytest.mark.parametrize("edit", BUILT.values(), ids=BUILT.keys())
def test_another_network_is_not_the_books(edit):
    book = compared(edit(CHAPTER))

    assert book.matches is False
    assert book.sentence == (
        "The chapter’s example, changed: the network is another than in the book."
    )


def test_a_number_that_is_none_does_not_match():
    trace = edits.set_parameter(CHAPTER, ParameterRef(1, 0, 0), 1e308)
    trace = edits.set_parameter(trace, ParameterRef(1, 0, 1), 1e308)
    trace = edits.set_input(edits.set_input(trace, 0, 0, 10.0), 0, 1, -10.0)

    assert compare_with_book(CHAPTER, trace.trace()).matches is False


def test_putting_the_number_back_matches_again():
    ref = ParameterRef(1, 0, 0)
    there_and_back = edits.set_parameter(edits.set_parameter(CHAPTER, ref, 0.5), ref, 0.3)

    assert compared(there_and_back).matches is True


def test_any_other_document_has_no_book():
    own = Document(CHAPTER.network, CHAPTER.samples)

    assert compared(own) is None


def test_an_example_that_no_book_has_is_no_matter():
    own = Document(CHAPTER.network, CHAPTER.samples, example="no such book")

    assert compared(own) is None


def test_without_samples_nothing_can_be_compared():
    assert compare_with_book(edits.remove_sample(CHAPTER, 0), None) is None
