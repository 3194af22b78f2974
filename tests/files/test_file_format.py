"""The description of the files says what the files are."""

import json
import re
from dataclasses import fields

import pytest

import nnsim
from nnsim.assets import resource
from nnsim.engine.activations import ACTIVATIONS
from nnsim.engine.losses import LOSSES
from nnsim.engine.settings import INITIALIZERS, OPTIMIZERS, SCHEDULES
from nnsim.files.formats import FORMATS
from nnsim.files.project import from_text, to_text

TEXT = resource("help", "file-format.md").read_text("utf-8")
PROJECT, WEIGHTS = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)


def test_its_project_is_written_as_nnsim_writes_it():
    assert to_text(from_text(PROJECT)) == PROJECT


def test_its_weights_are_those_of_its_project():
    written = FORMATS[".json"].write(from_text(PROJECT).network)

    assert json.loads(written) == json.loads(WEIGHTS)


@pytest.mark.parametrize(
    "name", [*ACTIVATIONS, *LOSSES, *OPTIMIZERS, *SCHEDULES, *INITIALIZERS, ".csv", ".json"]
)
def test_every_name_that_may_stand_in_a_file_is_in_it(name):
    assert f"`{name}`" in TEXT or f"{name[1:].upper()}\n" in TEXT


@pytest.mark.parametrize("field", fields(nnsim.Settings), ids=lambda field: field.name)
def test_every_setting_is_in_its_table_with_its_default(field):
    table = TEXT.partition("### Settings")[2].splitlines()
    row = next(line for line in table if re.match(rf"\|[^|]*`{field.name}`", line))
    words = str(field.default).lower().removesuffix(".0").replace("1e-08", "1e-8")

    assert words in re.split(r"[`,|\s]+", row.rpartition("|")[0].rpartition(" | ")[2])
