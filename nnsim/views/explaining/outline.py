"""The outline of a pass: its four phases, the neurons under them, and under those every idea."""

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from nnsim.engine.network import Network
from nnsim.engine.references import Neuron
from nnsim.tracing.names import layer_name, neuron_name
from nnsim.tracing.partial_trace import PartialTrace
from nnsim.tracing.pass_plan import PassPlan, Phase
from nnsim.tracing.symbols import words_in
from nnsim.tracing.trace import Trace

IDEA, BEGIN, END = (Qt.ItemDataRole.UserRole + i for i in range(3))
"""Numbers of ideas: a Python object within an item would outlive Python at the end."""
LAYERS_FROM = 24
"""With more neurons than that in a phase, layers stand between the phase and its neurons."""


class Outline(QTreeWidget):
    """A tree to jump in; the ideas of a neuron are listed when it is opened."""

    idea_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setAccessibleName(self.tr("Outline of the pass"))
        self.setIndentation(14)
        self.setUniformRowHeights(True)
        self.setRootIsDecorated(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._plan: PassPlan | None = None
        self._network: Network | None = None
        self._trace: Trace | None = None
        self._named: tuple[object, ...] = ()
        self.itemExpanded.connect(self._list_ideas)
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)

    def show_pass(self, trace: PartialTrace) -> None:
        """Show the ideas of a pass with the one that was reached marked."""
        plan, network = trace.plan, trace.network
        named = (plan, network.structure.labels, trace.conventions)
        self._trace = trace
        if named != self._named:
            self._named, self._plan, self._network = named, plan, network
            self._fill()
        self._mark(trace.reached)

    def _fill(self) -> None:
        assert self._plan is not None
        assert self._network is not None
        self.clear()
        by_layers = sum(self._network.sizes[1:]) > LAYERS_FROM
        for phase in Phase:
            stages = [place for place, s in enumerate(self._plan.stages) if s.phase is phase]
            if stages:
                top = self._item(self, self._phase_words(phase), range(0))
                self._fill_phase(top, phase, stages, by_layers)

    def _fill_phase(
        self, top: QTreeWidgetItem, phase: Phase, stages: list[int], by_layers: bool
    ) -> None:
        assert self._plan is not None
        assert self._network is not None
        layers: dict[int, QTreeWidgetItem] = {}
        for neuron, numbers in _runs(self._plan, stages):
            parent = top
            if neuron is not None and by_layers:
                layer = neuron[0]
                if layer not in layers:
                    layers[layer] = self._item(top, layer_name(self._network, layer), range(0))
                parent = layers[layer]
            if neuron is None:
                is_loss = phase is Phase.error
                self._idea_item(parent, numbers.start, self.tr("loss E") if is_loss else "")
            else:
                self._item(parent, neuron_name(self._network, *neuron), numbers)

    def _item(
        self, parent: "QTreeWidget | QTreeWidgetItem", text: str, numbers: range
    ) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text])
        item.setData(0, BEGIN, numbers.start)
        item.setData(0, END, numbers.stop)
        if numbers:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        self._put(parent, item)
        return item

    def _idea_item(self, parent: QTreeWidgetItem, number: int, name: str = "") -> None:
        assert self._trace is not None
        assert self._plan is not None
        item = QTreeWidgetItem([name or words_in(self._trace, self._plan[number])])
        item.setData(0, IDEA, number)
        item.setToolTip(0, item.text(0))
        self._put(parent, item)

    def _put(self, parent: "QTreeWidget | QTreeWidgetItem", item: QTreeWidgetItem) -> None:
        if isinstance(parent, QTreeWidget):
            parent.addTopLevelItem(item)
        else:
            parent.addChild(item)

    def _list_ideas(self, item: QTreeWidgetItem) -> None:
        """List the ideas of a neuron the first time that it is opened."""
        if item.childCount() == 0:
            for number in _numbers(item):
                self._idea_item(item, number)

    def _mark(self, reached: int) -> None:
        """Open the way to the idea that was reached, and close the one before."""
        assert self._plan is not None
        if reached < 0:
            self.setCurrentIndex(QModelIndex())
            return
        current = self.currentItem()
        if current is not None and current.data(0, IDEA) == reached:
            return
        item = self._found(self.invisibleRootItem(), reached)
        if item is not None:
            self.setCurrentItem(item)
            self.scrollToItem(item)

    def _found(self, item: QTreeWidgetItem, reached: int) -> QTreeWidgetItem | None:
        """The item of an idea somewhere below another; the way to it is opened."""
        numbers = _numbers(item)
        if reached in numbers:
            item.setExpanded(True)
            self._list_ideas(item)
            return item.child(reached - numbers.start)
        for place in range(item.childCount()):
            child = item.child(place)
            if child is None or child.data(0, IDEA) == reached:
                return child
            if found := self._found(child, reached):
                return found
        return None

    def _choose(self, item: QTreeWidgetItem) -> None:
        number, numbers = item.data(0, IDEA), _numbers(item)
        if number is None and numbers:
            number = numbers.stop - 1
        if number is None:
            item.setExpanded(not item.isExpanded())
        elif self._plan is not None:
            self.idea_chosen.emit(self._plan[number])

    def _phase_words(self, phase: Phase) -> str:
        return {
            Phase.feedforward: self.tr("Feedforward"),
            Phase.error: self.tr("Error"),
            Phase.backpropagation: self.tr("Backpropagation"),
            Phase.update: self.tr("Update"),
        }[phase]


def _runs(plan: PassPlan, stages: list[int]) -> Iterator[tuple[Neuron | None, range]]:
    """Yield each neuron of following stages with the numbers of its ideas there."""
    begin = 0
    while begin < len(stages):
        end = begin + 1
        neuron = plan.stages[stages[begin]].neuron
        while end < len(stages) and plan.stages[stages[end]].neuron == neuron:
            end += 1
        numbers = range(plan.starts[stages[begin]], plan.starts[stages[end - 1] + 1])
        if numbers:
            yield neuron, numbers
        begin = end


def _numbers(item: QTreeWidgetItem) -> range:
    """The ideas of a neuron; none of a phase or an idea."""
    return range(item.data(0, BEGIN) or 0, item.data(0, END) or 0)
