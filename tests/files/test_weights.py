"""Files of weights: every format there and back to the bit, and each bad row named."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nnsim
from nnsim.engine.initializers import with_uniform_weights
from nnsim.engine.labels import Labels
from nnsim.files import formats
from nnsim.files.examples import NAMES, open_example
from nnsim.files.formats import FORMATS, export_weights, import_weights
from tests.strategies import any_documents, any_networks

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def zeroed(document):
    network = document.network
    return replace(
        document, network=network.with_parameters(np.zeros(len(network.parameters))), start=None
    )


def test_every_module_with_a_format_is_in_the_table():
    modules = {path.stem for path in Path(formats.__file__).parent.glob("*_weights.py")}

    assert {f"{ending[1:]}_weights" for ending in FORMATS} == modules


@pytest.mark.parametrize("ending", FORMATS)
def test_weights_come_back_exact_to_the_bit(document, tmp_path, ending):
    path = tmp_path / f"weights{ending}"
    export_weights(document, path)
    again = import_weights(path, zeroed(document))

    assert again.network.parameters.tobytes() == document.network.parameters.tobytes()


@pytest.mark.parametrize("ending", FORMATS)
@given(st.lists(FINITE, min_size=9, max_size=9))
def test_every_number_comes_back_exact_to_the_bit(ending, numbers):
    network = nnsim.Network.dense([2, 2, 1], ["tanh", "linear"], biases=[[0, 0], [0]])
    network = network.with_parameters(np.array(numbers))
    found = FORMATS[ending]

    assert found.read(found.write(network), network).tobytes() == network.parameters.tobytes()


@pytest.mark.parametrize("ending", FORMATS)
@given(any_networks())
def test_networks_that_skip_and_lack_connections_come_back_exact_to_the_bit(ending, network):
    found = FORMATS[ending]
    again = network.with_parameters(found.read(found.write(network), network))

    assert again.parameters.tobytes() == network.parameters.tobytes()


@pytest.mark.parametrize("ending", FORMATS)
@given(any_documents())
def test_names_go_with_the_weights_and_are_not_read_back(ending, document):
    network = document.network
    found = FORMATS[ending]
    unnamed = network.with_labels(Labels())

    for reader in (network, unnamed):
        again = reader.with_parameters(found.read(found.write(network), reader))
        assert again == reader


def test_names_stand_in_the_formats():
    network = nnsim.Network.dense([2, 1], ["linear"], [[[1, 2]]])
    labels = Labels({(0, 0): "=1+1", (1, 0): "a,b"}, {nnsim.ParameterRef(1, 0, 1): '- “x” "y"'})
    named = network.with_labels(labels)

    _, first, second = FORMATS[".csv"].write(named).splitlines()
    assert first == '1,0,0,"\'=1+1 → a,b",1'  # the ' keeps spreadsheets from computing it
    assert second == '1,0,1,"\'- “x” ""y""",2'
    assert json.loads(FORMATS[".json"].write(named))["names"]["neurons"][1]["name"] == "a,b"
    assert "names" not in FORMATS[".json"].write(network)


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_every_example_can_be_exported_and_imported(tmp_path, ending, name):
    document = open_example(name)
    export_weights(document, tmp_path / f"w{ending.upper()}")

    again = import_weights(tmp_path / f"w{ending.upper()}", zeroed(document))

    assert again.network == document.network


@pytest.mark.parametrize("ending", FORMATS)
def test_an_import_is_an_edit_of_the_weights_alone(document, tmp_path, ending):
    other = with_uniform_weights(document.network, seed=3)
    export_weights(replace(document, network=other), tmp_path / f"w{ending}")

    again = import_weights(tmp_path / f"w{ending}", document)

    assert again == replace(document, network=other)
    assert again.start == document.start


def test_csv_is_a_row_for_each_weight_and_bias(tmp_path):
    export_weights(open_example("two-layers"), tmp_path / "w.csv")
    lines = (tmp_path / "w.csv").read_text("utf-8").splitlines()

    assert lines[0] == "layer,to,from,name,value"
    assert lines[2] == "1,0,1,input2 → hidden1,0.3"
    assert lines[3] == "1,0,,bias → hidden1,0.25"
    assert len(lines) == 13


@pytest.fixture
def skipping():
    """The chapter's neuron behind two others, one of which lacks an input."""
    network = nnsim.Network.dense(
        [2, 2, 1], ["tanh", "linear"], weights=[[[1, 2], [3, 4]], [[5, 6]]]
    )
    network = network.with_connection(nnsim.ParameterRef(2, 0, 1, source_layer=0), 7.0)
    network = network.without([nnsim.ParameterRef(1, 0, 1)])
    return nnsim.Document(network, nnsim.Samples.none(2, 1))


SKIPPING = """\
layer,to,from_layer,from,name,value
1,0,0,0,input1 → hidden1,1
1,1,0,0,input1 → hidden2,3
1,1,0,1,input2 → hidden2,4
2,0,0,1,input2 → output,7
2,0,1,0,hidden1 → output,5
2,0,1,1,hidden2 → output,6
"""


def test_csv_names_the_layer_where_a_connection_skips_one(skipping, tmp_path):
    export_weights(skipping, tmp_path / "w.csv")

    assert (tmp_path / "w.csv").read_text("utf-8") == SKIPPING


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SKIPPING + "2,0,0,0,,1\n", "line 8: this network has no weight from 0 of layer 0 to 0 in"),
        (SKIPPING + "1,0,0,1,,1\n", "line 8: this network has no weight from 1 of layer 0 to 0 in"),
        (SKIPPING + "1,0,,0,,1\n", "line 8: input1 → hidden1 (layer 1, to 0, from 0) occurs a"),
        (SKIPPING.replace("2,0,0,1", "2,0,x,1"), "line 5, “from_layer”: a whole number"),
        (SKIPPING.replace(",4\n", "\n"), "line 4: 6 cells are needed here, not 5"),
        (
            SKIPPING.replace("2,0,0,1,input2 → output,7\n", ""),
            "no row for input2 → output (layer 2, to 0, from 1 of layer 0).",
        ),
    ],
)
def test_a_row_that_does_not_fit_a_skipping_network_is_named(
    skipping, tmp_path, refusal, text, said
):
    (tmp_path / "w.csv").write_text(text, "utf-8")

    assert said in refusal(import_weights, tmp_path / "w.csv", skipping, name="w.csv")


def test_json_without_its_reach_does_not_fit_a_skipping_network(skipping, tmp_path, refusal):
    export_weights(skipping, tmp_path / "w.json")
    text = (tmp_path / "w.json").read_text("utf-8").replace('"reach": 2,', "")
    (tmp_path / "w.json").write_text(text, "utf-8")

    said = refusal(import_weights, tmp_path / "w.json", skipping, name="w.json")
    assert "layers[1].reach: it is 2 in this network" in said


def test_no_cell_of_a_csv_starts_a_formula(document, tmp_path):
    export_weights(document, tmp_path / "w.csv")
    names = [line.split(",")[3] for line in (tmp_path / "w.csv").read_text("utf-8").splitlines()]

    assert not [name for name in names if name[0] in "=+-@\t\r"]


def test_json_holds_a_matrix_for_each_layer(tmp_path):
    export_weights(open_example("chapter"), tmp_path / "w.json")

    assert json.loads((tmp_path / "w.json").read_text("utf-8")) == {
        "format": "nnsim-weights",
        "version": 1,
        "layers": [{"activation": "linear", "weights": [[0.3, 0.9]], "biases": None}],
    }


# ---------------------------------------------------------------- what spreadsheets do

CSV = "layer,to,from,name,value\n1,0,0,weight1,0.25\n1,0,1,weight2,-1.5\n"


@pytest.mark.parametrize(
    "text",
    [
        CSV,
        "\ufeff" + CSV,
        CSV.replace("\n", "\r\n"),
        CSV.replace("\n", "\r"),
        CSV.rstrip(),
        CSV + "\n\n,,,,\n",
        CSV.replace(",", ";"),
        CSV.replace(",", ";").replace(".", ","),
        CSV.replace(",", "\t").replace(".", ","),
        CSV.replace(",", ";").replace("\n", ";;\n"),
        CSV.replace("1.5", "1.5E+00"),
        CSV.replace("-", "−"),
        "layer,to,from,name,value\n1,0,1,,-1.5\n1,0,0,weight1,0.25\n",
        'Layer,"To",From,name,value\n"1",0,0,"a, b","0.25"\n1,0,1,"two\nlines",-1.5\n',
    ],
)
def test_a_csv_saved_again_by_a_spreadsheet_is_read(tmp_path, text):
    (tmp_path / "w.csv").write_bytes(text.encode())
    again = import_weights(tmp_path / "w.csv", open_example("chapter"))

    assert again.network.parameters.tolist() == [0.25, -1.5]


BAD_CSV = [
    (b"", "line 1: the header layer,to,from,name,value is needed"),
    (CSV.partition("\n")[2].encode(), "line 1: the header"),
    (
        CSV.partition("\n")[0].encode(),
        "no row for weight1 (layer 1, to 0, from 0); 2 rows are missing.",
    ),
    (CSV.rpartition("1,0,1")[0].encode(), "no row for weight2 (layer 1, to 0, from 1)."),
    ((CSV + "1,0,1,weight2,3\n").encode(), "line 4: weight2 (layer 1, to 0, from 1) occurs"),
    ((CSV + "1,0,2,weight3,3\n").encode(), "line 4: this network has no weight from 2 to 0 in"),
    ((CSV + "1,0,,bias,3\n").encode(), "line 4: this network has no bias to 0 in layer 1"),
    ((CSV + "2,0,0,x,3\n").encode(), "line 4: this network has no weight from 0 to 0 in layer 2"),
    ((CSV + "0,0,0,x,3\n").encode(), "line 4: this network has no weight"),
    (CSV.replace("1,0,0", "1,-1,0").encode(), "line 2, “to”: a whole number is needed"),
    (CSV.replace("1,0,0", "1.0,0,0").encode(), "line 2, “layer”: a whole number is needed"),
    (CSV.replace("1,0,0", "1,0,x").encode(), "line 2, “from”: a whole number is needed"),
    (CSV.replace("1,0,0", "1,0,²").encode(), "line 2, “from”: a whole number is needed"),
    (CSV.replace("1,0,0", "9" * 5000 + ",0,0").encode(), "line 2, “layer”: a whole number"),
    (CSV.replace("0.25", "nan").encode(), "line 2, “value”: “nan” is not a finite number"),
    (CSV.replace("0.25", "1e400").encode(), "line 2, “value”: “1e400” is not a finite number"),
    (CSV.replace("0.25", "").encode(), "line 2, “value”: “” is not a finite number"),
    (CSV.replace("0.25", '"1,234"').encode(), "line 2, “value”: “1,234” is not"),
    (CSV.replace("0.25", "=1+1").encode(), "line 2, “value”: “=1+1” is not"),
    (CSV.replace("0.25", "1_000").encode(), "line 2, “value”: “1_000” is not"),
    (CSV.replace("0.25", "0.25,7").encode(), "line 2: 5 cells are needed here, not 6"),
    (CSV.replace(",0.25", "").encode(), "line 2: 5 cells are needed here, not 4"),
    (CSV.replace("weight1", '"weight1').encode(), "this is not CSV"),
    (CSV.replace("weight1", '"weight1"x').encode(), "line 2: this is not CSV"),
    (CSV.replace("weight1", "x" * 200_000).encode(), "line 2: this is not CSV (field larger"),
    (CSV.replace("weight1", "a\0b").encode(), "line 2 holds a zero byte"),
    (CSV.encode("utf-16"), "UTF-16"),
    (CSV.replace("weight1", "gewicht ä").encode("latin-1"), "not a text in UTF-8"),
    (b"\x1f\x8b\x08\x00", "not a text"),
    (b"<!doctype html><html></html>", "line 1: the header"),
]


@pytest.mark.parametrize(("content", "said"), BAD_CSV)
def test_a_bad_csv_is_refused_with_its_line(tmp_path, refusal, content, said):
    (tmp_path / "w.csv").write_bytes(content)
    chapter = open_example("chapter")

    assert said in refusal(import_weights, tmp_path / "w.csv", chapter, name="w.csv")


# ---------------------------------------------------------------- JSON


def layers(**changes):
    layer = {"activation": "linear", "weights": [[1, 2]], "biases": None} | changes
    return {"format": "nnsim-weights", "version": 1, "layers": [layer]}


BAD_JSON = [
    ([], "it is not an nnsim file of weights"),
    ({"format": "nnsim"}, "it is not an nnsim file of weights, but a project to be opened"),
    (layers() | {"version": 2}, "made by a newer nnsim (format version 2; this one reads 1)"),
    (layers() | {"layers": []}, "layers: 1 layer is needed here, not 0"),
    (layers(weights=[[1]]), "layers[0].weights[0]: 2 numbers are needed here, not 1"),
    (layers(weights=[[1], [2]]), "layers[0].weights: 1 row is needed here, not 2"),
    (layers(weights=[[1, None]]), "layers[0].weights[0][1]: null stands where there is a weight"),
    (layers(weights=[[1, "2"]]), "layers[0].weights[0][1]: a number or null is needed, not a text"),
    (layers(reach=2), "layers[0].reach: it is 1 in this network"),
    (layers(weights=[[1, float("nan")]]), "layers[0].weights[0][1]: this is not a finite"),
    (layers(biases=[0]), "layers[0].biases: this network has no biases in layer 1"),
    (layers(biases="no"), "layers[0].biases: a list or null is needed, not a text"),
    (layers(mask=[[1, 0]]), "layers[0]: the key “mask” is unknown"),
]


@pytest.mark.parametrize(("content", "said"), BAD_JSON)
def test_a_bad_json_is_refused_with_its_place(tmp_path, refusal, content, said):
    (tmp_path / "w.json").write_text(json.dumps(content), "utf-8")
    chapter = open_example("chapter")

    assert said in refusal(import_weights, tmp_path / "w.json", chapter, name="w.json")


def test_weights_of_a_network_without_biases_do_not_fit_one_with(tmp_path, refusal):
    (tmp_path / "w.json").write_text(json.dumps(layers()), "utf-8")

    text = refusal(import_weights, tmp_path / "w.json", open_example("or"), name="w.json")

    assert "layers[0].biases: null stands where this network has biases" in text


@pytest.mark.parametrize("name", ["w.onnx", "w", "w.csv.gz"])
def test_an_unknown_ending_is_refused_with_the_known_ones(document, tmp_path, refusal, name):
    for call in (
        lambda path: export_weights(document, path),
        lambda path: import_weights(path, document),
    ):
        assert "ends in .csv or .json" in refusal(call, tmp_path / name, name=name)
