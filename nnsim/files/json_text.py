"""JSON as nnsim writes it (a row of a table on a line) and as strictly as it reads it."""

import gc
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, get_args

import msgspec

from nnsim.errors import BadFile, NnsimError, nearest

T = TypeVar("T")

_TYPES = {
    "float": "a number",
    "int": "a whole number",
    "str": "a text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object {…}",
    "null": "null",
}


def write_json(value: object) -> str:
    """Return the value as JSON text: objects and tables over several lines, each row on one.

    Numbers are written so that the same float64 is read back. Raises ValueError for NaN.
    """
    return _written(value, "") + "\n"


def read_json(text: str) -> Any:
    """Return what the JSON text holds; raise BadFile with line and column where it is not JSON.

    Refuses duplicate keys, which would hide one of two values, and absurd nesting.
    """
    collecting = gc.isenabled()
    gc.disable()  # a million small lists would be searched for cycles again and again
    try:
        return json.loads(text, object_pairs_hook=_without_duplicates)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise BadFile(f"it is not valid JSON at {place}: {error.msg.lower()}.") from None
    except RecursionError:
        raise BadFile("it is not valid here: its lists are nested too deeply.") from None
    except ValueError:
        raise BadFile("one of its numbers has thousands of digits.") from None
    finally:
        if collecting:
            gc.enable()


def convert(raw: object, to: type[T], place: str = "") -> T:
    """Return untyped JSON as a msgspec struct; raise BadFile naming the place that does not fit.

    place: where in the file it stands; empty for all of it.
    """
    try:
        return msgspec.convert(raw, to)
    except msgspec.ValidationError as error:
        raise BadFile(_sentence(str(error), place, _keys(to))) from None


@contextmanager
def within(place: str) -> Iterator[None]:
    """Turn the engine's refusal of a value inside into a BadFile that names its place."""
    try:
        yield
    except BadFile:
        raise
    except NnsimError as error:
        raise BadFile(f"{place}: {error}") from None


def check_head(raw: Any, wanted: str, version: int, what: str) -> None:
    """Raise BadFile unless the JSON says that it is the wanted format, in a version known here."""
    found = raw.get("format") if isinstance(raw, dict) else None
    if found != wanted:
        raise BadFile(f"it is not an nnsim {what}{_what_instead(found)}.")
    given = raw.get("version")
    if type(given) is not int or given < 1:
        raise BadFile("version: a whole number of at least 1 is needed here.")
    if given > version:
        raise BadFile(
            f"it was made by a newer nnsim (format version {_short(given)}; "
            f"this one reads {version})."
        )


def _written(value: object, indent: str) -> str:
    inner = indent + " "
    if isinstance(value, dict):
        items = [f"{json.dumps(key)}: {_written(item, inner)}" for key, item in value.items()]
        return _block("{", items, "}", indent)
    if isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        return _block("[", [_row(item, inner) for item in value], "]", indent)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _row(item: object, indent: str) -> str:
    """A row of a table; one that is an object without others in it stands on a line as well."""
    if isinstance(item, dict) and not any(isinstance(of, (dict, list)) for of in item.values()):
        return json.dumps(item, ensure_ascii=False, allow_nan=False)
    return _written(item, indent)


def _block(opening: str, items: Iterable[str], closing: str, indent: str) -> str:
    return (
        f"{opening}\n" + ",\n".join(f"{indent} {item}" for item in items) + f"\n{indent}{closing}"
    )


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        raise BadFile(f"the key “{twice}” occurs twice in one object.")
    return found


def _keys(of: Any) -> set[str]:
    """The keys of a record and of all records in it."""
    if not isinstance(of, type) or not issubclass(of, msgspec.Struct):
        return {key for part in get_args(of) for key in _keys(part)}
    own = msgspec.structs.fields(of)
    return {field.encode_name for field in own}.union(*(_keys(field.type) for field in own))


def _sentence(message: str, root: str, known: Iterable[str]) -> str:
    """Turn “Expected `float`, got `str` - at `$.layers[0]`” into words."""
    what, _, place = message.rpartition(" - at `")
    if not what:
        what, place = message, "$"
    place = (root + place.rstrip("`").removeprefix("$")).removeprefix(".")
    if found := re.fullmatch(r"Expected `(.*)`, got `(.*)`", what, re.DOTALL):
        what = f"{_in_words(found[1])} is needed, not {_in_words(found[2])}"
    elif found := re.fullmatch(r"Object contains unknown field `(.*)`", what, re.DOTALL):
        meant = nearest(found[1], sorted(known))
        what = f"the key “{found[1]}” is unknown" + (f"; the nearest is “{meant}”" * bool(meant))
    elif found := re.fullmatch(r"Object missing required field `(.*)`", what, re.DOTALL):
        what = f"the key “{found[1]}” is missing"
    else:
        what = what[:1].lower() + what[1:]
    return f"{place}: {what}." if place else f"{what}."


def _in_words(types: str) -> str:
    return " or ".join(_TYPES.get(name, name) for name in types.split(" | "))


def _what_instead(found: object) -> str:
    if found == "nnsim-weights":
        return ", but weights to be imported into one"
    return ", but a project to be opened" if found == "nnsim" else ""


def _short(number: int) -> str:
    return str(number) if number < 10**9 else "of many digits"
