"""The Session: takes the wishes of a person and publishes one Frame after each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from PySide6.QtCore import QObject, QTimer, Signal

from nnsim.control.pace import Pace, StepMeter
from nnsim.data.pasted_rows import parse_rows
from nnsim.engine.network import Network, ParameterRef
from nnsim.errors import NnsimError
from nnsim.files.examples import open_example
from nnsim.files.formats import export_weights, import_weights
from nnsim.files.project import open_project, save
from nnsim.model import edits
from nnsim.model.document import Document
from nnsim.model.frame import Focus, Frame, frame_of
from nnsim.model.history import History
from nnsim.model.run import Run
from nnsim.tracing.names import expected_name, neuron_name, parameter_name
from nnsim.tracing.wording import on_paper

P = ParamSpec("P")


def wish(
    method: Callable[Concatenate["Session", P], None],
) -> Callable[Concatenate["Session", P], None]:
    """Grant a wish whole or not at all.

    One that cannot be is answered with a sentence; when something fails unexpectedly, in the wish
    itself or in a view that shows what came of it, all is put back as it was.
    """

    def granted(self: "Session", /, *args: P.args, **kwargs: P.kwargs) -> None:
        before = self.state
        self._faulted = False
        try:
            method(self, *args, **kwargs)
        except NnsimError as error:
            self.state = before
            self.pause()
            self.refused.emit(str(error))
        except Exception:
            self.state = before
            raise
        if self._faulted:
            self.state = before
            self.publish()

    granted.__name__, granted.__doc__ = method.__name__, method.__doc__
    return granted


@dataclass(frozen=True)
class State:
    """All that a wish may change, in one value, so that it can be put back in one go."""

    history: History
    focus: Focus
    saved: Document | None
    """The document as it was last opened or saved."""
    path: Path | None = None

    def looking(self, **focus: Any) -> "State":
        """Return the state with something else looked at (fields of Focus)."""
        return replace(self, focus=replace(self.focus, **focus))


class Session(QObject):
    """Owns the present. Every method that views may call is a wish; each ends in `publish`."""

    frame_changed = Signal(object)
    refused = Signal(str)
    """A wish that could not be granted, in one sentence; nothing has changed."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = State(History(Run.of(document)), _first_focus(document), document)
        self._run_begins = False
        self._watch_from = 0
        self._faulted = False
        self._meter = StepMeter()
        self._rate: float | None = None
        self._pace = Pace(self)
        self._pace.due.connect(self._take_steps)

    @property
    def _history(self) -> History:
        return self.state.history

    @property
    def document(self) -> Document:
        """The document as it is now."""
        return self._history.present.document

    @property
    def frame(self) -> Frame:
        """What the views are shown now."""
        return frame_of(
            self._history,
            self.state.focus,
            running=self._pace.running,
            steps_per_second=self._rate,
            path=str(self.state.path) if self.state.path else None,
            unsaved=self.document is not self.state.saved,
        )

    def publish(self) -> None:
        """Show the present to everyone."""
        self.frame_changed.emit(self.frame)

    def fault(self) -> None:
        """Take note that something failed unexpectedly: the wish under way is taken back."""
        self._faulted = True
        if self._pace.running:
            self._pause()
            QTimer.singleShot(0, self, self.publish)  # this may be within a publish

    @wish
    def set_parameter(self, ref: ParameterRef, value: float) -> None:
        """Set one weight or bias."""
        old = float(self.document.network.parameters[self.document.network.index_of(ref)])
        name = parameter_name(self.document.network, ref)
        self._edit(edits.set_parameter(self.document, ref, value), _changed(name, old, value))

    @wish
    def set_input(self, sample: int, index: int, value: float) -> None:
        """Set an input of a sample."""
        edited = edits.set_input(self.document, sample, index, value)
        old = float(self.document.samples.inputs[sample, index])
        self._edit(edited, _changed(neuron_name(edited.network, 0, index), old, value))

    @wish
    def set_expected(self, sample: int, index: int, value: float) -> None:
        """Set an expected output of a sample."""
        edited = edits.set_expected(self.document, sample, index, value)
        old = float(self.document.samples.expected[sample, index])
        self._edit(edited, _changed(expected_name(edited.network, index), old, value))

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

    @wish
    def set_learning_rate(self, value: float) -> None:
        """Set the learning rate; a run goes on with it from the next step."""
        edited = edits.set_learning_rate(self.document, value)
        old = self.document.settings.learning_rate
        self._edit(edited, _changed(self.tr("learning rate"), old, value), pause=False)
        self._run_begins = True

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
        """Make a sample the one of the next step."""
        if sample == self.document.sample:
            return
        self._pause()
        self.state = self.state.looking(tried=None)
        chosen = edits.choose_sample(self.document, sample)
        run = replace(self._history.present, document=chosen, stopped=None)
        self._commit(self._history.push(run, self.tr("choice of the sample"), merge=True))

    @wish
    def step(self) -> None:
        """Take one training step, with exactly the numbers that are shown."""
        self._pause()
        self._take(1, self.tr("Step"))

    @wish
    def epoch(self) -> None:
        """Train on as many samples as there are: each of them once."""
        self._pause()
        self._take(max(1, len(self.document.samples)), self.tr("Epoch"))

    @wish
    def run_or_pause(self) -> None:
        """Run at the chosen speed, or pause at once."""
        if self._pace.running:
            self.pause()
            return
        self._history.present.advance(0)  # refuses when there is nothing to train on
        self._watch_from = len(self._history.present.losses)
        self._run_begins = True
        self.state = self.state.looking(tried=None)
        cleared = replace(self._history.present, stopped=None)
        self.state = replace(self.state, history=self._history.continued(cleared))
        self._meter.reset()
        self._pace.start()
        self.publish()

    def pause(self) -> None:
        """Stop a run at once; nothing happens when none is under way."""
        if self._pace.running:
            self._pause()
            self.publish()

    def set_speed(self, steps_per_second: float) -> None:
        """Set how fast a run goes, in steps per second; infinite for as fast as it can."""
        self._pace.set_speed(steps_per_second)

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
        self._pause()
        self._commit(self._history.undone())

    @wish
    def redo(self) -> None:
        """Do again what was undone."""
        self._pause()
        self._commit(self._history.redone())

    @wish
    def select(self, ref: ParameterRef | None) -> None:
        """Look at one weight or bias, or at all of them."""
        self.state = self.state.looking(selected=ref)
        self.publish()

    @wish
    def try_inputs(self, inputs: tuple[float, ...] | None) -> None:
        """Look at the outputs for other inputs, no sample being changed; None goes back."""
        self._pause()
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
        self._pause()
        save(self.document, path)
        self.state = replace(self.state, path=Path(path), saved=self.document)
        self.publish()

    @wish
    def export_weights(self, path: str) -> None:
        """Write the trained weights to a CSV or JSON file."""
        export_weights(self.document, path)

    @wish
    def import_weights(self, path: str) -> None:
        """Read weights for this network from a CSV or JSON file."""
        name = Path(path).name
        self._edit(import_weights(path, self.document), self.tr("weights from {}").format(name))

    def _edit(self, document: Document, text: str, pause: bool = True) -> None:
        if document == self.document:
            self.publish()
            return
        if pause:
            self._pause()
        self._commit(self._history.push(self._history.present.edited(document, text), text))

    @property
    def _columns(self) -> int:
        return self.document.network.input_count + self.document.network.output_count

    def _add_rows(self, rows: list[list[float]]) -> None:
        added = edits.add_samples(self.document, rows)
        self._edit(added, self.tr("%n sample(s) added", "", len(rows)))

    def _begin(self, document: Document, text: str) -> None:
        self._pause()
        self.state = self.state.looking(tried=None)
        self._commit(self._history.push(Run.of(document), text))

    def _open(self, document: Document, path: Path | None) -> None:
        self._pause()
        history = History(Run.of(document))
        self.state = State(history, _first_focus(document), document, path)
        self.publish()

    def _take(self, steps: int, text: str) -> None:
        present = self._history.present
        # A person who goes on by hand after a stop is not stopped for the same growth again.
        run = replace(present, stopped=None).advance(steps, watch_from=len(present.losses))
        self.state = self.state.looking(tried=None)
        stayed = run.document is present.document
        self._commit(self._history.continued(run) if stayed else self._history.push(run, text))

    @wish
    def _take_steps(self, steps: int, seconds: float) -> None:
        present = self._history.present
        run = present.advance(steps, seconds, self._watch_from)
        if run.stopped:
            self._pause()
        else:
            self._rate = self._meter.measure(run.document.position.step)
        if self._run_begins and run.document is not present.document:
            self._run_begins = False
            self._commit(self._history.push(run, self.tr("Run")))
        else:
            self._commit(self._history.continued(run))

    def _pause(self) -> None:
        self._pace.stop()
        self._rate = None

    def _commit(self, history: History) -> None:
        """Make a history the present one and show it."""
        self.state = replace(self.state, history=history)
        self.publish()


def _first_focus(document: Document) -> Focus:
    """Select the first weight of a network small enough to be read at once."""
    small = document.network.parameter_count <= 40
    return Focus(selected=document.network.refs()[0] if small else None)


def _changed(name: str, old: float, new: float) -> str:
    return f"{name} {on_paper(old)} → {on_paper(new)}"
