"""Every optimizer against its rule written out for one number, in plain Python."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Network, Settings
from nnsim.engine.optimizers import OPTIMIZERS, Moments, decayed
from nnsim.engine.settings import OPTIMIZERS as NAMES

every_optimizer = pytest.mark.parametrize("name", OPTIMIZERS)


class Sgd:
    def step(self, w, g, rate, s):
        return w - rate * g


class Momentum:
    v = None

    def step(self, w, g, rate, s):
        # PyTorch: the first velocity is the gradient itself.
        self.v = g if self.v is None else s.momentum * self.v + g
        return w - rate * self.v


class Nesterov(Momentum):
    def step(self, w, g, rate, s):
        super().step(w, g, rate, s)
        return w - rate * (g + s.momentum * self.v)


class Rmsprop:
    square = 0.0

    def step(self, w, g, rate, s):
        self.square = s.rho * self.square + (1 - s.rho) * g**2
        return w - rate * g / (math.sqrt(self.square) + s.epsilon)


class Adagrad:
    total = 0.0

    def step(self, w, g, rate, s):
        self.total += g**2
        return w - rate * g / (math.sqrt(self.total) + s.epsilon)


class Adam:
    """The means without bias, as algorithm 1 of the paper has them."""

    m = v = 0.0
    t = 0

    def step(self, w, g, rate, s):
        self.t += 1
        self.m = s.beta1 * self.m + (1 - s.beta1) * g
        self.v = s.beta2 * self.v + (1 - s.beta2) * g**2
        m, v = self.m / (1 - s.beta1**self.t), self.v / (1 - s.beta2**self.t)
        return w - rate * m / (math.sqrt(v) + s.epsilon)


class AdamW(Adam):
    def step(self, w, g, rate, s):
        return super().step(w * (1 - rate * s.weight_decay), g, rate, s)


BY_HAND = {
    "sgd": Sgd,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "rmsprop": Rmsprop,
    "adagrad": Adagrad,
    "adam": Adam,
    "adamw": AdamW,
}


def stepped(settings, weights, gradients, rates):
    """The weights after each step by the engine's optimizer."""
    optimizer, found = OPTIMIZERS[settings.optimizer], []
    weights = np.array(weights)
    moments = optimizer.begin(len(weights))
    all_weights = np.ones(len(weights), dtype=bool)
    for g, rate in zip(gradients, rates, strict=True):
        moments = Moments(moments.steps + 1, moments.first, moments.second)
        update, first, second = optimizer.update(settings, rate, np.array(g), moments)
        weights = decayed(weights, all_weights, settings, rate) + update
        moments = Moments(moments.steps, first, second)
        found.append(weights.tolist())
    return found


def by_hand(settings, weights, gradients, rates):
    rules = [BY_HAND[settings.optimizer]() for _ in weights]
    found, now = [], list(weights)
    for g, rate in zip(gradients, rates, strict=True):
        now = [rule.step(w, x, rate, settings) for rule, w, x in zip(rules, now, g, strict=True)]
        found.append(now)
    return found


def test_there_are_the_seven_that_were_asked_for():
    assert set(OPTIMIZERS) == set(NAMES) == set(BY_HAND)


GRADIENTS = st.lists(
    st.lists(st.floats(-3, 3).map(lambda g: round(g, 6)), min_size=3, max_size=3),
    min_size=1,
    max_size=12,
)


@every_optimizer
@given(
    gradients=GRADIENTS,
    rate=st.sampled_from([0.001, 0.1, 1.0]),
    options=st.fixed_dictionaries(
        {
            "momentum": st.sampled_from([0.0, 0.5, 0.9]),
            "beta1": st.sampled_from([0.0, 0.9]),
            "beta2": st.sampled_from([0.0, 0.9, 0.999]),
            "rho": st.sampled_from([0.0, 0.9, 0.99]),
            "epsilon": st.sampled_from([1e-8, 1e-3]),
            "weight_decay": st.sampled_from([0.0, 0.1]),
        }
    ),
)
def test_it_does_what_its_rule_says(name, gradients, rate, options):
    settings = Settings(optimizer=name, **options)
    rates = [rate / (1 + step) for step in range(len(gradients))]
    weights = [1.0, -0.5, 0.0]

    found = stepped(settings, weights, gradients, rates)

    right = by_hand(settings, weights, gradients, rates)
    assert np.array(found) == pytest.approx(np.array(right), rel=1e-12, abs=1e-12)


@every_optimizer
def test_without_a_gradient_nothing_moves(name):
    settings = Settings(optimizer=name)

    assert stepped(settings, [1.0, -2.0], [[0.0, 0.0]] * 3, [0.5] * 3) == [[1.0, -2.0]] * 3


@pytest.mark.parametrize("name", ["adam", "adamw"])
def test_the_first_step_of_adam_has_the_length_of_the_rate_whatever_the_gradient(name):
    settings = Settings(optimizer=name, epsilon=1e-30)

    for g in (1e-12, 1.0, -1e12):
        (moved,) = stepped(settings, [0.0], [[g]], [0.01])
        assert moved[0] == pytest.approx(-math.copysign(0.01, g), rel=1e-12)


def test_momentum_without_friction_to_speak_of_reaches_rate_by_1_minus_mu():
    settings = Settings(optimizer="momentum", momentum=0.9)
    path = stepped(settings, [0.0], [[1.0]] * 400, [0.1] * 400)

    assert path[-2][0] - path[-1][0] == pytest.approx(0.1 / (1 - 0.9), rel=1e-9)


@every_optimizer
def test_it_begins_with_zeros_of_what_it_uses(name):
    optimizer = OPTIMIZERS[name]
    moments = optimizer.begin(3)

    assert moments.steps == 0
    assert moments.first.tolist() == ([0.0] * 3 if optimizer.uses_first else [])
    assert moments.second.tolist() == ([0.0] * 3 if optimizer.uses_second else [])
    assert optimizer.suits(moments, 3)
    assert optimizer.suits(moments, 4) is (name == "sgd")


@every_optimizer
def test_it_uses_what_it_says_and_leaves_its_arguments_alone(name):
    optimizer, g = OPTIMIZERS[name], np.array([1.0, -2.0])
    begun = optimizer.begin(2)
    update, first, second = optimizer.update(
        Settings(optimizer=name), 0.1, g, Moments(1, begun.first, begun.second)
    )

    assert (len(first), len(second)) == (2 * optimizer.uses_first, 2 * optimizer.uses_second)
    assert g.tolist() == [1.0, -2.0]
    assert not begun.first.any()
    assert not begun.second.any()
    assert (np.sign(update) == -np.sign(g)).all()


def test_moments_are_equal_by_their_numbers():
    one, same, later, other = (
        Moments(steps, np.array(first)) for steps, first in ((1, [2]), (1, [2]), (2, [2]), (1, [3]))
    )

    assert one == same
    assert hash(one) == hash(same)
    assert one not in (later, other, "moments")


def test_decay_is_for_the_weights_of_adamw_alone():
    network = Network.dense([1, 1], ["linear"], [[[2.0]]], [[4.0]])
    weights = network.structure.is_weight

    def after(**options):
        return decayed(network.parameters, weights, Settings(**options), 0.5).tolist()

    assert after(optimizer="adamw", weight_decay=0.1) == [2.0 * 0.95, 4.0]
    assert after(optimizer="adamw") == after(optimizer="adam", weight_decay=0.1) == [2.0, 4.0]
