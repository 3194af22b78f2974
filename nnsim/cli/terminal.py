"""What a command says: its output, one sentence on stderr, a progress bar, an exit code."""

import io
import json
import os
import sys

from nnsim.files.reading import one_line
from nnsim.model.run import Run
from nnsim.tracing.wording import on_paper

DONE, DIFFERS, STOPPED, BAD, INTERRUPTED = 0, 1, 1, 2, 130
BAR_WIDTH = 30


def accept_every_character() -> None:
    """Let a terminal of another encoding show a “?” where it lacks a character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def say(text: str) -> None:
    """Write a line, or several, to stdout."""
    if sys.stdout is not None:
        sys.stdout.write(text + "\n")


def say_json(value: object) -> None:
    """Write a value as JSON; with escapes where stdout's encoding may lack a character."""
    escaped = sys.stdout is not None and sys.stdout.encoding.lower() not in {"utf-8", "utf8"}
    say(json_text(value, escaped))


def json_text(value: object, escaped: bool = False) -> str:
    """Return a value as JSON; escaped: in ASCII alone."""
    return json.dumps(value, ensure_ascii=escaped, indent=1, allow_nan=False)


def complain(sentence: str) -> None:
    """Write one sentence to stderr, on one line."""
    if sys.stderr is not None:
        sys.stderr.write(f"nnsim: {one_line(sentence)}\n")


def finish_output() -> None:
    """Write out what is still held back; raises OSError where stdout does not take it."""
    if sys.stdout is not None:
        sys.stdout.flush()


def discard_output() -> None:
    """Let what is still held back go nowhere, so that Python does not complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Bar:
    """A progress bar on one line of a terminal; nothing where stderr is not one."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self._drawn = -1
        self._is_terminal = sys.stderr is not None and sys.stderr.isatty()

    def show(self, run: Run) -> None:
        """Draw how far the run is, whenever a thousandth more is done."""
        done = run.steps_taken
        if not self._is_terminal or not done or done * 1000 // self.steps == self._drawn:
            return
        self._drawn = done * 1000 // self.steps
        full = BAR_WIDTH * done // self.steps
        bar = "█" * full + "░" * (BAR_WIDTH - full)
        loss = on_paper(float(run.losses[-1]))
        sys.stderr.write(f"\r{bar} {self._drawn / 10:5.1f} %  loss {loss}\x1b[K")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the bar away again."""
        if self._drawn >= 0:
            sys.stderr.write("\r\x1b[K")
