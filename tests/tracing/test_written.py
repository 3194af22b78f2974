"""The worked solution as Markdown, LaTeX and HTML: nothing is lost on the way to paper."""

import re
import subprocess
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings

from nnsim import Document, Network, Samples, Settings, train
from nnsim.engine.optimizers import OPTIMIZERS
from nnsim.files.examples import NAMES, open_example
from nnsim.model import connecting
from nnsim.model.labelling import name_neuron
from nnsim.model.rebuilding import Fresh
from nnsim.tracing.wording import on_paper
from nnsim.tracing.worked.python_script import python_script
from nnsim.tracing.worked.solution import solution
from nnsim.tracing.worked.written import html, latex, markdown
from tests.strategies import any_traces

NEURON = Network.dense([2, 1], ["linear"], [[[0.3, 0.9]]])
CHAPTER = Document(NEURON, Samples([[0.1, 0.8]], [[0.4]])).trace()


def results(trace):
    return [on_paper(line.value) for part in solution(trace) for line in part.lines]


def test_the_chapter_in_markdown():
    text = markdown(CHAPTER)

    assert "## Feedforward" in text
    assert "- sum = input1 × weight1 + input2 × weight2 = 0.1 × 0.3 + 0.8 × 0.9 = **0.75**" in text
    assert "- error = output − expected = 0.75 − 0.4 = **0.35**" in text
    assert "= 0.35 × 1 × 0.1 = **0.035**" in text
    assert text.rstrip().endswith("= 0.9 − 1 × 0.28 = **0.62**")


def test_the_chapter_in_latex():
    text = latex(CHAPTER)

    assert r"\quantity{z^{(1)}_{1}}{x_{1} \cdot w^{(1)}_{1,1} + x_{2} \cdot w^{(1)}_{1,2}}" in text
    assert r"\equals{0.1 \cdot 0.3 + 0.8 \cdot 0.9}" in text
    assert r"\quantity{\frac{\partial E}{\partial w^{(1)}_{1,1}}}{" in text


@settings(max_examples=60)
@given(any_traces())
def test_in_latex_braces_and_environments_match(trace):
    text = latex(trace)
    depth = 0
    for sign in re.sub(r"\\[{}]", "", text):
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    for environment in ("document", "cases"):
        begins, ends = (text.count(rf"\{w}{{{environment}}}") for w in ("begin", "end"))
        assert begins == ends
    assert text.isascii()


@settings(max_examples=60)
@given(any_traces())
def test_in_html_every_formula_is_mathml_with_its_result(trace):
    page = ElementTree.fromstring(html(trace).partition("\n")[2])
    said = ["".join(line[-1].itertext()).removeprefix("=") for line in page.iter("p")]
    assert said == results(trace)


@settings(max_examples=60)
@given(any_traces())
def test_in_markdown_every_line_ends_in_its_result(trace):
    lines = [line for line in markdown(trace).splitlines() if line.startswith("- ")]

    assert [re.search(r"\*\*(.*)\*\*$", line)[1] for line in lines] == results(trace)


@pytest.mark.parametrize("name", NAMES)
def test_every_example_has_a_solution(name):
    trace = open_example(name).trace()
    for written in (markdown, latex, html):
        assert len(written(trace)) > 500


def test_names_that_mean_something_elsewhere_are_shown_as_they_are():
    named = name_neuron(Document(NEURON, Samples([[0.1, 0.8]], [[0.4]])), (0, 0), "a*b_<c>")
    trace = named.trace()

    assert r"a\*b\_\<c\> = **0.1**" in markdown(trace)
    ElementTree.fromstring(html(trace).partition("\n")[2])
    assert "a*b_<c>" not in html(trace)


def test_a_choice_in_a_sum_has_brackets():
    network = Network.dense([1, 2], ["linear"], [[[0.5], [2.0]]])
    text = markdown(
        Document(network, Samples([[1.0]], [[1.0, 1.0]]), Settings(loss="hinge")).trace()
    )
    assert (
        "- E = (1 − expected1 × output1 if 1 − expected1 × output1 \\> 0, else 0) + (1 − " in text
    )


def test_without_an_expected_output_it_ends_with_the_feedforward():
    bare = replace(CHAPTER, expected=None, back=None, step=None)
    assert [part.title for part in solution(bare)] == ["Given", "Feedforward"]
    assert "Error" not in markdown(bare)


@pytest.mark.parametrize("name", NAMES)
def test_latex_takes_the_document(name, tmp_path):
    (tmp_path / "step.tex").write_text(latex(open_example(name).trace()), encoding="utf-8")
    run_latex(tmp_path)
    assert (tmp_path / "step.pdf").exists()


def test_latex_takes_skipped_layers_kinks_and_softmax(tmp_path):
    settings_ = Settings(loss="softmax_cross_entropy")
    network = Network.dense([2, 3, 2], ["leaky_relu", "softmax"])
    document = Document(network, Samples([[0.5, -0.5]], [[1, 0]]), settings_)
    document = connecting.connect(document, (0, 0), (2, 0), Fresh.start_rule)
    (tmp_path / "step.tex").write_text(latex(document.trace()), encoding="utf-8")
    run_latex(tmp_path)


@pytest.mark.parametrize("loss", ["softmax_cross_entropy", "mean_squared", "huber"])
def test_no_long_sum_runs_off_the_page(loss, tmp_path):
    rng = np.random.default_rng(1)
    outputs = "softmax" if loss == "softmax_cross_entropy" else "sigmoid"
    network = Network.dense(
        [30, 6, 10],
        ["tanh", outputs],
        [rng.normal(size=(6, 30)), rng.normal(size=(10, 6))],
    )
    samples = Samples(rng.normal(size=(7, 30)), np.eye(10)[:7])
    settings_ = Settings(loss=loss, batch_size=7, clip_norm=0.1, l1=0.001, l2=0.001)
    text = latex(Document(network, samples, settings_).trace())
    (tmp_path / "step.tex").write_text(text, encoding="utf-8")
    run_latex(tmp_path)
    assert r"\cdots" in text  # under the root of all gradients, where no line can end


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_latex_takes_every_optimizer_with_all_that_a_step_can_have(optimizer, tmp_path):
    trace = everything_on(optimizer).trace()
    (tmp_path / "step.tex").write_text(latex(trace), encoding="utf-8")
    run_latex(tmp_path)


def everything_on(optimizer, **options):
    """A document with every option that a step can have, after three steps."""
    settings_ = Settings(
        **({"l1": 0.01, "l2": 0.1, "clip_value": 0.4, "clip_norm": 0.3} | options),
        **{"weight_limit": 0.9, "weight_decay": 0.1, "optimizer": optimizer, "batch_size": 2},
        **{"schedule": "cosine", "warm_up_steps": 7, "learning_rate": 0.1},
    )
    samples = Samples([[0.1, 0.8], [1.0, 2.0], [0.5, 0.5], [0.2, 0]], [[0.4], [1], [0], [1]])
    return train(Document(NEURON, samples, settings_), steps=3).document


def test_the_chain_of_a_step_is_shown_from_the_deltas_of_the_batch_to_the_new_weight():
    text = markdown(everything_on("adam").trace())

    for line in (
        "- delta of weight1 for sample 4 = ",
        "- mean delta of weight1 = (delta of weight1 + delta of weight1 for sample 4) / 2 = ",
        "- limited gradient of weight1 = clip(gradient with penalties of weight1, "
        "±limit of each derivative) = clip(",
        "√((limited gradient of weight1)² + (limited gradient of weight2)²)",
        "- m of weight1 = β₁ × old m of weight1 + (1 − β₁) × gradient of weight1 = 0.9 × ",
        "- ŝ of weight1 = s of weight1 / (1 − β₂^t) = ",
        "(1 + cos(π × min(steps taken, steps of the schedule) / steps of the schedule)) / 2",
        "= clip(weight1 + optimizer's change of weight1, ±weight limit) = clip(",
    ):
        assert line in text
    titles = [part.title for part in solution(everything_on("adam").trace())]
    assert titles[-4:] == ["Backpropagation", "Gradient of the step", "Optimizer", "New weights"]


def test_numbers_that_are_not_finite_are_said_as_such():
    lost = NEURON.with_parameters(np.array([1e200, 1e200]))
    samples = Samples([[1e200, -1e200]], [[0.0]])
    trace = Document(lost, samples, Settings(clip_norm=1.0)).trace()

    assert "not a number**" in markdown(trace)
    assert r"\text{not a number}" in latex(trace)
    assert "math.nan)" in python_script(trace)


def run_latex(folder):
    """LaTeX takes it, and no formula runs off the page."""
    words = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "step.tex"]
    done = subprocess.run(
        words, cwd=folder, capture_output=True, text=True, timeout=120, errors="replace"
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout
