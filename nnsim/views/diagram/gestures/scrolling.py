"""Zoom and pan without a button: wheel, touchpad, two fingers on a touchpad or a screen."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from nnsim.views.diagram.canvas import Canvas

ZOOM_STEP = 1.25
NOTCH = 120.0
"""The angle of one notch of a wheel, in eighths of a degree."""


def scroll(canvas: Canvas, event: QWheelEvent) -> None:
    """A wheel zooms; a touchpad moves the diagram, and zooms with Ctrl; Shift moves it sideways."""
    keys, pixels, angle = event.modifiers(), event.pixelDelta(), event.angleDelta()
    zooms = bool(keys & Qt.KeyboardModifier.ControlModifier)
    if keys & Qt.KeyboardModifier.ShiftModifier:
        canvas.pan(QPointF(angle.y() or angle.x(), 0) / 2)
    elif _is_touchpad(event) and not zooms:
        canvas.pan(QPointF(pixels) if not pixels.isNull() else QPointF(angle) / 2)
    elif angle.y():
        canvas.zoom(event.position(), ZOOM_STEP ** (angle.y() / NOTCH))


def pinch(canvas: Canvas, widget: QWidget, event: QEvent) -> bool:
    """Zoom and move by two fingers; return whether the event was that."""
    if isinstance(event, QNativeGestureEvent):
        if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            canvas.zoom(event.position(), 1 + event.value())
        elif event.gestureType() == Qt.NativeGestureType.PanNativeGesture:
            canvas.pan(event.delta())
        return True
    if isinstance(event, QGestureEvent):
        gesture = event.gesture(Qt.GestureType.PinchGesture)
        if isinstance(gesture, QPinchGesture):
            where = QPointF(widget.mapFromGlobal(gesture.centerPoint()))
            canvas.pan(gesture.centerPoint() - gesture.lastCenterPoint())
            canvas.zoom(where, gesture.scaleFactor())
            return True
    return False


def _is_touchpad(event: QWheelEvent) -> bool:
    if event.device().type() == QInputDevice.DeviceType.TouchPad:
        return True
    return event.phase() != Qt.ScrollPhase.NoScrollPhase  # only touchpads tell when they begin
