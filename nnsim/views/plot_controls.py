"""The small controls in the header of the error plot: legend, quantity, linear or log."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget

from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, semibold
from nnsim.views.plot_drawing import LEFT, book_pen


class Legend(QWidget):
    """Tells the own points from the book's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._yours, self._book = self.tr("yours"), self.tr("in the book")
        self.setAccessibleName(f"{self._yours}, {self._book}")
        metrics = QFontMetricsF(font(12))
        self._second = round(12 + 16 + metrics.horizontalAdvance(self._yours) + 16)
        width = self._second + 16 + metrics.horizontalAdvance(self._book) + 8
        self.setFixedSize(round(width), 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(12))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().error))
        painter.drawEllipse(QPointF(18, 12), 4.5, 4.5)
        painter.setPen(book_pen())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(self._second + 5, 12), 4.5, 4.5)
        painter.setPen(QColor(theme().muted))
        painter.drawText(QRectF(28, 0, 200, 24), LEFT, self._yours)
        painter.drawText(QRectF(self._second + 16, 0, 200, 24), LEFT, self._book)


class Scale(QWidget):
    """Linear or logarithmic: two halves of one button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for place, (words, name) in enumerate(
            (
                (self.tr("Linear"), self.tr("Linear axis")),
                (self.tr("Log"), self.tr("Logarithmic axis of the absolute value")),
            )
        ):
            half = SmallButton(words, (place == 1, place == 0), self)
            half.setCheckable(True)
            half.setAccessibleName(name)
            half.setToolTip(name)
            half.setChecked(place == 0)
            self.chosen.addButton(half, place)
            row.addWidget(half)

    def logarithmic(self) -> bool:
        """Whether the logarithmic axis is chosen."""
        return self.chosen.checkedId() == 1


class SmallButton(QAbstractButton):
    """A button of 26 pixels for the header: alone, or a half of two; Enter presses it too."""

    def __init__(self, words: str, joins: tuple[bool, bool], parent: QWidget) -> None:
        super().__init__(parent)
        self._joins = joins  # at the left, at the right
        self.setText(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(26)

    def sizeHint(self) -> QSize:
        width = QFontMetricsF(semibold(12)).horizontalAdvance(self.text())
        return QSize(round(width) + (20 if self.icon().isNull() else 34), 26)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, t = QPainter(self), theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right = (-9.0 if joins else 0.5 for joins in self._joins)
        box = QRectF(self.rect()).adjusted(left, 0.5, -right, -0.5)
        painter.setPen(QPen(QColor(t.ink if self.underMouse() else t.border), 1))
        painter.setBrush(QColor(t.pressed if self.isChecked() or self.isDown() else t.card))
        painter.drawRoundedRect(box, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(QColor(t.ink), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        strong = self.isChecked() or not self.isCheckable()
        painter.setPen(QColor(t.ink if strong else t.muted))
        painter.setFont(semibold(12) if strong else font(12))
        words = self.rect().adjusted(0, 0, 0 if self.icon().isNull() else -16, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
        if not self.icon().isNull():
            self.icon().paint(painter, self.width() - 24, 5, 16, 16)
