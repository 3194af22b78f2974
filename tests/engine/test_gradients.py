"""Every gradient that training uses against finite differences: all combinations of options."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim import Layer, Network, ParameterRef, Settings
from nnsim.engine import gradcheck
from nnsim.engine.backward import backward
from nnsim.engine.forward import forward
from nnsim.engine.gradcheck import check_gradients
from nnsim.engine.losses import LOSSES, check_loss_fits, loss_named
from nnsim.engine.step import sample_losses
from nnsim.errors import BadSetting
from tests.strategies import ALL_LOSSES, SMOOTH, WITH_NUMBERS, any_problems


def judged(problem):
    network, samples, chosen = problem
    return check_gradients(network, samples.inputs, samples.expected, chosen)


@settings(max_examples=150)
@given(any_problems())
def test_no_gradient_of_anything_trainable_differs(problem):
    assert judged(problem).differing == []


@pytest.mark.parametrize("loss", ALL_LOSSES)
@pytest.mark.parametrize(("weights", "signals"), [(1e-3, 1e3), (30.0, 1.0), (1e3, 1e-3)])
@settings(max_examples=10)
@given(data=st.data())
def test_no_right_gradient_is_accused_however_badly_scaled(loss, weights, signals, data):
    network, samples, chosen = data.draw(any_problems(losses=(loss,), size=1.0))
    network = network.with_parameters(network.parameters * weights)

    check = check_gradients(network, samples.inputs * signals, samples.expected, chosen)

    assert check.differing == []


def targets_for(loss):
    """Two rows of expected outputs for three outputs; no two gradients of 1 and −1 cancel."""
    return np.array(
        {
            "hinge": [[1, -1, 1], [1, -1, 1]],
            "binary_cross_entropy": [[1, 0, 0.3], [0, 0.9, 1]],
            "softmax_cross_entropy": [[1, 0, 0], [0.2, 0.5, 0.3]],
        }.get(loss, [[0.4, -0.6, 0.1], [1.5, 0.2, -3.0]]),
        dtype=np.float64,
    )


def network_ending_in(name, loss):
    """2-4-3 with a connection that skips the hidden layer and one that is missing."""
    outputs = LOSSES[loss].activation or name
    layers = [
        Layer((name if name != "softmax" else "tanh",) * 4, True),
        Layer((outputs,) * 3, True, 2),
    ]
    draw = np.random.default_rng(3)
    count = 4 * 3 + 3 * (6 + 1)
    network = Network(2, layers, draw.uniform(-1, 1, count))
    return network.without([ParameterRef(2, 1, 0), ParameterRef(1, 2, None)]).with_frozen(
        [ParameterRef(2, 0, 1, 0), ParameterRef(1, 0, 0)]
    )


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("name", [*WITH_NUMBERS, "softmax"])
@pytest.mark.parametrize("batch_size", [1, 0])
def test_each_activation_with_each_loss_agrees_whole(name, loss, batch_size):
    network, chosen = network_ending_in(name, loss), Settings(loss=loss, batch_size=batch_size)
    inputs = np.array([[0.4, -0.7], [0.9, 0.35]])

    check = check_gradients(network, inputs, targets_for(loss), chosen)

    assert len(check.rows) == network.parameter_count == 31
    assert {row.verdict for row in check.rows} == {"agrees"}
    if not name.startswith("threshold") or loss == "binary_cross_entropy":
        assert sum(row.analytic != 0 for row in check.rows) >= 7


@given(any_problems(SMOOTH, ("half_squared", "squared", "mean_squared", "binary_cross_entropy")))
def test_smooth_gradients_agree_with_the_plainest_difference(problem):
    network, samples, chosen = problem
    loss, h = chosen.loss_function, 1e-5
    total = backward(network, forward(network, samples.inputs), samples.expected, loss).gradient

    for ref in network.refs():
        place = network.index_of(ref)
        change = h * (np.arange(len(total)) == place)
        up, down = (
            sample_losses(
                network.with_parameters(network.parameters + way * change),
                samples.inputs,
                samples.expected,
                loss,
            ).sum()
            for way in (1, -1)
        )
        assert total[place] == pytest.approx((up - down) / (2 * h), rel=1e-4, abs=1e-3)


@given(any_problems())
def test_the_gradient_of_a_batch_is_the_sum_over_its_samples(problem):
    network, samples, chosen = problem
    loss = chosen.loss_function
    together = backward(network, forward(network, samples.inputs), samples.expected, loss).gradient
    each = [
        backward(network, forward(network, inputs), expected, loss).gradient
        for inputs, expected in zip(samples.inputs, samples.expected, strict=True)
    ]

    scale = np.abs(each).sum() + 1.0
    assert together == pytest.approx(np.sum(each, axis=0), rel=1e-9, abs=1e-12 * scale)


@given(any_problems())
def test_every_place_is_checked_once_and_what_is_absent_is_not(problem):
    network, _, _ = problem

    assert [row.ref for row in judged(problem).rows] == network.refs()


@given(any_problems())
def test_frozen_weights_are_judged_like_any_other(problem):
    network, samples, chosen = problem
    thawed = Network(network.input_count, network.layers, network.parameters, network.present)

    assert judged(problem) == judged((thawed, samples, chosen))


@pytest.mark.parametrize("loss", ["absolute", "hinge"])
def test_a_kink_of_the_loss_is_not_checked(loss):
    network = Network.dense([1, 2], ["linear"], [[[1.0], [0.25]]])
    expected = np.array([[1.0, -1.0]])

    check = check_gradients(network, np.array([[1.0]]), expected, Settings(loss=loss))

    assert [row.verdict for row in check.rows] == ["not checked", "agrees"]


@pytest.mark.parametrize("loss", ["absolute", "hinge"])
def test_near_a_kink_of_the_loss_a_smaller_step_decides(loss):
    network = Network.dense([1, 1], ["linear"], [[[0.9999]]])

    check = check_gradients(network, np.array([[1.0]]), np.array([[1.0]]), Settings(loss=loss))

    assert [(row.analytic, row.verdict) for row in check.rows] == [(-1.0, "agrees")]


def test_where_hinge_is_flat_its_gradient_of_0_agrees():
    network = Network.dense([1, 1], ["linear"], [[[1.5]]])

    check = check_gradients(network, np.array([[1.0]]), np.array([[1.0]]), Settings(loss="hinge"))

    assert [(row.analytic, row.numeric, row.verdict) for row in check.rows] == [(0, 0, "agrees")]


def test_huber_where_it_turns_from_a_parabola_to_a_line_is_checked():
    network = Network.dense([1, 1], ["linear"], [[[1.5]]])
    chosen = Settings(loss="huber(0.5)")

    check = check_gradients(network, np.array([[1.0]]), np.array([[1.0]]), chosen)

    assert [(row.analytic, row.verdict) for row in check.rows] == [(0.5, "agrees")]


LINE = Network.dense([2, 1], ["linear"], [[[0.0, -0.5]]], [[0.0]])


def test_the_kink_of_l1_at_0_is_that_of_its_own_weight_alone():
    check = check_gradients(LINE, np.array([[1.0, 2.0]]), np.array([[3.0]]), Settings(l1=0.25))

    assert [row.verdict for row in check.rows] == ["not checked", "agrees", "agrees"]
    assert [row.analytic for row in check.rows] == [-4.0, -8.0 - 0.25, -4.0]


def test_l2_adds_its_part_for_weights_and_not_for_the_bias():
    network = LINE.with_parameters([2.0, -0.5, 7.0])

    check = check_gradients(network, np.array([[0.0, 0.0]]), np.array([[7.0]]), Settings(l2=0.5))

    assert [(row.analytic, row.verdict) for row in check.rows] == [
        (1.0, "agrees"),
        (-0.25, "agrees"),
        (0.0, "agrees"),
    ]


@pytest.mark.parametrize("field", ["l1", "l2"])
def test_a_penalty_that_is_forgotten_or_doubled_is_found(monkeypatch, field):
    right = gradcheck.penalised
    network = LINE.with_parameters([2.0, -0.5, 7.0])
    for factor in (0.0, 2.0):

        def wrong(structure, parameters, gradient, chosen, factor=factor):
            return gradient + factor * (right(structure, parameters, gradient, chosen) - gradient)

        monkeypatch.setattr(gradcheck, "penalised", wrong)
        check = check_gradients(
            network, np.array([[1.0, 2.0]]), np.array([[3.0]]), Settings(**{field: 0.1})
        )
        assert [row.verdict for row in check.rows] == ["differs", "differs", "agrees"]


def test_softmax_whose_outputs_were_taken_one_by_one_is_found(monkeypatch):
    def slipped(network, passed, expected, loss):
        a = passed.outputs
        signal = loss.gradient(a, expected, 0.0) * a * (1 - a)
        gradient = np.concatenate((np.outer(signal, passed.activations[0]).ravel(), signal))
        return type("Back", (), {"gradient": gradient})

    network = Network.dense([2, 3], ["softmax"], [[[1, 2], [0, 1], [-1, 0.5]]], [[0, 0, 0]])
    given = np.array([[0.5, -1.0]]), np.array([[0.2, 0.3, 0.1]])
    assert len(check_gradients(network, *given).checked) == 9

    monkeypatch.setattr(gradcheck, "backward", slipped)

    assert len(check_gradients(network, *given).differing) == 9


def test_where_a_cross_entropy_has_no_finite_error_the_gradient_is_checked_all_the_same():
    network = Network.dense([1, 2], ["softmax"], [[[30.0], [-30.0]]])
    chosen = Settings(loss="softmax_cross_entropy")

    check = check_gradients(network, np.array([[1.0]]), np.array([[0.0, 1.0]]), chosen)

    assert [row.analytic for row in check.rows] == pytest.approx([1.0, -1.0], rel=1e-15)
    assert [row.verdict for row in check.rows] == ["agrees"] * 2


@pytest.mark.parametrize("wrong", [0.5, 1.01, -1.0])
@pytest.mark.parametrize("loss", LOSSES)
def test_a_planted_wrong_error_is_found(monkeypatch, loss, wrong):
    network, entry = network_ending_in("tanh", loss), LOSSES[loss]

    def slipped(network, passed, expected, loss):
        back = backward(network, passed, expected, loss)
        return type("Back", (), {"gradient": wrong * back.gradient})

    monkeypatch.setattr(gradcheck, "backward", slipped)
    inputs = np.array([[0.4, -0.7], [0.9, 0.35]])
    check = check_gradients(network, inputs, targets_for(loss), Settings(loss=entry.name))

    assert check.differing == [row for row in check.rows if row.analytic != 0]


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "softmax_cross_entropy"])
@pytest.mark.parametrize("name", ["linear", "tanh", "relu"])
def test_a_cross_entropy_refuses_outputs_of_another_kind(loss, name):
    entry = loss_named(loss)

    with pytest.raises(BadSetting, match=f"needs {entry.activation} outputs, and here is {name}"):
        check_loss_fits(entry, (entry.activation, name))
    check_loss_fits(entry, (entry.activation,) * 3)
