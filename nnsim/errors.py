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


def short(value: object) -> str:
    """Return how a wrong value stands in a sentence: as Python writes it, cut where it is long."""
    try:
        text = repr(value)
    except ValueError:  # a whole number of thousands of digits
        return f"a {type(value).__name__} of very many digits"
    return text if len(text) <= 60 else f"{text[:57]}…"


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
