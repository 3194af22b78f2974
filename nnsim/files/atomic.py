"""Writing a file so that at any moment, whatever fails, either the old or the new one is whole."""

import errno
import os
import stat
from pathlib import Path

from nnsim.errors import BadFile
from nnsim.files.reading import naming, one_line, reason_of

_NO_FOLDER_FLUSH = {errno.EINVAL, errno.ENOTSUP}
"""What file systems answer that cannot flush a folder at all."""


def write_atomically(path: str | Path, data: bytes) -> None:
    """Write the bytes to a temporary file beside the target, flush it, and put it in its place.

    A symbolic link stays one and its target is written; the target's mode is kept. Raises BadFile
    when it cannot be done; then the old file is as it was and no temporary file is left.
    """
    with naming(path):
        target = _target(path)
        try:
            mode = _mode_to_keep(target)
            temporary = _write_temporary(target.parent, data, mode)
            _put_in_place(temporary, target)
        except (OSError, ValueError) as error:
            raise BadFile(
                f"it cannot be written in “{one_line(str(target.parent), 200)}”: "
                f"{reason_of(error)}; nothing was changed."
            ) from None
        _flush_folder(target.parent)


def _target(path: str | Path) -> Path:
    try:
        return Path(os.path.realpath(path))
    except (OSError, ValueError) as error:
        raise BadFile(f"it cannot be written: {reason_of(error)}; nothing was changed.") from None


def _mode_to_keep(target: Path) -> int | None:
    """Return the mode of the file to be replaced, None if there is none; refuse what is no file."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "")
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "that is a pipe or a device")
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "")
    return stat.S_IMODE(mode)


def _write_temporary(folder: Path, data: bytes, mode: int | None) -> Path:
    """Write the data to a new file in the folder and flush it; leave none behind on failure."""
    temporary = folder / f".nnsim-{os.urandom(8).hex()}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)
    try:
        try:
            _write_all(descriptor, data)
        finally:
            os.close(descriptor)
        if mode is not None:
            os.chmod(temporary, mode)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _write_all(descriptor: int, data: bytes) -> None:
    """Write until all is written: a nearly full disk takes a part and calls it a success."""
    rest = memoryview(data)
    while rest:
        written = os.write(descriptor, rest)
        if written <= 0:
            raise OSError(errno.ENOSPC, "")
        rest = rest[written:]
    os.fsync(descriptor)
    if os.fstat(descriptor).st_size != len(data):
        raise OSError(errno.EIO, "fewer bytes arrived than were written")


def _put_in_place(temporary: Path, target: Path) -> None:
    try:
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _flush_folder(folder: Path) -> None:
    """Flush the folder, so that the new name survives a power cut."""
    if os.name == "nt":
        return  # Windows cannot, and keeps its folders itself
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _NO_FOLDER_FLUSH:
            raise BadFile(
                "the new content was written, but it is not certain that it would survive "
                f"a power cut now: {reason_of(error)}."
            ) from None
