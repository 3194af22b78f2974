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
    "ragged inputs": ([[1, 2], [1]], [[1], [2]], "Sample 2 has 1 input, but sample 1 has 2"),
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
    "deeper": ([[[1]]], [[1]], "The inputs must be rows of numbers, one row for each sample"),
    "flat array": (np.ones(3), [[1]], "one row for each sample, such as [[0.1, 0.8]]."),
    "a column of no width": (np.ones((3, 0)), [[1]], "one row for each sample"),
    "too large for a float": ([[10**400]], [[1]], "number"),
    "class labels": ([[1], [2]], [0, 1], "for class labels use Samples.of_classes, or a column of"),
    "labels in an array": ([[1], [2]], np.array([0, 1]), "use Samples.of_classes"),
    "an array of complex": (np.ones((1, 1)) * 2j, [[1]], "inputs must be rows of numbers"),
    "complex rows": ([[2j]], [[1]], "inputs must be rows of numbers"),
    "complex numbers of numpy": ([[np.complex128(2)]], [[1]], "inputs must be rows of numbers"),
    "numbers as text": ([["1"]], [[1]], "inputs must be rows of numbers"),
    "dates": (np.array([["2024-01-01"]], "M8[D]"), [[1]], "inputs must be rows of numbers"),
    "too large for a double": (
        np.array([[1, "1e400"]], dtype=np.longdouble),
        [[1]],
        "In sample 1, number 2 of the inputs",
    ),
    "masked": (np.ma.array([[1.0, 2.0]], mask=[[0, 1]]), [[1]], "In sample 1, number 2 of the inp"),
}
HUGE = np.broadcast_to(0.0, (10**5, 10**5))  # takes 8 bytes
HALF = np.broadcast_to(0.0, (50_000_000, 1))


@pytest.mark.parametrize(("inputs", "expected", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_does_not_fit_is_refused_with_its_place(inputs, expected, sentence):
    with pytest.raises(BadSamples) as caught:
        Samples(inputs, expected)

    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("inputs", "expected", "cells"),
    [
        (HUGE, [[1]], "10,000,000,001"),
        ([[1]], HUGE, "10,000,000,001"),
        (HALF, np.broadcast_to(0.0, (50_000_000, 2)), "150,000,000"),
        ([range(10**5)] * 1001, [[0]] * 1001, "100,101,001"),
    ],
)
def test_the_limit_is_for_inputs_and_expected_together_and_is_checked_before_they_are_copied(
    inputs, expected, cells
):
    with pytest.raises(BadSamples) as caught:
        Samples(inputs, expected)

    assert str(caught.value) == (
        f"These samples have {cells} cells, inputs and expected outputs together; "
        "the limit is 100,000,000."
    )


def test_whatever_can_be_an_array_of_numbers_can_be_samples():
    class Table:
        def __array__(self, dtype=None, copy=None):
            return np.array([[1, 0]], dtype=np.int8)

    assert Samples(Table(), [[True]]) == Samples([[1, 0]], [[1]])
    assert Samples(np.ma.array([[1.0, 0.0]]), [[1]]) == Samples([[1, 0]], [[1]])
    assert Samples((row for row in [(1, 0)]), {(1,)}) == Samples([[1, 0]], [[1]])


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
        ([[0], [0, 1]], 2, "whole numbers"),
        (None, 2, "whole numbers"),
        ([0, 1, 1], 2, "2 rows of inputs but 3 rows"),
        ([0, 1], 90_000_000, "the limit is"),
        ([0, 1], 10**30, "the limit is"),
        *(
            ([0, 1], count, "number of classes must be a whole number above 0, not")
            for count in (0, -1, 2.5, 2.0, "2", True, np.nan)
        ),
    ],
)
def test_classes_that_are_none_are_refused(classes, count, said):
    with pytest.raises(BadSamples, match=said):
        Samples.of_classes([[0.5], [0.25]], classes, count)


def test_the_number_of_classes_may_be_of_numpy():
    assert Samples.of_classes([[0.5]], np.array([1], np.uint8), np.int64(3)).expected.tolist() == [
        [0, 1, 0]
    ]


def test_no_classes_for_no_samples():
    none = Samples.of_classes(np.empty((0, 2)), [], 3)

    assert none == Samples.none(2, 3)
    assert Samples.of_classes(np.empty((0, 2)), []).expected.shape == (0, 1)
