"""Exact replay: the same document, seed and step give the same bits, whatever the chunk sizes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Run, train
from tests.strategies import any_documents


def bits(run):
    """All that training makes, to the bit."""
    document, record = run.document, run.record
    arrays = (document.network.parameters, document.moments.first, document.moments.second)
    series = (record.steps, record.losses, record.errors, record.samples)
    return (
        [array.tobytes() for array in arrays],
        [one.values.tobytes() for one in (*series, run.mean_steps, run.mean_losses)],
        (document.position, document.moments.steps, run.stopped),
    )


@given(any_documents(), st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_cuts_change_nothing(document, cuts):
    whole, parts = train(document, sum(cuts)), Run.of(document)
    for cut in cuts:
        parts = parts.advance(cut)

    assert bits(parts) == bits(whole)


@given(any_documents(), st.integers(0, 30), st.integers(1, 30))
def test_from_a_document_in_the_middle_it_goes_on_the_same(document, before, after):
    middle = train(document, before)
    from_there = train(middle.document, after)
    whole = middle.advance(after)

    assert from_there.document == whole.document or middle.stopped or whole.stopped


@given(any_documents(shuffle=True), st.integers(1, 40))
def test_the_same_again_is_the_same(document, steps):
    assert bits(train(document, steps)) == bits(train(document, steps))


@given(any_documents(batch_size=2, shuffle=False), st.integers(1, 12))
def test_the_batches_of_the_epochs_given_by_hand_train_the_same(document, steps):
    batches, now = [], document
    for _ in range(steps):
        batches.append(now.batch.tolist())
        now = train(now, 1).document
    own, given_run = train(document, steps), train(document, batches=batches)

    # Not to the bit: batches of any size take another way through the kernels.
    numbers = (run.document.network.parameters for run in (given_run, own))
    assert np.allclose(*numbers, rtol=1e-10, atol=1e-10) or own.stopped
