"""Diederik Kingma and Jimmy Ba, “Adam: A Method for Stochastic Optimization”, ICLR 2015.

https://arxiv.org/abs/1412.6980. It prints no run, but what its rule must do (section 2.1): the
first step is α · g/(|g| + ε), so α against the sign of the gradient, however large that is; and a
loss scaled by c leaves all steps the same, as c cancels out.
"""

import numpy as np
import pytest

from nnsim import Document, Network, Samples, Settings, train

NETWORK = Network.dense(
    [2, 2, 1], ["tanh", "linear"], [[[0.3, -0.8], [0.5, 0.2]], [[0.7, -0.4]]], [[0.1, -0.2], [0.05]]
)
SAMPLES = Samples([[0.6, -0.9], [0.2, 0.4]], [[3.0], [-1.0]])


def document_with(**settings):
    return Document(NETWORK, SAMPLES, Settings(optimizer="adam", **settings))


@pytest.mark.parametrize("alpha", [0.001, 0.5])
def test_the_first_step_is_alpha_against_the_sign_of_the_gradient(alpha):
    document = document_with(learning_rate=alpha)
    gradient = document.trace().step.gradient
    change = train(document, 1).document.network.parameters - NETWORK.parameters

    assert change == pytest.approx(-alpha * gradient / (np.abs(gradient) + 1e-8), rel=1e-12)
    assert change == pytest.approx(-alpha * np.sign(gradient), rel=1e-6)


def test_a_loss_twice_as_large_leaves_all_steps_the_same():
    half, whole = (
        train(document_with(learning_rate=0.01, epsilon=1e-30, loss=loss), 20).document.network
        for loss in ("half_squared", "squared")
    )

    assert whole.parameters == pytest.approx(half.parameters, rel=1e-12)
