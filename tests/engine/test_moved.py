"""Feedforward with one weight or bias moved: what a whole feedforward gives."""

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given

from nnsim.engine.forward import forward
from nnsim.engine.moved import forward_moved
from tests.strategies import WITH_NUMBERS, any_problems

STEADY = tuple(name for name in WITH_NUMBERS if not name.startswith("threshold"))
WAYS = (-1.25, 0.5, 0.0)


@given(any_problems(STEADY))
def test_it_is_what_a_whole_feedforward_gives(problem):
    network, samples, _ = problem
    passed = forward(network, samples.inputs)
    for layer, group in groupby(network.refs(), key=lambda ref: ref.layer):
        refs = list(group)
        by = np.multiply.outer(WAYS, np.linspace(0.5, 1.5, len(refs)))

        moved = forward_moved(network, passed, refs, by)

        for way in range(len(WAYS)):
            for row, ref in enumerate(refs):
                flat = network.parameters.copy()
                flat[network.index_of(ref)] += by[way, row]
                whole = forward(network.with_parameters(flat), samples.inputs)
                own = whole.pre_activations[layer - 1][:, ref.to]
                assert moved.own[way, row] == pytest.approx(own, rel=1e-11, abs=1e-12)
                assert moved.outputs[way, row] == pytest.approx(whole.outputs, rel=1e-11, abs=1e-11)
                for z, right in zip(moved.sums[::-1], whole.pre_activations[::-1], strict=False):
                    assert z[way, row] == pytest.approx(right, rel=1e-11, abs=1e-11)


@given(any_problems(STEADY))
def test_what_is_not_finite_is_told_for_each(problem):
    network, samples, _ = problem
    passed = forward(network, samples.inputs)
    refs = [ref for ref in network.refs() if ref.layer == 1]
    by = np.zeros((1, len(refs)))
    by[0, :1] = np.inf

    with np.errstate(all="ignore"):
        finite = forward_moved(network, passed, refs, by).is_finite() if refs else np.array([])

    assert not finite[:1].any()
    assert finite[1:].all()
