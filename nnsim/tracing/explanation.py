"""How one weight changes, in a line of factors and one plain sentence."""

from nnsim.engine.named import plain_name
from nnsim.engine.network import ParameterRef
from nnsim.tracing.loss_factor import error_name, has_plain_error
from nnsim.tracing.names import neuron_name, spoken_name
from nnsim.tracing.trace import Factors, Trace
from nnsim.tracing.vocabulary import vocabulary
from nnsim.tracing.wording import MINUS, in_product, on_paper

__all__ = ["delta_line", "in_product", "new_value_line", "sentence", "update_rule"]


FLAT = 1e-3
"""A slope of less is flat: hardly anything comes back through it."""
SQUARED = ("half_squared", "squared", "mean_squared")
WRITTEN_AS_0 = f"1e{MINUS}12"
"""Smaller numbers are written as 0 (wording.on_paper): rounding leaves as much."""


def delta_line(trace: Trace, row: Factors) -> str:
    """Return: delta = error × f'(sum) × sum' = 0.35 × 1 × 0.1 = 0.035; blank before the error.

    With another loss than the chapter's the first factor is called ∂E/∂output. Where there is no
    single slope or error (softmax, a cross-entropy at 0 or 1) the error signal, which stands for
    their product, is written in their place. The learning rate goes before where it is in the
    delta.
    """
    if row.delta is None:
        return ""
    say = vocabulary(trace.conventions)
    named = [(error_name(trace), row.error), (say.slope, row.slope)]
    if row.error is None or row.slope is None:
        named = [(say.signal, row.signal)]
    if trace.conventions.delta_with_rate:
        named.insert(0, (say.learning_rate, trace.learning_rate))
    named.append((say.source, row.source))
    words = " × ".join(name for name, _ in named)
    factors = _product(*(value for _, value in named))
    return f"{say.delta} = {words} = {factors} = {on_paper(row.delta)}"


def new_value_line(trace: Trace, row: Factors) -> str:
    """Return: new value = value − learning rate × delta = 0.3 − 1 × 0.035 = 0.265.

    Where more than this delta decides (a batch, momentum, a penalty, …) the change is written in
    the place of learning rate × delta.
    """
    if row.delta is None or row.update is None:
        return ""
    say, conventions = vocabulary(trace.conventions), trace.conventions
    if trace.is_plain and row.is_trained:
        numbers = [row.delta] if conventions.delta_with_rate else [trace.learning_rate, row.delta]
        sign, size = "+" if conventions.is_turned else MINUS, _product(*numbers)
    else:
        sign, size = "+", in_product(row.update)
    rule = update_rule(trace, is_trained=row.is_trained)
    right = f"{on_paper(row.value)} {sign} {size}"
    return f"{say.new_value} = {rule} = {right} = {on_paper(row.new_value)}"


def update_rule(trace: Trace, is_trained: bool = True) -> str:
    """Return what a new value is: value − learning rate × delta, w + η · (−∂E/∂w), value − delta.

    Where more than the delta of the sample decides it is value + change.
    """
    say, conventions = vocabulary(trace.conventions), trace.conventions
    if not (trace.is_plain and is_trained):
        return f"{say.value} + {say.change}"
    delta = f"({say.delta})" if say.delta.startswith(MINUS) else say.delta
    times = "·" if conventions.speaks_symbols else "×"
    rate = "" if conventions.delta_with_rate else f"{say.learning_rate} {times} "
    return f"{say.value} {'+' if conventions.is_turned else MINUS} {rate}{delta}"


def sentence(trace: Trace, ref: ParameterRef) -> str:
    """Say in the chapter's words why a weight or bias moves the way it does, or why it does not."""
    row = trace.factors(ref)
    if row.delta is None or row.update is None:
        if trace.expected is not None:
            return f"The change of {row.name} is not computed yet."
        return "There is no expected output here, so there is no error and nothing to change."
    if not row.is_trained:
        why = "frozen" if row.frozen else "a bias, and biases are not trained here"
        return f"{row.name} is {why}: it has a delta and does not change."
    if not trace.is_plain:
        return _not_plain(trace, row)
    if row.delta == 0:
        never = ": training cannot move it" if _is_held_by_threshold(trace, row) else ""
        return f"{_begun_with_why(trace, row)}, so {row.name} does not change{never}."
    if row.update == 0:
        return f"The change is too small, so {row.name} stays as it is."
    hardly = "hardly moves: it " if is_flat(row) else ""
    return f"{_cause_and_slope(trace, row)}, so {row.name} {hardly}{_way(row)}."


def _cause_and_slope(trace: Trace, row: Factors) -> str:
    """The error and what was multiplied, and the slope where hardly anything comes through it."""
    but = f", but {flatness(trace, row.ref)}" if is_flat(row) else ""
    return f"{_cause(trace, row)}{but}"


def is_flat(row: Factors) -> bool:
    """Return whether hardly anything comes through the slope, however large the error is."""
    if row.slope is None or row.error is None:
        return False
    return abs(row.slope) < FLAT and abs(row.error * row.slope) < 10 * FLAT


def flatness(trace: Trace, ref: ParameterRef) -> str:
    """Say why hardly anything, or nothing, comes back through the neuron that a weight leads to:
    sigmoid is saturated: at the sum 8.3 its slope is only 0.00025."""
    neuron = trace.neuron(ref.layer, ref.to)
    name, total = spoken_name(neuron.activation), on_paper(neuron.sum)
    if name == "threshold":
        return "a threshold has the slope 0 everywhere"
    if name == "ReLU":
        return f"ReLU is off: the sum {total} is not above 0 (a dead ReLU for this sample)"
    only = "0" if neuron.slope == 0 else _size(neuron.slope)
    return f"{name} is saturated: at the sum {total} its slope is {only}"


def _not_plain(trace: Trace, row: Factors) -> str:
    """What this sample wants of the weight, and what the step makes of it."""
    cause = _begun_with_why(trace, row) if row.delta == 0 else _cause_and_slope(trace, row)
    *others, last = _deciders(trace)
    by = f"{', '.join(others)} and {last}" if others else last
    does = "stays where it is" if row.update == 0 else _way(row)
    shown = on_paper(row.delta)
    if shown == "0" and row.delta:
        shown = f"smaller than {WRITTEN_AS_0}"
    return f"{cause}, so its delta is {shown}; with {by}, it {does}."


def _deciders(trace: Trace) -> list[str]:
    """What else than this delta decides how far a weight moves."""
    settings, step = trace.settings, trace.step
    found = []
    if step is not None and step.back is not trace.back:
        found.append(f"the {settings.batch_reduction} over {step.sample_count} samples")
    if settings.optimizer != "sgd":
        found.append(spoken_name(settings.optimizer))
    for name, words in (
        ("l1", "the L1 penalty"),
        ("l2", "the L2 penalty"),
        ("clip_value", "clipping"),
        ("clip_norm", "clipping"),
        ("weight_limit", "the limit on weights"),
    ):
        if getattr(settings, name) and words not in found:
            found.append(words)
    return found or [f"the learning rate {on_paper(trace.learning_rate)} of this step"]


def _way(row: Factors) -> str:
    assert row.update is not None
    return f"goes {'down' if row.update < 0 else 'up'} by {_size(row.update)}"


def _size(value: float | None) -> str:
    """How large a number is that is not 0, also where it is written as 0."""
    shown = on_paper(None if value is None else abs(value))
    return f"less than {WRITTEN_AS_0}" if shown == "0" else shown


def _cause(trace: Trace, row: Factors) -> str:
    source = _source(trace, row)
    if row.ref.layer == len(trace.network.layers):
        name = neuron_name(trace.network, row.ref.layer, row.ref.to)
        if row.slope is None and trace.settings.loss_function.signal is None:
            total = on_paper(row.signal)
            return f"All outputs depend on the sum of {name}: {total} comes back and {source}"
        assert trace.expected is not None
        error = float(trace.outputs[row.ref.to] - trace.expected[row.ref.to])
        high = "high" if error > 0 else "low"
        counts = ""
        is_squared = trace.settings.loss in SQUARED  # as large as the error, but for a factor
        if not is_squared and None not in (row.error, row.slope):
            counts = f" ({error_name(trace)} is {on_paper(row.error)})"
        which = "The output" if name in ("neuron", "output") else name
        return f"{which} is {on_paper(abs(error))} too {high}{counts} and {source}"
    hidden = neuron_name(trace.network, row.ref.layer, row.ref.to)
    count = len(trace.back_paths(row.ref.layer, row.ref.to))
    back = {1: "the error comes", 2: "both errors come"}.get(count, f"{count} errors come")
    whose = {1: "The next neuron uses", 2: "Both next neurons use"}.get(
        count, f"All {count} next neurons use"
    )
    total = on_paper(row.error)
    return f"{whose} {hidden}, so {back} back through it: {total} in all, and {source}"


def _source(trace: Trace, row: Factors) -> str:
    if row.ref.source is None:
        return "a bias always counts as 1"
    name = neuron_name(trace.network, row.ref.from_layer, row.ref.source)
    assert row.source is not None  # there is a delta
    only = "only " if 0 < abs(row.source) <= 0.2 else ""
    return f"{name} is {only}{on_paper(row.source)}"


def why_still(trace: Trace, row: Factors) -> str:
    """Say why a delta is 0: its input, its error or its slope is."""
    if row.source == 0 and row.ref.source is not None:
        name = neuron_name(trace.network, row.ref.from_layer, row.ref.source)
        return f"{name} is 0: it had no part in the output"
    if row.slope is None or row.error is None:
        return "the error signal here is 0"
    if row.error == 0:
        return "the error here is 0" if has_plain_error(trace) else f"{error_name(trace)} is 0 here"
    if row.slope == 0:
        return flatness(trace, row.ref)
    return "the product of the factors is too small for a number"


def _begun_with_why(trace: Trace, row: Factors) -> str:
    """The reason as the beginning of a sentence; a neuron's name is written as it is."""
    why = why_still(trace, row)
    return why if row.source == 0 else why[:1].upper() + why[1:]


def _is_held_by_threshold(trace: Trace, row: Factors) -> bool:
    """Whether nothing but the slope of a threshold makes the delta 0."""
    return row.source != 0 and row.error != 0 and _is_threshold(trace, row)


def _is_threshold(trace: Trace, row: Factors) -> bool:
    name = trace.network.layers[row.ref.layer - 1].activations[row.ref.to]
    return plain_name(name) == "threshold"


def _product(*values: float | None) -> str:
    return " × ".join(in_product(value) for value in values)
