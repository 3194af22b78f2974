"""A few fixed scenes of the diagram. `python -m tests.views.pixels.scenes` paints all of them anew.

Look at what it painted before you commit it: a picture is only as right as whoever looked.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from nnsim import Document, Network, ParameterRef, Samples
from nnsim.files.examples import open_example
from nnsim.model import connecting, selection
from nnsim.model.frame import Focus, frame_of
from nnsim.model.history import History
from nnsim.model.rebuilding import Fresh
from nnsim.model.run import Run
from nnsim.views.diagram.camera import Camera
from nnsim.views.diagram.layout import lay_out
from nnsim.views.diagram.painting import paint_network
from nnsim.views.parts.theme import THEMES, use_theme

FOLDER = Path(__file__).parent
AREA = QSizeF(880, 552)


def two_two_two() -> tuple[Document, Focus]:
    network = Network.dense(
        [2, 2, 2],
        ["sigmoid", "sigmoid"],
        [[[0.15, 0.2], [0.25, 0.3]], [[0.4, -0.45], [0.5, 0.55]]],
        [[0.35, 0.35], [0.6, 0.6]],
    )
    document = Document(network, Samples([[0.05, 0.1]], [[0.01, 0.99]]))
    return document, Focus(selected=ParameterRef(1, 0, 0))


def skipped_and_frozen() -> tuple[Document, Focus]:
    document, _ = two_two_two()
    document = connecting.connect(document, (0, 0), (2, 0), Fresh.zero)
    document = selection.set_parameters(document, {ParameterRef(2, 0, 0, 0): -0.25})
    document = selection.set_frozen(document, [ParameterRef(1, 1, 1)], True)
    return document, Focus(chosen=frozenset([(1, 1)]))


SCENES: dict[str, Callable[[], tuple[Document, Focus]]] = {
    "2-1": lambda: (open_example("chapter"), Focus(selected=ParameterRef(1, 0, 1))),
    "2-2-2": two_two_two,
    "2-4-1": lambda: (open_example("xor"), Focus()),
    "skipped-and-frozen": skipped_and_frozen,
}


def painted(name: str, theme: str) -> QImage:
    """Return the picture of a scene in a theme."""
    use_theme(QApplication.instance(), theme)
    document, focus = SCENES[name]()
    frame = frame_of(History(Run.of(document)), focus)
    scene = lay_out(document.network, AREA)
    image = QImage(AREA.toSize(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.fillRect(QRectF(image.rect()), QColor(THEMES[theme].background))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setTransform(Camera().transform(scene.size, AREA))
    paint_network(painter, scene, frame)
    painter.end()
    return image


def path_of(name: str, theme: str) -> Path:
    return FOLDER / f"{name}-{theme}.png"


if __name__ == "__main__":
    from nnsim.app import make_application

    application = make_application()
    for scene_name in SCENES:
        for theme_name in THEMES:
            painted(scene_name, theme_name).save(str(path_of(scene_name, theme_name)))
