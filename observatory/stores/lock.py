"""The lock of a store: one writer at a time, and a lock that dies with its process."""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from observatory.stores.generation import StoreError

LOCK = ".lock"
WAIT_SECONDS = 60.0
PAUSE_SECONDS = 0.02
MOUNTS = Path("/proc/mounts")
# File systems whose locks do not hold from one machine to another, or not always.
NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "fuse.sshfs", "fuse.glusterfs"}
)


@contextmanager
def locked(folder: Path, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold a store alone; the system gives the lock back when the process ends, however it ends.

    The lock's file stays: to remove it would give two writers a lock each.

    Raises
    ------
    StoreError
        When another writer keeps it too long, or the folder is on another machine's disk.
    """
    refuse_network(folder)
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        deadline = time.monotonic() + wait_seconds
        while not _taken(handle):
            if time.monotonic() > deadline:
                raise StoreError(
                    "un autre chargement est en cours", where=str(folder), mend="Attendre sa fin."
                )
            time.sleep(PAUSE_SECONDS)
        yield
    finally:
        os.close(handle)


def is_held(folder: Path) -> bool:
    """Whether a writer is at work; who cannot look is told that none is."""
    try:
        handle = os.open(folder / LOCK, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def refuse_network(folder: Path) -> None:
    """Refuse to write where a lock may not hold.

    Raises
    ------
    StoreError
        When the folder is on a network mount.
    """
    kind = file_system(folder)
    if kind in NETWORK:
        raise StoreError(
            f"ce dossier est sur un disque partagé par le réseau ({kind}), où deux chargements "
            "pourraient s'effacer l'un l'autre",
            where=str(folder),
            mend="Le mettre sur un disque de cette machine, et en copier les sauvegardes.",
        )


def file_system(folder: Path) -> str:
    """The kind of file system of a folder; empty where it is not known."""
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    path, best, kind = folder.resolve(), Path(), ""
    for fields in (line.split() for line in lines):
        if len(fields) < 3:
            continue
        mount = Path(re.sub(r"\\(\d{3})", lambda m: chr(int(m[1], 8)), fields[1]))
        if (path == mount or mount in path.parents) and len(mount.parts) >= len(best.parts):
            best, kind = mount, fields[2]
    return kind


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
