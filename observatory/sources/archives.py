"""Archives and workbooks, looked at before they are opened: how much, how many, how far."""

from __future__ import annotations

import re
import shutil
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from observatory.errors import SourceError
from observatory.extent import Extent, whole_tags
from observatory.sources.transfer import french_size

CHUNK = 1 << 20
WORKSHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
SMALL_BYTES = 20_000_000  # an archive that unpacks to less may be compressed as much as it likes
MEND = "Télécharger à nouveau le fichier, ou le retirer du dossier."
MEND_SHEET = "Copier le tableau dans un classeur neuf, ou l'enregistrer en CSV (UTF-8)."


@dataclass(frozen=True)
class ArchiveLimits:
    """How large an archive may be once opened.

    Attributes
    ----------
    members : int
        Files in the archive.
    unzipped_bytes : int
        All its files together.
    ratio : float
        Unpacked size ÷ packed size, above ``SMALL_BYTES``.
    cells : int
        Last row × last column of a worksheet.
    """

    members: int = 2_000
    unzipped_bytes: int = 4_000_000_000
    ratio: float = 200.0
    cells: int = 20_000_000


ARCHIVE = ArchiveLimits()
WORKBOOK = ArchiveLimits(unzipped_bytes=600_000_000)


def examine(path: Path, limits: ArchiveLimits) -> list[zipfile.ZipInfo]:
    """The files of an archive, once its directory is known to be reasonable.

    Raises
    ------
    SourceError
        When it is damaged, holds too much or is compressed beyond belief.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise damaged(path) from error
    unzipped = sum(m.file_size for m in found)
    ratio = unzipped / max(sum(m.compress_size for m in found), 1)
    excess = ""
    if len(found) > limits.members:
        excess = f"elle contient {len(found)} fichiers (limite : {limits.members})"
    elif unzipped > limits.unzipped_bytes:
        limit = french_size(limits.unzipped_bytes)
        excess = f"elle occuperait {french_size(unzipped)} une fois ouverte (limite : {limit})"
    elif unzipped > SMALL_BYTES and ratio > limits.ratio:
        excess = f"elle est comprimée {ratio:.0f} fois (limite : {limits.ratio:.0f})"
    if excess:
        raise SourceError(f"l'archive est anormale, {excess}", where=path.name, mend=MEND)
    return found


def examine_workbook(path: Path, limits: ArchiveLimits = WORKBOOK) -> None:
    """Refuse a workbook that would unpack, or spread, over too much.

    Two cells at opposite corners make a sheet of billions: each reference is looked at first.
    """
    members = examine(path, limits)
    try:
        with zipfile.ZipFile(path) as archive:
            for member in members:
                if WORKSHEET.fullmatch(member.filename):
                    _examine_sheet(archive, member, path, limits)
    except UNREADABLE as error:
        raise damaged(path) from error


def unpack(
    path: Path, folder: Path, suffixes: tuple[str, ...], limits: ArchiveLimits = ARCHIVE
) -> tuple[list[Path], list[str]]:
    """Extract the files of some suffixes; return them, and the names of the others.

    Each goes to a folder of its own, so that two files of one name stay two.

    Raises
    ------
    SourceError
        When the archive is damaged, protected or abnormal.
    """
    files, others = [], []
    try:
        members = [m for m in examine(path, limits) if not m.is_dir()]
        with zipfile.ZipFile(path) as archive:
            for number, member in enumerate(sorted(members, key=lambda m: m.filename)):
                name = PurePosixPath(member.filename.replace("\\", "/")).name
                if not name.lower().endswith(suffixes):
                    others.append(name)
                    continue
                target = folder / str(number) / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as source, target.open("wb") as file:
                    shutil.copyfileobj(source, file, CHUNK)
                files.append(target)
    except UNREADABLE as error:
        raise damaged(path, error) from error
    return files, others


UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,  # a password
    ValueError,
)


def damaged(path: Path, error: Exception | None = None) -> SourceError:
    """The refusal of an archive that cannot be read to its end."""
    if isinstance(error, SourceError):
        return error
    if type(error) is RuntimeError:
        what = "l'archive est protégée par un mot de passe"
        return SourceError(what, where=path.name, mend="L'enregistrer sans mot de passe.")
    return SourceError("l'archive est abîmée ou incomplète", where=path.name, mend=MEND)


def _examine_sheet(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, limits: ArchiveLimits
) -> None:
    extent, held, chunk = Extent(), b"", b" "
    with archive.open(member) as sheet:
        while chunk:
            chunk = sheet.read(CHUNK)
            seen, held = whole_tags(held, chunk)
            extent.add(seen)
            if extent.cells > limits.cells:
                raise SourceError(
                    f"le classeur s'étend sur {extent.rows} lignes et {extent.columns} colonnes "
                    f"(limite : {limits.cells} cellules)",
                    where=path.name,
                    mend=MEND_SHEET,
                )
