"""How one neuron, and one weight or bias, of a network is referred to."""

from dataclasses import dataclass

Neuron = tuple[int, int]
"""(layer, index), layer 0 for the inputs; both count from 0."""


@dataclass(frozen=True)
class ParameterRef:
    """Names one weight or bias: the one into neuron `to` of `layer` (1 = first after the inputs).

    `source` is a neuron of the layer before, or of `source_layer` for a connection that skips
    layers; None for the bias. Neurons count from 0.
    """

    layer: int
    to: int
    source: int | None
    source_layer: int | None = None
    """None, the usual case, for the layer before."""

    def __post_init__(self) -> None:
        if self.source_layer == self.layer - 1:
            object.__setattr__(self, "source_layer", None)

    @property
    def is_bias(self) -> bool:
        """Whether this is a bias."""
        return self.source is None

    @property
    def from_layer(self) -> int:
        """The layer that the weight comes from (0 = the inputs)."""
        return self.layer - 1 if self.source_layer is None else self.source_layer
