"""The program's own font is used whatever the machine has, and it can write every text."""

import ast
from pathlib import Path

import pytest
from PySide6.QtGui import QRawFont

import nnsim
from nnsim.app import make_application
from nnsim.views.parts.type import FAMILY, font, medium, semibold

PACKAGE = Path(nnsim.__file__).parent
SPOKEN_ROOMS = ("views", "control", "model", "tracing", "files")
WRITTEN_FOR_OTHERS = ("mathml.py", "latex_math.py")
"""What they write is shown by browsers and by TeX, with their own fonts."""
NEVER_SHOWN = "\N{REPLACEMENT CHARACTER}"
"""Looked for in files that are not UTF-8."""


@pytest.fixture(autouse=True, scope="module")
def program_app(qapp):
    return make_application()


@pytest.mark.parametrize(
    ("made", "style"), [(font, "Regular"), (medium, "Medium"), (semibold, "SemiBold")]
)
def test_each_weight_comes_from_the_font_that_travels_with_the_program(made, style):
    found = QRawFont.fromFont(made(14))

    assert (found.familyName(), found.styleName()) == (FAMILY, style)


@pytest.mark.parametrize("room", SPOKEN_ROOMS)
def test_the_font_has_every_character_of_the_texts(room):
    found = QRawFont.fromFont(font(14))
    missing = {
        (character, path.name)
        for path in (PACKAGE / room).rglob("*.py")
        if path.name not in WRITTEN_FOR_OTHERS
        for text in texts(path)
        for character in text
        if character.isprintable() and not found.supportsCharacter(ord(character))
    }

    assert {pair for pair in missing if pair[0] != NEVER_SHOWN} == set()


def texts(path):
    """Every string of a module but docstrings, which nobody sees on the screen."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    strings = (node for node in nodes if isinstance(node, ast.Constant))
    return [
        node.value for node in strings if isinstance(node.value, str) and id(node) not in docstrings
    ]
