"""The card of one number: its name, its formula, one sentence, and links to where it goes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from nnsim.engine.references import Neuron
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.meaning import meaning
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.symbols import words_in
from nnsim.tracing.trace import Trace
from nnsim.tracing.uses import same_number, uses_of
from nnsim.views.explaining.formula_view import MANY, FormulaView
from nnsim.views.explaining.path_list import FEW, PathList
from nnsim.views.formulas.written import is_long
from nnsim.views.parts.icons import icon

USES_SHOWN = 6
PICTURE_HEIGHT = 140


class NumberCard(QWidget):
    """Explains a quantity; every number in it can be pointed at and opened."""

    opened = Signal(object)
    pointed = Signal(object)
    path_pointed = Signal(object)
    left = Signal()
    """Back to the number from which this one was opened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "background")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._quantity: Quantity | None = None
        self._is_low = False
        self._uses: tuple[Quantity, ...] = ()
        self.back = QToolButton(self)
        self.back.setAccessibleName(self.tr("Back to the number before"))
        self.back.setToolTip(self.back.accessibleName())
        self.back.setFixedSize(34, 28)
        self.name = QLabel(self)
        self.name.setProperty("role", "title")
        self.all_terms = QToolButton(self)
        self.formula = FormulaView(self)
        self.paths, self.all_paths = PathList(self), QToolButton(self)
        self.sentence, self.links = QLabel(self), QLabel(self)
        for label in (self.sentence, self.links):
            label.setWordWrap(True)
        self.links.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self._connect()
        self._lay_out()
        self.dress()

    def show_quantity(self, trace: Trace, quantity: Quantity, more: str = "") -> None:
        """Explain a quantity of a Trace; more: what else there is to say of it."""
        if quantity != self._quantity:
            self.paths.most = FEW
        self._quantity = quantity
        self.name.setText(words_in(trace, quantity))
        self.name.setVisible(not self._is_low)
        self.formula.show()
        self.formula.show_quantity(trace, quantity)
        said = f"{meaning(Derivation(trace), quantity)} {more}".strip()
        self.sentence.setText(said)
        self.formula.setAccessibleDescription(f"{self.name.text()}. {said}")
        terms = is_long(trace, quantity, self.formula.most)
        self.all_terms.setVisible(terms > 0)
        said = self.tr("Show all {} terms") if terms <= MANY else self.tr("Show {1} of {0} terms")
        self.all_terms.setText(said.format(f"{terms:,}", MANY))
        self._show_paths(trace, quantity)
        self._show_uses(trace, quantity)

    def show_beginning(self) -> None:
        """Say that nothing is computed yet."""
        self._quantity = None
        for widget in (self.formula, self.all_terms, self.paths, self.all_paths, self.links):
            widget.hide()
        self.name.setText(self.tr("Nothing is computed yet"))
        self.name.show()
        self.sentence.setText(
            self.tr("Go forward (F7) to compute the first number of the coming step.")
        )

    def use_room(self, is_low: bool) -> None:
        """In a low window the name, with which the formula begins anyway, leaves its room to it."""
        self._is_low = is_low
        self.name.setHidden(is_low and self._quantity is not None)

    def add_below(self, picture: QWidget) -> None:
        """Put a picture below all that is said."""
        picture.setMinimumHeight(PICTURE_HEIGHT)
        self._column.insertWidget(self._column.count() - 1, picture)

    def dress(self) -> None:
        """Draw the icons in the colours of the theme."""
        self.back.setIcon(icon("arrow-left"))

    def _show_paths(self, trace: Trace, quantity: Quantity) -> None:
        """Of what has come back to a neuron, and of the deltas that follow from it."""
        neuron, ref = quantity.neuron, quantity.ref
        if quantity.kind is Kind.delta and ref is not None:
            neuron = (ref.layer, ref.to)
        is_softmax = neuron is not None and _is_softmax(trace, neuron)
        kind = Kind.signal if is_softmax else Kind.output_gradient
        is_known = neuron is not None and trace.knows(Quantity(kind, neuron))
        if neuron is None or quantity.kind not in (Kind.delta, kind) or not is_known:
            self.paths.hide()
            self.all_paths.hide()
            return
        show = self.paths.show_softmax if is_softmax else self.paths.show_neuron
        show(trace, neuron)
        more = self.paths.hidden_count
        self.all_paths.setVisible(not self.paths.isHidden() and more > 0)
        self.all_paths.setText(self.tr("Show {} more").format(f"{more:,}"))

    def _show_all_paths(self) -> None:
        self.paths.show_all()
        self.all_paths.setVisible(False)

    def _show_uses(self, trace: Trace, quantity: Quantity) -> None:
        whole = Derivation(trace.whole)
        uses = (use for same in same_number(whole, quantity) for use in uses_of(whole, same))
        by_name = {words_in(trace, use): use for use in uses}
        self._uses = tuple(by_name.values())  # an error that is ∂E/∂output too is named once
        names = list(by_name)[:USES_SHOWN]
        linked = ", ".join(f'<a href="{i}">{_escaped(name)}</a>' for i, name in enumerate(names))
        more = len(self._uses) - len(names)
        if more > 0:
            linked += self.tr(" and {} more").format(f"{more:,}")
        self.links.setText(self.tr("Goes into: {}").format(linked))
        self.links.setVisible(bool(self._uses))

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.formula.quantity_opened.connect(self._open)
        self.formula.quantity_pointed.connect(self.pointed)
        self.links.linkActivated.connect(lambda place: self._open(self._uses[int(place)]))
        self.links.linkHovered.connect(self._point_at_use)
        self.all_terms.clicked.connect(self._show_all)
        self.all_paths.clicked.connect(self._show_all_paths)
        self.paths.path_pointed.connect(self.path_pointed)

    def _open(self, quantity: Quantity) -> None:
        if quantity != self._quantity:
            self.opened.emit(quantity)

    def _point_at_use(self, place: str) -> None:
        self.pointed.emit(self._uses[int(place)] if place else None)

    def _show_all(self) -> None:
        self.formula.show_all()
        self.all_terms.hide()

    def _lay_out(self) -> None:
        title = QHBoxLayout()
        title.setContentsMargins(16, 0, 16, 0)
        title.setSpacing(8)
        title.addWidget(self.back)
        title.addWidget(self.name)
        title.addStretch(1)
        title.addWidget(self.all_terms)
        for label in (self.sentence, self.links):
            label.setContentsMargins(16, 0, 16, 0)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(4)
        column.addLayout(title)
        column.addWidget(self.formula)  # first: in a low window the sentence may have no room
        column.addWidget(self.sentence)
        column.addWidget(self.paths)
        column.addWidget(self.all_paths, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.links)
        column.addStretch(1)


def _is_softmax(trace: Trace, neuron: Neuron) -> bool:
    layer, index = neuron
    return layer > 0 and trace.network.layers[layer - 1].activations[index] == "softmax"


def _escaped(name: str) -> str:
    return name.replace("&", "&amp;").replace("<", "&lt;")
