"""The structure: where each number stands, whatever is skipped, missing or frozen."""

import numpy as np
import pytest
from hypothesis import given

from nnsim import Layer, Network, ParameterRef
from nnsim.engine.structure import MAX_PARAMETERS, Structure
from nnsim.errors import BadNetwork
from tests.strategies import any_networks

SKIPPING = Structure(
    2,
    (
        Layer(("tanh",) * 3, True),
        Layer(("relu",) * 2, False, 2),
        Layer(("linear",), True, 3),
    ),
)
"""2-3-2-1: the second layer reads the inputs too, the third everything."""


def test_where_the_numbers_of_skipping_layers_stand():
    first, second, third = SKIPPING.slots

    assert (first.first, first.width, first.weights, first.biases, first.end) == (0, 2, 0, 6, 9)
    assert (second.first, second.width, second.weights) == (0, 5, 9)
    assert second.biases == second.end == 19
    assert (third.first, third.width, third.weights, third.biases) == (0, 7, 19, 26)
    assert SKIPPING.slot_count == third.end == 27
    assert SKIPPING.starts == (0, 2, 5, 7, 8)
    assert SKIPPING.sizes == (2, 3, 2, 1)


def test_the_columns_of_a_skipping_layer_go_from_the_inputs_on():
    columns = [(ref.from_layer, ref.source) for ref in SKIPPING.refs_into(3, 0)[:-1]]

    assert columns == [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1)]
    assert SKIPPING.refs_into(3, 0)[-1] == ParameterRef(3, 0, None)


def test_what_goes_out_of_an_input_reaches_every_layer_that_reads_it():
    assert SKIPPING.refs_out_of(0, 1) == [
        *(ParameterRef(1, to, 1) for to in range(3)),
        *(ParameterRef(2, to, 1, 0) for to in range(2)),
        ParameterRef(3, 0, 1, 0),
    ]
    assert SKIPPING.refs_out_of(3, 0) == []


@given(any_networks())
def test_refs_name_every_parameter_that_is_there_exactly_once(network):
    structure = network.structure
    places = [structure.index_of(ref) for ref in structure.refs()]

    assert sorted(places) == np.flatnonzero(network.present).tolist()
    assert structure.parameter_count == len(places)
    assert [structure.ref_in(place) for place in places] == structure.refs()


@given(any_networks())
def test_rows_of_refs_go_both_ways(network):
    for row, ref in enumerate(network.refs()):
        assert network.ref_at(row) == ref
        assert network.row_of(ref) == row
        assert network.has(ref)


@given(any_networks())
def test_refs_go_by_target_neuron_and_so_do_those_into_each(network):
    into = [
        ref
        for number, layer in enumerate(network.layers, start=1)
        for to in range(layer.size)
        for ref in network.refs_into(number, to)
    ]

    assert into == network.refs()


@given(any_networks())
def test_all_weights_go_out_of_one_neuron_each(network):
    out = [
        ref
        for layer, size in enumerate(network.sizes)
        for index in range(size)
        for ref in network.refs_out_of(layer, index)
    ]

    weights = [ref for ref in network.refs() if not ref.is_bias]
    assert sorted(out, key=repr) == sorted(weights, key=repr)


@given(any_networks())
def test_what_was_removed_is_not_there_and_has_no_place(network):
    structure = network.structure
    for place in np.flatnonzero(~network.present):
        ref = structure.ref_in(int(place))
        assert not structure.has(ref)
        with pytest.raises(BadNetwork, match="no such weight or bias"):
            structure.index_of(ref)
        assert network.parameters[place] == 0.0


@given(any_networks())
def test_a_ref_points_at_the_same_number_in_its_matrix(network):
    starts, slots = network.structure.starts, network.structure.slots
    for ref in network.refs():
        here = network.parameters[network.index_of(ref)]
        if ref.is_bias:
            assert network.biases[ref.layer - 1][ref.to] == here
        else:
            column = starts[ref.from_layer] + ref.source - slots[ref.layer - 1].first
            assert network.weights[ref.layer - 1][ref.to][column] == here


@given(any_networks())
def test_weights_and_biases_part_the_places(network):
    structure = network.structure
    weights = [structure.index_of(ref) for ref in network.refs() if not ref.is_bias]

    assert structure.is_weight[weights].all()
    assert (structure.is_weight & network.present).sum() == len(weights)


@given(any_networks())
def test_what_is_trained_is_there_and_not_frozen(network):
    everything = np.ones(len(network.parameters), dtype=bool)

    def trained(biases):
        mask = network.structure.trained(biases)
        return everything if mask is None else mask

    assert trained(True).tolist() == (network.present & ~network.frozen).tolist()
    assert trained(False).tolist() == (trained(True) & network.structure.is_weight).tolist()


def test_a_neuron_has_its_place_among_all_and_back():
    assert [SKIPPING.neuron_at(place) for place in range(8)] == [
        *((0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (3, 0))
    ]


def test_masks_that_say_nothing_are_none_and_do_not_make_a_difference():
    plain, full = (
        Structure(1, (Layer(("tanh",), True),), present, frozen)
        for present, frozen in ((None, None), (np.ones(2, bool), np.zeros(2, bool)))
    )

    assert full.present is None
    assert full.frozen is None
    assert plain == full
    assert hash(plain) == hash(full)


def test_a_mask_is_copied_and_cannot_be_written_to():
    mask = np.array([True, False])
    structure = Structure(1, (Layer(("tanh",), True),), mask)
    mask[:] = True

    assert structure.present.tolist() == [True, False]
    with pytest.raises(ValueError, match="read-only"):
        structure.present[0] = False


def test_what_is_absent_is_not_frozen():
    structure = Structure(
        1, (Layer(("tanh",), True),), np.array([True, False]), np.array([True, True])
    )

    assert structure.frozen.tolist() == [True, False]


def test_the_same_structure_is_one_whatever_is_frozen():
    layers = (Layer(("tanh",), True),)
    plain = Structure(1, layers)
    frozen = Structure(1, layers, frozen=np.array([True, False]))
    cut = Structure(1, layers, present=np.array([True, False]))

    assert plain.same(frozen)
    assert plain != frozen
    assert not plain.same(cut)
    assert plain != "a structure"


@pytest.mark.parametrize("length", [0, 1, 3])
def test_a_mask_of_another_length_is_refused(length):
    with pytest.raises(BadNetwork, match=rf"A mask needs 2 entries here, not {length}\."):
        Structure(1, (Layer(("tanh",), True),), np.arange(length) % 2 == 1)


@pytest.mark.parametrize("reach", [0, -1, 2, 1.0, True, None, "1"])
def test_a_reach_past_the_inputs_or_no_number_is_refused(reach):
    with pytest.raises(BadNetwork, match="Layer 1 can reach back over 1 to 1 layers"):
        Structure(1, (Layer(("tanh",), True, reach),))


@pytest.mark.parametrize(
    "layers",
    [
        (Layer(("softmax",) * 2, True), Layer(("linear",), True)),
        (Layer(("linear",), True), Layer(("softmax", "linear"), True)),
    ],
)
def test_softmax_is_refused_but_for_a_whole_output_layer(layers):
    with pytest.raises(BadNetwork, match="softmax is for the output layer"):
        Structure(1, layers)


def test_skipping_layers_count_for_the_limit():
    layers = (Layer(("tanh",) * 10, False), Layer(("tanh",) * 100, False, 2))
    with pytest.raises(BadNetwork, match=f"the limit is {MAX_PARAMETERS:,}"):
        Structure(10_000, layers)


def test_a_ref_to_the_layer_before_is_the_same_said_either_way():
    assert ParameterRef(2, 0, 1, 1) == ParameterRef(2, 0, 1)
    assert ParameterRef(2, 0, 1, 0) != ParameterRef(2, 0, 1)
    assert ParameterRef(2, 0, 1).from_layer == 1
    assert ParameterRef(2, 0, 1, 0).from_layer == 0


@pytest.mark.parametrize(
    "ref",
    [
        ParameterRef(2, 0, 0, 2),
        ParameterRef(2, 0, 0, 3),
        ParameterRef(2, 0, 0, -1),
        ParameterRef(2, 0, 2, 0),
        ParameterRef(2, 0, None, 0),
        ParameterRef(1, 0, 0, -1),
    ],
)
def test_a_ref_from_where_nothing_comes_is_none_of_it(ref):
    assert not SKIPPING.has(ref)


@pytest.mark.parametrize("place", [-1, 27, 1000])
def test_a_place_outside_the_vector_is_refused(place):
    with pytest.raises(BadNetwork, match="no weight or bias in place"):
        SKIPPING.ref_in(place)


NETWORK = Network.dense([2, 2, 1], ["tanh", "linear"], [[[1, 2], [3, 4]], [[7, 8]]], [[5, 6], None])


def numbers(network):
    return {ref: float(network.parameters[network.index_of(ref)]) for ref in network.refs()}


@given(any_networks())
def test_removing_and_adding_a_connection_gives_back_the_network(network):
    for ref in network.refs()[:4]:
        value = float(network.parameters[network.index_of(ref)])
        frozen = network.is_frozen(network.index_of(ref))
        cut = network.without([ref])
        back = cut.with_connection(ref, value)

        assert not cut.has(ref)
        assert numbers(cut) == {r: v for r, v in numbers(network).items() if r != ref}
        assert (back.with_frozen([ref]) if frozen else back) == network


def test_a_skipping_connection_widens_the_layer_and_keeps_every_number():
    skip = ParameterRef(2, 0, 1, 0)
    wider = NETWORK.with_frozen([ParameterRef(2, 0, 1)]).with_connection(skip, 0.5)

    assert numbers(wider) == {**numbers(NETWORK), skip: 0.5}
    assert [layer.reach for layer in wider.layers] == [1, 2]
    assert wider.parameter_count == NETWORK.parameter_count + 1
    assert [ref for ref in wider.refs() if wider.is_frozen(wider.index_of(ref))] == [
        ParameterRef(2, 0, 1)
    ]


def test_a_bias_for_one_neuron_of_a_layer_without_gives_none_to_the_others():
    network = Network.dense([1, 2], ["tanh"], [[[1], [2]]])
    bias = ParameterRef(1, 1, None)

    grown = network.with_connection(bias, 3.0)

    assert numbers(grown) == {**numbers(network), bias: 3.0}
    assert not grown.has(ParameterRef(1, 0, None))


def test_a_bias_may_be_absent_for_one_neuron_from_the_start():
    network = Network.dense([1, 2], ["tanh"], [[[1], [2]]], [[None, 4]])

    assert network.refs() == [
        ParameterRef(1, 0, 0),
        ParameterRef(1, 1, 0),
        ParameterRef(1, 1, None),
    ]
    assert network.biases[0].tolist() == [0.0, 4.0]


@pytest.mark.parametrize(
    ("ref", "sentence"),
    [
        (ParameterRef(1, 0, 0), "already has that weight or bias"),
        (ParameterRef(1, 0, None), "already has that weight or bias"),
        (ParameterRef(3, 0, 0), "There can be no such weight or bias"),
        (ParameterRef(0, 0, 0), "There can be no such weight or bias"),
        (ParameterRef(2, 0, 5, 0), "There can be no such weight or bias"),
        (ParameterRef(2, 1, 0, 0), "There can be no such weight or bias"),
        (ParameterRef(2, 0, 0, 2), "There can be no such weight or bias"),
        (ParameterRef(2, 0, 0, -1), "There can be no such weight or bias"),
    ],
)
def test_what_cannot_be_added_is_refused(ref, sentence):
    with pytest.raises(BadNetwork, match=sentence):
        NETWORK.with_connection(ref, 1.0)


def test_a_number_that_is_not_finite_cannot_be_added():
    with pytest.raises(BadNetwork, match="finite"):
        NETWORK.with_connection(ParameterRef(2, 0, 0, 0), float("nan"))


def test_what_is_not_there_can_be_neither_removed_nor_frozen():
    missing = ParameterRef(2, 0, None)
    for edit in (NETWORK.without, NETWORK.with_frozen):
        with pytest.raises(BadNetwork, match="no such weight or bias"):
            edit([missing])


def test_freezing_keeps_the_numbers_and_can_be_taken_back():
    refs = [ParameterRef(1, 0, 0), ParameterRef(1, 0, None)]
    frozen = NETWORK.with_frozen(refs)

    assert np.flatnonzero(frozen.frozen).tolist() == [NETWORK.index_of(ref) for ref in refs]
    assert numbers(frozen) == numbers(NETWORK)
    assert frozen != NETWORK
    assert frozen.same_structure(NETWORK)
    assert frozen.with_frozen(refs, False) == NETWORK


def test_what_was_frozen_and_removed_is_free_when_it_comes_back():
    ref = ParameterRef(1, 0, 0)
    back = NETWORK.with_frozen([ref]).without([ref]).with_connection(ref, 1.0)

    assert back == NETWORK


@given(any_networks())
def test_networks_with_the_same_masks_and_numbers_are_equal(network):
    twin = Network(
        network.input_count,
        network.layers,
        network.parameters.copy(),
        network.present.copy(),
        network.frozen.copy(),
    )

    assert twin == network
    assert hash(twin) == hash(network)
