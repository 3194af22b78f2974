"""The curve of a weight: values of E that are those of the network with that weight."""

import numpy as np
import pytest

import nnsim
from nnsim.engine.network import ParameterRef
from nnsim.engine.settings import Settings
from nnsim.errors import BadNetwork
from nnsim.files.examples import open_example
from nnsim.model.selection import set_parameters
from nnsim.tracing.trace import trace_of
from nnsim.tracing.weight_curve import weight_curve, weight_point

WEIGHT = ParameterRef(1, 0, 0)


def test_on_the_chapters_neuron_it_is_the_parabola_that_paper_gives():
    curve = weight_curve(open_example("chapter").trace(), WEIGHT)
    # inputs 0.1 and 0.3, weights w and 0.9, expected −0.05: E = ½ (0.1 w + 0.27 + 0.05)²
    document = open_example("chapter")
    x, expected = document.samples.inputs[0], document.samples.expected[0, 0]
    paper = 0.5 * (x[0] * curve.values + x[1] * 0.9 - expected) ** 2
    assert curve.losses == pytest.approx(paper, abs=1e-15)
    assert (curve.values[0], curve.values[-1]) == pytest.approx((-1.7, 2.3))


def test_its_slope_is_the_delta():
    document = open_example("two-layers")
    trace = document.trace()
    for ref in document.network.refs():
        point = weight_point(trace, ref)
        h = 1e-6
        around = [set_parameters(document, {ref: point.value + by}).trace().loss for by in (-h, h)]
        assert point.slope == pytest.approx((around[1] - around[0]) / (2 * h), abs=1e-8)
        curve = weight_curve(trace, ref)
        middle = len(curve.values) // 2
        assert curve.values[middle] == pytest.approx(point.value, abs=1e-15)
        assert curve.losses[middle] == pytest.approx(point.loss, abs=1e-15)


def test_every_point_is_e_of_the_network_with_that_weight():
    document = open_example("xor")
    for ref in (ParameterRef(1, 2, 1), ParameterRef(2, 0, None)):
        curve = weight_curve(document.trace(), ref)
        for value, loss in list(zip(curve.values, curve.losses, strict=True))[::7]:
            other = set_parameters(document, {ref: float(value)})
            assert loss == other.trace().loss


def test_a_large_weight_has_a_wider_curve_and_the_largest_number_one_too():
    for value, half in ((-40.0, 40.0), (1.79e308, None)):
        document = set_parameters(open_example("chapter"), {WEIGHT: value})
        curve = weight_curve(document.trace(), WEIGHT)
        assert np.isfinite(curve.values).all()
        assert curve.reaches(value)
        if half is not None:
            assert not curve.reaches(value - half - 1)
            assert not curve.reaches(value + half + 1)


def test_without_expected_outputs_there_is_no_curve():
    document = open_example("chapter")
    tried = trace_of(document.network, np.array([0.1, 0.2]), None, Settings())
    assert weight_curve(tried, WEIGHT) is None
    assert weight_point(tried, WEIGHT) is None


def test_a_weight_that_is_not_there_is_refused():
    network = nnsim.Network.dense([1, 1], ["linear"], [[[0.5]]])
    trace = trace_of(network, np.array([1.0]), np.array([1.0]), Settings())
    with pytest.raises(BadNetwork):
        weight_curve(trace, ParameterRef(1, 0, 7))
