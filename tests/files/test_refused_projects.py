"""Whatever else is in a project file is refused in one sentence that names the place."""

import json
import math
import os
from dataclasses import replace

import pytest

import nnsim
from nnsim import ParameterRef
from nnsim.engine.labels import Labels
from nnsim.files.examples import open_example
from nnsim.files.project import from_text, to_text
from nnsim.model.drawing import Drawing


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
    (("network", "inputs"), 10**30, "network.inputs: at most 1,000,000 are possible"),
    (("network", "inputs"), 10**6, "network: A network of 1000000-2-2 has"),
    (("network", "inputs"), 1.5, "network.inputs: a whole number is needed"),
    (("network", "layers"), [], "at least one input and one layer"),
    (("network", "layers"), {}, "network.layers: a list is needed, not an object"),
    ((*FIRST, "weights"), [], "at least one input"),
    ((*FIRST, "weights"), [[1, 2], [3]], "network.layers[0].weights[1]: 2 numbers are needed"),
    ((*FIRST, "weights"), [[1], [3]], "network.layers[0].weights[0]: 2 numbers"),
    ((*FIRST, "weights"), [[1, 2]], "network.layers[0].biases: 1 number is"),
    ((*FIRST, "weights", 1, 0), "0.3", "network.layers[0].weights[1][0]: a number or null is"),
    ((*FIRST, "weights", 1, 0), True, "network.layers[0].weights[1][0]: a number or null is"),
    ((*FIRST, "weights", 1, 0), None, "start.layers[0].weights[1][0]: there is no such weight"),
    ((*FIRST, "biases", 1), None, "start.layers[0].biases[1]: there is no such bias"),
    ((*FIRST, "weights", 1), None, "network.layers[0].weights[1]: a list is needed, not null"),
    ((*FIRST, "weights", 1, 0), math.nan, "network.layers[0].weights[1][0]: this is not a finite"),
    ((*FIRST, "weights", 1, 1), -math.inf, "weights[1][1]: this is not a finite"),
    ((*FIRST, "weights", 1, 0), 10**400, "network.layers[0].weights[1][0]: "),
    ((*FIRST, "biases"), [0.1], "network.layers[0].biases: 2 numbers are needed here, not 1"),
    ((*FIRST, "biases", 1), math.inf, "network.layers[0].biases[1]: this is not a finite"),
    ((*FIRST, "activation"), "cosine", "activation: No activation is called “cosine”"),
    ((*FIRST, "activation"), "relu(1)", "network.layers[0].activation: relu takes no number"),
    ((*FIRST, "activation"), "elu(x)", "network.layers[0].activation: “elu(x)” needs a number"),
    ((*FIRST, "activation"), "softmax", "network: softmax is for the output layer"),
    ((*FIRST, "reach"), 2, "network.layers[0].reach: a whole number from 1 to 1 is needed"),
    (("network", "layers", 1, "reach"), 0, "network.layers[1].reach: a whole number from 1 to 2"),
    (("network", "layers", 1, "reach"), 2, "network.layers[1].weights[0]: 4 numbers are needed"),
    (("network", "layers", 1, "reach"), None, "layers[1].reach: a whole number is needed"),
    ((*FIRST, "frozen"), {"weights": [[]], "biases": []}, "frozen.weights: 2 rows are needed"),
    ((*FIRST, "frozen"), {"weights": [[2], []], "biases": []}, "frozen.weights[0]: rising numbers"),
    ((*FIRST, "frozen"), {"weights": [[], [1, 0]], "biases": []}, "frozen.weights[1]: rising"),
    ((*FIRST, "frozen"), {"weights": [[], []], "biases": [-1]}, "layers[0].frozen.biases: rising"),
    ((*FIRST, "frozen"), {"weights": [[], []]}, "layers[0].frozen: the key “biases” is missing"),
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
    (("settings", "momentum"), "0.9", "settings.momentum: a number is needed, not a text"),
    (("settings", "momentum"), 1, "settings: The momentum must be"),
    (("settings", "batch_size"), 1.5, "settings.batch_size: a whole number is needed"),
    (("settings", "optimizer"), "adamax", "settings: The optimizer must be one of sgd, "),
    (("settings", "loss"), "huber(0)", "settings: huber needs a number above 0"),
    (("settings", "loss"), "softmax_cross_entropy", "settings.loss: The loss softmax_cross_entr"),
    (("settings", "loss"), "hinge", "samples.expected: The loss hinge needs expected outputs 1 or"),
    (("settings", "speed"), 1, "settings: the key “speed” is unknown"),
    (("settings",), [], "settings: an object {…} is needed, not a list"),
    (("validation",), {"inputs": [[1]], "expected": [[1, 2]]}, "validation.inputs[0]: 2 numbers"),
    (("validation",), {"inputs": [], "expected": [[1, 2]]}, "validation.expected: 0 rows are"),
    (("validation",), {"inputs": []}, "validation: the key “expected” is missing"),
    (("optimizer",), {"steps": -1}, "optimizer.steps: a whole number from 0 to"),
    (("optimizer",), {}, "optimizer: the key “steps” is missing"),
    (("optimizer",), {"steps": 1, "first": []}, "optimizer.first: the optimizer sgd has no such"),
    (("position", "step"), -1, "position: The step must be"),
    (("position", "step"), 2**53, "position: The step must be"),
    (("position", "place"), 1, "position.place: 1 is past the 1 samples"),
]


@pytest.mark.parametrize(("steps", "value", "said"), CHANGES)
def test_what_does_not_fit_is_refused_with_its_place(tmp_path, refusal, steps, value, said):
    (tmp_path / "a.nnsim").write_text(changed(*steps, value=value), "utf-8")

    assert said in refusal(nnsim.open, tmp_path / "a.nnsim", name="a.nnsim")


NEURON = {"layer": 0, "index": 1, "name": "a"}
WEIGHT = {"layer": 1, "to": 0, "from_layer": 0, "from": 1, "name": "a"}
NAMES = [
    ({"neurons": [NEURON | {"layer": 3}]}, "names.neurons[0]: There is no layer 3."),
    ({"neurons": [NEURON | {"layer": -1}]}, "names.neurons[0]: There is no layer -1."),
    ({"neurons": [NEURON | {"index": 2}]}, "names.neurons[0]: There is no input 3."),
    ({"neurons": [NEURON | {"layer": 1, "index": 2}]}, "There is no neuron 3 in layer 1."),
    ({"neurons": [NEURON | {"index": 10**30}]}, "There is no input 1000"),
    ({"neurons": [NEURON | {"index": 0.5}]}, "neurons[0].index: a whole number is needed"),
    ({"neurons": [NEURON | {"index": True}]}, "neurons[0].index: a whole number is needed"),
    ({"neurons": [NEURON, NEURON]}, "names.neurons[1]: this one is called “a” already."),
    ({"neurons": [NEURON, NEURON | {"index": 0}]}, "names: Two neurons cannot both be called “a”"),
    ({"neurons": [NEURON | {"name": ""}]}, "names.neurons[0].name: A name needs at least one"),
    ({"neurons": [NEURON | {"name": " \u200b"}]}, "neurons[0].name: A name needs at least one"),
    ({"neurons": [NEURON | {"name": "a" * 61}]}, "neurons[0].name: A name has at most 60 char"),
    ({"neurons": [NEURON | {"name": "a\n"}]}, "neurons[0].name: The name 'a\\n' holds a char"),
    ({"neurons": [NEURON | {"name": "a\ud800"}]}, "neurons[0].name: The name 'a\\ud800' holds"),
    ({"neurons": [NEURON | {"name": " a"}]}, "neurons[0].name: The name ' a' begins or ends"),
    ({"neurons": [NEURON | {"name": None}]}, "neurons[0].name: a text is needed, not null"),
    ({"neurons": [NEURON | {"color": 1}]}, "names.neurons[0]: the key “color” is unknown"),
    ({"neurons": {}}, "network.names.neurons: a list is needed"),
    ({"layers": []}, "network.names: the key “layers” is unknown"),
    ([], "network.names: an object {…} or null is needed"),
    ({"weights": [WEIGHT | {"layer": 0}]}, "names.weights[0]: there is no such weight or bias"),
    ({"weights": [WEIGHT | {"to": -1}]}, "names.weights[0]: there is no such weight or bias"),
    ({"weights": [WEIGHT | {"from": 2}]}, "names.weights[0]: there is no such weight or bias"),
    ({"weights": [WEIGHT | {"from": None}]}, "names.weights[0]: there is no such weight or bias"),
    ({"weights": [WEIGHT | {"from_layer": 1}]}, "weights[0]: there is no such weight or bias"),
    ({"weights": [WEIGHT | {"from_layer": -1}]}, "weights[0]: there is no such weight or bias"),
    ({"weights": [WEIGHT, WEIGHT]}, "names.weights[1]: this one is called “a” already."),
    ({"weights": [WEIGHT | {"from_layer": None}]}, "weights[0]: there is no such weight or bias"),
    ({"weights": [WEIGHT, WEIGHT | {"to": 1}]}, "names: Two weights cannot both be called “a”"),
    ({"weights": [WEIGHT | {"name": "\t"}]}, "names.weights[0].name: A name needs at least one"),
    ({"weights": [NEURON]}, "names.weights[0]: "),
]
PLACE = {"layer": 1, "index": 0, "x": 1, "y": 2}
NOTE = {"layer": 1, "index": 0, "note": "a"}
DRAWINGS = [
    ({"places": [PLACE | {"index": 2}]}, "drawing.places[0]: There is no neuron 3 in layer 1."),
    ({"places": [PLACE, PLACE]}, "drawing.places[1]: this neuron stands here a second time."),
    ({"places": [PLACE | {"x": math.nan}]}, "drawing.places[0]: A neuron can be put at"),
    ({"places": [PLACE | {"y": -math.inf}]}, "drawing.places[0]: A neuron can be put at"),
    ({"places": [PLACE | {"y": 1_000_001}]}, "drawing.places[0]: A neuron can be put at −1,000,0"),
    ({"places": [PLACE | {"x": 10**400}]}, "drawing.places[0].x: "),
    ({"places": [PLACE | {"x": None}]}, "drawing.places[0].x: a number is needed, not null"),
    ({"places": [PLACE | {"z": 1}]}, "drawing.places[0]: the key “z” is unknown"),
    ({"notes": [NOTE | {"layer": 9}]}, "drawing.notes[0]: There is no layer 9."),
    ({"notes": [NOTE, NOTE]}, "drawing.notes[1]: this neuron stands here a second time."),
    ({"notes": [NOTE | {"note": " \n"}]}, "drawing.notes[0].note: A note needs at least one"),
    ({"notes": [NOTE | {"note": "a" * 501}]}, "notes[0].note: A note has at most 500 characters"),
    ({"notes": [NOTE | {"note": "a\0"}]}, "drawing.notes[0].note: The note 'a\\x00' holds"),
    ({"notes": [NOTE | {"note": 1}]}, "drawing.notes[0].note: a text is needed"),
    ({"zoom": 1}, "drawing: the key “zoom” is unknown"),
    (1, "drawing: an object {…} or null is needed"),
]


@pytest.mark.parametrize(
    ("steps", "value", "said"),
    [(("network", "names"), *row) for row in NAMES] + [(("drawing",), *row) for row in DRAWINGS],
)
def test_names_notes_and_places_that_cannot_be_are_refused(tmp_path, refusal, steps, value, said):
    (tmp_path / "a.nnsim").write_text(changed(*steps, value=value), "utf-8")

    assert said in refusal(nnsim.open, tmp_path / "a.nnsim", name="a.nnsim")


def test_the_rows_that_those_were_made_of_are_read(tmp_path):
    names = {"neurons": [NEURON], "weights": [WEIGHT]}
    raw = json.loads(changed("network", "names", value=names))
    again = from_text(json.dumps(raw | {"drawing": {"places": [PLACE], "notes": [NOTE]}}))

    assert again.network.structure.labels == Labels({(0, 1): "a"}, {ParameterRef(1, 0, 1): "a"})
    assert again.drawing == Drawing({(1, 0): (1.0, 2.0)}, {(1, 0): "a"})


MEAN = {"weights": [[0, 0], [0, 0]], "biases": [0, 0]}
SQUARES = [MEAN, {"weights": [[1, 1], [1, -1]], "biases": [1, 1]}]
REMEMBERED = [
    ({"steps": 1, "first": [MEAN, MEAN]}, "optimizer.second: the optimizer adam needs these"),
    ({"steps": 1, "first": [MEAN], "second": SQUARES}, "optimizer.first: 2 layers are needed"),
    (
        {"steps": 1, "first": [MEAN, MEAN], "second": SQUARES},
        "optimizer.second[1].weights[1][1]: a mean of squares is at least 0",
    ),
    (
        {"steps": 1, "first": [MEAN, MEAN | {"biases": [0, None]}], "second": SQUARES},
        "optimizer.first[1].biases[1]: null stands where there is a bias in this network",
    ),
]


@pytest.mark.parametrize(("record", "said"), REMEMBERED)
def test_what_the_optimizer_cannot_remember_is_refused(tmp_path, refusal, record, said):
    raw = json.loads(changed("optimizer", value=record))
    raw["settings"]["optimizer"] = "adam"
    (tmp_path / "a.nnsim").write_text(json.dumps(raw), "utf-8")

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


def test_a_file_above_128_mb_is_refused_unread(tmp_path, refusal):
    with (tmp_path / "big.nnsim").open("wb") as file:
        file.truncate(300_000_000)

    assert "larger than 128 MB" in refusal(nnsim.open, tmp_path / "big.nnsim", name="big.nnsim")


def test_a_name_with_a_line_break_stays_on_one_line(tmp_path, refusal):
    (tmp_path / "a\nb\udcff.nnsim").write_bytes(b"{")

    sentence = refusal(nnsim.open, tmp_path / "a\nb\udcff.nnsim", name="a�b�.nnsim")
    assert "\n" not in sentence


@pytest.mark.parametrize("title", ["a\nb", "\udcff", "a" * 201])
def test_a_title_that_could_not_be_read_again_is_not_written(document, tmp_path, refusal, title):
    refusal(nnsim.save, replace(document, title=title), tmp_path / "a.nnsim", name="a.nnsim")

    assert list(tmp_path.iterdir()) == []
