"""The values of a step on paper: their formulas, computed as they are written, give the change."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Network, Settings
from nnsim.engine.optimizers import OPTIMIZERS, Moments
from nnsim.engine.step import step_on
from nnsim.engine.step_values import _CHANGES, constants, step_values
from tests.strategies import any_problems

X = np.array([[0.5, -1.0], [1.0, 0.25], [-0.5, 2.0]])
T = np.array([[1.0], [0.0], [0.5]])


def network():
    dense = Network.dense([2, 2, 1], ["tanh", "linear"], biases=[[0.1, -0.1], [0.3]])
    return dense.with_parameters(np.linspace(-0.8, 0.9, 9))


def marked(settings, count, steps=4):
    begun = OPTIMIZERS[settings.optimizer].begin(count)
    return Moments(steps, begun.first + 0.03, begun.second + 0.002)


def on_paper(formula, known):
    """Compute a formula as it is written, with the numbers that are known by their names."""
    said = formula.replace(" (weights only)", "").replace(", held so that weights stay", "")
    if clip := re.search(r"(.*) within ± (clip_value|weight_limit)(.*)", said):
        start = "(" if clip[1].startswith("(") else ""
        limit = known[clip[2]]
        inner = on_paper(clip[1].removeprefix("("), known)
        known = known | {"clipped": np.clip(inner, -limit, limit)}
        said = f"{start}clipped{clip[3]}"
    for name in sorted(known, key=len, reverse=True):
        said = said.replace(name, f"K[{list(known).index(name)}]")
    said = re.sub(r"√(K\[\d+\])", r"np.sqrt(\1)", said)
    said = said.replace("·", "*").replace("−", "-").replace("²", "**2").replace("ᵗ", "**K_t")
    names = {"np": np, "K": list(known.values()), "K_t": known.get("t")}
    return eval(said, names)


def paper_names(net, step, settings, before):
    is_weight = net.structure.is_weight
    known = constants(settings, before) | {"η": step.learning_rate}
    weights = np.where(is_weight, net.parameters, 0.0)
    return known, {"sign(w)": np.sign(weights), "w": weights}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"batch_reduction": "sum", "l1": 0.01},
        {"l2": 0.1, "clip_value": 0.2, "weight_decay": 0.3},
        {"l1": 0.02, "l2": 0.1, "clip_value": 0.2, "clip_norm": 0.1},
        {"clip_norm": 1e6},
    ],
    ids=["plain", "sum", "l2", "all", "long limit"],
)
def test_each_formula_gives_the_next_value_and_the_last_one_the_change(optimizer, options):
    settings, net = Settings(0.1, optimizer=optimizer, batch_size=0, **options), network()
    before = marked(settings, len(net.parameters))
    step = step_on(net, X, T, settings, before)
    known, weights = paper_names(net, step, settings, before)
    found = step_values(net, step, settings, before)
    for value in found:
        if value.formula:
            computed = on_paper(value.formula, known | weights)
            np.testing.assert_allclose(computed, value.numbers, rtol=1e-7, atol=1e-12)
        known[value.name] = value.numbers

    assert found[-1].name == "change"
    assert found[-1].numbers is step.update
    assert optimizer in _CHANGES


def test_the_mean_delta_is_the_mean_of_the_samples_own_deltas():
    settings, net = Settings(0.1, batch_size=0), network()
    step = step_on(net, X, T, settings)
    own = [step_on(net, x, t, settings).back.gradient for x, t in zip(X, T, strict=True)]
    first, given, _ = step_values(net, step, settings, Moments())

    assert first.name == "mean of the deltas"
    assert first.numbers == pytest.approx(np.mean(own, axis=0), abs=1e-15)
    assert given.formula == "mean of the deltas"


@given(any_problems(), st.integers(0, 5))
def test_they_are_those_of_the_step_with_every_option(problem, steps):
    net, samples, settings = problem
    before = marked(settings, len(net.parameters), steps)
    step = step_on(net, samples.inputs, samples.expected, settings, before)
    found = {value.name: value for value in step_values(net, step, settings, before)}

    assert all(len(value.numbers) == len(net.parameters) for value in found.values())
    assert found["g"].numbers is step.gradient
    assert found["change"].numbers is step.update
