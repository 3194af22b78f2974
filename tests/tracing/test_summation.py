"""Σ with limits stands for exactly the terms that it is written for."""

from hypothesis import given

from nnsim import Document, Network, ParameterRef, Samples, Settings
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.expression import Add, Apply, Choose, Constant, Divide, Multiply, sources
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.summation import LEAST, Summation, summed
from tests.strategies import any_traces


def parameter(to, source):
    return Quantity(Kind.parameter, ref=ParameterRef(1, to, source))


def output(index):
    return Quantity(Kind.output, (1, index))


def written_out(summation):
    """Its terms, made by counting up as a reader would."""
    first, last = summation.limits
    counting = dict(summation.counting)
    return [term(summation.term, counting, by) for by in range(last - first + 1)]


def term(expression, counting, by):
    if isinstance(expression, Quantity):
        return counted_up(expression, counting[expression], by)
    if isinstance(expression, Constant):
        return expression
    parts = tuple(term(part, counting, by) for part in expression.parts)
    if isinstance(expression, Add | Multiply):
        return type(expression)(parts)
    if isinstance(expression, Apply):
        return Apply(expression.function, *parts)
    also = (expression.or_equal,) if isinstance(expression, Choose) else ()
    return type(expression)(*parts, *also)


def counted_up(quantity, names, by):
    if quantity.neuron is not None:
        layer, index = quantity.neuron
        return Quantity(quantity.kind, (layer, index + by * ("neuron" in names)))
    if quantity.ref is None:
        return quantity
    ref, source = quantity.ref, quantity.ref.source
    to = ref.to + by * ("to" in names)
    source = None if source is None else source + by * ("source" in names)
    return Quantity(quantity.kind, ref=ParameterRef(ref.layer, to, source, ref.source_layer))


def test_alike_terms_become_one_sum_and_a_bias_stays():
    terms = [Multiply((output(i), parameter(2, i))) for i in range(5)]
    bias = Quantity(Kind.parameter, ref=ParameterRef(1, 2, None))

    sigma, rest = summed([*terms, bias])
    assert rest == bias
    assert sigma.limits == (1, 5)
    assert dict(sigma.counting) == {output(0): {"neuron"}, parameter(2, 0): {"source"}}
    assert written_out(sigma) == terms


def test_few_terms_and_unlike_ones_are_written_out():
    few = [output(i) for i in range(LEAST - 1)]
    gap = [output(i) for i in (0, 1, 3, 4)]
    other = [output(0), output(1), parameter(0, 2), output(3)]
    crossed = [Multiply((output(i), parameter(0, i + 1))) for i in range(5)]  # two counts, not one
    falling = [Multiply((output(i), parameter(0, 4 - i))) for i in range(5)]

    for terms in (few, gap, other, crossed, falling, [output(0)], []):
        assert summed(terms) == terms


def test_what_stays_the_same_in_all_terms_does_not_count():
    terms = [Divide(Multiply((output(i), output(7))), Constant(2.0)) for i in range(4)]
    (sigma,) = summed(terms)

    assert dict(sigma.counting)[output(7)] == frozenset()
    assert written_out(sigma) == terms


def test_a_mean_over_a_batch_is_a_sum_over_its_samples_whatever_their_order():
    network = Network.dense([1, 1], ["linear"], [[[0.5]]])
    samples = Samples([[float(i)] for i in range(6)], [[1.0]] * 6)
    settings = Settings(batch_size=5, shuffle=True, seed=3)
    derivation = Derivation(Document(network, samples, settings).trace())
    mean = derivation.formula(Quantity(Kind.delta_mean, ref=ParameterRef(1, 0, 0)))

    (sigma,) = summed(mean.numerator.terms)
    assert sigma.limits is None
    assert dict(sigma.counting) == {sigma.term: {"sample"}}


@given(any_traces())
def test_every_sum_of_a_step_is_the_terms_of_its_sigmas_and_the_others(trace):
    derivation = Derivation(trace)
    for quantity in derivation.in_order():
        formula = derivation.formula(quantity)
        if not isinstance(formula, Add):
            continue
        again = []
        for part in summed(formula.terms):
            if isinstance(part, Summation):
                again += written_out(part) if part.limits else formula.terms
            else:
                again.append(part)
        assert again == list(formula.terms)
        assert set(sources(Add(tuple(again)))) == set(sources(formula))
