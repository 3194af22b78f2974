"""The paths by which the error comes back to a hidden neuron, each with its product in numbers."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from nnsim.engine.references import Neuron
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.names import neuron_name
from nnsim.tracing.paths import ErrorPath, error_paths, path_count, softmax_paths
from nnsim.tracing.trace import Trace
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.strokes import LEFT, text
from nnsim.views.formulas.boxes import Box, Words, row
from nnsim.views.formulas.lettering import InNumbers
from nnsim.views.formulas.typesetting import ROOM, Typesetter
from nnsim.views.parts.guard import guarded
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, semibold

LINE, HEAD, MARGIN = 26, 24, 16
FEW, MANY = 3, 60
NAMES = 0.34
"""Of the width is for the names of the neurons on the way."""


class PathList(QWidget):
    """A line for each path: its neurons, and error signal × weight × slope … = what it brings."""

    path_pointed = Signal(object)
    """The ErrorPath under the mouse or chosen by the arrow keys; None for none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._paths: list[ErrorPath] = []
        self._count = 0
        self._trace: Trace | None = None
        self._boxes: list[Box] = []
        self._at: int | None = None
        self.most = FEW

    def show_neuron(self, trace: Trace, neuron: Neuron) -> None:
        """List the paths from a hidden neuron to the outputs; hidden where there are none."""
        self._show(trace, error_paths(Derivation(trace.whole), neuron))
        self._count = path_count(trace.network, neuron)

    def show_softmax(self, trace: Trace, neuron: Neuron) -> None:
        """List what comes to the sum of a softmax neuron through each output; hidden for others."""
        self._show(trace, softmax_paths(Derivation(trace.whole), neuron))

    def _show(self, trace: Trace, paths: list[ErrorPath]) -> None:
        self._trace, self._paths, self._count = trace, paths, len(paths)
        self._set()
        self.setVisible(bool(paths))

    def show_all(self) -> None:
        """List up to 60 paths."""
        self.most = MANY
        self._set()

    @property
    def hidden_count(self) -> int:
        """How many paths are not listed."""
        return self._count - len(self._shown)

    def words(self, path: ErrorPath) -> str:
        """Return the way of a path by the names of its neurons."""
        assert self._trace is not None
        network = self._trace.network
        if not path.refs:
            return self.tr("through {}").format(neuron_name(network, *path.neurons[-1]))
        return " → ".join(neuron_name(network, *neuron) for neuron in path.neurons)

    @property
    def _shown(self) -> list[ErrorPath]:
        return self._paths[: self.most]

    def _set(self) -> None:
        assert self._trace is not None
        letters = InNumbers(Derivation(self._trace), 13, {})
        self._boxes = [
            row(
                (
                    Typesetter(letters).one(path.product),
                    letters.sign("=", ROOM),
                    Words(on_paper(path.contribution), semibold(13), theme().error),
                )
            )
            for path in self._shown
        ]
        self.setFixedHeight(HEAD + LINE * len(self._boxes) + 4)
        said = "; ".join(f"{self.words(p)}: {on_paper(p.contribution)}" for p in self._shown)
        self.setAccessibleName(self.tr("Paths of the error"))
        self.setAccessibleDescription(said)
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, t = QPainter(self), theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        head = QRectF(MARGIN, 0, self.width() - 2 * MARGIN, HEAD)
        text(painter, head, self._head(), semibold(12), t.muted, LEFT)
        names = (self.width() - 2 * MARGIN) * NAMES
        for place, (path, box) in enumerate(zip(self._shown, self._boxes, strict=True)):
            top = HEAD + place * LINE
            if place == self._at:
                painter.fillRect(8, top, self.width() - 16, LINE, QColor(t.pressed))
            text(
                painter,
                QRectF(MARGIN, top, names - 12, LINE),
                self.words(path),
                font(12),
                t.ink,
                LEFT,
            )
            box.draw(painter, MARGIN + names, top + LINE / 2 + box.above / 2 - 2)

    def _head(self) -> str:
        count = f"{self._count:,}"
        if self._paths and not self._paths[0].refs:
            return self.tr("It comes through all {} outputs").format(count)
        if self._count == 1:
            return self.tr("The error comes back over one path")
        return self.tr("The error comes back over {} paths").format(count)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = int((event.position().y() - HEAD) // LINE)
        self._point_at(place if 0 <= place < len(self._shown) else None)

    def leaveEvent(self, event: object) -> None:
        self._point_at(None)

    def focusOutEvent(self, event: object) -> None:
        self._point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down walk through the paths."""
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
            return
        place = (-1 if by > 0 else 0) if self._at is None else self._at
        self._point_at((place + by) % len(self._shown))

    def _point_at(self, place: int | None) -> None:
        if place != self._at:
            self._at = place
            self.path_pointed.emit(None if place is None else self._shown[place])
            self.update()
