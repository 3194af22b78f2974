"""What may be said to a person: every error that somebody's input can cause.

    NnsimError
    ├── BadNumber    a typed number that cannot be read
    ├── BadNetwork   a network, or an edit of one, that cannot be
    ├── BadSamples   rows that do not fit the network
    ├── BadSetting   a setting outside its range
    └── BadFile      a file that cannot be read or written

Their text is one sentence: what is wrong, where, and what would be right. Anything else that is
raised is a defect of the program and is reported as one.
"""

from collections.abc import Iterable
from difflib import get_close_matches


def short(value: object) -> str:
    """Return how a wrong value stands in a sentence: as Python writes it, cut where it is long."""
    try:
        text = repr(value)
    except ValueError:  # a whole number of thousands of digits
        return f"a {type(value).__name__} of very many digits"
    return text if len(text) <= 60 else f"{text[:57]}…"


def counted(count: int, what: str) -> str:
    """Return: 1 step, 2 steps, 1,000 steps."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known name that somebody may have meant, empty where none is near.

    lr is near to learning_rate by its initials, rate as a part of it, lerning_rate by its letters.
    """
    plain, names = word.lower().replace("-", "_"), list(known)
    for name in names:
        if "_" in name and plain == "".join(part[:1] for part in name.split("_")):
            return name
    close = get_close_matches(plain, names, n=1, cutoff=0.7)
    parts = [name for name in names if len(plain) > 2 and plain in name.split("_")]
    return next(iter(close or parts), "")


class NnsimError(Exception):
    """Base of all errors whose text is meant for the person at the screen."""


class BadNumber(NnsimError):
    """A typed number that cannot be read."""


class BadNetwork(NnsimError):
    """A network, or an edit of one, that cannot be."""


class BadSamples(NnsimError):
    """Samples that do not fit each other or the network."""


class BadSetting(NnsimError):
    """A setting outside its range."""


class BadFile(NnsimError):
    """A file that cannot be read or written."""
