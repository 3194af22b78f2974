"""Numbers as they stand on paper, and the sentences made of them."""

import math
import re
from decimal import Decimal

from nnsim.tracing.display import as_fraction, display

MINUS = "−"
_CLOSE = Decimal("1e-12")
_WRITTEN = re.compile(rf"(?<![\w.,/]){MINUS}?[0-9]+(?:[.,][0-9]+)?(?![\w.,/])")


def on_paper(value: float | None) -> str:
    """Return a number as people write it; blank for a number that is not there.

    The shortest decimal within 1e-12 of the value where that has at most 6 digits (0.75, never
    0.7500000000000001); else 5 decimals; below 0.001 three significant digits. The minus is U+2212.
    Where a person has chosen another way to write numbers (display.py), that one.
    """
    if value is None:
        return ""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else _signed("∞", value)
    return _signed(_written(abs(value)), value)


def _written(size: float) -> str:
    """A number without its sign, as is chosen now."""
    chosen = display()
    if size == 0:
        return "0"
    short = _short(size)
    fraction = as_fraction(short.replace(MINUS, "-")) if chosen.fractions and short else None
    if fraction is not None:
        return fraction
    if chosen.digits is None:
        text = short or _rounded(size)
    else:
        text = _plain(Decimal(f"{size:.{chosen.digits - 1}e}"))
    return text.replace(".", ",") if chosen.comma else text


def in_product(value: float | None) -> str:
    """Return a number as it stands behind × or −: a negative one in brackets."""
    shown = on_paper(value)
    return f"({shown})" if shown.startswith(MINUS) else shown


def compact(words: str) -> str:
    """Return words with every number that on_paper wrote in four digits, with a power of ten where
    that is shorter: for narrow places.

    Numbers of up to six signs and all other words are returned as they are.
    """
    return _WRITTEN.sub(lambda found: _with_four_digits(found.group()), words)


def _with_four_digits(words: str) -> str:
    if len(words) <= 6:
        return words
    exact = Decimal(words.replace(MINUS, "-").replace(",", "."))
    rounded = Decimal(f"{abs(exact):.3e}")
    if abs(abs(exact) - rounded) <= _CLOSE:
        powers, plain = _plain(rounded, plain_below="0"), _plain(rounded)
    else:  # zeros at the end say that it is rounded
        mantissa, exponent = f"{rounded:.3e}".split("e")
        powers, plain = f"{mantissa}e{int(exponent)}".replace("-", MINUS), f"{rounded:f}"
    if rounded >= 10_000:  # a whole number would look exact
        plain = powers
    shorter = _signed(min(plain, powers, key=len), float(exact))
    return shorter.replace(".", ",") if "," in words else shorter


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
