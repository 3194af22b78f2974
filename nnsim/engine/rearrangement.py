"""What a change of structure comes to: the new structure, and what stands where in it."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.lineage import Places
from nnsim.engine.references import Neuron
from nnsim.engine.structure import Layer, Mask, Structure

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rearrangement:
    """A new structure and, for each place of its flat vector, what comes to stand there.

    A place that is neither carried, copied nor fresh holds no weight or bias.
    """

    structure: Structure
    carried: Places
    """The place of the old flat vector whose number stays; −1 where none does."""
    copied: Places
    """The place, in the flat vector of the network that is copied from, of the number; or −1."""
    fresh: Mask
    """Which places hold a weight or bias that is neither and that needs a number."""
    moved: dict[Neuron, Neuron]
    """Where the old neurons stand now; one that was removed is not in it."""

    @property
    def present(self) -> Mask:
        """Which places hold a weight or bias."""
        return (self.carried >= 0) | (self.copied >= 0) | self.fresh

    def vector(self, old: Array, new: Array | float) -> Array:
        """Return a flat vector of the old structure as one of the new; `new` for all else."""
        return np.where(self.carried >= 0, old[self.carried], new)

    def trimmed(self) -> "Rearrangement":
        """Return the same with the shortest reach for each layer, and no room for biases where it
        has none."""
        layers, kept = [], []
        for number in range(1, len(self.structure.layers) + 1):
            layer, places = _trimmed(self.structure, number, self.present)
            layers.append(layer)
            kept.append(places)
        keep = np.concatenate(kept)
        return replace(
            self,
            structure=replace(self.structure, layers=tuple(layers)),
            carried=self.carried[keep],
            copied=self.copied[keep],
            fresh=self.fresh[keep],
        )

    def masked(self, old: Structure, source: Structure) -> "Rearrangement":
        """Return the same with the masks of what is there and of what is frozen, and the names.

        old: the structure that was rearranged; source: the one that was copied from.
        """
        frozen = np.zeros_like(self.fresh)
        for structure, places in ((old, self.carried), (source, self.copied)):
            if structure.frozen is not None:
                frozen |= (places >= 0) & structure.frozen[places]
        labels = old.labels.moved(self.moved)
        structure = replace(self.structure, present=self.present, frozen=frozen, labels=labels)
        return replace(self, structure=structure)


def _trimmed(structure: Structure, number: int, present: Mask) -> tuple[Layer, Places]:
    """One layer with the shortest reach that holds what is there, and the places it keeps."""
    layer, slot = structure.layers[number - 1], structure.slots[number - 1]
    used = present[slot.weights : slot.biases].reshape(layer.size, slot.width).any(axis=0)
    before = structure.starts[number - 1]
    first = min(before, slot.first + int(used.argmax())) if used.any() else before
    reach = number - structure.neuron_at(first)[0]
    has_bias = bool(present[slot.biases : slot.end].any())
    rows = np.arange(slot.weights, slot.biases).reshape(layer.size, slot.width)
    weights = rows[:, structure.starts[number - reach] - slot.first :].ravel()
    biases = np.arange(slot.biases, slot.end if has_bias else slot.biases)
    return replace(layer, reach=reach, has_bias=has_bias), np.concatenate((weights, biases))
