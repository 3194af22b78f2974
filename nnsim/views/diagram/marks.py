"""Marks what is chosen, and what the keyboard is at."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnsim.model.frame import Frame
from nnsim.views.diagram.label_places import shown_label
from nnsim.views.diagram.pointing import place_of
from nnsim.views.diagram.scene import Scene
from nnsim.views.diagram.targets import Target, target_of
from nnsim.views.parts.theme import theme

GAP = 4.0


def marked_place(scene: Scene, frame: Frame, target: Target) -> QRectF:
    """Return what a mark goes around, in the scene: of a selected weight among tiles its large
    label, which may stand away from the small one."""
    if scene.dense and target.ref is not None and target.ref == frame.selected:
        return shown_label(scene, target.ref)
    return place_of(scene, target)


def draw_chosen(painter: QPainter, scene: Scene, frame: Frame) -> None:
    """Draw an ink border around chosen neurons and the labels of chosen weights, in the scene."""
    painter.setPen(QPen(QColor(theme().ink), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for part in frame.chosen:
        rect = marked_place(scene, frame, target_of(part))
        radius = min(9.0, rect.height() / 4)
        painter.drawRoundedRect(rect, radius, radius)


def draw_focus(painter: QPainter, rect: QRectF) -> None:
    """Draw the ring, with a gap, around what has the focus; rect: in the widget."""
    painter.setPen(QPen(QColor(theme().ink), 2))
    painter.drawRoundedRect(rect.adjusted(-GAP, -GAP, GAP, GAP), 11, 11)
