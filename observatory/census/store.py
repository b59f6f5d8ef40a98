"""Store of the territory's own census: one CSV file per sheet, all replaced together.

The files are written aside, then put in place in one decided step: after a sudden stop, the next
reader finishes it. They are the pipeline's source, not made for a spreadsheet: ``observatory census
export`` is.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from observatory.census.problems import CensusError
from observatory.census.results import Checked, Rows
from observatory.census.sheets import Sheet, sheet, sheets

Tables = Mapping[str, Rows]
"""Rows by name of sheet."""

PREPARED = ".pret"
PREVIOUS = "precedents"
LOCK = ".chargement"
KEPT = 10
LOCK_SECONDS = 600.0


def read(folder: Path) -> dict[str, Rows]:
    """Rows of each sheet of the census in place; a sheet without file is absent.

    Raises
    ------
    CensusError
        When a file is not one of the store's.
    """
    settle(folder)
    found = {}
    for known in sheets():
        path = folder / f"{known.name}.csv"
        if path.exists():
            found[known.name] = _read_file(path, known)
    return found


def merged(kept: Tables, checked: Checked, complete: bool) -> dict[str, Rows]:
    """The census after a load: each sheet that has accepted rows is replaced, or completed.

    A sheet that is not in the files, or none of whose rows was accepted, stays as it is; communes
    served by an establishment that is gone go with it.
    """
    after = dict(kept)
    for known in sheets():
        rows = checked.rows(known.name)
        if not rows:
            continue
        if complete:
            by_key = {_key(known, r): r for r in kept.get(known.name, [])}
            by_key.update((_key(known, r), r) for r in rows)
            rows = list(by_key.values())
        after[known.name] = rows
    if "communes_desservies" in after:
        ids = {row[0] for row in after.get("offre", [])}
        after["communes_desservies"] = [r for r in after["communes_desservies"] if r[0] in ids]
    return after


def write(folder: Path, tables: Tables) -> list[str]:
    """Put a census in place and keep the one before; return the names of the files that changed.

    Writing what is already there changes nothing, not even a date.

    Raises
    ------
    CensusError
        When another load is under way, or the folder cannot be written.
    """
    contents = {f"{n}.csv": canonical(sheet(n), rows) for n, rows in tables.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            settle(folder)
            changed = [n for n, c in contents.items() if _content(folder / n) != c]
            if not changed:
                return []
            _keep_previous(folder)
            aside = folder / f"{PREPARED}.{os.getpid()}"
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir()
            for name in changed:
                with (aside / name).open("wb") as file:
                    file.write(contents[name])
                    file.flush()
                    os.fsync(file.fileno())
            aside.replace(folder / PREPARED)
            settle(folder)
    except OSError as error:
        raise CensusError(
            "le recensement ne peut pas être écrit",
            where=str(folder),
            mend="Vérifier la place et les droits du dossier, ou changer OBSERVATORY_CENSUS_DIR.",
        ) from error
    return changed


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of the census in place, as it is: what ``restore`` puts back."""
    settle(folder)
    return {p.name: p.read_bytes() for p in sorted(folder.glob("*.csv"))}


def restore(folder: Path, before: Mapping[str, bytes]) -> None:
    """Put back the census that ``snapshot`` read; a file that was not there goes.

    Raises
    ------
    CensusError
        When another load is under way.
    """
    if not folder.is_dir():
        return
    with _locked(folder):
        settle(folder)
        for path in folder.glob("*.csv"):
            if path.name not in before:
                path.unlink()
        for name, content in before.items():
            if _content(folder / name) != content:
                draft = folder / f".{name}.draft"
                draft.write_bytes(content)
                draft.replace(folder / name)


def settle(folder: Path) -> None:
    """Finish putting in place files that were ready when a load was stopped."""
    ready = folder / PREPARED
    if ready.is_dir():
        for path in sorted(ready.iterdir()):
            path.replace(folder / path.name)
        ready.rmdir()


def canonical(known: Sheet, rows: Rows) -> bytes:
    """A sheet as the store writes it: UTF-8, ``;``, decimal point, ISO dates."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(known.stored)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def _key(known: Sheet, row: list[str]) -> tuple[str, ...]:
    """What makes a row the same one, corrected."""
    return tuple(row[known.stored.index(c)] for c in known.key)


def _read_file(path: Path, known: Sheet) -> Rows:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=";")
            headings = next(reader, [])
            places = [headings.index(c) if c in headings else -1 for c in known.stored]
            return [[row[p] if 0 <= p < len(row) else "" for p in places] for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CensusError(
            "le recensement en place est illisible",
            where=str(path),
            mend=f"Reprendre une copie datée dans le dossier « {PREVIOUS} », à côté.",
        ) from error


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _keep_previous(folder: Path) -> None:
    """Copy the census in place under its date; forget the oldest copies."""
    files = [p for s in sheets() if (p := folder / f"{s.name}.csv").exists()]
    if not files:
        return
    previous = folder / PREVIOUS
    dated = previous / datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    dated.mkdir(parents=True)
    for path in files:
        shutil.copy2(path, dated / path.name)
    for old in sorted(p for p in previous.iterdir() if p.is_dir())[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the census alone; a lock that a killed load left is taken over after a while."""
    lock = folder / LOCK
    if lock.exists() and time.time() - lock.stat().st_mtime > LOCK_SECONDS:
        lock.unlink(missing_ok=True)
    try:
        lock.touch(exist_ok=False)
    except FileExistsError:
        mend = f"Attendre sa fin ; s'il a été interrompu, supprimer le fichier {LOCK}."
        raise CensusError(
            "un autre chargement est en cours", where=str(folder), mend=mend
        ) from None
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
