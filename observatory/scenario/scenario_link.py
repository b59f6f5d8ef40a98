"""A scenario as a short text that an address can hold, and back, checked as a file would be."""

from __future__ import annotations

import json
import tempfile
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from pathlib import Path

from observatory.errors import RequestError
from observatory.scenario.scenario_change import Scenario
from observatory.scenario.scenario_file import check, rows_of, scenarios_of, short_enough
from observatory.scenario.scenario_readers import ScenarioReading
from observatory.scenario.scenario_rows import scenario_contract
from observatory.workbook.results import Rows
from observatory.workbook.stored import Tables, canonical, file_name

LONGEST = 3_500
"""Characters of a text that an address may hold; what is longer is kept by the visit alone."""
LARGEST = 200_000
"""Bytes that such a text may unfold to."""
UNREAD = "le scénario de ce lien ne se lit pas"
AGAIN = "Le demander à nouveau à qui l'a envoyé, ou charger son fichier."


def to_link(scenario: Scenario) -> str:
    """A scenario as a text of letters, figures, - and _; trailing empty cells are left out."""
    told = {name: [_short(row) for row in rows] for name, rows in rows_of([scenario]).items()}
    packed = zlib.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    return urlsafe_b64encode(packed).decode().rstrip("=")


def from_link(text: str, known: ScenarioReading) -> Scenario:
    """The scenario of such a text.

    Raises
    ------
    RequestError
        When it is none, or holds a row that a file could not.
    """
    try:
        return from_rows(_unfolded(text), known)
    except RequestError as error:
        if error.what == UNREAD:
            raise
        raise RequestError(UNREAD, mend=str(error)) from error


def from_rows(rows: Tables, known: ScenarioReading) -> Scenario:
    """The first scenario of some rows, checked as those of a file.

    Raises
    ------
    RequestError
        When a row is refused: the column, what is wrong, how to mend it.
    """
    sheets = {s.name: s for s in scenario_contract().sheets}
    with tempfile.TemporaryDirectory(prefix="observatory-") as folder:
        files = []
        for name, some in rows.items():
            width = len(sheets[name].stored)
            whole = [[*row, *[""] * (width - len(row))] for row in some]
            file = Path(folder) / file_name(sheets[name])
            file.write_bytes(canonical(sheets[name], whole))
            files.append(file)
        checked = check(files, known)
    if checked.errors:
        titles = {c.name: c.title for s in sheets.values() for c in s.columns}
        told = [
            f"{titles.get(p.column, p.column)} : {p.reason}" if p.column else p.reason
            for p in checked.errors
        ]
        raise RequestError(" ".join(told))
    found = scenarios_of({name: checked.rows(name) for name in sheets})
    if not found:
        raise RequestError(UNREAD, mend=AGAIN)
    return short_enough(found[0])


def _unfolded(text: str) -> dict[str, Rows]:
    """The rows of a text by sheet, of the form that is expected."""
    widths = {s.name: len(s.stored) for s in scenario_contract().sheets}
    try:
        packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        unfolded = zlib.decompressobj()
        told = json.loads(unfolded.decompress(packed, LARGEST))
    except (Error, ValueError, zlib.error, RecursionError) as error:
        raise RequestError(UNREAD, mend=AGAIN) from error
    if not (
        isinstance(told, dict)
        and told.get("changements")
        and all(
            name in widths
            and isinstance(rows, list)
            and all(
                isinstance(row, list)
                and len(row) <= widths[name]
                and all(isinstance(cell, str) for cell in row)
                for row in rows
            )
            for name, rows in told.items()
        )
    ):
        raise RequestError(UNREAD, mend=AGAIN)
    return told


def _short(row: list[str]) -> list[str]:
    kept = list(row)
    while kept and kept[-1] in ("", "non"):
        kept.pop()
    return kept
