"""The present: the state, the training under way, and how a wish becomes part of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from nnsim.control.state import State
from nnsim.control.training import Training
from nnsim.errors import NnsimError
from nnsim.model.document import Document
from nnsim.model.frame import Frame, Parts, frame_of
from nnsim.model.history import History
from nnsim.model.inside import Inside
from nnsim.model.run import Run
from nnsim.tracing.conventions import AS_TRAINED

BY_HAND_SECONDS = 0.05
"""Steps by hand that take longer are taken while the window goes on."""


class Present(QObject):
    """Owns the state and the training of it; shows it to everyone as a Frame."""

    frame_changed = Signal(object)
    refused = Signal(str)
    """A wish that could not be granted, in one sentence; nothing has changed."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = State.opened(document)
        self.conventions = AS_TRAINED
        """How numbers are shown, whatever is opened or undone."""
        self._training = Training(self)
        self._training.frame_due.connect(self._show_frame)
        self._training_name = ""
        self._training_begins = False
        """Whether the next steps to come in are the first of theirs: one undo from there on."""
        self._faulted = False
        self._before_gesture: History | None = None

    @property
    def _history(self) -> History:
        return self.state.history

    @property
    def document(self) -> Document:
        """The document as it is now."""
        return self._history.present.document

    @property
    def _document_before(self) -> Document:
        """The document as it was before the gesture under way."""
        return (self._before_gesture or self._history).present.document

    @property
    def frame(self) -> Frame:
        """What the views are shown now."""
        return frame_of(
            self._history,
            self.state.focus,
            running=self._training.is_under_way,
            steps_per_second=self._training.steps_per_second,
            path=str(self.state.path) if self.state.path else None,
            unsaved=self.document is not self.state.saved,
            fresh=self.state.fresh,
            conventions=self.conventions,
        )

    def publish(self) -> None:
        """Show the present to everyone."""
        self.frame_changed.emit(self.frame)

    def fault(self) -> None:
        """Take note that something failed unexpectedly: the wish under way is taken back."""
        self._faulted = True
        if self._training.is_under_way:
            self._training.end()
            QTimer.singleShot(0, self, self.publish)  # this may be within a publish

    def pause(self) -> None:
        """Stop training at once; nothing happens when none is under way."""
        if self._training.is_under_way:
            with self._whole():
                run = self._training.hold()
                if run is not None:
                    self._take_in(run)
                self._training.end()
                self.publish()

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """All that is done within happens, or nothing of it.

        What cannot be is answered with a sentence; when something fails unexpectedly, in here or in
        a view that shows what came of it, all is put back as it was and training ends.
        """
        before, self._faulted = self.state, False
        showed_training = self._training.is_under_way
        try:
            yield
        except Exception as error:
            self.state = before
            self._training.end()
            if showed_training:
                self.publish()
            if not isinstance(error, NnsimError):
                raise
            self.refused.emit(str(error))
        if self._faulted:
            self.state = before
            self.publish()

    def _edit(self, document: Document, text: str, chosen: Parts | None = None) -> None:
        """Make an edited document the present one, an undo with a name; a gesture is one undo.

        chosen: what is chosen then; what was, as far as it is still there, when not given.
        """
        before = self._before_gesture or self._history
        if document == before.present.document:
            self._show(before)
        else:
            self._show(before.push(before.present.edited(document, text), text), chosen)

    def _take(self, steps: int, name: str, inside: Inside | None = None) -> None:
        """Train; then a person stands at a place inside the next step, or sees all of it."""
        self._begin_training(name, steps)
        self.state = self.state.looking(inside=inside)
        self._training.wait(BY_HAND_SECONDS)
        run = self._training.fetch()
        if run is not None:
            self._take_in(run)
        self.publish()

    def _begin_training(self, name: str, steps: int | None = None) -> None:
        # A person who goes on after a stop is not stopped for the same growth again.
        run = self._history.present.going_on().advance(0)  # refuses when there are no samples
        self.state = self.state.looking(tried=None, inside=None, trail=())
        self._before_gesture = None
        self._training_name, self._training_begins = name, True
        self._training.begin(run, steps)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Training rests meanwhile, and goes on from what is the present then."""
        if not self._training.is_under_way:
            yield
            return
        self._show_progress(self._training.hold)
        yield
        self._training.go_on(self._history.present)

    def _show_frame(self) -> None:
        self._show_progress(self._training.fetch)

    def _show_progress(self, fetch: Callable[[], Run | None]) -> None:
        """Take in what training has come to since the last frame, if anything."""
        with self._whole():
            run = fetch()
            if run is not None:
                self._take_in(run)
                self.publish()

    def _take_in(self, run: Run) -> None:
        """Make the newest run of training the present one."""
        history = self._history
        if self._training_begins and run.document is not history.present.document:
            self._training_begins = False
            history = history.push(run, self._training_name)
        self.state = replace(self.state, history=history.continued(run))

    def _commit(self, history: History) -> None:
        """Make a history the present one and show it; a gesture under way is over."""
        self._before_gesture = None
        self._show(history)

    def _show(self, history: History, chosen: Parts | None = None) -> None:
        state = self.state.at(history)
        self.state = state if chosen is None else state.choosing(chosen)
        self.publish()


P = ParamSpec("P")
Owner = TypeVar("Owner", bound=Present)


def wish(
    method: Callable[Concatenate[Owner, P], None],
) -> Callable[Concatenate[Owner, P], None]:
    """Grant a wish whole or not at all; training ends first, so that no late step joins it."""

    def granted(self: Owner, /, *args: P.args, **kwargs: P.kwargs) -> None:
        self.pause()
        with self._whole():
            method(self, *args, **kwargs)

    granted.__name__, granted.__doc__ = method.__name__, method.__doc__
    return granted


def wish_within_training(
    method: Callable[Concatenate[Owner, P], None],
) -> Callable[Concatenate[Owner, P], None]:
    """Grant a wish whole or not at all, between two steps of training, which then goes on."""

    def granted(self: Owner, /, *args: P.args, **kwargs: P.kwargs) -> None:
        with self._held(), self._whole():
            method(self, *args, **kwargs)

    granted.__name__, granted.__doc__ = method.__name__, method.__doc__
    return granted
