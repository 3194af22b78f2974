"""Any mixture of edits, steps, undo and redo: every number agrees, and undoing all is exact."""

from typing import get_args

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from nnsim.control.session import Session
from nnsim.engine.network import ParameterRef
from nnsim.files.examples import open_example
from nnsim.model.frame import has_part
from nnsim.model.rebuilding import Fresh
from nnsim.tracing.conventions import Conventions, ErrorSign, Names, ShownLoss
from nnsim.tracing.pass_plan import StepSize, plan_of
from tests.wires import activations, scalar_outputs, wires

LAYERS, INDEXES = st.integers(-1, 5), st.integers(-1, 6)
NEURONS = st.tuples(LAYERS, INDEXES)
REFS = st.builds(ParameterRef, LAYERS, INDEXES, st.none() | INDEXES, st.none() | LAYERS)
PARTS = st.frozensets(NEURONS | REFS, max_size=4)
NUMBERS = st.floats(-3, 3)
NAMES = st.sampled_from(["linear", "tanh", "relu", "sigmoid", "softmax", "no such"])
MOST = 60
"""Weights and biases, above which nothing more is added: the tests are to stay quick."""


class Person(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.session = Session(open_example("xor"))
        self.session.choose_new_weights(Fresh.start_rule)
        self.first = self.session.document
        self.copies = []
        self.session.copied.connect(self.copies.append)
        self.shown = self.session.frame
        self.session.frame_changed.connect(self.show)

    def show(self, frame):
        self.shown = frame

    def is_small(self):
        return self.session.document.network.parameter_count < MOST

    @precondition(is_small)
    @rule(at=LAYERS, size=st.integers(0, 3), name=NAMES, keep=st.booleans())
    def add_layer(self, at, size, name, keep):
        self.session.add_layer(at, size, name, keep)

    @rule(layer=LAYERS)
    def remove_layer(self, layer):
        self.session.remove_layer(layer)

    @rule(layer=LAYERS, to=LAYERS)
    def move_layer(self, layer, to):
        self.session.move_layer(layer, to)

    @precondition(is_small)
    @rule(layer=LAYERS)
    def duplicate_layer(self, layer):
        self.session.duplicate_layer(layer)

    @precondition(is_small)
    @rule(layer=LAYERS, count=st.integers(0, 2), after=st.none() | INDEXES)
    def add_neurons(self, layer, count, after):
        self.session.add_neurons(layer, count, after)

    @rule(parts=PARTS)
    def delete(self, parts):
        self.session.delete(parts)

    @rule(ends=st.tuples(NEURONS, NEURONS))
    def connect_neurons(self, ends):
        self.session.connect_neurons(*ends)

    @precondition(is_small)
    @rule(ends=st.tuples(LAYERS, LAYERS))
    def connect_layers(self, ends):
        self.session.connect_layers(*ends)

    @rule(ends=st.tuples(LAYERS, LAYERS))
    def disconnect_layers(self, ends):
        self.session.disconnect_layers(*ends)

    @rule(neurons=st.lists(NEURONS, max_size=3), present=st.booleans())
    def set_bias(self, neurons, present):
        self.session.set_bias(neurons, present)

    @rule(parts=PARTS)
    def copy(self, parts):
        self.session.copy(frozenset(p for p in parts if has_part(self.shown.document.network, p)))

    @precondition(lambda self: self.copies and self.is_small())
    @rule()
    def paste(self):
        self.session.paste(self.copies[-1])

    @rule(parts=PARTS, frozen=st.booleans())
    def freeze(self, parts, frozen):
        self.session.set_frozen(parts, frozen)

    @rule(parts=PARTS, value=NUMBERS)
    def set_parameters(self, parts, value):
        self.session.set_parameters(parts, value)

    @rule(place=st.integers(0, 200), values=st.lists(NUMBERS, max_size=3), keep=st.booleans())
    def drag_a_weight(self, place, values, keep):
        network = self.session.document.network
        if network.parameter_count:
            ref = network.ref_at(place % network.parameter_count)
            self.session.begin_gesture()
            for value in values:
                self.session.set_parameter(ref, value)
            (self.session.end_gesture if keep else self.session.cancel_gesture)()

    @rule(neurons=st.lists(NEURONS, max_size=3), name=NAMES)
    def set_activations(self, neurons, name):
        self.session.set_activations(neurons, name)

    @rule(neuron=NEURONS, name=st.sampled_from(["", "risk", "input1"]))
    def name_neuron(self, neuron, name):
        self.session.name_neuron(neuron, name)

    @rule(neuron=NEURONS, x=NUMBERS)
    def place_neuron(self, neuron, x):
        self.session.place_neurons({neuron: (x, 0.0)})

    @rule(parts=PARTS)
    def choose(self, parts):
        self.session.choose(parts)

    @rule()
    def step(self):
        self.session.step()

    @rule(size=st.sampled_from(list(StepSize)), presses=st.integers(1, 4))
    def step_inside(self, size, presses):
        for _ in range(presses):
            self.session.step_inside(size)

    @rule(size=st.sampled_from(list(StepSize)))
    def step_back_inside(self, size):
        self.session.step_back_inside(size)

    @rule()
    def leave_inside(self):
        self.session.leave_inside()

    @rule(place=st.integers(0, 500), jump=st.booleans())
    def explain(self, place, jump):
        """Open the card of a number, or go there inside the step."""
        trace = self.session.frame.trace
        plan = None if trace is None else plan_of(trace.whole)
        if plan:
            idea = plan[place % len(plan)]
            (self.session.go_inside_to if jump else self.session.open_card)(idea)

    @rule(
        sign=st.sampled_from(get_args(ErrorSign)),
        loss=st.none() | st.sampled_from(get_args(ShownLoss)),
        with_rate=st.booleans(),
        names=st.sampled_from(get_args(Names)),
    )
    def show_in_other_conventions(self, sign, loss, with_rate, names):
        self.session.show_in(Conventions(sign, loss, with_rate, names))

    @rule()
    def go_back_to_card(self):
        self.session.go_back_to_card()

    @rule()
    def undo(self):
        self.session.undo()

    @rule()
    def redo(self):
        self.session.redo()

    @invariant()
    def what_is_shown_is_the_document_and_every_wire_of_it(self):
        document = self.session.document
        assert self.shown.document is document
        network = document.network
        assert all(has_part(network, part) for part in self.shown.chosen)
        outputs = scalar_outputs(wires(network), activations(network), self.shown.trace.inputs)
        assert list(self.shown.trace.outputs) == pytest.approx(outputs, rel=1e-9, abs=1e-9)
        assert self.shown.sample_outputs.shape == document.samples.expected.shape

    def teardown(self):
        while self.session.frame.undo_name is not None:
            self.session.undo()
        assert self.session.document is self.first


TestPerson = Person.TestCase
TestPerson.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestPerson.pytestmark = [pytest.mark.usefixtures("qapp")]
