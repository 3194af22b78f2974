"""Decides: a command without a window, or the window."""

import gc
import os
import sys
from collections.abc import Sequence

# Before numpy is loaded: the threads of its BLAS only get in the way of each other on the small
# products of a network, and of the window (measured: 16 ms instead of 0.6 for 64-32-10).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from nnsim import cli
from nnsim.engine.kernels.library import loaded
from nnsim.errors import NnsimError
from nnsim.tracing.trace import Trace

QT_LIBRARIES = "libgl1 libegl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0"


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command, or open the window on a file if one is given; return the exit code.

    The first word decides. A file that is called like a command can be given as ./train.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if words and cli.is_command(words[0]):
        return cli.main(words, step_pdf)
    if len(words) > 1:
        known = ", ".join(cli.COMMANDS)
        cli.complain(f"“{words[0]}” is no command: give one of {known}, or a single FILE.")
        return cli.BAD
    return _open_window(words)


def step_pdf(trace: Trace) -> bytes:
    """Return the worked solution of a step as a PDF, painted by Qt without a screen.

    Raises NnsimError where Qt does not load, BadFile for a step of very many numbers.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        from nnsim.views.solution_pdf import solution_pdf
    except ImportError as error:
        raise NnsimError(_qt_missing("The PDF cannot be painted", error)) from None
    return solution_pdf(trace)


def _qt_missing(what: str, error: ImportError) -> str:
    """What to install; an import of our own that fails is a defect and raised."""
    if (error.name or "").startswith("nnsim"):
        raise error
    return (
        f"{what} ({error}); on Debian or Ubuntu install Qt's libraries with "
        f"“sudo apt install {QT_LIBRARIES}”, elsewhere PySide6-Essentials and its libraries."
    )


def _open_window(words: Sequence[str]) -> int:
    try:
        loaded()  # a wrong NNSIM_ENGINE is refused before there is a window
        if words == ["--self-test"]:
            from nnsim.self_test import self_test

            return self_test()
        gc.disable()  # until the window is there: nothing of it is garbage, and looking takes 30 ms
        from nnsim.app import run_app

        return run_app(words[0] if words else None)
    except ImportError as error:
        cli.complain(_qt_missing("The window cannot start", error))
    except NnsimError as error:
        cli.complain(str(error))
    return cli.BAD


if __name__ == "__main__":
    sys.exit(main())
