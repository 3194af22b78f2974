"""The factor table sorted, filtered, and with other columns."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from nnsim import Document, Network, Samples, Settings
from nnsim.engine.gradcheck import GradientCheck, GradientRow
from nnsim.files.examples import open_example
from nnsim.model.frame import Focus, frame_of
from nnsim.model.history import History
from nnsim.model.run import Run
from nnsim.tracing import factor_columns
from nnsim.tracing.display import Display, use_display, usual_display
from nnsim.tracing.factor_rows import Listing, Only
from nnsim.tracing.quantity import Kind, Quantity
from nnsim.tracing.trace import Trace
from nnsim.tracing.wording import on_paper
from nnsim.views.factors.columns import COLUMNS, MORE_COLUMNS
from nnsim.views.factors.panel import FactorPanel
from nnsim.views.parts.theme import theme
from nnsim.views.parts.type import font, medium, metrics


@pytest.fixture
def panel(qtbot):
    shown = FactorPanel()
    qtbot.addWidget(shown)
    shown.resize(560, 600)
    shown.show()
    return shown


def show(panel, document, **focus):
    panel.show_frame(frame_of(History(Run.of(document)), Focus(**focus)))
    return panel.table.model()


def cells(model, column, count=None):
    place = model.columns.index(column)
    return [model.index(row, place).data() for row in range(count or model.rowCount())]


def click_header(panel, column):
    header = panel.table.horizontalHeader()
    place = panel.table.model().columns.index(column)
    where = header.sectionViewportPosition(place) + 10
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(where, 12))


def number(text):
    return float(text.replace("−", "-"))


def test_a_click_on_a_heading_sorts_by_size_then_the_other_way_then_no_longer(panel):
    model = show(panel, open_example("xor"))
    before = cells(model, "name")
    click_header(panel, "value")
    sizes = [abs(number(text)) for text in cells(model, "value")]
    assert sizes == sorted(sizes, reverse=True)
    assert "↓" in model.headerData(1, Qt.Orientation.Horizontal)
    click_header(panel, "value")
    sizes = [abs(number(text)) for text in cells(model, "value")]
    assert sizes == sorted(sizes)
    click_header(panel, "value")
    assert cells(model, "name") == before


def test_the_selected_row_is_the_same_weight_in_any_order(panel):
    document = open_example("xor")
    ref = document.network.refs()[5]
    model = show(panel, document, selected=ref)
    click_header(panel, "delta")
    assert model.ref(panel.table._selected_row) == ref


def test_an_edit_in_a_sorted_table_is_of_the_weight_in_the_row(panel):
    model = show(panel, open_example("xor"))
    click_header(panel, "value")
    heard = []
    panel.table.parameter_edited.connect(lambda ref, value: heard.append((ref, value)))
    panel.table._emit_edit(0, 1, 0.5)
    assert heard == [(model.ref(0), 0.5)]


def test_only_what_is_asked_for_is_listed(panel):
    document = open_example("xor")
    model = show(panel, document)
    panel.table.show_listing(Listing(layer=2))
    assert model.rowCount() == 5
    assert all(name.endswith("output") for name in cells(model, "name"))
    assert panel.listing_button.text() == "into output"
    panel.table.show_listing(Listing(only=Only.frozen))
    assert model.rowCount() == 0
    panel.table.show_listing(Listing())
    assert model.rowCount() == document.network.parameter_count


def test_the_menu_offers_listings_and_columns(panel):
    document = open_example("xor")
    model = show(panel, document, chosen=frozenset([(1, 0)]))
    panel.listing_menu.aboutToShow.emit()
    actions = {action.text(): action for action in panel.listing_menu.actions()}
    actions["Into and out of hidden1"].trigger()
    assert model.rowCount() == 4
    assert panel.listing_button.text() == "hidden1"
    panel.listing_menu.aboutToShow.emit()
    (columns,) = [a.menu() for a in panel.listing_menu.actions() if a.text() == "Columns"]
    by_name = {action.text(): action for action in columns.actions()}
    by_name["numerical"].trigger()
    assert model.columns == (*COLUMNS, "numeric")
    panel.listing_menu.aboutToShow.emit()
    (columns,) = [a.menu() for a in panel.listing_menu.actions() if a.text() == "Columns"]
    {action.text(): action for action in columns.actions()}["change"].trigger()
    assert "update" not in model.columns


def test_the_numerical_gradient_agrees_with_every_delta(panel):
    model = show(panel, open_example("xor"))
    panel.table.show_columns((*COLUMNS, *MORE_COLUMNS))
    for delta, numeric in zip(cells(model, "delta"), cells(model, "numeric"), strict=True):
        assert number(numeric) == pytest.approx(number(delta), abs=1e-5)
    shares = [number(text) for text in cells(model, "share")]
    assert sum(shares) == pytest.approx(1, abs=1e-3)
    assert cells(model, "gradient") == cells(model, "delta")  # a batch of one sample


def test_numerical_gradients_and_differences_are_sorted_too(panel):
    model = show(panel, open_example("xor"))
    panel.table.show_columns((*COLUMNS, "numeric", "difference"))
    for column in ("numeric", "difference"):
        panel.table.show_listing(Listing(column))
        sizes = [abs(number(text)) for text in cells(model, column)]
        assert sizes == sorted(sizes, reverse=True)
        assert len(sizes) == 17


def show_on_paper(panel, document, **arithmetic):
    use_display(Display(**arithmetic))
    return show(panel, document)


def test_an_arithmetic_of_paper_has_its_columns_while_it_is_chosen(panel):
    with usual_display():
        model = show_on_paper(panel, open_example("chapter"), rounded=1)
        # the sum 0.75 is rounded to 0.8, the error to 0.4, and 0.4 × 1 × 0.1 = 0.04 to 0
        assert cells(model, "on_paper") == ["0", "0.3"]
        assert [number(drift) for drift in cells(model, "drift")] == pytest.approx([-0.035, 0.02])
        assert model.quantity(model.index(1, model.columns.index("on_paper"))).kind is Kind.delta
        click_header(panel, "drift")
        assert cells(model, "drift") == ["−0.035", "0.02"]
        click_header(panel, "on_paper")
        assert cells(model, "on_paper") == ["0.3", "0"]
        model = show_on_paper(panel, open_example("chapter"), exact=True)
        assert sorted(cells(model, "on_paper")) == ["7/200", "7/25"]
    assert show(panel, open_example("chapter")).columns == COLUMNS


def test_a_delta_without_a_fraction_and_one_of_a_large_network_have_none(panel):
    network = Network.dense([784, 128, 10], ["relu", "linear"])
    large = Document(network, Samples([[0.5] * 784], [[1] + [0] * 9]))
    with usual_display():
        model = show_on_paper(panel, open_example("xor"), exact=True)
        assert set(cells(model, "on_paper")) == set(cells(model, "drift")) == {"none"}
        model = show_on_paper(panel, large, rounded=2)
        assert model.index(0, model.columns.index("on_paper")).data() == "none"


def test_of_a_hundred_thousand_rows_only_those_in_sight_are_read(panel, monkeypatch):
    network = Network.dense([784, 128, 10], ["relu", "linear"])
    document = Document(network, Samples([[0.5] * 784], [[1] + [0] * 9]))
    model = show(panel, document)
    read, factors = [], Trace.factors
    monkeypatch.setattr(Trace, "factors", lambda self, ref: read.append(ref) or factors(self, ref))
    click_header(panel, "delta")
    panel.table.repaint()
    assert model.rowCount() == network.parameter_count
    assert 0 < len(read) < 200


def test_a_wrong_delta_has_a_cross_and_its_colour(panel, monkeypatch):
    def wrong(*_given, **_more):
        rows = [GradientRow(_more["refs"][0], 0.1, 0.3, 0.2, "differs")]
        return GradientCheck(rows, 1)

    monkeypatch.setattr(factor_columns, "check_gradients", wrong)
    model = show(panel, open_example("chapter"))
    panel.table.show_columns((*COLUMNS, "difference"))
    place = model.columns.index("difference")
    assert model.index(0, place).data() == "✗ 0.2"
    assert model.colour(0, model.columns.index("delta")) == theme().wrong


@pytest.mark.parametrize("digits", [None, 17])
def test_no_heading_and_no_number_is_cut_off_however_many_columns_there_are(panel, digits):
    table = panel.table
    with usual_display():
        use_display(Display(digits))
        show(panel, open_example("xor"))
        table.show_columns((*COLUMNS, *MORE_COLUMNS))
        number = metrics(font(11)).horizontalAdvance(on_paper(-0.12345678901234567))
    for column in range(1, len(COLUMNS) + len(MORE_COLUMNS)):
        said = table.model().headerData(column, Qt.Orientation.Horizontal)
        heading = metrics(medium(12)).horizontalAdvance(said)
        assert table.columnWidth(column) >= max(heading, number)
    assert table.horizontalScrollBar().maximum() > 0
    table.show_columns(("name", "value", "delta"))
    assert table.horizontalScrollBar().maximum() == 0


def softmax():
    network = Network.dense([2, 2, 2], ["tanh", "softmax"])
    settings = Settings(loss="softmax_cross_entropy")
    return Document(network, Samples([[0.5, -0.5]], [[1.0, 0.0]]), settings)


def saturated():
    network = Network.dense([1, 1], ["sigmoid"], [[[30.0]]])
    settings = Settings(loss="binary_cross_entropy")
    return Document(network, Samples([[1.0]], [[0.0]]), settings)


@pytest.mark.parametrize("document", [softmax(), saturated()], ids=["softmax", "sigmoid"])
def test_one_cell_stands_for_error_and_slope_where_there_is_no_single_one(panel, document):
    model, trace = show(panel, document), document.trace()
    last = len(document.network.layers)
    for row, ref in enumerate(document.network.refs()):
        error, slope = (model.index(row, COLUMNS.index(name)) for name in ("error", "slope"))
        if ref.layer < last:
            assert model.quantity(slope).kind is Kind.slope
            continue
        signal, own = trace.neuron(last, ref.to).signal, Quantity(Kind.signal, (last, ref.to))
        assert error.data() == f"error signal {on_paper(signal)}"
        assert slope.data() == ""
        assert model.quantity(error) == model.quantity(slope) == own
        delta = number(model.index(row, COLUMNS.index("delta")).data())
        assert delta == pytest.approx(signal * trace.factors(ref).source, abs=1e-5)
    panel.table.show_columns(("name", "value", "slope", "delta"))
    assert not model.is_joined(model.rowCount() - 1)


def test_a_click_on_the_cell_of_both_opens_the_error_signal(panel, qtbot):
    model = show(panel, softmax())
    table, row = panel.table, model.rowCount() - 1
    table.scrollToBottom()
    left = table.columnViewportPosition(COLUMNS.index("error")) + 5
    middle = table.rowViewportPosition(row) + 8
    with qtbot.waitSignal(table.quantity_opened) as opened:
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(left, middle))
    assert opened.args == [Quantity(Kind.signal, (2, 1))]
