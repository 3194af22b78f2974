"""The wheel is for this machine when it holds kernels, and for all when it holds none."""

import sys
from types import SimpleNamespace

import build_hook
import pytest

from nnsim.engine.kernels import library

build = build_hook.build
MADE = build.Made("stamp", {"baseline": "libnnsim-baseline.so"}, "")


@pytest.fixture
def warnings():
    return []


@pytest.fixture
def hooked(warnings, tmp_path, monkeypatch):
    """Return a function that runs the hook on what a build left; it returns the build's data."""
    monkeypatch.delenv("NNSIM_WHEEL_KERNELS", raising=False)
    monkeypatch.setattr(build, "BUILT", tmp_path)

    def run(made, version="standard"):
        monkeypatch.setattr(build, "build", lambda: made)
        data = {"force_include": {}, "pure_python": True}
        app = SimpleNamespace(display_warning=warnings.append)
        hook = build_hook.KernelsHook(str(tmp_path), {}, None, None, str(tmp_path), "wheel", app)
        hook.initialize(version, data)
        return data

    return run


def test_kernels_make_the_wheel_one_for_this_platform(hooked, tmp_path, warnings):
    data = hooked(MADE)

    assert data["tag"] == f"py3-none-{build_hook.this_platform()}"
    assert data["pure_python"] is False
    assert set(data["force_include"]) == {
        str(tmp_path / "made.json"),
        str(tmp_path / "libnnsim-baseline.so"),
    }
    assert warnings == []


def test_they_go_where_nnsim_looks_for_them(hooked):
    places = hooked(MADE)["force_include"].values()

    assert {place.rpartition("/")[0] for place in places} == {build_hook.PLACE}
    assert library.BUILT.as_posix().endswith(build_hook.PLACE)


def test_without_kernels_the_wheel_is_for_all_and_says_why(hooked, tmp_path, warnings):
    data = hooked(build.Made("stamp", {}, build.NO_COMPILER))

    assert data == {
        "force_include": {str(tmp_path / "made.json"): f"{build_hook.PLACE}/made.json"},
        "pure_python": True,
    }
    assert warnings == ["nnsim will calculate with numpy: no C compiler was found."]


def test_an_editable_install_finds_them_where_they_were_compiled(hooked):
    assert hooked(MADE, "editable") == {"force_include": {}, "pure_python": True}


def test_where_nothing_can_be_written_the_install_goes_on(hooked, monkeypatch, warnings):
    def fail():
        raise PermissionError("the folder is read-only")

    data = hooked(MADE, "editable")
    monkeypatch.setattr(build, "build", fail)
    app = SimpleNamespace(display_warning=warnings.append)
    build_hook.KernelsHook("", {}, None, None, "", "wheel", app).initialize("standard", data)

    assert warnings == ["nnsim will calculate with numpy: the folder is read-only."]


def test_wheels_for_other_machines_bring_their_own(hooked, tmp_path, monkeypatch):
    foreign = tmp_path / "foreign"
    build.write_record(build.Made("", {"baseline": "libnnsim-baseline.dll"}, ""), foreign)
    monkeypatch.setenv("NNSIM_WHEEL_PLATFORM", "win_amd64")
    data = {"force_include": {}}
    app = SimpleNamespace()
    monkeypatch.setenv("NNSIM_WHEEL_KERNELS", str(foreign))

    build_hook.KernelsHook("", {}, None, None, "", "wheel", app).initialize("standard", data)

    assert data["tag"] == "py3-none-win_amd64"
    assert str(foreign / "libnnsim-baseline.dll") in data["force_include"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have one kind of tag")
def test_what_is_compiled_here_does_not_claim_to_run_on_other_linuxes():
    assert build_hook.this_platform().startswith("linux_")
