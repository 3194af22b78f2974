"""Runs set-up commands without their noise, and shows it when one fails."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence

TAIL = 25  # lines of a failed command's output that are shown

# How to reach a package index is the user's business and stays; every other setting of pip
# and of Python could lead an installation or an import elsewhere.
PIP_KEPT = {
    "PIP_CACHE_DIR",
    "PIP_CERT",
    "PIP_CLIENT_CERT",
    "PIP_CONFIG_FILE",
    "PIP_DEFAULT_TIMEOUT",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_INDEX_URL",
    "PIP_KEYRING_PROVIDER",
    "PIP_NO_CACHE_DIR",
    "PIP_NO_INDEX",
    "PIP_PROXY",
    "PIP_RETRIES",
    "PIP_TIMEOUT",
    "PIP_TRUSTED_HOST",
}
DROPPED = {
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSAFEPATH",
    "PYTHONSTARTUP",
    "QT_PLUGIN_PATH",
    "QT_QPA_PLATFORM_PLUGIN_PATH",
    "VIRTUAL_ENV",
    "__PYVENV_LAUNCHER__",
}


class StopError(Exception):
    """Set-up or a check cannot go on; the message is one sentence for the user."""


def clean_environment(given: Mapping[str, str], **changes: str) -> dict[str, str]:
    """Return the environment without what could redirect Python, pip or Qt."""
    kept = {
        name: value
        for name, value in given.items()
        if name not in DROPPED and (not name.startswith("PIP_") or name in PIP_KEPT)
    }
    return kept | {"PIP_USER": "no", "PIP_DISABLE_PIP_VERSION_CHECK": "1"} | changes


def run_quietly(command: Sequence[str], failure: str, **changes: str) -> None:
    """Run a command silently; if it fails, print the end of its output and stop.

    changes: variables of its environment.
    """
    done = subprocess.run(
        command,
        env=clean_environment(os.environ, **changes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        print("\n".join(done.stdout.splitlines()[-TAIL:]), flush=True)
        raise StopError(failure)


def say(sentence: str) -> None:
    """Tell the user what is being done."""
    print(sentence, flush=True)
