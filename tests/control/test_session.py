"""The session grants wishes whole or not at all, and tells everyone once."""

import math

import pytest

from nnsim.control.session import Session
from nnsim.engine.network import ParameterRef
from nnsim.files.examples import open_example

WEIGHT1 = ParameterRef(1, 0, 0)


@pytest.fixture
def session(qapp):
    made = Session(open_example("chapter"))
    yield made
    made.pause()


@pytest.fixture
def refusals(session):
    said = []
    session.refused.connect(said.append)
    return said


@pytest.mark.parametrize(
    "wish",
    [
        lambda s: s.set_learning_rate(-1.0),
        lambda s: s.set_parameter(ParameterRef(1, 0, 9), 1.0),
        lambda s: s.set_parameter(WEIGHT1, math.inf),
        lambda s: s.set_activation(1, 0, "cosine"),
        lambda s: s.choose_sample(7),
        lambda s: s.remove_sample(7),
        lambda s: s.paste_samples("a b c"),
        lambda s: s.open("no such file.nnsim"),
        lambda s: s.open_example("no such example"),
        lambda s: s.save("no such folder/a.nnsim"),
        lambda s: s.export_weights("weights.unknown"),
        lambda s: s.import_weights("no such file.csv"),
    ],
)
def test_a_wish_that_cannot_be_is_one_sentence_and_changes_nothing(session, refusals, wish):
    before = session.frame
    wish(session)
    assert len(refusals) == 1
    assert "\n" not in refusals[0]
    assert session.document is before.document
    assert session.frame.undo_name == before.undo_name


def test_a_wish_publishes_one_frame(session):
    frames = []
    session.frame_changed.connect(frames.append)
    session.set_parameter(WEIGHT1, 0.5)
    assert len(frames) == 1


def test_typing_into_tried_inputs_changes_no_sample(session):
    before = session.document
    session.try_inputs((1.0, 1.0))
    session.set_shown_input(0, 0.25)
    assert session.frame.tried == (0.25, 1.0)
    assert session.document is before


def test_an_edit_after_steps_keeps_the_start_weights(session):
    session.step()
    session.set_parameter(WEIGHT1, 5.0)
    session.restart()
    assert list(session.document.network.parameters) == [0.3, 0.9]


def test_an_edit_in_a_run_is_marked_where_it_happened(session):
    session.step()
    session.set_learning_rate(0.5)
    (mark,) = session.frame.run.marks
    assert (mark.step, mark.text) == (1, "learning rate 1 → 0.5")


def test_changed_settings_are_one_undo_with_their_names(session, refusals):
    session.change_settings({"optimizer": "adam", "l2": 0.5})
    assert (session.document.settings.optimizer, session.document.settings.l2) == ("adam", 0.5)
    assert session.frame.undo_name == "optimizer sgd → adam, l2 0 → 0.5"
    session.change_settings({"momentum": 0.5, "shuffle": True, "l1": 0.1, "l2": 0.5})
    assert session.frame.undo_name == "3 settings"
    session.undo()
    session.undo()
    assert session.document == open_example("chapter")
    session.change_settings({"l2": -1.0})
    assert len(refusals) == 1


def test_choices_of_a_sample_in_a_row_are_one_undo(session):
    session.open_example("xor")
    for sample in (2, 3, 1):
        session.choose_sample(sample)
    session.undo()
    assert session.document.sample == 0


def test_added_samples_are_counted_in_words(session):
    session.add_sample()
    assert session.frame.undo_name == "a sample added"
    session.paste_samples("0.1 0.2 0.3\n0.4 0.5 0.6")
    assert session.frame.undo_name == "2 samples added"
