"""The command trace: every number of one step, as the chapter writes it and as JSON."""

import json
from dataclasses import replace

import pytest

import nnsim
from nnsim.engine.network import ParameterRef
from nnsim.errors import BadNumber
from nnsim.files.examples import NAMES, open_example
from nnsim.model.labelling import name_neuron, name_weight
from nnsim.tracing.report import trace_json, trace_text
from nnsim.tracing.trace import trace_of

CHAPTER = """\
Sample 0 (counted from 0)
  input1 = 0.1
  input2 = 0.8
  expected = 0.4
  weight1 = 0.3
  weight2 = 0.9
  learning rate = 1
  f(x) = x

Feedforward
  sum = 0.1 × 0.3 + 0.8 × 0.9 = 0.75
  output = f(0.75) = 0.75

Error
  error = output − expected = 0.75 − 0.4 = 0.35
  E = ½ × 0.35² = 0.06125

Backpropagation
  f'(sum) = f'(0.75) = 1
  sum' for weight1 = input1 = 0.1
  delta of weight1 = error × f'(sum) × sum' = 0.35 × 1 × 0.1 = 0.035
  sum' for weight2 = input2 = 0.8
  delta of weight2 = error × f'(sum) × sum' = 0.35 × 1 × 0.8 = 0.28

New weights
  new weight1 = 0.3 − 1 × 0.035 = 0.265
  new weight2 = 0.9 − 1 × 0.28 = 0.62
"""


def test_the_chapter_is_written_as_in_the_chapter(run, example):
    done = run("trace", example("chapter"))

    assert (done.code, done.out, done.err) == (0, CHAPTER, "")


def test_the_next_steps_of_the_chapter(run, example):
    for shown in ("= 0.5225 − 0.4 = 0.1225\n", "− 0.4 = 0.042875\n"):
        run("train", example("chapter") if "0.1225" in shown else "b.nnsim", "-o", "b.nnsim")
        assert shown in run("trace", "b.nnsim").out


TWO_LAYERS = [
    "sum of hidden1 = 0.1 × 0.1 + 0.5 × 0.3 + 0.25 = 0.41",
    "hidden1 = f(0.41) = 0.60109",
    "error of output2 = output − expected = 0.77955 − 0.95 = −0.17045",
    "E = ½ × (0.68493² + (−0.17045)²) = 0.24909",
    "error signal of output1 = error × f'(sum) = 0.68493 × 0.19481 = 0.13343",
    "sum' for bias → output1 = 1",
    "error of hidden1 = Σ old weight × error signal = 0.5 × 0.13343 + 0.7 × (−0.02929) = 0.04621",
    "new bias → output1 = 0.35 − 1 × 0.13343 = 0.21657",
]


def test_two_layers_carry_the_error_back_in_the_order_of_computing(run, example):
    lines = [line.strip() for line in run("trace", example("two-layers")).out.splitlines()]

    assert [line for line in lines if line in TWO_LAYERS] == TWO_LAYERS


@pytest.fixture
def named(tmp_path):
    """Save the chapter's example with names as named.nnsim in the folder."""
    document = name_neuron(open_example("chapter"), (0, 1), "Größe")
    document = name_weight(name_neuron(document, (1, 0), "risk"), ParameterRef(1, 0, 0), "年齢")
    nnsim.save(document, tmp_path / "named.nnsim")
    return "named.nnsim"


NAMED = [
    "Größe = 0.8",
    "expected risk = 0.4",
    "年齢 = 0.3",
    "Größe → risk = 0.9",
    "sum of risk = 0.1 × 0.3 + 0.8 × 0.9 = 0.75",
    "risk = f(0.75) = 0.75",
    "delta of 年齢 = error × f'(sum) × sum' = 0.35 × 1 × 0.1 = 0.035",
    "sum' for Größe → risk = Größe = 0.8",
    "new 年齢 = 0.3 − 1 × 0.035 = 0.265",
]


def test_what_has_a_name_is_called_so(run, named):
    lines = [line.strip() for line in run("trace", named).out.splitlines()]
    found = json.loads(run("trace", named, "--json").out)

    assert [line for line in lines if line in NAMED] == NAMED
    assert [weight["name"] for weight in found["weights"]] == ["年齢", "Größe → risk"]


def test_a_terminal_that_lacks_its_letters_shows_question_marks(program, named):
    done = program("trace", named, env={"PYTHONIOENCODING": "ascii"})

    assert (done.code, done.err) == (0, "")
    assert "  new ?? = 0.3 ? 1 ? 0.035 = 0.265\n" in done.out


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_the_names_in_json_are_whole_in_every_encoding(program, named, encoding):
    done = program("trace", named, "--json", env={"PYTHONIOENCODING": encoding})

    names = [weight["name"] for weight in json.loads(done.out)["weights"]]
    assert names == ["年齢", "Größe → risk"]


def test_a_sample_is_counted_from_0_as_in_python(run, example):
    path = example("or")
    one = json.loads(run("trace", path, "--sample", "2", "--json").out)
    document = replace(open_example("or"), position=nnsim.Position(place=3))
    nnsim.save(document, "third.nnsim")

    assert one["sample"] == 2
    assert one["inputs"] == nnsim.trace(open_example("or"), sample=2).inputs.tolist() == [1, 0]
    assert json.loads(run("trace", "third.nnsim", "--json").out)["sample"] == 3
    assert run("trace", path, "--sample", "2").out.startswith("Sample 2 (counted from 0)\n")


def test_the_json_of_the_chapter(run, example):
    found = json.loads(run("trace", example("chapter"), "--json").out)

    assert found == {
        "sample": 0,
        "inputs": [0.1, 0.8],
        "expected": [0.4],
        "outputs": [0.7500000000000001],
        "errors": [0.3500000000000001],
        "loss": pytest.approx(0.06125),
        "neurons": [
            {
                "layer": 1,
                "index": 0,
                "name": "neuron",
                "sum": 0.7500000000000001,
                "output": 0.7500000000000001,
                "slope": 1,
                "error": 0.3500000000000001,
                "signal": 0.3500000000000001,
            }
        ],
        "weights": [
            {
                "layer": 1,
                "to": 0,
                "from_layer": 0,
                "from": index,
                "name": f"weight{index + 1}",
                "value": value,
                "error": 0.3500000000000001,
                "slope": 1,
                "source": source,
                "delta": pytest.approx(delta, abs=1e-15),
                "new": pytest.approx(new, abs=1e-15),
            }
            for index, value, source, delta, new in (
                (0, 0.3, 0.1, 0.035, 0.265),
                (1, 0.9, 0.8, 0.28, 0.62),
            )
        ],
        "biases": [],
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_json_holds_the_numbers_of_the_trace_in_full(run, example, name):
    found = json.loads(run("trace", example(name), "--json").out)
    trace = nnsim.trace(open_example(name))
    network, deltas = trace.network, trace.weight_deltas()

    assert len(found["weights"]) + len(found["biases"]) == network.parameter_count
    assert len(found["neurons"]) == sum(network.sizes[1:])
    for row in (*found["weights"], *found["biases"]):
        ref = ParameterRef(row["layer"], row["to"], row["from"])
        factors = trace.factors(ref)
        assert (row["value"], row["delta"], row["new"]) == (
            factors.value,
            factors.delta,
            factors.new_value,
        )
        assert row["delta"] == pytest.approx(row["error"] * row["slope"] * row["source"])
    for row in found["weights"]:
        assert row["delta"] == deltas[row["layer"] - 1][row["to"], row["from"]]
        assert row["from_layer"] == row["layer"] - 1
    for row in found["biases"]:
        assert (row["from_layer"], row["from"], row["source"]) == (None, None, 1)
    for row in found["neurons"]:
        assert row["signal"] == pytest.approx(row["error"] * row["slope"])


def test_the_json_has_null_for_what_is_not_there(run):
    words = ("--output-activation", "softmax", "--loss", "softmax_cross_entropy")
    run("new", "--layers", "2-2-2", *words, "-o", "a.nnsim")
    found = json.loads(run("trace", "a.nnsim", "--json").out)
    outputs = [row for row in found["neurons"] if row["layer"] == 2]

    assert [row["slope"] for row in outputs] == [None, None]
    assert [row["signal"] for row in outputs] == pytest.approx(
        [found["outputs"][0] - 1, found["outputs"][1]]
    )
    assert all(row["delta"] is not None for row in (*found["weights"], *found["biases"]))
    assert "softmax" in run("trace", "a.nnsim").out


def test_json_refuses_a_number_that_it_cannot_hold(run, tmp_path):
    network = nnsim.Network.dense([2, 1], ["sigmoid"], weights=[[[1e308, 1e308]]])
    document = nnsim.Document(network, nnsim.Samples([[5, 5]], [[0]]))
    nnsim.save(document, tmp_path / "a.nnsim")
    done = run("trace", "a.nnsim", "--json")

    assert (done.code, done.out) == (2, "")
    assert "The sum of neuron is not a finite number" in done.sentence
    assert "∞" in run("trace", "a.nnsim").out


def test_json_names_the_loss_when_that_is_too_large():
    network = nnsim.Network.dense([1, 1], ["linear"], weights=[[[1e200]]])
    document = nnsim.Document(network, nnsim.Samples([[1]], [[0]]))

    with pytest.raises(BadNumber, match="The loss of this sample is not a finite number"):
        trace_json(document.trace())


def test_inputs_that_are_only_tried_have_nothing_behind_the_feedforward():
    chapter = open_example("chapter")
    tried = trace_of(chapter.network, chapter.samples.inputs[0], None, chapter.settings)
    found = trace_json(tried)

    assert (found["sample"], found["expected"], found["errors"], found["loss"]) == (None,) * 4
    assert found["weights"][0]["delta"] is None
    assert trace_text(tried).startswith("Inputs being tried\n")
    assert "Error" not in trace_text(tried)
