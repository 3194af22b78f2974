"""The samples by real events: choosing, editing, copying, pasting, trying."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from nnsim.data.samples import Samples
from nnsim.engine.network import Network
from nnsim.engine.settings import Settings
from nnsim.model.document import Document
from nnsim.model.edits import add_samples, remove_sample, set_input
from nnsim.model.run import Run
from nnsim.views.parts.number_field import NumberField
from nnsim.views.parts.theme import theme, use_theme
from nnsim.views.samples_panel import SamplesPanel

NUMBER, INPUT1, INPUT2, EXPECTED, OUTPUT, ERROR = range(6)
SIGNALS = (
    "sample_chosen",
    "input_edited",
    "expected_edited",
    "edit_started",
    "sample_added",
    "sample_removed",
    "rows_pasted",
    "tried_changed",
)


class Heard:
    """Notes what a panel emits."""

    def __init__(self, panel):
        self.said = []
        for name in SIGNALS:
            getattr(panel, name).connect(self._note(name))

    def _note(self, name):
        def note(*values):
            self.said.append((name, *values))

        return note


@pytest.fixture
def panel(qtbot):
    widget = SamplesPanel()
    widget.resize(560, 232)
    qtbot.addWidget(widget)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    return widget


@pytest.fixture
def heard(panel):
    return Heard(panel)


def text(panel, row, column):
    return panel.table.model().index(row, column).data()


def headings(panel):
    model = panel.table.model()
    return [
        model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())
    ]


def place(panel, row, column):
    return panel.table.visualRect(panel.table.model().index(row, column)).center()


def click(panel, row, column, modifier=Qt.KeyboardModifier.NoModifier):
    view = panel.table.viewport()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, modifier, place(panel, row, column))


def open_editor(panel, row, column):
    panel.table.setFocus()
    panel.table.setCurrentIndex(panel.table.model().index(row, column))
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    return panel.table.findChild(NumberField)


def type_into(field, words):
    assert field is not None
    for letter in words:
        key = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
        QApplication.sendEvent(field, key)


def test_the_chapters_row(panel, chapter, frame):
    panel.show_frame(frame(chapter))

    assert headings(panel) == ["", "input1", "input2", "expected", "output", "error"]
    assert [text(panel, 0, c) for c in range(6)] == ["1", "0.1", "0.8", "0.4", "0.75", "0.35"]
    assert panel._header.subtitle.text() == "1 sample, so one step is one epoch"


def test_several_outputs_have_their_columns(panel, two_outputs, frame):
    panel.show_frame(frame(two_outputs))

    assert headings(panel)[3:] == [
        "expected1",
        "expected2",
        "output1",
        "output2",
        "error1",
        "error2",
    ]


def test_the_subtitle_tells_the_order(panel, xor, frame):
    panel.show_frame(frame(xor))
    assert panel._header.subtitle.toolTip() == "4 samples, in the table’s order"

    shuffled = Document(xor.network, xor.samples, Settings(shuffle=True))
    panel.show_frame(frame(shuffled))
    assert panel._header.subtitle.toolTip() == "4 samples, in a new order each epoch"


def test_showing_frames_says_nothing(panel, heard, chapter, xor, frame):
    for shown in (chapter, xor, remove_sample(chapter, 0), Run.of(xor).advance(3)):
        panel.show_frame(frame(shown))

    assert heard.said == []


def test_a_click_chooses_another_sample_only(panel, heard, xor, frame):
    panel.show_frame(frame(xor))
    click(panel, 2, INPUT1)
    click(panel, 0, OUTPUT)
    click(panel, 3, INPUT1, Qt.KeyboardModifier.ShiftModifier)

    assert heard.said == [("sample_chosen", 2)]


@pytest.mark.parametrize("key", ["Return", "Enter", "F2", "Space"])
def test_keys_choose_a_sample(panel, heard, xor, frame, key):
    panel.show_frame(frame(xor))
    panel.table.setFocus()
    panel.table.setCurrentIndex(panel.table.model().index(0, OUTPUT))
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    QTest.keyClick(panel.table, getattr(Qt.Key, f"Key_{key}"))

    assert heard.said == [("sample_chosen", 1)]


def test_the_next_sample_is_marked(panel, xor, frame):
    panel.show_frame(frame(Run.of(xor).advance(2)))
    model = panel.table.model()

    assert model.next_row == 2
    assert [model.index(row, INPUT1).data(Qt.ItemDataRole.FontRole).bold() for row in (1, 2)] == [
        False,
        True,
    ]
    spoken = model.index(2, NUMBER).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "sample 3, next"


def test_a_double_click_edits_an_input(panel, heard, chapter, frame):
    panel.show_frame(frame(chapter))
    click(panel, 0, INPUT2)
    QTest.mouseDClick(
        panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place(panel, 0, INPUT2)
    )
    field = panel.table.findChild(NumberField)
    type_into(field, "1/4")
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert heard.said == [("edit_started",), ("input_edited", 0, 1, 0.25)]
    assert panel.table.state() == panel.table.State.NoState


def test_enter_edits_an_expected_output(panel, heard, xor, frame):
    panel.show_frame(frame(xor))
    field = open_editor(panel, 1, EXPECTED)
    type_into(field, "0,5")
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert heard.said == [("edit_started",), ("expected_edited", 1, 0, 0.5)]


def test_clicking_away_commits(panel, heard, chapter, frame):
    panel.show_frame(frame(chapter))
    type_into(open_editor(panel, 0, INPUT1), "−2")
    QTest.mouseClick(panel.add_button, Qt.MouseButton.LeftButton)
    panel.add_button.setFocus()

    assert ("input_edited", 0, 0, -2.0) in heard.said


def test_escape_and_an_unchanged_text_edit_nothing(panel, heard, chapter, frame):
    panel.show_frame(frame(chapter))
    field = open_editor(panel, 0, INPUT1)
    type_into(field, "7")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    QTest.keyClick(open_editor(panel, 0, INPUT1), Qt.Key.Key_Return)

    assert heard.said == [("edit_started",), ("edit_started",)]


def test_a_bad_number_stays_with_its_reason(panel, heard, chapter, frame):
    panel.show_frame(frame(chapter))
    field = open_editor(panel, 0, INPUT1)
    type_into(field, "abc")
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert field.isVisible()
    assert "“abc” is not a number" in field.reason
    assert heard.said == [("edit_started",)]
    assert text(panel, 0, INPUT1) == "0.1"


def test_a_frame_leaves_an_open_editor_alone(panel, chapter, frame):
    panel.show_frame(frame(chapter))
    field = open_editor(panel, 0, INPUT1)
    type_into(field, "12")
    panel.show_frame(frame(set_input(chapter, 0, 0, 9.0)))
    panel.show_frame(frame(add_samples(chapter, [[1, 2, 3]])))
    panel.show_frame(frame(chapter))

    assert field.isVisible()
    assert field.text() == "12"
    assert field.hasFocus()


def test_copy_takes_all_digits_with_tabs(panel, chapter, frame):
    panel.show_frame(frame(add_samples(chapter, [[-1 / 3, 0.5, 1]])))
    table = panel.table
    table.setFocus()
    for row in (0, 1):
        for column in (INPUT1, ERROR):
            table.selectionModel().select(
                table.model().index(row, column), QItemSelectionModel.SelectionFlag.Select
            )
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    lines = QApplication.clipboard().text().split("\n")
    assert lines[0] == "0.1\t0.3500000000000001"
    assert lines[1].split("\t")[0] == repr(-1 / 3)
    assert text(panel, 1, INPUT1) == "−0.33333"
    tip = table.model().index(1, INPUT1).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "−0.3333333333333333"


def test_paste_hands_the_text_on(panel, heard, chapter, frame):
    panel.show_frame(frame(chapter))
    QApplication.clipboard().setText("1\t2\t3")
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(panel.paste_button, Qt.MouseButton.LeftButton)

    assert heard.said == [("rows_pasted", "1\t2\t3")] * 2


def test_delete_and_remove(panel, heard, xor, frame):
    panel.show_frame(frame(xor))
    panel.table.setFocus()
    panel.table.setCurrentIndex(panel.table.model().index(2, INPUT1))
    QTest.keyClick(panel.table, Qt.Key.Key_Delete)
    panel.remove_button.setFocus()
    QTest.keyClick(panel.remove_button, Qt.Key.Key_Return)

    assert heard.said == [("sample_removed", 2)] * 2


def test_without_samples_there_is_one_button(panel, heard, chapter, frame):
    panel.show_frame(frame(remove_sample(chapter, 0)))

    assert not panel.table.isVisible()
    assert not panel.remove_button.isVisible()
    QTest.mouseClick(panel.first_button, Qt.MouseButton.LeftButton)
    assert heard.said == [("sample_added",)]


def test_the_menu_says_and_does_the_same(panel, heard, xor, frame):
    panel.show_frame(frame(xor))
    where = place(panel, 2, INPUT1)
    view = panel.table.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, view.mapToGlobal(where))
    QApplication.sendEvent(view, event)
    menu = panel.table.findChild(QMenu)
    words = [action.text() for action in menu.actions() if action.text()]

    assert words == ["Take sample 3 next", "Copy", "Add a sample", "Paste rows", "Remove sample 3"]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert heard.said == [("sample_chosen", 2)]


def test_trying_begins_with_the_next_samples_inputs(panel, heard, chapter, frame):
    panel.show_frame(frame(chapter))
    assert not panel.tried.isVisible()
    QTest.mouseClick(panel.try_button, Qt.MouseButton.LeftButton)

    assert heard.said == [("tried_changed", (0.1, 0.8))]
    assert not panel.try_button.isChecked()


def test_tried_inputs_show_their_output(panel, heard, chapter, frame):
    panel.show_frame(frame(chapter, tried=(0.1, 0.8)))
    assert panel.tried.output.text() == "output 0.75"
    assert panel.try_button.isChecked()

    field = panel.tried.fields[1]
    field.setFocus()
    field.selectAll()
    type_into(field, "1/2")
    panel.show_frame(frame(chapter, tried=(0.2, 0.8)))
    assert (field.text(), panel.tried.fields[0].text()) == ("1/2", "0.2")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert heard.said == [("tried_changed", (0.2, 0.5))]
    assert text(panel, 0, INPUT2) == "0.8"

    panel.show_frame(frame(chapter, tried=(0.2, 0.5)))
    QTest.mouseClick(panel.try_button, Qt.MouseButton.LeftButton)
    assert heard.said[-1] == ("tried_changed", None)
    panel.show_frame(frame(chapter))
    assert not panel.tried.isVisible()


def test_a_bad_tried_input_is_refused_in_place(panel, heard, chapter, frame):
    panel.show_frame(frame(chapter, tried=(0.1, 0.8)))
    field = panel.tried.fields[0]
    field.setFocus()
    field.selectAll()
    type_into(field, "x")
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert "not a number" in field.reason
    assert heard.said == []


def test_many_inputs_are_tried_in_one_line(panel, heard, frame):
    network = Network.dense([8, 1], ["linear"], [[[1.0] * 8]])
    document = Document(network, Samples([[0.5] * 8], [[0]]))
    panel.show_frame(frame(document, tried=(1.0,) * 8))
    line = panel.tried.line
    assert panel.tried.output.text() == "output 8"
    line.setFocus()
    line.selectAll()
    type_into(line, "1 2 3")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.reason == "Type 8 numbers with blanks between them, not 3."

    line.selectAll()
    type_into(line, "1 2 3 4 5 6 7 8,5")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert heard.said == [("tried_changed", (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.5))]


def test_ten_thousands_of_samples_cost_nothing_until_looked_at(qtbot, chapter, frame):
    panel = SamplesPanel()
    panel.resize(560, 232)
    qtbot.addWidget(panel)
    rows = np.random.default_rng(1).normal(size=(50_000, 3))
    many = frame(Document(chapter.network, Samples(rows[:, :2], rows[:, 2:])))
    panel.show_frame(many)
    assert "sample_outputs" not in vars(many)

    with qtbot.waitExposed(panel):
        panel.show()
    panel.table.viewport().repaint()
    assert "sample_outputs" in vars(many)
    assert panel.table.model().rowCount() == 50_000


@pytest.mark.parametrize("size", [(560, 232), (536, 188)])
def test_four_samples_are_seen_without_scrolling(panel, xor, frame, size):
    panel.resize(*size)
    panel.show_frame(frame(xor))
    QApplication.processEvents()
    last = panel.table.visualRect(panel.table.model().index(3, ERROR))

    assert panel.table.viewport().rect().contains(last)


def test_the_columns_fill_the_width(panel, two_outputs, frame):
    panel.resize(536, 188)
    panel.show_frame(frame(two_outputs))
    QApplication.processEvents()

    table = panel.table
    last = table.model().columnCount() - 1
    right = table.columnViewportPosition(last) + table.columnWidth(last)
    assert abs(right - table.viewport().width()) <= 1


def test_the_theme_may_switch(panel, chapter, frame, qapp):
    panel.show_frame(frame(chapter))
    try:
        use_theme(qapp, "dark")
        QApplication.processEvents()
        image = panel.grab().toImage()
        y = panel.table.mapTo(panel, QPoint(0, 0)).y() + 30 + 18
        assert image.pixelColor(1, y).name().upper() == theme().ink
        assert image.pixelColor(56, y).name().upper() == theme().selected
    finally:
        use_theme(qapp, "light")


def test_every_control_has_a_name_and_takes_the_focus(panel, chapter, frame):
    panel.show_frame(frame(chapter, tried=(0.1, 0.8)))
    buttons = [panel.add_button, panel.remove_button, panel.paste_button, panel.try_button]

    assert all(button.text() for button in buttons)
    assert [field.accessibleName() for field in panel.tried.fields] == [
        "Try another input1",
        "Try another input2",
    ]
    for control in (*buttons, panel.table, *panel.tried.fields):
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_the_model_is_sound(panel, xor, frame, qtmodeltester):
    panel.show_frame(frame(xor))

    qtmodeltester.check(panel.table.model())
