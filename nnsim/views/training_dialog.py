"""The Training dialog: loss, batches, optimizer, learning rate over time, penalties, limits."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from nnsim.engine.losses import LOSSES
from nnsim.engine.optimizers import OPTIMIZERS
from nnsim.engine.settings import REDUCTIONS, SCHEDULES
from nnsim.model.document import Document
from nnsim.views.setting_rows import ChoiceRow, NumberRow, TickRow
from nnsim.views.setting_words import (
    explanation_of,
    formula_of,
    formulas_of,
    labels,
    number_words,
    part_titles,
    tick_words,
)
from nnsim.views.settings_draft import HUBER, SettingsDraft

SIZE = (1000, 640)
LABEL_WIDTH = 108

CHOICES = {
    "loss": tuple(LOSSES),
    "batch_reduction": REDUCTIONS,
    "optimizer": tuple(OPTIMIZERS),
    "schedule": SCHEDULES,
}
OPTIMIZER_NUMBERS = ("momentum", "rho", "beta1", "beta2", "epsilon", "weight_decay")
COLUMNS = (
    {
        "loss": ("loss", HUBER),
        "batches": ("batch_size", "batch_reduction"),
        "optimizer": ("optimizer", "learning_rate", *OPTIMIZER_NUMBERS),
    },
    {
        "order": ("shuffle", "seed"),
        "schedule": ("schedule", "schedule_steps", "schedule_factor", "warm_up_steps"),
        "penalties": ("l1", "l2"),
        "limits": ("clip_value", "clip_norm", "weight_limit"),
        "biases": ("train_biases",),
    },
)
"""The parts of the dialog, in two columns, and the settings in each."""
KEPT_PLACES = (HUBER, "schedule_steps", "schedule_factor")
"""Numbers of some choices only that stand above others: these stay where they are."""


class TrainingDialog(QDialog):
    """Asks how a document is to be trained. Show it with open()."""

    settings_changed = Signal(dict)
    """The settings that were changed, by their names; never empty."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Training"))
        self._draft = SettingsDraft(document)
        self.numbers: dict[str, NumberRow] = {}
        self.choices: dict[str, ChoiceRow] = {}
        self.ticks: dict[str, TickRow] = {}
        self.area = QScrollArea(self)
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self.use_button = QPushButton(self.tr("Use"), self)
        self._dress()
        self._lay_out()
        self._show_values()
        self._follow()

    def accept(self) -> None:
        """Say what was changed; nothing while something typed or chosen cannot be."""
        for row in self.numbers.values():
            if row.is_shown and not row.field.commit():
                row.field.setFocus()
                return
        if self._draft.reason():
            self.choices["loss"].box.setFocus()
            return
        super().accept()
        if changes := self._draft.changes():
            self.settings_changed.emit(changes)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._keep_room()
        self.choices["loss"].box.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_room()

    def _keep_room(self) -> None:
        for name, choice in self.choices.items():
            words = [explanation_of(self, name, each) for each in CHOICES[name]]
            choice.keep_room(formulas_of(name), words)

    def _take(self, name: str, value: Any) -> None:
        self._draft.take(name, value)
        self._follow()

    def _show_values(self) -> None:
        for name, number in self.numbers.items():
            number.show_value(self._draft.number(name))
        for name, choice in self.choices.items():
            choice.box.choose(self._draft.choice(name))
        for name, tick in self.ticks.items():
            tick.tick.setChecked(getattr(self._draft.settings, name))

    def _follow(self) -> None:
        """Show the formulas of what is chosen, the numbers that belong to it, and what is wrong."""
        reason = self._draft.reason()
        for name, choice in self.choices.items():
            chosen = self._draft.choice(name)
            formula = formula_of(name, self._draft.settings)
            wrong = reason if name == "loss" else ""
            choice.explain(formula, explanation_of(self, name, chosen), wrong)
        for name, number in self.numbers.items():
            number.set_shown(self._draft.belongs(name))
        self._judge()

    def _judge(self) -> None:
        """What is typed and chosen can be used, or “Use” is off and says why."""
        wrong = (row.wrong for row in self.numbers.values())
        reason = next(filter(None, wrong), "") or self._draft.reason()
        self.use_button.setEnabled(not reason)
        self.use_button.setToolTip(reason)

    # ------------------------------------------------------------ built

    def _dress(self) -> None:
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.use_button.setProperty("main", True)
        self.use_button.setDefault(True)
        self.use_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)

    def _lay_out(self) -> None:
        inside = QWidget(self)
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(24, 16, 24, 8)
        columns.setSpacing(40)
        for parts in COLUMNS:
            column = QVBoxLayout()
            column.setSpacing(16)
            for part, names in parts.items():
                column.addLayout(self._part(part, names, inside))
            column.addStretch(1)
            columns.addLayout(column, 1)
        self.area.setWidget(inside)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 12, 16, 16)
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.use_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.area, 1)
        column.addLayout(foot)
        self.resize(QSize(*SIZE).boundedTo(self.screen().availableSize()))

    def _part(self, part: str, names: Sequence[str], inside: QWidget) -> QGridLayout:
        """A title with the rows of its settings: below it, or from beside it where that suits."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(2, 1)
        title = QLabel(part_titles(self)[part], inside)
        title.setProperty("role", "title")
        heading = None if names[0] in number_words(self) else title
        if heading is None:
            grid.addWidget(title, 0, 0, 1, 3)
        for name in names:
            self._add_row(name, heading if name == names[0] else None, grid, inside)
        return grid

    def _add_row(
        self, name: str, heading: QLabel | None, grid: QGridLayout, inside: QWidget
    ) -> None:
        if name in CHOICES:
            choice = ChoiceRow(name, labels(self)[name], CHOICES[name], heading, grid, inside)
            choice.changed.connect(self._take)
            self.choices[name] = choice
        elif name in (ticks := tick_words(self)):
            tick = TickRow(name, ticks[name], heading, grid, inside)
            tick.changed.connect(self._take)
            self.ticks[name] = tick
        else:
            number = NumberRow(name, number_words(self)[name], grid, inside)
            number.field.check = partial(self._draft.why_not, name)
            number.changed.connect(self._take)
            number.judged.connect(self._judge)
            if name in KEPT_PLACES:
                number.keep_place()
            self.numbers[name] = number
