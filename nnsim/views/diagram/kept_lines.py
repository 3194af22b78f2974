"""The lines between tiles as a picture, kept while other numbers change: they cost the most."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform

from nnsim.views.diagram.connections import draw_resting, room_of
from nnsim.views.diagram.scene import Scene
from nnsim.views.parts.theme import theme

Key = tuple[Scene, bool, bool, QTransform, float, str]


class KeptLines:
    """Draws what rests of the connections, from a picture of it when it is drawn a second time.

    In a run every moment has other lines: no picture is made then.
    """

    def __init__(self) -> None:
        self._key: Key | None = None
        self._picture: QPixmap | None = None

    def draw(self, painter: QPainter, scene: Scene, faded: bool, smooth: bool) -> None:
        """Draw them as draw_resting does."""
        key = _key(painter, scene, faded, smooth)
        is_again = self._key is not None and key[0] is self._key[0] and key[1:] == self._key[1:]
        if not is_again:
            self._key, self._picture = key, None
            draw_resting(painter, scene, faded, smooth)
            return
        if self._picture is None:
            self._picture = _drawn(painter, scene, faded, smooth)
        place = painter.transform()
        painter.resetTransform()
        painter.drawPixmap(0, 0, self._picture)
        painter.setTransform(place)


def _key(painter: QPainter, scene: Scene, faded: bool, smooth: bool) -> Key:
    """All that the picture depends on."""
    ratio = painter.device().devicePixelRatio()
    return scene, faded, smooth, painter.transform(), ratio, theme().name


def _drawn(painter: QPainter, scene: Scene, faded: bool, smooth: bool) -> QPixmap:
    ratio = painter.device().devicePixelRatio()
    picture = QPixmap((room_of(painter) * ratio).toSize())
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    inside = QPainter(picture)
    inside.setTransform(painter.transform())
    draw_resting(inside, scene, faded, smooth)
    inside.end()
    return picture
