"""Atomic writing of files: the old one stays until the new one is complete."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from observatory.errors import RequestError

ASIDE = ".observatory-"
PART = ".part"
SWEEP_SECONDS = 3600.0
REASONS = {
    errno.ENOSPC: "plus de place sur le disque",
    errno.EDQUOT: "plus de place sur le disque",
    errno.EFBIG: "fichier plus grand que ce qui est permis",
    errno.EIO: "le disque ne répond pas",
    errno.ENOENT: "introuvable",
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EROFS: "disque en lecture seule",
    errno.EISDIR: "c'est un dossier",
    errno.ENOTDIR: "un dossier du chemin est un fichier",
    errno.EEXIST: "un dossier du chemin est un fichier",
    errno.ENAMETOOLONG: "nom trop long",
    errno.ETXTBSY: "fichier utilisé par un autre programme",
    errno.EBUSY: "fichier utilisé par un autre programme",
}

Content = bytes | Iterable[bytes]
"""What a file holds, whole or in parts; parts are asked for as they are written."""
Write = Callable[[Mapping[Path, Content]], list[Path]]
"""A way to write files that go together; it returns them in their order."""


def write_files(contents: Mapping[Path, Content], mode: int | None = None) -> list[Path]:
    """Write files that a person asked for, as ``replace_files``; return them in their order.

    What is not an ordinary file (a pipe, a device) is written straight.

    Raises
    ------
    RequestError
        When the place cannot be written: folder, rights, space.
    """
    try:
        replace_files(contents, mode)
    except OSError as error:
        at = Path(error.filename) if error.filename else next(iter(contents), Path())
        raise unwritable(at, error) from error
    return list(contents)


def replace_files(contents: Mapping[Path, Content], mode: int | None = None) -> None:
    """Write files that go together, the one safe write of the house.

    All of them are written aside in their own folder and flushed to the disk, then each takes its
    place in one move, and the folder is flushed. A failure leaves the files that stood there, and
    nothing else; a writer that is killed leaves at most a hidden file, removed by a later one.

    Parameters
    ----------
    mode : int, optional
        Rights of the files, from their first byte; by default those of the file replaced, else
        the usual ones.

    Raises
    ------
    OSError
        When the place cannot be written; its ``filename`` is the one that failed.
    """
    aside: dict[Path, Path] = {}
    at = next(iter(contents), Path())
    try:
        for at, content in contents.items():
            at.parent.mkdir(parents=True, exist_ok=True)
            if at.exists() and not at.is_file() and not at.is_dir():
                with at.open("wb") as device:
                    device.writelines(_parts(content))
                continue
            target = at.resolve()  # a link stays a link: the file it leads to is replaced
            if target.is_dir():
                raise IsADirectoryError(errno.EISDIR, "a folder")
            _sweep(target.parent)
            part = target.parent / f"{ASIDE}{secrets.token_hex(8)}{PART}"
            aside[part] = target
            _write_new(part, content, 0o666 if mode is None else mode)
            if mode is not None or target.exists():
                part.chmod(target.stat().st_mode & 0o777 if mode is None else mode)
        for part, target in aside.items():
            at = target
            os.replace(part, target)  # noqa: PTH105 (the word to look for)
        for folder in {target.parent for target in aside.values()}:
            sync_folder(folder)
    except OSError as error:
        error.filename = str(at)
        raise
    finally:
        for part in aside:
            part.unlink(missing_ok=True)


def replace_file(path: Path, content: bytes, mode: int | None = None) -> None:
    """Write one file, as ``replace_files``."""
    replace_files({path: content}, mode)


def adopt_file(part: Path, target: Path) -> None:
    """Put a file that is already written aside, in the same folder, under its final name.

    Raises
    ------
    OSError
        When it cannot be flushed to the disk or moved.
    """
    with part.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(part, target)  # noqa: PTH105
    sync_folder(target.parent)


def make_folder(target: Path, contents: Mapping[str, bytes]) -> None:
    """Make a folder with all its files, or nothing: it appears under its name complete.

    It is written aside as ``.<name>.<random>.part``; one that a killed writer left is for the
    caller to remove, who knows whether another is at work.

    Raises
    ------
    OSError
        When it cannot be written, or the name is taken.
    """
    if target.exists():
        raise FileExistsError(errno.EEXIST, "already there", str(target))
    aside = target.parent / f".{target.name}.{secrets.token_hex(4)}{PART}"
    try:
        aside.mkdir()
        for name, content in contents.items():
            _write_new(aside / name, content)
        sync_folder(aside)
        os.replace(aside, target)  # noqa: PTH105
        sync_folder(target.parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def sync_folder(folder: Path) -> None:
    """Flush the names of a folder to the disk, so that a move outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that keeps no such promise
            raise
    finally:
        os.close(handle)


def _parts(content: Content) -> Iterable[bytes]:
    return (content,) if isinstance(content, bytes) else content


def _write_new(path: Path, content: Content, mode: int = 0o666) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.writelines(_parts(content))
        file.flush()
        os.fsync(file.fileno())


def write_file(path: Path, content: bytes, mode: int | None = None) -> Path:
    """Write one file, as ``write_files``."""
    return write_files({path: content}, mode)[0]


def refuse_folder(path: Path) -> None:
    """Refuse, before the work and not after, a name that can be nothing but a mistake.

    Raises
    ------
    RequestError
        When the path is a folder.
    """
    if path.is_dir():
        raise unwritable(path, IsADirectoryError(errno.EISDIR, "a folder"))


def readable(name: str) -> str:
    """A name, or what was typed, as text: of bytes that are no UTF-8, what can be read."""
    return os.fsencode(name).decode("utf-8", "replace")


def reason(error: OSError) -> str:
    """Why the disk refused, in French where it is one of the usual causes."""
    return REASONS.get(error.errno or 0, error.strerror or str(error) or type(error).__name__)


def unwritable(path: Path, error: OSError) -> RequestError:
    """What to say when a file cannot be written."""
    return RequestError(
        f"le fichier ne peut pas être écrit ({reason(error)})",
        where=str(path),
        mend="Fermer le fichier s'il est ouvert ailleurs, vérifier les droits et la place sur le "
        "disque, ou choisir un autre dossier avec --out.",
    )


def _sweep(folder: Path) -> None:
    """Remove what killed writers left, once it is too old to be still at work."""
    for left in folder.glob(f"{ASIDE}*{PART}"):
        try:
            if time.time() - left.stat().st_mtime > SWEEP_SECONDS:
                left.unlink()
        except OSError:  # another writer removed it, or it is not ours to remove
            continue
