"""A step in exact fractions, and rounded on every line."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim import Document, Network, ParameterRef, Samples, Settings, train
from nnsim.files.examples import open_example
from nnsim.tracing.arithmetic import Exact, NotOnPaper, Rounded, as_meant, chosen_arithmetic
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.display import Display, use_display, usual_display
from nnsim.tracing.pass_plan import plan_of
from nnsim.tracing.quantity import LOSS, Kind, Quantity
from tests.strategies import any_documents

W1 = ParameterRef(1, 0, 0)
DECIMALS = st.integers(-300, 300).map(lambda n: n / 100)
RATIONAL = st.sampled_from(["linear", "relu", "leaky_relu", "threshold"])
LOSSES = st.sampled_from(["half_squared", "squared", "mean_squared", "absolute", "huber"])


def chapter():
    return Derivation(open_example("chapter").trace())


def of(kind):
    return Quantity(kind, (1, 0))


def test_the_chapter_in_fractions():
    exact = Exact(chapter())
    assert exact.value(of(Kind.sum)) == Fraction(3, 4)
    assert exact.value(of(Kind.error)) == Fraction(7, 20)
    assert exact.value(Quantity(Kind.delta, ref=W1)) == Fraction(7, 200)
    assert exact.value(LOSS) == Fraction(49, 800)
    assert exact.text(Quantity(Kind.new_value, ref=W1)) == "53/200"


def test_the_chapter_stays_exact_from_step_to_step():
    # 0.3 − 0.035 is 0.26499999999999996 in binary, which stands for 0.265
    document = open_example("chapter")
    for weight, error in [("53/200", "49/400"), ("1011/4000", "343/8000")]:
        document = train(document, steps=1).document
        exact = Exact(Derivation(document.trace()))
        assert exact.text(Quantity(Kind.parameter, ref=W1)) == weight
        assert exact.text(of(Kind.error)) == error


def test_a_number_that_was_typed_with_all_its_digits_stays_that_number():
    assert as_meant(0.1234567890123456) == "0.1234567890123456"
    assert as_meant(0.1 + 0.2) == "0.3"
    assert as_meant(1e22) == "1e+22"


def test_the_chapter_rounded_to_one_decimal_drifts():
    rounded = Rounded(chapter(), 1)
    # 0.1 · 0.3 + 0.8 · 0.9 = 0.75 is rounded up to 0.8, the error is then 0.4 …
    assert rounded.text(of(Kind.sum)) == "0.8"
    assert rounded.text(of(Kind.error)) == "0.4"
    assert rounded.drift(of(Kind.error)) == pytest.approx(0.05)
    # … and its delta 0.04 is rounded to nothing at all
    assert rounded.text(Quantity(Kind.delta, ref=W1)) == "0"
    assert rounded.text(Quantity(Kind.new_value, ref=W1)) == "0.3"


@st.composite
def rational_documents(draw):
    sizes = [2, 2, draw(st.integers(1, 2))]
    names = [draw(RATIONAL), draw(RATIONAL)]
    weights = [[[draw(DECIMALS) for _ in range(a)] for _ in range(b)] for a, b in pairwise(sizes)]
    network = Network.dense(sizes, names, weights, [[draw(DECIMALS)] * b for b in sizes[1:]])
    samples = Samples([[draw(DECIMALS)] * 2], [[draw(DECIMALS)] * sizes[-1]])
    return Document(network, samples, Settings(0.5, loss=draw(LOSSES)))


@given(rational_documents())
def test_exact_numbers_are_the_engines_to_their_rounding(document):
    derivation = Derivation(document.trace())
    exact = Exact(derivation)
    for quantity in plan_of(document.trace()):
        value = derivation.value(quantity)
        if value is None:
            continue
        # where a sum is 0 in one arithmetic and 1e-17 in the other, a kink parts them
        near = abs(float(exact.value(quantity)) - value) <= 1e-9 * (1 + abs(value))
        assert near or has_kink_nearby(document), quantity


def has_kink_nearby(document):
    trace = document.trace()
    exact = Exact(Derivation(trace))
    sums = [
        Quantity(Kind.sum, (layer, i))
        for layer, size in enumerate(document.network.sizes[1:], start=1)
        for i in range(size)
    ]
    errors = [
        Quantity(Kind.error, (len(document.network.layers), i))
        for i in range(document.network.output_count)
    ]
    at_kink = [abs(float(exact.value(q))) < 1e-9 for q in (*sums, *errors)]
    edges = [abs(abs(float(exact.value(q))) - 1) < 1e-9 for q in errors]
    return any(at_kink) or any(edges)


@given(any_documents())
def test_rounding_to_twelve_decimals_changes_next_to_nothing(document):
    derivation = Derivation(document.trace())
    rounded = Rounded(derivation, 12)
    for number, quantity in enumerate(plan_of(document.trace())):
        if number > 30 or quantity.kind not in (Kind.product, Kind.sum):
            continue
        value = derivation.value(quantity)
        if value is not None and abs(value) < 1e3:
            assert abs(rounded.drift(quantity)) < 1e-6


def test_what_is_no_fraction_says_why():
    exact = Exact(Derivation(open_example("xor").trace()))
    with pytest.raises(NotOnPaper, match="no fractions"):
        exact.value(Quantity(Kind.output, (1, 0)))
    assert exact.value(Quantity(Kind.sum, (1, 0)))  # before the activation it is one


def test_a_network_of_hundreds_of_layers_is_no_matter():
    count = 400
    network = Network.dense([1] * (count + 1), ["linear"] * count, [[[1.0]]] * count)
    derivation = Derivation(Document(network, Samples([[0.1]], [[0.4]])).trace())
    first = Quantity(Kind.delta, ref=W1)
    assert Exact(derivation).value(first) == Fraction(-3, 100)
    assert Rounded(derivation, 3).text(first) == "−0.03"


def test_a_network_that_nobody_computes_on_paper_is_not_computed_so():
    small, large = Network.dense([49, 10], ["linear"]), Network.dense([51, 10], ["linear"])
    with usual_display():
        assert chosen_arithmetic(trace_of(small)) is None
        use_display(Display(rounded=2))
        assert isinstance(chosen_arithmetic(trace_of(small)), Rounded)
        with pytest.raises(NotOnPaper, match="up to 500 weights and biases: here are 510"):
            chosen_arithmetic(trace_of(large))


def trace_of(network):
    samples = Samples([[0.5] * network.input_count], [[1.0] * network.output_count])
    return Document(network, samples).trace()


def test_all_that_ask_for_the_numbers_of_a_moment_share_what_is_computed():
    trace = open_example("chapter").trace()
    with usual_display():
        use_display(Display(rounded=1))
        assert chosen_arithmetic(trace) is chosen_arithmetic(trace)
        use_display(Display(rounded=2))
        assert chosen_arithmetic(trace).text(of(Kind.sum)) == "0.75"
        use_display(Display(exact=True))
        assert chosen_arithmetic(trace).text(of(Kind.sum)) == "3/4"
