"""convnetjs: its own layers and SGD trainer, float64, the same rule."""

from functools import partial

from tests.bench import node_library

SAME_RULE = True
NAME = "convnetjs"
unavailable = partial(node_library.unavailable, NAME)
version = partial(node_library.version, NAME)
Trainer = partial(node_library.NodeTrainer, NAME)
