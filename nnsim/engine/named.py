"""Names that may carry a number: threshold(0.5) is the name threshold with the number 0.5."""

import math
import re

_NAMED = re.compile(r"\w+\(([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)\)")


def name_and_number(text: object) -> tuple[str, float | None]:
    """Return the name and its number, None where none is given.

    Raises ValueError when there are brackets but no finite number in them.
    """
    name, bracket, _ = str(text).partition("(")
    if not bracket:
        return name, None
    match = _NAMED.fullmatch(str(text))
    number = float(match[1]) if match else math.nan
    if not math.isfinite(number):
        raise ValueError(f"{text}: no finite number")
    return name, number


def plain_name(text: str) -> str:
    """Return the name without its number: threshold for threshold(0.5)."""
    return text.partition("(")[0]


def shown(number: float | None) -> str:
    """Return a number as it stands in a formula, and nothing for None."""
    return "" if number is None else f"{number:.12g}".replace("-", "−")
