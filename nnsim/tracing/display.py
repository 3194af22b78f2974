"""How numbers are written on the screen: so many digits, a point or a comma, fractions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

FEWEST_DIGITS, MOST_DIGITS = 2, 17
"""17 significant digits tell every float64 from its neighbours."""
LARGEST_DENOMINATOR = 1000


@dataclass(frozen=True)
class Display:
    """What a person has chosen. Files, commands and exports are always written the usual way."""

    digits: int | None = None
    """Significant digits; None: as on paper, the shortest that is true (wording.on_paper)."""
    comma: bool = False
    """A decimal comma: 0,35."""
    fractions: bool = False
    """7/20 in place of 0.35, where the number is that fraction exactly."""
    exact: bool = False
    """Cards and a column show the step in exact fractions too (arithmetic.py)."""
    rounded: int | None = None
    """They show it rounded to so many decimals on every line too, with the drift."""

    @property
    def is_on_paper(self) -> bool:
        """Whether the numbers are computed in another arithmetic too."""
        return self.exact or self.rounded is not None

    def __post_init__(self) -> None:
        if self.digits is not None and not FEWEST_DIGITS <= self.digits <= MOST_DIGITS:
            raise ValueError(f"Digits go from {FEWEST_DIGITS} to {MOST_DIGITS}.")


def display() -> Display:
    """Return how numbers are written now."""
    return _display


def use_display(chosen: Display) -> None:
    """Write numbers so from now on: one screen has one way of writing them."""
    global _display  # as the theme: one screen, one choice
    _display = chosen


@contextmanager
def usual_display() -> Iterator[None]:
    """Let what is written within be written the usual way, as for a file."""
    before = display()
    use_display(Display())
    try:
        yield
    finally:
        use_display(before)


def as_fraction(decimal: str) -> str | None:
    """Return a decimal without a sign as a fraction; None for a whole number, and where the
    denominator is above 1000. Any decimal is a fraction exactly."""
    fraction = Fraction(decimal)
    if not 1 < fraction.denominator <= LARGEST_DENOMINATOR:
        return None
    return f"{fraction.numerator}/{fraction.denominator}"


_display = Display()
