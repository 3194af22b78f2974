"""What a machine lacks is installed where that is possible, and named in one sentence else."""

import sys

import machine
import pytest
from quiet import StopError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has apt")

MISSING = {"libGL.so.1": "libgl1", "Xvfb": "xvfb", "xvfb-run": "xvfb"}


@pytest.fixture
def debian(monkeypatch):
    """A machine with apt-get and nothing else."""
    monkeypatch.setattr(machine.shutil, "which", {"apt-get": "apt-get"}.get)


def test_a_library_that_does_not_exist_is_missing():
    assert machine.missing_libraries({"libno-such.so.9": "no-such"}) == {
        "libno-such.so.9": "no-such"
    }


def test_a_program_that_exists_is_not_missing():
    assert machine.missing_programs({"sh": "dash"}) == {}


def test_without_rights_the_sentence_names_each_package_once(debian, monkeypatch):
    monkeypatch.setattr(machine, "rights_to_install", lambda: None)

    with pytest.raises(StopError, match="run “sudo apt install libgl1 xvfb” and try again"):
        machine.install(MISSING)


def test_without_apt_the_sentence_names_the_libraries(monkeypatch):
    monkeypatch.setattr(machine.shutil, "which", lambda name: None)

    with pytest.raises(StopError, match=r"lacks Xvfb, libGL\.so\.1, xvfb-run: .*dnf, pacman"):
        machine.install(MISSING)


def test_root_installs_without_sudo(debian, monkeypatch):
    monkeypatch.setattr(machine.os, "geteuid", lambda: 0)

    assert machine.rights_to_install() == []


def test_a_user_without_sudo_has_no_rights(debian, monkeypatch):
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)

    assert machine.rights_to_install() is None


@pytest.mark.parametrize("found", [("glibc", "2.31"), ("", ""), ("musl", "1.2")])
def test_a_c_library_without_wheels_is_named(found):
    with pytest.raises(StopError, match=r"glibc 2\.34 or newer"):
        machine.check_glibc(*found)


@pytest.mark.parametrize("version", ["2.34", "2.36", "3.0"])
def test_a_new_enough_c_library_passes(version):
    machine.check_glibc("glibc", version)


@pytest.mark.parametrize(
    ("platform", "window"), [({}, True), ("xcb", True), ("offscreen", False), ("wayland", False)]
)
def test_only_the_x_platform_needs_its_libraries(platform, window):
    environment = {"QT_QPA_PLATFORM": platform} if platform else {}

    assert machine.wants_window(environment) is window
