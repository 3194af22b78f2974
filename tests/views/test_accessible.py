"""What a screen reader finds in the diagram, asked for as one asks: through QAccessible."""

import subprocess
import sys
import textwrap
import time
from dataclasses import replace

import pytest
from PySide6.QtGui import QAccessible
from shiboken6 import Shiboken

from nnsim.data.samples import Samples
from nnsim.engine.network import Network, ParameterRef
from nnsim.model.document import Document
from nnsim.model.run import Run
from nnsim.model.selection import set_frozen
from nnsim.views.diagram.accessible import EDIT, make_accessible
from nnsim.views.diagram.targets import Target
from nnsim.views.diagram.view import DiagramView

Text, Role = QAccessible.Text, QAccessible.Role


@pytest.fixture
def view(qtbot):
    make_accessible()
    made = DiagramView()
    qtbot.addWidget(made)
    made.resize(880, 552)
    made.show()
    return made


def asked(view):
    return QAccessible.queryAccessibleInterface(view)


def children(view):
    diagram = asked(view)
    return [diagram.child(i) for i in range(diagram.childCount())]


def named(view, name):
    return next(child for child in children(view) if child.text(Text.Name) == name)


@pytest.fixture
def weight(view, frame, chapter):
    view.show_frame(frame(chapter))
    return named(view, "weight1, from input1 to neuron")


def test_a_weight_has_name_number_and_delta(weight):
    assert weight.text(Text.Value) == "0.3; delta 0.035"
    assert weight.role() == Role.SpinBox
    assert weight.valueInterface().currentValue() == 0.3
    assert weight.textInterface() is None


def test_every_part_is_a_child_once(view, frame, xor):
    view.show_frame(frame(xor))
    names = [child.text(Text.Name) for child in children(view)]

    assert len(names) == len(set(names)) == (2 + 4 + 1) + (8 + 4) + (4 + 1)
    assert {"input2", "hidden3, tanh", "bias of hidden1", "weight from hidden4 to output"} <= set(
        names
    )
    for place, child in enumerate(children(view)):
        assert asked(view).indexOfChild(child) == place
        assert child.isValid()


def test_a_part_is_found_where_it_stands(view, weight):
    where = weight.rect().center()
    place = view.mapFromGlobal(where)

    assert view.rect().contains(place)
    assert view.canvas.target_at(place).ref == ParameterRef(1, 0, 0)
    assert asked(view).childAt(where.x(), where.y()).text(Text.Name) == weight.text(Text.Name)


def test_a_frozen_weight_says_so(view, frame, chapter):
    view.show_frame(frame(set_frozen(chapter, [ParameterRef(1, 0, 0)], True)))
    assert named(view, "weight1, from input1 to neuron").text(Text.Value).endswith("; frozen")
    assert "frozen" not in named(view, "weight2, from input2 to neuron").text(Text.Value)


def test_what_is_chosen_is_selected(view, frame, chapter, weight):
    assert not weight.state().selected
    view.show_frame(replace(frame(chapter), chosen=frozenset([ParameterRef(1, 0, 0)])))
    assert weight.state().selected


def test_pressing_chooses_and_brings_the_keyboard(qtbot, view, weight):
    actions = weight.actionInterface()
    with qtbot.waitSignal(view.wishes.parts_chosen, timeout=1000) as chosen:
        actions.doAction(actions.pressAction())

    assert chosen.args == [frozenset([ParameterRef(1, 0, 0)])]
    assert view.focused == Target("parameter", ref=ParameterRef(1, 0, 0))
    assert asked(view).focusChild().text(Text.Name) == weight.text(Text.Name)


def test_where_the_keyboard_goes_is_told(view, weight, monkeypatch):
    told = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(
        QAccessible,
        "updateAccessibility",
        lambda event: told.append((event.type(), event.accessibleInterface().text(Text.Name))),
    )

    view.reach(ParameterRef(1, 0, 0))

    assert (QAccessible.Event.Focus, weight.text(Text.Name)) in told


def test_another_number_at_the_keyboard_is_told_and_in_a_run_it_is_not(view, weight, monkeypatch):
    view.reach(ParameterRef(1, 0, 0))
    told = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: told.append((event.type(), event.value()))
    )
    frame = view.canvas.frame
    view.show_frame(frame)
    assert told == []

    network = frame.document.network
    document = replace(frame.document, network=network.with_parameters(network.parameters + 0.25))
    changed = replace(frame, run=Run.of(document), trace=document.trace())
    view.show_frame(changed)
    assert told == [(QAccessible.Event.ValueChanged, weight.text(Text.Value))]

    view.show_frame(replace(frame, running=True))
    assert len(told) == 1


def test_editing_opens_the_editor(view, weight):
    assert not view.field.isVisible()
    weight.actionInterface().doAction(EDIT)
    assert view.field.isVisible()
    assert view.field.text() == "0.3"


def test_a_number_can_be_set(qtbot, view, weight):
    with qtbot.waitSignal(view.parameter_edited, timeout=1000) as edited:
        weight.valueInterface().setCurrentValue(0.5)
    assert edited.args == [ParameterRef(1, 0, 0), 0.5]
    with qtbot.waitSignal(view.parameter_edited, timeout=1000) as edited:
        weight.setText(Text.Value, "0,25")
    assert edited.args == [ParameterRef(1, 0, 0), 0.25]
    with qtbot.assertNotEmitted(view.parameter_edited):
        weight.setText(Text.Value, "much")


def test_a_neuron_has_no_number_to_set(view, frame, xor):
    view.show_frame(frame(xor))
    neuron = named(view, "hidden1, tanh")
    assert neuron.valueInterface() is None
    assert neuron.state().readOnly
    assert neuron.text(Text.Value).startswith("sum ")


def test_children_of_a_smaller_network_are_no_more(view, frame, chapter, xor):
    view.show_frame(frame(xor))
    before = children(view)
    view.show_frame(frame(chapter))

    gone = before[-1]
    assert len(children(view)) < len(before)
    assert not gone.isValid()
    assert gone.state().invalid
    assert gone.text(Text.Name) == ""
    assert gone.rect().isEmpty()
    assert gone.actionInterface() is None
    assert gone.valueInterface() is None


def test_a_closed_diagram_has_no_valid_children(dressed, frame, chapter):
    make_accessible()
    closed = DiagramView()
    closed.resize(880, 552)
    closed.show_frame(frame(chapter))
    weight = named(closed, "weight1, from input1 to neuron")
    assert weight.isValid()

    Shiboken.delete(closed)

    assert not weight.isValid()
    assert weight.parent() is None
    assert weight.actionInterface() is None


def test_many_weights_cost_nothing_until_asked(view, frame):
    network = Network.dense([300, 300, 30], ["tanh", "tanh"])
    view.show_frame(frame(Document(network, Samples([[0.5] * 300], [[1.0] * 30]))))
    began = time.perf_counter()
    diagram = asked(view)
    last = diagram.child(diagram.childCount() - 1)

    assert diagram.childCount() == 630 + 99_000
    assert last.text(Text.Name) == "weight from hidden300 to output30"
    assert time.perf_counter() - began < 0.5


def test_screen_readers_at_work_leave_the_program_unharmed():
    """Events are sent only while one listens, and Qt throws interfaces away at the end."""
    code = """
    from PySide6.QtGui import QAccessible
    from nnsim.data.samples import Samples
    from nnsim.app import make_application
    from nnsim.engine.network import Network
    from nnsim.model.document import Document
    from nnsim.model.frame import Focus, frame_of
    from nnsim.model.history import History
    from nnsim.model.run import Run
    from nnsim.views.diagram.view import DiagramView
    app = make_application()
    QAccessible.setActive(True)
    for sizes in ([2, 3, 1], [2, 1]):
        view = DiagramView()
        network = Network.dense(sizes, ["tanh"] * (len(sizes) - 1))
        samples = Samples([[0.5, 0.5]], [[1.0]])
        view.show_frame(frame_of(History(Run.of(Document(network, samples))), Focus()))
        view.resize(880, 552)
        view.show()
        diagram = QAccessible.queryAccessibleInterface(view)
        for i in range(diagram.childCount()):
            child = diagram.child(i)
            QAccessible.uniqueId(child)
            child.actionInterface().doAction("SetFocus")
            assert diagram.focusChild().text(QAccessible.Text.Name) == child.text(
                QAccessible.Text.Name
            )
    print("whole")
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stdout.strip()) == (0, "whole"), ended.stderr
