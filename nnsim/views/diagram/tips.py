"""The tooltips of the diagram."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget

from nnsim.views.diagram.canvas import Canvas
from nnsim.views.diagram.detail import Refining
from nnsim.views.diagram.heat_maps import HeatMaps
from nnsim.views.diagram.pointing import tip_of
from nnsim.views.diagram.targets import neuron_of


def show_tip(
    event: QHelpEvent, canvas: Canvas, heat_maps: HeatMaps, refining: Refining, widget: QWidget
) -> None:
    """Show what is known of what the mouse rests on, or nothing."""
    where, frame = QPointF(event.pos()), canvas.frame
    target = canvas.target_at(where)
    if frame is None or (target is None and not heat_maps.are_at(where)):
        QToolTip.hideText()
    elif target is None:
        QToolTip.showText(event.globalPos(), heat_maps.tip(), widget)
    else:
        said = tip_of(frame, target) + refining.tip(neuron_of(target))
        QToolTip.showText(event.globalPos(), said, widget)
