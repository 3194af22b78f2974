"""Numbers as they stand on paper, and the sentences made of them."""

import math
import re
from decimal import Decimal

MINUS = "−"
_CLOSE = Decimal("1e-12")
_WRITTEN = re.compile(rf"{MINUS}?[0-9]+(\.[0-9]+)?")


def on_paper(value: float | None) -> str:
    """Return a number as people write it; blank for a number that is not there.

    The shortest decimal within 1e-12 of the value where that has at most 6 digits (0.75, never
    0.7500000000000001); else 5 decimals; below 0.001 three significant digits. The minus is U+2212.
    """
    if value is None:
        return ""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else _signed("∞", value)
    return _signed(_short(abs(value)) or _rounded(abs(value)), value)


def in_product(value: float | None) -> str:
    """Return a number as it stands behind × or −: a negative one in brackets."""
    shown = on_paper(value)
    return f"({shown})" if shown.startswith(MINUS) else shown


def compact(words: str) -> str:
    """Return a number written by on_paper with four digits and a power of ten, for narrow places.

    A number of up to six signs and any other text are returned as they are.
    """
    if len(words) <= 6 or not _WRITTEN.fullmatch(words):
        return words
    value = float(words.replace(MINUS, "-"))
    return _signed(_plain(Decimal(f"{abs(value):.3e}"), plain_below="0"), value)


def in_full(value: float | None) -> str:
    """Return all digits of a number: the shortest text that gives the same float64 back."""
    return "" if value is None else repr(float(value)).removesuffix(".0")


def _signed(text: str, value: float) -> str:
    return MINUS + text if value < 0 and text != "0" else text


def _short(size: float) -> str | None:
    """The shortest decimal of at most 6 digits within 1e-12, or None."""
    nearest = float(f"{size:.5e}")
    if abs(nearest - size) > 2e-12 + 4e-16 * size:
        return None  # most numbers of a run: seen without the slow exact arithmetic below
    exact = Decimal(size)
    if exact <= _CLOSE:
        return "0"
    for decimals in range(6):
        short = Decimal(f"{size:.{decimals}e}")
        if abs(short - exact) <= _CLOSE:
            return _plain(short)
    return None


def _rounded(size: float) -> str:
    if size < 0.001:
        return _plain(Decimal(f"{size:.2e}"))
    if size >= 1e9:
        return _plain(Decimal(f"{size:.5e}"))
    return f"{size:.0f}" if size == int(size) else f"{size:.5f}"


def _plain(number: Decimal, plain_below: str = "1e9") -> str:
    """Plain decimals from 0.00001 to a billion, a power of ten outside."""
    if Decimal("1e-5") <= number < Decimal(plain_below):
        return f"{number.normalize():f}"
    mantissa, exponent = f"{number.normalize():e}".split("e")
    return f"{mantissa}e{exponent.lstrip('+').replace('-', MINUS)}"
