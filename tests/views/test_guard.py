"""An exception in an override that Qt calls is reported, and the program lives on."""

import sys

import pytest
from PySide6.QtCore import QAbstractTableModel
from PySide6.QtWidgets import QTableView

from nnsim.views.factors.table import FactorModel, FactorTable
from nnsim.views.parts.guard import guarded
from nnsim.views.samples_model import SamplesModel
from nnsim.views.samples_table import SamplesTable


class BrokenModel(QAbstractTableModel):
    def rowCount(self, parent=None):
        return 1

    def columnCount(self, parent=None):
        return 1

    @guarded
    def data(self, index, role=0):
        return [][1]  # raised by C code, as most real ones are


class PaintingView(QTableView):
    def paintEvent(self, event):
        super().paintEvent(event)  # Python, Qt, Python again: here it used to crash


def test_a_failing_cell_is_reported_and_not_fatal(qtbot, monkeypatch):
    seen = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: seen.append(kind))
    view = PaintingView()
    qtbot.addWidget(view)
    view.setModel(BrokenModel(view))
    view.show()
    view.grab()
    assert IndexError in seen


@pytest.mark.parametrize(
    "override",
    [
        FactorModel.data,
        FactorModel.headerData,
        FactorTable.paintEvent,
        FactorTable.resizeEvent,
        SamplesModel.data,
        SamplesModel.headerData,
        SamplesTable.paintEvent,
        SamplesTable.resizeEvent,
    ],
    ids=lambda f: f.__qualname__,
)
def test_the_overrides_that_qt_calls_from_within_are_guarded(override):
    assert override.__wrapped__.__name__ == override.__name__
