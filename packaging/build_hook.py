"""Puts the compiled kernels into the wheel; the package's build (hatchling) calls it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.tags import sys_tags

sys.path.insert(0, str(Path(__file__).resolve().parent))

from kernels import build

PLACE = "nnsim/engine/kernels/built"
# wheels.py makes wheels for other machines: it says where their kernels are, and for what platform.
FOLDER_VARIABLE = "NNSIM_WHEEL_KERNELS"
PLATFORM_VARIABLE = "NNSIM_WHEEL_PLATFORM"


class KernelsHook(BuildHookInterface[Any]):
    """Compiles the kernels, or takes those that wheels.py has compiled."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the libraries and the platform they are for; without a compiler only the reason."""
        folder = Path(os.environ.get(FOLDER_VARIABLE) or build.BUILT)
        try:
            made = build.read_record(folder) if FOLDER_VARIABLE in os.environ else build.build()
        except OSError as error:
            self.app.display_warning(f"nnsim will calculate with numpy: {error}.")
            return
        if made is None:
            raise FileNotFoundError(f"{folder} has no compiled kernels.")
        if made.why_not:
            self.app.display_warning(f"nnsim will calculate with numpy: {made.why_not}.")
        if version == "editable":  # a checkout finds them where they were compiled
            return
        for name in [build.RECORD, *made.libraries.values()]:
            build_data["force_include"][str(folder / name)] = f"{PLACE}/{name}"
        if made.libraries:
            build_data["pure_python"] = False
            platform = os.environ.get(PLATFORM_VARIABLE) or this_platform()
            build_data["tag"] = f"py3-none-{platform}"


def this_platform() -> str:
    """Return this machine's platform tag; on Linux the plain one, which promises no more."""
    tags = (tag.platform for tag in sys_tags())
    return next(tag for tag in tags if "linux" not in tag or tag.startswith("linux"))
