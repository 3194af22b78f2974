"""Numbers are written as a person likes them, everywhere and the next time too."""

import pytest

from nnsim import ParameterRef
from nnsim.files.examples import open_example
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.display import Display, display, use_display
from nnsim.tracing.expression import Square
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.views.formulas.lettering import InNumbers
from nnsim.views.formulas.typesetting import Typesetter

W1 = ParameterRef(1, 0, 0)


@pytest.fixture(autouse=True)
def usual_afterwards():
    yield
    use_display(Display())


def choose(person, words):
    menu = person.window.numbers_menu
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == words).trigger()


def test_a_decimal_comma_is_everywhere_and_remembered(person):
    choose(person, "Decimal comma")
    assert person.cell(0, "value") == "0,3"
    assert person.cell(0, "delta") == "0,035"
    assert person.program.preferences.display == Display(comma=True)
    choose(person, "Decimal comma")
    assert person.cell(0, "value") == "0.3"


def test_digits_and_fractions(person):
    choose(person, "Fractions where exact")
    assert person.cell(0, "delta") == "7/200"
    choose(person, "Fractions where exact")
    choose(person, "17 digits")
    assert float(person.cell(0, "delta")) == person.document.trace().factors(W1).delta
    assert len(person.cell(0, "delta")) > 15
    choose(person, "As on paper")
    assert person.cell(0, "delta") == "0.035"
    assert display() == Display()


def test_cards_show_the_step_as_it_is_rounded_on_paper(person):
    menu = person.window.numbers_menu
    menu.aboutToShow.emit()
    (shown,) = [action.menu() for action in menu.actions() if action.menu()]
    {action.text(): action for action in shown.actions()}["Every line rounded to 0.0"].trigger()
    person.program.session.open_card(Quantity(Kind.error, (1, 0)))
    formula = person.window.explaining.card.formula
    assert display().rounded == 1
    assert len(formula._written.lines) == 4  # words, numbers, rounded numbers, symbols
    person.program._use_display(Display())
    assert len(formula._written.lines) == 3


def test_a_fraction_under_a_power_has_brackets(qapp):
    use_display(Display(fractions=True))
    derivation = Derivation(open_example("chapter").trace())
    letters = InNumbers(derivation, 16, {})
    error = Square(Quantity(Kind.error, (1, 0)))
    plain = letters.quantity(error.operand).width
    assert Typesetter(letters).one(error).width > plain + 14  # ( and ) of 7 each
    use_display(Display())
    plain = letters.quantity(error.operand).width
    assert Typesetter(letters).one(error).width < plain + 14
