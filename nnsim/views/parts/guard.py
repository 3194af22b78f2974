"""Keeps an exception of an override from crossing Qt, where it could end the program."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def guarded(method: Callable[P, R]) -> Callable[P, R | None]:
    """Report an exception to sys.excepthook, as one of a slot is, and return None.

    PySide6 6.11 on Python 3.11 crashes when an override that Qt calls from within another call of
    Python's (a delegate's paint, a model's data) raises; see tests/views/test_guard.py.
    """

    @wraps(method)
    def called(*args: P.args, **kwargs: P.kwargs) -> R | None:
        try:
            return method(*args, **kwargs)
        except Exception:  # noqa: BLE001 - reported, not swallowed
            kind, error, trace = sys.exc_info()
            if kind is not None and error is not None:
                sys.excepthook(kind, error, trace)
            return None

    return called
