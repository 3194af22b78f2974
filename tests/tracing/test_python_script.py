"""The script of a step, run by Python itself."""

import subprocess
import sys

from hypothesis import assume, given, settings

from nnsim import Document, Network, Samples
from nnsim.tracing.worked.python_script import python_script
from tests.strategies import any_documents

CHAPTER = Document(
    Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]]), Samples([[0.1, 0.8]], [[0.4]])
)


def run(script):
    words = [sys.executable, "-I", "-c", script]
    return subprocess.run(words, capture_output=True, text=True, timeout=60)


def test_the_chapters_step_is_computed_again():
    script = python_script(CHAPTER.trace())
    done = run(script)

    assert done.returncode == 0, done.stderr
    assert "sum = 0.75" in done.stdout
    assert "new weight1 = 0.26" in done.stdout
    assert "z1_1 = x1 * w1_1_1 + x2 * w1_1_2" in script


def test_a_wrong_number_in_it_is_found():
    script = python_script(CHAPTER.trace())
    assert "w1_1_1 = 0.3 " in script
    done = run(script.replace("w1_1_1 = 0.3 ", "w1_1_1 = 0.31 "))

    assert done.returncode == 1
    assert "sum: computed" in done.stderr


@settings(max_examples=40)
@given(any_documents())
def test_the_script_of_any_network_holds(document):
    script = python_script(document.trace())
    try:
        exec(compile(script, "script", "exec"), {})  # in this process: a new one takes too long
    except (OverflowError, ValueError, ZeroDivisionError):
        assume(False)  # numbers so large that plain formulas cannot compute them
