"""Reader of workbooks (.xlsx, .ods), opened once their directory and extents are reasonable.

A small ZIP can unpack to gigabytes, and two cells at opposite corners make a sheet of billions. The
parts are therefore copied, bounded, to an archive of our own that is read instead of the file.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import python_calamine

from observatory.extent import Extent, RepeatedExtent, whole_tags
from observatory.french.numbers import plural
from observatory.workbook.problems import WorkbookError
from observatory.workbook.raw import MEGABYTE, FileLimits, Line, RawTable, letter

CHUNK = 1 << 20
ERROR_CELL = re.compile(rb"""(<(?:\w+:)?c\s[^<>]*?\bt\s*=\s*)(["'])e\2""")
"""A cell that holds an error of the spreadsheet: kept as its text, where the reader drops it."""
KEPT = re.compile(r"(?:\[Content_Types\]\.xml|_rels/.+|xl/(?!media/|embeddings/).+)")
CONTENT = "content.xml"  # the sheets of an OpenDocument workbook, all in one part
KEPT_OF_ODS = re.compile(r"(?:mimetype|content\.xml|META-INF/manifest\.xml)")
SAVE_AGAIN = "L'ouvrir dans le tableur et l'enregistrer à nouveau au format .xlsx."
MAX_MERGED = 5_000


def read_xlsx(path: Path, name: str, limits: FileLimits) -> list[RawTable]:
    """Open a workbook: one table per worksheet that holds something.

    Raises
    ------
    WorkbookError
        When it is damaged, unpacks to too much, or spreads over too many cells.
    """
    with tempfile.SpooledTemporaryFile(max_size=64 * MEGABYTE) as copy:  # small ones: in memory
        parts = _copy_parts(path, copy, name, limits)
        book = _guarded(name, lambda: python_calamine.CalamineWorkbook.from_filelike(copy))
        titles = [
            s.name for s in book.sheets_metadata if s.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        if not titles and CONTENT in parts:
            what = "c'est un classeur OpenDocument (.ods) sans aucune feuille"
            raise WorkbookError(what, where=name, mend=SAVE_AGAIN)
        tables = [_table(book, title, name) for title in titles]
        book.close()
    return [t for t in tables if t is not None]


def _table(book: Any, title: str, name: str) -> RawTable | None:
    sheet = _guarded(name, lambda: book.get_sheet_by_name(title))
    if sheet.end is None:
        return None
    merged = [(a, b, c, d) for (a, b), (c, d) in (sheet.merged_cell_ranges or [])[:MAX_MERGED]]
    return RawTable(name, f"{name}, feuille « {title} »", _lines(sheet), [], title, merged)


def _copy_parts(path: Path, copy: IO[bytes], name: str, limits: FileLimits) -> list[str]:
    """Copy the parts that are worth reading to an archive of our own, bounded; their names."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive, name, limits)
            with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as kept:
                for member in members:
                    with archive.open(member) as source, kept.open(member.filename, "w") as target:
                        extent = RepeatedExtent() if member.filename == CONTENT else Extent()
                        _copy(source, target, extent, name, limits)
    except WorkbookError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        KeyError,
        ValueError,
    ) as error:
        raise WorkbookError("le classeur est abîmé", where=name, mend=SAVE_AGAIN) from error
    except RuntimeError as error:  # a member that asks for a password
        raise protected(name) from error
    copy.seek(0)
    return [m.filename for m in members]


def protected(name: str) -> WorkbookError:
    """The refusal of a file that only a password opens."""
    hint = "L'enregistrer sans mot de passe."
    return WorkbookError("le classeur est protégé par un mot de passe", where=name, mend=hint)


def _members(archive: zipfile.ZipFile, name: str, limits: FileLimits) -> list[zipfile.ZipInfo]:
    """The parts worth reading, once the directory is known to be reasonable."""
    found = archive.infolist()
    unzipped = sum(m.file_size for m in found)
    zipped = max(sum(m.compress_size for m in found), 1)
    too_much = ""
    if len(found) > limits.max_members or len({m.filename for m in found}) < len(found):
        too_much = f"il contient {plural(len(found), 'fichier')}"
    elif unzipped > limits.max_unzipped:
        too_much = f"il occuperait {unzipped // MEGABYTE} Mo une fois ouvert"
    elif unzipped > 20 * MEGABYTE and unzipped / zipped > limits.max_ratio:
        too_much = f"il est comprimé {unzipped // zipped} fois"
    if too_much:
        raise WorkbookError(
            f"le classeur est anormal : {too_much} (limite : "
            f"{limits.max_unzipped // MEGABYTE} Mo, {limits.max_ratio:.0f} fois)",
            where=name,
            mend="Copier les lignes dans un classeur neuf, ou les enregistrer en CSV UTF-8.",
        )
    if CONTENT in archive.namelist():
        if b"opendocument.spreadsheet" not in archive.read("mimetype")[:100]:
            what = "c'est un document OpenDocument, pas un classeur (.ods)"
            raise WorkbookError(what, where=name, mend=SAVE_AGAIN)
        return [m for m in found if KEPT_OF_ODS.fullmatch(m.filename)]
    if "[Content_Types].xml" not in archive.namelist():
        raise WorkbookError("ce n'est pas un classeur Excel (.xlsx)", where=name, mend=SAVE_AGAIN)
    return [m for m in found if KEPT.fullmatch(m.filename) and not m.is_dir()]


def _copy(
    source: IO[bytes],
    target: IO[bytes],
    extent: Extent | RepeatedExtent,
    name: str,
    limits: FileLimits,
) -> None:
    """Copy a part, looking at the references of its cells as they go by."""
    held, chunk = b"", b" "
    while chunk:
        chunk = source.read(CHUNK)
        seen, held = whole_tags(held, chunk)
        extent.add(seen)
        target.write(ERROR_CELL.sub(rb'\1"str"', seen))
        if extent.cells > limits.max_cells:
            last = f"{letter(extent.columns - 1)}{extent.rows}"
            raise WorkbookError(
                f"une feuille s'étend jusqu'à la cellule {last}",
                where=name,
                mend="Supprimer les lignes et les colonnes vides après le tableau, ou copier le "
                "tableau dans un classeur neuf.",
            )


def _lines(sheet: Any) -> Iterator[Line]:
    for number, cells in enumerate(sheet.iter_rows(), 1):
        yield Line(number, cells)


def _guarded(name: str, action: Any) -> Any:
    """Run a call of the reader; a panic of its native code is one more damaged file."""
    try:
        return action()
    except python_calamine.PasswordError as error:
        raise protected(name) from error
    except (python_calamine.CalamineError, OSError, ValueError, KeyError) as error:
        raise WorkbookError("le classeur est abîmé", where=name, mend=SAVE_AGAIN) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise WorkbookError("le classeur est abîmé", where=name, mend=SAVE_AGAIN) from None
