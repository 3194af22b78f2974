"""The Session: every wish of a person, and what it makes of the document."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from nnsim.control.building import Building
from nnsim.control.present import wish, wish_within_training
from nnsim.control.state import KEPT_POINTS, State
from nnsim.control.undo_names import changed, settings_changed
from nnsim.data.pasted_rows import parse_rows
from nnsim.engine.network import Network, ParameterRef
from nnsim.files.atomic import write_atomically
from nnsim.files.examples import open_example
from nnsim.files.formats import export_weights, import_weights
from nnsim.files.project import open_project, save
from nnsim.model import edits
from nnsim.model.document import Document
from nnsim.model.run import Run
from nnsim.tracing.names import expected_name, neuron_name


class Session(Building):
    """The methods that views may call. Each is a wish, granted whole or not at all."""

    @wish
    def set_input(self, sample: int, index: int, value: float) -> None:
        """Set an input of a sample."""
        edited = edits.set_input(self.document, sample, index, value)
        old = float(self.document.samples.inputs[sample, index])
        self._edit(edited, changed(neuron_name(edited.network, 0, index), old, value))

    @wish
    def set_expected(self, sample: int, index: int, value: float) -> None:
        """Set an expected output of a sample."""
        edited = edits.set_expected(self.document, sample, index, value)
        old = float(self.document.samples.expected[sample, index])
        self._edit(edited, changed(expected_name(edited.network, index), old, value))

    def set_shown_input(self, index: int, value: float) -> None:
        """Set an input that the diagram shows: of the sample, or of the inputs being tried."""
        tried = self.state.focus.tried
        if tried is not None:
            self.try_inputs((*tried[:index], value, *tried[index + 1 :]))
        elif self.document.sample is not None:
            self.set_input(self.document.sample, index, value)

    def set_shown_expected(self, index: int, value: float) -> None:
        """Set an expected output that the diagram shows."""
        if self.document.sample is not None:
            self.set_expected(self.document.sample, index, value)

    @wish_within_training
    def set_learning_rate(self, value: float) -> None:
        """Set the learning rate; a run goes on with it from the next step."""
        edited = edits.set_learning_rate(self.document, value)
        old = self.document.settings.learning_rate
        self._edit(edited, changed(self.tr("learning rate"), old, value))
        self._training_begins = True

    @wish
    def change_settings(self, changes: dict[str, Any]) -> None:
        """Change settings by their names; one undo for all of them."""
        old, edited = self.document.settings, edits.change_settings(self.document, **changes)
        self._edit(edited, settings_changed(self, old, edited.settings))

    @wish
    def set_activation(self, layer: int, index: int | None, name: str) -> None:
        """Set the activation of a neuron, or with index None of its whole layer."""
        edited = edits.set_activation(self.document, layer, index, name)
        self._edit(edited, self.tr("activation {}").format(name))

    @wish
    def set_shuffle(self, shuffle: bool) -> None:
        """Visit the samples in a new order in each epoch, or in the table's."""
        text = self.tr("new order each epoch") if shuffle else self.tr("order of the table")
        self._edit(edits.set_shuffle(self.document, shuffle), text)

    @wish
    def add_sample(self) -> None:
        """Add a sample of zeros at the end."""
        self._add_rows([[0.0] * self._columns])

    @wish
    def paste_samples(self, text: str) -> None:
        """Add the rows of a pasted text; all of them or none."""
        self._add_rows(parse_rows(text, self._columns))

    @wish
    def remove_sample(self, sample: int) -> None:
        """Remove a sample."""
        if len(self.document.samples) == 1:
            self.state = self.state.looking(tried=None)
        text = self.tr("sample {} removed").format(sample + 1)
        self._edit(edits.remove_sample(self.document, sample), text)

    @wish
    def choose_sample(self, sample: int) -> None:
        """Make a sample the one of the next step; inside a step of a batch that has it, walk
        through it."""
        if self._walk_through(sample) or sample == self.document.sample:
            return
        self.state = self.state.looking(tried=None)
        chosen = edits.choose_sample(self.document, sample)
        run = replace(self._history.present, document=chosen, stopped=None)
        self._commit(self._history.push(run, self.tr("choice of the sample"), merge=True))

    @wish
    def step(self) -> None:
        """Take one training step, with exactly the numbers that are shown."""
        self._take(1, self.tr("Step"))

    @wish
    def epoch(self) -> None:
        """Train on as many samples as there are: each of them once."""
        self._take(self.document.steps_of_an_epoch, self.tr("Epoch"))

    def run_or_pause(self) -> None:
        """Run at the chosen speed, or pause at once."""
        if self._training.is_under_way:
            self.pause()
        else:
            self.run()

    @wish
    def run(self) -> None:
        """Train at the chosen speed until somebody pauses, or it stops by itself."""
        self._begin_training(self.tr("Run"))
        self.publish()

    @wish_within_training
    def set_speed(self, steps_per_second: float) -> None:
        """Set how fast a run goes, in steps per second; infinite for as fast as it can."""
        self._training.set_speed(steps_per_second)

    @wish
    def restart(self) -> None:
        """Go back to step 0 with the same start weights."""
        self._begin(edits.restart(self.document), self.tr("Restart"))

    @wish
    def new_random_weights(self) -> None:
        """Go to step 0 with other start weights, drawn from the next seed."""
        self._begin(edits.new_random_weights(self.document), self.tr("New random weights"))

    @wish
    def undo(self) -> None:
        """Take back the last wish; the exact numbers come back."""
        self._commit(self._history.undone())

    @wish
    def redo(self) -> None:
        """Do again what was undone."""
        self._commit(self._history.redone())

    @wish_within_training
    def select(self, ref: ParameterRef | None) -> None:
        """Look at one weight or bias, or at all of them."""
        self.state = self.state.choosing(frozenset([ref] if ref else []))
        if ref is None:
            self.state = self.state.looking(trail=())
        self.publish()

    @wish
    def try_inputs(self, inputs: tuple[float, ...] | None) -> None:
        """Look at the outputs for other inputs, no sample being changed; None goes back."""
        self.state = self.state.looking(tried=inputs)
        self.publish()

    @wish
    def make_network(self, network: Network, settings: dict[str, Any]) -> None:
        """Begin a new document with this network and one sample of zeros; other settings stay."""
        from_old = self.document.settings
        changed = replace(from_old, **settings)
        document = edits.new_document(network, changed)
        self._open(document, None)

    @wish
    def open_example(self, name: str) -> None:
        """Open a ready example."""
        self._open(open_example(name), None)

    @wish
    def open(self, path: str) -> None:
        """Open a project file; the present document stays when it cannot be read."""
        self._open(open_project(path), Path(path))

    @wish
    def save(self, path: str) -> None:
        """Save to a project file."""
        save(self.document, path)
        self.state = replace(self.state, path=Path(path), saved=self.document)
        self.publish()

    @wish_within_training
    def export_weights(self, path: str) -> None:
        """Write the trained weights to a CSV or JSON file."""
        export_weights(self.document, path)

    @wish_within_training
    def write_file(self, path: str, data: bytes) -> None:
        """Write a picture of the diagram, or a worked solution, to a file."""
        write_atomically(path, data)

    @wish
    def import_weights(self, path: str) -> None:
        """Read weights for this network from a CSV or JSON file."""
        name = Path(path).name
        self._edit(import_weights(path, self.document), self.tr("weights from {}").format(name))

    @property
    def _columns(self) -> int:
        return self.document.network.input_count + self.document.network.output_count

    def _add_rows(self, rows: list[list[float]]) -> None:
        added = edits.add_samples(self.document, rows)
        one = len(rows) == 1
        said = self.tr("a sample added") if one else self.tr("{} samples added").format(len(rows))
        self._edit(added, said)

    def _begin(self, document: Document, text: str) -> None:
        self.state = self.state.looking(tried=None)
        self._commit(self._history.push(Run.of(document, KEPT_POINTS), text))

    def _open(self, document: Document, path: Path | None) -> None:
        self._before_gesture = None
        self.state = State.opened(document, path, self.state.fresh)
        self.publish()
