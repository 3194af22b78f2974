"""The Frame: one moment, whole, from which views read all that they show."""

import numpy as np
import pytest
from hypothesis import given

from nnsim import Document, Network, ParameterRef, Run, Samples
from nnsim.model import edits
from nnsim.model.frame import Focus, frame_of
from nnsim.model.history import History
from tests.strategies import documents

CHAPTER = Document(
    Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]]),
    Samples([[0.1, 0.8]], [[0.4]]),
    example="chapter",
)


def shown(document, focus=Focus(), **more):  # noqa: B008
    return frame_of(History(Run.of(document)), focus, **more)


def test_it_shows_the_sample_of_the_next_step():
    frame = shown(CHAPTER)

    assert frame.trace.sample == 0
    assert frame.trace.outputs == pytest.approx([0.75], abs=1e-15)
    assert frame.document is CHAPTER
    assert frame.book.matches is True
    assert frame.tried is frame.tried_trace is None


def test_a_selected_weight_is_kept():
    ref = ParameterRef(1, 0, 1)

    assert shown(CHAPTER, Focus(selected=ref)).selected == ref


def test_a_selection_that_the_network_has_not_is_dropped():
    assert shown(CHAPTER, Focus(selected=ParameterRef(2, 0, 0))).selected is None


def test_tried_inputs_take_the_samples_place():
    frame = shown(CHAPTER, Focus(tried=(1.0, 1.0)))

    assert frame.tried == (1.0, 1.0)
    assert frame.trace is frame.tried_trace
    assert frame.trace.sample is None
    assert frame.trace.outputs == pytest.approx([1.2])
    assert frame.trace.errors is None


def test_trying_inputs_changes_no_sample_and_no_book():
    frame = shown(CHAPTER, Focus(tried=(1.0, 1.0)))

    assert frame.document.samples.inputs.tolist() == [[0.1, 0.8]]
    assert frame.book.matches is True


def test_tried_inputs_of_another_network_are_dropped():
    frame = shown(CHAPTER, Focus(tried=(1.0, 1.0, 1.0)))

    assert frame.tried is None
    assert frame.trace.sample == 0


def test_without_samples_there_is_no_trace():
    frame = shown(edits.remove_sample(CHAPTER, 0))

    assert frame.trace is None
    assert frame.mean_loss is None
    assert frame.book is None
    assert frame.sample_outputs.shape == (0, 1)


def test_without_samples_inputs_can_still_be_tried():
    frame = shown(edits.remove_sample(CHAPTER, 0), Focus(tried=(1.0, 1.0)))

    assert frame.trace.outputs == pytest.approx([1.2])


def test_it_names_what_can_be_undone_and_redone():
    run = Run.of(CHAPTER)
    history = History(run).push(run.advance(1), "Step").push(run.advance(2), "Run").undone()
    frame = frame_of(history, Focus())

    assert (frame.undo_name, frame.redo_name) == ("Step", "Run")


def test_it_tells_the_files_name_and_whether_it_runs():
    frame = shown(
        CHAPTER, path="folder/my net.nnsim", unsaved=True, running=True, steps_per_second=5.0
    )

    assert frame.file_name == "my net.nnsim"
    assert (frame.unsaved, frame.running, frame.steps_per_second) == (True, True, 5.0)
    assert shown(CHAPTER).file_name is None


@given(documents())
def test_the_outputs_of_all_samples_are_those_of_their_traces(document):
    outputs = shown(document).sample_outputs

    for sample, row in enumerate(outputs):
        assert row == pytest.approx(document.trace(sample).outputs, rel=1e-12, abs=1e-12)


@given(documents(("linear", "sigmoid", "tanh", "relu")))
def test_the_mean_loss_is_the_mean_over_the_traces(document):
    losses = [document.trace(sample).loss for sample in range(len(document.samples))]

    assert shown(document).mean_loss == pytest.approx(np.mean(losses), rel=1e-9, abs=1e-12)


def test_outputs_too_large_give_no_warning():
    network = Network.dense([1, 1], ["linear"], [[[1e200]]])
    frame = shown(Document(network, Samples([[1e200]], [[0.0]])))

    assert frame.mean_loss == np.inf


def test_it_cannot_be_changed():
    with pytest.raises(AttributeError):
        shown(CHAPTER).running = True


def test_it_measures_the_validation_samples_where_there_are_some():
    held_back = Samples([[1.0, 2.0], [0.0, 1.0]], [[2.0], [0.9]])
    document = Document(CHAPTER.network, CHAPTER.samples, validation=held_back)

    found = shown(document).validation_metrics

    assert found.loss == pytest.approx((0.5 * 0.1**2 + 0.0) / 2)
    assert found.accuracy == 1.0
    assert shown(CHAPTER).validation_metrics is None


def test_a_focus_keeps_of_another_network_what_is_there():
    weight, gone = ParameterRef(1, 0, 1), ParameterRef(1, 1, 0)
    focus = Focus(selected=gone, chosen=frozenset([weight, gone, (0, 1), (0, 2), (-1, 0), (1, 0)]))

    kept = focus.within(CHAPTER.network)

    assert kept.selected is None
    assert kept.chosen == {weight, (0, 1), (1, 0)}


def test_a_frame_carries_what_is_chosen():
    assert shown(CHAPTER, Focus(chosen=frozenset([(0, 1)]))).chosen == {(0, 1)}
