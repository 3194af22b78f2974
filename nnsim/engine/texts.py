"""Texts that a person gives: which characters can be shown, and which can be seen."""

import unicodedata


def is_unprintable(character: str) -> bool:
    """Whether it is a control character, a line or paragraph end, or half of a surrogate pair."""
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}


def is_blank(text: str) -> bool:
    """Whether nothing of it can be seen: no character at all, or spaces and marks of format."""
    return all(unicodedata.category(character)[0] in "CZ" for character in text)
