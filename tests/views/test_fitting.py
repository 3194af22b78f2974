"""Numbers that are made to fit: smaller, then with a power of ten, never cut off."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableWidget

from nnsim.views.parts.fitting import columns_in_sight, elided, fitted, rows_in_sight
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
    ],
)
def test_a_power_of_ten_is_rounded_until_it_fits(words, room, want):
    assert fitted(font(11), words, width(room, 11))[1] == want


def test_a_name_keeps_its_ends():
    words = elided(font(12), "hidden1 → output10", 80)
    assert words.startswith("hid")
    assert words.endswith("10")
    assert width(words, 12) <= 80


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
