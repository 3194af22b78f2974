"""The diagram looks as it did when somebody last looked at it.

Qt draws with its own rasterizer and the program with its own fonts, so machines differ by little:
a few pixels at edges may, a line, number or colour may not.
"""

import numpy as np
import pytest
from PySide6.QtGui import QImage

from nnsim import ParameterRef
from nnsim.app import make_application
from nnsim.model import edits
from nnsim.views.parts.theme import THEMES, use_theme
from tests.views.pixels.scenes import SCENES, painted, path_of

CLEARLY = 48
"""Of 255: a pixel that differs by more is not a matter of rounding."""
AT_MOST = 60
"""So many of 485,760 pixels may differ clearly; a changed digit is more."""


@pytest.fixture(autouse=True)
def light_again(program_app):
    yield
    use_theme(program_app, "light")


@pytest.fixture(scope="module")
def program_app(qapp):
    return make_application()


def differing(one, other):
    """How many pixels differ clearly."""
    a, b = (np.array(pixels(image), dtype=int) for image in (one, other))
    return int((np.abs(a - b).max(axis=2) > CLEARLY).sum())


def pixels(image):
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), np.uint8)
    return flat.reshape(image.height(), image.width(), 4)[:, :, :3]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", SCENES)
def test_a_scene_looks_as_it_did(name, theme, tmp_path):
    image, kept = painted(name, theme), QImage(str(path_of(name, theme)))
    assert image.size() == kept.size()
    count = differing(image, kept)
    if count > AT_MOST:
        image.save(str(tmp_path / "now.png"))
    assert count <= AT_MOST, f"see {tmp_path / 'now.png'}"


def test_a_changed_digit_is_seen(monkeypatch):
    document, focus = SCENES["2-1"]()
    changed = edits.set_parameter(document, ParameterRef(1, 0, 0), 0.8)
    before = painted("2-1", "light")
    monkeypatch.setitem(SCENES, "2-1", lambda: (changed, focus))

    assert differing(before, painted("2-1", "light")) > AT_MOST
