"""Any mixture of edits, steps, undo and redo: what is drawn is what the Trace says."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant
from PySide6.QtCore import QSize

from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.emphasis import emphasis_of
from nnsim.views.diagram.label_places import focus_labels, shown_label
from nnsim.views.diagram.painting import paint_network
from nnsim.views.diagram.view import DiagramView
from nnsim.views.explaining.panel import ExplainingPanel
from nnsim.views.parts.lit import lit_of
from tests.control.test_any_edits import Person
from tests.drawn import drawn_words

SIZE = QSize(880, 552)


class Onlooker(Person):
    """A person who reads what is drawn after everything that is done."""

    def __init__(self):
        super().__init__()
        self.view = DiagramView()
        self.view.resize(SIZE)
        self.view.show_frame(self.shown)
        self.session.frame_changed.connect(self.view.show_frame)
        self.panel = ExplainingPanel()

    @invariant()
    def every_number_drawn_is_the_traces(self):
        frame, scene = self.shown, self.view.scene()
        assert scene.network is frame.document.network
        words = drawn_words(lambda painter: paint_network(painter, scene, frame), SIZE)

        for ref, rect in scene.labels.items():
            if any(map(rect.intersects, self.large_labels())):
                continue  # it gives way to what was asked for
            now = float(scene.network.parameters[scene.network.index_of(ref)])
            new = frame.trace.factors(ref).new_value if frame.inside else None
            assert written(now if new is None else new) & {*read_in(words, rect)}
        if not scene.dense:
            for (layer, index), rect in scene.nodes.items():
                output = float(frame.trace.shown_activations(layer)[index])
                if not layer or frame.trace.knows(Quantity(Kind.output, (layer, index))):
                    assert on_paper(output) in read_in(words, rect)

    @invariant()
    def what_is_explained_can_be_shown(self):
        if self.shown.looked_at is not None or self.shown.inside is not None:
            self.panel.show_frame(self.shown)
            self.panel.light(lit_of(self.shown, self.shown.looked_at))
            assert self.panel.card.sentence.text()

    def large_labels(self):
        scene, ref = self.view.scene(), self.shown.selected
        frame = self.shown
        focused = focus_labels(scene, emphasis_of(scene.network, ref, frame.chosen)).values()
        if ref is None or (not scene.dense and ref in scene.labels):
            return list(focused)
        return [shown_label(scene, ref), *focused]

    def teardown(self):
        super().teardown()
        self.view.deleteLater()
        self.panel.deleteLater()


def written(value):
    """How a label may write a number: with fewer decimals where it has no room."""
    return {on_paper(value), *(on_paper(round(value, decimals)) for decimals in (4, 3, 2, 1))}


def read_in(words, rect):
    return [word.text for word in words if rect.contains(word.place)]


TestOnlooker = Onlooker.TestCase
TestOnlooker.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestOnlooker.pytestmark = [pytest.mark.usefixtures("qapp")]
