"""What is chosen is always there, and all edits of a gesture are one undo."""

import pytest

from nnsim.control.session import Session
from nnsim.engine.network import ParameterRef
from nnsim.files.examples import open_example
from nnsim.model.rebuilding import Fresh

WEIGHT, BIAS = ParameterRef(1, 0, 0), ParameterRef(1, 0, None)


@pytest.fixture
def session(qapp):
    made = Session(open_example("xor"))
    made.choose_new_weights(Fresh.zero)
    yield made
    made.pause()


def test_a_weight_alone_is_also_the_one_whose_factors_are_shown(session):
    session.choose(frozenset([WEIGHT]))
    assert (session.frame.chosen, session.frame.selected) == ({WEIGHT}, WEIGHT)
    session.choose(frozenset([WEIGHT, (1, 0)]))
    assert session.frame.selected == WEIGHT
    session.choose(frozenset([(1, 0)]))
    assert (session.frame.chosen, session.frame.selected) == ({(1, 0)}, WEIGHT)
    session.choose(frozenset())
    assert (session.frame.chosen, session.frame.selected) == (frozenset(), None)
    session.select(BIAS)
    assert session.frame.chosen == {BIAS}
    session.select(None)
    assert session.frame.chosen == set()


def test_what_is_not_there_is_not_chosen(session):
    session.choose(frozenset([(1, 0), (1, 99), (7, 0), ParameterRef(1, 99, 0)]))
    assert session.frame.chosen == {(1, 0)}


def test_all_neurons_can_be_chosen(session):
    session.choose_all()
    assert len(session.frame.chosen) == 2 + 4 + 1


def test_choosing_does_not_stop_a_run(session):
    session.run()
    session.choose(frozenset([WEIGHT]))
    assert session.frame.running


def test_new_neurons_are_chosen_and_gone_after_undo(session):
    session.add_neurons(1, 2, after=0)
    assert session.frame.chosen == {(1, 1), (1, 2)}
    session.undo()
    assert session.frame.chosen == set()


def test_a_layer_stays_chosen_where_it_is_moved(session):
    session.move_layer(1, 2)
    assert session.frame.chosen == {(2, i) for i in range(4)}


def test_a_removed_weight_is_no_longer_chosen(session):
    session.choose(frozenset([WEIGHT, BIAS]))
    session.delete(frozenset([BIAS]))
    assert session.frame.chosen == {WEIGHT}


def test_a_new_connection_is_selected(session):
    session.connect_neurons((0, 0), (2, 0))
    assert session.frame.selected == ParameterRef(2, 0, 0, 0)


def test_a_gesture_is_one_undo_from_the_first_number_to_the_last(session):
    before = session.document
    session.set_parameter(WEIGHT, 0.25)
    session.begin_gesture()
    for value in (0.5, 0.75, 1.0):
        session.set_parameter(WEIGHT, value)
    session.end_gesture()
    assert session.frame.undo_name == "input1 → hidden1 0.25 → 1"
    session.undo()
    assert session.document.network.parameters[0] == 0.25
    session.undo()
    assert session.document is before


def test_a_cancelled_gesture_leaves_nothing_even_of_what_could_be_redone(session):
    session.set_parameter(WEIGHT, 0.25)
    session.undo()
    before = session.document
    session.begin_gesture()
    session.set_parameter(WEIGHT, 0.5)
    session.cancel_gesture()
    assert session.document is before
    assert session.frame.undo_name is None
    assert session.frame.redo_name is not None


def test_a_gesture_back_to_where_it_began_is_no_undo(session):
    start = float(session.document.network.parameters[0])
    session.begin_gesture()
    session.set_parameter(WEIGHT, 9.0)
    session.set_parameter(WEIGHT, start)
    session.end_gesture()
    assert session.frame.undo_name is None


@pytest.mark.parametrize("wish", [Session.undo, Session.step, Session.restart])
def test_something_else_ends_a_gesture(session, wish):
    session.begin_gesture()
    session.set_parameter(WEIGHT, 0.5)
    wish(session)
    after = session.document
    session.set_parameter(WEIGHT, 0.75)
    session.undo()
    assert session.document is after


def test_an_edit_after_a_gesture_is_an_undo_of_its_own(session):
    session.begin_gesture()
    session.set_parameter(WEIGHT, 0.5)
    session.end_gesture()
    session.set_parameter(BIAS, 0.5)
    session.undo()
    assert session.document.network.parameters[0] == 0.5


def test_a_gesture_pauses_training_first(session):
    session.run()
    session.begin_gesture()
    assert not session.frame.running


def test_a_refused_edit_does_not_end_a_gesture(session):
    before = session.document
    session.begin_gesture()
    session.set_parameter(WEIGHT, 0.5)
    session.set_parameter(WEIGHT, float("inf"))
    session.set_parameter(WEIGHT, 0.75)
    session.end_gesture()
    session.undo()
    assert session.document is before
