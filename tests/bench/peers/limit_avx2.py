"""The limit's program again, held to x86-64-v3 (AVX2 and FMA): what AVX-512 adds is the rest."""

import platform

from tests.bench.peers import limit
from tests.bench.work import Work

SAME_RULE = True
ARCHITECTURE = "x86-64-v3"
version = limit.version


def unavailable() -> str | None:
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return "not an x86-64 machine"
    return limit.unavailable()


def Trainer(work: Work) -> limit.Trainer:
    return limit.Trainer(work, ARCHITECTURE)
