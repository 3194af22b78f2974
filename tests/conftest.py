"""What all tests share: how Hypothesis searches, and the fonts that texts are measured in."""

import os

import pytest
from hypothesis import settings

settings.register_profile(
    "ci", deadline=None, max_examples=40, derandomize=True, print_blob=True, database=None
)
settings.register_profile("explore", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def qapp(qapp):
    """The application with the program's own fonts from the beginning: widths of texts are kept."""
    from nnsim.views.parts.type import load_fonts

    load_fonts()
    return qapp
