"""The History against the plainest model of it: two lists."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from nnsim import Document, Network, Run, Samples, Settings
from nnsim.model import edits
from nnsim.model.history import History
from tests.strategies import documents, numbers

CHAPTER = Document(
    Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]]), Samples([[0.1, 0.8]], [[0.4]])
)


def bits(run):
    document = run.document
    return (
        document.network.parameters.tobytes(),
        document.start.parameters.tobytes(),
        document.samples.inputs.tobytes(),
        document.samples.expected.tobytes(),
        document.settings,
        document.position,
        run.losses.tobytes(),
        run.samples.tobytes(),
        run.marks,
        run.stopped,
    )


class Past(RuleBasedStateMachine):
    """Any mix of edits, steps, undo and redo."""

    @initialize(document=documents(rates=(0.1, 1.0)))
    def open_document(self, document):
        self.history = History(Run.of(document))
        self.first = bits(self.history.present)
        self.now, self.past, self.future = self.first, [], []

    def do(self, run, wish, merge=False):
        self.history = self.history.push(run, wish, merge)
        if not (merge and self.past and self.past[-1][1] == wish and not self.future):
            self.past.append((self.now, wish))
        self.future = []
        self.now = bits(run)

    def edit(self, document, wish, merge=False):
        self.do(self.history.present.edited(document, wish), wish, merge)

    @property
    def document(self):
        return self.history.present.document

    @rule(data=st.data(), value=numbers(), merge=st.booleans())
    def type_a_weight(self, data, value, merge):
        ref = data.draw(st.sampled_from(self.document.network.refs()))
        self.edit(edits.set_parameter(self.document, ref, value), "weight", merge)

    @rule(value=numbers())
    @precondition(lambda self: len(self.document.samples))
    def type_an_input(self, value):
        self.edit(edits.set_input(self.document, 0, 0, value), "input")

    @rule(rate=st.floats(0.001, 2), merge=st.booleans())
    def turn_the_learning_rate(self, rate, merge):
        self.edit(edits.set_learning_rate(self.document, rate), "learning rate", merge)

    @rule()
    def add_a_row(self):
        columns = self.document.network.input_count + self.document.network.output_count
        self.edit(edits.add_samples(self.document, [[0.5] * columns]), "add")

    @rule(data=st.data())
    @precondition(lambda self: len(self.document.samples))
    def remove_a_row(self, data):
        sample = data.draw(st.integers(0, len(self.document.samples) - 1))
        self.edit(edits.remove_sample(self.document, sample), "remove")

    @rule(steps=st.integers(1, 20))
    @precondition(lambda self: len(self.document.samples))
    def step(self, steps):
        self.do(self.history.present.advance(steps), "step")

    @rule(steps=st.integers(1, 20))
    @precondition(lambda self: len(self.document.samples) and self.past and not self.future)
    def run_on(self, steps):
        run = self.history.present.advance(steps)
        self.history = self.history.continued(run)
        self.now = bits(run)

    @rule()
    def begin_again(self):
        self.do(Run.of(edits.restart(self.document)), "restart")

    @rule()
    def draw_new_weights(self):
        self.do(Run.of(edits.new_random_weights(self.document)), "random")

    @rule()
    def undo(self):
        self.history = self.history.undone()
        if self.past:
            run, wish = self.past.pop()
            self.future.insert(0, (self.now, wish))
            self.now = run

    @rule()
    def redo(self):
        self.history = self.history.redone()
        if self.future:
            run, wish = self.future.pop(0)
            self.past.append((self.now, wish))
            self.now = run

    @rule()
    def undo_everything_and_do_it_again(self):
        history = self.history
        for _ in self.past:
            history = history.undone()
        assert bits(history.present) == self.first
        assert history.undone() is history
        for _ in self.past:
            history = history.redone()
        assert bits(history.present) == self.now

    @invariant()
    def it_is_as_the_lists_say(self):
        assert bits(self.history.present) == self.now
        assert [(bits(entry.run), entry.wish) for entry in self.history.past] == self.past
        assert [(bits(entry.run), entry.wish) for entry in self.history.future] == self.future
        assert self.history.undo_name == (self.past[-1][1] if self.past else None)
        assert self.history.redo_name == (self.future[0][1] if self.future else None)


TestPast = Past.TestCase
TestPast.settings = settings(max_examples=40, stateful_step_count=30)


def test_there_is_nothing_to_undo_at_first():
    history = History(Run.of(CHAPTER))

    assert history.undone() is history
    assert history.redone() is history
    assert (history.undo_name, history.redo_name) == (None, None)


def test_undo_gives_back_the_very_run():
    first = Run.of(CHAPTER)
    history = History(first).push(first.advance(1), "Step")

    assert history.undone().present is first
    assert history.undone().redone().present is history.present


def test_something_new_drops_what_was_undone():
    run = Run.of(CHAPTER)
    history = History(run).push(run.advance(1), "one").undone().push(run.advance(2), "two")

    assert history.redo_name is None
    assert history.undo_name == "two"
    assert history.undone().present is run


def test_the_same_wish_can_be_one_undo():
    run = Run.of(CHAPTER)
    history = History(run)
    for steps in (1, 2, 3):
        history = history.push(run.advance(steps), "slide", merge=True)

    assert len(history.past) == 1
    assert history.undone().present is run


def test_another_wish_between_is_not_merged():
    run = Run.of(CHAPTER)
    history = History(run)
    for wish in ("slide", "step", "slide"):
        history = history.push(run, wish, merge=True)

    assert [entry.wish for entry in history.past] == ["slide", "step", "slide"]


@pytest.mark.parametrize(("sizes", "kept"), [([1, 1], 10_000), ([1000, 1000], 62)], ids=str)
def test_of_large_networks_fewer_states_are_kept(sizes, kept):
    document = Document(
        Network.dense(sizes, ["linear"]), Samples.none(sizes[0], sizes[1]), Settings()
    )
    run = Run.of(document)
    history = History(run)
    for number in range(kept + 20):
        history = history.push(run, str(number))

    assert len(history.past) == kept
    assert history.past[0].wish == "20"
