"""One generation: every file of one state, and the journal line that says who made it and why."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, get_args

from observatory.errors import ObservatoryError

NAME = re.compile(r"gen-(\d{6,})")
JOURNAL = "journal.jsonl"
Kind = Literal["load", "complete", "edit", "undo", "redo", "restore", "compensate", "former"]
"""What made it; ``former``: taken in from the layout before generations."""
Contents = Mapping[str, bytes]
"""The files of a state, by name."""


class StoreError(ObservatoryError):
    """What people wrote cannot be read or written as it should be."""


@dataclass(frozen=True)
class Entry:
    """A line of the journal.

    Attributes
    ----------
    sequence : int
        The generation's number, from 1; numbers only grow.
    when : str
        UTC, ISO 8601: for people. Nothing is ordered nor swept by it.
    who : str
        A person or a role, as it was given.
    parent : int or None
        The generation that was in service before.
    sha256 : dict
        Sum of each file, by name.
    purged : str
        The day on which its files were removed at the end of their retention; empty when not.
    """

    sequence: int
    when: str
    who: str
    why: str
    kind: Kind
    parent: int | None
    sha256: dict[str, str] = field(default_factory=dict)
    purged: str = ""

    def line(self) -> bytes:
        """The line as it is written."""
        told = {k: v for k, v in asdict(self).items() if k != "purged" or v}
        return json.dumps(told, ensure_ascii=False, sort_keys=True).encode() + b"\n"


@dataclass(frozen=True)
class State:
    """What a reader sees, resolved once: a whole generation, or none.

    Attributes
    ----------
    sequence : int
        The generation in service; 0 when there is none.
    folder : Path or None
        Where its files are; None when nothing was ever written.
    entry : Entry or None
        Its line of the journal; None in the layout before generations.
    """

    sequence: int = 0
    folder: Path | None = None
    entry: Entry | None = None

    @property
    def is_former(self) -> bool:
        """Whether the files are still in the layout before generations."""
        return self.folder is not None and self.entry is None

    def names(self) -> list[str]:
        """Names of the files."""
        if self.entry is not None:
            return sorted(self.entry.sha256)
        return former_names(self.folder) if self.folder else []

    def files(self) -> dict[str, bytes]:
        """Every file, whole and as it was written.

        Raises
        ------
        StoreError
            When one is gone or is not the one that was written.
        """
        if self.folder is None:
            return {}
        if self.entry is None:
            return {name: (self.folder / name).read_bytes() for name in self.names()}
        return read_files(self.folder, self.entry)


@contextmanager
def understood(what: str, folder: Path, mend: str) -> Iterator[None]:
    """Say in one sentence that files of a state, whole as they are, are not what they should be.

    Parameters
    ----------
    what : str
        « le plan en place est illisible ».
    folder : Path
        Where the files are; the one at fault is named where the error inside has its ``name``.
    """
    try:
        yield
    except ValueError as error:
        where = str(folder / str(getattr(error, "name", "")))
        raise StoreError(what, where=where, mend=mend) from error


def name_of(sequence: int) -> str:
    """The folder's name of a generation."""
    return f"gen-{sequence:06d}"


def sequences(folder: Path) -> list[int]:
    """Numbers of the generations on disk, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(int(m[1]) for p in folder.iterdir() if (m := NAME.fullmatch(p.name)))


def sums(contents: Contents) -> dict[str, str]:
    """Sum of each file, by name."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}


def read_entry(folder: Path) -> Entry:
    """The journal line of a generation.

    Raises
    ------
    StoreError
        When it is gone, or is not one.
    """
    try:
        found = json.loads((folder / JOURNAL).read_text(encoding="utf-8"))
        entry = Entry(**found)
        named = NAME.fullmatch(folder.name)
        if named is None or int(named[1]) != entry.sequence or entry.kind not in get_args(Kind):
            raise ValueError(folder.name)
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(
            "le journal de cette génération manque ou est abîmé",
            where=str(folder),
            mend="Reprendre ce dossier d'une sauvegarde.",
        ) from error
    return entry


def read_files(folder: Path, entry: Entry) -> dict[str, bytes]:
    """The files of a generation, each checked against its sum.

    Raises
    ------
    StoreError
        When one is gone or changed.
    """
    if entry.purged:
        raise StoreError(
            f"les fichiers de cette génération ont été effacés le {entry.purged}, au terme de "
            "leur durée de conservation",
            where=str(folder),
            mend="Choisir une génération plus récente.",
        )
    found = {}
    for name, wanted in sorted(entry.sha256.items()):
        try:
            content = (folder / name).read_bytes()
        except FileNotFoundError as error:
            raise _damaged(folder / name, "ce fichier manque") from error
        if hashlib.sha256(content).hexdigest() != wanted:
            raise _damaged(folder / name, "ce fichier n'est plus celui qui a été écrit")
        found[name] = content
    return found


def former_names(folder: Path) -> list[str]:
    """Names of the files of the layout before generations, directly in the store's folder."""
    if not folder.is_dir():
        return []
    return sorted(p.name for p in folder.glob("*.csv") if p.is_file() and p.name[0] != ".")


def _damaged(path: Path, what: str) -> StoreError:
    mend = "Le reprendre d'une sauvegarde, ou restaurer une autre génération."
    return StoreError(what, where=str(path), mend=mend)
