"""Moves what a step changes; the last picture is always the diagram itself."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QElapsedTimer, QObject, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from nnsim.model.frame import Frame
from nnsim.views.diagram.canvas import Canvas
from nnsim.views.diagram.motion_plan import OUTLINED, Plan, changed_labels, plan_of
from nnsim.views.parts.theme import theme

SOONEST = 250
"""Steps that follow each other faster than this, in ms, only change the numbers."""
FRAME = 16
SLIDE = 8.0
DOT = 4.5

Paint = Callable[[QPainter, Frame], None]


@dataclass(frozen=True)
class _Pictures:
    """The diagram as the widget shows it, in four moments."""

    before: QPixmap
    bare: QPixmap
    """Before the step, without the error."""
    forward: QPixmap
    after: QPixmap


class Motion(QObject):
    """Plays the way from one step to the next, until it is over or a person goes on."""

    changed = Signal()
    """It looks another way: draw it again."""

    def __init__(self, canvas: Canvas, paint: Paint, parent: QObject) -> None:
        """paint: paints a Frame in the widget's coordinates, background and all."""
        super().__init__(parent)
        self.is_reduced = False
        """Nothing travels: what has changed is outlined for a while."""
        self._canvas, self._paint = canvas, paint
        self._plan: Plan | None = None
        self._pictures: _Pictures | None = None
        self._outlined: tuple[QRectF, ...] = ()
        self._clock, self._since_step = QElapsedTimer(), QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    @property
    def is_playing(self) -> bool:
        """Whether what is seen is still on its way."""
        return self._timer.isActive()

    def show_frame(self, frame: Frame, size: QSize, ratio: float) -> None:
        """Show the canvas a moment, and play the way there when it is one step on.

        size, ratio: of the widget, and how many pixels one of its units is.
        """
        before, old = self._canvas.frame, self._canvas.scene
        if before is not None and _looks_alike(before, frame):
            self._canvas.show_frame(frame)
            return
        if before is None or old is None or not self._moves(before, frame):
            self.end()
            self._canvas.show_frame(frame)
            return
        seen = [] if self.is_reduced else self._pictures_of(before, size, ratio)
        self.end()
        self._canvas.show_frame(frame)
        scene = self._canvas.scene
        if scene is None or scene.nodes != old.nodes:
            return
        if self.is_reduced:
            refs = changed_labels(scene, old.network)
            self._outlined = tuple(scene.labels[ref] for ref in refs)
        else:
            self._plan = plan_of(scene, old.network)
            self._pictures = _Pictures(*seen, *reversed(self._pictures_of(frame, size, ratio)))
        self._clock.start()
        self._timer.start(FRAME)

    def end(self) -> None:
        """Show the last picture at once."""
        self._timer.stop()
        self._plan, self._pictures, self._outlined = None, None, ()

    def paint(self, painter: QPainter) -> bool:
        """Paint what is on its way, background and all; return whether anything is."""
        if self._plan is None or self._pictures is None:
            return False
        _Player(painter, self._canvas, self._plan, self._pictures).paint(self._clock.elapsed())
        return True

    def paint_outlines(self, painter: QPainter) -> None:
        """Paint, over the diagram, what marks a change where nothing travels."""
        painter.setPen(QPen(QColor(theme().ink), 2))
        for rect in self._outlined:
            painter.drawRoundedRect(self._canvas.to_screen(rect).adjusted(-3, -3, 3, 3), 8, 8)

    def _tick(self) -> None:
        length = OUTLINED if self._plan is None else self._plan.length
        if self._clock.elapsed() >= length:
            self.end()
        self.changed.emit()

    def _moves(self, before: Frame, frame: Frame) -> bool:
        """Whether this is the step after, not too soon after the one before."""
        taken = frame.document.position.step - before.document.position.step
        same = frame.document.network.structure is before.document.network.structure
        if taken != 1 or not same or frame.trace is None:
            return False
        is_slow = not self._since_step.isValid() or self._since_step.elapsed() >= SOONEST
        self._since_step.start()
        return is_slow

    def _pictures_of(self, frame: Frame, size: QSize, ratio: float) -> list[QPixmap]:
        """The picture of a moment, and of the same without its error."""
        return [self._picture(shown, size, ratio) for shown in (frame, _without_error(frame))]

    def _picture(self, frame: Frame, size: QSize, ratio: float) -> QPixmap:
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        painter = QPainter(picture)
        self._paint(painter, frame)
        painter.end()
        return picture


class _Player:
    """Puts one moment together from the three pictures."""

    def __init__(self, painter: QPainter, canvas: Canvas, plan: Plan, pictures: _Pictures) -> None:
        self._painter, self._canvas, self._plan, self._pictures = painter, canvas, plan, pictures
        self._room = QRectF(QPointF(), QRectF(pictures.after.rect()).size())

    def paint(self, now: float) -> None:
        plan, pictures = self._plan, self._pictures
        self._painter.drawPixmap(0, 0, pictures.before)
        self._show(pictures.forward, self._room, plan.change.share(now))
        for band in plan.layers:
            region = self._band(band.left, band.right)
            self._show(pictures.before, region, 1.0)
            self._show(pictures.bare, region, plan.change.share(now))
            self._show(pictures.forward, region, band.time.share(now))
        for rect in plan.numbers:
            self._slide(self._canvas.to_screen(rect), plan.change.share(now))
        self._draw_dots(now)
        error = self._band(plan.error.left, plan.error.right)
        self._show(pictures.after, error, plan.error.time.share(now))
        if now >= plan.backward.begin:
            right = self._band(0, plan.error.right).right()
            edge = right * (1 - plan.backward.share(now))
            self._show(pictures.after, self._room.adjusted(edge, 0, 0, 0), 1.0)

    def _band(self, left: float, right: float) -> QRectF:
        """A band of the scene in the widget, over its whole height."""
        band = self._canvas.to_screen(QRectF(left, 0, right - left, 1))
        return QRectF(band.left(), 0, band.width(), self._room.height())

    def _show(self, picture: QPixmap, region: QRectF, opacity: float, shift: float = 0.0) -> None:
        if opacity <= 0:
            return
        painter = self._painter
        painter.save()
        painter.setClipRect(region)
        painter.setOpacity(opacity)
        painter.drawPixmap(QPointF(0, shift), picture)
        painter.restore()

    def _slide(self, rect: QRectF, share: float) -> None:
        """The old number goes up and out, the new one comes in from below."""
        if share >= 1:
            return
        self._show(self._pictures.before, rect, 1.0, -SLIDE * share)
        self._show(self._pictures.forward, rect, share, SLIDE * (1 - share))

    def _draw_dots(self, now: float) -> None:
        scene = self._canvas.scene
        assert scene is not None
        network, transform = scene.network, self._canvas.transform()
        self._painter.setPen(QPen(QColor(theme().background), 1.5))
        for dot in self._plan.dots:
            if dot.time.begin <= now < dot.time.end:
                weight = float(network.parameters[network.index_of(dot.ref)])
                self._painter.setBrush(QColor(theme().weight(weight)))
                place = transform.map(dot.place(scene, now))
                self._painter.drawEllipse(place, DOT, DOT)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)


def _looks_alike(before: Frame, frame: Frame) -> bool:
    """Whether nothing that is seen in the diagram has changed."""
    return (
        frame.document is before.document
        and frame.selected == before.selected
        and frame.chosen == before.chosen
        and frame.tried == before.tried
    )


def _without_error(frame: Frame) -> Frame:
    trace = frame.trace
    bare = None if trace is None else replace(trace, expected=None, back=None, step=None)
    return replace(frame, trace=bare)
