"""Lets these tests import the launcher's modules, which lie in packaging/ and are no package."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))
