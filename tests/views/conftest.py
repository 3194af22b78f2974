"""Frames to show, and the program's fonts and colours."""

import pytest

from nnsim.data.samples import Samples
from nnsim.engine.initializers import with_uniform_weights
from nnsim.engine.network import Network
from nnsim.engine.settings import Settings
from nnsim.model.document import Document
from nnsim.model.frame import Focus, Frame, frame_of
from nnsim.model.history import History
from nnsim.model.run import Run
from nnsim.views.parts.theme import use_theme
from nnsim.views.parts.type import load_fonts


@pytest.fixture(scope="session")
def qapp_args():
    return ["nnsim", "-style", "Fusion"]


@pytest.fixture(scope="session", autouse=True)
def dressed(qapp):
    load_fonts()
    use_theme(qapp, "light")
    return qapp


@pytest.fixture
def chapter() -> Document:
    network = Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]])
    samples = Samples([[0.1, 0.8]], [[0.4]])
    return Document(network, samples, Settings(learning_rate=1.0), example="chapter")


@pytest.fixture
def xor() -> Document:
    plain = Network.dense([2, 4, 1], ["tanh", "sigmoid"], biases=[[0] * 4, [0]])
    samples = Samples([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]])
    return Document(with_uniform_weights(plain, seed=3), samples, Settings(learning_rate=0.5))


@pytest.fixture
def two_outputs() -> Document:
    network = with_uniform_weights(Network.dense([2, 2, 2], ["sigmoid", "sigmoid"]), seed=1)
    return Document(network, Samples([[0.05, 0.1]], [[0.01, 0.99]]))


@pytest.fixture
def frame():
    """Make a Frame of a document or a run."""

    def make(of: Document | Run, tried: tuple[float, ...] | None = None, **said) -> Frame:
        run = of if isinstance(of, Run) else Run.of(of)
        return frame_of(History(run), Focus(tried=tried), **said)

    return make
