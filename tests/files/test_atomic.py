"""Writing a file: all or nothing under every fault, through links, and with a true sentence."""

import errno
import os
import stat
import subprocess
import sys
import time

import pytest

from nnsim.files import atomic
from nnsim.files.atomic import write_atomically

OLD, NEW = b"old " * 1000, b"new " * 500_000

WRITER = """
import itertools, sys
from nnsim.files.atomic import write_atomically
for turn in itertools.count():
    write_atomically(sys.argv[1], (b"%d," % (turn % 10)) * 500_000 + b"end")
    if turn == 0:
        sys.stdout.write("ready"), sys.stdout.flush()
"""
REFUSED = """
import os, sys
from nnsim.errors import BadFile
from nnsim.files.atomic import write_atomically
{before}
try:
    write_atomically(sys.argv[1], b"new " * 500_000)
except BadFile as error:
    sys.stdout.write(str(error))
"""


@pytest.fixture
def target(tmp_path):
    path = tmp_path / "a.nnsim"
    path.write_bytes(OLD)
    return path


def run(script, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


def check_unchanged(target):
    assert target.read_bytes() == OLD
    assert list(target.parent.iterdir()) == [target]


def failing(number):
    def fail(*_arguments, **_names):
        raise OSError(number, os.strerror(number))

    return fail


def test_a_file_is_replaced_and_nothing_else_is_left(target):
    write_atomically(target, NEW)

    assert target.read_bytes() == NEW
    assert list(target.parent.iterdir()) == [target]


def test_a_new_file_gets_the_mode_that_the_umask_leaves(tmp_path):
    old = os.umask(0o027)
    try:
        write_atomically(tmp_path / "a", b"")
    finally:
        os.umask(old)

    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


def test_an_old_file_keeps_its_mode(target):
    target.chmod(0o604)
    write_atomically(target, NEW)

    assert target.stat().st_mode & 0o777 == 0o604


def test_a_link_stays_a_link_and_its_target_is_written(target, tmp_path):
    (tmp_path / "folder").mkdir()
    link = tmp_path / "folder" / "link.nnsim"
    link.symlink_to("../a.nnsim")

    write_atomically(link, NEW)

    assert os.readlink(link) == "../a.nnsim"
    assert target.read_bytes() == NEW
    assert list(link.parent.iterdir()) == [link]


def test_a_link_to_nothing_yet_is_written_through(tmp_path):
    (tmp_path / "link").symlink_to("later")
    write_atomically(tmp_path / "link", NEW)

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "later").read_bytes() == NEW


def test_short_writes_are_continued(target, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, bytes(data[:100_000])))
    write_atomically(target, NEW)

    assert target.read_bytes() == NEW


@pytest.mark.parametrize("call", ["open", "write", "fsync", "close", "chmod", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_a_fault_in_any_call_leaves_the_old_file(target, refusal, monkeypatch, call, number):
    monkeypatch.setattr(os, call, failing(number))
    text = refusal(write_atomically, target, NEW, name="a.nnsim")
    monkeypatch.undo()

    assert "nothing was changed" in text
    assert str(target.parent)[:40] in text
    check_unchanged(target)


def test_a_write_that_takes_nothing_is_a_full_disk(target, refusal, monkeypatch):
    monkeypatch.setattr(os, "write", lambda *_: 0)

    assert "the disk is full" in refusal(write_atomically, target, NEW, name="a.nnsim")
    monkeypatch.undo()
    check_unchanged(target)


def test_bytes_that_get_lost_are_noticed(target, refusal, monkeypatch):
    monkeypatch.setattr(os, "write", lambda _, data: len(data))

    assert "fewer bytes arrived" in refusal(write_atomically, target, NEW, name="a.nnsim")
    monkeypatch.undo()
    check_unchanged(target)


def test_an_interrupt_leaves_the_old_file(target, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(target, NEW)
    monkeypatch.undo()

    check_unchanged(target)


def test_a_folder_that_cannot_be_flushed_is_told_without_claiming_the_old_file(
    target, refusal, monkeypatch
):
    fsync = os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda file: failing(errno.EIO)() if is_folder(file) else fsync(file)
    )
    text = refusal(write_atomically, target, NEW, name="a.nnsim")

    assert "the new content was written" in text
    assert "nothing was changed" not in text
    assert target.read_bytes() == NEW


def test_a_file_system_that_has_no_folder_flush_is_no_fault(target, monkeypatch):
    fsync = os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda file: failing(errno.EINVAL)() if is_folder(file) else fsync(file)
    )
    write_atomically(target, NEW)

    assert target.read_bytes() == NEW


def is_folder(descriptor):
    return stat.S_ISDIR(os.fstat(descriptor).st_mode)


def test_on_windows_the_folder_is_left_alone(monkeypatch):
    class Windows:
        name = "nt"

    monkeypatch.setattr(atomic, "os", Windows)  # would fail at any other name
    assert atomic._flush_folder("nowhere") is None


def test_what_is_no_file_is_not_replaced(tmp_path, refusal):
    os.mkfifo(tmp_path / "pipe")

    assert "a folder" in refusal(write_atomically, tmp_path, NEW, name=tmp_path.name)
    assert "pipe or a device" in refusal(write_atomically, tmp_path / "pipe", NEW, name="pipe")
    assert "pipe or a device" in refusal(write_atomically, "/dev/null", NEW, name="null")
    assert "such a name" in refusal(write_atomically, "a\0b", NEW, name="a�b")
    missing = refusal(write_atomically, tmp_path / "no" / "a", NEW, name="a")
    assert "no such file or folder" in missing


# ---------------------------------------------------------------- real faults


def test_killed_at_any_moment_the_file_is_whole(tmp_path):
    path = tmp_path / "a.nnsim"
    for turn in range(15):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE
        ) as writer:
            writer.stdout.read(5)
            time.sleep(turn * 0.0037)
            writer.kill()
        data = path.read_bytes()
        assert len(data) == 1_000_003
        assert data[:-3] == data[:2] * 500_000
        assert data.endswith(b"end")


def test_a_real_write_that_fails_leaves_the_old_file(target):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))"

    assert "larger than is allowed" in run(REFUSED.format(before=limit), target)
    check_unchanged(target)


def as_nobody(target):
    """What makes a process of root one of nobody; permission bits do not stop root."""
    if os.geteuid() != 0:
        return ""
    for folder in target.parents[:-2]:
        if folder.stat().st_uid == 0:
            folder.chmod(folder.stat().st_mode | 0o011)
    return "os.setgid(65534); os.setuid(65534)"


def test_a_folder_that_may_not_be_written_leaves_the_old_file(target):
    before = as_nobody(target)
    target.chmod(0o666)
    target.parent.chmod(0o555)
    try:
        text = run(REFUSED.format(before=before), target)
    finally:
        target.parent.chmod(0o755)

    assert "permission denied; nothing was changed." in text
    check_unchanged(target)


def test_a_write_protected_file_is_not_replaced(target):
    before = as_nobody(target)
    target.parent.chmod(0o777)
    target.chmod(0o444)

    assert "permission denied; nothing was changed." in run(REFUSED.format(before=before), target)
    check_unchanged(target)


def test_a_protected_file_is_refused_when_read(target):
    script = """
import os, sys, nnsim
nnsim.open, nnsim.NnsimError  # loaded while everything may be read
{before}
try:
    nnsim.open(sys.argv[1])
except nnsim.NnsimError as error:
    sys.stdout.write(str(error))
"""
    target.chmod(0o000)
    before = as_nobody(target)

    assert "it cannot be read: it is protected" in run(script.format(before=before), target)
