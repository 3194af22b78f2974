"""The error plot: a named quantity over the training steps, with the present point."""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from nnsim.model.frame import Frame
from nnsim.tracing.quantity import LOSS as LOSS_NOW
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.views.parts.header import Header
from nnsim.views.parts.icons import icon
from nnsim.views.parts.lit import Lit
from nnsim.views.parts.theme import theme
from nnsim.views.plot_controls import Legend, Scale, SmallButton
from nnsim.views.plot_graph import Graph
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


class ErrorPlot(QWidget):
    """The header with the choice of quantity and scale, and the graph below it."""

    quantity_pointed = Signal(object)
    """The number of the step that the point of now shows; None when another point is pointed at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "background")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._frame: Frame | None = None
        self._stale = False
        self._chosen: str | None = None
        self._words = ("", "")
        self._thinned: tuple[object, tuple[float, bool], Array, Array] | None = None
        self._header = Header(self.tr("Error"), self)
        self._legend = Legend(self)
        self._quantity = SmallButton("", (False, False), self)
        self._menu = QMenu(self)
        self._entries = self._make_menu()
        self._scale = Scale(self)
        self.graph = Graph(self)
        self.graph.setAccessibleName(self.tr("Error over the training steps"))
        self._lay_out()
        self.graph.present_pointed.connect(self._point)
        self._dressed_for = ""
        self._dress()

    def show_frame(self, frame: Frame) -> None:
        """Show a moment; while nobody can see it, only keep it."""
        self._frame, self._stale = frame, True
        if self.isVisible():
            self._refresh()

    def light(self, lit: Lit) -> None:
        """Mark the point of now when its number lights up."""
        now = self._number_now()
        styles = (
            (lit.here, Qt.PenStyle.SolidLine),
            (lit.sources, Qt.PenStyle.DotLine),
            (lit.uses, Qt.PenStyle.DashLine),
        )
        found = (style for numbers, style in styles if now in numbers)
        self.graph.mark_present(next(found, Qt.PenStyle.NoPen))

    def _point(self, is_now: bool) -> None:
        self.quantity_pointed.emit(self._number_now() if is_now else None)

    def _number_now(self) -> Quantity | None:
        """What of the coming step the point of now is; a mean over samples is no number of it."""
        frame, shown = self._frame, self.quantity()
        if frame is None or frame.tried is not None:
            return None
        if shown == ERROR:
            return Quantity(Kind.error, (len(frame.document.network.layers), 0))
        return None if shown == MEAN and len(frame.document.samples) != 1 else LOSS_NOW

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
            self._dress()

    def _refresh(self) -> None:
        frame, stale = self._frame, self._stale
        if frame is None or not stale:
            return
        self._stale = False
        quantity = self.quantity()
        words = (quantity, self._subtitle(frame, quantity))
        if words != self._words:
            self._words = words
            self._show_words(*words)
        self._entries[ERROR].setVisible(ERROR in quantities(frame))
        self._show_legend()
        self.graph.show_picture(self._picture(frame, quantity))

    def _show_words(self, quantity: str, subtitle: str) -> None:
        self._header.say(subtitle)
        width = self._header.subtitle.fontMetrics().horizontalAdvance(subtitle) + 8
        self._header.subtitle.setMaximumWidth(width)
        self._quantity.setText(self._entries[quantity].text())
        self._quantity.updateGeometry()
        self._entries[quantity].setChecked(True)

    def _picture(self, frame: Frame, quantity: str) -> Picture:
        curve, logarithmic = curve_of(frame, quantity), self._scale.logarithmic()
        kept = self._thinned
        made_of = (curve.factor, logarithmic)
        if kept is None or kept[0] is not curve.source or kept[1] != made_of:
            kept = (curve.source, made_of, *curve.thinned(logarithmic))
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
            book=_book_points(frame) if quantity == ERROR else (),
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

    def _dress(self) -> None:
        """Draw what is drawn in the colours of the theme anew; Qt asks for it more than once."""
        if self._dressed_for != theme().name:
            self._dressed_for = theme().name
            self._quantity.setIcon(icon("chevron-down"))
            self.graph.update()


def _book_points(frame: Frame) -> tuple[tuple[int, float], ...]:
    """The errors that the book prints, in the conventions of the moment."""
    points = frame.book.points if frame.book else ()
    return tuple((step, frame.conventions.sign * value) for step, value in points)
