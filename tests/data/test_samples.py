"""The samples: their tables, and the rows they refuse."""

import numpy as np
import pytest

from nnsim import Samples
from nnsim.errors import BadSamples


def test_rows_become_tables():
    samples = Samples([[0.1, 0.8], [1, 2]], [[0.4], [5]])

    assert samples.inputs.tolist() == [[0.1, 0.8], [1, 2]]
    assert samples.expected.tolist() == [[0.4], [5]]
    assert samples.inputs.dtype == samples.expected.dtype == np.float64
    assert len(samples) == 2


def test_none_at_all_still_have_columns():
    samples = Samples.none(3, 2)

    assert len(samples) == 0
    assert samples.inputs.shape == (0, 3)
    assert samples.expected.shape == (0, 2)


def test_tables_are_copied_and_cannot_be_written_to():
    table = np.array([[1.0, 2.0]])
    samples = Samples(table, [[0.0]])
    table[0, 0] = 99.0

    assert samples.inputs.tolist() == [[1.0, 2.0]]
    for own in (samples.inputs, samples.expected):
        with pytest.raises(ValueError, match="read-only"):
            own[0, 0] = 1.0


def test_fields_cannot_be_set():
    with pytest.raises(AttributeError):
        Samples([[1]], [[1]]).inputs = np.zeros((1, 1))


def test_the_same_numbers_are_equal():
    first, second = (Samples([[1, 2]], [[3]]) for _ in range(2))

    assert first == second
    assert hash(first) == hash(second)
    assert first != Samples([[1, 2]], [[4]])
    assert first != Samples([[1, 5]], [[3]])
    assert first != [[1, 2]]


def test_equal_samples_have_equal_hashes_even_with_minus_0():
    plain, signed = Samples([[0.0]], [[0.0]]), Samples([[-0.0]], [[0.0]])

    assert plain != signed or hash(plain) == hash(signed)


REFUSED = {
    "ragged inputs": ([[1, 2], [1]], [[1], [2]], "Sample 2 has 1 inputs, but sample 1 has 2"),
    "ragged expected": ([[1], [2]], [[1], [2, 3]], "Sample 2 has 2 expected outputs"),
    "counts": ([[1], [2]], [[1]], "2 rows of inputs but 1 rows of expected outputs"),
    "nan": ([[1, 2], [3, float("nan")]], [[1], [2]], "In sample 2, number 2 of the inputs"),
    "infinite": ([[1]], [[float("-inf")]], "In sample 1, number 1 of the expected outputs"),
    "words": ([["a"]], [[1]], "inputs must be rows of numbers"),
    "one row only": ([1, 2], [[1]], "inputs must be rows of numbers"),
    "a number": (5, [[1]], "inputs must be rows of numbers"),
    "nothing": (None, [[1]], "inputs must be rows of numbers"),
    "no rows": ([], [], "rows of at least one number"),
    "empty rows": ([[]], [[1]], "rows of at least one number"),
    "deeper": ([[[1]]], [[1]], "rows of at least one number"),
    "flat array": (np.ones(3), [[1]], "rows of at least one number"),
    "too large for a float": ([[10**400]], [[1]], "number"),
}


@pytest.mark.parametrize(("inputs", "expected", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_does_not_fit_is_refused_with_its_place(inputs, expected, sentence):
    with pytest.raises(BadSamples) as caught:
        Samples(inputs, expected)

    assert sentence in str(caught.value)


def test_classes_become_a_1_among_0s():
    samples = Samples.of_classes([[0.5], [0.25], [1]], [2, 0, 1])

    assert samples.expected.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]


@pytest.mark.parametrize(
    ("classes", "count", "said"),
    [
        ([0, 3], 3, "Sample 2 has the class 3; with 3 classes they count from 0 to 2"),
        ([-1, 0], None, "Sample 1 has the class -1"),
        ([0.5, 1], 2, "whole numbers"),
        ([[0], [1]], 2, "whole numbers"),
        ([0, 1, 1], 2, "2 rows of inputs but 3 rows"),
        ([0, 1], 90_000_000, "the limit is"),
    ],
)
def test_classes_that_are_none_are_refused(classes, count, said):
    with pytest.raises(BadSamples, match=said):
        Samples.of_classes([[0.5], [0.25]], classes, count)
