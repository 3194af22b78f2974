"""Set-up is silent unless it fails, and nothing outside can redirect it."""

import sys

import pytest
from quiet import StopError, clean_environment, run_quietly


def test_a_command_that_succeeds_says_nothing(capfd):
    run_quietly([sys.executable, "-c", "print('noise')"], "It failed.")

    assert capfd.readouterr().out == ""


def test_a_command_that_fails_shows_the_end_of_its_words(capfd):
    code = "print('first'); print('\\n'.join(map(str, range(40)))); raise SystemExit(3)"

    with pytest.raises(StopError, match=r"It failed\."):
        run_quietly([sys.executable, "-c", code], "It failed.")

    assert capfd.readouterr().out.split() == [str(number) for number in range(15, 40)]


@pytest.mark.parametrize("name", ["PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_TARGET"])
def test_what_could_redirect_is_dropped(name):
    assert name not in clean_environment({name: "elsewhere"})


@pytest.mark.parametrize("name", ["PIP_INDEX_URL", "PIP_CERT", "https_proxy", "PATH", "DISPLAY"])
def test_how_to_reach_the_network_and_the_screen_is_kept(name):
    assert clean_environment({name: "kept"})[name] == "kept"


def test_a_stage_can_add_its_own_settings():
    environment = clean_environment({"QT_QPA_PLATFORM": "xcb"}, QT_QPA_PLATFORM="offscreen")

    assert environment["QT_QPA_PLATFORM"] == "offscreen"
