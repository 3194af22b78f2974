"""The History: every state a person has been in; undo and redo walk along it."""

from dataclasses import dataclass, replace

from nnsim.model.run import Run

KEPT_BYTES = 500_000_000
KEPT_STATES = 10_000


@dataclass(frozen=True)
class Entry:
    """A state that can be had back, and the name of what a person did after it."""

    run: Run
    wish: str


@dataclass(frozen=True)
class History:
    """The present run, what led to it and what was undone. Immutable.

    States share all that did not change between them, so keeping them whole is cheap and an undo
    gives back exactly the numbers that were there.
    """

    present: Run
    past: tuple[Entry, ...] = ()
    future: tuple[Entry, ...] = ()

    @property
    def undo_name(self) -> str | None:
        """What Undo would take back, or None."""
        return self.past[-1].wish if self.past else None

    @property
    def redo_name(self) -> str | None:
        """What Redo would do again, or None."""
        return self.future[0].wish if self.future else None

    def push(self, run: Run, wish: str, merge: bool = False) -> "History":
        """Return the history after a person did something; what was undone before is dropped.

        merge: when the same wish came last, it is one undo with this one.
        """
        if merge and self.undo_name == wish and not self.future:
            return replace(self, present=run)
        past = (*self.past, Entry(self.present, wish))
        return History(run, past[-self._kept() :])

    def continued(self, run: Run) -> "History":
        """Return the history with the present gone further on, as part of the same wish."""
        return replace(self, present=run)

    def undone(self) -> "History":
        """Return the history one wish back; itself when there is none."""
        if not self.past:
            return self
        *past, last = self.past
        return History(last.run, tuple(past), (Entry(self.present, last.wish), *self.future))

    def redone(self) -> "History":
        """Return the history with the last undone wish done again; itself when there is none."""
        if not self.future:
            return self
        first, *future = self.future
        return History(first.run, (*self.past, Entry(self.present, first.wish)), tuple(future))

    def _kept(self) -> int:
        document = self.present.document
        size = 8 * document.network.parameter_count + 8 * document.samples.inputs.size
        return max(50, min(KEPT_STATES, KEPT_BYTES // size))
