"""What no file of the checkout may hold, and what the README must."""

import re

# Written in pieces, so that this file does not find itself.
MACHINE_PATHS = re.compile("|".join(["/ro" + "ot/", "/wo" + "rk/", "/ho" + "me/", "/Us" + "ers/"]))
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")


def test_no_file_names_a_path_of_somebodys_machine(texts):
    assert [path for path, text in texts.items() if MACHINE_PATHS.search(text)] == []


def test_nothing_is_left_to_do(texts):
    ours = {path: text for path, text in texts.items() if path.startswith(("nnsim/", "packaging/"))}

    assert [path for path, text in ours.items() if UNFINISHED.search(text)] == []


def test_the_readme_names_the_commands_that_ci_runs(texts):
    commands = re.findall(r"^sh .*$", texts[".ci/run"], re.MULTILINE)

    assert commands
    assert [command for command in commands if command not in texts["README.md"]] == []
