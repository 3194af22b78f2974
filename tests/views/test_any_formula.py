"""Every number of any step can be explained, in any convention: in a formula and in words."""

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter

from nnsim import Document, Network, Samples, Settings
from nnsim.tracing.derivation import Derivation
from nnsim.tracing.explanation import delta_line, new_value_line, sentence
from nnsim.tracing.meaning import meaning
from nnsim.tracing.quantity import GRADIENT_LENGTH
from nnsim.tracing.shown_trace import in_conventions
from nnsim.tracing.symbols import words_in
from nnsim.tracing.update_derivation import UpdateDerivation
from nnsim.tracing.uses import MOST_REFS, sources_of
from nnsim.views.formulas.boxes import Words
from nnsim.views.formulas.typesetting import wrapped
from nnsim.views.formulas.written import is_long, write_formula
from nnsim.views.parts.type import font
from tests.conventions import ALL
from tests.strategies import any_documents

WIDTH = 520


@settings(max_examples=40, deadline=None)
@given(any_documents(), st.sampled_from(ALL), st.randoms())
def test_every_formula_can_be_written_and_drawn(qapp, document, conventions, random):
    trace = in_conventions(document.trace(), conventions)
    derivation = Derivation(trace)
    quantities = list(derivation.in_order())
    for quantity in random.sample(quantities, min(60, len(quantities))):
        written = write_formula(trace, quantity, WIDTH)
        draw(written)
        shown = [found for _, found in written.numbers(0, 0)]
        assert quantity in shown
        assert words_in(trace, quantity)
        assert meaning(derivation, quantity).endswith(".")


def draw(written):
    assert written.height > 0
    image = QImage(WIDTH, 300, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    try:
        written.draw(painter, 0, 0)
    finally:
        painter.end()


@given(any_documents(), st.sampled_from(ALL))
def test_every_weight_has_its_lines_and_its_sentence(qapp, document, conventions):
    trace = in_conventions(document.trace(), conventions)
    for ref in document.network.refs():
        row = trace.factors(ref)
        assert sentence(trace, ref).endswith(".")
        assert delta_line(trace, row).count("=") >= 2
        assert new_value_line(trace, row).count("=") >= 3


def test_a_name_that_leaves_its_formula_no_room_has_it_below(qapp):
    name, factor = (Words(said, font(13), "black") for said in ("w" * 20, "f" * 20))
    beside = wrapped(name, [factor], name.width + factor.width)
    assert [y for _, y, _ in beside.parts] == [0.0, 0.0]
    below = wrapped(name, [factor, factor], name.width + factor.width - 1)
    assert below.width <= name.width + factor.width
    (_, _, lead), (left, down, first), *_ = below.parts
    assert down >= lead.below + first.above
    assert left < lead.width
    assert first.width == 2 * factor.width  # both in one line, and not smaller


def test_of_the_length_of_a_gradient_only_the_terms_that_are_seen_are_made(qapp, monkeypatch):
    network = Network.dense([784, 128, 10], ["relu", "linear"])
    samples = Samples([[0.5] * 784], [[1.0] + [0.0] * 9])
    trace = Document(network, samples, Settings(clip_norm=0.1)).trace()
    asked, usual = [], UpdateDerivation._batch_gradient
    monkeypatch.setattr(
        UpdateDerivation, "_batch_gradient", lambda self, ref: asked.append(ref) or usual(self, ref)
    )
    assert write_formula(trace, GRADIENT_LENGTH, WIDTH).height > 0
    assert is_long(trace, GRADIENT_LENGTH) == network.parameter_count
    assert len(sources_of(Derivation(trace), GRADIENT_LENGTH)) == MOST_REFS
    assert len(asked) < 2_000
