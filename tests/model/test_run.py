"""The Run: steps, what they leave behind, and when training stops by itself."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import nnsim
from nnsim import Document, Network, Run, Samples, Settings, train
from nnsim.engine.optimizers import OPTIMIZERS
from nnsim.engine.step import sample_losses
from nnsim.errors import BadSamples, BadSetting
from nnsim.model import edits
from nnsim.model.history import History
from nnsim.model.run import Mark
from tests.strategies import documents

CHAPTER = Document(
    Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]]), Samples([[0.1, 0.8]], [[0.4]])
)
DIVERGING = Document(
    Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]]), Samples([[1.0, 2.0]], [[0.4]])
)


def bits(run):
    """All that a run is, to the bit."""
    record = run.record
    series = (record.steps, record.losses, record.errors, record.samples)
    means = (run.mean_steps, run.mean_losses)
    return (
        run.document.network.parameters.tobytes(),
        run.document.position,
        run.first_step,
        run.marks,
        run.stopped,
        [one.values.tobytes() for one in (*series, *means)],
    )


def line(slope, xs, rate, start=0.0, bias=None):
    """One linear neuron that has to learn t = slope · x."""
    network = Network.dense([1, 1], ["linear"], [[[start]]], bias)
    samples = Samples([[x] for x in xs], [[slope * x] for x in xs])
    return Document(network, samples, Settings(rate))


# ---------------------------------------------------------------- steps


def test_a_step_applies_exactly_the_numbers_of_the_trace():
    trace, after = CHAPTER.trace(), train(CHAPTER, 1).document

    new = [trace.factors(ref).new_value for ref in CHAPTER.network.refs()]
    assert after.network.parameters.tolist() == new


@given(documents(), st.integers(0, 6))
def test_after_k_steps_a_further_one_applies_what_the_trace_says(document, steps):
    run = train(document, steps)
    trace, further = run.document.trace(), run.advance(1)

    if further.stopped is None:
        assert further.document.network.parameters.tolist() == trace.step.new_parameters.tolist()


@given(documents(), st.integers(0, 12))
def test_each_loss_is_that_of_its_steps_sample_before_the_update(document, steps):
    run, now = train(document, steps), document
    for k, loss in enumerate(run.losses):
        trace = now.trace()
        assert loss == pytest.approx(trace.loss, rel=1e-12, abs=1e-12)
        assert run.samples[k] == trace.sample
        if document.network.output_count == 1:
            assert run.errors[k] == pytest.approx(trace.errors[0], rel=1e-12, abs=1e-12)
        now = Run.of(now).advance(1).document
        assert np.array_equal(now.network.parameters, trace.step.new_parameters)

    assert now == run.document
    assert run.stopped is not None or len(run.losses) == steps


def test_with_several_outputs_there_is_no_single_error():
    network = Network.dense([1, 2], ["linear"])
    run = train(Document(network, Samples([[1]], [[1, 1]]), Settings(0.1)), 3)

    assert len(run.errors) == 0
    assert len(run.losses) == 3


@given(documents(), st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_however_the_steps_are_cut_the_run_is_the_same_to_the_bit(document, cuts):
    whole, parts = Run.of(document).advance(sum(cuts)), Run.of(document)
    for cut in cuts:
        parts = parts.advance(cut)

    assert bits(parts) == bits(whole)


@given(st.lists(st.integers(1, 15), min_size=1, max_size=8), st.floats(0.1, 1.5))
@example([11, 1, 1], 1.0)
@example([12], 1.0)
def test_cuts_do_not_move_the_place_where_a_diverging_run_stops(cuts, rate):
    document = edits.set_learning_rate(DIVERGING, rate)
    whole, parts = Run.of(document).advance(sum(cuts)), Run.of(document)
    for cut in cuts:
        parts = parts.advance(cut)

    assert bits(parts) == bits(whole)


@given(documents(), st.integers(1, 9), st.integers(0, 9), st.integers(0, 9))
def test_going_on_from_an_earlier_state_gives_the_same_numbers_again(document, first, one, two):
    trunk = Run.of(document).advance(first)
    long = trunk.advance(one)
    before = bits(long)
    branch = trunk.advance(two).advance(1)

    assert bits(long) == before
    assert bits(trunk.advance(two).advance(1)) == bits(branch)


def test_no_steps_change_nothing():
    assert bits(Run.of(CHAPTER).advance(0)) == bits(Run.of(CHAPTER))


def test_the_sample_that_a_person_chose_is_recorded():
    samples = Samples([[0, 1], [1, 0], [1, 1]], [[0], [1], [2]])
    run = Run.of(Document(CHAPTER.network, samples, Settings(0.1))).advance(1)
    chosen = run.edited(edits.choose_sample(run.document, 0), "sample 1 chosen")

    assert chosen.advance(4).samples.tolist() == [0, 0, 1, 2, 0]


def test_a_run_of_a_trained_document_counts_its_own_steps():
    document = train(CHAPTER, 3).document
    run = train(document, 2)

    assert run.first_step == 3
    assert run.document.position.step == 5
    assert len(run.losses) == 2


def test_time_that_is_over_still_allows_one_step():
    assert Run.of(CHAPTER).advance(1000, seconds=0.0).document.position.step == 1


def test_enough_time_allows_all_steps():
    assert Run.of(CHAPTER).advance(20, seconds=60.0).document.position.step == 20


def test_without_samples_there_is_nothing_to_train_on():
    empty = Document(CHAPTER.network, Samples.none(2, 1))

    with pytest.raises(BadSamples, match="no samples to train on"):
        train(empty, 1)


@given(documents())
def test_the_mean_loss_is_measured_before_each_step(document):
    run, now = train(document, 5), document
    assert run.mean_steps.values.tolist() == pytest.approx(list(range(len(run.losses))), rel=1e-12)

    for k, mean in enumerate(run.mean_losses.values):
        samples = now.samples
        assert mean == pytest.approx(
            sample_losses(now.network, samples.inputs, samples.expected).mean(), rel=1e-12
        )
        now = train(document, k + 1).document


def test_of_many_samples_the_mean_loss_is_measured_seldom():
    samples = Samples(np.ones((200, 2)) * 0.1, np.ones((200, 1)))
    run = train(Document(CHAPTER.network, samples, Settings(0.01)), 10)

    assert run.mean_steps.values.tolist() == [0, 4, 8]


# ---------------------------------------------------------------- edits in a run


def test_an_edit_is_marked_at_its_step_and_adds_none():
    run = train(CHAPTER, 3)
    edited = run.edited(edits.set_learning_rate(run.document, 0.5), "learning rate 0.5")

    assert edited.marks == (Mark(3, "learning rate 0.5"),)
    assert edited.losses.tolist() == run.losses.tolist()
    assert edited.document.settings.learning_rate == 0.5


def test_an_edit_before_the_first_step_leaves_no_mark():
    run = Run.of(CHAPTER)

    assert run.edited(edits.set_learning_rate(CHAPTER, 0.5), "learning rate 0.5").marks == ()


def test_an_edit_takes_back_the_reason_for_stopping():
    stopped = train(DIVERGING, 100)
    edited = stopped.edited(edits.set_learning_rate(stopped.document, 0.1), "learning rate 0.1")

    assert stopped.stopped is not None
    assert edited.stopped is None


# ---------------------------------------------------------------- when it stops by itself


def test_inputs_1_and_2_with_learning_rate_1_overshoot_four_times_as_far_each_step():
    run = train(DIVERGING, 10)

    assert run.errors[1:] / run.errors[:-1] == pytest.approx([-4.0] * 9, rel=1e-9)


def test_a_run_stops_when_the_loss_has_grown_ten_steps_and_a_million_fold():
    run = train(DIVERGING, 1000)

    assert run.document.position.step == 10
    assert len(run.losses) == 10
    assert not run.stopped.overflow
    assert run.stopped.reason.startswith("Stopped at step 10: the loss has grown 10 steps running")
    assert run.stopped.reason.endswith("try a smaller learning rate.")


def test_growing_fast_is_not_enough_before_the_tenth_time():
    assert train(DIVERGING, 10).stopped is None
    assert train(DIVERGING, 11).stopped is not None


def test_growing_long_is_not_enough_before_the_millionth_part():
    slow = edits.set_learning_rate(DIVERGING, 0.41)  # each step multiplies the error by −1.05
    run = train(slow, 100)

    assert run.errors[1] / run.errors[0] == pytest.approx(-1.05)
    assert run.stopped is None
    run = run.advance(1000)
    assert run.losses[-1] < 1e6 * run.losses[0] <= run.document.trace().loss
    assert run.stopped is not None


def test_a_stopped_run_keeps_the_last_state_and_says_so_again():
    run = train(DIVERGING, 1000)
    again = run.advance(1)

    assert bits(again) == bits(run)
    assert np.isfinite(run.document.network.parameters).all()


def test_watched_from_there_on_a_stopped_run_goes_on():
    run = train(DIVERGING, 1000)
    onward = run.going_on().advance(5)

    assert onward.document.position.step == 15
    assert onward.stopped is None
    assert run.going_on().advance(100).document.position.step == 20


@given(st.integers(0, 14), st.lists(st.integers(1, 7), min_size=1, max_size=6))
def test_cuts_change_nothing_when_a_run_is_watched_from_a_later_step(steps, cuts):
    run = Run.of(DIVERGING).advance(steps).going_on()
    whole, parts = run.advance(sum(cuts)), run
    for cut in cuts:
        parts = parts.advance(cut)

    assert bits(parts) == bits(whole)


def test_growth_has_to_be_without_a_break():
    swinging = Document(
        Network.dense([1, 1], ["linear"], [[[0.0]]]),
        Samples([[0.001], [0.001]], [[1e-3], [1e3]]),
        Settings(0.1),
    )

    assert train(swinging, 500).stopped is None


@pytest.mark.parametrize("xs", [range(21), [x / 10 for x in range(21)], range(1, 31)], ids=str)
def test_a_sorted_table_whose_losses_grow_along_it_does_not_stop_the_run(xs):
    run = train(line(2.0, list(xs), rate=1e-4), 200)

    assert run.stopped is None
    assert run.document.position.step == 200


def test_samples_of_very_different_size_do_not_stop_a_run_that_learns():
    run = train(line(1.0, [10.0**k for k in range(-12, 1)], rate=0.1), 130)

    assert run.stopped is None


def test_a_loss_that_begins_at_0_may_grow_a_little():
    document = line(1.0, [0.0, *[0.001 * k for k in range(1, 15)]], rate=0.001)

    assert train(document, 15).stopped is None


def test_a_run_stops_before_a_number_is_no_longer_finite_and_names_it():
    wild = edits.set_learning_rate(DIVERGING, 1e80)
    run = train(wild, 1000)

    assert run.stopped.overflow
    assert run.stopped.reason.startswith(f"Stopped at step {run.document.position.step}: the ")
    assert "is too large. Try a smaller learning rate." in run.stopped.reason
    assert np.isfinite(run.document.network.parameters).all()
    assert np.isfinite(run.losses).all()
    assert len(run.losses) == run.document.position.step


@given(documents(rates=(1e3, 1e100, 1e300)))
def test_whatever_happens_what_is_kept_is_finite(document):
    run = train(document, 40)

    assert np.isfinite(run.document.network.parameters).all()
    assert np.isfinite(run.losses).all()
    assert np.isfinite(run.errors).all()


def test_every_mean_loss_that_is_kept_is_finite_though_another_sample_overflows():
    network = Network.dense([1, 1], ["linear"], [[[1.0]]])
    samples = Samples([[1.0], [0.0], [0.0], [1.0]], [[0.0]] * 4)
    run = train(Document(network, samples, Settings(1e160)), 10)

    assert run.stopped.overflow
    assert np.isfinite(run.mean_losses.values).all()


def test_a_mean_loss_too_large_for_a_number_is_left_out_and_stops_nothing():
    far = np.zeros((64, 1))
    far[0], far[63] = 1.0, 1e305  # the mean loss of absolute overflows at w = 1797 or so
    wanted = np.zeros((64, 1))
    wanted[0] = 1e9
    network = Network.dense([1, 1], ["linear"], [[[0.0]]])
    document = Document(network, Samples(far, wanted), Settings(3.51, loss="absolute"))
    whole = train(document, batches=[[0]] * 600)
    begun = train(document, batches=[[0]] * 512)
    parts = train(begun.document, batches=[[0]] * 88)

    assert whole.stopped is begun.stopped is parts.stopped is None
    assert parts.document == whole.document
    assert whole.document.position.step == len(whole.losses) == 600
    assert np.isfinite(whole.mean_losses.values).all()
    assert 500 < len(whole.mean_losses) == len(whole.mean_steps) < 520
    assert whole.mean_steps.values.tolist() == list(range(len(whole.mean_steps)))


def test_a_sample_that_no_step_is_taken_on_stops_nothing():
    network = Network.dense([1, 1], ["linear"], [[[0.5]]], [[0.0]])
    document = Document(network, Samples([[1.0], [1e200]], [[1.0], [0.0]]), Settings(0.1))
    run = train(document, batches=[[0]] * 5)

    assert run.document.position.step == 5
    assert run.stopped is None
    assert len(run.mean_losses) == 0
    assert train(document, 5).document.position.step == 1  # the second step is taken on it
    assert train(document, 5).stopped.overflow


def test_a_table_of_several_samples_that_diverges_stops_too():
    samples = Samples([[1.0, 2.0], [2.0, 1.0], [1.5, 1.0]], [[0.4], [0.5], [0.1]])
    run = train(Document(DIVERGING.network, samples, Settings(1.0)), 1000)

    assert run.stopped is not None
    assert not run.stopped.overflow
    assert run.document.position.step < 60


def test_a_stop_at_once_is_no_step():
    network = Network.dense([1, 1], ["linear"], [[[1e200]]])
    run = train(Document(network, Samples([[1e200]], [[0]])), 5)

    assert run.stopped.reason.startswith("Stopped at step 0: the sum of neuron is too large")
    assert run.document.network == network
    assert len(run.losses) == 0


# ---------------------------------------------------------------- as an object


def test_the_names_that_a_program_uses():
    run = nnsim.train(CHAPTER, steps=1)

    assert run.document.network.weights[0].tolist() == [pytest.approx([0.265, 0.62], abs=1e-15)]
    assert run.losses == pytest.approx([0.06125], abs=1e-15)


def test_it_cannot_be_changed():
    run = train(CHAPTER, 1)

    with pytest.raises(AttributeError):
        run.document = CHAPTER
    with pytest.raises(ValueError, match="read-only"):
        run.losses[0] = 0.0


def test_two_runs_can_be_compared():
    run = train(CHAPTER, 1)

    assert run == replace(run)
    assert (run == train(CHAPTER, 1)) in (True, False)


# ---------------------------------------------------------------- batches and optimizers

FOUR = Samples([[0, 0], [0, 1], [1, 0], [1, 1], [2, 1]], [[0], [1], [1], [0], [1]])


def small(**settings):
    network = Network.dense(
        [2, 3, 1], ["tanh", "sigmoid"], biases=[[0.1, None, -0.2], [0.3]]
    ).with_parameters(np.linspace(-0.5, 0.7, 13))
    return Document(network, FOUR, Settings(0.1, **settings))


def test_the_last_batch_of_an_epoch_is_as_large_as_what_is_left():
    run = train(small(batch_size=2), 3)

    assert run.samples.tolist() == [0, 2, 4]
    assert run.document.position == nnsim.Position(3, 1, 0)


def test_the_mean_is_over_the_real_size_of_a_batch():
    last = train(small(batch_size=2), 2)
    alone = train(replace(last.document, settings=Settings(0.1)), 1)

    # Not to the bit: one sample a step may take another way through the kernels than batches.
    ended = last.advance(1).document.network.parameters
    assert ended == pytest.approx(alone.document.network.parameters, rel=1e-14, abs=1e-15)


def test_batch_size_0_is_all_samples():
    assert bits(train(small(batch_size=0), 3)) == bits(train(small(batch_size=5), 3))


def test_given_batches_are_used_one_after_another():
    run = train(small(), batches=[[0, 3], [1, 2], [4]])
    losses = [trace.loss for trace in map(small().trace, (0, 3))]

    assert run.samples.tolist() == [0, 1, 4]
    assert run.losses[0] == pytest.approx(np.mean(losses), rel=1e-12)
    assert run.document.position == nnsim.Position(3, 0, 0)


def test_given_batches_in_the_epochs_order_give_the_epochs_numbers():
    given, own = train(small(), batches=[[0, 1], [2, 3], [4]]), train(small(batch_size=2), 3)

    # Not to the bit: batches of any size take another way through the kernels.
    numbers = own.document.network.parameters
    assert given.document.network.parameters == pytest.approx(numbers, rel=1e-12)
    assert given.losses == pytest.approx(own.losses, rel=1e-12)


@pytest.mark.parametrize(
    "batches", [[[]], [[5]], [[-1]], [[0.5]], [["a"]], [0], [[[0], [1, 2]]], [[True]]]
)
def test_batches_that_cannot_be_are_refused_by_number(batches):
    with pytest.raises(BadSamples, match="Batch 2"):
        train(small(), batches=[[0], *batches])


def test_more_steps_than_batches_are_refused():
    with pytest.raises(BadSamples, match="1 batches for 2 steps"):
        train(small(), 2, batches=[[0]])


def test_a_frozen_weight_has_a_delta_and_no_change():
    network = small().network
    ref = network.refs()[1]
    document = replace(small(), network=network.with_frozen([ref]))
    row, after = document.trace(4).factors(ref), train(document, 5).document.network

    assert row.delta != 0
    assert (row.update, row.new_value) == (0, row.value)
    assert after.parameters[network.index_of(ref)] == network.parameters[network.index_of(ref)]
    assert (after.parameters != network.parameters).sum() == 11


def test_a_weight_edit_keeps_what_the_optimizer_remembers():
    document = train(small(optimizer="adam"), 3).document
    edited = edits.set_parameter(document, document.network.refs()[0], 0.5)

    assert edited.moments == document.moments
    assert edited.moments.steps == 3


def test_another_optimizer_begins_anew():
    document = train(small(optimizer="adam"), 3).document

    assert edits.change_settings(document, optimizer="momentum").moments.steps == 0
    assert edits.restart(document).moments.steps == 0
    assert not edits.restart(document).moments.first.any()


REMEMBERING = [name for name, rule in OPTIMIZERS.items() if rule.remembers]


@pytest.mark.parametrize("before", REMEMBERING)
@pytest.mark.parametrize("after", OPTIMIZERS)
def test_any_other_optimizer_begins_anew_however_alike_what_both_remember(before, after, tmp_path):
    trained = train(small(optimizer=before), 3).document
    nnsim.save(trained, tmp_path / "trained.nnsim")
    again = nnsim.open(tmp_path / "trained.nnsim")

    assert trained.moments.steps == again.moments.steps == 3
    for document in (trained, again):
        changed = edits.change_settings(document, optimizer=after)
        by_hand = replace(document, settings=replace(document.settings, optimizer=after))
        assert changed.moments == by_hand.moments
        if after == before:
            assert changed.moments == document.moments
        else:
            assert changed.moments == OPTIMIZERS[after].begin(len(document.network.parameters))


def test_undo_of_another_optimizer_has_back_what_the_first_one_remembered():
    run = train(small(optimizer="momentum"), 3)
    other = run.edited(edits.change_settings(run.document, optimizer="nesterov"), "nesterov")
    history = History(run).push(other, "optimizer nesterov")

    assert not history.present.document.moments.first.any()
    assert history.undone().present.document.moments == run.document.moments


def test_the_loss_has_the_penalties_in_it():
    plain, with_l2 = train(small(), 1), train(small(l2=0.5), 1)
    weights = small().network.parameters[small().network.structure.is_weight]

    assert with_l2.losses[0] - plain.losses[0] == pytest.approx(0.25 * (weights**2).sum())


@pytest.mark.parametrize("steps", [-1, 1.5, True, "3", 2**53, np.float64(3)])
def test_steps_that_cannot_be_are_refused(steps):
    with pytest.raises(BadSetting, match="The number of steps must be a whole number from 0 to"):
        train(small(), steps)


def test_a_number_of_numpy_counts_steps():
    position = train(small(), np.int64(3)).document.position

    assert position == nnsim.Position(3, 0, 3)
    assert type(position.step) is int


def test_steps_without_a_number_ask_for_one():
    with pytest.raises(BadSamples, match="Say how many steps to train"):
        train(small())


@pytest.mark.parametrize("batches", [5, "[[0]]", [], ()])
def test_batches_that_are_no_lists_are_refused(batches):
    with pytest.raises(BadSamples, match="must be lists"):
        train(small(), batches=batches)
