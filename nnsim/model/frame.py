"""The Frame: all that the views need for one moment. Views show it and change nothing."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.forward import outputs_of
from nnsim.engine.metrics import Metrics
from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.references import Neuron
from nnsim.model.book import BookComparison, compare_with_book
from nnsim.model.document import Document
from nnsim.model.history import History
from nnsim.model.inside import Inside, trace_inside
from nnsim.model.latest_traces import latest_trace
from nnsim.model.rebuilding import Fresh
from nnsim.model.run import Run
from nnsim.tracing.conventions import AS_TRAINED, Conventions
from nnsim.tracing.pass_plan import has_quantity
from nnsim.tracing.quantity import Quantity
from nnsim.tracing.shown_trace import in_conventions
from nnsim.tracing.trace import Trace, trace_of

Array = NDArray[np.float64]
Part = Neuron | ParameterRef
"""What can be chosen in the diagram: a neuron (layer 0: an input), or a weight or bias."""
Parts = frozenset[Part]


@dataclass(frozen=True)
class Focus:
    """What a person looks at: a selected weight, chosen parts, inputs tried in the scratch row."""

    selected: ParameterRef | None = None
    """The weight or bias whose factors are shown."""
    chosen: Parts = frozenset()
    """What the next edit of a selection is for."""
    tried: tuple[float, ...] | None = None
    """Inputs being tried in place of a sample's; None when a sample is looked at."""
    inside: Inside | None = None
    """Where a person stands inside the coming step; None when all of it is shown."""
    trail: tuple[Quantity, ...] = ()
    """The numbers whose cards were opened one from another; the last one is shown."""

    def within(self, network: Network) -> "Focus":
        """Return the focus without the parts that are not in a network."""
        selected = self.selected if self.selected and network.has(self.selected) else None
        chosen = frozenset(part for part in self.chosen if has_part(network, part))
        return replace(self, selected=selected, chosen=chosen)


def has_part(network: Network, part: Part) -> bool:
    """Return whether a network has that neuron, weight or bias."""
    if isinstance(part, ParameterRef):
        return network.has(part)
    layer, index = part
    return 0 <= layer < len(network.sizes) and 0 <= index < network.sizes[layer]


@dataclass(frozen=True)
class Frame:
    """One moment of the program.

    Everything shown is read from `run` and `trace`; what costs time is computed when asked for.
    """

    run: Run
    trace: Trace | None
    """Of the sample of the next step, or of the tried inputs; None without either."""
    selected: ParameterRef | None
    tried: tuple[float, ...] | None
    book: BookComparison | None
    undo_name: str | None = None
    redo_name: str | None = None
    running: bool = False
    steps_per_second: float | None = None
    path: str | None = None
    """The project file that the document is from; None for a new one."""
    unsaved: bool = False
    tried_trace: Trace | None = field(default=None)
    """Of the scratch row, whatever is looked at."""
    chosen: Parts = frozenset()
    """The neurons, weights and biases that the next edit of a selection is for."""
    fresh: Fresh | None = None
    """Where new weights get their numbers from; None while nobody has said."""
    inside: Inside | None = None
    """Where a person stands inside the coming step; `trace` then goes only so far."""
    trail: tuple[Quantity, ...] = ()
    """The numbers whose cards were opened one from another."""
    wished_conventions: Conventions = AS_TRAINED
    """How a person wants numbers shown; `conventions` are what the settings allow of them."""

    @property
    def conventions(self) -> Conventions:
        """How the numbers of this moment are shown."""
        return self.wished_conventions if self.trace is None else self.trace.conventions

    @property
    def loss_factor(self) -> float:
        """What losses are multiplied by to be shown: 2 where ½Σ is shown as Σ."""
        shown = None if self.trace is None else self.trace.shown
        return 1.0 if shown is None else float(shown.loss_factor)

    @property
    def looked_at(self) -> Quantity | None:
        """The number whose origin is explained: of an open card, else the idea of the pass."""
        if self.trail:
            return self.trail[-1]
        return self.inside.idea if self.inside is not None else None

    @property
    def document(self) -> Document:
        """The document of the run."""
        return self.run.document

    @property
    def file_name(self) -> str | None:
        """The name of the project file, without its folder."""
        return Path(self.path).name if self.path else None

    @cached_property
    def sample_outputs(self) -> Array:
        """The outputs for every sample, [samples, outputs]."""
        return outputs_of(self.document.network, self.document.samples.inputs)

    @cached_property
    def metrics(self) -> Metrics:
        """Loss, errors and accuracy on all samples, at the present weights."""
        return self.document.metrics()

    @cached_property
    def validation_metrics(self) -> Metrics | None:
        """Loss, errors and accuracy on the validation samples; None where there are none."""
        validation = self.document.validation
        return self.document.metrics(validation=True) if validation else None

    @property
    def mean_loss(self) -> float | None:
        """The mean of E over all samples, at the present weights; None without samples."""
        return self.metrics.loss if len(self.document.samples) else None


def frame_of(
    history: History,
    focus: Focus,
    running: bool = False,
    steps_per_second: float | None = None,
    path: str | None = None,
    unsaved: bool = False,
    fresh: Fresh | None = None,
    conventions: Conventions = AS_TRAINED,
) -> Frame:
    """Return the Frame of the present run as a person with this focus sees it."""
    run = history.present
    document = run.document
    own = latest_trace(document, None, conventions) if len(document.samples) else None
    tried = _tried_trace(document, focus.tried, conventions)
    inside = focus.inside if own is not None and tried is None else None
    part = trace_inside(document, inside, conventions) if inside is not None else None
    if part is not None and inside is not None and part.reached < 0:
        inside = replace(inside, idea=None)  # an edit has taken it away
    trace = tried or part or own
    selected = focus.selected if focus.selected and document.network.has(focus.selected) else None
    return Frame(
        run=run,
        trace=trace,
        selected=selected,
        tried=focus.tried if tried else None,
        book=compare_with_book(document, None if own is None else own.trained),
        undo_name=history.undo_name,
        redo_name=history.redo_name,
        running=running,
        steps_per_second=steps_per_second,
        path=path,
        unsaved=unsaved,
        tried_trace=tried,
        chosen=focus.chosen,
        fresh=fresh,
        inside=inside,
        trail=tuple(q for q in focus.trail if trace is not None and has_quantity(trace, q)),
        wished_conventions=conventions,
    )


def _tried_trace(
    document: Document, tried: tuple[float, ...] | None, conventions: Conventions
) -> Trace | None:
    if tried is None or len(tried) != document.network.input_count:
        return None
    inputs = np.array(tried, dtype=np.float64)
    trace = trace_of(document.network, inputs, None, document.settings)
    return in_conventions(trace, conventions)
