"""What is remembered comes back typed, and rubbish in the file does no harm."""

import pytest
from PySide6.QtCore import QByteArray, QSettings

from nnsim.control.preferences import Preferences
from nnsim.tracing.conventions import AS_TRAINED, Conventions


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "nnsim.ini")


def at(path: str) -> Preferences:
    return Preferences(QSettings(path, QSettings.Format.IniFormat))


def test_everything_comes_back_in_a_new_sitting(path, tmp_path):
    first = at(path)
    first.theme, first.folder, first.speed, first.scale = "dark", str(tmp_path), 70, 1.25
    first.set_layout("rows", QByteArray(b"state"))
    conventions = Conventions("expected_minus_output", "mean", True, "field")
    first.conventions = conventions
    first._settings.sync()
    again = at(path)
    assert (again.theme, again.folder, again.speed) == ("dark", str(tmp_path), 70)
    assert again.scale == 1.25
    assert again.conventions == conventions
    assert again.layout("rows") == QByteArray(b"state")


def test_a_folder_that_is_gone_is_not_remembered(path, tmp_path):
    preferences = at(path)
    preferences.folder = str(tmp_path / "gone")
    assert preferences.folder != str(tmp_path / "gone")


@pytest.mark.parametrize("rubbish", ["abc", "-5", "1e9", "nan", "@Variant(x)", ""])
def test_rubbish_gives_the_defaults(path, rubbish):
    settings = QSettings(path, QSettings.Format.IniFormat)
    for key in (
        *("theme", "folder", "speed", "scale", "layout/rows"),
        *("error_sign", "shown_loss", "delta_with_rate", "names"),
    ):
        settings.setValue(key, rubbish)
    settings.sync()
    preferences = at(path)
    assert preferences.theme == "light"
    assert 0 <= preferences.speed <= 100
    assert preferences.scale == 1.0
    assert preferences.conventions == AS_TRAINED
    assert isinstance(preferences.layout("rows"), QByteArray)
