"""What needs brackets in an expression, in each notation."""

import pytest

from nnsim import ParameterRef
from nnsim.tracing.expression import Apply, Choose, Constant, Divide, LazyTerms, Square
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.worked.latex_math import Latex
from nnsim.tracing.worked.mathml import MathML
from nnsim.tracing.worked.plain_text import PlainText

DELTA = Quantity(Kind.delta, ref=ParameterRef(1, 0, 0))
RATIO = Divide(Constant(1.0), Constant(3.0))
NAMES = {
    PlainText: "delta of w",
    Latex: r"\frac{\partial E}{\partial w}",
    MathML: "<mtext>a b</mtext>",
}


def written(writer, expression):
    return writer(lambda _: NAMES[writer]).write(expression)


@pytest.mark.parametrize(
    ("writer", "bracketed"),
    [(PlainText, "(1 / 3)²"), (Latex, r"{\left(\frac{1}{3}\right)}^{2}"), (MathML, "<mo>)</mo>")],
)
def test_a_fraction_is_squared_in_brackets(writer, bracketed):
    assert bracketed in written(writer, Square(RATIO))


@pytest.mark.parametrize("writer", NAMES)
def test_a_name_that_reads_as_more_than_one_is_squared_in_brackets(writer):
    assert "(" in written(writer, Square(DELTA))
    assert "(" not in written(writer, DELTA)


@pytest.mark.parametrize("writer", NAMES)
def test_a_number_with_a_power_of_ten_is_squared_in_brackets(writer):
    assert "(" in written(writer, Square(Constant(1e-7)))
    assert "(" not in written(writer, Square(Constant(0.5)))


@pytest.mark.parametrize("writer", NAMES)
def test_a_power_is_squared_in_brackets(writer):
    assert "(" in written(writer, Square(Apply("exp", Constant(2.0))))


@pytest.mark.parametrize("writer", [PlainText, MathML])
def test_a_choice_has_brackets_wherever_it_stands(writer):
    # else “… else 0 = 1 if …” would read as another choice
    choice = Choose(DELTA, Constant(0.0), Constant(1.0), Constant(0.0))
    text = written(writer, choice)
    assert text.count("(") == text.count(")") == 1
    squared = written(writer, Square(choice))
    assert squared.count("(") == squared.count(")") == 1


def test_lazy_terms_are_a_sequence_whose_terms_are_made_when_they_are_asked_for():
    made = []
    terms = LazyTerms(1_000_000, lambda n: made.append(n) or Constant(float(n)))
    assert len(terms) == 1_000_000
    assert terms[3] == Constant(3.0)
    assert terms[-1] == Constant(999_999.0)
    assert terms[:2] == (Constant(0.0), Constant(1.0))
    assert made == [3, 999_999, 0, 1]
    with pytest.raises(IndexError):
        terms[1_000_000]
