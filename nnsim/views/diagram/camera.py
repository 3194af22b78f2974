"""How the diagram is looked at: fitted into its widget, then zoomed and moved by a person."""

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPointF, QSizeF
from PySide6.QtGui import QTransform

ZOOM_RANGE = (0.02, 6.0)


@dataclass(frozen=True)
class Camera:
    """Zoom and shift beside the fitted view; the first Camera shows everything."""

    zoom: float = 1.0
    shift: QPointF = field(default_factory=QPointF)

    def transform(self, scene: QSizeF, widget: QSizeF) -> QTransform:
        """Return the way from the scene to the widget; small scenes are not blown up."""
        fitted = min(1.0, widget.width() / scene.width(), widget.height() / scene.height())
        scale = fitted * self.zoom
        left = (widget.width() - scene.width() * scale) / 2 + self.shift.x()
        top = (widget.height() - scene.height() * scale) / 2 + self.shift.y()
        return QTransform.fromTranslate(left, top).scale(scale, scale)

    def zoomed(self, from_centre: QPointF, factor: float) -> "Camera":
        """Return the camera nearer by a factor, what lies at that point staying where it is."""
        low, high = ZOOM_RANGE
        factor = min(high, max(low, self.zoom * factor)) / self.zoom
        shift = self.shift - (from_centre - self.shift) * (factor - 1)
        return replace(self, zoom=self.zoom * factor, shift=shift)

    def moved(self, by: QPointF) -> "Camera":
        """Return the camera moved by a drag."""
        return replace(self, shift=self.shift + by)
