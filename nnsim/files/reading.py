"""Reading a file that may be anything: its text, or one sentence why there is none."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nnsim.engine.texts import is_unprintable
from nnsim.errors import BadFile, NnsimError

MAX_BYTES = 128_000_000
"""Room for the largest network with its start weights and two moments: 77 MB."""

_REASONS = {
    errno.ENOENT: "there is no such file or folder",
    errno.ENOTDIR: "there is no such folder",
    errno.EACCES: "it is protected: permission denied",
    errno.EPERM: "it is protected: permission denied",
    errno.EROFS: "it lies where nothing can be written",
    errno.EISDIR: "that is a folder",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk space allowed is used up",
    errno.EFBIG: "it would be larger than is allowed",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ELOOP: "its links lead in a circle",
}


@contextmanager
def naming(path: str | Path) -> Iterator[None]:
    """Turn every error inside that is meant for a person into a BadFile that begins with the name.

    The text is one line, whatever the name and the content of the file are.
    """
    try:
        yield
    except NnsimError as error:
        raise BadFile(f"{shown_name(path)}: {one_line(str(error))}") from None


def shown_name(path: str | Path) -> str:
    """Return the file's name without its folder, fit to stand in a sentence."""
    return one_line(Path(path).name or str(path), 120)


def one_line(text: str, limit: int = 600) -> str:
    """Return the text without control characters and lone surrogates, cut to a limit."""
    text = "".join("�" if is_unprintable(character) else character for character in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def reason_of(error: OSError | ValueError) -> str:
    """Return why the operating system refused, in words."""
    if not isinstance(error, OSError):
        return "a file cannot have such a name"
    return _REASONS.get(error.errno or 0, (error.strerror or str(error)).lower())


def read_text(path: str | Path) -> str:
    """Return the text of a regular file in UTF-8, with or without a byte order mark.

    Raises BadFile with the reason (without the name, see `naming`): missing, protected, a folder or
    a device, above 128 MB, in another encoding, or not a text.
    """
    data = _read_bytes(path)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile("it is written in UTF-16; save it as UTF-8.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(f"it is not a text in UTF-8 (byte {error.start}).") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise BadFile(f"it is not a text: line {line} holds a zero byte.")
    return text


def _read_bytes(path: str | Path) -> bytes:
    # Without O_NONBLOCK a pipe that nobody writes to would be waited for.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(path, flags), "rb") as file:
            _check_regular(os.fstat(file.fileno()).st_mode)
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise BadFile(f"it cannot be read: {reason_of(error)}.") from None
    if len(data) > MAX_BYTES:
        raise BadFile(f"it is larger than {MAX_BYTES // 1_000_000} MB.")
    return data


def _check_regular(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise BadFile("that is a folder, not a file.")
    if not stat.S_ISREG(mode):
        raise BadFile("that is a pipe or a device, not a file.")
