"""Seconds are measured by a clock that nobody can set."""

import os
import subprocess
import sys

import pytest

from nnsim.engine.kernels import available, build

pytestmark = [
    pytest.mark.skipif(not available(), reason="no C kernels on this machine"),
    pytest.mark.skipif(sys.platform != "linux", reason="clocks are replaced by LD_PRELOAD"),
]

CLOCK_ON_THE_WALL = """
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long seconds = 2000000000; /* a minute earlier at each look */

int timespec_get(struct timespec *now, int base)
{
    *now = (struct timespec){.tv_sec = seconds -= 60};
    return base;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    if (clock == CLOCK_REALTIME)
        return timespec_get(now, TIME_UTC) - TIME_UTC;
    return (int)syscall(SYS_clock_gettime, clock, now);
}
"""
TRAIN = """
import time
import numpy as np
from nnsim.engine.kernels import Job, Rule, State

ones = np.ones((1, 1))
job = Job(1, [1], [0], [1], [0], [1], np.zeros(1), np.zeros(1), None, None, ones, ones, Rule())
before, begun = time.time(), time.perf_counter()
taken = job.train(State(np.zeros(2)), 10**9, seconds=0.05, keep=False)
print(taken.end, time.time() < before, time.perf_counter() - begun < 5.0)
"""


def test_a_clock_that_is_set_back_postpones_nothing(tmp_path):
    (tmp_path / "clock.c").write_text(CLOCK_ON_THE_WALL, "utf-8")
    library = tmp_path / "clock.so"
    words = ["-shared", "-fPIC", "-o", str(library), str(tmp_path / "clock.c")]
    subprocess.run([*build.find_compiler(), *words], check=True)

    done = subprocess.run(
        [sys.executable, "-c", TRAIN],
        env={**os.environ, "LD_PRELOAD": str(library)},
        capture_output=True,
        encoding="utf-8",
        timeout=20,
    )

    assert (done.stdout, done.stderr) == ("stopped True True\n", "")
