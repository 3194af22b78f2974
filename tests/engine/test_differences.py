"""Central differences and their rounding: they move one number, and say how sure they are."""

import numpy as np
import pytest
from hypothesis import given

from nnsim import Network, ParameterRef, Settings
from nnsim.engine.differences import Subject
from nnsim.engine.forward import forward
from nnsim.engine.rounding import Rounding
from nnsim.engine.step import sample_losses
from tests.strategies import WITH_NUMBERS, any_problems

STEADY = tuple(name for name in WITH_NUMBERS if not name.startswith("threshold"))


def subject_of(problem):
    network, samples, settings = problem
    return Subject.of(network, samples.inputs, samples.expected, settings)


def difference(subject, ref, h):
    return subject.differences([ref], np.array([h]))[0]


@given(any_problems(STEADY))
def test_the_difference_is_that_of_the_summed_losses_and_penalties(problem):
    network, samples, settings = problem
    subject, h = subject_of(problem), 1e-3
    for ref in network.refs()[:5]:
        found = difference(subject, ref, h)
        if found is None:
            continue

        def loss(way, ref=ref):
            flat = network.parameters.copy()
            flat[network.index_of(ref)] += way * h
            moved, weights = network.with_parameters(flat), network.structure.is_weight
            each = sample_losses(
                moved, samples.inputs, samples.expected, settings.loss_function
            ).sum()
            w = flat[weights]
            return each + settings.l1 * np.abs(w).sum() + settings.l2 * (w @ w) / 2

        measured = (loss(1) - loss(-1)) / (2 * h)
        assert found.numeric == pytest.approx(measured, rel=1e-8, abs=1e-7)


def test_the_loss_moves_where_the_slope_is_0():
    network = Network.dense([1, 1], ["linear"], [[[1.0]]])
    subject = subject_of((network, *samples([[1.0]], [[1.0]])))

    found = difference(subject, ParameterRef(1, 0, 0), 1e-3)

    assert found.numeric == pytest.approx(0.0, abs=1e-12)
    assert found.movement == pytest.approx(0.5e-3, rel=1e-6)  # ½ h² / h to both sides, over 2


def test_on_a_straight_slope_the_movement_is_the_slope():
    network = Network.dense([1, 1], ["linear"], [[[1.0]]])
    for expected, slope in ((5.0, -2.0), (-5.0, 2.0)):
        subject = subject_of((network, *samples([[2.0]], [[expected]], loss="absolute")))

        found = difference(subject, ParameterRef(1, 0, 0), 1e-3)

        assert found.numeric == pytest.approx(slope, rel=1e-10)
        assert found.movement == pytest.approx(2.0, rel=1e-10)


def test_terms_that_cancel_out_move_all_the_same():
    network = Network.dense([1, 1], ["linear"], [[[1.0]]])
    subject = subject_of((network, *samples([[2.0], [2.0]], [[5.0], [-5.0]], loss="absolute")))

    found = difference(subject, ParameterRef(1, 0, 0), 1e-3)

    assert found.numeric == pytest.approx(0.0, abs=1e-10)
    assert found.movement == pytest.approx(4.0, rel=1e-10)


@given(any_problems(STEADY))
def test_many_at_once_are_what_each_is_alone(problem):
    network, subject = problem[0], subject_of(problem)
    refs = network.refs()
    steps = np.linspace(1e-5, 1e-3, len(refs))

    together = subject.differences(refs, steps)

    assert len(together) == len(refs)
    for ref, h, found in zip(refs, steps, together, strict=True):
        alone = difference(subject, ref, h)
        assert (alone is None) == (found is None)
        if alone is not None:
            room = 1e-9 * (1 + abs(alone.movement))
            assert found.numeric == pytest.approx(alone.numeric, abs=room)
            assert found.movement == pytest.approx(alone.movement, abs=room)


def samples(inputs, expected, **options):
    rows = type("Rows", (), {"inputs": np.array(inputs), "expected": np.array(expected)})
    return rows, Settings(**options)


def test_the_noise_grows_as_the_step_shrinks():
    network = Network.dense([2, 1], ["tanh"], [[[0.3, 0.9]]])
    subject = subject_of((network, *samples([[0.5, -0.25]], [[1.0]])))
    noises = [difference(subject, ParameterRef(1, 0, 0), h).noise for h in (1e-3, 1e-5, 1e-7)]

    assert noises[1] == pytest.approx(100 * noises[0], rel=0.5)
    assert noises[2] == pytest.approx(100 * noises[1], rel=0.5)
    assert noises[0] < 1e-11


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("half_squared", [[0.3, 0.7, 0.1]]),
        ("absolute", [[0.3, 0.7, 0.1]]),
        ("huber", [[0.3, 0.7, 0.1]]),
        ("hinge", [[1.0, -1.0, 1.0]]),
        ("softmax_cross_entropy", [[0.25, 0.0, 0.75]]),
        ("binary_cross_entropy", [[0.25, 0.0, 1.0]]),
        ("binary_cross_entropy", [[0.999999] * 3]),
    ],
)
@pytest.mark.parametrize("scale", [1.0, 30.0])
def test_the_estimate_of_the_rounding_covers_the_true_error(loss, expected, scale):
    """The true error: against the same feedforward in extended precision."""
    settings = Settings(loss=loss)
    last = settings.loss_function.activation or "linear"
    random = np.random.default_rng(8)
    for _ in range(50):
        weights = [random.uniform(-1, 1, (20, 30)), scale * random.uniform(-1, 1, (3, 20))]
        network = Network.dense([30, 20, 3], ["tanh", last], weights)
        inputs = random.uniform(-1, 1, (1, 30))
        passed = forward(network, inputs)
        z, o = passed.pre_activations[-1], passed.outputs
        wide = np.longdouble
        exact_z = np.tanh(inputs.astype(wide) @ weights[0].T.astype(wide)) @ weights[1].T.astype(
            wide
        )
        exact_o = exact_z
        if last == "sigmoid":
            exact_o = 1 / (1 + np.exp(-exact_z))
        elif last == "softmax":
            exact_o = np.exp(exact_z) / np.exp(exact_z).sum()
        t = np.array(expected)
        entry = settings.loss_function
        term = entry.term(o, t, z, entry.number)
        noise = Rounding.of(network, passed).of_loss(entry, z, o, t, term)

        exact = entry.term(exact_o, t.astype(wide), exact_z, entry.number)
        wrong = term.astype(wide) - exact
        assert abs(float(wrong.sum())) <= np.linalg.norm(noise)
        assert np.linalg.norm(noise) <= 1e-11 * scale**2
