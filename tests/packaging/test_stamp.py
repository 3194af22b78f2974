"""The stamp tells when an environment must be set up anew."""

from pathlib import Path

import environment
import pytest

ROOT = Path("checkout")
MADE = environment.fingerprint("lock", "project", (3, 11), ROOT)


def test_the_same_origin_gives_the_same_stamp():
    assert environment.fingerprint("lock", "project", (3, 11), ROOT) == MADE


@pytest.mark.parametrize(
    "changed",
    [
        ("another lock", "project", (3, 11), ROOT),
        ("lock", "another project", (3, 11), ROOT),
        ("lock", "project", (3, 12), ROOT),
        ("lock", "project", (3, 11), Path("moved")),
    ],
)
def test_whatever_changes_changes_the_stamp(changed):
    assert environment.fingerprint(*changed) != MADE


def test_a_missing_environment_has_no_stamp(tmp_path):
    assert environment.read_stamp(tmp_path / ".venv") == ""


def test_a_stamp_is_read_as_written(tmp_path):
    environment.write_stamp(tmp_path, MADE)

    assert environment.read_stamp(tmp_path) == MADE


@pytest.fixture
def venv(tmp_path, monkeypatch) -> Path:
    """An environment with a Python 3.11 that works."""
    monkeypatch.setattr(environment, "python_version", lambda python: (3, 11))
    return tmp_path


def test_an_environment_for_tests_can_also_run_nnsim(venv):
    environment.write_stamp(venv, environment.expected_stamp("test", (3, 11)))

    assert environment.is_ready(venv, "run")


def test_an_environment_to_run_nnsim_cannot_test_it(venv):
    environment.write_stamp(venv, environment.expected_stamp("run", (3, 11)))

    assert not environment.is_ready(venv, "test")


def test_an_interrupted_set_up_is_neither_ready_nor_usable(venv):
    environment.write_stamp(venv, environment.UNFINISHED)

    assert not environment.is_ready(venv, "run")
    assert not environment.is_usable(venv)


def test_an_environment_whose_python_is_gone_is_not_ready(tmp_path):
    environment.write_stamp(tmp_path, environment.expected_stamp("run", (3, 11)))

    assert not environment.is_ready(tmp_path, "run")


@pytest.mark.parametrize(
    ("version", "supported"),
    [((2, 7), False), ((3, 10), False), ((3, 11), True), ((3, 14), True), ((3, 15), False)],
)
def test_supported_pythons(version, supported):
    assert environment.is_supported(version) is supported
