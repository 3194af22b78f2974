"""nnsim: see, edit and understand every number of a neural network as it learns.

The same objects the window uses:

    net = nnsim.Network.dense([2, 1], activations=["linear"], weights=[[[0.3, 0.9]]])
    doc = nnsim.Document(net, nnsim.Samples([[0.1, 0.8]], [[0.4]]))
    nnsim.trace(doc).weight_deltas()        # [array([[0.035, 0.28]])]
    run = nnsim.train(doc, steps=1)
    run.document.network.weights, run.losses
    nnsim.save(run.document, "trained.nnsim"); nnsim.open("trained.nnsim")
"""

from nnsim.data.samples import Samples
from nnsim.engine.metrics import Metrics
from nnsim.engine.network import Layer, Network, ParameterRef
from nnsim.engine.settings import Settings
from nnsim.errors import NnsimError
from nnsim.files.project import open_project as open
from nnsim.files.project import save
from nnsim.model.document import Document, Position
from nnsim.model.run import Run, train
from nnsim.tracing.trace import Trace

__version__ = "0.1.0"


def trace(document: Document, sample: int | None = None) -> Trace:
    """Return every number of one step on a sample (from 0), by default the next step's.

    Raises BadSamples when there is no such sample.
    """
    return document.trace(sample)


def metrics(document: Document, validation: bool = False) -> Metrics:
    """Return loss, error of each output and accuracy on the samples, or the validation samples."""
    return document.metrics(validation)


__all__ = [
    "Document",
    "Layer",
    "Metrics",
    "Network",
    "NnsimError",
    "ParameterRef",
    "Position",
    "Run",
    "Samples",
    "Settings",
    "Trace",
    "__version__",
    "metrics",
    "open",
    "save",
    "trace",
    "train",
]
