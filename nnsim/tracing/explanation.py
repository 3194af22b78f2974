"""How one weight changes, in a line of factors and one plain sentence."""

from nnsim.engine.network import ParameterRef
from nnsim.tracing.names import neuron_name
from nnsim.tracing.trace import Factors, Trace
from nnsim.tracing.wording import MINUS, on_paper


def delta_line(row: Factors) -> str:
    """Return: delta = error × f'(sum) × sum' = 0.35 × 1 × 0.1 = 0.035; blank before the error."""
    if row.error is None:
        return ""
    factors = " × ".join(in_product(value) for value in (row.error, row.slope, row.source))
    return f"delta = error × f'(sum) × sum' = {factors} = {on_paper(row.delta)}"


def new_value_line(row: Factors, learning_rate: float) -> str:
    """Return: new value = value − learning rate × delta = 0.3 − 1 × 0.035 = 0.265."""
    if row.delta is None:
        return ""
    right = f"{on_paper(row.value)} − {on_paper(learning_rate)} × {in_product(row.delta)}"
    return f"new value = value − learning rate × delta = {right} = {on_paper(row.new_value)}"


def sentence(trace: Trace, ref: ParameterRef) -> str:
    """Say in the chapter's words why a weight or bias moves the way it does, or why it does not."""
    row = trace.factors(ref)
    if row.delta is None or row.error is None or row.update is None:
        return "There is no expected output here, so there is no error and nothing to change."
    if row.delta == 0:
        return _why_still(trace, row)
    way = "down" if row.update < 0 else "up"
    if row.update == 0:
        why = "The learning rate is 0" if trace.learning_rate == 0 else "The change is too small"
        return f"{why}, so {row.name} stays as it is."
    amount = on_paper(abs(row.update))
    return f"{_cause(trace, row)}, so {row.name} goes {way} by {amount}."


def _cause(trace: Trace, row: Factors) -> str:
    assert row.error is not None
    source = _source(trace, row)
    if row.ref.layer == len(trace.network.layers):
        which = neuron_name(trace.network, row.ref.layer, row.ref.to)
        which = "output" if which == "neuron" else which
        high = "high" if row.error > 0 else "low"
        return f"The {which} is {on_paper(abs(row.error))} too {high} and {source}"
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
    name = neuron_name(trace.network, row.ref.layer - 1, row.ref.source)
    only = "only " if 0 < abs(row.source) <= 0.2 else ""
    return f"{name} is {only}{on_paper(row.source)}"


def _why_still(trace: Trace, row: Factors) -> str:
    stays = f"so {row.name} does not change"
    if row.source == 0:
        assert row.ref.source is not None
        name = neuron_name(trace.network, row.ref.layer - 1, row.ref.source)
        return f"{name} is 0: it had no part in the output, {stays}."
    if row.error == 0:
        return f"The error here is 0, {stays}."
    activation = trace.network.layers[row.ref.layer - 1].activations[row.ref.to]
    if activation == "threshold":
        return f"A threshold has the slope 0 everywhere, {stays}: training cannot move it."
    return f"The slope f'(sum) is 0 at this sum, {stays}."


def in_product(value: float | None) -> str:
    """Return a number as it stands behind × or −: a negative one in brackets."""
    shown = on_paper(value)
    return f"({shown})" if shown.startswith(MINUS) else shown
