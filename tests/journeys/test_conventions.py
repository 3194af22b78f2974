"""A student whose book has other conventions sees its numbers; training knows nothing of them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from nnsim import ParameterRef
from nnsim.tracing.conventions import AS_TRAINED, Conventions
from nnsim.tracing.pass_plan import StepSize
from nnsim.tracing.quantity import LEARNING_RATE, Kind, Quantity
from nnsim.views.diagram.painting import paint_network
from nnsim.views.plot_numbers import ERROR, LOSS, curve_of, present_of
from tests.drawn import drawn_words
from tests.journeys.conftest import weight

W1 = ParameterRef(1, 0, 0)
ERROR_OF_NEURON, DELTA = Quantity(Kind.error, (1, 0)), Quantity(Kind.delta, ref=W1)


def choose(person, **chosen):
    """By keys alone: Ctrl+K opens the dialog, arrow keys choose in its boxes."""
    person.control(Qt.Key.Key_K)
    dialog = person.window.conventions.dialog
    for name, words in chosen.items():
        box = dialog.boxes[name]
        box.setFocus()
        for _ in range(box.count()):
            if box.currentText().startswith(words):
                break
            below = box.currentIndex() < box.count() - 1
            QTest.keyClick(box, Qt.Key.Key_Down if below else Qt.Key.Key_Home)
        assert box.currentText().startswith(words)
    return dialog


def drawn(person):
    frame, scene, size = person.window._frame, person.view.scene(), person.view.size()
    return [word.text for word in drawn_words(lambda p: paint_network(p, scene, frame), size)]


def test_expected_minus_output_reaches_every_view_at_once(person):
    dialog = choose(person, error_sign="expected")

    assert person.row(0)[1:] == ["0.3", "−0.35", "1", "0.1", "−0.035", "−0.035", "0.265"]
    assert "−0.35" in drawn(person)
    assert "0.4 − 0.75" in drawn(person)
    chain = person.window.factors.card.chain()
    assert "= 0.3 + 1 × (−0.035) = 0.265" in chain
    assert "0.35 too high" in chain
    frame = person.window._frame
    assert present_of(frame, ERROR) == pytest.approx(-0.35)
    assert person.window.samples.table.model().text(0, 5) == "−0.35"
    assert "The new weights stay the same." in dialog.lines["error_sign"].text()
    assert person.window.conventions.button.text() == "error = expected − output"
    assert person.window.conventions.button.isVisible()


def test_training_takes_the_same_steps_and_the_plot_keeps_the_sign(person):
    choose(person, error_sign="expected", shown_loss="E = Σ").close()
    person.window.activateWindow()
    person.press("step")

    assert person.weights == pytest.approx([0.265, 0.62])
    frame = person.window._frame
    assert list(curve_of(frame, ERROR).values) == pytest.approx([-0.35])
    assert list(curve_of(frame, LOSS).values) == pytest.approx([0.1225])
    assert present_of(frame, ERROR) == pytest.approx(-0.1225)
    assert frame.book.matches
    assert person.document.settings.loss == "half_squared"
    person.control(Qt.Key.Key_Z)
    assert person.weights == [0.3, 0.9]
    assert person.row(0)[2] == "−0.7"  # undo takes back what was done, not how it is shown


def test_the_sum_of_squares_doubles_deltas_and_halves_the_rate_that_is_shown(person):
    choose(person, shown_loss="E = Σ")
    assert person.cell(0, "delta") == "0.07"
    assert person.cell(0, "new_value") == "0.265"
    assert "= 0.3 − 0.5 × 0.07 = 0.265" in person.window.factors.card.chain()
    assert person.window.toolbar.learning_rate.text() == "1"
    assert "0.5" in person.window.toolbar.learning_rate.toolTip()
    person.program.session.open_card(LEARNING_RATE)
    assert person.window.explaining.card.name.text() == "learning rate"
    assert "of the toolbar" in person.window.explaining.card.sentence.text()


def test_the_fields_names_stand_in_diagram_table_and_cards(person):
    choose(person, names="z, a")
    words = drawn(person)
    assert {"z", "a", "t", "e", "∂E/∂w"} <= set(words)
    assert not {"sum", "output", "error"} & set(words)
    headings = [
        person.table.model().headerData(i, Qt.Orientation.Horizontal)
        for i in range(person.table.model().columnCount())
    ]
    assert headings[1:] == ["w", "∂E/∂a ×", "f'(z) ×", "∂z/∂w =", "∂E/∂w", "Δw", "w′"]
    person.program.session.go_inside_to(DELTA)
    assert person.window.explaining.card.name.text() == "∂E/∂w⁽¹⁾₁,₁"
    assert person.window.explaining.outline.currentItem().text(0) == "∂E/∂w⁽¹⁾₁,₁"
    assert len(person.window.explaining.card.formula._written.lines) == 2  # symbols and numbers


def test_a_delta_with_the_rate_in_it(person):
    person.program.session.set_learning_rate(0.5)
    choose(person, delta_with_rate="with the")
    assert person.cell(0, "delta") == "0.0175"
    assert "delta = learning rate × error × f'(sum) × sum' = 0.5 × 0.35" in (
        person.window.factors.card.chain()
    )
    assert "new value = value − delta = 0.3 − 0.0175 = 0.2825" in person.window.factors.card.chain()


def test_inside_a_step_too_each_idea_is_in_the_convention(person):
    choose(person, error_sign="expected", shown_loss="E = Σ").close()
    person.window.activateWindow()
    seen = {}
    for _ in range(20):
        person.key(Qt.Key.Key_F7)
        idea = person.window._frame.looked_at
        if idea is None:
            break
        seen[idea.kind] = person.window.explaining.card.formula._written
    assert Kind.output_gradient in seen  # 2 × (expected − output) is an idea of its own
    assert person.weights == pytest.approx([0.265, 0.62])


def test_all_as_usual_and_remembered_in_the_next_sitting(start):
    first = start()
    choose(first, error_sign="expected", names="z, a")
    first.window.close()
    again = start()
    assert again.program.preferences.conventions == Conventions(
        "expected_minus_output", names="field"
    )
    assert again.cell(0, "delta") == "−0.035"
    QTest.mouseClick(again.window.conventions.button, Qt.MouseButton.LeftButton)
    dialog = again.window.conventions.dialog
    QTest.mouseClick(dialog.usual_button, Qt.MouseButton.LeftButton)
    assert again.cell(0, "delta") == "0.035"
    assert again.program.preferences.conventions == AS_TRAINED
    assert not again.window.conventions.button.isVisible()
    assert not dialog.usual_button.isEnabled()


def test_files_and_exports_never_change(person, tmp_path):
    person.program.session.save(str(tmp_path / "before.nnsim"))
    choose(person, error_sign="expected", shown_loss="E = Σ", names="z, a")
    person.program.session.save(str(tmp_path / "after.nnsim"))
    assert (tmp_path / "before.nnsim").read_bytes() == (tmp_path / "after.nnsim").read_bytes()
    solutions = person.window.solutions
    written = []
    solutions.made.connect(lambda _path, data: written.append(data))
    solutions._make(str(tmp_path / "step.md"))
    person.program._use_conventions(AS_TRAINED)
    solutions._make(str(tmp_path / "step.md"))
    assert written[0] == written[1]
    assert b"0.035" in written[0]


def test_where_a_convention_cannot_be_kept_its_box_is_off_and_says_why(person):
    choose(person, shown_loss="E = Σ", delta_with_rate="with the")
    person.program.session.change_settings({"optimizer": "adam"})
    dialog = person.window.conventions.dialog
    assert not dialog.boxes["shown_loss"].isEnabled()
    assert "these settings" in dialog.lines["shown_loss"].text()
    assert person.cell(0, "delta") == "0.035"
    person.control(Qt.Key.Key_Z)
    assert person.cell(0, "delta") == "0.035"  # 2 × 0.035 × (1/2): with the rate it is the change
    assert person.window._frame.conventions.delta_with_rate


def test_with_the_rate_in_the_delta_the_headings_are_a_true_equation(person):
    choose(person, delta_with_rate="with the")
    model = person.table.model()
    headings = [model.headerData(i, Qt.Orientation.Horizontal) for i in range(2, 6)]
    assert headings == ["error ×", "f'(sum) ×", "sum' × η =", "delta"]


def test_choosing_another_convention_keeps_the_place_inside_a_step(person):
    session = person.program.session
    session.change_settings({"optimizer": "momentum"})
    choose(person, shown_loss="E = Σ", error_sign="expected")
    person.program.session.finish_inside()
    while session.frame.inside.idea is not None:
        idea = session.frame.inside.idea
        for conventions in (AS_TRAINED, Conventions(shown_loss="sum")):
            session.show_in(conventions)
            assert session.frame.inside.idea == idea
        session.step_back_inside(StepSize.number)


def test_the_dialog_says_what_it_changes_while_other_inputs_are_tried_and_without_samples(person):
    dialog = choose(person, error_sign="expected")
    person.program.session.try_inputs((0.5, 0.5))
    assert "The new weights stay the same." in dialog.lines["error_sign"].text()
    person.program.session.remove_sample(0)
    assert dialog.lines["error_sign"].text() == "Add a sample to see what it changes."


def test_a_difference_to_the_book_is_told_in_the_books_convention(person):
    choose(person, error_sign="expected")
    assert "in the book" not in person.strip
    person.press("step")
    person.edit(weight(0), "0.4")
    assert ("book’s convention" in person.strip) is ("error" in person.strip)
