"""Where resources/ lies: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path


def resource(*parts: str) -> Path:
    """Return the path of a file or folder in resources/, whatever way nnsim was installed.

    Raises FileNotFoundError when the installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    for root in (package / "resources", package.parent / "resources"):
        if (path := root.joinpath(*parts)).exists():
            return path
    raise FileNotFoundError("/".join(("resources", *parts)))
