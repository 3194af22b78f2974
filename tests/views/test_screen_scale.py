"""The steps of the scale of the whole screen, and which of them a screen has room for."""

import pytest
from PySide6.QtCore import QSize

from nnsim.views.screen_scale import SCALES, fits, next_scale


def test_steps_up_and_down_go_through_all_scales_and_stop_at_the_ends():
    up, scale = [SCALES[0]], SCALES[0]
    for _ in SCALES:
        scale = next_scale(scale, 1)
        up.append(scale)
    assert tuple(up[:-1]) == SCALES
    assert up[-1] == SCALES[-1]
    assert [next_scale(high, -1) for high in SCALES[1:]] == list(SCALES[:-1])
    assert next_scale(SCALES[0], -1) == SCALES[0]


@pytest.mark.parametrize("scale", SCALES)
def test_the_usual_scale_is_one_step_from_everywhere(scale):
    assert next_scale(scale, 0) == 1.0


def test_an_odd_scale_goes_on_from_the_nearest_step():
    assert next_scale(1.23, 1) == 1.5


def test_both_sides_of_a_window_have_to_fit():
    screen = QSize(1500, 900)
    assert fits(1.5, screen, QSize(1000, 600))
    assert not fits(1.5, screen, QSize(1001, 600))
    assert not fits(1.5, screen, QSize(1000, 601))
