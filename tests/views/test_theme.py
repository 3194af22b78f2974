"""Every text can be read on its ground, and signs are told apart by those who see few colours.

Contrast: WCAG 2.1, https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio. Colour blindness: the matrices
of Machado, Oliveira and Fernandes 2009 (severity 1), on linear RGB. Distance: CIE 1976 in L*a*b*.
"""

from itertools import combinations

import numpy as np
import pytest

from nnsim.views.parts.theme import DARK, LIGHT

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
TEXTS = ["ink", "muted", "positive", "negative", "error", "slope", "source", "wrong"]
BLINDNESS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour):
    """The colour as linear light, red, green, blue in 0 … 1."""
    light = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(light <= 0.04045, light / 12.92, ((light + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    dark, bright = sorted(TO_XYZ[1] @ linear(colour) for colour in (one, other))
    return (bright + 0.05) / (dark + 0.05)


def lab(light):
    shares = TO_XYZ @ np.clip(light, 0, 1) / TO_XYZ.sum(axis=1)
    f = np.where(shares > 216 / 24389, np.cbrt(shares), (24389 / 27 * shares + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_black_on_white_has_the_contrast_it_should():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@THEMES
@pytest.mark.parametrize("ground", ["background", "surface", "card", "selected"])
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_can_be_read(theme, text, ground):
    assert contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5


@THEMES
@pytest.mark.parametrize("text", ["ink", "muted"])
def test_buttons_and_banners_can_be_read(theme, text):
    assert contrast(getattr(theme, text), theme.pressed) >= 4.5


@THEMES
@pytest.mark.parametrize("kind", ["normal", *BLINDNESS])
def test_the_signs_of_weights_are_two_colours_for_everybody(theme, kind):
    seen = np.array(BLINDNESS.get(kind, np.eye(3)))
    one, other = (lab(seen @ linear(c)) for c in (theme.positive, theme.negative))
    assert np.linalg.norm(one - other) > 40


@THEMES
def test_the_three_factors_are_three_colours(theme):
    colours = [lab(linear(c)) for c in (theme.error, theme.slope, theme.source)]
    assert min(np.linalg.norm(a - b) for a, b in combinations(colours, 2)) > 40
