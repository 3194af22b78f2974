"""Sets nnsim up in this checkout and starts it (“start”) or tests it (“test”)."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from environment import is_supported, prepare
from judges import run_all
from kernels import bring_compiler, make_kernels
from machine import TEST_PROGRAMS, X11_PROGRAMS, make_ready, wants_window
from quiet import StopError, clean_environment

USAGE = "Usage: launch.py start [arguments for nnsim] | launch.py test [--fast]"


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument says and return the exit code."""
    if not is_supported(sys.version_info[:2]):
        found = ".".join(map(str, sys.version_info[:2]))
        print(f"nnsim needs Python 3.11, 3.12, 3.13 or 3.14; this is {found}.", file=sys.stderr)
        return 1
    commands = {"start": start, "test": test}
    if not arguments or arguments[0] not in commands:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        return commands[arguments[0]](arguments[1:])
    except StopError as stop:
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130


def start(arguments: Sequence[str]) -> int:
    """Start nnsim with these arguments."""
    make_ready(window=wants_window(os.environ), programs={})
    python = prepared("run", kernels_required=False)
    return hand_over([str(python), "-m", "nnsim", *arguments])


def test(arguments: Sequence[str]) -> int:
    """Run all that CI judges, or only its fast stages."""
    if list(arguments) not in ([], ["--fast"]):
        print(USAGE, file=sys.stderr)
        return 2
    fast = list(arguments) == ["--fast"]
    make_ready(window=not fast, programs=TEST_PROGRAMS | ({} if fast else X11_PROGRAMS))
    run_all(prepared("test", kernels_required=True), fast)
    return 0


def prepared(kind: str, kernels_required: bool) -> Path:
    """Return the Python of the checkout's environment, with the C kernels compiled if they can be.

    The compiler comes first: setting the environment up compiles too.
    """
    bring_compiler(kernels_required)
    python = prepare(kind)
    make_kernels(kernels_required)
    return python


def speak_anyhow() -> None:
    """Let a terminal that lacks a character show a question mark in its place."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def hand_over(command: Sequence[str]) -> int:
    """Become the command, or on Windows, where that cannot be, wait for it."""
    environment = clean_environment(os.environ)
    sys.stdout.flush()
    if os.name != "nt":
        os.execve(command[0], list(command), environment)
    return subprocess.call(command, env=environment)


if __name__ == "__main__":
    speak_anyhow()
    sys.exit(main(sys.argv[1:]))
