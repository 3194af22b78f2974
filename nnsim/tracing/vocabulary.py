"""What the numbers of a weight and a neuron are called: the chapter's words, or the field's."""

from dataclasses import dataclass, replace
from functools import cache

from nnsim.tracing.conventions import Conventions
from nnsim.tracing.wording import MINUS


@dataclass(frozen=True)
class Vocabulary:
    """One name for each of them."""

    sum: str = "sum"
    output: str = "output"
    expected: str = "expected"
    error: str = "error"
    """Of an output against what is expected."""
    gradient: str = "∂E/∂output"
    """The first factor of a delta, where the loss does not make it the error itself."""
    signal: str = "error signal"
    slope: str = "f'(sum)"
    source: str = "sum'"
    delta: str = "delta"
    value: str = "value"
    learning_rate: str = "learning rate"
    change: str = "change"
    new_value: str = "new value"


CHAPTER = Vocabulary()
FIELD = Vocabulary(
    sum="z",
    output="a",
    expected="t",
    error="e",
    gradient="∂E/∂a",
    signal="δ",
    slope="f'(z)",
    source="∂z/∂w",
    delta="∂E/∂w",
    value="w",
    learning_rate="η",
    change="Δw",
    new_value="w′",
)


@cache
def vocabulary(conventions: Conventions) -> Vocabulary:
    """Return the names; derivatives of E say what the conventions have made of them: −∂E/∂w where
    the error is expected − output, η·∂E/∂w where the learning rate is in the delta."""
    words = FIELD if conventions.speaks_symbols else CHAPTER
    minus = MINUS if conventions.is_turned else ""
    if not conventions.speaks_symbols:
        return replace(words, gradient=f"{minus}{words.gradient}")
    rate = "η·" if conventions.delta_with_rate else ""
    delta, gradient = f"{minus}{rate}{words.delta}", f"{minus}{words.gradient}"
    return replace(words, delta=delta, gradient=gradient)
