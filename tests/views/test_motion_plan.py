"""What moves after a step, and in which order."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QSizeF

from nnsim import Network
from nnsim.views.diagram.layout import lay_out
from nnsim.views.diagram.motion_plan import Span, changed_labels, plan_of

AREA = QSizeF(880, 552)


def network(*sizes):
    made = Network.dense(list(sizes), ["tanh"] * (len(sizes) - 1))
    return made.with_parameters(np.linspace(-1, 1, made.parameters.size) + 0.01)


def planned(*sizes):
    before = network(*sizes)
    after = before.with_parameters(before.parameters * 1.5)
    return plan_of(lay_out(after, AREA), before)


@pytest.mark.parametrize("sizes", [(2, 1), (2, 4, 1), (2, 8, 8, 1), (64, 32, 10)])
def test_the_numbers_change_then_the_layers_in_their_order_then_the_error_comes_back(sizes):
    plan = planned(*sizes)

    times = [band.time for band in plan.layers[1:]]
    order = [plan.change, *times, plan.error.time, plan.backward]
    assert all(a.end <= b.begin for a, b in pairwise(order))
    assert plan.length == plan.backward.end
    assert len(plan.layers) == len(sizes)


@pytest.mark.parametrize("layers", [1, 2, 5, 12])
def test_however_many_layers_nobody_waits_longer_than_two_seconds(layers):
    plan = planned(*[2] * (layers + 1))

    assert plan.error.time.begin - plan.change.end <= 900.0001
    assert plan.length < 2000


def test_a_dot_travels_on_every_connection_while_the_layer_before_is_done():
    plan = planned(2, 4, 1)

    assert len(plan.dots) == 12
    first, second = (band.time for band in plan.layers[1:])
    assert {dot.time.end for dot in plan.dots} == {first.begin, second.begin}


def test_a_dot_begins_and_ends_where_its_connection_does():
    scene = lay_out(network(2, 1), AREA)
    dot = plan_of(scene, network(2, 1)).dots[0]

    assert dot.place(scene, dot.time.begin) == scene.line(dot.ref)[0]
    assert dot.place(scene, dot.time.end) == scene.line(dot.ref)[1]


def test_no_dots_where_there_are_too_many_to_follow():
    assert planned(64, 32, 10).dots == ()


def test_only_the_numbers_that_changed_slide():
    before = network(2, 1)
    changed = before.parameters.copy()
    changed[1] += 1
    scene = lay_out(before.with_parameters(changed), AREA)

    assert changed_labels(scene, before) == [before.ref_in(1)]
    assert changed_labels(scene, scene.network) == []


def test_a_share_of_time_goes_from_nothing_to_all_and_never_back():
    span = Span(100, 300)
    shares = [span.share(now) for now in range(0, 400, 10)]

    assert (shares[0], shares[-1]) == (0, 1)
    assert shares == sorted(shares)
    assert span.share(200) > 0.5  # fast at first
