"""A student with the chapter on paper opens nnsim and presses Step."""

from PySide6.QtCore import Qt

BOOK = "The chapter’s example. Every number matches the book."


def test_the_window_opens_on_the_chapters_neuron(person):
    assert person.row(0) == ["weight1", "0.3", "0.35", "1", "0.1", "0.035", "−0.035", "0.265"]
    assert person.row(1) == ["weight2", "0.9", "0.35", "1", "0.8", "0.28", "−0.28", "0.62"]
    assert person.strip == BOOK


def test_space_takes_a_step_to_the_books_next_numbers(person):
    person.key(Qt.Key.Key_Space)
    assert person.row(0) == [
        "weight1",
        "0.265",
        "0.1225",
        "1",
        "0.1",
        "0.01225",
        "−0.01225",
        "0.25275",
    ]
    assert person.strip == BOOK
    assert person.document.position.step == 1


def test_the_step_button_applies_exactly_the_previewed_numbers(person):
    previewed = [
        float(person.table.model().index(r, 7).data(Qt.ItemDataRole.EditRole)) for r in (0, 1)
    ]
    person.press("step")
    assert person.weights == previewed


def test_after_the_book_ends_the_strip_says_so(person):
    for _ in range(2):
        person.press("step")
    assert person.cell(0, "error") == "0.042875"
    assert "the book stops after step 1" in person.strip


def test_the_formula_is_written_out_with_numbers(person):
    card = person.window.factors.card
    assert "delta = error × f'(sum) × sum' = 0.35 × 1 × 0.1 = 0.035" in card.accessibleDescription()


def test_a_row_selects_its_connection_and_back(person):
    from PySide6.QtTest import QTest

    from nnsim.engine.network import ParameterRef
    from tests.journeys.conftest import weight

    where = person.table.visualRect(person.table.model().index(1, 5)).center()
    QTest.mouseClick(person.table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert person.program.session.frame.selected == ParameterRef(1, 0, 1)
    person.click(weight(0))
    assert "How weight1 changes" in [
        label.text()
        for label in person.window.factors.findChildren(type(person.window.factors._title))
    ]


def test_copy_gives_every_digit(person, qapp):
    person.table.setFocus()
    person.table.setCurrentIndex(person.table.model().index(0, 2))
    person.control(Qt.Key.Key_C)
    assert qapp.clipboard().text() == "0.3500000000000001"
