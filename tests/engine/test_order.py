"""The order of an epoch: every sample once, a function of seed and epoch alone; its batches."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.engine import kernels
from nnsim.engine.order import batch_at, checked_batches, drawn, epoch_order
from nnsim.errors import BadSamples

BAD_BATCHES = [
    [],
    [0.5],
    [1.0],
    ["a"],
    "01",
    [None],
    None,
    0,
    [[0], [1]],
    [[0], [1, 2]],
    [2**70],
    [float("nan")],
    [True],
    [0, True],
    np.array([True, False]),
]
COUNTS, SEEDS, EPOCHS = st.integers(0, 40), st.integers(0, 2**53 - 1), st.integers(0, 10**6)


@given(COUNTS, st.booleans(), SEEDS, EPOCHS)
def test_every_sample_comes_once(count, shuffle, seed, epoch):
    assert sorted(epoch_order(count, shuffle, seed, epoch)) == list(range(count))


@given(COUNTS, SEEDS, EPOCHS)
def test_without_shuffle_it_is_the_tables_order(count, seed, epoch):
    assert epoch_order(count, False, seed, epoch).tolist() == list(range(count))


@given(COUNTS, SEEDS, EPOCHS)
def test_it_depends_on_nothing_that_was_asked_before(count, seed, epoch):
    first = epoch_order(count, True, seed, epoch).tolist()
    for other in range(20):
        epoch_order(count, True, seed, epoch + other + 1)
    epoch_order.cache_clear()

    assert epoch_order(count, True, seed, epoch).tolist() == first


def test_epochs_and_seeds_differ():
    orders = {tuple(epoch_order(10, True, seed, epoch)) for seed in range(5) for epoch in range(5)}

    assert len(orders) == 25


def test_it_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        epoch_order(3, True, 0, 0)[0] = 1


def test_the_orders_of_other_machines_are_the_same():
    # Worked out apart from the program, from the published SplitMix64 and Fisher and Yates.
    mask, golden = 2**64 - 1, 0x9E3779B97F4A7C15

    def next_of(state):
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return z ^ (z >> 31)

    assert next_of(golden) == 0xE220A8397B1DCDAF  # the first output of SplitMix64 from seed 0
    seed, epoch, order = 7, 3, list(range(6))
    state = next_of(next_of((seed + golden) & mask) ^ epoch)
    for last in (5, 4, 3, 2, 1):
        state = (state + golden) & mask
        other = next_of(state) * (last + 1) >> 64
        order[last], order[other] = order[other], order[last]

    assert epoch_order(6, True, seed, epoch).tolist() == order


@given(st.integers(0, 3000), SEEDS, EPOCHS)
def test_the_kernels_draw_the_same_order(count, seed, epoch):
    if not kernels.available():
        pytest.skip("no kernels here")

    assert kernels.epoch_order(count, True, seed, epoch).tolist() == drawn(count, seed, epoch)


def test_a_large_table_is_shuffled_within_moments():
    epoch_order.cache_clear()
    began = time.process_time()

    order = epoch_order(10**6, True, 0, 0)

    assert time.process_time() - began < (0.3 if kernels.available() else 1.5)
    assert order[:5000].tolist() == drawn(10**6, 0, 0)[:5000]


def test_every_place_gets_every_sample_equally_often():
    counts = np.zeros((4, 4))
    for epoch in range(4000):
        counts[np.arange(4), epoch_order(4, True, 1, epoch)] += 1

    # χ² with 9 degrees of freedom is above 27.9 once in a thousand orders of chance.
    assert ((counts - 1000) ** 2 / 1000).sum() < 27.9


@given(st.integers(1, 30), st.integers(0, 40), st.integers(0, 9))
def test_batches_take_every_sample_once_and_only_the_last_is_smaller(count, size, seed):
    order, batches, place = epoch_order(count, True, seed, 0), [], 0
    while place < count:
        batches.append(batch_at(order, place, size))
        place += len(batches[-1])

    assert np.concatenate(batches).tolist() == order.tolist()
    full = min(size, count) or count
    assert [len(batch) for batch in batches[:-1]] == [full] * (len(batches) - 1)
    assert 1 <= len(batches[-1]) <= full


def test_given_batches_come_back_as_arrays():
    own = np.array([2])
    checked = checked_batches([[0, 3], (1, 2), own, [0, 0], (n for n in (1, 2)), [np.uint8(3)]], 4)
    own[0] = 9

    assert [rows.tolist() for rows in checked] == [[0, 3], [1, 2], [2], [0, 0], [1, 2], [3]]
    assert {rows.dtype for rows in checked} == {np.dtype(np.int64)}


@pytest.mark.parametrize("batches", [[], (), "", "01", 5, None, np.empty((0, 2))], ids=repr)
def test_no_batches_are_refused(batches):
    with pytest.raises(BadSamples, match="The batches must be lists of samples, at least one"):
        checked_batches(batches, 4)


@pytest.mark.parametrize("batch", BAD_BATCHES, ids=repr)
def test_a_batch_that_is_none_is_refused_with_its_number(batch):
    with pytest.raises(BadSamples, match=r"Batch 2 must be a list of samples, such as \[0, 3\]\."):
        checked_batches([[0], batch], 4)


@pytest.mark.parametrize("batch", [[4], [-1], [0, 1, 9]])
def test_a_sample_that_is_not_there_is_refused(batch):
    with pytest.raises(BadSamples, match=r"Batch 1 names a sample that is not there.*from 0 to 3"):
        checked_batches([batch], 4)
