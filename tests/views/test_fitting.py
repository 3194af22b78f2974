"""Numbers that are made to fit: smaller, then with a power of ten, never cut off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableWidget

from nnsim.tracing.display import Display, use_display, usual_display
from nnsim.views.parts.fitting import (
    columns_in_sight,
    even_shares,
    fitted,
    fitted_name,
    rows_in_sight,
    written_within,
)
from nnsim.views.parts.type import font, load_fonts, metrics


@pytest.fixture(autouse=True)
def fonts(qapp):
    load_fonts()


def width(words, pixels):
    return metrics(font(pixels)).horizontalAdvance(words)


def test_what_fits_stays_as_it_is():
    used = font(13)
    assert fitted(used, "0.12345", width("0.12345", 13)) == (used, "0.12345")


def test_what_is_wider_is_written_smaller():
    used, words = fitted(font(13), "0.12345", width("0.12345", 12))
    assert (used.pixelSize(), words) == (12, "0.12345")


def test_what_does_not_fit_at_the_smallest_size_gets_a_power_of_ten():
    used, words = fitted(font(13), "123456789", width("1.235e8", 11))
    assert (used.pixelSize(), words) == (11, "1.235e8")


@pytest.mark.parametrize(
    ("words", "room", "want"),
    [
        ("7.00463e−7", "7.00e−7", "7.00e−7"),
        ("−7.00463e−7", "−7.005e−7", "−7.005e−7"),
        ("1,06974e13", "1,070e13", "1,070e13"),
    ],
)
def test_a_power_of_ten_is_rounded_until_it_fits(words, room, want):
    assert fitted(font(11), words, width(room, 11))[1] == want


def test_a_name_is_written_smaller_before_it_loses_letters():
    name = "hidden1 → output1"
    assert fitted_name(font(13), name, width(name, 13) + 1) == (font(13), name)
    assert fitted_name(font(13), name, width(name, 11) + 1) == (font(11), name)


def test_a_name_keeps_its_ends():
    used, words = fitted_name(font(12), "hidden28 → output10", 90)
    source, target = words.split(" → ")
    assert (source[0], source[-2:]) == ("h", "28")  # what tells it from others
    assert (target[0], target[-2:]) == ("o", "10")
    assert width(words, used.pixelSize()) <= 90
    assert fitted_name(font(12), "a very long name indeed", 60)[1].endswith("d")


@given(st.lists(st.integers(1, 100), min_size=1, max_size=15), st.integers(0, 1500))
def test_columns_share_a_width_evenly_but_none_has_less_than_its_least(least, total):
    shares = even_shares(least, total)
    assert all(share >= smallest for share, smallest in zip(shares, least, strict=True))
    assert sum(shares) == max(total, sum(least)) or sum(shares) <= total < sum(shares) + len(least)
    wider = [s for s, smallest in zip(shares, least, strict=True) if s > smallest]
    assert not wider or max(wider) - min(wider) <= 1


def test_rows_and_columns_in_sight(qtbot):
    table = QTableWidget(100, 50)
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    table.scrollTo(table.model().index(60, 20), table.ScrollHint.PositionAtTop)
    rows, columns = rows_in_sight(table), columns_in_sight(table)
    assert rows[0] == table.rowAt(0) == 60
    assert rows[-1] == table.rowAt(table.viewport().height() - 1) < 80
    numbers = [number for number, _, _ in columns]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert table.columnAt(0) == numbers[0]
    assert table.columnAt(table.viewport().width() - 1) == numbers[-1]
    table.setRowCount(2)
    assert rows_in_sight(table) == range(2)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setRowCount(0)
    assert rows_in_sight(table) == range(0)


@pytest.mark.parametrize(
    ("digits", "value", "room", "want"),
    [
        (None, 0.35, "0.35", "0.35"),
        (17, 0.35, "0.35", "0.35"),
        (None, -0.78618123, "−0.78618", "−0.78618"),
        (17, -0.78618123, "−0.78618", "−0.7862"),
        (None, -0.78618123, "−0.7862", "−0.7862"),
        (None, -0.78618123, "−0.79", "−0.79"),
    ],
)
def test_a_label_shows_the_digits_it_has_room_for(digits, value, room, want):
    with usual_display():
        use_display(Display(digits))
        assert written_within(value, font(11), width(room, 11)) == want
