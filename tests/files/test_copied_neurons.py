"""Copied neurons travel as text, exact to the bit, and a text that is none is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.errors import BadFile
from nnsim.files.copied_neurons import copied_neurons, copied_text
from tests.strategies import any_documents


@given(any_documents(), st.data())
def test_the_same_neurons_of_the_same_network_come_back(document, data):
    every = [(i, n) for i, size in enumerate(document.network.sizes) for n in range(size)]
    chosen = data.draw(st.sets(st.sampled_from(every)))

    network, neurons = copied_neurons(copied_text(document, chosen))

    assert network == document.network
    assert neurons == sorted(chosen)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"neurons": [[9, 0]]}, "There is no layer 9"),
        ({"neurons": [[0]]}, "neurons"),
        ({"format": "nnsim"}, "it is not an nnsim selection"),
        ({"version": 2}, "newer nnsim"),
        ({"project": {}}, "it is not an nnsim project"),
        ({"more": 1}, "unknown"),
    ],
)
def test_another_text_is_refused_in_one_sentence(document, change, why):
    text = json.dumps(json.loads(copied_text(document, [(0, 0)])) | change)

    with pytest.raises(BadFile, match=f"^Clipboard: .*{why}"):
        copied_neurons(text)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "3"])
def test_rubbish_is_refused(text):
    with pytest.raises(BadFile, match=r"^Clipboard: "):
        copied_neurons(text)
