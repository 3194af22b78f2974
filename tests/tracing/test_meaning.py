"""Every number has one plain sentence."""

from hypothesis import given
from hypothesis import strategies as st

from nnsim import Document, Network, ParameterRef, Samples
from nnsim.files.examples import open_example
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.meaning import meaning
from nnsim.tracing.partial_trace import until
from nnsim.tracing.quantity import LOSS, Kind, Quantity
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
        assert "None" not in words


def test_the_chapters_numbers_in_the_chapters_words():
    chapter = open_example("chapter")
    assert said(chapter, Quantity(Kind.error, (1, 0))) == (
        "Error = output − expected: neuron is 0.35 too high."
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
