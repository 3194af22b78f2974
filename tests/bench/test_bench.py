"""The benchmark's own parts; speed itself is never judged here."""

import importlib
import json
import subprocess
import sys
import time
from functools import cache

import numpy as np
import pytest

from tests.bench import costs
from tests.bench import work as works
from tests.bench.goals import best_peer, judge
from tests.bench.peer_process import Measured, largest_difference
from tests.bench.peers import limit
from tests.bench.peers import numpy as plain
from tests.bench.rounds import ROOT, Competitor, Result
from tests.bench.table import row_table, rule, short, summary
from tests.bench.work import ROWS, Work

ROWS_IN_EVERY_FORM = ("spiral_online", "spiral_batch10")
"""The others in the last form only (widest, zeros skipped): compiling takes most of the time."""
make = cache(works.make)
PEERS = {path.stem for path in (ROOT / "tests" / "bench" / "peers").glob("*.py")}


def result(*rates, error=0.0, missing=None):
    return Result("1.0", missing, error, list(rates), list(rates))


@pytest.fixture(params=["xor_full", "spiral_batch10"])
def work(request):
    return make(request.param)


def shortened(row):
    """The row's work on a few random samples."""
    sizes, _, batch, _, _ = ROWS[row]
    zeros = 0.8 if sizes[0] > 100 else 0.3
    return works.make(row, works.random_classes(4 * batch, sizes[0], sizes[-1], zeros))


@pytest.mark.parametrize("row", ROWS)
def test_the_limit_program_gives_the_weights_of_plain_numpy(row):
    work = shortened(row)
    reference = plain.Trainer(work)
    reference.train(6)
    every = limit.forms(work, "native")

    for form in every if row in ROWS_IN_EVERY_FORM else every[-1:]:
        trainer = limit.FixedForm(work, form, "native", ("-O0",))
        trainer.train(4)
        trainer.train(2)

        assert np.max(np.abs(trainer.parameters() - work.start)) > 1e-7
        np.testing.assert_allclose(trainer.parameters(), reference.parameters(), rtol=0, atol=1e-13)


def test_only_batches_of_mostly_zeros_are_also_tried_without_them():
    def skipping(row):
        return {form.sparse for form in limit.forms(make(row), "native")}

    assert skipping("mnist_batch50") == {False, True}
    assert skipping("mnist_online") == skipping("xor_full") == {False}


def test_plain_numpy_steps_against_the_gradient(work):
    """A central difference of the batch's mean ½ Σ (o − t)², weight by weight."""
    trainer = plain.Trainer(work)
    trainer.train(1)

    def loss(flat):
        a = work.inputs[: work.batch]
        for (weights, biases), name in zip(work.layers(flat), work.activations, strict=True):
            a = plain.VALUES[name](a @ weights.T + biases)
        return 0.5 * np.sum((a - work.targets[: work.batch]) ** 2) / work.batch

    for place in range(len(work.start)):
        nudge = np.zeros_like(work.start)
        nudge[place] = 1e-5
        slope = (loss(work.start + nudge) - loss(work.start - nudge)) / 2e-5
        expected = work.start[place] - work.learning_rate * slope
        assert trainer.parameters()[place] == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("row", ROWS)
def test_every_epoch_is_made_of_full_batches_of_finite_numbers(row):
    work = make(row)

    assert work.samples % work.batch == 0
    assert work.inputs.shape == (work.samples, work.sizes[0])
    assert work.targets.shape == (work.samples, work.sizes[-1])
    assert sum(w.size + b.size for w, b in work.layers(work.start)) == len(work.start)
    assert np.isfinite(work.inputs).all()


def test_work_comes_back_from_its_file_as_it_was(work, tmp_path):
    work.save(tmp_path / "work.npz")
    read = Work.read(tmp_path / "work.npz")

    assert (read.name, read.sizes, read.activations) == (work.name, work.sizes, work.activations)
    assert (read.batch, read.learning_rate) == (work.batch, work.learning_rate)
    assert np.array_equal(read.start, work.start)
    assert np.array_equal(read.inputs, work.inputs)


def test_a_wrong_rule_is_found_by_the_check(work):
    class TwiceAsFast(plain.Trainer):
        def train(self, steps):
            super().train(2 * steps)

    assert largest_difference(plain, plain.Trainer(work), work, 20) == 0.0
    assert largest_difference(plain, TwiceAsFast(work), work, 20) > 1e-6


def test_a_run_counts_every_step_and_makes_short_calls_longer():
    class Counting:
        steps = 0

        def train(self, steps):
            self.steps += steps

    trainer = Counting()
    ran = Measured(trainer).run(0.002)

    assert ran["steps"] == trainer.steps > 1
    assert ran["wall"] >= 0.002


def test_a_crash_drops_only_its_competitor(tmp_path):
    competitor = Competitor("limit", sys.executable, tmp_path / "no such file", 0)
    competitor.guarded(Competitor.prepare, 0.01)
    competitor.guarded(Competitor.run, 0.01)
    competitor.close()

    assert "no such file" in competitor.result.missing
    assert competitor.result.rate is None


def test_the_median_and_the_spread_are_over_the_rounds():
    found = result(90.0, 100.0, 130.0)

    assert (found.rate, found.spread) == (100.0, 0.4)
    assert result().rate is None


def test_goals_are_judged_against_limit_named_peer_and_best_peer():
    results = {
        "nnsim": result(5.0),
        "limit": result(10.0),
        "limit_avx2": result(9.0),
        "synaptic": result(1.0),
        "jax": result(4.0),
        "pytorch": result(missing="not installed"),
    }

    judged = judge("xor_online", results)

    assert best_peer(results) == "jax"
    assert [(j.goal, j.ratio, j.met) for j in judged] == [
        (0.85, 0.5, False),
        (4.5, 5.0, True),
        (1.0, 1.25, True),
    ]
    assert "NOT MET" in judged[0].in_words()


def test_a_goal_without_its_number_is_neither_met_nor_missed():
    judged = judge("iris_full", {"nnsim": result(5.0)})

    assert [(j.ratio, j.met) for j in judged] == [(None, None), (None, None)]


def test_rates_are_written_short():
    rates = [36_610_000.0, 999_600.0, 127_500.0, 85.0, None]

    assert [short(rate) for rate in rates] == ["36.6M", "1.0M", "127.5k", "85", "–"]


def test_the_table_says_whose_weights_differ_and_who_is_missing():
    assert rule(result(1.0, error=2e-16)).startswith("same weights")
    assert rule(result(1.0, error=1e-6)).startswith("OTHER WEIGHTS")
    assert rule(result(1.0, error=None)) == "other rule"
    assert rule(result(missing="no node")) == "no node"


def test_the_table_has_a_line_for_every_competitor(work):
    results = {"nnsim": result(50.0), "limit": result(100.0), "jax": result(missing="no jax")}

    lines = row_table(work, results).splitlines()

    assert [line.split()[0] for line in lines[2:5]] == ["limit", "nnsim", "jax"]
    assert "0.500" in lines[3]
    assert "no jax" in lines[4]
    assert "50" in summary({work.name: results})


@pytest.mark.parametrize("name", sorted(PEERS))
def test_every_competitor_has_the_interface(name):
    peer = importlib.import_module(f"tests.bench.peers.{name}")

    assert isinstance(peer.SAME_RULE, bool)
    assert all(callable(getattr(peer, part)) for part in ("unavailable", "version", "Trainer"))


def test_a_cost_is_the_share_of_time_added(monkeypatch):
    class Sleeping:
        def __init__(self, seconds):
            self.seconds = seconds

        def train(self, steps):
            time.sleep(1e-4)
            self.cpu = getattr(self, "cpu", 0.0) + self.seconds * steps

        def cpu_seconds(self):
            return getattr(self, "cpu", 0.0)

    monkeypatch.setattr(costs, "SECONDS", 0.001)

    assert costs.slowed_by(Sleeping(1.0), Sleeping(1.25)) == pytest.approx(0.25)


def test_the_costs_are_said_in_their_units():
    option = {name: 0.031 for name, _ in costs.CHANGES}
    found = {
        "options": {"xor_online": option},
        "losses": {"xor_online": 0.012},
        "call": {"engine": 3.21},
        "load": [40.0, 60.0, 61.0],
        "memory": {"after 100 steps": 57.4},
    }

    words = costs.table(found)

    assert "xor_online +1.2%" in words
    assert words.count("+3.1%") == len(costs.CHANGES)
    assert "3.2 µs" in words
    assert "60 ms (goal 50): NOT MET" in words
    assert "57 MB" in words
    assert "no kernels" in costs.table({**found, "losses": None})
    assert "failed: broke" in costs.table({**found, "options": {"failed": "broke"}})


def test_the_command_prints_a_table_and_writes_json(tmp_path):
    path = tmp_path / "b.json"
    command = "tests/bench --rows neuron_online --peers numpy --rounds 1 --seconds 0.01 --costs no"
    done = subprocess.run(
        [sys.executable, *command.split(), "--json", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "neuron_online" in done.stdout
    report = json.loads(path.read_text("utf-8"))
    assert report["rows"]["neuron_online"]["competitors"]["numpy"]["rounds"][0] > 0
    assert report["machine"]["processor"]
