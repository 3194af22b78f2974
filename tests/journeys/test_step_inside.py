"""A student walks through a step number by number, and from a number to where it comes from."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea

from nnsim import Document, Network, ParameterRef, Samples, Settings
from nnsim.tracing.pass_plan import StepSize
from nnsim.tracing.quantity import LOSS, Kind, Quantity
from nnsim.views.diagram import strokes, tiles
from nnsim.views.diagram.back_signals import badge_spots
from nnsim.views.diagram.label_places import shown_label
from nnsim.views.diagram.marks import marked_place
from nnsim.views.diagram.spots import spots
from nnsim.views.diagram.targets import Target
from nnsim.views.explaining.path_list import HEAD, LINE
from nnsim.views.factors.columns import COLUMNS

NEURON = (1, 0)
W1, W2 = ParameterRef(1, 0, 0), ParameterRef(1, 0, 1)
SUM, OUTPUT, ERROR = (Quantity(kind, NEURON) for kind in (Kind.sum, Kind.output, Kind.error))


@pytest.fixture
def panel(person):
    return person.window.explaining


def forward(person, times=1):
    for _ in range(times):
        person.key(Qt.Key.Key_F7)


def place(person, quantity) -> QPoint:
    for rect, shown in spots(person.view.scene()):
        if shown == quantity:
            return person.view.to_screen(rect).center().toPoint()
    raise AssertionError(f"{quantity} is nowhere in the diagram")


def click(person, quantity):
    QTest.mouseClick(person.view, Qt.MouseButton.LeftButton, pos=place(person, quantity))


def drawn(person):
    return {text for text in (person.cell(0, c) for c in ("error", "slope", "delta")) if text}


def test_f7_computes_one_number_after_the_other_and_what_is_to_come_is_blank(person, panel):
    forward(person)
    assert panel.isVisible()
    assert not person.window.error_plot.isVisible()
    assert panel.card.name.text() == "input1 × weight1"
    assert drawn(person) == set()
    assert person.window.samples.table.model().text(0, 4) == ""
    forward(person, 4)
    assert panel.card.name.text() == "error"
    assert "0.35 too high" in panel.card.sentence.text()
    assert drawn(person) == {"0.35"}
    assert person.window.samples.table.model().text(0, 4) == "0.75"
    forward(person, 4)
    assert drawn(person) == {"0.35", "1", "0.035"}
    assert person.cell(0, "new_value") == ""


def test_walking_to_the_end_takes_the_step_with_the_numbers_that_were_shown(person, panel):
    forward(person, 12)
    assert person.cell(0, "new_value") == "0.265"
    assert person.weights == [0.3, 0.9]
    forward(person)
    assert person.weights == pytest.approx([0.265, 0.62])
    assert panel.card.name.text() == "Nothing is computed yet"
    person.control(Qt.Key.Key_Z)
    assert person.weights == [0.3, 0.9]


def test_shift_f7_goes_back_and_the_buttons_go_to_both_ends(person, panel):
    forward(person, 3)
    person.key(Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    assert panel.card.name.text() == "input2 × weight2"
    QTest.mouseClick(panel.transport.last, Qt.MouseButton.LeftButton)
    assert panel.card.name.text() == "new weight2"
    QTest.mouseClick(panel.transport.first, Qt.MouseButton.LeftButton)
    assert panel.card.name.text() == "Nothing is computed yet"
    assert not panel.transport.back.isEnabled()


def test_a_press_can_take_a_whole_phase(person, panel):
    forward(person)
    box = panel.transport.how_far
    box.setFocus()
    while box.currentData() != StepSize.phase.value:
        QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.mouseClick(panel.transport.forward, Qt.MouseButton.LeftButton)
    assert panel.card.name.text() == "output"
    QTest.mouseClick(panel.transport.forward, Qt.MouseButton.LeftButton)
    assert person.program.session.frame.looked_at == LOSS


def test_an_idea_is_reached_from_the_outline(person, panel):
    forward(person)
    outline = panel.outline
    phase = outline.topLevelItem(2)
    assert phase.text(0) == "Backpropagation"
    phase.setExpanded(True)
    neuron = phase.child(0)
    neuron.setExpanded(True)
    names = [neuron.child(i).text(0) for i in range(neuron.childCount())]
    assert names == ["f'(sum)", "error signal", "delta of weight1", "delta of weight2"]
    outline.scrollToItem(neuron.child(2))
    where = outline.visualItemRect(neuron.child(2)).center()
    QTest.mouseClick(outline.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert panel.card.name.text() == "delta of weight1"
    assert person.cell(1, "delta") == ""


def test_playing_goes_on_by_itself(person, panel, qtbot):
    forward(person)
    panel.transport.speed.setCurrentIndex(panel.transport.speed.count() - 1)
    QTest.mouseClick(panel.transport.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.card.name.text() == "output", timeout=5000)
    QTest.mouseClick(panel.transport.play, Qt.MouseButton.LeftButton)
    assert not panel.transport.play.isChecked()


def test_esc_in_the_panel_shows_the_whole_step_again(person, panel):
    forward(person, 2)
    panel.card.formula.setFocus()
    person.key(Qt.Key.Key_Escape)
    assert person.cell(1, "new_value") == "0.62"
    assert person.window.error_plot.isVisible()


def test_a_click_on_a_number_opens_its_card_and_its_numbers_lead_on(person, panel):
    click(person, ERROR)
    assert panel.card.name.text() == "error"
    assert panel.isVisible()
    formula = panel.card.formula
    rect = next(rect for rect, quantity in formula.spots() if quantity == OUTPUT)
    QTest.mouseClick(formula, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    assert panel.card.name.text() == "output"
    QTest.mouseClick(panel.card.back, Qt.MouseButton.LeftButton)
    assert panel.card.name.text() == "error"
    QTest.mouseClick(panel.close_button, Qt.MouseButton.LeftButton)
    assert person.window.error_plot.isVisible()


def test_a_card_tells_where_its_number_goes(person, panel):
    click(person, ERROR)
    assert "error signal" in panel.card.links.text()
    panel.card.links.linkActivated.emit("0")
    assert panel.card.name.text() != "error"


def test_a_cell_of_the_table_opens_its_card(person, panel):
    index = person.table.model().index(1, 5)
    where = person.table.visualRect(index).center()
    QTest.mouseClick(person.table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert panel.card.name.text() == "delta of weight2"
    assert person.program.session.frame.selected == W2


def test_pointing_at_a_number_lights_up_all_of_its_places(person, panel):
    forward(person, 12)
    QTest.mouseMove(person.view, place(person, ERROR))
    delta = Quantity(Kind.delta, ref=W1)
    lit = panel.card.formula._lit
    assert ERROR in lit.here
    assert delta in lit.uses
    assert {OUTPUT, Quantity(Kind.expected, NEURON)} <= lit.sources
    assert person.view.numbers.lit == person.table._lit == lit
    QTest.mouseMove(person.view, QPoint(5, person.view.height() - 80))
    assert not person.view.numbers.lit


def test_the_keyboard_alone_walks_to_the_origin_of_a_number(person, panel):
    person.click(Target("parameter", ref=W1))
    person.key(Qt.Key.Key_F4)
    assert panel.card.name.text() == "delta of weight1"
    assert panel.isVisible()
    formula = panel.card.formula
    formula.setFocus()
    first = panel.card.name.text()
    for _ in range(len(formula.spots())):
        person.key(Qt.Key.Key_Right)
        if formula.spots()[formula._at][1] != person.program.session.frame.looked_at:
            break
    person.key(Qt.Key.Key_Return)
    assert panel.card.name.text() != first
    person.key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert panel.card.name.text() == first


def test_an_edit_in_the_middle_of_a_pass_is_followed_by_every_number(person, panel):
    forward(person, 3)
    person.program.session.set_parameter(W1, 0.5)
    assert person.program.session.frame.trace.neuron(1, 0).sum == pytest.approx(0.77)
    assert shown_sum(panel) == pytest.approx(0.77)
    person.control(Qt.Key.Key_Z)
    assert shown_sum(panel) == pytest.approx(0.75)


def shown_sum(panel):
    """As its tooltip has it; the last digit is the machine's."""
    return float(panel.card.formula._tip(SUM).removeprefix("sum = "))


def test_a_run_ends_the_pass(person, panel):
    forward(person, 3)
    person.key(Qt.Key.Key_F5)
    person.key(Qt.Key.Key_F5)
    assert person.program.session.frame.inside is None
    assert person.window.error_plot.isVisible()


def test_the_paths_of_a_hidden_error_light_up_in_the_diagram(person, panel):
    person.program.session.open_example("xor")
    error = Quantity(Kind.output_gradient, (1, 0))
    person.program.session.open_card(error)
    paths = panel.card.paths
    assert paths.isVisible()
    panel.findChild(QScrollArea).ensureWidgetVisible(paths)
    where = QPoint(40, HEAD + LINE // 2)
    QTest.mouseMove(paths, where)
    weight = Quantity(Kind.parameter, ref=ParameterRef(2, 0, 0))
    assert weight in person.view.numbers.lit.here
    paths.setFocus()
    person.key(Qt.Key.Key_Down)
    assert weight in person.view.numbers.lit.here


def test_in_a_small_window_the_chapters_formulas_and_sentences_are_seen_whole(person, panel):
    person.window.resize(1280, 720)
    for number in range(12):
        forward(person)
        seen = panel.findChild(QScrollArea).viewport()
        below = panel.card.sentence.mapTo(seen, panel.card.sentence.rect().bottomLeft()).y()
        assert below <= seen.height(), number
        assert panel.outline.isVisible()


def test_in_a_small_window_the_check_of_a_delta_is_below_its_sentence(person, panel):
    delta = Quantity(Kind.delta, ref=W1)
    person.window.resize(1280, 720)
    person.program.session.go_inside_to(delta)
    assert panel.check.isVisible()
    assert panel.check.parent() is panel.card
    assert panel.check.y() > panel.card.sentence.y()
    panel.outline_button.click()
    assert panel.check.parent() is panel
    panel.outline_button.click()
    person.window.resize(1600, 900)
    assert panel.check.parent() is panel


def test_the_next_number_is_read_from_its_beginning(person, panel):
    person.window.resize(1280, 720)
    person.program.session.go_inside_to(Quantity(Kind.delta, ref=W1))
    QApplication.processEvents()
    bar = panel.findChild(QScrollArea).verticalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    forward(person)
    assert bar.value() == 0


def test_marks_go_around_the_large_label_of_a_weight_among_tiles(person):
    person.program.session.open_example("xor")
    ref = ParameterRef(1, 0, 0)
    person.program.session.select(ref)
    view, scene = person.view, person.view.scene()
    label, weight = shown_label(scene, ref), Quantity(Kind.parameter, ref=ref)
    assert label != scene.labels[ref]
    frame = person.program.session.frame
    assert marked_place(scene, frame, Target("parameter", ref=ref)) == label
    assert [rect for rect, shown in spots(scene, ref) if shown == weight] == [label]
    QTest.mouseMove(view, view.to_screen(label).center().toPoint())
    assert weight in view.numbers.lit.here


def test_a_long_sum_is_shown_in_part_until_asked_for(person, panel):
    network = Network.dense([30, 1], ["linear"])
    samples = Samples([[0.5] * 30], [[1]])
    person.program.session._open(Document(network, samples), None)
    person.program.session.open_card(SUM)
    few = len(panel.card.formula.spots())
    assert panel.card.all_terms.isVisible()
    QTest.mouseClick(panel.card.all_terms, Qt.MouseButton.LeftButton)
    assert len(panel.card.formula.spots()) > few
    assert not panel.card.all_terms.isVisible()


def test_the_numbers_of_the_factors_card_open_their_own_cards(person, panel):
    person.click(Target("parameter", ref=W1))
    person.window.factors.card.repaint()
    spots_of_card = person.window.factors.card._spots
    where = next(rect for rect, quantity in spots_of_card if quantity.kind is Kind.slope)
    QTest.mouseMove(person.window.factors.card, where.center().toPoint())
    assert Quantity(Kind.slope, NEURON) in person.view.numbers.lit.here
    QTest.mouseClick(
        person.window.factors.card, Qt.MouseButton.LeftButton, pos=where.center().toPoint()
    )
    assert panel.card.name.text() == "f'(sum)"


def test_a_delta_is_checked_by_differences_of_any_width(person, panel):
    person.click(Target("parameter", ref=W1))
    person.key(Qt.Key.Key_F4)
    check = panel.check
    assert check.isVisible()
    verdict, read = check.lines()
    assert verdict == "✓ delta agrees"
    assert read.startswith("h = 0.00001: 0.035")
    check.setFocus()
    person.key(Qt.Key.Key_Left)
    assert check.lines()[1] != read
    QTest.mouseClick(check, Qt.MouseButton.LeftButton, pos=QPoint(40, 100))
    assert check.lines()[1].startswith("h = 1:")


def test_a_kink_is_told_of(person, panel):
    person.program.session.set_activation(1, 0, "relu")
    person.program.session.open_card(Quantity(Kind.delta, ref=W1))
    panel.check.setFocus()
    for _ in range(60):
        person.key(Qt.Key.Key_Left)
    # the sum is 0.75 and the input 0.1, so that the kink is 7.5 away: none for h = 1
    assert "kink" not in panel.check.lines()[1]
    person.program.session.set_parameter(W1, -7.15)
    assert "kink" in panel.check.lines()[1]


def test_the_learning_rate_says_how_far_it_can_go(person, panel):
    person.control(Qt.Key.Key_L)
    person.key(Qt.Key.Key_F4)
    assert panel.card.name.text() == "learning rate"
    assert "exactly 1 − η·Σx² = 0.35" in panel.card.sentence.text()
    assert "3.07692" in panel.card.sentence.text()
    assert panel.meter.isVisible()
    person.program.session.set_learning_rate(4.0)
    assert "the error grows" in panel.card.sentence.text()
    assert "safe below 3.07692" in panel.meter.accessibleDescription()


def test_every_number_of_an_adam_step_on_a_batch_is_walked_through(person, panel):
    network = Network.dense([2, 1], ["sigmoid"], [[[0.3, 0.9]]], [[0.1]])
    samples = Samples([[0.1, 0.8], [0.5, 0.2]], [[0.4], [0.9]])
    settings = Settings(0.1, optimizer="adam", batch_size=2, l2=0.01, clip_norm=0.5)
    person.program.session._open(Document(network, samples, settings), None)
    seen = []
    while person.document.position.step == 0:
        forward(person)
        seen.append((person.program.session.frame.looked_at, panel.card.sentence.text()))
        assert len(seen) < 200
    kinds = [quantity.kind for quantity, _ in seen[:-1]]
    for kind in (Kind.delta_mean, Kind.l2_term, Kind.gradient_length, Kind.mean_corrected):
        assert kind in kinds
    assert kinds.index(Kind.delta_mean) > kinds.index(Kind.delta)
    assert all(sentence.endswith(".") for _, sentence in seen)
    assert seen[-1][0] is None


def test_the_point_of_now_in_the_plot_is_the_error_everywhere(person):
    graph = person.window.error_plot.graph
    QTest.mouseMove(graph, graph.drawing.present().toPoint())
    assert ERROR in person.view.numbers.lit.here
    QTest.mouseMove(person.view, place(person, ERROR))
    assert graph._mark == Qt.PenStyle.SolidLine
    QTest.mouseMove(person.view, place(person, OUTPUT))
    assert graph._mark == Qt.PenStyle.DashLine
    QTest.mouseMove(person.view, QPoint(5, person.view.height() - 80))
    assert graph._mark == Qt.PenStyle.NoPen


def test_a_click_on_a_weight_opens_its_card_while_something_is_explained(person, panel):
    weight = Quantity(Kind.parameter, ref=W2)
    click(person, weight)
    assert panel.isHidden()  # its factors are shown at the right
    click(person, SUM)
    click(person, weight)
    assert panel.card.name.text() == "weight2"


def test_a_number_that_is_not_computed_yet_has_no_frame(person, panel):
    forward(person)
    numbers = person.view.numbers
    person.window.lighting.point_at(SUM)
    marked = {quantity for _, quantity in numbers._computed(person.view.scene(), None)}
    assert numbers.lit.has(OUTPUT)
    assert OUTPUT not in marked
    person.program.session.finish_inside()
    marked = {quantity for _, quantity in numbers._computed(person.view.scene(), None)}
    assert OUTPUT in marked


def test_the_formula_card_has_the_same_factors_while_other_inputs_are_tried(person):
    parts = [part.label for part in person.window.factors.card._delta_parts(*_shown(person))]
    person.program.session.try_inputs((0.5, 0.5))
    tried = [part.label for part in person.window.factors.card._delta_parts(*_shown(person))]
    assert tried == parts == ["delta", "error", "f'(sum)", "sum'"]


def _shown(person):
    trace = person.window._frame.trace
    return trace, trace.factors(W1)


FIRST_HIDDEN, TO_OUTPUT = ParameterRef(1, 0, 0), ParameterRef(2, 0, 0)
CARRIED = Quantity(Kind.carried, ref=TO_OUTPUT)


def test_what_comes_back_on_a_path_lights_up_and_opens_in_card_and_diagram(person, panel):
    person.program.session.open_example("two-layers")
    person.click(Target("parameter", ref=FIRST_HIDDEN))
    card = person.window.factors.card
    QApplication.processEvents()  # it is laid out anew
    numbers = {quantity: rect for rect, quantity in card._spots}
    path = [CARRIED, Quantity(Kind.parameter, ref=TO_OUTPUT), Quantity(Kind.slope, (2, 0))]
    assert set(path) <= set(numbers)
    QTest.mouseMove(card, numbers[CARRIED].center().toPoint())
    assert CARRIED in person.view.numbers.lit.here

    frame = person.program.session.frame
    badges = {quantity: rect for rect, quantity in badge_spots(person.view.scene(), frame)}
    where = person.view.to_screen(badges[CARRIED]).center().toPoint()
    QTest.mouseMove(person.view, where)
    assert CARRIED in card._lit.here
    QTest.mouseClick(person.view, Qt.MouseButton.LeftButton, pos=where)
    assert person.program.session.frame.trail == (CARRIED,)


def test_the_number_that_the_keys_are_at_lights_up(person):
    person.view.setFocus(Qt.FocusReason.TabFocusReason)
    weight = Quantity(Kind.parameter, ref=person.view.focused.ref) if person.view.focused else None
    while weight is None or person.view.focused.kind != "parameter":
        person.key(Qt.Key.Key_Tab)
        weight = Quantity(Kind.parameter, ref=person.view.focused.ref)
    assert weight in person.table._lit.here

    table, delta = person.table, COLUMNS.index("delta")
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, delta))
    assert Quantity(Kind.delta, ref=W1) in person.view.numbers.lit.here
    person.key(Qt.Key.Key_Down)
    assert Quantity(Kind.delta, ref=W2) in person.view.numbers.lit.here
    person.view.setFocus()
    assert Quantity(Kind.delta, ref=W2) not in person.view.numbers.lit.here


def test_tiles_are_blank_until_their_output_is_computed(person, monkeypatch):
    written = []

    def text(painter, rect, words, *rest):
        written.append(words)
        return strokes.text(painter, rect, words, *rest)

    person.program.session.open_example("xor")
    forward(person)
    monkeypatch.setattr(tiles, "text", text)
    person.view.repaint()
    assert "hidden" in written
    assert not [words for words in written if "nan" in words or "number" in words]


def test_only_the_samples_walked_through_show_what_the_network_says(person):
    document = person.program.session.document
    settings = replace(document.settings, batch_size=2)
    samples = Samples([[0.1, 0.8], [0.3, 0.2], [0.5, 0.5]], [[0.4], [0.1], [1.0]])
    person.program.session._open(replace(document, samples=samples, settings=settings), None)
    model = person.window.samples.table.model()
    forward(person)
    assert [model.text(row, 4) for row in range(3)] == ["", "", ""]
    assert model.rows_of_batch(range(3)) == {0, 1}
    person.program.session.step_inside(StepSize.sample)
    person.program.session.step_inside(StepSize.sample)
    assert model.next_row == 1
    assert (model.text(0, 4) != "", model.text(2, 4)) == (True, "")


def test_a_number_of_the_samples_table_lights_up_everywhere(person):
    table = person.window.samples.table
    columns = {table.model().number_at(0, column): column for column in range(1, 6)}
    where = table.visualRect(table.model().index(0, columns[ERROR])).center()
    QTest.mouseMove(table.viewport(), where)
    assert ERROR in person.view.numbers.lit.here
    assert table._lit == person.view.numbers.lit
    lit = {quantity for _, quantity in table._spots() if table._lit.has(quantity)}
    assert lit == {ERROR, OUTPUT, Quantity(Kind.expected, NEURON)}
    QTest.mouseMove(table.viewport(), QPoint(where.x(), table.viewport().height() - 2))
    assert not person.view.numbers.lit
