"""synaptic, online only; its rule has no derivative at the output, so only its speed counts."""

from functools import partial

from tests.bench import node_library
from tests.bench.work import Work

SAME_RULE = False
NAME = "synaptic"
MOST_PARAMETERS = 10_000
unavailable = partial(node_library.unavailable, NAME)
version = partial(node_library.version, NAME)


def cannot(work: Work) -> str | None:
    if work.batch > 1:
        return "online only"
    if len(work.start) > MOST_PARAMETERS:
        return "the program it generates gets too large"
    return None


Trainer = partial(node_library.NodeTrainer, NAME)
