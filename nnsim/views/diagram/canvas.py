"""The canvas: the moment that is shown, where its parts stand, and how it is looked at."""

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Signal
from PySide6.QtGui import QTransform

from nnsim.engine.references import Neuron
from nnsim.model.frame import Frame, Part
from nnsim.views.diagram.camera import Camera
from nnsim.views.diagram.handles import handle_at, name_at
from nnsim.views.diagram.layout import lay_out, with_numbers
from nnsim.views.diagram.pointing import line_at, neuron_at, place_of
from nnsim.views.diagram.scene import Scene
from nnsim.views.diagram.targets import Target

NEAR = 7.0
"""A line is pointed at from so many pixels."""


class Canvas(QObject):
    """Maps between what is seen and where it stands; gestures look at it and move its camera."""

    changed = Signal()
    """It looks another way: draw it again."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.frame: Frame | None = None
        self.scene: Scene | None = None
        self._size = QSizeF()
        self._camera = Camera()

    def show_frame(self, frame: Frame) -> None:
        """Take in a moment; all of another document is shown."""
        before, self.frame = self.frame, frame
        if before is not None and is_opened(before, frame):
            self._camera = Camera()
        self._lay_out()

    def resize(self, size: QSizeF) -> None:
        """Take in another size of what it is shown in."""
        self._size = size
        self._lay_out()

    def _lay_out(self) -> None:
        if self.frame is not None:
            document, area, before = self.frame.document, self._size, self.scene
            network, places = document.network, document.drawing.places
            kept = before and with_numbers(before, network, area, places)
            self.scene = kept or lay_out(network, area, places)

    def shown(self) -> tuple[Scene, Frame]:
        """Return where everything stands, and the moment; there is always one in the window."""
        assert self.scene is not None
        assert self.frame is not None
        return self.scene, self.frame

    # ------------------------------------------------------------ looked at

    def transform(self) -> QTransform:
        """Return the way from the scene to the widget."""
        assert self.scene is not None
        return self._camera.transform(self.scene.size, self._size)

    @property
    def room(self) -> QRectF:
        """What it is shown in, from its own corner; a painter may know only the whole window."""
        return QRectF(QPointF(), self._size)

    @property
    def scale(self) -> float:
        """How many pixels one unit of the scene is."""
        return self.transform().m11()

    def to_screen(self, rect: QRectF) -> QRectF:
        """Map from the scene to the widget."""
        return self.transform().mapRect(rect)

    def to_scene(self, where: QPointF) -> QPointF:
        """Map from the widget to the scene."""
        return self.transform().inverted()[0].map(where)

    def pan(self, by: QPointF) -> None:
        """Move all of it, by pixels."""
        self._camera = self._camera.moved(by)
        self.changed.emit()

    def zoom(self, where: QPointF, factor: float) -> None:
        """Show it larger by a factor; what lies at that point of the widget stays there."""
        centre = QPointF(self._size.width() / 2, self._size.height() / 2)
        self._camera = self._camera.zoomed(where - centre, factor)
        self.changed.emit()

    def fit(self) -> None:
        """Show all of it."""
        self._camera = Camera()
        self.changed.emit()

    def reveal(self, target: Target) -> None:
        """Move it no more than needed to bring something into sight."""
        if self.scene is None:
            return
        rect, room = self.place_of(target), self.room.adjusted(8, 8, -8, -8)
        by = QPointF(
            max(0.0, room.left() - rect.left()) - max(0.0, rect.right() - room.right()),
            max(0.0, room.top() - rect.top()) - max(0.0, rect.bottom() - room.bottom()),
        )
        if not by.isNull():
            self.pan(by)

    # ------------------------------------------------------------ pointed at

    def place_of(self, target: Target) -> QRectF:
        """Return where something stands in the widget."""
        assert self.scene is not None
        return self.to_screen(place_of(self.scene, target))

    def target_at(self, where: QPointF) -> Target | None:
        """Return what lies there: a handle, a number, a neuron, else the nearest line."""
        scene = self.scene
        if scene is None:
            return None
        point, within = self.to_scene(where), NEAR / max(0.2, self.scale)
        if handle := handle_at(scene, point):
            return handle
        for target in reversed(scene.targets()):
            if scene.rect(target).contains(point):
                return target
        if neuron := neuron_at(scene, point):
            return Target("neuron", neuron[1], neuron[0])
        return line_at(scene, point, within)

    def name_at(self, where: QPointF) -> Neuron | None:
        """Return the neuron whose name lies there."""
        return name_at(self.scene, self.to_scene(where)) if self.scene is not None else None

    def chosen(self) -> frozenset[Part]:
        """Return what is chosen now."""
        return self.frame.chosen if self.frame is not None else frozenset()


def is_opened(before: Frame, frame: Frame) -> bool:
    """Whether a frame shows another document than the one before: nothing was done in it yet."""
    fresh = frame.undo_name is None and frame.redo_name is None
    return fresh and frame.document.network.structure is not before.document.network.structure
