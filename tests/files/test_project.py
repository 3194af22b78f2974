"""The project file: exact there and back, and whatever else is in a file is refused in words."""

import json
import math
import os
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnsim
from nnsim.engine.activations import ACTIVATIONS
from nnsim.errors import BadFile
from nnsim.files.examples import open_example
from nnsim.files.project import from_text, to_text

FINITE = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200)


@st.composite
def documents(draw):
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    activations = [
        [draw(st.sampled_from(sorted(ACTIVATIONS))) for _ in range(size)] for size in sizes[1:]
    ]
    biases = [draw(st.sampled_from([None, [0.0] * size])) for size in sizes[1:]]
    empty = nnsim.Network.dense(sizes, activations, biases=biases)
    numbers = st.lists(FINITE, min_size=empty.parameter_count, max_size=empty.parameter_count)
    count = draw(st.integers(0, 3))
    rows = draw(
        st.lists(
            st.lists(FINITE, min_size=sizes[0] + sizes[-1], max_size=sizes[0] + sizes[-1]),
            min_size=count,
            max_size=count,
        )
    )
    table = np.array(rows).reshape(count, sizes[0] + sizes[-1])
    whole = st.integers(0, 2**53 - 1)
    return nnsim.Document(
        empty.with_parameters(np.array(draw(numbers))),
        nnsim.Samples(table[:, : sizes[0]], table[:, sizes[0] :]),
        nnsim.Settings(abs(draw(FINITE)), draw(st.booleans()), draw(whole), abs(draw(FINITE))),
        empty.with_parameters(np.array(draw(numbers))),
        nnsim.Position(draw(whole), draw(whole), draw(st.integers(0, max(0, count - 1)))),
        draw(TEXTS),
        draw(st.none() | TEXTS),
    )


def bits(document):
    """Every number of a document, so that −0.0 differs from 0.0."""
    arrays = [document.network.parameters, document.start.parameters]
    arrays += [document.samples.inputs, document.samples.expected]
    return [array.tobytes() for array in arrays]


@given(documents())
def test_every_document_comes_back_exact_to_the_bit(document):
    again = from_text(to_text(document))

    assert again == document
    assert bits(again) == bits(document)


def test_saving_and_opening_a_file_gives_the_document_back(document, tmp_path):
    nnsim.save(document, tmp_path / "a.nnsim")
    again = nnsim.open(tmp_path / "a.nnsim")

    assert again == document
    assert bits(again) == bits(document)


def test_the_format_stands_in_the_first_bytes_and_a_matrix_row_on_a_line(document):
    text = to_text(document)

    assert '"format": "nnsim"' in text[:64]
    assert "\n     [1.0, 2.0]\n" not in text
    assert "     [0.3, 0.4]\n" in text
    assert text.endswith("}\n")


def test_a_byte_order_mark_is_tolerated(document, tmp_path):
    (tmp_path / "a.nnsim").write_bytes(b"\xef\xbb\xbf" + to_text(document).encode())

    assert nnsim.open(tmp_path / "a.nnsim") == document


def test_no_samples_are_kept_as_no_samples_of_the_networks_widths(document):
    empty = replace(document, samples=nnsim.Samples.none(2, 1), position=nnsim.Position(3, 1, 0))

    assert from_text(to_text(empty)) == empty


# ---------------------------------------------------------------- damage


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_file_opens_to_a_valid_document_or_is_refused(tmp_path_factory, data):
    whole = to_text(open_example("two-layers")).encode()
    damaged = bytearray(whole)
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=3)):
        damaged[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.nnsim"
    path.write_bytes(bytes(damaged[: data.draw(st.integers(0, len(whole)))]))

    check_opens_or_is_refused(path)


def test_every_truncation_is_refused(tmp_path):
    whole = to_text(open_example("chapter")).rstrip().encode()
    path = tmp_path / "short.nnsim"
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(BadFile, match=r"\Ashort\.nnsim: "):
            nnsim.open(path)


def test_every_flipped_bit_opens_to_a_valid_document_or_is_refused(tmp_path):
    whole = to_text(open_example("chapter")).encode()
    path = tmp_path / "flipped.nnsim"
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << (place % 8)
        path.write_bytes(damaged)
        check_opens_or_is_refused(path)


def check_opens_or_is_refused(path):
    try:
        document = nnsim.open(path)
    except BadFile as refusal:
        text = str(refusal)
    else:
        assert from_text(to_text(document)) == document
        return
    assert text.startswith(f"{path.name}: ")
    assert len(text.splitlines()) == 1


# ---------------------------------------------------------------- what may stand in a file


def changed(*steps, value):
    """The text of a project with the value at one place exchanged."""
    raw = json.loads(to_text(open_example("two-layers")))
    place = raw
    for step in steps[:-1]:
        place = place[step]
    place[steps[-1]] = value
    return json.dumps(raw)


FIRST = ("network", "layers", 0)
CHANGES = [
    (("format",), "word", "it is not an nnsim project"),
    (("format",), ["nnsim"], "it is not an nnsim project"),
    (("format",), "nnsim-weights", "but weights to be imported"),
    (("version",), 2, "was made by a newer nnsim (format version 2; this one reads 1)"),
    (("version",), 10**3000, "was made by a newer nnsim (format version of many digits"),
    (("version",), 1.0, "version: a whole number"),
    (("version",), 0, "version: a whole number"),
    (("version",), True, "version: a whole number"),
    (("title",), None, "title: a text is needed, not null"),
    (("title",), "two\nlines", "title: it holds a character"),
    (("title",), "\ud800", "title: it holds a character"),
    (("title",), "a" * 201, "title: it is longer than 200"),
    (("example",), "\u2028", "example: it holds a character"),
    (("more",), 1, "the key “more” is unknown"),
    (("network", "inputs"), 0, "at least one input"),
    (("network", "inputs"), 10**30, "network.layers[0].weights[0]: "),
    (("network", "inputs"), 1.5, "network.inputs: a whole number is needed"),
    (("network", "layers"), [], "at least one input and one layer"),
    (("network", "layers"), {}, "network.layers: a list is needed, not an object"),
    ((*FIRST, "weights"), [], "at least one input"),
    ((*FIRST, "weights"), [[1, 2], [3]], "network.layers[0].weights[1]: 2 numbers are needed"),
    ((*FIRST, "weights"), [[1], [3]], "network.layers[0].weights[0]: 2 numbers"),
    ((*FIRST, "weights"), [[1, 2]], "network.layers[0].biases: 1 number is"),
    ((*FIRST, "weights", 1, 0), "0.3", "network.layers[0].weights[1][0]: a number is needed"),
    ((*FIRST, "weights", 1, 0), True, "network.layers[0].weights[1][0]: a number is needed"),
    ((*FIRST, "weights", 1, 0), None, "network.layers[0].weights[1][0]: a number is needed"),
    ((*FIRST, "weights", 1, 0), math.nan, "network.layers[0].weights[1][0]: this is not a finite"),
    ((*FIRST, "weights", 1, 1), -math.inf, "weights[1][1]: this is not a finite"),
    ((*FIRST, "weights", 1, 0), 10**400, "network.layers[0].weights[1][0]: "),
    ((*FIRST, "biases"), [0.1], "network.layers[0].biases: 2 numbers are needed here, not 1"),
    ((*FIRST, "biases", 1), math.inf, "network.layers[0].biases[1]: this is not a finite"),
    ((*FIRST, "activation"), "softplus", "activation: No activation is called “softplus”"),
    ((*FIRST, "activation"), ["tanh"], "network.layers[0].activation: 2 names are needed"),
    ((*FIRST, "activation"), ["tanh", "x\n"], "No activation is called"),
    ((*FIRST, "activation"), 3, "activation: a text or a list is needed, not a whole number"),
    ((*FIRST, "bias"), 3, "network.layers[0]: the key “bias” is unknown"),
    ((*FIRST, "a`b\n"), 3, "the key “a`b"),
    (("start", "layers"), [], "start.layers: 2 layers are needed"),
    (("start", "layers", 1, "biases"), None, "start.layers[1].biases: null stands where"),
    (("start", "layers", 1, "weights"), [[1, 2]], "start.layers[1].weights: 2 rows are needed"),
    (("start", "layers", 1, "weights", 0, 0), math.nan, "start.layers[1].weights[0][0]: this is"),
    (("start", "layers", 1, "activation"), "tanh", "the key “activation” is unknown"),
    (("samples", "inputs"), [[1, 2], [3, 4]], "samples.expected: 2 rows are needed"),
    (("samples", "inputs"), [[1, 2, 3]], "samples.inputs[0]: 2 numbers are needed"),
    (("samples", "expected", 0, 1), math.nan, "samples.expected[0][1]: this is not a finite"),
    (("settings", "learning_rate"), -1, "settings: The learning rate must be"),
    (("settings", "learning_rate"), math.inf, "settings: The learning rate must be"),
    (("settings", "seed"), -1, "settings: The seed must be"),
    (("settings", "shuffle"), 1, "settings.shuffle: true or false is needed"),
    (("position", "step"), -1, "position: The step must be"),
    (("position", "step"), 2**53, "position: The step must be"),
    (("position", "place"), 1, "position.place: 1 is past the 1 samples"),
]


@pytest.mark.parametrize(("steps", "value", "said"), CHANGES)
def test_what_does_not_fit_is_refused_with_its_place(tmp_path, refusal, steps, value, said):
    (tmp_path / "a.nnsim").write_text(changed(*steps, value=value), "utf-8")

    assert said in refusal(nnsim.open, tmp_path / "a.nnsim", name="a.nnsim")


def test_the_unchanged_text_of_those_changes_is_read():
    text = changed("title", value="Two layers")

    assert from_text(text) == open_example("two-layers")


def test_a_missing_key_is_named(tmp_path, refusal):
    raw = json.loads(to_text(open_example("chapter")))
    del raw["network"]["layers"][0]["biases"]
    (tmp_path / "a.nnsim").write_text(json.dumps(raw), "utf-8")

    text = refusal(nnsim.open, tmp_path / "a.nnsim", name="a.nnsim")

    assert text == "a.nnsim: network.layers[0]: the key “biases” is missing."


def test_a_network_beyond_the_limit_is_refused(tmp_path, refusal):
    layer = {"activation": "linear", "weights": [[0] * 1001] * 1000, "biases": None}
    raw = json.loads(changed("network", value={"inputs": 1001, "layers": [layer]}))
    (tmp_path / "a.nnsim").write_text(json.dumps(raw), "utf-8")

    assert "the limit is 1,000,000" in refusal(nnsim.open, tmp_path / "a.nnsim", name="a.nnsim")


PROJECT = to_text(open_example("chapter")).encode()
CONTENTS = [
    (b"", "not valid JSON at line 1, column 1"),
    (b"\0" * 500, "line 1 holds a zero byte"),
    (b"{", "not valid JSON at line 1, column 2"),
    (b'{\n "format": "nnsim",,', "not valid JSON at line 2, column 20"),
    (PROJECT + PROJECT[-40:], "not valid JSON at line 48"),
    (PROJECT[:60] + b"\0" * 90 + PROJECT[150:], "holds a zero byte"),
    (PROJECT.decode().encode("utf-16"), "UTF-16"),
    (b"\xfe\xff" + PROJECT.decode().encode("utf-16-be"), "UTF-16"),
    (PROJECT.replace(b"One", b"\xff\xfe"), "not a text in UTF-8 (byte"),
    (b"\x89PNG\r\n\x1a\n\0\0", "not a text in UTF-8"),
    (b"[" * 100_000, "nested too deeply"),
    (b'{"a":' * 100_000, "nested too deeply"),
    (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
    (b"1" * 5000, "thousands of digits"),
    (b"[]", "it is not an nnsim project"),
    (b"null", "it is not an nnsim project"),
    (b"3", "it is not an nnsim project"),
    (b"{}", "it is not an nnsim project"),
    (b'{"cells": [], "nbformat": 4}', "it is not an nnsim project"),
    (b'{"format": "nnsim", "format": "nnsim"}', "the key “format” occurs twice"),
    (b'{"format": "nnsim", "version": 1, "\\ud800": 1, "\\ud800": 2}', "occurs twice"),
    (b'{"format": "nnsim"}', "version: a whole number"),
    (b'{"format": "nnsim", "version": 1}', "is missing"),
    (PROJECT.replace(b"0.9", b"1e400", 1), "weights[0][1]: this is not a finite number"),
    (PROJECT.replace(b"0.9", b"NaN", 1), "weights[0][1]: this is not a finite number"),
    (PROJECT.replace(b"0.9", b"-Infinity", 1), "weights[0][1]: this is not a finite number"),
    (PROJECT.replace(b"0.9", b"9" * 400, 1), "weights[0][1]: number out of range"),
]


@pytest.mark.parametrize(("content", "said"), CONTENTS)
def test_what_is_no_project_is_refused_in_one_sentence(tmp_path, refusal, content, said):
    (tmp_path / "a.nnsim").write_bytes(content)

    assert said in refusal(nnsim.open, tmp_path / "a.nnsim", name="a.nnsim")


def test_a_folder_a_pipe_a_device_and_a_missing_file_are_refused_at_once(tmp_path, refusal):
    os.mkfifo(tmp_path / "pipe")

    assert "is a folder" in refusal(nnsim.open, tmp_path, name=tmp_path.name)
    assert "a pipe or a device" in refusal(nnsim.open, tmp_path / "pipe", name="pipe")
    assert "a pipe or a device" in refusal(nnsim.open, "/dev/zero", name="zero")
    assert "no such file" in refusal(nnsim.open, tmp_path / "gone.nnsim", name="gone.nnsim")
    assert "no such folder" in refusal(nnsim.open, "/dev/null/a.nnsim", name="a.nnsim")
    assert "such a name" in refusal(nnsim.open, "a\0b", name="a�b")
    assert "too long" in refusal(nnsim.open, "a" * 300, name="a" * 119 + "…")


def test_a_link_in_a_circle_is_refused(tmp_path, refusal):
    (tmp_path / "a.nnsim").symlink_to(tmp_path / "a.nnsim")

    assert "circle" in refusal(nnsim.open, tmp_path / "a.nnsim", name="a.nnsim")


def test_a_file_above_64_mb_is_refused_unread(tmp_path, refusal):
    with (tmp_path / "big.nnsim").open("wb") as file:
        file.truncate(300_000_000)

    assert "larger than 64 MB" in refusal(nnsim.open, tmp_path / "big.nnsim", name="big.nnsim")


def test_a_name_with_a_line_break_stays_on_one_line(tmp_path, refusal):
    (tmp_path / "a\nb\udcff.nnsim").write_bytes(b"{")

    sentence = refusal(nnsim.open, tmp_path / "a\nb\udcff.nnsim", name="a�b�.nnsim")
    assert "\n" not in sentence


@pytest.mark.parametrize("title", ["a\nb", "\udcff", "a" * 201])
def test_a_title_that_could_not_be_read_again_is_not_written(document, tmp_path, refusal, title):
    refusal(nnsim.save, replace(document, title=title), tmp_path / "a.nnsim", name="a.nnsim")

    assert list(tmp_path.iterdir()) == []
