"""The factor panel with other losses than the chapter's: what it says, and that it has room."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from nnsim.model.frame import Focus, frame_of
from nnsim.model.history import History
from nnsim.model.run import Run
from nnsim.views.factors.panel import FactorPanel
from nnsim.views.parts.roles import DISPLAY

ACROSS = Qt.Orientation.Horizontal


@pytest.fixture
def panel(qtbot):
    made = FactorPanel()
    qtbot.addWidget(made)
    made.resize(560, 590)
    made.show()
    return made


def look(panel, document, ref):
    panel.show_frame(frame_of(History(Run.of(document)), Focus(selected=ref)))
    return panel.card.accessibleDescription().splitlines()


@pytest.mark.parametrize("loss", ["squared", "absolute", "binary_cross_entropy"])
def test_the_derivative_of_another_loss_is_written_out(panel, xor, qapp, loss):
    document = replace(xor, settings=replace(xor.settings, loss=loss))
    output = document.network.refs()[-1]
    lines = look(panel, document, output)

    assert lines[0].startswith("∂E/∂output = ")
    assert lines[1].startswith("delta = ∂E/∂output × f'(sum) × sum' = ")
    assert panel.table.model().headerData(2, ACROSS, DISPLAY) == "∂E/∂o ×"


def test_the_chapters_loss_needs_no_such_line(panel, xor):
    lines = look(panel, xor, xor.network.refs()[-1])

    assert lines[0].startswith("delta = error × f'(sum) × sum' = ")
    assert panel.table.model().headerData(2, ACROSS, DISPLAY) == "error ×"


def test_a_long_sentence_gets_the_lines_it_needs(panel, xor, qapp):
    settings = replace(
        xor.settings, optimizer="momentum", l1=0.1, l2=0.1, clip_norm=1, batch_size=3
    )
    heights = []
    for used in (xor.settings, replace(settings, weight_limit=0.9, clip_value=0.5)):
        look(panel, replace(xor, settings=used), xor.network.refs()[0])
        qapp.processEvents()
        heights.append(panel.card.height())
        assert panel.card.height() == panel.card.needed_height(panel.card.width())
        assert panel.card.mapTo(panel, panel.card.rect().bottomLeft()).y() < panel.height()

    assert heights[1] > heights[0]
