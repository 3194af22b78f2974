"""The error plot by real events: what is drawn, chosen and read out."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from nnsim.engine.network import ParameterRef
from nnsim.model.edits import remove_sample, set_learning_rate, set_parameter
from nnsim.model.record import Record
from nnsim.model.run import Run
from nnsim.views.error_plot import ErrorPlot
from nnsim.views.parts.theme import theme, use_theme
from nnsim.views.plot_numbers import decades, step_range, tick_text, ticks


@pytest.fixture
def plot(qtbot):
    widget = ErrorPlot()
    widget.resize(880, 232)
    qtbot.addWidget(widget)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    return widget


def choose(plot, number):
    """Choose a quantity in the menu, by keys."""
    plot._quantity.setFocus()
    QTest.keyClick(plot._quantity, Qt.Key.Key_Return)
    for _ in range(number):
        QTest.keyClick(plot._menu, Qt.Key.Key_Down)
    QTest.keyClick(plot._menu, Qt.Key.Key_Return)


def log(plot):
    QTest.mouseClick(plot._scale.chosen.button(1), Qt.MouseButton.LeftButton)


def hover(plot, step):
    x = round(plot.graph.drawing.x(step))
    QTest.mouseMove(plot.graph, QPoint(x, 60))


def ranges(plot):
    return plot.graph.drawing.x_range, plot.graph.drawing.y_range


def recorded(run, errors):
    """The run as if these had been the errors of its steps."""
    count = len(errors)
    record = Record().extended(0, np.zeros(count), np.array(errors), np.zeros(count, np.int64))
    position = replace(run.document.position, step=count)
    return replace(run, document=replace(run.document, position=position), record=record)


def pixels(widget, colour):
    image = widget.grab().toImage()
    places = [(x, y) for x in range(image.width()) for y in range(image.height())]
    return sum(image.pixelColor(x, y).name().upper() == colour for x, y in places)


def test_one_point_before_the_first_step(plot, chapter, frame):
    plot.show_frame(frame(chapter))

    steps, values = plot.points()
    assert (steps.tolist(), values) == ([0], pytest.approx([0.35]))


def test_each_step_adds_its_point(plot, chapter, frame):
    plot.show_frame(frame(Run.of(chapter).advance(2)))

    steps, values = plot.points()
    assert steps.tolist() == [0, 1, 2]
    assert values == pytest.approx([0.35, 0.1225, 0.042875])


def test_an_edit_moves_only_the_present_point(plot, chapter, frame):
    run = Run.of(chapter).advance(2)
    edited = set_parameter(run.document, ParameterRef(1, 0, 0), 0.5)

    plot.show_frame(frame(run.edited(edited, "weight1 0.25 → 0.5")))

    steps, values = plot.points()
    assert steps.tolist() == [0, 1, 2]
    assert values[:2] == pytest.approx([0.35, 0.1225])
    assert values[2] == pytest.approx(0.1 * 0.5 + 0.8 * 0.522 - 0.4)
    assert [mark.text for mark in plot.graph.picture.marks] == ["weight1 0.25 → 0.5"]


def test_trying_inputs_leaves_the_present_point(plot, chapter, frame):
    plot.show_frame(frame(chapter, tried=(5.0, 5.0)))

    assert plot.points()[1] == pytest.approx([0.35])


def test_several_samples_show_the_mean_loss(plot, xor, frame):
    run = Run.of(xor).advance(3)
    plot.show_frame(frame(run))

    assert plot.quantity() == "mean loss"
    assert plot.points()[1][-1] == frame(run).mean_loss
    assert plot.graph.picture.axis_name == "mean loss"


def test_in_a_run_the_mean_loss_is_measured_by_the_engine_that_trains(plot, xor, frame):
    shown = replace(frame(Run.of(xor).advance(3)), running=True)
    plot.show_frame(shown)

    assert plot.points()[1][-1] == pytest.approx(shown.mean_loss, abs=1e-12)


def test_a_chosen_quantity_stays_as_long_as_it_is_possible(plot, chapter, xor, two_outputs, frame):
    plot.show_frame(frame(xor))
    choose(plot, 1)
    assert plot.quantity() == "error"

    plot.show_frame(frame(two_outputs))
    assert plot.quantity() == "mean loss"

    plot.show_frame(frame(xor))
    assert plot.quantity() == "error"


def test_the_loss_of_each_step(plot, chapter, frame):
    run = Run.of(chapter).advance(3)
    plot.show_frame(frame(run))
    choose(plot, 3)

    assert plot.quantity() == "loss"
    assert plot.points()[1][:3].tolist() == run.losses.tolist()


def test_without_samples_there_are_only_axes(plot, chapter, frame):
    plot.show_frame(frame(remove_sample(chapter, 0)))

    assert len(plot.points()[0]) == 0
    assert plot.readout() == ""
    QTest.keyClick(plot.graph, Qt.Key.Key_Left)
    assert plot.readout() == ""


def test_the_logarithmic_axis_shows_sizes_and_leaves_zeros_out(plot, chapter, frame):
    run = Run.of(chapter).advance(1)
    plot.show_frame(frame(recorded(run, [-0.5, 0.0, 0.25])))
    log(plot)

    steps, values = plot.points()
    assert steps.tolist() == [0, 2, 3]
    assert values == pytest.approx([0.5, 0.25, 0.1225])
    assert plot.graph.picture.axis_name == "|error|, log"


def test_arrow_keys_go_from_linear_to_log(plot, chapter, frame):
    plot.show_frame(frame(chapter))
    plot._scale.chosen.button(0).setFocus()
    QTest.keyClick(plot._scale.chosen.button(0), Qt.Key.Key_Right)

    assert plot.graph.picture.logarithmic


def test_the_pointer_reads_the_nearest_point_out(plot, chapter, frame):
    plot.show_frame(frame(Run.of(chapter).advance(4)))
    hover(plot, 1.2)

    assert plot.readout() == f"step 1: error {float(plot.points()[1][1])!r}"
    hover(plot, 9)
    assert plot.readout().startswith("step 4: error ")


def test_the_readout_goes_with_the_pointer(plot, chapter, frame):
    plot.show_frame(frame(chapter))
    hover(plot, 0)
    assert plot.readout() == "step 0: error 0.3500000000000001"

    QTest.mouseMove(plot._header, QPoint(4, 4))
    QApplication.sendEvent(plot.graph, QEvent(QEvent.Type.Leave))
    assert plot.readout() == ""


def test_keys_walk_along_the_points(plot, chapter, frame):
    plot.show_frame(frame(Run.of(chapter).advance(3)))
    plot.graph.setFocus()

    said = []
    for key in ("Home", "Right", "Left", "Left", "End", "Left", "Right", "Right"):
        QTest.keyClick(plot.graph, getattr(Qt.Key, f"Key_{key}"))
        said.append(int(plot.readout().split()[1].rstrip(":")))

    assert said == [0, 1, 0, 0, 3, 2, 3, 3]
    QTest.keyClick(plot.graph, Qt.Key.Key_Escape)
    assert plot.readout() == ""


def test_the_description_says_the_point_in_short(plot, chapter, frame):
    plot.show_frame(frame(Run.of(chapter).advance(3)))
    assert plot.graph.accessibleDescription() == "step 3: error 0.01501"

    QTest.keyClick(plot.graph, Qt.Key.Key_Home)
    assert plot.graph.accessibleDescription() == "step 0: error 0.35"


def test_the_wheel_and_drags_change_nothing(plot, chapter, frame):
    plot.show_frame(frame(Run.of(chapter).advance(3)))
    before = ranges(plot)
    view = plot.graph
    place = QPointF(300, 80)
    wheel = QWheelEvent(
        place,
        view.mapToGlobal(place),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, wheel)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 80))
    QTest.mouseMove(view, QPoint(400, 100))
    QTest.mouseMove(view, QPoint(420, 110))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(420, 110))
    QTest.mouseClick(view, Qt.MouseButton.RightButton, pos=QPoint(300, 80))

    assert ranges(plot) == before
    assert not QApplication.activePopupWidget()


def test_the_books_points_hide_where_the_own_ones_cover_them(plot, chapter, frame):
    plot.show_frame(frame(chapter))
    assert plot.graph.picture.book_points() == [(1, 0.1225)]
    assert plot._legend.isVisible()

    plot.show_frame(frame(Run.of(chapter).advance(1)))
    assert plot.graph.picture.book_points() == []

    edited = set_parameter(chapter, ParameterRef(1, 0, 0), 0.5)
    plot.show_frame(frame(edited))
    assert plot.graph.picture.book_points() == [(0, 0.35), (1, 0.1225)]


def test_no_legend_without_a_book(plot, xor, frame):
    plot.show_frame(frame(xor))

    assert not plot._legend.isVisible()


def test_a_hidden_plot_draws_when_it_is_shown(qtbot, chapter, frame):
    plot = ErrorPlot()
    qtbot.addWidget(plot)
    plot.show_frame(frame(Run.of(chapter).advance(1)))
    assert plot.graph.picture.count == 0

    plot.show()
    assert plot.graph.picture.count == 2


def test_a_million_points_become_few(plot, chapter, frame):
    run = Run.of(chapter).advance(1)
    values = np.random.default_rng(1).normal(size=1_000_000)
    values[123_456] = 50.0
    plot.show_frame(frame(recorded(run, values)))

    steps, drawn = plot.points()
    assert len(steps) <= 4000
    assert drawn.max() == 50.0
    assert steps[drawn.argmax()] == 123_456
    assert (np.diff(steps) >= 0).all()


def test_a_long_run_is_read_out_at_the_steps_it_kept(plot, chapter, frame):
    run = Run.of(set_learning_rate(chapter, 0.01), limit=64).advance(5000)
    plot.show_frame(frame(run))

    kept = run.record.steps.values
    assert len(kept) <= 64
    assert kept[-1] > 4000
    hover(plot, 2500)
    step = int(plot.readout().split()[1].rstrip(":"))
    assert step == kept[np.abs(kept - 2500).argmin()]
    error = run.errors[np.flatnonzero(kept == step)[0]]
    assert plot.readout() == f"step {step}: error {float(error)!r}".replace("-", "−")


def test_the_theme_may_switch(plot, chapter, frame, qapp):
    plot.show_frame(frame(Run.of(chapter).advance(1)))
    assert pixels(plot.graph, theme().error) > 50
    try:
        use_theme(qapp, "dark")
        QApplication.processEvents()
        assert pixels(plot.graph, theme().error) > 50
        assert pixels(plot.graph, theme().background) > 100_000
    finally:
        use_theme(qapp, "light")


def test_many_marks_are_thinned(plot, chapter, frame):
    run = Run.of(chapter)
    for _ in range(300):
        run = run.advance(1)
        run = run.edited(run.document, "learning rate 1 → 0.5")
    plot.show_frame(frame(run))

    assert not plot.grab().isNull()


def test_every_control_has_a_name_and_takes_the_focus(plot, chapter, frame):
    plot.show_frame(frame(chapter))
    controls = [plot._quantity, *plot._scale.chosen.buttons(), plot.graph]

    assert all(control.accessibleName() for control in controls)
    assert all(control.focusPolicy() & Qt.FocusPolicy.TabFocus for control in controls)


@pytest.mark.parametrize(
    ("first", "last", "ends"),
    [
        (0, 0, (0, 10)),
        (0, 10, (0, 10)),
        (0, 11, (0, 20)),
        (0, 21, (0, 50)),
        (0, 51, (0, 100)),
        (0, 21_760, (0, 50_000)),
        (95, 103, (90, 110)),
        (9940, 9997, (9900, 10_000)),
    ],
)
def test_the_steps_of_the_axis_grow_in_jumps(first, last, ends):
    assert step_range(first, last) == ends


def test_ticks_are_round_and_hold_the_range():
    assert ticks(0, 0.35, 4) == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
    assert ticks(-1.6, 1.2, 4) == pytest.approx([-2, -1, 0, 1, 2])
    assert ticks(0, 0, 4)[0] == 0
    assert decades(0.0004, 0.35, 5).tolist() == [-4, -3, -2, -1, 0]
    assert [tick_text(value) for value in (0.1, -2.0, 5e-7, 1e12)] == ["0.1", "−2", "5e−7", "1e12"]
