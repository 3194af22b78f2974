"""Marks what is chosen, and what the keyboard is at."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnsim.model.frame import Parts
from nnsim.views.diagram.pointing import place_of
from nnsim.views.diagram.scene import Scene
from nnsim.views.diagram.targets import target_of
from nnsim.views.parts.theme import theme

GAP = 4.0


def draw_chosen(painter: QPainter, scene: Scene, chosen: Parts) -> None:
    """Draw an ink border around chosen neurons and the labels of chosen weights, in the scene."""
    painter.setPen(QPen(QColor(theme().ink), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for part in chosen:
        rect = place_of(scene, target_of(part))
        radius = min(9.0, rect.height() / 4)
        painter.drawRoundedRect(rect, radius, radius)


def draw_focus(painter: QPainter, rect: QRectF) -> None:
    """Draw the ring, with a gap, around what has the focus; rect: in the widget."""
    painter.setPen(QPen(QColor(theme().ink), 2))
    painter.drawRoundedRect(rect.adjusted(-GAP, -GAP, GAP, GAP), 11, 11)
