"""The numbers of the error plot: its quantities, thinned to what a screen can show, and ticks."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.stopping import Stopping
from nnsim.engine.training import losses_now
from nnsim.model.document import Document
from nnsim.model.frame import Frame
from nnsim.model.run import Mark
from nnsim.tracing.display import display
from nnsim.tracing.shown_trace import in_conventions
from nnsim.tracing.wording import MINUS

Array = NDArray[np.float64]

ERROR, MEAN, LOSS = "error", "mean loss", "loss"
BUCKETS = 1000
"""A longer curve is drawn as the lowest and highest point of each of so many pieces."""
SHORTEST_RANGE = 10
LARGEST = 4e307
"""Beyond it a range of numbers, and the ticks around it, would no longer be finite."""
NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True)
class Curve:
    """Recorded points: values[k] belongs to steps[k]; the run began with step first."""

    first: int = 0
    steps: Array = field(default_factory=lambda: np.empty(0))
    values: Array = field(default_factory=lambda: np.empty(0))
    source: object = None
    """The series it was read from: as long as that is the same object, so are the points."""
    factor: float = 1.0
    """What the numbers of the series were multiplied by."""

    def __len__(self) -> int:
        return len(self.values)

    def step(self, k: int) -> int:
        """Return the step of point k."""
        return int(self.steps[k])

    def nearest(self, step: float) -> int:
        """Return the number of the point nearest to a step."""
        last = len(self.values) - 1
        after = int(np.searchsorted(self.steps, step))
        if after > 0 and (after > last or step - self.steps[after - 1] < self.steps[after] - step):
            return after - 1
        return after

    def thinned(self, logarithmic: bool) -> tuple[Array, Array]:
        """Return steps and values to be drawn; with a logarithmic axis their size, without 0."""
        values = np.abs(self.values) if logarithmic else self.values
        chosen = _extremes(values)
        steps, values = self.steps[chosen], values[chosen]
        drawable = np.isfinite(values) & (values > 0 if logarithmic else True)
        return steps[drawable], values[drawable]


@dataclass(frozen=True)
class Picture:
    """What the graph shows: the points to be drawn, and all recorded ones for the readout."""

    name: str = ""
    """The quantity, such as “error”."""
    axis_name: str = ""
    step_name: str = "step"
    curve: Curve = field(default_factory=Curve)
    steps: Array = field(default_factory=lambda: np.empty(0))
    values: Array = field(default_factory=lambda: np.empty(0))
    step: int = 0
    value: float | None = None
    book: tuple[tuple[int, float], ...] = ()
    marks: tuple[Mark, ...] = ()
    logarithmic: bool = False

    @property
    def count(self) -> int:
        """How many points the readout walks through: the recorded ones and the present one."""
        return len(self.curve) + (self.value is not None)

    def point(self, k: int) -> tuple[int, float]:
        """Return step and value of point k, the present one being the last."""
        if k == len(self.curve) and self.value is not None:
            return self.step, self.value
        return self.curve.step(k), float(self.curve.values[k])

    def nearest(self, step: float) -> int:
        """Return the number of the point nearest to a step."""
        if not len(self.curve):
            return 0
        k = self.curve.nearest(step)
        nearer = abs(self.step - step) < abs(self.curve.step(k) - step)
        return len(self.curve) if nearer and self.value is not None else k

    def drawn(self) -> tuple[Array, Array]:
        """Return steps and values of all points drawn; on a logarithmic axis their size."""
        if self.value is None or not self.can_draw(self.value):
            return self.steps, self.values
        value = abs(self.value) if self.logarithmic else self.value
        return np.append(self.steps, self.step), np.append(self.values, value)

    def can_draw(self, value: float) -> bool:
        """Whether a value has a place on the axis."""
        return bool(np.isfinite(value)) and (value != 0 or not self.logarithmic)

    def sentence(self, k: int, value: str) -> str:
        """Return the words for point k with its value as text: step 3: error 0.042875."""
        return f"{self.step_name} {self.point(k)[0]}: {self.name} {value}"

    def book_points(self) -> list[tuple[int, float]]:
        """Return the points of the book that are not covered by an own one."""
        own = {} if not self.book else dict(self._first_points())
        return [
            (step, value)
            for step, value in self.book
            if self.can_draw(value) and abs(own.get(step, np.inf) - value) > 1e-9
        ]

    def _first_points(self) -> list[tuple[int, float]]:
        last = max(step for step, _ in self.book)
        near = [self.point(k) for k in range(min(len(self.curve), last + 1))]
        return near if self.value is None else [*near, (self.step, self.value)]


def _extremes(values: Array) -> NDArray[np.intp]:
    """The places of the lowest and highest value of each bucket, in order; all when few."""
    count = len(values)
    if count <= 2 * BUCKETS:
        return np.arange(count)
    size = -(-count // BUCKETS)
    whole = count // size
    table = values[: whole * size].reshape(whole, size)
    pairs = np.stack((table.argmin(axis=1), table.argmax(axis=1)), axis=1)
    pairs.sort(axis=1)
    pairs += (np.arange(whole) * size)[:, np.newaxis]
    return np.concatenate((pairs.ravel(), np.arange(whole * size, count)[-BUCKETS:]))


def quantities(frame: Frame) -> tuple[str, ...]:
    """Return the quantities that this network can show."""
    return (ERROR, MEAN, LOSS) if frame.document.network.output_count == 1 else (MEAN, LOSS)


def usual_quantity(frame: Frame) -> str:
    """Return the quantity shown as long as nobody chose one."""
    only_one = len(frame.document.samples) <= 1 and frame.document.network.output_count == 1
    return ERROR if only_one else MEAN


def curve_of(frame: Frame, quantity: str) -> Curve:
    """Return what the run recorded of a quantity."""
    run = frame.run
    steps, series = run.record.steps, run.record.losses
    if quantity == MEAN:
        steps, series = run.mean_steps, run.mean_losses
    elif quantity == ERROR:
        series = run.record.errors
    factor = shown_factor(frame, quantity)
    values = series.values if factor == 1.0 else factor * series.values
    return Curve(run.first_step, steps.values, values, series, factor)


def shown_factor(frame: Frame, quantity: str) -> float:
    """Return what a recorded number is multiplied by to be shown in the conventions of a moment:
    errors have one sign or the other, and losses a ½ or a mean."""
    return frame.conventions.sign if quantity == ERROR else frame.loss_factor


def present_of(frame: Frame, quantity: str) -> float | None:
    """Return the quantity now: of the sample of the next step, or the mean over all samples."""
    if not len(frame.document.samples):
        return None
    if quantity == MEAN:
        mean = _mean_now(frame.document) if frame.running else frame.mean_loss
        return None if mean is None else shown_factor(frame, MEAN) * mean
    trace = frame.trace
    if frame.tried is not None:
        trace = in_conventions(frame.document.trace(), frame.wished_conventions)
    if trace is None or quantity == LOSS:
        return None if trace is None else trace.loss
    return None if trace.errors is None else float(trace.errors[0])


def _mean_now(document: Document) -> float:
    """The mean loss as in Frame.mean_loss, by the kernels: many times as fast as numpy."""
    samples, learned, settings = document.samples, document.learned, document.settings
    losses = losses_now(learned, samples.inputs, samples.expected, settings, Stopping())
    with np.errstate(all="ignore"):
        return math.nan if losses is None else float(losses.mean())


def step_range(first: int, last: int) -> tuple[int, int]:
    """Return the steps at both ends of the axis: round, and growing seldom, by 10, 20, 50, 100."""
    start = first - first % _jump(last - first)
    return start, start + _jump(last - start)


def _jump(span: int) -> int:
    """The smallest of 10, 20, 50, 100 … that holds a span."""
    size = SHORTEST_RANGE
    while True:
        for factor in (1, 2, 5):
            if span <= factor * size:
                return factor * size
        size *= 10


def ticks(low: float, high: float, count: float, whole: bool = False) -> Array:
    """Return round numbers about `count` to the range, the first ≤ low and the last ≥ high."""
    low, high = max(low, -LARGEST), min(high, LARGEST)
    span = high - low
    if not (math.isfinite(span) and span > 0):
        low, high, span = min(0.0, low), max(1.0, low), max(1.0, abs(low))
    each = _round_up(span / max(1.0, count))
    if whole:
        each = max(1.0, each)
    first, last = math.floor(low / each + 1e-9), math.ceil(high / each - 1e-9)
    return np.arange(first, last + 1).astype(np.float64) * each


def decades(low: float, high: float, count: float) -> Array:
    """Return the powers of ten, as exponents, that hold the positive numbers low … high."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    last = max(last, first + 1)
    each = max(1, math.ceil((last - first) / max(1.0, count)))
    return np.minimum(np.arange(first, last + each, each, dtype=np.float64), 308.0)


def _round_up(size: float) -> float:
    """The smallest of 1, 2, 5 × 10ⁿ that is at least a size."""
    power = 10.0 ** math.floor(math.log10(size))
    return next((f * power for f in (1, 2, 5) if f * power >= size * (1 - 1e-9)), 10 * power)


def tick_text(value: float) -> str:
    """Return the number at a tick, which is round whatever digits are chosen for others."""
    size, text = abs(value), f"{value:.6g}"
    if math.isfinite(size) and size and not 1e-4 <= size < 1e6:
        mantissa, exponent = (text if "e" in text else f"{value:.0e}").split("e")
        text = f"{mantissa}e{int(exponent)}"
    return (text.replace(".", ",") if display().comma else text).replace("-", MINUS)


def step_text(step: float) -> str:
    """Return a step with its thousands apart: 21 760."""
    return f"{int(step):,}".replace(",", NO_BREAK_SPACE)
