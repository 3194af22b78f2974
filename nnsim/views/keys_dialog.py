"""The table of keys, on F1."""

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import medium

Row = tuple[str, str, str]
"""Group, keys (several parted by “, ”) and what they do."""


class KeysDialog(QDialog):
    """Shows every key of the program, by groups. Show it with open(); Esc closes it."""

    def __init__(self, rows: Sequence[Row], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.rows = tuple(rows)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.setAccessibleName(self.tr("Keys"))
        self.area.setAccessibleDescription(
            "\n".join(f"{group}: {keys}: {what}" for group, keys, what in self.rows)
        )
        self.area.setWidget(self._make_table())
        self.close_button = QPushButton(self.tr("Close"), self)
        self.close_button.setProperty("main", True)
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 12, 16, 16)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.area, 1)
        column.addLayout(foot)
        self.resize(860, 640)
        self.area.setFocus()

    def _make_table(self) -> QWidget:
        """Two columns of groups, about equally long."""
        table = QWidget(self)
        columns = QHBoxLayout(table)
        columns.setContentsMargins(24, 16, 24, 8)
        columns.setSpacing(40)
        for groups in _halves(self.rows):
            grid = QGridLayout()
            grid.setHorizontalSpacing(16)
            grid.setVerticalSpacing(4)
            grid.setColumnStretch(1, 1)
            for rows in groups:
                self._add_group(grid, rows)
            grid.setRowStretch(grid.rowCount(), 1)
            columns.addLayout(grid, 1)
        return table

    def _add_group(self, grid: QGridLayout, rows: list[Row]) -> None:
        first = grid.rowCount()
        title = QLabel(rows[0][0], self)
        title.setProperty("role", "title")
        title.setContentsMargins(0, 0 if first <= 1 else 12, 0, 2)
        grid.addWidget(title, first, 0, 1, 2)
        for place, (_, keys, what) in enumerate(rows, start=first + 1):
            words = QLabel(what, self)
            words.setWordWrap(True)
            words.setMinimumHeight(24)
            grid.addWidget(Caps(keys, self), place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, place, 1)


class Caps(QWidget):
    """Keys, drawn as on a keyboard."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(keys)
        self._keys = keys.split(", ")

    def sizeHint(self) -> QSize:
        boxes = self._boxes()
        return QSize(round(boxes[-1].right()) + 1, 24)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, t = QPainter(self), theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(medium(12))
        for key, box in zip(self._keys, self._boxes(), strict=True):
            painter.setPen(QPen(QColor(t.border), 1))
            painter.setBrush(QColor(t.card))
            painter.drawRoundedRect(box, 5, 5)
            painter.setPen(QColor(t.ink))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), key)

    def _boxes(self) -> list[QRectF]:
        metrics, left, boxes = QFontMetricsF(medium(12)), 0.5, []
        for key in self._keys:
            width = round(max(24.0, metrics.horizontalAdvance(key) + 14))
            boxes.append(QRectF(left, 1.5, width, 21))
            left += width + 5
        return boxes


def _halves(rows: Sequence[Row]) -> tuple[list[list[Row]], list[list[Row]]]:
    """Cut the groups, in order, into two columns as equally long as can be."""
    groups = [list(group) for _, group in groupby(rows, key=_group_of)]
    lengths = [len(group) + 2 for group in groups]
    cuts = range(1, len(groups)) if len(groups) > 1 else range(1, 2)
    cut = min(cuts, key=lambda at: abs(sum(lengths[:at]) - sum(lengths[at:])))
    return groups[:cut], groups[cut:]


def _group_of(row: Row) -> str:
    return row[0]
