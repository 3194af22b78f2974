"""new, export, import and check, and what every command says to bad input."""

from dataclasses import asdict

import pytest

import nnsim
from nnsim.cli import COMMANDS
from nnsim.cli import commands as module
from nnsim.engine.gradcheck import GradientCheck, GradientRow
from nnsim.engine.kernels.library import engine_name
from nnsim.engine.losses import LOSSES
from nnsim.engine.network import ParameterRef
from nnsim.files.examples import open_example


def test_new_makes_a_project_with_one_sample(run):
    done = run("new", "--layers", "2-3-1", "--seed", "7", "-o", "a.nnsim")
    document = nnsim.open("a.nnsim")

    assert (done.code, done.err) == (0, "")
    assert done.out == "a.nnsim: 2-3-1, 13 weights and biases, 1 sample, step 0.\n"
    assert document.network.sizes == (2, 3, 1)
    assert document.samples == nnsim.Samples([[0.5, 0.5]], [[0]])
    assert [set(layer.activations) for layer in document.network.layers] == [{"sigmoid"}] * 2
    assert all(layer.has_bias for layer in document.network.layers)
    assert document.settings.seed == 7
    assert abs(document.network.parameters).max() <= 1


def test_the_same_seed_gives_the_same_weights_and_another_others(run):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        run("new", "--layers", "2-1", "--seed", seed, "-o", f"{name}.nnsim")

    assert nnsim.open("a.nnsim") == nnsim.open("b.nnsim")
    assert nnsim.open("a.nnsim").network != nnsim.open("c.nnsim").network


def test_activations_and_biases_can_be_chosen(run):
    run("new", "--layers", "2-2-1", "--activation", "tanh", "--no-bias", "-o", "a.nnsim")
    run("new", "--layers", "2-2-1", "--output-activation", "linear", "-o", "b.nnsim")
    first, second = nnsim.open("a.nnsim").network, nnsim.open("b.nnsim").network

    assert [layer.activations[0] for layer in first.layers] == ["tanh", "tanh"]
    assert first.biases == [None, None]
    assert [layer.activations[0] for layer in second.layers] == ["sigmoid", "linear"]


def test_activations_may_carry_their_number(run):
    words = ("--activation", "threshold(0.5)", "--output-activation", "elu(2)")
    run("new", "--layers", "2-2-1", *words, "-o", "a.nnsim")

    layers = nnsim.open("a.nnsim").network.layers
    assert [layer.activations[0] for layer in layers] == ["threshold(0.5)", "elu(2)"]


def test_every_setting_can_be_said(run):
    wanted = {
        **{"learning_rate": 0.05, "loss": "huber(0.5)", "batch_reduction": "sum"},
        **{"batch_size": 0, "shuffle": True, "seed": 9, "optimizer": "adamw", "momentum": 0.5},
        **{"beta1": 0.8, "beta2": 0.99, "rho": 0.9, "epsilon": 1e-6, "l1": 0.1, "l2": 0.2},
        **{"weight_decay": 0.01, "clip_value": 3.0, "clip_norm": 2.0, "weight_limit": 5.0},
        **{"schedule": "cosine", "schedule_steps": 50, "schedule_factor": 0.2},
        **{"warm_up_steps": 7, "train_biases": False, "initializer": "normal"},
        "start_range": 0.25,
    }
    usual = nnsim.Settings()
    words = [_option(name, value) for name, value in wanted.items()]
    done = run("new", "--layers", "2-1", *words, "-o", "a.nnsim")

    assert (done.code, done.err) == (0, "")
    assert nnsim.open("a.nnsim").settings == nnsim.Settings(**wanted)
    assert [name for name in asdict(usual) if wanted[name] == getattr(usual, name)] == []


def _option(name, value):
    option = name.replace("_", "-")
    if isinstance(value, bool):
        return f"--{option}" if value else f"--no-{option}"
    return f"--{option}={value}"


@pytest.mark.parametrize(
    ("initializer", "check"),
    [
        ("constant", lambda flat: (flat == 0.5).all()),
        ("uniform", lambda flat: abs(flat).max() <= 0.5 and len(set(flat)) == len(flat)),
        ("he", lambda flat: abs(flat).max() > 0.5),
    ],
)
def test_start_weights_are_drawn_as_was_said(run, initializer, check):
    words = ("--initializer", initializer, "--start-range", "1/2")
    run("new", "--layers", "3-9-2", *words, "-o", "a.nnsim")

    assert check(nnsim.open("a.nnsim").network.parameters)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_new_network_of_every_loss_can_be_trained_and_checked(run, loss):
    needed = {"binary_cross_entropy": "sigmoid", "softmax_cross_entropy": "softmax"}
    words = ("--activation", "tanh", "--output-activation", needed.get(loss, "linear"))
    new = run("new", "--layers", "2-3-2", *words, "--loss", loss, "-o", "a.nnsim")
    steps = run("train", "a.nnsim", "--steps", "5", "--learning-rate", "0.1", "-o", "a.nnsim")
    check = run("check", "a.nnsim")

    assert (new.code, steps.code, check.code) == (0, 0, 0)
    assert " 0 differ." in check.out
    assert not check.out.endswith(" 0 agree, 0 differ.\n")


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_weights_go_out_and_come_back(run, example, ending):
    chapter = example("chapter")
    run("train", chapter, "--steps", "3", "-o", "trained.nnsim")
    out = run("export", "trained.nnsim", "-o", f"w.{ending}")
    back = run("import", f"w.{ending}", "--into", chapter, "-o", chapter)

    assert (out.code, out.out) == (0, f"w.{ending}: 2 numbers written.\n")
    assert (back.code, back.out) == (0, f"chapter.nnsim: 2 numbers from w.{ending}.\n")
    assert nnsim.open(chapter).network == nnsim.open("trained.nnsim").network


@pytest.mark.parametrize("name", ["chapter", "two-layers", "or", "xor", "gesture"])
def test_check_finds_the_examples_sound(run, example, name):
    done = run("check", example(name))

    assert (done.code, done.err) == (0, "")
    assert "The file is sound." in done.out
    assert "0 differ." in done.out


def test_check_says_what_it_cannot_check(run):
    network = nnsim.Network.dense([1, 1], ["relu"], weights=[[[1.0]]])
    nnsim.save(nnsim.Document(network, nnsim.Samples([[0]], [[1]])), "kink.nnsim")
    nnsim.save(nnsim.Document(network, nnsim.Samples.none(1, 1)), "none.nnsim")

    assert run("check", "kink.nnsim").code == 0
    assert "Without samples" in run("check", "none.nnsim").out


def test_check_ends_with_1_where_a_gradient_differs(run, example, monkeypatch):
    wrong = GradientRow(ParameterRef(1, 0, 1), 0.28, 0.29, 0.01, "differs")
    blind = GradientRow(ParameterRef(1, 0, 0), 0.0, None, None, "not checked")
    monkeypatch.setattr(module, "check_gradients", lambda *_: GradientCheck([wrong, blind], 2))
    done = run("check", example("chapter"))

    assert (done.code, done.err) == (1, "")
    assert "1 differ." in done.out
    assert "Of 1 gradient a finite difference says nothing here" in done.out
    assert "  weight2: backpropagation 0.28, finite difference 0.29\n" in done.out


BAD = [
    ((), "required: COMMAND"),
    (("new",), "required: --layers, -o/--output; see nnsim new --help"),
    (("new", "--layers", "2", "-o", "a"), "at least one layer, such as 2-1"),
    (("new", "--layers", "2-x", "-o", "a"), "“2-x” is not the inputs and the size of each"),
    (("new", "--layers", "2--1", "-o", "a"), "“2--1” is not the inputs and the size of each"),
    (("new", "--layers", "2x4x1", "-o", "a"), "“2x4x1” is not the inputs and the size of each"),
    (("new", "--layers", "2-0", "-o", "a"), "“0” is not a number from 1 to 1,000,000"),
    (("new", "--layers", "9999999999-1", "-o", "a"), "is not a number from 1 to"),
    (("new", "--layers", "1000000-1000000", "-o", "a"), "the limit is 1,000,000"),
    (
        ("new", "--layers", "2-1", "--activation", "cosine", "-o", "a"),
        "activation is called “cosine”; choose",
    ),
    (("new", "--layers", "2-1", "--activation", "elu(", "-o", "a"), "needs a number in brackets"),
    (("new", "--layers", "2-2-1", "--activation", "softmax", "-o", "a"), "for the output layer"),
    (("new", "--layers", "2-1", "--loss", "squares", "-o", "a"), "No loss is called “squares”"),
    (
        ("new", "--layers", "2-1", "--loss", "softmax_cross_entropy", "-o", "a"),
        "softmax_cross_entropy needs softmax outputs, and here is sigmoid",
    ),
    (("new", "--layers", "2-1", "--initializer", "xavier", "-o", "a"), "The initializer must be"),
    (("new", "--layers", "2-1", "--start-range=-1", "-o", "a"), "The start range must be"),
    (("new", "--layers", "2-1", "--learning-rate", "0", "-o", "a"), "The learning rate must be"),
    (
        ("new", "--layers", "2-1", "--seed", "-1", "-o", "a"),
        "Argument --seed: “-1” is below 0; it must be a whole",
    ),
    (("new", "--layers", "2-1", "--seed", "9007199254740992", "-o", "a"), "The seed must be"),
    (("new", "--layers", "2-1", "-o", "no/a"), "a: it cannot be written in “"),
    (("new", "--layers", "2-1", "-o", "."), "that is a folder"),
    (("train",), "required: FILE"),
    (("train", "gone.nnsim"), "gone.nnsim: it cannot be read: there is no such file"),
    (("train", "bad.nnsim"), "bad.nnsim: it is not valid JSON at line 1, column 2"),
    (("train", "or.nnsim", "--steps", "0"), "Argument --steps: “0” is not a number from 1"),
    (("train", "or.nnsim", "--steps", "-3"), "“-3” is below 0; it must be a whole number"),
    (("train", "or.nnsim", "--epochs", "1.5"), "Argument --epochs: “1.5” is not a whole"),
    (("train", "or.nnsim", "--epochs", "1_0"), "“1_0” is not a whole number"),
    (("train", "or.nnsim", "--steps", "1", "--epochs", "1"), "not allowed with"),
    (("train", "or.nnsim", "--learning-rate=-1"), "The learning rate must be a number above 0"),
    (("train", "or.nnsim", "--optimizer", "adm"), "The optimizer must be one of sgd, momentum"),
    (("train", "or.nnsim", "--beta2", "1"), "The number β₂ (beta2) must be a number of at least"),
    (
        ("train", "or.nnsim", "--batch-size", "-2"),
        "Argument --batch-size: “-2” is below 0; it must",
    ),
    (("train", "or.nnsim", "--loss", "hinge"), "expected outputs 1 or −1; those of sample 1 are"),
    (
        ("train", "or.nnsim", "--initializer", "he"),
        "There is no “--initializer” here; see nnsim train",
    ),
    (("train", "or.nnsim", "--learning-rate", "nan"), "“nan” is not a number such as 0.3, 1/3"),
    (
        ("train", "or.nnsim", "--lr", "0.1"),
        "There is no “--lr” here; --learning-rate is the nearest",
    ),
    (("train", "or.nnsim", "--momentun=0.1"), "--momentum is the nearest; see nnsim train --help"),
    (("new", "--layers", "2-1", "-o", "a", "--l2=-1"), "The L2 penalty must be a number of at"),
    (("train", "or.nnsim", "--until-loss=-1"), "“-1” is below 0"),
    (("train", "or.nnsim", "--log", "a", "-o", "./a"), "cannot go to the same file"),
    (("train", "or.nnsim", "--log", "no/a.csv"), "a.csv: it cannot be written"),
    (("train", "empty.nnsim"), "There are no samples to train on"),
    (("train", "empty.nnsim", "--until-loss", "1"), "There are no samples to train on"),
    (("trace", "empty.nnsim"), "There are no samples"),
    (("trace", "or.nnsim", "--sample", "4"), "There is no sample 4: they count from 0 to 3"),
    (("trace", "or.nnsim", "--sample", "x"), "“x” is not a whole number"),
    (("export", "or.nnsim", "-o", "w.onnx"), "w.onnx: a file of weights ends in .csv or .json"),
    (("import", "or.csv", "--into", "or.nnsim", "-o", "a"), "or.csv: it cannot be read"),
    (("import", "or.nnsim", "--into", "or.nnsim", "-o", "a"), "ends in .csv or .json"),
    (("check", "bad.nnsim"), "bad.nnsim: "),
    (("check", "or.nnsim", "more"), "There is no “more” here; see nnsim check --help"),
    (("--nothing",), "see nnsim --help"),
    (("check", "a\nb\udcff"), "a�b�: it cannot be read"),
]


@pytest.mark.parametrize(("words", "said"), BAD)
def test_bad_input_is_one_sentence_and_exit_code_2(run, example, tmp_path, words, said):
    example("or")
    (tmp_path / "bad.nnsim").write_bytes(b"{")
    chapter = open_example("chapter")
    empty = nnsim.Document(chapter.network, nnsim.Samples.none(2, 1))
    nnsim.save(empty, tmp_path / "empty.nnsim")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    done = run(*words)

    assert done.code == 2
    assert said in done.sentence
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(run, name):
    done = run(name, "--help")

    assert (done.code, done.err) == (0, "")
    assert f"usage: nnsim {name} " in done.out
    assert f"Example: nnsim {name} " in done.out


def test_the_help_names_every_command_and_the_window(run):
    done = run("--help")

    assert done.code == 0
    assert all(f"\n    {name} " in done.out for name in COMMANDS)
    assert "nnsim FILE" in done.out
    assert "--self-test" in done.out


def test_the_version_is_told_and_which_engine_runs(run):
    assert run("--version").out == f"nnsim {nnsim.__version__}\n{engine_name()}\n"


def test_numpy_is_told_where_it_is_asked_for(program):
    done = program("--version", env={"NNSIM_ENGINE": "numpy"})

    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[1] == "numpy (asked for by NNSIM_ENGINE)"


def test_an_engine_that_is_not_one_is_refused(program):
    done = program("--version", env={"NNSIM_ENGINE": "fortran"})

    assert (done.code, done.out) == (2, "")
    assert "NNSIM_ENGINE is “fortran”; it can be auto" in done.sentence
