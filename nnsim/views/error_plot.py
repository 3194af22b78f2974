"""The error plot: a named quantity over the training steps, with the present point."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from nnsim.model.frame import Frame
from nnsim.tracing.wording import on_paper
from nnsim.views.parts.header import Header
from nnsim.views.parts.icons import icon
from nnsim.views.parts.theme import theme
from nnsim.views.plot_controls import Legend, Scale, SmallButton
from nnsim.views.plot_drawing import Drawing, full_words
from nnsim.views.plot_numbers import (
    ERROR,
    LOSS,
    MEAN,
    Array,
    Picture,
    curve_of,
    present_of,
    quantities,
    usual_quantity,
)

LEGEND_FROM = 640
"""Below this width the legend goes."""
SMOOTH = 20_000
"""A curve that goes up and down by more pixels is drawn with hard edges: five times as fast."""
KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class ErrorPlot(QWidget):
    """The header with the choice of quantity and scale, and the graph below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "background")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._frame: Frame | None = None
        self._stale = False
        self._chosen: str | None = None
        self._thinned: tuple[object, bool, Array, Array] | None = None
        self._header = Header(self.tr("Error"), self)
        self._legend = Legend(self)
        self._quantity = SmallButton("", (False, False), self)
        self._menu = QMenu(self)
        self._entries = self._make_menu()
        self._scale = Scale(self)
        self.graph = Graph(self)
        self.graph.setAccessibleName(self.tr("Error over the training steps"))
        self._lay_out()
        self._paint()

    def show_frame(self, frame: Frame) -> None:
        """Show a moment; while nobody can see it, only keep it."""
        self._frame, self._stale = frame, True
        if self.isVisible():
            self._refresh()

    def points(self) -> tuple[Array, Array]:
        """Return steps and values of all points drawn, the present one last."""
        self._refresh()
        return self.graph.picture.drawn()

    def readout(self) -> str:
        """Return step and exact value pointed at; empty when none is."""
        self._refresh()
        return self.graph.readout()

    def quantity(self) -> str:
        """Return the name of the quantity shown: error, mean loss or loss."""
        if self._frame is None:
            return ERROR
        possible = self._chosen in quantities(self._frame)
        return self._chosen if self._chosen and possible else usual_quantity(self._frame)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_legend()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "graph"):
            self._paint()

    def _refresh(self) -> None:
        frame, stale = self._frame, self._stale
        if frame is None or not stale:
            return
        self._stale = False
        quantity = self.quantity()
        self._header.say(self._subtitle(frame, quantity))
        self._header.subtitle.setMaximumWidth(self._subtitle_width(frame, quantity))
        self._quantity.setText(self._entries[quantity].text())
        self._quantity.updateGeometry()
        self._entries[quantity].setChecked(True)
        self._entries[ERROR].setVisible(ERROR in quantities(frame))
        self._show_legend()
        self.graph.show_picture(self._picture(frame, quantity))

    def _picture(self, frame: Frame, quantity: str) -> Picture:
        curve, logarithmic = curve_of(frame, quantity), self._scale.logarithmic()
        kept = self._thinned
        if kept is None or kept[0] is not curve.source or kept[1] != logarithmic:
            kept = (curve.source, logarithmic, *curve.thinned(logarithmic))
            self._thinned = kept
        name = self._names()[quantity]
        signed = self.tr("|{}|, log") if quantity == ERROR else self.tr("{}, log")
        return Picture(
            name=name,
            axis_name=signed.format(name) if logarithmic else name,
            step_name=self.tr("step"),
            curve=curve,
            steps=kept[2],
            values=kept[3],
            step=frame.document.position.step,
            value=present_of(frame, quantity),
            book=frame.book.points if frame.book and quantity == ERROR else (),
            marks=frame.run.marks,
            logarithmic=logarithmic,
        )

    def _names(self) -> dict[str, str]:
        return {ERROR: self.tr("error"), MEAN: self.tr("mean loss"), LOSS: self.tr("loss")}

    def _subtitle(self, frame: Frame, quantity: str) -> str:
        samples = len(frame.document.samples)
        if quantity == LOSS:
            return self.tr("loss of each step, before its update")
        if quantity == MEAN and samples != 1:
            return self.tr("mean loss over {} samples").format(f"{samples:,}")
        if quantity == ERROR and samples > 1:
            return self.tr("of each step’s sample")
        return self.tr("after each step") if quantity == ERROR else self.tr("loss after each step")

    def _subtitle_width(self, frame: Frame, quantity: str) -> int:
        metrics = self._header.subtitle.fontMetrics()
        return metrics.horizontalAdvance(self._subtitle(frame, quantity)) + 8

    def _show_legend(self) -> None:
        book = self._frame is not None and self._frame.book is not None
        self._legend.setVisible(book and self.quantity() == ERROR and self.width() >= LEGEND_FROM)

    def _make_menu(self) -> dict[str, QAction]:
        group = QActionGroup(self)
        entries = {}
        for quantity, words in (
            (ERROR, self.tr("Error")),
            (MEAN, self.tr("Mean loss")),
            (LOSS, self.tr("Loss of each step")),
        ):
            entry = self._menu.addAction(words)
            entry.setCheckable(True)
            entry.setData(quantity)
            group.addAction(entry)
            entries[quantity] = entry
        group.triggered.connect(self._choose)
        return entries

    def _lay_out(self) -> None:
        self._quantity.setAccessibleName(self.tr("Quantity shown"))
        self._quantity.setToolTip(self.tr("Choose what the plot shows"))
        self._quantity.clicked.connect(self._open_menu)
        self._scale.chosen.idClicked.connect(self._rescale)
        row = self._header.layout()
        assert isinstance(row, QHBoxLayout)
        row.setStretchFactor(self._header.subtitle, 1000)
        row.addWidget(self._legend)
        row.addStretch(1)
        self._header.add(self._quantity)
        self._header.add(self._scale)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self.graph, 1)

    def _open_menu(self) -> None:
        self._menu.popup(self._quantity.mapToGlobal(QPoint(0, self._quantity.height() + 2)))

    def _choose(self, entry: QAction) -> None:
        self._chosen = str(entry.data())
        self._stale = True
        self._refresh()

    def _rescale(self) -> None:
        self._stale = True
        self._refresh()

    def _paint(self) -> None:
        self._quantity.setIcon(icon("chevron-down"))
        self.graph.refresh_colours()


class Graph(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """The curve, drawn by pyqtgraph between what Drawing draws below and above it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = Picture()
        self._drawing: Drawing | None = None
        self._pointed: float | None = None
        self._by_keyboard = False
        self._line = pg.PlotCurveItem()
        self._line.setSegmentedLineMode("on")  # joined lines of that width take 50 times as long
        self.plotItem.hideAxis("left")
        self.plotItem.hideAxis("bottom")
        self.plotItem.hideButtons()
        self.plotItem.setMenuEnabled(False)
        self.plotItem.setMouseEnabled(False, False)
        self.plotItem.addItem(self._line)
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.setMinimumHeight(100)
        self._fit()

    def show_picture(self, picture: Picture) -> None:
        """Show other points."""
        self.picture = picture
        self._fit()
        steps, values = picture.drawn()
        heights = np.log10(values) if picture.logarithmic else values
        self._line.setData(steps, heights, antialias=self._is_smooth(heights))
        self._describe()

    def refresh_colours(self) -> None:
        """Take on the colours of the theme."""
        self.setBackground(theme().background)
        self._line.setPen(pg.mkPen(theme().error, width=1.5))
        self.viewport().update()

    def readout(self) -> str:
        """Return step and value pointed at, with all digits; empty when none is."""
        pointed = self._pointed_number()
        return "" if pointed is None else full_words(self.picture, pointed)

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        super().drawBackground(painter, rect)
        if self._drawing is not None:
            self._drawing.background(painter)

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        if self._drawing is not None:
            self._drawing.foreground(painter, self._pointed_number())
        if self._by_keyboard and self.hasFocus():
            painter.setPen(QPen(QColor(theme().ink), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), 6, 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_line"):  # pyqtgraph resizes while it is being made
            self._fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Nothing is dragged or clicked in the plot."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drawing is not None:
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
        """Choose the ranges of both axes and give pyqtgraph the same."""
        drawing = self._drawing = Drawing(self.picture, self.width(), self.height())
        self.plotItem.layout.setContentsMargins(*drawing.margins)
        self.plotItem.layout.activate()
        self.plotItem.vb.setRange(xRange=drawing.x_range, yRange=drawing.y_range, padding=0)
        self.viewport().update()

    def _is_smooth(self, heights: Array) -> bool:
        """Whether the curve is short enough, up and down, to be drawn with soft edges in time."""
        low, high = self.plotItem.vb.viewRange()[1]
        return bool(np.abs(np.diff(heights)).sum() / (high - low) * self.height() < SMOOTH)

    def _pointed_number(self) -> int | None:
        if self._pointed is None or not self.picture.count:
            return None
        return self.picture.nearest(self._pointed)

    def _point_at(self, step: float | None) -> None:
        self._pointed = step
        self._describe()
        self.viewport().update()

    def _describe(self) -> None:
        """Say the point to who cannot see it: the one pointed at, else the present one."""
        if not self.picture.count:
            self.setAccessibleDescription(self.tr("no samples, so nothing to plot"))
            return
        pointed = self._pointed_number()
        k = self.picture.count - 1 if pointed is None else pointed
        self.setAccessibleDescription(self.picture.sentence(k, on_paper(self.picture.point(k)[1])))
