"""The program as a person starts it, on a real X server, driven by xdotool."""

import os
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.x11
WEIGHT1 = (258, 274)
"""The middle of weight1's label in the window of 1440 × 900."""


def xdotool(*words: object) -> str:
    done = subprocess.run(
        ["xdotool", *map(str, words)], capture_output=True, text=True, check=True, timeout=20
    )
    return done.stdout.strip()


def wait_until(holds, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise AssertionError("it did not happen in time")
        time.sleep(0.05)


class Screen:
    """The program's window on the X server."""

    def __init__(self, process: subprocess.Popen) -> None:
        self.process, self.window = process, ""

    def wait_for_window(self) -> None:
        wait_until(lambda: self._find("One neuron – nnsim"))
        xdotool("windowfocus", "--sync", self.window)

    def _find(self, name: str) -> bool:
        done = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", name], capture_output=True, text=True
        )
        self.window = done.stdout.split()[0] if done.stdout.split() else ""
        return bool(self.window)

    @property
    def title(self) -> str:
        return xdotool("getwindowname", self.window)

    def key(self, *keys: str) -> None:
        xdotool("key", "--delay", 40, *keys)


@pytest.fixture
def screen(tmp_path):
    environment = {
        **{k: v for k, v in os.environ.items() if k != "QT_QPA_PLATFORM"},
        "XDG_CONFIG_HOME": str(tmp_path),
        "QT_QPA_PLATFORM": "xcb",
    }
    process = subprocess.Popen([sys.executable, "-m", "nnsim"], env=environment)
    try:
        shown = Screen(process)
        shown.wait_for_window()
        yield shown
    finally:
        process.kill()
        process.wait(timeout=20)


def test_space_steps_and_ctrl_z_brings_the_unchanged_document_back(screen):
    screen.key("space")
    wait_until(lambda: screen.title == "• One neuron – nnsim")
    screen.key("ctrl+z")
    wait_until(lambda: screen.title == "One neuron – nnsim")


def test_a_weight_is_double_clicked_and_typed(screen):
    xdotool("mousemove", "--window", screen.window, *WEIGHT1)
    xdotool("click", "--repeat", 2, "--delay", 60, 1)
    xdotool("type", "--delay", 40, "0.5")
    screen.key("Return")
    wait_until(lambda: screen.title == "• One neuron – nnsim")


def test_ctrl_q_ends_the_program_with_exit_code_0(screen):
    screen.key("ctrl+q")
    assert screen.process.wait(timeout=20) == 0
