"""Walking inside a training step, and from one number to where it comes from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Document, Network, ParameterRef, Samples, Settings
from nnsim.control.session import Session
from nnsim.files.examples import open_example
from nnsim.model.inside import Inside
from nnsim.tracing.pass_plan import StepSize, plan_of
from nnsim.tracing.quantity import LOSS, Kind, Quantity

W1, W2 = ParameterRef(1, 0, 0), ParameterRef(1, 0, 1)
SUM = Quantity(Kind.sum, (1, 0))


@pytest.fixture
def session(qapp):
    return Session(open_example("chapter"))


@pytest.fixture
def batch_session(qapp):
    network = Network.dense([1, 1], ["linear"], [[[0.5]]])
    samples = Samples([[1], [2], [3]], [[1], [1], [1]])
    return Session(Document(network, samples, Settings(batch_size=2)))


def press(session, times, size=StepSize.number):
    for _ in range(times):
        session.step_inside(size)


def test_the_first_press_computes_the_first_product(session):
    press(session, 1)
    assert session.frame.looked_at == Quantity(Kind.product, ref=W1)
    assert session.frame.trace.neuron(1, 0).sum is None
    assert session.frame.selected == W1


def test_every_idea_in_turn_and_then_the_step_is_taken(session):
    ideas = list(plan_of(session.document.trace()))
    for idea in ideas:
        press(session, 1)
        assert session.frame.looked_at == idea
        assert session.document.position.step == 0
    press(session, 1)
    assert session.document.position.step == 1
    assert session.document.network.weights[0].tolist() == [pytest.approx([0.265, 0.62])]
    assert session.frame.inside == Inside()
    assert session.frame.trace.neuron(1, 0).sum is None
    session.undo()
    assert session.document.network.weights[0].tolist() == [[0.3, 0.9]]


def test_back_takes_back_what_forward_did(session):
    press(session, 4)
    for expected in (SUM, Quantity(Kind.product, ref=W2), Quantity(Kind.product, ref=W1), None):
        session.step_back_inside(StepSize.number)
        assert session.frame.looked_at == expected
    session.step_back_inside(StepSize.number)
    assert session.frame.inside == Inside()


def test_first_last_and_jump(session):
    session.finish_inside()
    assert session.frame.trace.factors(W2).new_value == pytest.approx(0.62)
    session.begin_inside()
    assert session.frame.trace.loss is None
    session.go_inside_to(LOSS)
    assert session.frame.trace.loss == pytest.approx(0.06125)
    session.leave_inside()
    assert session.frame.inside is None
    assert session.frame.trace.factors(W2).new_value == pytest.approx(0.62)


def test_an_edit_in_the_middle_of_a_pass_keeps_the_place(session):
    session.go_inside_to(SUM)
    session.set_parameter(W1, 0.5)
    assert session.frame.looked_at == SUM
    assert session.frame.trace.neuron(1, 0).sum == pytest.approx(0.77)
    assert session.frame.trace.neuron(1, 0).output is None
    session.undo()
    assert session.frame.trace.neuron(1, 0).sum == pytest.approx(0.75)


def test_a_step_an_epoch_and_a_run_leave_the_pass(session):
    for wish in (session.step, session.epoch, session.run):
        session.go_inside_to(SUM)
        wish()
        session.pause()
        assert session.frame.inside is None


def test_an_idea_that_an_edit_removed_is_the_beginning_of_the_pass(session):
    session.go_inside_to(Quantity(Kind.delta, ref=W2))
    session.delete(frozenset([(0, 1)]))
    assert session.frame.inside is not None
    assert session.frame.trace.reached == -1


def test_the_samples_of_a_batch_follow_each_other_before_the_update(batch_session):
    session = batch_session
    seen = []
    for _ in range(100):
        press(session, 1)
        if session.document.position.step:
            break
        seen.append((session.frame.trace.sample, session.frame.looked_at))
    samples = [sample for sample, _ in seen]
    assert samples == sorted(samples)
    assert set(samples) == {0, 1}
    kinds = [idea.kind for sample, idea in seen if sample == 0 and idea]
    assert Kind.new_value not in kinds
    assert seen[-1][1].kind is Kind.new_value


def test_back_goes_from_one_sample_of_a_batch_to_the_one_before(batch_session):
    session = batch_session
    press(session, 2, StepSize.sample)
    assert session.frame.trace.sample == 1
    session.step_back_inside(StepSize.sample)
    assert session.frame.looked_at.kind is Kind.product
    session.step_back_inside(StepSize.number)
    assert session.frame.trace.sample == 0
    assert session.frame.looked_at.kind is Kind.delta


def test_the_update_of_a_batch_stands_after_its_last_sample(batch_session):
    session = batch_session
    session.begin_inside()
    new = Quantity(Kind.new_value, ref=session.document.network.refs()[0])
    session.go_inside_to(new)
    assert session.frame.inside.place == len(session.document.batch) - 1
    assert session.frame.looked_at == new
    steps = session.document.position.step
    session.step_inside(StepSize.batch)
    assert session.document.position.step == steps + 1


def test_inside_a_batch_a_sample_is_chosen_to_walk_through_it(batch_session):
    session = batch_session
    press(session, 1, StepSize.number)
    before = session.document
    wanted = int(before.batch[1])
    session.choose_sample(wanted)
    assert session.document is before  # the batch is the same
    assert (session.frame.inside.place, session.frame.trace.sample) == (1, wanted)
    outside = next(i for i in range(len(before.samples)) if i not in before.batch)
    session.choose_sample(outside)
    assert (session.frame.inside.place, session.frame.trace.sample) == (0, outside)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(list(StepSize))), max_size=30))
def test_any_walk_inside_leaves_the_numbers_of_the_step_alone(qapp_session, presses):
    session = qapp_session(open_example("xor"))
    start = session.document
    for is_forward, size in presses:
        if is_forward:
            session.step_inside(size)
        else:
            session.step_back_inside(size)
    taken = session.document.position.step
    for _ in range(taken):
        session.undo()
    assert session.document == start


@pytest.fixture(scope="module")
def qapp_session(qapp):
    return Session


def test_cards_lead_to_sources_and_back(session):
    session.open_card(Quantity(Kind.delta, ref=W2))
    session.open_card(SUM)
    session.open_card(SUM)
    assert session.frame.trail == (Quantity(Kind.delta, ref=W2), SUM)
    assert session.frame.selected == W2
    session.go_back_to_card()
    assert session.frame.looked_at == Quantity(Kind.delta, ref=W2)
    session.go_back_to_card()
    assert session.frame.looked_at is None
    session.go_back_to_card()
    assert session.frame.trail == ()


def test_a_card_of_what_an_edit_removed_closes(session):
    session.open_card(SUM)
    session.open_card(Quantity(Kind.delta, ref=W2))
    session.delete(frozenset([(0, 1)]))
    assert session.frame.trail == (SUM,)


def test_without_samples_there_is_nothing_to_step_inside(session):
    session.remove_sample(0)
    said = []
    session.refused.connect(said.append)
    press(session, 1)
    assert said
    assert session.frame.inside is None
