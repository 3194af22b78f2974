"""Paints the whole network, in scene coordinates: on the screen and in every exported picture."""

from PySide6.QtGui import QPainter

from nnsim.model.frame import Frame
from nnsim.views.diagram.back_signals import draw_back_signals
from nnsim.views.diagram.cards import draw_cards
from nnsim.views.diagram.connections import Resting, draw_connections
from nnsim.views.diagram.detail import Detail, full_detail
from nnsim.views.diagram.emphasis import emphasis_of
from nnsim.views.diagram.look import Look
from nnsim.views.diagram.scene import Scene
from nnsim.views.diagram.targets import Target


def paint_network(
    painter: QPainter,
    scene: Scene,
    frame: Frame,
    hovered: Target | None = None,
    detail: Detail | None = None,
    resting: Resting | None = None,
) -> None:
    """Paint connections, the error coming back, and the cards or tiles over them.

    detail: how much there is time for; None paints all there is. resting: see draw_connections.
    """
    detail = detail or full_detail(scene, frame)
    emphasis = emphasis_of(scene.network, frame.selected, frame.chosen)
    draw_connections(painter, scene, emphasis, detail.smooth, resting)
    draw_back_signals(painter, scene, frame, emphasis)
    draw_cards(painter, scene, frame, Look(emphasis, hovered, None), detail.maps)
