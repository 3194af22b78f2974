"""The lock files hold exact versions with hashes, agree, and name no package index."""

import re
from pathlib import Path

import pytest

LOCKS = Path(__file__).resolve().parents[2] / "packaging" / "lock"


def pins(name):
    text = (LOCKS / name).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", text, re.MULTILINE))


def test_the_tests_use_the_versions_that_users_run():
    assert pins("run.txt").items() <= pins("test.txt").items()


def test_the_qt_binding_is_one_that_keeps_none():
    assert pins("run.txt")["pyside6-essentials"] == "6.11.3"


@pytest.mark.parametrize("name", ["run.txt", "test.txt"])
def test_no_index_is_named(name):
    text = (LOCKS / name).read_text("utf-8")

    assert not re.search(r"https?://|file://|--(extra-)?index-url|--find-links", text)


@pytest.mark.parametrize("name", ["run.txt", "test.txt"])
def test_every_package_has_a_hash(name):
    text = (LOCKS / name).read_text("utf-8")
    entries = re.split(r"\n(?=[a-z])", text)[1:]

    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
