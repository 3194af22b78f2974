"""brain.js, online only; float32 and one activation for all layers, so only its speed counts."""

from functools import partial

from tests.bench import node_library
from tests.bench.work import Work

SAME_RULE = False
NAME = "brain.js"
unavailable = partial(node_library.unavailable, NAME)
version = partial(node_library.version, NAME)
Trainer = partial(node_library.NodeTrainer, NAME)


def cannot(work: Work) -> str | None:
    return "online only" if work.batch > 1 else None
