"""nnsim: see, edit and understand every number of a neural network as it learns.

The same objects the window uses:

    net = nnsim.Network.dense([2, 1], activations=["linear"], weights=[[[0.3, 0.9]]])
    doc = nnsim.Document(net, nnsim.Samples([[0.1, 0.8]], [[0.4]]))
    nnsim.trace(doc).weight_deltas()        # [array([[0.035, 0.28]])]
    run = nnsim.train(doc, steps=1)
    run.document.network.weights, run.losses
    nnsim.save(run.document, "trained.nnsim"); nnsim.open("trained.nnsim")
    nnsim.new_network([64, 32, 10], ["relu", "softmax"], nnsim.Settings(initializer="he"))

What is not used is not loaded: a name brings its module with it when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnsim.data.samples import Samples
    from nnsim.engine.initializers import new_network
    from nnsim.engine.metrics import Metrics
    from nnsim.engine.network import Layer, Network, ParameterRef
    from nnsim.engine.settings import Settings
    from nnsim.errors import NnsimError
    from nnsim.files.project import open_project as open
    from nnsim.files.project import save
    from nnsim.model.document import Document, Position, metrics, trace
    from nnsim.model.run import Run, train
    from nnsim.tracing.trace import Trace

__version__ = "0.1.0"

_PLACES = {
    "Document": "nnsim.model.document.Document",
    "Layer": "nnsim.engine.network.Layer",
    "Metrics": "nnsim.engine.metrics.Metrics",
    "Network": "nnsim.engine.network.Network",
    "NnsimError": "nnsim.errors.NnsimError",
    "ParameterRef": "nnsim.engine.network.ParameterRef",
    "Position": "nnsim.model.document.Position",
    "Run": "nnsim.model.run.Run",
    "Samples": "nnsim.data.samples.Samples",
    "Settings": "nnsim.engine.settings.Settings",
    "Trace": "nnsim.tracing.trace.Trace",
    "metrics": "nnsim.model.document.metrics",
    "new_network": "nnsim.engine.initializers.new_network",
    "open": "nnsim.files.project.open_project",
    "save": "nnsim.files.project.save",
    "trace": "nnsim.model.document.trace",
    "train": "nnsim.model.run.train",
}

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
    "new_network",
    "open",
    "save",
    "trace",
    "train",
]


def __getattr__(name: str) -> object:
    """Load the module of a public name (PEP 562)."""
    if name not in _PLACES:
        raise AttributeError(f"module 'nnsim' has no attribute {name!r}")
    module, _, attribute = _PLACES[name].rpartition(".")
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, those not loaded yet among them."""
    return sorted(__all__)
