"""The script of a step, run by Python itself."""

import subprocess
import sys

import pytest
from hypothesis import given, settings

from nnsim import Document, Network, Samples, Settings, train
from nnsim.engine.optimizers import OPTIMIZERS
from nnsim.tracing.worked.python_script import python_script
from tests.strategies import any_traces

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


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_script_computes_the_whole_chain_of_a_step(optimizer):
    options = {"l1": 0.01, "l2": 0.1, "clip_value": 0.4, "clip_norm": 0.3, "weight_limit": 0.9}
    schedule = {"schedule": "cosine", "warm_up_steps": 7, "batch_size": 2, "weight_decay": 0.1}
    settings_ = Settings(0.1, optimizer=optimizer, **options, **schedule)
    samples = Samples([[0.1, 0.8], [1.0, 2.0], [0.5, 0.5], [0.2, 0]], [[0.4], [1], [0], [1]])
    document = train(Document(CHAPTER.network, samples, settings_), steps=3).document
    script = python_script(document.trace())
    done = run(script)

    assert done.returncode == 0, done.stderr
    assert "delta_mean_w1_1_1 = (delta_w1_1_1 + delta_w1_1_1_sample4) / 2.0" in script
    assert "gradient_w1_1_1 = clipped_w1_1_1 * min(1.0, clip_norm / (gradient_length" in script
    assert "new_w1_1_1 = min(max(" in script
    wrong = script.replace("delta_w1_1_1_sample4 = ", "delta_w1_1_1_sample4 = 1e-6 + ", 1)
    assert "mean delta of weight1: computed" in run(wrong).stderr


@settings(max_examples=100)
@given(any_traces())
def test_the_script_of_any_step_holds(trace):
    # in this process: a new one takes too long
    exec(compile(python_script(trace), "script", "exec"), {})
