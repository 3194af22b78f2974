"""The Document: all that a person makes and saves. Immutable; edits.py makes new ones."""

from copy import copy
from dataclasses import dataclass, field
from operator import index

import numpy as np
from numpy.typing import NDArray

from nnsim.data.samples import Samples
from nnsim.engine.learned import Learned
from nnsim.engine.losses import check_expected, check_loss_fits
from nnsim.engine.metrics import Metrics, metrics_of
from nnsim.engine.network import Network
from nnsim.engine.optimizers import OPTIMIZERS, Moments
from nnsim.engine.order import batch_at, epoch_order
from nnsim.engine.settings import Settings, whole_number
from nnsim.engine.structure import check_neuron
from nnsim.engine.training import coming_step
from nnsim.errors import BadSamples, BadSetting, counted, short
from nnsim.model.drawing import Drawing
from nnsim.tracing.trace import Standing, Trace, trace_of

MAX_STEPS = 2**53 - 1  # what every JSON reader keeps exactly


@dataclass(frozen=True)
class Position:
    """Where training stands: steps done, and the place in which epoch's order comes next."""

    step: int = 0
    epoch: int = 0
    place: int = 0

    def __post_init__(self) -> None:
        for name in ("step", "epoch", "place"):
            object.__setattr__(self, name, whole_number(getattr(self, name), f"The {name}"))


@dataclass(frozen=True, eq=False)
class Document:
    """A network, its samples and settings, and how far it was trained from which start weights.

    start: the network at step 0, with the same structure, which Restart goes back to; the network
    itself when not given. moments: what the optimizer remembers; begun anew when not given or when
    they are of another optimizer. validation: samples that are only measured, never trained on.
    title: what it is called. example: which ready example it was made from, if any ("chapter" is
    compared with the book). drawing: notes on neurons, and those that a person has put somewhere.
    Raises BadSamples, BadNetwork or BadSetting.
    """

    network: Network
    samples: Samples
    settings: Settings = field(default_factory=Settings)
    start: Network = None  # type: ignore[assignment]  # filled in below; never None afterwards
    position: Position = field(default_factory=Position)
    title: str = "Untitled"
    example: str | None = None
    moments: Moments = None  # type: ignore[assignment]  # likewise
    validation: Samples | None = None
    drawing: Drawing = field(default_factory=Drawing)

    def __post_init__(self) -> None:
        if self.start is None:
            object.__setattr__(self, "start", self.network)  # type: ignore[unreachable]
        if not self.start.same_structure(self.network):
            raise BadSetting("The start weights belong to a network of another structure.")
        if not self.start.same_frozen(self.network):
            object.__setattr__(self, "start", self.network.with_parameters(self.start.parameters))
        optimizer, count = OPTIMIZERS[self.settings.optimizer], len(self.network.parameters)
        if self.moments is None or not optimizer.suits(self.moments, count):
            object.__setattr__(self, "moments", optimizer.begin(count))
        object.__setattr__(self, "moments", optimizer.owning(self.moments))
        for neuron in self.drawing.neurons:
            check_neuron(self.network.structure, neuron)
        check_loss_fits(self.settings.loss_function, self.network.layers[-1].activations)
        self._check_samples(self.samples, "samples", "sample")
        if self.validation is not None:
            self._check_samples(self.validation, "validation samples", "validation sample")
        if self.position.place >= max(1, len(self.samples)):
            raise BadSetting(
                f"Place {self.position.place} of the epoch is past the {len(self.samples)} samples."
            )

    def _check_samples(self, samples: Samples, plural: str, singular: str) -> None:
        for have, want, what in (
            (samples.inputs.shape[1], self.network.input_count, "input"),
            (samples.expected.shape[1], self.network.output_count, "expected output"),
        ):
            if have != want:
                raise BadSamples(
                    f"The {plural} have {counted(have, what)}, but the network needs {want}."
                )
        check_expected(self.settings.loss_function, samples.expected, singular)

    @property
    def sample(self) -> int | None:
        """The first sample of the next step (counted from 0); None when there are no samples."""
        return int(self.order[self.position.place]) if len(self.samples) else None

    @property
    def batch(self) -> NDArray[np.intp]:
        """The samples of the next step."""
        return batch_at(self.order, self.position.place, self.settings.batch_size)

    @property
    def steps_of_an_epoch(self) -> int:
        """How many steps train on as many samples as there are."""
        batch = self.settings.batch_size or len(self.samples)
        return max(1, -(-len(self.samples) // max(1, batch)))

    @property
    def order(self) -> NDArray[np.intp]:
        """The samples in the order of this epoch."""
        settings = self.settings
        return epoch_order(len(self.samples), settings.shuffle, settings.seed, self.position.epoch)

    @property
    def learned(self) -> Learned:
        """What training goes on from."""
        position = self.position
        return Learned(self.network, self.moments, position.step, position.epoch, position.place)

    def trained_to(self, learned: Learned) -> "Document":
        """Return this document with what training made of it; nothing else changes."""
        trained = copy(self)
        position = Position(learned.step, learned.epoch, learned.place)
        for name, value in (
            ("network", learned.network),
            ("moments", OPTIMIZERS[self.settings.optimizer].owning(learned.moments)),
            ("position", position),
        ):
            object.__setattr__(trained, name, value)  # checked before: samples and settings stay
        return trained

    def trace(self, sample: int | None = None) -> Trace:
        """Return the Trace of a sample (counted from 0), by default the first of the next step.

        The new values are those of the next step when it uses the sample, else those of a step on
        that sample alone. Raises BadSamples when there is no such sample.
        """
        if not len(self.samples):
            raise BadSamples("There are no samples: add one to trace.")
        chosen = self.sample if sample is None else self._checked(sample)
        assert chosen is not None
        alone = None if chosen in self.batch else np.array([chosen])
        coming = coming_step(
            self.learned, self.samples.inputs, self.samples.expected, self.settings, alone
        )
        return trace_of(
            self.network,
            self.samples.inputs[chosen],
            self.samples.expected[chosen],
            self.settings,
            chosen,
            coming,
            Standing(self.position.step, self.batch, self.moments),
        )

    def _checked(self, sample: int) -> int:
        """The number of a sample, as a whole number of Python's."""
        try:
            chosen = -1 if isinstance(sample, bool) else index(sample)
        except TypeError:
            chosen = -1
        if not 0 <= chosen < len(self.samples):
            raise BadSamples(
                f"There is no sample {short(sample)}: they count from 0 to {len(self.samples) - 1}."
            )
        return chosen

    def metrics(self, validation: bool = False) -> Metrics:
        """Measure the network on its samples, or on the validation samples.

        Raises BadSamples when there are no validation samples.
        """
        samples = self.validation if validation else self.samples
        if samples is None:
            raise BadSamples("This document has no validation samples.")
        loss = self.settings.loss_function
        trained = self.samples.expected
        return metrics_of(self.network, samples.inputs, samples.expected, loss, trained)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Document):
            return NotImplemented
        return self is other or all(
            getattr(self, name) == getattr(other, name) for name in self.__dataclass_fields__
        )

    def __hash__(self) -> int:
        return hash((self.network, self.samples, self.settings, self.position, self.title))


def trace(document: Document, sample: int | None = None) -> Trace:
    """Return every number of one step on a sample (from 0), by default the next step's.

    Raises BadSamples when there is no such sample.
    """
    return document.trace(sample)


def metrics(document: Document, validation: bool = False) -> Metrics:
    """Return loss, error of each output and accuracy on the samples, or the validation samples."""
    return document.metrics(validation)
