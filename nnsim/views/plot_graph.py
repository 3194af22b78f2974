"""The graph of the error plot: the drawing as a widget, with a pointer that reads numbers out."""

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from nnsim.tracing.wording import on_paper
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.theme import theme
from nnsim.views.plot_drawing import Drawing, full_words
from nnsim.views.plot_numbers import Picture

KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class Graph(QWidget):
    """Shows a Picture, and the numbers of the point under the pointer or reached by keys."""

    present_pointed = Signal(bool)
    """Whether the point of now is the one pointed at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = Picture()
        self._drawing = Drawing(self.picture, self.width(), self.height())
        self._pointed: float | None = None
        self._by_keyboard = False
        self._mark = Qt.PenStyle.NoPen
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumHeight(100)

    def show_picture(self, picture: Picture) -> None:
        """Show other points."""
        self.picture = picture
        self._fit()
        self._describe()

    def readout(self) -> str:
        """Return step and value pointed at, with all digits; empty when none is."""
        pointed = self._pointed_number()
        return "" if pointed is None else full_words(self.picture, pointed)

    def mark_present(self, style: Qt.PenStyle) -> None:
        """Draw a ring around the point of now in a line style, or none."""
        if style != self._mark:
            self._mark = style
            self.update()

    @property
    def drawing(self) -> Drawing:
        """Where everything is drawn."""
        return self._drawing

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme().background))
        self._drawing.draw(painter, self._pointed_number())
        now = self._drawing.present()
        if self._mark != Qt.PenStyle.NoPen and now is not None:
            painter.setPen(QPen(QColor(theme().ink), 1.4, self._mark))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(now, 9, 9)
        if self._by_keyboard and self.hasFocus():
            painter.setPen(QPen(QColor(theme().ink), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), 6, 6)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Nothing is dragged or clicked in the plot."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._drawing.step_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = event.reason() in KEYBOARD
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last, at, key = self.picture.count - 1, self._pointed_number(), event.key()
        if key == Qt.Key.Key_Escape and at is not None:
            self._point_at(None)
            return
        moved = {
            Qt.Key.Key_Left: last if at is None else at - 1,
            Qt.Key.Key_Right: last if at is None else at + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if last < 0 or key not in moved or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
            return
        self._point_at(self.picture.point(min(last, max(0, moved[Qt.Key(key)])))[0])

    def _fit(self) -> None:
        """Choose the ranges of both axes for the size."""
        self._drawing = Drawing(self.picture, self.width(), self.height())
        self.update()

    def _pointed_number(self) -> int | None:
        if self._pointed is None or not self.picture.count:
            return None
        return self.picture.nearest(self._pointed)

    def _point_at(self, step: float | None) -> None:
        self._pointed = step
        self._describe()
        at = self._pointed_number()
        is_now = self.picture.value is not None and at == self.picture.count - 1
        self.present_pointed.emit(at is not None and is_now)
        self.update()

    def _describe(self) -> None:
        """Say the point to who cannot see it: the one pointed at, else the present one."""
        if not self.picture.count:
            self.setAccessibleDescription(self.tr("no samples, so nothing to plot"))
            return
        pointed = self._pointed_number()
        k = self.picture.count - 1 if pointed is None else pointed
        self.setAccessibleDescription(self.picture.sentence(k, on_paper(self.picture.point(k)[1])))
