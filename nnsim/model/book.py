"""Whether the numbers of a document are those that a book prints."""

import json
import math
from dataclasses import dataclass
from functools import cache
from typing import Any

from nnsim.assets import resource
from nnsim.engine.network import Network, ParameterRef
from nnsim.model.document import Document
from nnsim.tracing.trace import Trace
from nnsim.tracing.wording import on_paper

_CLOSE = 1e-9


@dataclass(frozen=True)
class BookComparison:
    """What a document made from a book's example has to say about the book.

    matches: True when every printed number is met, False when one differs, None where the book
    prints nothing (it follows the example for a step or two).
    """

    matches: bool | None
    sentence: str
    points: tuple[tuple[int, float], ...]
    """(step, error) as printed, for the plot."""


def compare_with_book(document: Document, trace: Trace | None) -> BookComparison | None:
    """Compare a document and its Trace with the book that its example is from, if any."""
    book = _books().get(document.example or "")
    if book is None or trace is None:
        return None
    points = tuple((point["step"], point["error"]) for point in book["plot"])
    if not _is_its_network(book, document.network):
        sentence = f"{book['title']}, changed: the network is another than in the book."
        return BookComparison(False, sentence, points)
    given = _given(document)
    for name, printed in book["given"].items():
        if name not in given or _differ(given[name], printed):
            now = on_paper(given[name]) if name in given else "missing"
            return BookComparison(
                False,
                f"{book['title']}, changed: {name} is {now}, in the book {on_paper(printed)}.",
                points,
            )
    return _compare_step(book, document.position.step, trace, points)


def _compare_step(
    book: dict[str, Any], step: int, trace: Trace, points: tuple[tuple[int, float], ...]
) -> BookComparison:
    title = book["title"]
    if str(step) not in book["steps"]:
        last = max(map(int, book["steps"]))
        return BookComparison(
            None, f"{title}, step {step}: the book stops after step {last}.", points
        )
    shown = _computed(trace)
    for name, printed in book["steps"][str(step)].items():
        if _differ(shown[name], printed):
            sentence = (
                f"{title}, step {step}: {name} is {on_paper(shown[name])}, "
                f"in the book {on_paper(printed)}."
            )
            return BookComparison(False, sentence, points)
    return BookComparison(True, f"{title}. Every number matches the book.", points)


def _differ(number: float, printed: float) -> bool:
    return not abs(number - printed) <= _CLOSE  # NaN differs


def _is_its_network(book: dict[str, Any], network: Network) -> bool:
    """Whether the layers are the book's and no weight or bias was added or removed."""
    of_book = (tuple(book["layers"]), book["weights and biases"])
    return (tuple(network.sizes), int(network.present.sum())) == of_book


def _given(document: Document) -> dict[str, float]:
    """What a person may change, in the book's words."""
    samples, start = document.samples, document.start
    given = {"learning rate": document.settings.learning_rate}
    if len(samples) == 1:
        given |= {f"input{i + 1}": float(v) for i, v in enumerate(samples.inputs[0])}
        given["expected"] = float(samples.expected[0][0])
    given |= {f"weight{i + 1}": float(v) for i, v in enumerate(start.weights[0][0])}
    return given


def _computed(trace: Trace) -> dict[str, float]:
    """What follows from it, in the book's words."""
    neuron = trace.neuron(1, 0)
    numbers: dict[str, float | None] = {"sum": neuron.sum, "output": neuron.output}
    numbers |= {"f'(x)": neuron.slope, "error": neuron.error}
    for i in range(trace.network.input_count):
        row = trace.factors(ParameterRef(1, 0, i))
        numbers[f"weight{i + 1}"] = row.value
        numbers[f"delta of weight{i + 1}"] = row.delta
        numbers[f"new weight{i + 1}"] = row.new_value
    return {name: math.nan if value is None else value for name, value in numbers.items()}


@cache
def _books() -> dict[str, dict[str, Any]]:
    paths = resource("books").glob("*.json")
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}
