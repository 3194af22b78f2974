"""The menu of the factor table: which weights it lists, and which columns it has."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from nnsim.model.frame import Frame
from nnsim.tracing.factor_rows import LARGEST, Listing, Only
from nnsim.tracing.names import layer_name, neuron_name
from nnsim.views.factors.columns import ALWAYS, COLUMNS, EVERY_COLUMN, ON_PAPER, heading


class ListingMenu(QMenu):
    """Made anew whenever it opens, for the network that is shown then."""

    listing_chosen = Signal(object)
    columns_chosen = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self.listing = Listing()
        self.columns: tuple[str, ...] = COLUMNS
        self.aboutToShow.connect(self._fill)

    def show_frame(self, frame: Frame) -> None:
        """Take in a moment."""
        self._frame = frame

    def words(self) -> str:
        """Return what is listed, in a word or two for a button."""
        listing, frame = self.listing, self._frame
        if frame is None:
            return self.tr("All")
        network = frame.document.network
        if listing.neuron is not None and listing.neuron[0] < len(network.sizes):
            return neuron_name(network, *listing.neuron)
        if listing.layer is not None and listing.layer <= len(network.layers):
            return self.tr("into {}").format(layer_name(network, listing.layer))
        return self._only_words()[listing.only] if listing.only is not Only.all else self.tr("All")

    def _only_words(self) -> dict[Only, str]:
        return {
            Only.all: self.tr("All weights and biases"),
            Only.largest: self.tr("{} largest deltas").format(LARGEST),
            Only.frozen: self.tr("Frozen"),
            Only.zero: self.tr("Delta 0"),
        }

    def _fill(self) -> None:
        self.clear()
        frame = self._frame
        if frame is None:
            return
        for only, said in self._only_words().items():
            is_now = self.listing == replace(self._bare(), only=only)
            self._add(self, said, is_now, partial(self._choose, replace(self._bare(), only=only)))
        network = frame.document.network
        layers = self.addMenu(self.tr("Into layer"))
        for layer in range(1, len(network.sizes)):
            listing = replace(self._bare(), layer=layer)
            said = layer_name(network, layer)
            self._add(layers, said, self.listing == listing, partial(self._choose, listing))
        self._fill_neurons(frame)
        self.addSeparator()
        columns = self.addMenu(self.tr("Columns"))
        for column in EVERY_COLUMN:
            if column not in ALWAYS:
                said = heading(column, frame).strip(" ×=")
                shown = column in self.columns
                self._add(columns, said, shown, partial(self._toggle, column))
        if self.listing.column is not None:
            unsorted = replace(self.listing, column=None, largest_first=True)
            self._add(self, self.tr("In the usual order"), False, partial(self._choose, unsorted))

    def _fill_neurons(self, frame: Frame) -> None:
        """What touches the neurons that are chosen in the diagram."""
        chosen = sorted(part for part in frame.chosen if isinstance(part, tuple))
        for neuron in chosen[:12]:
            listing = replace(self._bare(), neuron=neuron)
            name = neuron_name(frame.document.network, *neuron)
            said = self.tr("Into and out of {}").format(name)
            self._add(self, said, self.listing == listing, partial(self._choose, listing))

    def _bare(self) -> Listing:
        """The same order, of everything."""
        return Listing(self.listing.column, self.listing.largest_first)

    def _add(self, menu: QMenu, said: str, is_now: bool, do: Callable[[], None]) -> None:
        action = menu.addAction(said)
        action.setCheckable(True)
        action.setChecked(is_now)
        action.triggered.connect(lambda _checked: do())

    def _choose(self, listing: Listing) -> None:
        self.listing = listing
        self.listing_chosen.emit(listing)

    def _toggle(self, column: str) -> None:
        """Show a column, or no longer."""
        self._show(set(self.columns) ^ {column})

    def show_arithmetic(self, is_on_paper: bool) -> None:
        """Show the columns of paper's arithmetic when one is chosen, and no longer without one."""
        others = set(self.columns) - set(ON_PAPER)
        self._show(others | set(ON_PAPER) if is_on_paper else others)

    def _show(self, wanted: set[str]) -> None:
        """They keep their order."""
        self.columns = tuple(column for column in EVERY_COLUMN if column in wanted)
        self.columns_chosen.emit(self.columns)
