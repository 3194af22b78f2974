"""Asked to stop at any moment: what comes back is a whole state, and no work is done after.

No clock is asked. The kernels are compiled once more so that they count their looks at the stop
flag, and find it raised at the look of a given number (asked.h).
"""

import ctypes
import subprocess

import numpy as np
import pytest

from nnsim.engine import kernels
from nnsim.engine.kernels import State, available, build
from nnsim.engine.network import Network
from nnsim.engine.settings import Settings
from tests.engine.kernels import test_general as general
from tests.engine.kernels.problems import Problem

pytestmark = pytest.mark.skipif(
    not available() or build.find_compiler() is None, reason="no C kernels or no compiler"
)

WORK_BETWEEN_LOOKS = 2**15  # as in asked.h
UNWINDING = 10  # looks on the way out, of every layer one or two
NEVER = 2**62


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    path = tmp_path_factory.mktemp("counted") / "counted.so"
    flags = [flag for flag in build.FLAGS if flag != "-O3"]
    sources = [str(source) for source in build.sources() if source.suffix == ".c"]
    command = [*build.find_compiler(), "-O1", *flags, build.VECTORS[build.BASELINE]]
    subprocess.run(
        [*command, "-DNNSIM_COUNTED_LOOKS", "-o", str(path), *sources, *build.LIBRARIES], check=True
    )
    return ctypes.CDLL(str(path))


@pytest.fixture
def counted(library, monkeypatch):
    """The kernels that count: call it to train, with the number of the look that finds the flag."""
    monkeypatch.setattr(kernels, "loaded", lambda: library)
    kernels._kernels.cache_clear()
    looks, raised_at = (
        ctypes.c_int64.in_dll(library, f"nnsim_{name}") for name in ("looks", "raised_at")
    )

    def train(job, state, steps, raised=NEVER):
        looks.value, raised_at.value = 0, raised
        taken = job.train(state, steps)
        return taken, looks.value

    yield train
    kernels._kernels.cache_clear()


def problem_for(sizes, samples=6, **options):
    rng = np.random.default_rng(1)
    network = Network.dense(sizes, ["tanh"] * (len(sizes) - 1))
    network = network.with_parameters(rng.uniform(-0.5, 0.5, len(network.parameters)))
    inputs, expected = rng.uniform(-1, 1, (samples, sizes[0])), np.zeros((samples, sizes[-1]))
    return Problem(network, inputs, expected, Settings(**{"learning_rate": 0.01, **options}))


def part_of_layers():
    problem = general.whole(optimizer="adam", batch_size=2)
    return lambda: (general.partly(problem), general.state_of(problem))


def whole_layers(sizes, **options):
    problem = problem_for(sizes, **options)
    return lambda: (problem.job(), problem.state())


CASES = {
    "tiny": whole_layers((2, 3, 1), batch_size=1),
    "online": whole_layers((3, 20, 2), batch_size=1),
    "online, adam": whole_layers((3, 20, 2), batch_size=1, optimizer="adam", shuffle=True),
    "batch": whole_layers((3, 20, 2), batch_size=4),
    "batch of many tiles": whole_layers((3, 20, 2), samples=900, batch_size=0, optimizer="adam"),
    "batch, small, of many tiles": whole_layers((2, 3, 1), samples=900, batch_size=0),
    "general": part_of_layers(),
}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


def bits(state):
    arrays = (state.parameters, state.first, state.second)
    numbers = (state.step, state.optimizer_steps, state.epoch, state.place)
    return tuple(array.tobytes() for array in arrays), numbers


@every_case
@pytest.mark.parametrize("steps", [1, 2, 3000])
def test_raised_at_any_look_it_leaves_whole_steps_and_looks_no_more(counted, case, steps):
    job, state = case()
    _, most = counted(job, state, steps)
    for raised in sorted({*range(1, min(most, 60)), *range(60, most, 1 + most // 20)}):
        job, state = case()

        taken, looks = counted(job, state, steps, raised)

        if taken.end == "done":  # blocks are cut by the clock: there were fewer looks this time
            continue
        fresh, fewer = case()
        counted(fresh, fewer, taken.done)
        assert taken.end == "stopped"
        assert looks - raised <= UNWINDING
        assert taken.done < steps
        assert taken.done == len(taken.losses) == state.step
        assert bits(state) == bits(fewer)


@every_case
def test_what_is_stopped_goes_on_as_if_nothing_had_been(counted, case):
    whole, cut = case(), case()
    counted(*whole, 60)

    for raised in range(1, 30):
        counted(*cut, 60 - cut[1].step, raised)
    counted(*cut, 60 - cut[1].step)

    assert bits(cut[1]) == bits(whole[1])


@pytest.mark.parametrize("batch_size", [1, 3])
def test_many_numbers_are_never_handled_without_a_look(counted, batch_size):
    problem = problem_for((300, 700, 7), batch_size=batch_size, optimizer="adam")
    count = len(problem.network.parameters)
    handled = (3 + 1 + 3 + 3) * count  # loaded, changed together, looked through, written down

    taken, looks = counted(problem.job(), problem.state(), 1)

    assert taken.end == "done"
    assert looks >= handled // WORK_BETWEEN_LOOKS


def test_the_arrays_that_come_in_are_left_as_they_are(counted):
    job, state = CASES["online, adam"]()
    before = State(state.parameters, state.first, state.second)
    held = bits(before)[0]

    counted(job, state, 2000)

    assert bits(before)[0] == held
    assert state.parameters is not before.parameters


def test_a_state_that_was_handed_over_is_not_written_into_by_the_next_call(counted):
    job, state = CASES["online, adam"]()
    kept = []
    for _ in range(5):
        counted(job, state, 7)
        kept.append((State(state.parameters, state.first, state.second), bits(state)[0]))

    assert all(bits(one)[0] == held for one, held in kept)
