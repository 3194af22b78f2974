"""One step: what it computes, that it applies exactly that, and whether it is finite."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Layer, Network, ParameterRef, Settings
from nnsim.engine.backward import backward
from nnsim.engine.forward import forward
from nnsim.engine.optimizers import OPTIMIZERS, Moments
from nnsim.engine.schedules import learning_rate_at
from nnsim.engine.step import sample_losses, step_on
from tests.strategies import any_problems, problems

RATES = st.sampled_from([0.01, 1.0, 2.5])


@given(problems(), RATES)
def test_the_new_weights_are_the_old_ones_plus_the_update(problem, rate):
    network, samples = problem
    step = step_on(network, samples.inputs[0], samples.expected[0], Settings(learning_rate=rate))

    assert step.new_parameters.tolist() == (network.parameters + step.update).tolist()
    assert step.update.tolist() == (-rate * step.back.gradient).tolist()


@given(any_problems())
def test_a_step_changes_nothing_by_itself(problem):
    network, samples, settings = problem
    moments = OPTIMIZERS[settings.optimizer].begin(len(network.parameters))
    before = [a.tobytes() for a in (network.parameters, moments.first, moments.second)]

    step_on(network, samples.inputs, samples.expected, settings, moments)

    assert before == [a.tobytes() for a in (network.parameters, moments.first, moments.second)]


@given(any_problems(), st.integers(0, 300))
def test_what_is_frozen_or_absent_or_a_bias_not_to_train_stays(problem, number):
    network, samples, settings = problem
    begun = OPTIMIZERS[settings.optimizer].begin(len(network.parameters))
    marked = Moments(3, begun.first + 7.0, begun.second + 9.0)
    step = step_on(network, samples.inputs, samples.expected, settings, marked, number)
    still = ~network.present | network.frozen
    if not settings.train_biases:
        still = still | ~network.structure.is_weight

    assert step.new_parameters[still].tolist() == network.parameters[still].tolist()
    assert not step.gradient[still].any()
    assert not step.update[still].any()
    for moment, value in ((step.new_moments.first, 7.0), (step.new_moments.second, 9.0)):
        assert set(moment[still] if len(moment) else []) <= {value}
    assert step.new_moments.steps == (4 if OPTIMIZERS[settings.optimizer].remembers else 0)


@given(any_problems())
def test_a_frozen_weight_has_a_delta_all_the_same(problem):
    network, samples, settings = problem
    free = Network(network.input_count, network.layers, network.parameters, network.present)

    deltas = [
        step_on(one, samples.inputs, samples.expected, settings).back.gradient.tolist()
        for one in (network, free)
    ]

    assert deltas[0] == deltas[1]


def objective(network, samples, settings):
    """E of the batch with the penalties, in plain sums."""
    losses = sample_losses(network, samples.inputs, samples.expected, settings.loss_function)
    share = 1 / len(samples) if settings.batch_reduction == "mean" else 1.0
    weights = [
        network.parameters[network.index_of(ref)] for ref in network.refs() if not ref.is_bias
    ]
    added = sum(settings.l1 * abs(w) + settings.l2 * w * w / 2 for w in weights)
    return math.fsum(losses) * share + added


@given(any_problems())
def test_the_loss_of_a_batch_is_the_mean_or_the_sum_and_the_penalties(problem):
    network, samples, settings = problem

    step = step_on(network, samples.inputs, samples.expected, settings)

    assert step.loss == pytest.approx(objective(network, samples, settings), rel=1e-12, abs=1e-14)
    assert step.sample_count == len(samples)


def by_hand(network, samples, settings):
    """What the optimizer is given, number by number: sum or mean, penalties, masks, clipping."""
    loss, given_numbers = settings.loss_function, {}
    passed = forward(network, samples.inputs)
    total = backward(network, passed, samples.expected, loss).gradient
    for ref in network.refs():
        place = network.index_of(ref)
        g, w = float(total[place]), float(network.parameters[place])
        if settings.batch_reduction == "mean":
            g /= len(samples)
        if not ref.is_bias:
            g += settings.l1 * ((w > 0) - (w < 0)) + settings.l2 * w
        if network.frozen[place] or (ref.is_bias and not settings.train_biases):
            g = 0.0
        if settings.clip_value:
            g = min(max(g, -settings.clip_value), settings.clip_value)
        given_numbers[place] = g
    if settings.clip_norm:
        length = math.sqrt(math.fsum(g * g for g in given_numbers.values()))
        shrink = min(1.0, settings.clip_norm / (length + 1e-6))
        given_numbers = {place: g * shrink for place, g in given_numbers.items()}
    return [given_numbers.get(place, 0.0) for place in range(len(network.parameters))]


@given(any_problems())
def test_the_optimizer_is_given_the_gradient_with_all_that_the_settings_do_to_it(problem):
    network, samples, settings = problem
    step = step_on(network, samples.inputs, samples.expected, settings)

    right = np.array(by_hand(network, samples, settings))

    scale = 1 + np.abs(step.back.gradient).max(initial=0)
    assert step.gradient == pytest.approx(right, rel=1e-9, abs=1e-12 * scale)


@given(any_problems(), st.integers(0, 300))
def test_the_rate_is_that_of_the_steps_number(problem, number):
    network, samples, settings = problem

    step = step_on(network, samples.inputs, samples.expected, settings, number=number)

    assert step.learning_rate == learning_rate_at(settings, number)


@given(any_problems(weight_limit=0.5))
def test_trained_weights_stay_within_their_limit_and_biases_do_not_mind(problem):
    network, samples, settings = problem
    structure = network.structure
    step = step_on(network, samples.inputs, samples.expected, settings)
    trained = structure.trained(settings.train_biases)
    held = structure.is_weight if trained is None else structure.is_weight & trained

    assert (np.abs(step.new_parameters[held]) <= 0.5).all()
    changed = step.new_parameters - network.parameters
    assert step.update.tolist() == changed.tolist()


def test_a_limit_is_not_for_biases_nor_for_what_is_frozen():
    network = Network.dense([2, 1], ["linear"], [[[3.0, -3.0]]], [[9.0]])
    network = network.with_frozen([ParameterRef(1, 0, 1)])
    settings = Settings(learning_rate=1e-9, weight_limit=1.0)

    step = step_on(network, np.zeros(2), np.array([9.0]), settings)

    assert step.new_parameters.tolist() == [1.0, -3.0, 9.0]
    assert step.update.tolist() == [-2.0, 0.0, 0.0]


def test_adamw_decays_trained_weights_alone():
    network = Network.dense([2, 1], ["linear"], [[[2.0, 4.0]]], [[8.0]])
    network = network.with_frozen([ParameterRef(1, 0, 1)])
    settings = Settings(optimizer="adamw", learning_rate=0.5, weight_decay=0.1)

    step = step_on(network, np.zeros(2), np.array([8.0]), settings)

    assert step.new_parameters.tolist() == [2.0 * 0.95, 4.0, 8.0]


@given(any_problems())
def test_a_batch_of_one_gives_the_bits_of_its_sample(problem):
    network, samples, settings = problem
    inputs, expected = samples.inputs[:1], samples.expected[:1]

    batch = step_on(network, inputs, expected, settings)
    single = step_on(network, inputs[0], expected[0], settings)

    assert batch.new_parameters.tobytes() == single.new_parameters.tobytes()
    assert (batch.loss, batch.sample_count) == (single.loss, 1)


def test_the_mean_of_a_batch_does_not_depend_on_how_often_it_is_repeated():
    network = Network.dense([1, 1], ["linear"], [[[0.5]]], [[0.25]])
    inputs, expected = np.array([[1.0], [2.0]]), np.array([[1.0], [-1.0]])

    def gradient(times, reduction):
        settings = Settings(batch_reduction=reduction)
        rows = np.tile(inputs, (times, 1)), np.tile(expected, (times, 1))
        return step_on(network, *rows, settings).gradient

    assert gradient(4, "mean") == pytest.approx(gradient(1, "mean"), rel=1e-15)
    assert gradient(4, "sum") == pytest.approx(4 * gradient(1, "sum"), rel=1e-15)


def test_a_step_of_momentum_goes_on_from_what_is_remembered():
    network = Network(1, [Layer(("linear",), False)], [1.0])
    settings = Settings(optimizer="momentum", momentum=0.5, learning_rate=0.1)
    first = step_on(network, np.array([1.0]), np.array([0.0]), settings)
    second = step_on(
        network.with_parameters(first.new_parameters),
        np.array([1.0]),
        np.array([0.0]),
        settings,
        first.new_moments,
    )

    assert first.new_parameters.tolist() == [0.9]
    assert second.new_parameters == pytest.approx([0.9 - 0.1 * (0.5 * 1.0 + 0.9)])
    assert second.new_moments.steps == 2


@given(any_problems(tuple(n for n in ("linear", "sigmoid", "tanh", "relu", "elu", "gelu"))))
def test_the_losses_of_many_samples_are_those_of_each(problem):
    network, samples, settings = problem
    loss = settings.loss_function
    each = [
        float(sample_losses(network, inputs, expected, loss))
        for inputs, expected in zip(samples.inputs, samples.expected, strict=True)
    ]

    many = sample_losses(network, samples.inputs, samples.expected, loss)
    assert many == pytest.approx(each, rel=1e-9, abs=1e-12)


@given(any_problems())
def test_ordinary_numbers_make_a_finite_step(problem):
    network, samples, settings = problem

    assert step_on(network, samples.inputs, samples.expected, settings).is_finite()


@given(any_problems())
def test_its_arrays_cannot_be_written_to(problem):
    network, samples, settings = problem
    step = step_on(network, samples.inputs, samples.expected, settings)

    for array in (step.gradient, step.update, step.new_parameters):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.0


LINEAR = Network.dense([1, 1, 1], ["linear", "linear"], [[[1.0]], [[1.0]]])


@pytest.mark.parametrize(
    ("network", "value", "expected", "rate"),
    [
        (LINEAR, 1e160, 0.0, 1e-300),  # the loss
        (LINEAR, 1e100, 0.0, 1e200),  # the new weights
        (LINEAR, 1e300, -1e300, 1e-300),  # ∂E/∂w
        (
            Network.dense([1, 1, 1], ["linear", "sigmoid"], [[[1e200]], [[1e200]]]),
            1.0,
            0.0,
            1.0,
        ),  # a sum that the sigmoid makes 1
    ],
    ids=["loss", "new weights", "delta", "hidden by a sigmoid"],
)
def test_a_number_that_is_not_finite_is_noticed(network, value, expected, rate):
    settings = Settings(learning_rate=rate)

    assert not step_on(network, np.array([value]), np.array([expected]), settings).is_finite()


def test_a_moment_that_is_not_finite_is_noticed():
    settings = Settings(optimizer="adagrad", loss="absolute", learning_rate=1e-9)
    network = Network.dense([1, 1], ["linear"], [[[1.0]]])

    step = step_on(network, np.array([1e200]), np.array([0.0]), settings)

    assert np.isfinite(step.loss)
    assert np.isfinite(step.new_parameters).all()
    assert not step.is_finite()
