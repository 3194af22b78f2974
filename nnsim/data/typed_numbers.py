"""Numbers as people type them: 0.3, 0,3, −0.5, 1/3 and 3e-2."""

import math
import re

from nnsim.errors import BadNumber

_DECIMAL = r"(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)"
_NUMBER = re.compile(rf"[-−]?{_DECIMAL}(?:[eE][-−+]?[0-9]+)?")
_FRACTION = re.compile(rf"([-−]?{_DECIMAL})/({_DECIMAL})")

HINT = "Type a number such as 0.3, −0.5, 1/3 or 3e-2."


def parse_number(text: str, hint: str = HINT) -> float:
    """Return the number that was typed; raise BadNumber with the reason when there is none.

    A comma is a decimal comma, a hyphen or U+2212 a minus, a/b a fraction; blanks around it do
    not matter. Nothing else is guessed: no thousands separators, no nan, no infinity.
    hint: what would be right, for the end of the reason.
    """
    typed = text.strip()
    if not typed:
        raise BadNumber(f"Nothing was typed. {hint}")
    if fraction := _FRACTION.fullmatch(typed):
        below = _float(fraction[2])
        if below == 0:
            raise BadNumber(f"“{_short(typed)}” divides by 0. {hint}")
        number = _float(fraction[1]) / below
    elif _NUMBER.fullmatch(typed):
        number = _float(typed)
    else:
        raise BadNumber(f"“{_short(typed)}” is not a number. {hint}")
    if not math.isfinite(number):
        raise BadNumber(f"“{_short(typed)}” is too large. {hint}")
    return number


def _float(typed: str) -> float:
    return float(typed.replace("−", "-").replace(",", "."))


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"
