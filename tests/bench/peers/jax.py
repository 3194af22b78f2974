"""JAX on the CPU with x64: whole epochs inside one jit, a fori_loop over the batches."""

from functools import partial

import numpy as np

from tests.bench.work import Work

SAME_RULE = True


def unavailable() -> str | None:
    try:
        import jax  # noqa: F401
    except ImportError as missing:
        return str(missing)
    return None


def version() -> str:
    import jax

    return f"jax {jax.__version__}"


class Trainer:
    def __init__(self, work: Work) -> None:
        import jax

        jax.config.update("jax_enable_x64", True)
        jax.config.update("jax_platforms", "cpu")
        self.work = work
        batches = work.samples // work.batch
        self.batches = batches
        self.inputs = jax.numpy.asarray(work.inputs.reshape(batches, work.batch, -1))
        self.targets = jax.numpy.asarray(work.targets.reshape(batches, work.batch, -1))
        layers = work.layers(work.start)
        self.layers = [(jax.numpy.array(w.T), jax.numpy.array(b)) for w, b in layers]
        self.position = 0
        self.many = jax.jit(self.loop(jax), donate_argnums=0)

    def loop(self, jax):
        values = {
            "sigmoid": jax.nn.sigmoid,
            "tanh": jax.numpy.tanh,
            "relu": jax.nn.relu,
        }

        def loss(layers, inputs, targets):
            a = inputs
            for (weights, biases), name in zip(layers, self.work.activations, strict=True):
                a = values[name](a @ weights + biases)
            return 0.5 * jax.numpy.sum((a - targets) ** 2) / self.work.batch

        def step(first, inputs, targets, s, layers):
            at = (first + s) % self.batches
            slopes = jax.grad(loss)(layers, inputs[at], targets[at])
            return jax.tree.map(lambda p, g: p - self.work.learning_rate * g, layers, slopes)

        def many(layers, inputs, targets, first, steps):
            return jax.lax.fori_loop(0, steps, partial(step, first, inputs, targets), layers)

        return many

    def train(self, steps: int) -> None:
        self.layers = self.many(self.layers, self.inputs, self.targets, self.position, steps)
        self.layers[0][0].block_until_ready()
        self.position = (self.position + steps) % self.batches

    def parameters(self) -> np.ndarray:
        parts = [np.asarray(part) for w, b in self.layers for part in (w.T.ravel(), b)]
        return np.concatenate(parts)
