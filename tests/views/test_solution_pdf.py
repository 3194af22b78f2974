"""The worked solution as a PDF, judged by what a PDF reader finds on its pages, and where."""

import re
import subprocess
from itertools import pairwise

import pytest

from nnsim import Document, Network, Samples, Settings
from nnsim.errors import BadFile
from nnsim.files.examples import NAMES, open_example
from nnsim.model.labelling import name_neuron
from nnsim.tracing.worked.written import plain_equations
from nnsim.views import solution_pdf as module
from nnsim.views.solution_pdf import solution_pdf

A4_WIDTH, A4_HEIGHT = 595, 842
MARGIN = 18 / 25.4 * 72


@pytest.fixture
def read(qapp, tmp_path):
    """What pdftotext makes of the solution of a document."""

    def read(document, *options):
        path = tmp_path / "step.pdf"
        path.write_bytes(solution_pdf(document.trace()))
        words = ["pdftotext", *options, str(path), "-"]
        done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
        return done.stdout

    return read


def wide(inputs=150):
    settings = Settings(loss="softmax_cross_entropy")
    network = Network.dense([inputs, 3], ["softmax"], [[[0.25] * inputs] * 3])
    return Document(network, Samples([[-0.5] * inputs], [[1, 0, 0]]), settings)


def without_spaces(text):
    return re.sub(r"\s", "", re.sub(r"Page \d+\s*\f", "", text))


def equations(document):
    for _, found in plain_equations(document.trace()):
        for sides in found:
            yield " = ".join(sides)


def test_the_chapter_is_one_page_with_every_line_whole(read):
    text = read(open_example("chapter"), "-layout")

    lines = [line.strip() for line in text.splitlines() if line.strip()]
    assert lines[:2] == ["One training step", "Given"]
    assert "sum = input1 × weight1 + input2 × weight2 = 0.1 × 0.3 + 0.8 × 0.9 = 0.75" in lines
    assert "E = ½ × (output − expected)² = ½ × (0.75 − 0.4)² = 0.06125" in lines
    assert lines[-1] == "Page 1"
    sections = ["Given", "Feedforward", "Error", "Backpropagation", "New weights"]
    assert [line for line in lines if line in sections] == sections


@pytest.mark.parametrize("document", [*map(open_example, NAMES), wide()], ids=[*NAMES, "wide"])
def test_a_reader_finds_every_equation_whole_and_in_order(read, document):
    text, place = without_spaces(read(document)), 0
    for equation in equations(document):
        place = text.index(without_spaces(equation), place)


def test_nothing_is_cut_off_at_the_margins(read):
    boxes = read(wide(), "-bbox")
    found = re.findall(
        r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)"', boxes
    )

    assert len(found) > 5_000
    left, top, right, bottom = zip(*(map(float, box) for box in found), strict=True)
    assert min(left) > MARGIN - 2
    assert min(top) > MARGIN - 2
    assert max(right) < A4_WIDTH - MARGIN + 2
    assert max(bottom) < A4_HEIGHT - MARGIN + 2


def test_pages_are_numbered_and_no_two_lines_lie_on_each_other(read):
    pages = read(wide()).split("\f")[:-1]
    assert [page.split()[-2:] for page in pages] == [
        ["Page", str(number)] for number in range(1, len(pages) + 1)
    ]

    boxes = read(wide(), "-bbox-layout").split("<page")[2]
    lines = re.findall(r'<line xMin="[\d.]+" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)"', boxes)
    tops = sorted(float(top) for top, _ in lines)
    assert min(below - above for above, below in pairwise(tops)) > 8


def test_no_heading_is_the_last_on_its_page(read):
    for inputs in range(28, 44):
        for page in read(wide(inputs)).split("\f")[:-1]:
            lines = [line for line in page.splitlines() if line.strip()]
            assert lines[-2] not in {"Feedforward", "Error", "Backpropagation", "New weights"}


def test_a_sum_that_is_longer_than_a_page_goes_on_over_the_next(read):
    document = wide(900)
    text = without_spaces(read(document))
    assert all(without_spaces(equation) in text for equation in equations(document))


def test_a_name_longer_than_a_line_is_wrapped(read):
    document = name_neuron(open_example("chapter"), (0, 0), "Ω" * 60)
    boxes = read(document, "-bbox")
    assert max(map(float, re.findall(r'xMax="([\d.]+)"', boxes))) < A4_WIDTH - MARGIN + 2


def test_numbers_that_overflow_are_shown(read):
    network = Network.dense([1, 1], ["linear"], [[[1e200]]])
    assert "= ∞" in read(Document(network, Samples([[1e200]], [[0]])))


def test_a_step_of_too_many_numbers_is_refused_at_once(qapp, monkeypatch):
    monkeypatch.setattr(module, "MOST_NUMBERS", 10)
    with pytest.raises(BadFile, match="more than 10 numbers"):
        solution_pdf(wide().trace())
