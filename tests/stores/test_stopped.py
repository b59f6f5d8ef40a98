"""A writer is stopped at each of its operations, or the disk is full: one whole state remains."""

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from generated import at_every_run

from observatory.stores.audit import audit
from observatory.stores.generation import StoreError
from observatory.stores.store import Store

ONE = {"a.csv": b"one\n", "b.csv": b"1\n"}
TWO = {"a.csv": b"two\n", "b.csv": b"2\n"}
MOST = 200  # operations of one change, at the very most
WRITER = """
import os, signal, sys
from pathlib import Path
from observatory.stores.store import Store

names = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "fcntl.flock")
count = 0

def step():
    global count
    count += 1
    if count > last:
        os.kill(os.getpid(), signal.SIGKILL)

def hook(event, arguments):
    if event in names and (event == "fcntl.flock" or str(folder) in str(arguments[0])):
        step()

sync = os.fsync
def synced(handle):
    step()
    sync(handle)

os.fsync = synced

def write(change):
    store = Store(folder)
    sys.addaudithook(hook)
    if change == "undo":
        store.undo()
    elif change == "restore":
        store.restore(1)
    else:
        with store.writing() as writing:
            writing.commit("load", {"a.csv": b"two\\n", "b.csv": b"2\\n"})

for line in sys.stdin:
    where, change, last = line.rstrip("\\n").split("\\t")
    if not (writer := os.fork()):
        folder, last = Path(where), int(last)
        try:
            write(change)
        except BaseException:
            os._exit(1)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(writer, 0)[1]), flush=True)
"""


def before(folder: Path, change: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Make a store ready for a change; its files before and after."""
    kept = Store(folder)
    if change == "first":
        return {}, TWO
    if change == "former":
        folder.mkdir()
        for name, content in ONE.items():
            (folder / name).write_bytes(content)
        return ONE, TWO
    with kept.writing() as writing:
        writing.commit("load", ONE)
        if change != "load":
            writing.commit("load", TWO)
    return (ONE, TWO) if change == "load" else (TWO, ONE)


@pytest.fixture(scope="module")
def writers() -> Iterator[subprocess.Popen[str]]:
    """A process that starts a writer for each line, to be killed at its nth operation."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", WRITER]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        yield process
        process.terminate()


@pytest.mark.parametrize("change", at_every_run(1, ["load", "undo", "former", "first", "restore"]))
def test_a_kill_at_any_operation_leaves_one_whole_state(
    tmp_path: Path, change: str, writers: subprocess.Popen[str]
) -> None:
    assert writers.stdin
    assert writers.stdout
    seen = set()
    for last in range(MOST):
        folder = tmp_path / str(last)
        old, new = before(folder, change)
        writers.stdin.write(f"{folder}\t{change}\t{last}\n")
        writers.stdin.flush()
        status = int(writers.stdout.readline())
        kept = Store(folder)
        _, found = kept.read()
        assert found in (old, new), last
        assert audit(kept) == []
        seen.add(found == new)
        # What the writer left hinders nobody: the lock died with it, the numbers only grow.
        with kept.writing() as writing:
            sequence = writing.commit("load", {"c.csv": b"%d" % last}).sequence
        assert kept.read()[1] == {"c.csv": b"%d" % last}
        assert sequence == max(e.sequence for e in kept.history())
        assert not list(folder.glob(".gen-*")), "what was aside is swept"
        assert not list(folder.glob("*.csv"))
        if status == 0:
            break
        assert status == -signal.SIGKILL
    else:
        raise AssertionError("the change never ended")
    assert seen == {True, False}


class FullDisk:
    """Counts the operations that need room, and refuses one, or one and all those after it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, refused: int, *, for_good: bool) -> None:
        self.count, self.refused, self.for_good = 0, refused, for_good
        for module, name in ((os, "fsync"), (os, "replace"), (os, "mkdir")):
            monkeypatch.setattr(module, name, self._wrapped(getattr(module, name)))
        opened = io.open

        def opens(file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
            if "x" in mode or "w" in mode:
                self._step()
            return opened(file, mode, *rest, **named)

        monkeypatch.setattr(io, "open", opens)
        monkeypatch.setattr(builtins, "open", opens)

    def _step(self) -> None:
        self.count += 1
        if self.count == self.refused or (self.for_good and self.count > self.refused):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _wrapped(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            self._step()
            return function(*arguments, **named)

        return step


@pytest.mark.parametrize("for_good", [False, True])
@pytest.mark.parametrize("change", at_every_run(1, ["load", "first", "former"]))
def test_a_full_disk_at_any_write_leaves_what_stood_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, for_good: bool
) -> None:
    failures = 0
    for refused in range(1, MOST):
        folder = tmp_path / str(refused)
        old, new = before(folder, change)
        with monkeypatch.context() as patch:
            disk = FullDisk(patch, refused, for_good=for_good)
            try:
                with Store(folder).writing() as writing:
                    writing.commit("load", new)
                told = ""
            except StoreError as error:
                told = str(error)
        kept = Store(folder)
        failed = bool(told)
        failures += failed
        assert not failed or "plus de place sur le disque" in told
        found = kept.read()[1]
        # A switch that moved but could neither be flushed nor moved back is the only exception.
        assert found == (old if failed else new) or (failed and for_good and found == new)
        assert audit(kept) == []
        assert all(p.stat().st_size for p in folder.rglob("*.csv"))
        with kept.writing() as writing:
            writing.commit("load", {"c.csv": b"after"})
        assert kept.read()[1] == {"c.csv": b"after"}
        if disk.count < refused:
            break
    else:
        raise AssertionError("the change never ended")
    assert failures >= 5
