"""The factor panel: the table of all weights, and the card of the selected one."""

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from nnsim.engine.network import ParameterRef
from nnsim.model.frame import Frame
from nnsim.tracing.display import display
from nnsim.tracing.factor_rows import Listing
from nnsim.tracing.names import parameter_name
from nnsim.views.factors.formula import FormulaCard
from nnsim.views.factors.listing_menu import ListingMenu
from nnsim.views.factors.table import FactorTable
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.header import Header
from nnsim.views.parts.icons import icon
from nnsim.views.parts.theme import theme
from nnsim.views.plot_controls import SmallButton

CARD_HEAD = 68
"""The card's margins, title and buttons."""
CARD_MARGIN = 16


class FactorPanel(QWidget):
    """Shows for every weight and bias the factors of its delta, and one of them in full."""

    parameter_selected = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._is_on_paper = False
        self._header = Header(self.tr("Factors"), self)
        self.table = FactorTable(self)
        self.table.parameter_selected.connect(self.parameter_selected)
        self.listing_menu = ListingMenu(self)
        self.listing_button = SmallButton("", (False, False), self)
        self.listing_button.setAccessibleName(self.tr("Which weights the table lists, and columns"))
        self.listing_button.setToolTip(self.listing_button.accessibleName())
        self.listing_button.clicked.connect(self._open_menu)
        self._header.add(self.listing_button)
        self.listing_menu.listing_chosen.connect(self.table.show_listing)
        self.listing_menu.columns_chosen.connect(self.table.show_columns)
        self.table.listing_changed.connect(self._say_listing)
        self.card = FormulaCard(self)
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self._place = QLabel(self)
        self._place.setProperty("role", "muted")
        self._previous = self._button(self.tr("Previous weight"), self._go_back)
        self._next = self._button(self.tr("Next weight"), self._go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self.table)
        column.addWidget(_Frame(self._card_head(), self.card, self))
        column.addStretch(1)
        self.dress()

    def show_frame(self, frame: Frame) -> None:
        """Show a moment."""
        self._frame = frame
        network, selected = frame.document.network, frame.selected
        rows = network.parameter_count
        self._header.say(self._subtitle(frame))
        self.listing_menu.show_frame(frame)
        if display().is_on_paper != self._is_on_paper:
            self._is_on_paper = display().is_on_paper
            self.listing_menu.show_arithmetic(self._is_on_paper)
        self._say_listing(self.table.listing)
        self.card.show_frame(frame)
        self.card.setFixedHeight(self._card_height())
        self.table.setFixedHeight(self._table_height(rows))
        self.table.show_frame(frame)
        row = network.row_of(selected) if selected else -1
        name = parameter_name(network, selected) if selected else ""
        self._title.setText(self.tr("How {} changes").format(name) if selected else "")
        self._place.setText(self.tr("{} of {}").format(row + 1, rows) if selected else "")
        self._previous.setEnabled(row > 0)
        self._next.setEnabled(row < rows - 1)

    def _open_menu(self) -> None:
        corner = self.listing_button.rect().bottomRight()
        width = self.listing_menu.sizeHint().width()
        self.listing_menu.popup(self.listing_button.mapToGlobal(corner - QPoint(width, -4)))

    def _say_listing(self, listing: Listing) -> None:
        self.listing_menu.listing = listing
        said = self.listing_menu.words()
        if said != self.listing_button.text():
            self.listing_button.setText(said)
            self.listing_button.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.dress()

    @guarded
    def resizeEvent(self, event: QEvent) -> None:
        if self._frame is not None:
            self.card.setFixedHeight(self._card_height())
            rows = self._frame.document.network.parameter_count
            self.table.setFixedHeight(self._table_height(rows))

    def _table_height(self, rows: int) -> int:
        """As many whole rows as leave the card whole: the formula never scrolls."""
        room = self.height() - self._header.height() - CARD_HEAD - self._card_height()
        return self.table.height_within(room, rows)

    def _card_height(self) -> int:
        return self.card.needed_height(self.width() - 2 * CARD_MARGIN)

    def _subtitle(self, frame: Frame) -> str:
        if frame.trace is None:
            return self.tr("no sample yet")
        if frame.trace.back is None:
            return self.tr("no expected output, so no error")
        network = frame.document.network
        count = network.parameter_count
        if count <= 4:
            return self.tr("what each weight did to the error")
        learned = network.structure.trained(frame.document.settings.train_biases)
        still = 0 if learned is None else count - int((learned & network.present).sum())
        digits = display().digits
        said = (
            self.tr("{} numbers to learn, rounded to 5 places").format(f"{count - still:,}")
            if digits is None
            else self.tr("{} numbers to learn, with {} digits").format(f"{count - still:,}", digits)
        )
        return said if not still else self.tr("{}; {} not trained").format(said, f"{still:,}")

    def _button(self, name: str, slot: object) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setAutoRaise(True)
        button.clicked.connect(slot)
        return button

    def _card_head(self) -> QWidget:
        head = QWidget(self)
        row = QHBoxLayout(head)
        row.setContentsMargins(20, 6, 12, 2)
        row.setSpacing(2)
        row.addWidget(self._title)
        row.addStretch(1)
        row.addWidget(self._previous)
        row.addWidget(self._place)
        row.addWidget(self._next)
        return head

    def dress(self) -> None:
        """Draw the icons in the colours of the theme."""
        self._previous.setIcon(icon("chevron-left"))
        self._next.setIcon(icon("chevron-right"))
        self.listing_button.setIcon(icon("chevron-down"))

    def _go_back(self) -> None:
        self._go(-1)

    def _go_on(self) -> None:
        self._go(1)

    def _go(self, by: int) -> None:
        frame = self._frame
        if frame is None:
            return
        network = frame.document.network
        row = network.row_of(frame.selected) + by if frame.selected else 0
        if 0 <= row < network.parameter_count:
            ref: ParameterRef = network.ref_at(row)
            self.parameter_selected.emit(ref)


class _Frame(QWidget):
    """The one card with a border and a shadow of a pixel."""

    def __init__(self, head: QWidget, card: FormulaCard, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(CARD_MARGIN, 12, CARD_MARGIN, 16)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(card, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.rect().adjusted(16, 12, -17, -17)
        painter.setPen(QPen(QColor(theme().line), 1))
        painter.setBrush(QColor(theme().line))
        painter.drawRoundedRect(rect.translated(0, 1), 9, 9)
        painter.setBrush(QColor(theme().card))
        painter.drawRoundedRect(rect, 9, 9)
