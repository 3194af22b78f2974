"""The Python of the README: it runs as it stands, and what it says comes out."""

import re

import numpy as np
import pytest

import nnsim


@pytest.fixture
def blocks(texts, tmp_path, monkeypatch):
    """The README's Python blocks; files that they write go to a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    return re.findall(r"^```python\n(.*?)^```", texts["README.md"], re.MULTILINE | re.DOTALL)


def test_the_chapters_neuron(blocks):
    names = {}
    exec(blocks[0], names)

    [delta] = nnsim.trace(names["doc"]).weight_deltas()
    assert delta == pytest.approx(np.array([[0.035, 0.28]]))
    assert "[array([[0.035, 0.28]])]" in blocks[0]
    assert names["run"].document.network.weights[0] == pytest.approx(np.array([[0.265, 0.62]]))
    assert names["run"].losses == pytest.approx([0.06125])
    assert "[[0.265, 0.62]], [0.06125]" in blocks[0]
    assert nnsim.open("neuron.nnsim") == names["doc"]


def test_the_digits(blocks):
    names = {}
    for block in blocks:  # the second goes on from the first
        exec(block, names)

    assert len(blocks) == 2
    assert nnsim.metrics(names["run"].document, validation=True).accuracy >= 0.97
    assert names["run"].document.position == nnsim.Position(3600, 80, 0)
