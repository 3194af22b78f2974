"""The ready examples: the numbers that their sources print, and training that really learns."""

import json

import numpy as np
import pytest

import nnsim
from nnsim.assets import resource
from nnsim.engine.forward import forward
from nnsim.engine.step import sample_losses
from nnsim.files.examples import Example, examples, open_example
from nnsim.files.project import to_text


def outputs(document):
    return forward(document.network, document.samples.inputs).outputs


def mean_loss(document):
    samples = document.samples
    return sample_losses(document.network, samples.inputs, samples.expected).mean()


def trained(name, epochs):
    document = open_example(name)
    return nnsim.train(document, epochs * len(document.samples)).document


def truncated(number):
    """As the source prints it: five decimals, not rounded."""
    return np.floor(number * 1e5) / 1e5


def test_the_menu_has_the_examples_in_order():
    assert examples() == [
        Example("chapter", "One neuron"),
        Example("two-layers", "Two layers"),
        Example("or", "OR"),
        Example("xor", "XOR"),
        Example("gesture", "Gestures"),
    ]


def test_an_example_that_is_not_there_is_refused(refusal):
    assert "choose one of chapter" in refusal(open_example, "../cha", name="../cha")


@pytest.mark.parametrize("example", examples())
def test_every_example_is_new_named_and_written_as_nnsim_writes_it(example):
    document = open_example(example.name)
    path = resource("examples", f"{example.name}.nnsim")

    assert document.example == example.name
    assert document.position == nnsim.Position()
    assert document.start == document.network
    assert path.read_text("utf-8") == to_text(document)


def test_every_example_file_is_in_the_menu():
    files = {path.stem for path in resource("examples").iterdir()}

    assert files == {example.name for example in examples()}


def test_the_chapters_numbers_come_out():
    trace = nnsim.trace(open_example("chapter"))

    assert trace.outputs == pytest.approx([0.75], abs=1e-15)
    assert trace.errors == pytest.approx([0.35], abs=1e-15)
    assert trace.weight_deltas()[0].tolist() == [pytest.approx([0.035, 0.28], abs=1e-15)]


def test_the_two_layers_numbers_come_out():
    # Printed, truncated, in theneuralblog: “A step by step forward pass and backpropagation …”.
    trace = nnsim.trace(open_example("two-layers"))

    assert truncated(trace.passed.activations[1]).tolist() == [0.60108, 0.61538]
    assert truncated(trace.outputs).tolist() == [0.73492, 0.77955]
    assert truncated(trace.loss) == 0.24908


@pytest.mark.parametrize(("name", "epochs"), [("or", 30), ("xor", 200)])
def test_the_gates_are_learned(name, epochs):
    before, after = open_example(name), trained(name, epochs)

    assert ((outputs(before) > 0.5) != before.samples.expected).any()
    assert ((outputs(after) > 0.5) == after.samples.expected).all()


def test_xor_is_learned_well():
    assert np.abs(outputs(trained("xor", 500)) - open_example("xor").samples.expected).max() < 0.05


def test_the_gestures_are_learned_in_100_epochs():
    before, after = open_example("gesture"), trained("gesture", 100)
    guesses = outputs(after).argmax(axis=1)

    assert mean_loss(after) < mean_loss(before) / 20
    assert guesses.tolist() == after.samples.expected.argmax(axis=1).tolist()
    assert np.abs(before.network.parameters).max() <= 0.1


def test_the_files_are_json_that_any_program_reads():
    raw = json.loads(resource("examples", "gesture.nnsim").read_text("utf-8"))

    assert raw["samples"]["inputs"][0] == [0, 0.355, 1.201]
