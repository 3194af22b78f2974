"""The columns of the factor table: what each shows, what it is called, and its colour."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from nnsim.engine.gradcheck import GradientRow
from nnsim.engine.network import ParameterRef
from nnsim.engine.references import Neuron
from nnsim.model.frame import Frame
from nnsim.tracing.arithmetic import MOST_ON_PAPER
from nnsim.tracing.display import display
from nnsim.tracing.factor_columns import (
    checked_rows,
    difference_of,
    factor_column,
    numeric_of,
    on_paper_of,
)
from nnsim.tracing.loss_factor import error_name, has_plain_error
from nnsim.tracing.names import parameter_name
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.trace import Trace
from nnsim.tracing.vocabulary import vocabulary
from nnsim.tracing.wording import on_paper
from nnsim.views.parts.theme import theme

COLUMNS = ("name", "value", "error", "slope", "source", "delta", "update", "new_value")
"""Those that are shown before somebody chooses."""
MORE_COLUMNS = ("gradient", "numeric", "difference", "share")
ON_PAPER = ("on_paper", "drift")
"""Of the arithmetic that is chosen beside the usual one: shown with that choice."""
EVERY_COLUMN = (*COLUMNS[:6], *ON_PAPER, *COLUMNS[6:], *MORE_COLUMNS)
NAME, VALUE = 0, 1
ALWAYS = ("name", "value")
LONGEST_TEXT = 9
"""There is no room for longer fractions: they are written as all numbers are."""
CHECKED = ("numeric", "difference")
MOST_CHECKED = 2_500
"""Of a network of more weights they are computed for the rows in sight alone, and not sorted."""

Cell = str | float | None


@dataclass
class Cells:
    """Answers what stands in the cells of one moment; what costs time is kept."""

    frame: Frame

    def __post_init__(self) -> None:
        self._joined: dict[Neuron, bool] = {}
        self._checked: dict[ParameterRef, GradientRow] = {}
        self._shares: dict[str, list[float]] = {}

    def row(self, ref: ParameterRef, columns: tuple[str, ...]) -> tuple[Cell, ...]:
        """Return the cells of a weight or bias; where no sample gives factors, its value alone."""
        trace = self.frame.trace
        if trace is None:
            network = self.frame.document.network
            value = float(network.parameters[network.index_of(ref)])
            return (parameter_name(network, ref), value, *[None] * (len(columns) - 2))
        factors = trace.factors(ref)
        cells = {column: getattr(factors, column) for column in COLUMNS}
        if factors.frozen and factors.update is not None:
            cells["update"] = _tr("frozen")
        if self.is_joined(ref, columns):
            cells["error"], cells["slope"] = self._signal(factors.signal), ""
        more = (column for column in columns if column not in cells)
        cells |= {column: self._more(trace, ref, column) for column in more}
        return tuple(cells[column] for column in columns)

    def is_joined(self, ref: ParameterRef, columns: tuple[str, ...]) -> bool:
        """Whether one cell, the error signal, stands for error × f'(sum): a softmax neuron has no
        single slope, a cross-entropy at 0 or 1 no single error."""
        trace, neuron = self.frame.trace, (ref.layer, ref.to)
        if trace is None or trace.whole.back is None or not {"error", "slope"} <= set(columns):
            return False
        if neuron not in self._joined:
            whole = trace.whole.neuron(*neuron)
            self._joined[neuron] = whole.slope is None or whole.error is None
        return self._joined[neuron]

    def _signal(self, value: float | None) -> str:
        say = vocabulary(self.frame.conventions).signal
        return "" if value is None else f"{say} {on_paper(value)}"

    def is_wrong(self, ref: ParameterRef) -> bool:
        """Whether a central difference has shown that its delta is wrong."""
        row = self._checked.get(ref)
        return row is not None and row.verdict == "differs"

    def _more(self, trace: Trace, ref: ParameterRef, column: str) -> Cell:
        if trace.step is None or not trace.knows(Quantity(Kind.delta, ref=ref)):
            return None
        network = trace.network
        if column == "gradient":
            return float(trace.step.gradient[network.index_of(ref)])
        if column == "share":
            if column not in self._shares:
                self._shares[column] = factor_column(trace.whole, column).tolist()
            return self._shares[column][network.row_of(ref)]
        if column in ON_PAPER:
            return _on_paper(trace, ref, column)
        return self._numeric(trace, ref, column)

    def _numeric(self, trace: Trace, ref: ParameterRef, column: str) -> Cell:
        if self.frame.running:  # it takes longer than a frame of a run
            return None
        checked = self._check(trace, ref)
        if checked.verdict == "not checked":
            return QCoreApplication.translate("factors", "not checked")
        if column == "numeric":
            return numeric_of(trace, checked)
        difference = difference_of(trace, checked)
        return f"✗ {on_paper(difference)}" if checked.verdict == "differs" else difference

    def _check(self, trace: Trace, ref: ParameterRef) -> GradientRow:
        """The delta of this sample against a central difference of its loss."""
        if ref not in self._checked:
            self._checked[ref] = checked_rows(trace, [ref])[0]
        return self._checked[ref]


def _on_paper(trace: Trace, ref: ParameterRef, column: str) -> Cell:
    found = on_paper_of(trace, ref)
    if found is None:
        return _tr("none") if display().is_on_paper else None
    text, value, drift = found
    if column == "drift":
        return drift
    return text if len(text) <= LONGEST_TEXT else value


def quantity_in(column: str, ref: ParameterRef) -> Quantity | None:
    """Return what a column shows of a weight or bias; None for what is no quantity of the pass."""
    neuron = (ref.layer, ref.to)
    if column == "source":
        if ref.source is None:  # it counts as 1
            return None
        return Quantity(Kind.output if ref.from_layer else Kind.input, (ref.from_layer, ref.source))
    if column in _OF_NEURON:
        return Quantity(_OF_NEURON[column], neuron)
    kind = _OF_PARAMETER.get(column)
    return None if kind is None else Quantity(kind, ref=ref)


_OF_NEURON = {"error": Kind.output_gradient, "slope": Kind.slope, "signal": Kind.signal}
_OF_PARAMETER = {
    "value": Kind.parameter,
    "delta": Kind.delta,
    "update": Kind.change,
    "new_value": Kind.new_value,
    "on_paper": Kind.delta,
    "drift": Kind.delta,
}


def heading(column: str, frame: Frame) -> str:
    """Return what stands above a column."""
    say, trace = vocabulary(frame.conventions), frame.trace
    is_error = trace is None or error_name(trace) == say.error
    gradient = say.gradient.replace("output", "o")
    return {
        "name": "   " + _tr("name"),
        "value": _tr(say.value),
        "error": f"{_tr(say.error) if is_error else gradient} ×",
        "slope": f"{say.slope} ×",
        "source": f"{say.source} {'× η ' if frame.conventions.delta_with_rate else ''}=",
        "delta": _tr(say.delta),
        "update": _tr(say.change),
        "new_value": _tr(say.new_value),
        "gradient": _tr("of batch"),
        "numeric": _tr("numerical"),
        "difference": _tr("difference"),
        "share": _tr("share"),
        "on_paper": _tr("exactly") if display().exact else _tr("rounded"),
        "drift": _tr("drift"),
    }[column]


def meaning(column: str, frame: Frame) -> str:
    """Return what a column says, in a sentence for its tooltip."""
    say, trace = vocabulary(frame.conventions), frame.trace
    factors = f"{say.error if trace is None else error_name(trace)} × {say.slope} × {say.source}"
    if frame.conventions.delta_with_rate:
        factors = f"{say.learning_rate} × {factors}"
    derivative = vocabulary(replace(frame.conventions, names="field")).delta
    gradient = _tr("{}, the gradient: {}") if derivative == "∂E/∂w" else "{}: {}"
    return {
        "name": _tr("The weight or bias"),
        "value": _tr("The weight w as it is now"),
        "error": _error_meaning(frame),
        "slope": _tr("The slope of the activation at the sum"),
        "source": _tr("∂sum/∂w: the input that the weight multiplies; 1 for a bias"),
        "delta": gradient.format(derivative, factors),
        "update": _tr("What the coming step adds to the weight"),
        "new_value": _tr("The weight after the coming step"),
        "gradient": _tr("What the step makes of the deltas of its batch: mean or sum, and limits"),
        "numeric": _tr("{} by a central difference of the loss of this sample").format(derivative),
        "difference": _tr("How far delta and the central difference are apart"),
        "share": _tr("Part of the fall in loss that this weight's change is to bring"),
        "on_paper": _on_paper_meaning(frame),
        "drift": _tr("How far the delta of the column before is from the one computed in full"),
    }[column]


def _on_paper_meaning(frame: Frame) -> str:
    chosen, delta = display(), vocabulary(frame.conventions).delta
    if chosen.exact:
        return _tr("{} in exact fractions; none where a function makes no fractions").format(delta)
    if chosen.rounded is not None:
        said = _tr("{} with every line rounded to {} decimals, up to {} weights and biases")
        return said.format(delta, chosen.rounded, MOST_ON_PAPER)
    return _tr("Choose in View, Numbers, how paper computes")


def colour(column: str) -> str | None:
    """Return the colour of a factor; None for other columns."""
    t = theme()
    return {"error": t.error, "slope": t.slope, "source": t.source}.get(column)


def _error_meaning(frame: Frame) -> str:
    trace = frame.trace
    what = vocabulary(replace(frame.conventions, names="chapter")).gradient
    if trace is None or has_plain_error(trace):
        error = "expected − output" if frame.conventions.is_turned else "output − expected"
        said = _tr("{}: {}, or carried back; blank where it cannot be told")
        return said.format(what, error)
    return _tr(
        "{}: what the loss makes of output and expected, or carried back; "
        "blank where it cannot be told"
    ).format(what)


def _tr(words: str) -> str:
    return QCoreApplication.translate("factors", words)
