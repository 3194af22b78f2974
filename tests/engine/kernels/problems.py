"""Networks, samples and settings for the kernels, and the numpy engine as their judge."""

from dataclasses import dataclass, fields

import numpy as np
import pytest
from hypothesis import strategies as st

from nnsim.engine import forward
from nnsim.engine.activations import ACTIVATIONS, activation_named
from nnsim.engine.kernels import ACTIVATION_CODES, Job, Rule, State
from nnsim.engine.losses import LOSSES
from nnsim.engine.named import plain_name
from nnsim.engine.network import Layer, Network
from nnsim.engine.optimizers import OPTIMIZERS, Moments
from nnsim.engine.order import batch_at, epoch_order
from nnsim.engine.settings import SCHEDULES, Settings
from nnsim.engine.step import step_on

HIDDEN = tuple(name for name in ACTIVATIONS if name != "softmax")
SHARED_FIELDS = {field.name for field in fields(Rule)} & {field.name for field in fields(Settings)}
"""What a Rule and Settings have in common by name, but for the loss with its parameter."""
SHARED_FIELDS.discard("loss")
ROOM = 1e-12
EPSILON = float(np.finfo(np.float64).eps)


@dataclass
class Problem:
    network: Network
    inputs: np.ndarray
    expected: np.ndarray
    settings: Settings

    def job(self):
        structure, settings = self.network.structure, self.settings
        names = [name for layer in structure.layers for name in layer.activations]
        loss = settings.loss_function
        return Job(
            structure.input_count,
            [layer.size for layer in structure.layers],
            [slot.first for slot in structure.slots],
            [slot.width for slot in structure.slots],
            [slot.weights for slot in structure.slots],
            [
                slot.biases if layer.has_bias else -1
                for slot, layer in zip(structure.slots, structure.layers, strict=True)
            ],
            np.array([ACTIVATION_CODES[plain_name(name)] for name in names]),
            np.array([activation_named(name).number for name in names]),
            structure.trained(settings.train_biases),
            structure.present,
            self.inputs,
            self.expected,
            Rule(
                loss=plain_name(settings.loss),
                huber=loss.number,
                mean=settings.batch_reduction == "mean",
                **{name: getattr(settings, name) for name in SHARED_FIELDS},
            ),
            settings.batch_size,
            settings.shuffle,
            settings.seed,
        )

    def state(self):
        moments = OPTIMIZERS[self.settings.optimizer].begin(len(self.network.parameters))
        return State(self.network.parameters.copy(), moments.first.copy(), moments.second.copy())


class NumpyEngine:
    """Takes the same steps as the kernels, one by one, by the readable engine."""

    def __init__(self, problem):
        self.problem = problem
        self.network = problem.network
        self.moments = Moments(0, problem.state().first, problem.state().second)
        self.step = self.epoch = self.place = 0
        self.losses, self.errors, self.rows = [], [], []

    def train(self, steps, given=None, watch=None):
        for number in range(steps):
            rows = self._next_rows() if given is None else given[number]
            end = self._take(rows, watch)
            if end != "done":
                return end
            if given is None:
                self._move_on(len(rows))
        return "done"

    def _next_rows(self):
        settings, count = self.problem.settings, len(self.problem.inputs)
        order = epoch_order(count, settings.shuffle, settings.seed, self.epoch)
        return batch_at(order, self.place, settings.batch_size)

    def _take(self, rows, watch):
        problem = self.problem
        inputs, expected = problem.inputs[rows], problem.expected[rows]
        with np.errstate(all="ignore"):
            step = step_on(
                self.network, inputs, expected, problem.settings, self.moments, self.step
            )
        if not step.is_finite():
            return "not finite"
        if watch is not None and watch.sees_reason(int(rows[0]), step.loss):
            return "growing"
        outputs = step.passed.outputs.reshape(len(rows), -1)
        self.losses.append(step.loss)
        self.errors.append(outputs[0, 0] - expected[0, 0])
        self.rows.append(rows[0])
        self.network = self.network.with_parameters(step.new_parameters)
        self.moments = step.new_moments
        self.step += 1
        return "done"

    def _move_on(self, taken):
        self.place += taken
        if self.place >= len(self.problem.inputs):
            self.epoch, self.place = self.epoch + 1, 0


def distance(ours, judge):
    """The largest |a − b| / max(1, |b|)."""
    ours, judge = np.asarray(ours), np.asarray(judge)
    assert ours.shape == judge.shape
    return float((np.abs(ours - judge) / np.maximum(1.0, np.abs(judge))).max(initial=0.0))


def assert_agree(state, taken, judge):
    """What the kernels left behind is what the numpy engine did."""
    assert taken.done == len(judge.losses)
    assert distance(state.parameters, judge.network.parameters) <= ROOM
    assert distance(state.first, judge.moments.first) <= ROOM
    assert distance(state.second, judge.moments.second) <= ROOM
    assert distance(taken.losses, judge.losses) <= ROOM
    assert distance(taken.errors, judge.errors) <= ROOM
    assert taken.rows.tolist() == judge.rows
    assert state.step == state.optimizer_steps == judge.step
    assert (state.epoch, state.place) == (judge.epoch, judge.place)


class Blurred(NumpyEngine):
    """The same steps by numbers that are moved at random by their last digit, in every step.

    What such runs agree on does not depend on how somebody rounds; on the rest no two programs can
    agree. Source: J. Vignes, "A stochastic arithmetic for reliable scientific computation",
    Mathematics and Computers in Simulation 35 (1993).
    """

    def __init__(self, problem, seed):
        super().__init__(problem)
        self._random = np.random.default_rng(seed)

    def _take(self, rows, watch):
        self.network = self.network.with_parameters(self._moved(self.network.parameters))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(forward, "activate", self._activate)
            return super()._take(rows, watch)

    def _moved(self, numbers):
        return numbers * (1.0 + EPSILON * self._random.choice([-1.0, 1.0], numbers.shape))

    def _activate(self, names, z):
        outputs, slopes = np.empty_like(z), np.empty_like(z)
        for name in set(names):
            entry, here = activation_named(name), [i for i, n in enumerate(names) if n == name]
            some = z[..., here]
            a = entry.value(some, entry.number)
            a = a * (1.0 - EPSILON * self._random.integers(1, 3, a.shape))  # tanh stays below 1
            outputs[..., here], slopes[..., here] = a, entry.slope(some, a, entry.number)
        return outputs, slopes


def determined_steps(problem, steps, batches=None):
    """How many of the steps do not depend on how numbers are rounded, by a tenth of ROOM.

    It is fewer than all where rounding is blown up: where training runs away, where a weight or a
    sum comes within rounding of a kink, or where RMSprop and Adam make a step of full size of what
    rounding leaves of a gradient of 0.
    """
    judge, others = NumpyEngine(problem), [Blurred(problem, seed) for seed in range(2)]
    for step in range(steps):
        given = None if batches is None else batches[step : step + 1]
        ends = [engine.train(1, given) for engine in (judge, *others)]
        if ends[0] != "done":
            return steps  # it ends here for certain: so did all steps before it
        if any(
            end != "done" or apart(other, judge) > 0.1 * ROOM
            for end, other in zip(ends[1:], others, strict=True)
        ):
            return step
    return steps


def apart(other, judge):
    """How far apart two engines are after the same steps."""
    return max(
        distance(other.network.parameters, judge.network.parameters),
        distance(other.moments.first, judge.moments.first),
        distance(other.moments.second, judge.moments.second),
        distance(other.losses[-1], judge.losses[-1]),
        distance(other.errors[-1], judge.errors[-1]),
    )


def expected_for(loss, shape, rng):
    """Expected outputs that suit the loss."""
    if loss == "hinge":
        return rng.choice([-1.0, 1.0], shape)
    if loss == "softmax_cross_entropy":
        shares = rng.uniform(0.0, 1.0, shape) ** 2
        return shares / shares.sum(axis=1, keepdims=True)
    return rng.uniform(0.0, 1.0, shape)


def numbered(name, rng):
    """The name, at times with a parameter of its own where it can have one."""
    if ACTIVATIONS[name].parameter is None or rng.random() < 0.5:
        return name
    return f"{name}({rng.choice([0.25, 0.5, 1.5])})"


def output_names(loss, size, rng):
    """Activations that suit the loss, one for each output neuron."""
    needed = LOSSES[loss].activation
    if needed is None and rng.random() < 0.15:
        needed = "softmax"
    if needed is not None:
        return (needed,) * size
    return tuple(numbered(str(rng.choice(HIDDEN)), rng) for _ in range(size))


@st.composite
def problems(draw, wide=9):
    """Anything the engine can train: sizes, masks, skipped layers, mixed activations, options.

    Structure and options are drawn by Hypothesis; numbers come from a seeded generator, so that no
    sum lies within rounding of a kink, where two right engines may go different ways.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sizes = draw(st.lists(st.integers(1, wide), min_size=2, max_size=5))
    loss = draw(st.sampled_from(tuple(LOSSES)))
    layers = []
    for number, size in enumerate(sizes[1:], start=1):
        last = number == len(sizes) - 1
        uniform = rng.random() < 0.5
        names = output_names(loss, size, rng) if last else _hidden_names(size, uniform, rng)
        layers.append(Layer(names, draw(st.booleans()), draw(st.integers(1, number))))
    network = _with_masks(draw, _network(sizes[0], layers, rng), rng)
    count = draw(st.integers(1, 12))
    inputs = rng.uniform(-1.5, 1.5, (count, sizes[0])) * (rng.random((count, sizes[0])) < 0.8)
    expected = expected_for(loss, (count, sizes[-1]), rng)
    shown_loss = "huber(0.2)" if loss == "huber" and rng.random() < 0.5 else loss
    return Problem(network, inputs, expected, draw(all_settings(shown_loss)))


def _hidden_names(size, uniform, rng):
    if uniform:
        return (numbered(str(rng.choice(HIDDEN)), rng),) * size
    return tuple(numbered(str(rng.choice(HIDDEN)), rng) for _ in range(size))


def _network(input_count, layers, rng):
    sizes = [input_count, *(layer.size for layer in layers)]
    widths = [sum(sizes[i + 1 - layer.reach : i + 1]) for i, layer in enumerate(layers)]
    count = sum(
        layer.size * (width + layer.has_bias) for layer, width in zip(layers, widths, strict=True)
    )
    return Network(input_count, layers, rng.uniform(-0.8, 0.8, count))


def _with_masks(draw, network, rng):
    count = len(network.parameters)
    present = rng.random(count) < 0.8 if draw(st.booleans()) else None
    frozen = rng.random(count) < 0.3 if draw(st.booleans()) else None
    parameters = network.parameters if present is None else np.where(present, network.parameters, 0)
    if frozen is not None and present is not None:
        frozen &= present
    return Network(network.input_count, network.layers, parameters, present, frozen)


@st.composite
def all_settings(draw, loss):
    def one_of(*values):
        return draw(st.sampled_from(values))

    return Settings(
        learning_rate=one_of(0.01, 0.03),
        loss=loss,
        batch_reduction=one_of("mean", "sum"),
        batch_size=one_of(0, 1, 1, 2, 5),
        shuffle=draw(st.booleans()),
        seed=draw(st.integers(0, 9)),
        optimizer=one_of(*OPTIMIZERS),
        momentum=one_of(0.5, 0.9),
        beta1=one_of(0.8, 0.9),
        beta2=one_of(0.99, 0.999),
        rho=one_of(0.9, 0.99),
        epsilon=one_of(1e-4, 1e-3),
        l1=one_of(0.0, 0.0, 0.01),
        l2=one_of(0.0, 0.0, 0.1),
        weight_decay=one_of(0.0, 0.1),
        clip_value=one_of(0.0, 0.0, 0.0473),
        clip_norm=one_of(0.0, 0.0, 0.113),
        weight_limit=one_of(0.0, 0.0, 0.517),
        schedule=one_of(*SCHEDULES),
        schedule_steps=one_of(1, 7, 100),
        schedule_factor=one_of(0.1, 0.9),
        warm_up_steps=one_of(0, 0, 5),
        train_biases=one_of(True, True, False),
    )
