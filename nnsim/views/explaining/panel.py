"""The panel that explains one number: of the pass a person walks through, or of an opened card."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from nnsim.model.frame import Frame
from nnsim.tracing.check_curve import check_curve
from nnsim.tracing.overshoot import overshoot, sentences
from nnsim.tracing.partial_trace import PartialTrace
from nnsim.tracing.pass_plan import Phase
from nnsim.tracing.quantity import LEARNING_RATE, Kind, Quantity
from nnsim.tracing.trace import Trace
from nnsim.views.explaining.check_view import CheckView
from nnsim.views.explaining.curve_view import CurveView
from nnsim.views.explaining.number_card import NumberCard
from nnsim.views.explaining.outline import Outline
from nnsim.views.explaining.rate_meter import RateMeter
from nnsim.views.explaining.transport import Transport
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.header import Header
from nnsim.views.parts.icons import icon
from nnsim.views.parts.lit import Lit

OUTLINE_WIDTH = 210
NARROW, LOW = 800, 210
"""In a window of 1280 × 720: there is no room for outline, formula and picture side by side, and
none for a title above the formula."""
WITH_CURVE = (Kind.sum, Kind.output, Kind.slope, Kind.signal)


class ExplainingPanel(QWidget):
    """The card of a number; inside a step also the outline and the controls of the pass."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "background")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._frame: Frame | None = None
        self._quantity: Quantity | None = None
        self._header = Header("", self)
        self.transport = Transport(self)
        self.outline_button = self._button(self.tr("Outline of the pass"))
        self.outline_button.setCheckable(True)
        self.outline_button.setChecked(True)
        self.outline_button.toggled.connect(self._toggle_outline)
        self.close_button = self._button(self.tr("Close (Esc)"))
        self.close_button.clicked.connect(self.closed)
        self.outline = Outline(self)
        self.card = NumberCard(self)
        self.curve, self.check, self.meter = CurveView(self), CheckView(self), RateMeter(self)
        self._pictures = (self.curve, self.check, self.meter)
        self._make_keys()
        self._lay_out()
        self._show_picture(None)
        self.dress()

    def show_frame(self, frame: Frame) -> None:
        """Show the number that a moment explains."""
        self._frame = frame
        inside, trace, quantity = frame.inside, frame.trace, frame.looked_at
        for widget in (self.transport, self.outline_button):
            widget.setVisible(inside is not None)
        self.transport.show_frame(frame)
        title = self.tr("Inside the step") if inside else self.tr("Where a number comes from")
        self._header.title.setText(title)
        self._header.say(self._progress(frame))
        self._show_pass(frame)
        goes_back = len(frame.trail) > 1 or (bool(frame.trail) and inside is not None)
        self.card.back.setVisible(goes_back)
        with self.card.formula.held():
            self._explain(frame, trace, quantity)
        if quantity != self._quantity:
            self._quantity = quantity
            self._scrolled.verticalScrollBar().setValue(0)

    def _explain(self, frame: Frame, trace: Trace | None, quantity: Quantity | None) -> None:
        if trace is None or quantity is None:
            self.card.show_beginning()
            self._show_picture(None)
        elif quantity == LEARNING_RATE:
            self._show_rate(frame, trace)
        else:
            self.card.show_quantity(trace, quantity)
            self._show_picture(self._picture_of(trace, quantity))

    def light(self, lit: Lit) -> None:
        """Mark what is pointed at somewhere."""
        self.card.formula.light(lit)

    def _progress(self, frame: Frame) -> str:
        """7 of 12 · backpropagation · sample 1 of 4 in the batch."""
        trace, inside = frame.trace, frame.inside
        if not isinstance(trace, PartialTrace) or inside is None:
            return ""
        said = [self.tr("{} of {}").format(trace.reached + 1, len(trace.plan))]
        if trace.reached >= 0:
            said.append(self._phase_words(trace.plan.stage(trace.reached).phase))
        batch = frame.document.batch
        if len(batch) > 1:
            sample = self.tr("sample {} of {} in the batch")
            said.append(sample.format(inside.place + 1, len(batch)))
        return " · ".join(said)

    def _show_pass(self, frame: Frame) -> None:
        is_shown = frame.inside is not None and self.outline_button.isChecked()
        self.outline.setVisible(is_shown)
        self._place_pictures()
        if is_shown and isinstance(frame.trace, PartialTrace):
            self.outline.show_pass(frame.trace)

    def _picture_of(self, trace: Trace, quantity: Quantity) -> QWidget | None:
        """What is drawn beside a number: of a neuron f and f', of a delta its check."""
        if quantity.kind is Kind.delta and quantity.ref is not None and trace.knows(quantity):
            checked = check_curve(trace, quantity.ref)
            if checked is not None:
                self.check.show_curve(checked)
            return self.check if checked is not None else None
        place = quantity.neuron if quantity.kind in WITH_CURVE else None
        neuron = None if place is None else trace.neuron(*place)
        if neuron is None or neuron.activation == "softmax":
            return None
        self.curve.show_neuron(neuron)
        return self.curve

    def _show_rate(self, frame: Frame, trace: Trace) -> None:
        """What the coming step says of the learning rate."""
        batch, samples = frame.document.batch, frame.document.samples
        found = overshoot(trace, samples.inputs[batch], samples.expected[batch], len(samples) == 1)
        said = [] if found is None else sentences(found)
        if said and frame.loss_factor != 1.0:
            said.append(self.tr("These are learning rates of the toolbar, for the trained loss."))
        self.card.show_quantity(trace, LEARNING_RATE, " ".join(said))
        if found is not None:
            self.meter.show_overshoot(found)
        self._show_picture(self.meter if found is not None else None)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.card.use_room(self.height() < LOW)
        self._place_pictures()

    def _place_pictures(self) -> None:
        """Beside the formula, or below it where the outline has taken their room."""
        is_below = self.width() < NARROW and not self.outline.isHidden()
        for picture in self._pictures:
            if is_below and picture.parent() is self:
                self.card.add_below(picture)
            elif not is_below and picture.parent() is not self:
                picture.setMinimumHeight(0)
                self._body.addWidget(picture)

    def _show_picture(self, shown: QWidget | None) -> None:
        for picture in self._pictures:
            picture.setVisible(picture is shown)

    def _phase_words(self, phase: Phase) -> str:
        return {
            Phase.feedforward: self.tr("feedforward"),
            Phase.error: self.tr("error"),
            Phase.backpropagation: self.tr("backpropagation"),
            Phase.update: self.tr("update"),
        }[phase]

    # ------------------------------------------------------------ built

    def _make_keys(self) -> None:
        """Esc closes it, Alt+Left goes back to the number before, wherever in it the focus is."""
        for keys, do in (("Esc", self.closed.emit), ("Alt+Left", self._go_back)):
            key = QShortcut(QKeySequence(keys), self)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(do)

    def _go_back(self) -> None:
        if not self.card.back.isHidden():
            self.card.left.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "card"):
            self.dress()

    def dress(self) -> None:
        """Draw the icons in the colours of the theme."""
        self.transport.dress()
        self.card.dress()
        self.outline_button.setIcon(icon("list-tree"))
        self.close_button.setIcon(icon("x"))

    def _toggle_outline(self) -> None:
        if self._frame is not None:
            self._show_pass(self._frame)

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setFixedSize(34, 30)
        return button

    def _lay_out(self) -> None:
        for widget in (self.outline_button, self.transport, self.close_button):
            self._header.add(widget)
        self._scrolled = scrolled = QScrollArea(self)
        scrolled.setWidget(self.card)
        scrolled.setWidgetResizable(True)
        scrolled.setFrameShape(QScrollArea.Shape.NoFrame)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.outline.setFixedWidth(OUTLINE_WIDTH)
        self._body = body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.outline)
        body.addWidget(scrolled, 1)
        for picture in self._pictures:
            body.addWidget(picture)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addLayout(body, 1)
