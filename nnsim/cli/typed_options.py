"""What a person types after an option, read or refused in words."""

import argparse

from nnsim.data.typed_numbers import parse_number
from nnsim.engine.activations import activation_named
from nnsim.engine.network import MAX_PARAMETERS
from nnsim.errors import NnsimError

MOST_STEPS = 10**12


def sizes(typed: str) -> list[int]:
    """Return layer sizes, such as 2-2-1."""
    parts = typed.split("-")
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise argparse.ArgumentTypeError(
            f"“{typed[:40]}” is not the inputs and the size of each layer with hyphens between "
            "them, such as 2-4-1"
        )
    return [above_0(part, MAX_PARAMETERS) for part in typed.split("-")]


def whole(typed: str) -> int:
    """Return a whole number of at least 0."""
    if typed[:1] in ("-", "−") and typed[1:].isascii() and typed[1:].isdigit():
        raise argparse.ArgumentTypeError(
            f"“{typed[:40]}” is below 0; it must be a whole number such as 0 or 7"
        )
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 16):
        raise argparse.ArgumentTypeError(f"“{typed[:40]}” is not a whole number such as 0 or 7")
    return int(typed)


def above_0(typed: str, most: int = MOST_STEPS) -> int:
    """Return a whole number from 1 to the most."""
    typed_number = whole(typed)
    if not 0 < typed_number <= most:
        raise argparse.ArgumentTypeError(f"“{typed}” is not a number from 1 to {most:,}")
    return typed_number


def number(typed: str) -> float:
    """Return a number, spelled as in the window."""
    try:
        return parse_number(typed)
    except NnsimError:
        text = f"“{typed[:40]}” is not a number such as 0.3, 1/3 or 3e-2"
        raise argparse.ArgumentTypeError(text) from None


def loss(typed: str) -> float:
    """Return a number of at least 0."""
    typed_number = number(typed)
    if typed_number < 0:
        raise argparse.ArgumentTypeError(f"“{typed[:40]}” is below 0, and a loss never is")
    return typed_number


def activation(typed: str) -> str:
    """Return the name of an activation, which may carry its number: threshold(0.5)."""
    try:
        return activation_named(typed).name
    except NnsimError as error:
        raise argparse.ArgumentTypeError(str(error).rstrip(".")) from None
