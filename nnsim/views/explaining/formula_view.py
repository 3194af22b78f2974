"""Shows the formula of one number; every number in it can be pointed at and opened."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from nnsim.tracing.derivation import Derivation
from nnsim.tracing.quantity import Quantity
from nnsim.tracing.symbols import words_in
from nnsim.tracing.trace import Trace
from nnsim.tracing.wording import in_full
from nnsim.views.formulas.written import WrittenFormula, write_formula
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.lit import Lit, draw_lit
from nnsim.views.parts.theme import theme

KeyModifier = Qt.KeyboardModifier
LEFT, TOP = 16, 8
FEW, MANY = 12, 200
BAR = 12
"""Room for a scroll bar: where one comes or goes nothing has to be written anew."""


class FormulaView(QWidget):
    """The formula in symbols, words and numbers."""

    quantity_opened = Signal(object)
    quantity_pointed = Signal(object)
    """What is under the mouse or has the keyboard, None for nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Formula"))
        self._trace: Trace | None = None
        self._quantity: Quantity | None = None
        self._written: WrittenFormula | None = None
        self._spots: list[tuple[QRectF, Quantity]] = []
        self._at: int | None = None
        self._lit = Lit()
        self.most = FEW
        self._is_held = False
        self._set_for = 0
        """The width that it was written for."""

    def show_quantity(self, trace: Trace, quantity: Quantity) -> None:
        """Show the formula of a quantity."""
        if quantity != self._quantity:
            self._at, self.most = None, FEW
        self._trace, self._quantity = trace, quantity
        self._set()

    def show_all(self) -> None:
        """Write all terms of a long sum, up to 200."""
        self.most = MANY
        self._set()

    def light(self, lit: Lit) -> None:
        """Mark what is pointed at somewhere, what it came from and where it goes."""
        if lit != self._lit:
            self._lit = lit
            self.update()

    def spots(self) -> list[tuple[QRectF, Quantity]]:
        """Return where the numbers and names of quantities stand."""
        return self._spots

    @contextmanager
    def held(self) -> Iterator[None]:
        """Write the formula once, when all around it has found its place."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
            self._set()

    def _set(self) -> None:
        if self._trace is None or self._quantity is None:
            return
        if self._is_held:
            return
        self._set_for = self.width()
        width = max(120.0, self.width() - 2.0 * LEFT - BAR)
        self._written = write_formula(self._trace, self._quantity, width, self.most)
        self._spots = self._written.numbers(LEFT, TOP)
        self.setMinimumHeight(round(self._written.height) + 2 * TOP)
        self.update()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        if abs(event.size().width() - self._set_for) > BAR:
            self._set()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_lit(painter, self._spots, self._lit)
        if self._written is not None:
            self._written.draw(painter, LEFT, TOP)
        if self.hasFocus() and self._at is not None:
            painter.setPen(QPen(QColor(theme().ink), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._spots[self._at][0].adjusted(-4, -2, 4, 2), 5, 5)

    # ------------------------------------------------------------ pointed at

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        quantity = self._quantity_at(event.position())
        can_open = quantity is not None and quantity != self._quantity
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if can_open else Qt.CursorShape.ArrowCursor
        )
        self.setToolTip(self._tip(quantity))
        self.quantity_pointed.emit(quantity)

    def leaveEvent(self, event: object) -> None:
        self.quantity_pointed.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        quantity = self._quantity_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and quantity is not None:
            self.quantity_opened.emit(quantity)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys walk from number to number, Enter opens one."""
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        key = Qt.Key(event.key())
        is_plain = event.modifiers() in (KeyModifier.NoModifier, KeyModifier.KeypadModifier)
        if is_plain and key in ways and self._spots:
            first = -1 if ways[key] > 0 else 0
            at = first if self._at is None else self._at
            self._at = (at + ways[key]) % len(self._spots)
            self.setAccessibleDescription(self._tip(self._spots[self._at][1]))
            self.quantity_pointed.emit(self._spots[self._at][1])
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._at is not None:
            self.quantity_opened.emit(self._spots[self._at][1])
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: object) -> None:
        self._at = None
        self.quantity_pointed.emit(None)
        self.update()

    def _quantity_at(self, where: QPointF) -> Quantity | None:
        for rect, quantity in self._spots:
            if rect.adjusted(-3, -3, 3, 3).contains(where):
                return quantity
        return None

    def _tip(self, quantity: Quantity | None) -> str:
        if quantity is None or self._trace is None:
            return ""
        name = words_in(self._trace, quantity)
        value = Derivation(self._trace).value(quantity)
        return name if value is None else f"{name} = {in_full(value)}"
