"""Training agrees with PyTorch's over 50 steps, for every option, on the kernels and on numpy.

make_torch_trajectories.py wrote down PyTorch's numbers for the cases of torch_cases.py.
"""

import json
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import pytest

from nnsim import Document, Layer, Network, Samples, Settings, train
from nnsim.engine import kernels, training
from nnsim.engine.activations import ACTIVATIONS
from nnsim.engine.losses import LOSSES
from nnsim.engine.named import plain_name
from nnsim.engine.settings import OPTIMIZERS, REDUCTIONS, SCHEDULES

GOLDEN = json.loads(Path(__file__).with_name("torch_trajectories.json").read_text(encoding="utf-8"))
CASES, STEPS = GOLDEN["cases"], GOLDEN["steps"]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])


@pytest.fixture(params=["kernels", "numpy"])
def engine(request, monkeypatch):
    """Both engines, one after the other; neither may leave a case to the other."""
    by_kernels = request.param == "kernels"
    if by_kernels and not kernels.available():
        pytest.skip("nothing is compiled here")
    monkeypatch.setattr(training, "can_take", lambda learned, settings: by_kernels)


def document_of(case):
    layers = [Layer(tuple(row.pop("activations")), **row) for row in map(dict, case["layers"])]
    count = len(case["start"])
    present, frozen = np.ones(count, dtype=bool), np.zeros(count, dtype=bool)
    present[case["absent"]], frozen[case["frozen"]] = False, True
    network = Network(case["inputs"], layers, case["start"], present, frozen)
    samples = Samples(case["samples"], case["expected"])
    return Document(network, samples, Settings(**case["settings"]))


def batches_of(case, steps=STEPS):
    return list(islice(cycle(case["batches"]), steps))


def assert_agree(found, by_torch):
    found, by_torch = np.asarray(found), np.asarray(by_torch)
    assert found.shape == by_torch.shape
    far = np.abs(found - by_torch) / np.maximum(1.0, np.abs(by_torch))
    assert far.max() <= 1e-10


@every_case
@pytest.mark.usefixtures("engine")
def test_the_losses_of_all_steps_agree(case):
    run = train(document_of(case), batches=batches_of(case))

    assert run.stopped is None
    assert_agree(run.losses, case["losses"])


@every_case
@pytest.mark.usefixtures("engine")
def test_the_parameters_agree_after_1_2_10_and_50_steps(case):
    assert [*case["parameters"]] == ["1", "2", "10", "50"]
    for steps, by_torch in case["parameters"].items():
        run = train(document_of(case), batches=batches_of(case, int(steps)))
        assert_agree(run.document.network.parameters, by_torch)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["own_order"]], ids=lambda case: case["name"]
)
@pytest.mark.usefixtures("engine")
def test_the_settings_make_the_same_batches_by_themselves(case):
    assert_agree(train(document_of(case), STEPS).losses, case["losses"])


def test_nothing_is_left_out():
    settings = [case["settings"] for case in CASES]
    rows = [row for case in CASES for row in case["layers"]]

    assert {plain_name(name) for row in rows for name in row["activations"]} == {*ACTIVATIONS}
    assert {plain_name(each.get("loss", "half_squared")) for each in settings} == {*LOSSES}
    for name, known in (
        ("optimizer", OPTIMIZERS), ("schedule", SCHEDULES), ("batch_reduction", REDUCTIONS),
    ):  # fmt: skip
        used = {each[name] for each in settings if name in each}
        assert used | {getattr(Settings(), name)} == {*known}
