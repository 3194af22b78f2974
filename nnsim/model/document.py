"""The Document: all that a person makes and saves. Immutable; edits.py makes new ones."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnsim.data.samples import Samples
from nnsim.engine.network import Network
from nnsim.engine.order import epoch_order
from nnsim.engine.settings import Settings
from nnsim.errors import BadSamples, BadSetting
from nnsim.tracing.trace import Trace, trace_of

MAX_STEPS = 2**53 - 1  # what every JSON reader keeps exactly


@dataclass(frozen=True)
class Position:
    """Where training stands: steps done, and the place in which epoch's order comes next."""

    step: int = 0
    epoch: int = 0
    place: int = 0

    def __post_init__(self) -> None:
        for name in ("step", "epoch", "place"):
            value = getattr(self, name)
            if type(value) is not int or not 0 <= value <= MAX_STEPS:
                raise BadSetting(f"The {name} must be a whole number of at least 0, not {value!r}.")


@dataclass(frozen=True, eq=False)
class Document:
    """A network, its samples and settings, and how far it was trained from which start weights.

    start: the network at step 0, with the same structure, which Restart goes back to; the network
    itself when not given. title: what it is called. example: which ready example it was made from,
    if any ("chapter" is compared with the book). Raises BadSamples, BadNetwork or BadSetting.
    """

    network: Network
    samples: Samples
    settings: Settings = field(default_factory=Settings)
    start: Network = None  # type: ignore[assignment]  # filled in below; never None afterwards
    position: Position = field(default_factory=Position)
    title: str = "Untitled"
    example: str | None = None

    def __post_init__(self) -> None:
        if self.start is None:
            object.__setattr__(self, "start", self.network)  # type: ignore[unreachable]
        if not self.start.same_structure(self.network):
            raise BadSetting("The start weights belong to a network of another structure.")
        for have, want, what in (
            (self.samples.inputs.shape[1], self.network.input_count, "inputs"),
            (self.samples.expected.shape[1], self.network.output_count, "expected outputs"),
        ):
            if have != want:
                raise BadSamples(f"The samples have {have} {what}, but the network needs {want}.")
        if self.position.place >= max(1, len(self.samples)):
            raise BadSetting(
                f"Place {self.position.place} of the epoch is past the {len(self.samples)} samples."
            )

    @property
    def sample(self) -> int | None:
        """The sample of the next step (counted from 0); None when there are no samples."""
        return int(self.order[self.position.place]) if len(self.samples) else None

    @property
    def order(self) -> NDArray[np.intp]:
        """The samples in the order of this epoch."""
        settings = self.settings
        return epoch_order(len(self.samples), settings.shuffle, settings.seed, self.position.epoch)

    def stepped(self, network: Network) -> "Document":
        """Return this document one step on: the new network, and the next sample in the order."""
        position = self.position
        epoch, place = position.epoch, position.place + 1
        if place >= len(self.samples):
            epoch, place = epoch + 1, 0
        return replace(self, network=network, position=Position(position.step + 1, epoch, place))

    def trace(self, sample: int | None = None) -> Trace:
        """Return the Trace of a sample (counted from 0), by default the one of the next step.

        Raises BadSamples when there is no such sample.
        """
        chosen = self.sample if sample is None else sample
        if chosen is None:
            raise BadSamples("There are no samples: add one to trace.")
        if not 0 <= chosen < len(self.samples):
            raise BadSamples(
                f"There is no sample {chosen}: they count from 0 to {len(self.samples) - 1}."
            )
        return trace_of(
            self.network,
            self.samples.inputs[chosen],
            self.samples.expected[chosen],
            self.settings.learning_rate,
            chosen,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Document):
            return NotImplemented
        return self is other or all(
            getattr(self, name) == getattr(other, name) for name in self.__dataclass_fields__
        )

    def __hash__(self) -> int:
        return hash((self.network, self.samples, self.settings, self.position, self.title))
