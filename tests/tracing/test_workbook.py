"""The spreadsheet as a file: given numbers exact, all others formulas, nothing misread as one."""

import io
import math
import sys
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given, settings

from nnsim import Document, Network, Samples, Settings
from nnsim.errors import BadFile, NnsimError
from nnsim.files.examples import NAMES, open_example
from nnsim.model.labelling import name_neuron
from nnsim.tracing.plain_symbols import plain_symbol
from nnsim.tracing.quantity import REMEMBERED, Kind
from nnsim.tracing.symbols import words
from nnsim.tracing.worked import workbook as module
from nnsim.tracing.worked.solution import most_numbers, solution
from nnsim.tracing.worked.spreadsheet_formula import MOST_TERMS
from nnsim.tracing.worked.workbook import GIVEN_KINDS, workbook
from tests.strategies import any_documents

NEURON = Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]])
CHAPTER = Document(NEURON, Samples([[0.1, 0.8]], [[0.4]]))
EXCELS_MOST_CHARACTERS = 8_192
VALUE = 4


def opened(document, values=False):
    return openpyxl.load_workbook(io.BytesIO(workbook(document.trace())), data_only=values).active


def rows(document, values=False):
    """The rows below the header, without those of parts of long sums."""
    found = opened(document, values).iter_rows(min_row=2, values_only=True)
    return [row for row in found if not row[1].startswith("part of ")]


def lines(document):
    return [line for part in solution(document.trace()) for line in part.lines]


def test_the_chapter():
    cells = {row[1]: row for row in rows(CHAPTER)}

    assert cells["weight1"][VALUE] == 0.3
    assert cells["sum"] == (
        "Feedforward",
        "sum",
        "z⁽¹⁾₁",
        "input1 × weight1 + input2 × weight2",
        "=E2*E5 + E3*E6",
    )
    assert cells["change of weight2"][VALUE] == "=-(E7*E16)"
    assert cells["new weight2"][VALUE] == "=E6 - E7*E16"
    values = {row[1]: row[VALUE] for row in rows(CHAPTER, values=True)}
    assert values["new weight1"] == pytest.approx(0.265)


def test_the_header_stays_in_sight_and_given_numbers_look_different():
    sheet = opened(CHAPTER)

    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == ["Section", "Name", "Symbol", "Formula", "Value"]
    given_cell, computed = sheet["E2"], sheet["E8"]
    assert given_cell.fill.fgColor.rgb == "FFFFF6D6"
    assert computed.fill.fgColor.rgb != "FFFFF6D6"


def test_words_that_wrap_have_room():
    sheet = opened(open_example("xor"))
    longest = max(range(2, sheet.max_row + 1), key=lambda row: len(sheet.cell(row, 4).value))
    assert len(sheet.cell(longest, 4).value) > 100
    assert sheet.row_dimensions[longest].height >= 30


@settings(max_examples=60)
@given(any_documents())
def test_every_number_has_its_cell_and_only_given_ones_are_plain(document):
    trace, written = document.trace(), rows(document)
    values, network = rows(document, values=True), document.network

    assert len(written) == len(lines(document))
    for line, row, shown in zip(lines(document), written, values, strict=True):
        assert row[1] == words(network, line.quantity)
        assert row[2] == plain_symbol(line.quantity)
        is_formula = isinstance(row[VALUE], str)
        if not math.isfinite(line.value):
            assert shown[VALUE] == "#NUM!"
            continue
        assert shown[VALUE] == line.value
        is_other = line.quantity.sample is not None  # of another sample, on a sheet of its own
        assert is_formula == (line.formula is not None or is_other)
        assert not is_other or row[VALUE].startswith("='Other samples'!E")
        if not is_formula and line.quantity.kind not in GIVEN_KINDS:
            quantity = line.quantity
            is_still = quantity.kind is Kind.change and not trace.is_trained(quantity.ref)
            assert is_still or quantity.kind in REMEMBERED, quantity
            assert row[3].endswith("stays as it is")


@settings(max_examples=60)
@given(any_documents())
def test_the_file_is_well_formed(document):
    with zipfile.ZipFile(io.BytesIO(workbook(document.trace()))) as parts:
        for name in parts.namelist():
            ElementTree.fromstring(parts.read(name))


def test_a_name_that_looks_like_a_formula_is_a_text():
    sheet = opened(name_neuron(CHAPTER, (0, 0), "=1+1"))
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("=1+1", "s")


@pytest.mark.parametrize("name", NAMES)
def test_every_example_has_a_spreadsheet(name):
    document = open_example(name)
    assert len(rows(document)) == len(lines(document))


def test_long_sums_are_cut_into_parts_that_excel_takes():
    network = Network.dense([3000, 2], ["linear"])
    document = Document(network, Samples([[0.001] * 3000], [[0, 0]]), Settings(loss="huber(0.3)"))
    sheet = opened(document)
    formulas = [str(row[VALUE]) for row in sheet.iter_rows(min_row=2, values_only=True)]
    parts = [row for row in sheet.iter_rows(values_only=True) if row[1].startswith("part of sum")]

    assert max(map(len, formulas)) <= EXCELS_MOST_CHARACTERS
    assert len(parts) == 2 * (3000 // MOST_TERMS + 2)  # parts, and parts of them


def test_the_longest_terms_fit_too():
    network = Network.dense([1, 600], ["linear"])
    document = Document(
        network, Samples([[0.1]], [[0.7] * 600]), Settings(loss="huber(0.123456789)")
    )
    formulas = [str(row[VALUE]) for row in opened(document).iter_rows(values_only=True)]
    assert max(map(len, formulas)) <= EXCELS_MOST_CHARACTERS


def test_what_overflows_is_an_error_as_a_spreadsheet_says_it():
    network = Network.dense([1, 1], ["linear"], [[[1e200]]])
    document = Document(network, Samples([[1e200]], [[0]]))
    values = {row[1]: row[VALUE] for row in rows(document, values=True)}
    assert values["sum"] == "#NUM!"
    assert values["weight1"] == 1e200


def test_zeros_of_both_signs_are_0():
    document = Document(NEURON.with_parameters([-0.0, 0.0]), Samples([[0.0, -0.0]], [[-0.0]]))
    assert {row[VALUE] for row in rows(document, values=True) if row[1] != "learning rate"} == {
        0,
        1,
    }


def test_without_an_expected_output_it_ends_with_the_feedforward():
    bare = replace(CHAPTER.trace(), expected=None, back=None, step=None)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(bare))).active
    sections = {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert sections == {"Given", "Feedforward"}


def test_a_step_of_too_many_numbers_is_refused_at_once(monkeypatch):
    monkeypatch.setattr(module, "MOST_NUMBERS", 10)
    with pytest.raises(BadFile, match="more than 10 numbers"):
        workbook(CHAPTER.trace())


def test_where_there_is_no_room_the_deltas_of_other_samples_are_given(monkeypatch):
    samples = Samples([[0.1, 0.8], [0.3, 0.2]], [[0.4], [0.1]])
    document = replace(CHAPTER, samples=samples, settings=Settings(batch_size=2))
    monkeypatch.setattr(module, "MOST_NUMBERS", most_numbers(document.trace()))
    book = openpyxl.load_workbook(io.BytesIO(workbook(document.trace())))
    assert book.sheetnames == ["Training step"]
    of_another = [row for row in book.active.values if "for sample 2" in row[1]]
    assert [row[3] for row in of_another] == [module.FROM_ELSEWHERE] * 2


def test_without_xlsxwriter_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(NnsimError, match="pip install XlsxWriter"):
        workbook(CHAPTER.trace())
