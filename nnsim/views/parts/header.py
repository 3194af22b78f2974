"""The header of a panel: its title, a muted subtitle, and room for controls at the right."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

HEIGHT = 40


class Header(QWidget):
    """Forty pixels at the top of a panel. When it is narrow the subtitle goes first."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self._full = ""
        self.title = QLabel(title, self)
        self.title.setProperty("role", "title")
        self.subtitle = QLabel(self)
        self.subtitle.setProperty("role", "muted")
        self.subtitle.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 16, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self.title)
        self._row.addWidget(self.subtitle, 1)

    def add(self, widget: QWidget) -> None:
        """Put a control at the right."""
        self._row.addWidget(widget)

    def say(self, subtitle: str) -> None:
        """Set the subtitle."""
        self._full = subtitle
        self.subtitle.setToolTip(subtitle)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        width = self.subtitle.width() - 2
        fits = self.subtitle.fontMetrics().horizontalAdvance(self._full) <= width
        shown = self.subtitle.fontMetrics().elidedText(
            self._full, Qt.TextElideMode.ElideRight, max(0, width)
        )
        self.subtitle.setText(self._full if fits else shown)
