"""The order of an epoch: every sample once, and a function of seed and epoch alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.engine.order import epoch_order

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
