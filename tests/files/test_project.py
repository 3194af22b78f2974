"""The project file: exact there and back; damage opens to a valid document or is refused."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnsim
from nnsim.engine.labels import Labels
from nnsim.engine.network import ParameterRef
from nnsim.engine.optimizers import OPTIMIZERS, Moments
from nnsim.engine.settings import INITIALIZERS, MAX_RANGE
from nnsim.errors import BadFile
from nnsim.files.examples import open_example
from nnsim.files.project import from_text, to_text
from nnsim.model.drawing import Drawing
from nnsim.model.labelling import name_neuron
from tests.strategies import any_documents, any_drawings, any_labels, any_problems, any_samples

FINITE = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200)


def extremes(draw, count):
    """Numbers of all sizes, −0 and the smallest ones among them."""
    chosen = draw(st.lists(FINITE, min_size=1, max_size=8))
    return np.random.default_rng(draw(st.integers(0, 999))).choice(chosen, count)


@st.composite
def documents(draw):
    """Documents of all that can be in a file, with numbers of all sizes."""
    network, samples, settings = draw(any_problems())
    count, whole = len(network.parameters), st.integers(0, 2**53 - 1)
    network = network.with_parameters(extremes(draw, count))
    network = network.with_labels(draw(any_labels(network)))
    settings = replace(
        settings,
        learning_rate=draw(st.floats(5e-324, 1e308)),
        seed=draw(whole),
        start_range=draw(st.floats(0.0, MAX_RANGE, exclude_max=True)),
        initializer=draw(st.sampled_from(INITIALIZERS)),
    )
    optimizer = OPTIMIZERS[settings.optimizer]
    first, second = np.where(network.present, [extremes(draw, count) for _ in range(2)], 0.0)
    moments = Moments(
        draw(whole),
        first if optimizer.uses_first else np.empty(0),
        np.abs(second) if optimizer.uses_second else np.empty(0),
    )
    return nnsim.Document(
        network,
        samples,
        settings,
        network.with_parameters(extremes(draw, count)),
        nnsim.Position(draw(whole), draw(whole), draw(st.integers(0, len(samples) - 1))),
        draw(TEXTS),
        draw(st.none() | TEXTS),
        draw(st.none() | st.just(moments)),
        draw(st.none() | any_samples(network, settings.loss)),
        draw(any_drawings(network)),
    )


def bits(document):
    """Every number of a document, so that −0.0 differs from 0.0."""
    tables = [document.samples, document.validation or document.samples]
    arrays = [document.network.parameters, document.start.parameters]
    arrays += [document.moments.first, document.moments.second]
    arrays += [np.array(point) for _, point in sorted(document.drawing.places.items())]
    arrays += [array for table in tables for array in (table.inputs, table.expected)]
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


def test_what_is_as_usual_is_not_written(document):
    text = to_text(replace(document, moments=Moments(document.position.step)))

    assert list(json.loads(text)["settings"]) == ["learning_rate", "shuffle", "seed", "start_range"]
    optional = ("reach", "frozen", "optimizer", "validation", "names", "drawing")
    assert not [word for word in optional if word in text]


def test_a_skipped_an_absent_and_a_frozen_connection_are_written_as_described(document):
    skip, bias = ParameterRef(2, 0, 1, source_layer=0), ParameterRef(1, 0, None)
    network = document.network.with_connection(skip, 7.0)
    network = network.without([bias, ParameterRef(1, 1, 0)]).with_frozen([skip])
    changed = nnsim.Document(network, document.samples)
    hidden, output = json.loads(to_text(changed))["network"]["layers"]

    assert hidden["weights"][1][0] is None
    assert hidden["biases"] == [None, 2]
    assert "reach" not in hidden
    assert "frozen" not in hidden
    assert output["reach"] == 2
    assert output["weights"] == [[None, 7, 3, 4]]
    assert output["frozen"] == {"weights": [[1]], "biases": []}
    assert from_text(to_text(changed)) == changed


def test_names_notes_and_places_are_written_as_described(document):
    network, skip = document.network, ParameterRef(2, 0, 1, source_layer=0)
    network = network.with_connection(skip, 7.0)
    labels = Labels(
        {(2, 0): "Größe", (0, 1): "年齢"}, {skip: "fast", ParameterRef(1, 1, None): "shift"}
    )
    drawing = Drawing({(1, 0): (-1.5, 20)}, {(2, 0): "big\nor small"})
    changed = nnsim.Document(network.with_labels(labels), document.samples, drawing=drawing)
    text = to_text(changed)
    raw = json.loads(text)

    assert raw["network"]["names"] == {
        "neurons": [
            {"layer": 0, "index": 1, "name": "年齢"},
            {"layer": 2, "index": 0, "name": "Größe"},
        ],
        "weights": [
            {"layer": 1, "to": 1, "from_layer": None, "from": None, "name": "shift"},
            {"layer": 2, "to": 0, "from_layer": 0, "from": 1, "name": "fast"},
        ],
    }
    assert raw["drawing"] == {
        "places": [{"layer": 1, "index": 0, "x": -1.5, "y": 20}],
        "notes": [{"layer": 2, "index": 0, "note": "big\nor small"}],
    }
    assert '\n    {"layer": 0, "index": 1, "name": "年齢"},\n' in text
    assert from_text(text) == changed


@given(any_documents(), st.data())
def test_equal_documents_have_the_same_text(document, data):
    names = document.network.structure.labels.neurons
    other = document
    for neuron in data.draw(st.permutations(sorted(names))):
        other = name_neuron(name_neuron(other, neuron, ""), neuron, names[neuron])

    assert other == document
    assert hash(other) == hash(document)
    assert to_text(other) == to_text(document)


@given(any_documents(), st.integers(1, 6))
def test_training_goes_on_from_a_file_to_the_bit(document, steps):
    half = nnsim.train(document, steps).document
    again = from_text(to_text(half))

    assert again == half
    there, here = (nnsim.train(one, steps).document for one in (again, half))
    assert bits(there) == bits(here)


def test_what_a_file_does_not_say_is_as_usual(document):
    raw = json.loads(to_text(document))
    del raw["optimizer"]
    again = from_text(json.dumps(raw | {"settings": {"learning_rate": 0.1}}))

    assert again.settings == nnsim.Settings(learning_rate=0.1)
    assert again.moments == Moments(3)
    assert again.validation is None


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
