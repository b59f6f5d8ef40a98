"""Files written whole or not at all: what stood there stays until the new one is complete."""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Mapping
from pathlib import Path

from observatory.errors import RequestError

ASIDE = ".observatory-"
PART = ".part"
SWEEP_SECONDS = 3600.0
REASONS = {
    errno.ENOSPC: "plus de place sur le disque",
    errno.EDQUOT: "plus de place sur le disque",
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


def write_files(contents: Mapping[Path, bytes], *, private: bool = False) -> list[Path]:
    """Write files that go together; return them in their order.

    All of them are written aside, then each takes its place in one move. A failure leaves the
    files that stood there, and nothing else; a writer that is killed leaves at most a hidden file,
    removed by a later one. What is not an ordinary file (a pipe, a device) is written straight.
    ``private``: its owner alone may read it, from its first byte.

    Raises
    ------
    RequestError
        When the place cannot be written: folder, rights, space.
    """
    aside: dict[Path, Path] = {}
    at = next(iter(contents), Path())
    try:
        for at, content in contents.items():
            at.parent.mkdir(parents=True, exist_ok=True)
            if at.exists() and not at.is_file() and not at.is_dir():
                at.write_bytes(content)
                continue
            target = at.resolve()  # a link stays a link: the file it leads to is replaced
            if target.is_dir():
                raise IsADirectoryError(errno.EISDIR, "a folder")
            _sweep(target.parent)
            part = target.parent / f"{ASIDE}{secrets.token_hex(8)}{PART}"
            aside[part] = target
            mode = 0o600 if private else 0o666
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(part, flags, mode), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if target.exists() and not private:
                part.chmod(target.stat().st_mode & 0o777)
        for part, target in aside.items():
            at = target
            part.replace(target)
    except OSError as error:
        raise unwritable(at, error) from error
    finally:
        for part in aside:
            part.unlink(missing_ok=True)
    return list(contents)


def write_file(path: Path, content: bytes, *, private: bool = False) -> Path:
    """Write one file, as ``write_files``."""
    return write_files({path: content}, private=private)[0]


def refuse_folder(path: Path) -> None:
    """Refuse, before the work and not after, a name that can be nothing but a mistake.

    Raises
    ------
    RequestError
        When the path is a folder.
    """
    if path.is_dir():
        raise unwritable(path, IsADirectoryError(errno.EISDIR, "a folder"))


def unwritable(path: Path, error: OSError) -> RequestError:
    """What to say when a file cannot be written."""
    reason = REASONS.get(error.errno or 0, error.strerror or str(error))
    return RequestError(
        f"le fichier ne peut pas être écrit ({reason})",
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
