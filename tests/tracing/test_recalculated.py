"""The spreadsheet's formulas, computed by LibreOffice after a weight and an input were changed."""

import csv
import math
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import openpyxl
import pytest

from nnsim import Document, Network, Samples, Settings
from nnsim.engine.losses import LOSSES
from nnsim.engine.optimizers import OPTIMIZERS
from nnsim.files.examples import open_example
from nnsim.model.connecting import connect
from nnsim.model.edits import set_input, set_parameter
from nnsim.model.rebuilding import Fresh
from nnsim.model.run import Run
from nnsim.tracing.formulas import OUTPUTS
from nnsim.tracing.symbols import words
from nnsim.tracing.worked.solution import solution
from nnsim.tracing.worked.workbook import workbook

ALL_DIGITS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false"
"""Comma, quotes, UTF-8, and numbers in full instead of as they are shown."""
FIRST_WEIGHTS = [[0.9, -1.3], [-0.4, 1.1]]
PARTS = {"parts": 130, "parts of softmax": 60}
"""Sums of so many terms do not stand in one cell."""


@dataclass(frozen=True)
class Case:
    """A network, and the same one after its first input and its first weight were changed."""

    before: Document
    after: Document


def case(document, to_input=-0.35, to_weight=1.25):
    after = set_input(document, 0, 0, to_input)
    after = set_parameter(after, document.network.refs()[0], to_weight)
    return Case(document, after)


def two_layers(hidden="sigmoid", output="sigmoid", loss="half_squared", expected=(1.0, 0.0)):
    weights = [FIRST_WEIGHTS, [[0.7, -0.6], [0.25, 0.5]]]
    network = Network.dense([2, 2, 2], [hidden, output], weights, [[0.1, -0.2], [0.3, 0.05]])
    return Document(network, Samples([[0.6, -0.8]], [expected]), Settings(0.5, loss=loss))


def with_activation(name):
    return case(two_layers(hidden=name, output="linear"))


def with_loss(name):
    output = LOSSES[name].activation or "tanh"
    output = "sigmoid" if name == "binary_cross_entropy" else output
    expected = {"hinge": (1.0, -1.0), "softmax_cross_entropy": (0.75, 0.25)}.get(name, (0.9, 0.2))
    return case(two_layers("tanh", output, name, expected))


def skipping():
    return case(connect(two_layers(), (0, 1), (2, 0), Fresh.start_rule))


def saturated():
    """Its output is 1 as exactly as what is expected, so that E has 0 · ln 0."""
    network = Network.dense([1, 1], ["sigmoid"], [[[100.0]]], [[0.25]])
    samples = Samples([[0.5]], [[1.0]])
    document = Document(network, samples, Settings(loss="binary_cross_entropy"))
    return case(document, to_input=0.75, to_weight=80.0)


def far_from_0(activation, loss, expected):
    """e^sum and ln output are beyond what the cell of a spreadsheet holds."""
    weights = [[800.0], [0.5]] if activation == "softmax" else [[-800.0], [30.0]]
    network = Network.dense([1, 2], [activation], [weights])
    settings = Settings(1e-3, loss=loss)
    document = Document(network, Samples([[1.0]], [expected]), settings)
    return case(document, to_input=0.95, to_weight=weights[0][0] * 1.1)


def with_batch(reduction, output="sigmoid", loss="half_squared"):
    """What the other samples bring changes with a weight, too."""
    settings = Settings(0.5, loss=loss, batch_size=3, batch_reduction=reduction, l2=0.01)
    inputs = [[0.6, -0.8], [0.3, 0.2], [-0.5, 1.0], [1.0, 1.0]]
    samples = Samples(inputs, [[1, 0], [0, 1], [1, 0], [0, 1]])
    return case(replace(two_layers("tanh", output), samples=samples, settings=settings))


def many_inputs():
    count = PARTS["parts"]
    inputs = [math.sin(place) for place in range(count)]
    return case(Document(Network.dense([count, 1], ["tanh"]), Samples([inputs], [[0.5]])))


def many_classes():
    count = PARTS["parts of softmax"]
    expected = [1.0] + [0.0] * (count - 1)
    network = Network.dense([1, count], ["softmax"], [[[math.cos(i)] for i in range(count)]])
    settings = Settings(loss="softmax_cross_entropy")
    return case(Document(network, Samples([[1.0]], [expected]), settings))


def with_optimizer(name):
    """After three steps, with everything that a step can have besides."""
    own = {"weight_decay": 0.1} if name == "adamw" else {"momentum": 0.8}
    settings = Settings(
        0.05,
        optimizer=name,
        l1=0.01,
        l2=0.02,
        clip_value=0.2,
        clip_norm=0.3,
        weight_limit=1.2,
        schedule="cosine",
        schedule_steps=10,
        warm_up_steps=6,
        **own,
    )
    begun = replace(two_layers(), settings=settings)
    return case(Run.of(begun).advance(3).document, to_weight=1.1)


CASES = {
    **{f"optimizer {name}": lambda name=name: with_optimizer(name) for name in OPTIMIZERS},
    "chapter": lambda: case(open_example("chapter")),
    "2-2-2": lambda: case(two_layers()),
    "skipped": skipping,
    "softmax with a square": lambda: case(two_layers("tanh", "softmax")),
    "saturated": saturated,
    "far sigmoid": lambda: far_from_0("sigmoid", "binary_cross_entropy", [0.0, 0.3]),
    "far softmax": lambda: far_from_0("softmax", "softmax_cross_entropy", [0.0, 1.0]),
    "far softplus": lambda: far_from_0("softplus", "half_squared", [0.0, 1.0]),
    "batch, mean": lambda: with_batch("mean"),
    "batch, sum, softmax": lambda: with_batch("sum", "softmax", "softmax_cross_entropy"),
    "parts": many_inputs,
    "parts of softmax": many_classes,
    **{f"activation {name}": lambda name=name: with_activation(name) for name in OUTPUTS},
    "activation leaky_relu(0.2)": lambda: with_activation("leaky_relu(0.2)"),
    "activation elu(0.5)": lambda: with_activation("elu(0.5)"),
    **{f"loss {name}": lambda name=name: with_loss(name) for name in LOSSES},
}


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory):
    """For each case, its rows as LibreOffice computes them: it is started once for all."""
    folder = tmp_path_factory.mktemp("sheets")
    paths = []
    for number, make in enumerate(CASES.values()):
        paths.append(folder / f"{number}.xlsx")
        change_cells(make(), paths[-1])
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to"]
    command += [ALL_DIGITS, "--outdir", str(folder), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return {
        name: rows_of(path.with_suffix(".csv")) for name, path in zip(CASES, paths, strict=True)
    }


def change_cells(changed: Case, path: Path) -> None:
    """Write the network before the change, then change two cells, as a person would.

    openpyxl keeps no computed values: whatever LibreOffice shows, it has computed.
    """
    path.write_bytes(workbook(changed.before.trace()))
    book = openpyxl.load_workbook(path)
    cells = {row[1].value: row[4] for row in book.active.iter_rows(min_row=2)}
    for line in lines(changed.after)[: given_count(changed.after)]:
        cell = cells[words(changed.after.network, line.quantity)]
        if cell.value != line.value:
            cell.value = line.value
    book.save(path)


def given_count(document):
    return len(solution(document.trace())[0].lines)


def lines(document):
    return [line for part in solution(document.trace()) for line in part.lines]


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


@pytest.mark.parametrize("name", CASES)
def test_libreoffice_comes_to_every_number_of_the_changed_network(recalculated, name):
    changed, rows = CASES[name](), recalculated[name]
    own = [row for row in rows if not row[1].startswith("part of ")]
    expected = [(words(changed.after.network, e.quantity), e.value) for e in lines(changed.after)]

    assert [row[1] for row in own] == [name for name, _ in expected]
    assert (len(own) < len(rows)) == (name in PARTS)
    for row, (what, value) in zip(own, expected, strict=True):
        assert float(row[4]) == pytest.approx(value, rel=1e-9, abs=1e-9), what


@pytest.mark.parametrize("name", CASES)
def test_what_was_computed_before_the_change_would_not_pass(recalculated, name):
    before = [e.value for e in lines(CASES[name]().before)]
    own = [row for row in recalculated[name] if not row[1].startswith("part of ")]
    same = [float(row[4]) == pytest.approx(x) for row, x in zip(own, before, strict=True)]
    assert not all(same[given_count(CASES[name]().before) :])
