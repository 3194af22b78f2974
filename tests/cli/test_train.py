"""The command train: how long, how fast, what it writes and what it says."""

import csv
import io
import sys
from dataclasses import replace

import pytest

import nnsim
from nnsim.cli import training


def losses(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [(int(r["step"]), int(r["sample"]), float(r["loss"])) for r in csv.DictReader(file)]


def test_one_step_of_the_chapter(run, example):
    done = run("train", example("chapter"), "--steps", "1", "-o", "b.nnsim")

    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "1 step, now at step 1; mean loss over 1 sample 0.06125 → 0.00750. Saved to b.nnsim.\n"
    )
    assert nnsim.open("b.nnsim").network.parameters == pytest.approx([0.265, 0.62], abs=1e-15)
    assert nnsim.open("b.nnsim").position.step == 1


def test_without_o_the_file_is_not_changed(run, example, tmp_path):
    path = example("or")
    before = (tmp_path / path).read_bytes()
    done = run("train", path)

    assert done.code == 0
    assert "Nothing was saved" in done.out
    assert (tmp_path / path).read_bytes() == before


def test_o_may_be_the_file_itself(run, example):
    path = example("or")
    run("train", path, "--steps", "3", "-o", path)
    run("train", path, "--steps", "3", "-o", path)

    assert nnsim.open(path) == nnsim.train(nnsim.open(example("or")), 6).document


def test_one_epoch_is_the_default_and_an_epoch_is_all_samples(run, example):
    path = example("gesture")
    run("train", path, "-o", "one.nnsim")
    run("train", path, "--epochs", "3", "-o", "three.nnsim")

    assert nnsim.open("one.nnsim").position == nnsim.Position(10, 1, 0)
    assert nnsim.open("three.nnsim") == nnsim.train(nnsim.open(path), 30).document


def test_the_log_has_a_row_for_each_step(run, example):
    path = example("or")
    run("train", path, "--steps", "6", "-o", "b.nnsim", "--log", "l.csv")
    run("train", "b.nnsim", "--steps", "1", "--log", "m.csv")
    run7 = nnsim.train(nnsim.open(path), 7)

    rows = list(zip(range(1, 8), run7.samples.tolist(), run7.losses.tolist(), strict=True))
    assert losses("l.csv") == rows[:6]
    assert losses("m.csv") == rows[6:]


@pytest.mark.parametrize("typed", ["0.5", "0,5", "1/2", "5e-1", " .5 "])
def test_the_learning_rate_is_spelled_as_in_the_window(run, example, typed):
    run("train", example("chapter"), "--learning-rate", typed, "-o", "b.nnsim")

    assert nnsim.open("b.nnsim").settings.learning_rate == 0.5


def test_settings_hold_from_now_on_and_the_optimizer_remembers_across_files(run, example):
    words = ("--optimizer", "adam", "--batch-size", "3", "--shuffle", "--seed", "5")
    words += ("--loss", "squared", "--schedule", "step", "--schedule-steps", "4")
    path = example("or")
    run("train", path, *words, "--steps", "5", "-o", "b.nnsim")
    run("train", "b.nnsim", "--steps", "6", "-o", "c.nnsim")
    settings = nnsim.open("b.nnsim").settings
    again = nnsim.train(replace(nnsim.open(path), settings=settings), 11).document

    assert (settings.optimizer, settings.batch_size, settings.shuffle) == ("adam", 3, True)
    assert nnsim.open("c.nnsim") == again


@pytest.mark.parametrize(("size", "steps"), [(0, 1), (2, 2), (3, 2), (9, 1)])
def test_an_epoch_of_batches_has_fewer_steps(run, example, size, steps):
    run("train", example("or"), "--batch-size", size, "--epochs", "2", "-o", "b.nnsim")

    assert nnsim.open("b.nnsim").position == nnsim.Position(2 * steps, 2, 0)


def test_until_loss_measures_after_whole_epochs_of_batches(run, example):
    words = ("--until-loss", "1e-9", "--batch-size", "3", "--steps", "7")
    run("train", example("or"), "--steps", "1", "-o", "b.nnsim")
    done = run("train", "b.nnsim", *words, "-o", "b.nnsim")

    assert done.code == 1
    assert nnsim.open("b.nnsim").position.step == 8


def test_the_loss_told_is_the_documents(run, example):
    path = example("or")
    half, whole = (run("train", path, "--loss", loss).out for loss in ("half_squared", "squared"))
    before = nnsim.open(path).metrics().loss

    assert f"4 samples {before:.5f} → " in half
    assert f"4 samples {2 * before:.5f} → " in whole


def test_what_validation_samples_say_is_told(run, example):
    document = nnsim.open(example("or"))
    nnsim.save(replace(document, validation=document.samples), "v.nnsim")
    done = run("train", "v.nnsim", "--epochs", "200", "-o", "v.nnsim")
    loss = nnsim.open("v.nnsim").metrics().loss

    assert f" On 4 validation samples: mean loss {loss:.5f}, accuracy 100 %. Saved" in done.out
    assert nnsim.open("v.nnsim").validation == document.samples


def test_until_loss_stops_at_the_end_of_the_first_epoch_that_reaches_it(run, example):
    path = example("or")
    done = run("train", path, "--until-loss", "0.01", "-o", "b.nnsim")
    end = nnsim.open("b.nnsim")
    before = nnsim.train(nnsim.open(path), end.position.step - 4).document

    assert (done.code, done.err) == (0, "")
    assert end.position.place == 0
    assert training._mean_loss(end) <= 0.01 < training._mean_loss(before)


def test_until_loss_takes_no_step_when_it_is_reached_already(run, example):
    done = run("train", example("chapter"), "--until-loss", "0.07")

    assert done.code == 0
    assert done.out.startswith("0 steps, now at step 0;")


def test_until_loss_ends_with_1_when_the_cap_comes_first(run, example):
    done = run("train", example("or"), "--until-loss", "1e-3", "--epochs", "2", "-o", "b.nnsim")

    assert done.code == 1
    assert "after 8 steps and has not come down to 0.001." in done.sentence
    assert nnsim.open("b.nnsim").position.step == 8


def test_until_loss_alone_has_a_cap(run, example, monkeypatch):
    monkeypatch.setattr(training, "UNTIL_CAP", 10)
    done = run("train", example("or"), "--until-loss", "0")

    assert done.code == 1
    assert "after 10 steps" in done.sentence


@pytest.mark.parametrize("length", [("--steps", "5000"), ("--until-loss", "0.001")])
def test_training_that_stops_by_itself_keeps_the_last_finite_state(run, tmp_path, length):
    network = nnsim.Network.dense([2, 1], ["linear"], weights=[[[0.3, 0.9]]])
    document = nnsim.Document(network, nnsim.Samples([[1, 2]], [[0.4]]))
    nnsim.save(document, tmp_path / "a.nnsim")
    done = run("train", "a.nnsim", *length, "-o", "b.nnsim", "--log", "l.csv")

    assert done.code == 1
    assert "the loss has grown 10 steps running" in done.sentence
    assert nnsim.open("b.nnsim").position.step == len(losses("l.csv")) > 0


# ---------------------------------------------------------------- the bar


class Terminal(io.StringIO):
    """A stderr that says it is a terminal."""

    def isatty(self):
        return True


def test_a_terminal_gets_a_bar_that_goes_away_again(run, example, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    run("train", example("or"), "--until-loss", "0.1", "--steps", "100")
    drawn = sys.stderr.getvalue()

    assert "█" in drawn
    assert "%  loss 0." in drawn
    assert "\n" not in drawn.partition("\r\x1b[K")[0]
    assert drawn.count("\r\x1b[K") == 1


def test_a_file_gets_no_bar(run, example):
    assert run("train", example("or"), "--steps", "5000").err == ""
