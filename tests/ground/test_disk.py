"""A file is written whole or not at all, and what stood there before stays."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from observatory.disk import (
    ASIDE,
    PART,
    SWEEP_SECONDS,
    adopt_file,
    make_folder,
    replace_file,
    write_file,
    write_files,
)
from observatory.errors import RequestError


def test_a_file_and_its_folder_are_made(tmp_path: Path) -> None:
    out = tmp_path / "new" / "écarts.csv"
    assert write_file(out, b"one") == out
    write_file(out, b"two")
    assert out.read_bytes() == b"two"
    assert list(out.parent.iterdir()) == [out]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_failure_leaves_what_stood_there_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.json"
    first.write_bytes(b"before")
    calls = iter([None, OSError(code, os.strerror(code))])

    def full(handle: int) -> None:
        if error := next(calls):
            raise error

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RequestError, match="ne peut pas être écrit") as caught:
        write_files({first: b"after", second: b"beside"})
    assert "b.json" in str(caught.value)
    assert first.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [first]


def test_the_reason_is_said_in_french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RequestError, match="un dossier du chemin est un fichier"):
        write_file(tmp_path / "file" / "out.csv", b"")
    with pytest.raises(RequestError, match="c'est un dossier"):
        write_file(tmp_path, b"")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RequestError, match="plus de place sur le disque"):
        write_file(tmp_path / "out.csv", b"")


def test_a_writer_killed_in_the_middle_leaves_the_file_before(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_bytes(b"before")
    program = (
        "import os, sys, pathlib\n"
        "from observatory import disk\n"
        "def stop(handle): print('at work', flush=True); sys.stdin.read()\n"
        "os.fsync = stop\n"
        "disk.write_file(pathlib.Path(sys.argv[1]), b'after')\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(out)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"at work\n"
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert out.read_bytes() == b"before"
    left = [p for p in tmp_path.iterdir() if p != out]
    assert [p.name.startswith(ASIDE) and p.suffix == PART for p in left] == [True]
    write_file(out, b"now")
    assert left[0].exists(), "it may still be at work"
    os.utime(left[0], (time.time(), time.time() - SWEEP_SECONDS - 1))
    write_file(out, b"later")
    assert list(tmp_path.iterdir()) == [out]


def test_a_link_stays_a_link_and_rights_are_kept(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_bytes(b"before")
    real.chmod(0o640)
    link.symlink_to(real)
    write_file(link, b"after")
    assert link.is_symlink()
    assert real.read_bytes() == b"after"
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_reader_that_holds_the_file_open_keeps_the_one_it_opened(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_bytes(b"before")
    with out.open("rb") as reader:
        write_file(out, b"after")
        assert reader.read() == b"before"
    assert out.read_bytes() == b"after"


def test_a_pipe_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_file(pipe, b"through")
    reader.join()
    assert read == [b"through"]
    assert pipe.is_fifo()


def test_a_folder_appears_complete_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "gen"
    sync, calls = os.fsync, iter(range(9))

    def full(handle: int) -> None:
        if next(calls) == 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            make_folder(target, {"a": b"1", "b": b"2"})
    assert list(tmp_path.iterdir()) == []
    make_folder(target, {"a": b"1", "b": b"2"})
    assert {p.name: p.read_bytes() for p in target.iterdir()} == {"a": b"1", "b": b"2"}
    with pytest.raises(FileExistsError):
        make_folder(target, {"a": b"other"})
    assert (target / "a").read_bytes() == b"1"
    assert list(tmp_path.iterdir()) == [target]


def test_what_is_put_in_place_is_flushed_before_and_its_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, move = os.fsync, os.replace

    def synced(handle: int) -> None:
        done.append("folder" if Path(f"/proc/self/fd/{handle}").is_dir() else "file")
        sync(handle)

    def moved(source: Path, target: Path) -> None:
        done.append("move")
        move(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", moved)
    replace_file(tmp_path / "CURRENT", b"one")
    part = tmp_path / "part"
    part.write_bytes(b"two")
    adopt_file(part, tmp_path / "version")
    assert done == ["file", "move", "folder"] * 2
    assert {p.name for p in tmp_path.iterdir()} == {"CURRENT", "version"}
