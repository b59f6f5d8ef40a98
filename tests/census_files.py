"""Census files for tests: a row that is right, files made of it, communes that are known."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

from observatory.census.census_check import check
from observatory.census.commune_codes import Communes
from observatory.workbook.results import Checked

RIGHT = {
    "identifiant": "ARRAS-01",
    "nom": "Crèche Les Lutins",
    "service": "eaje_psu",
    "statut": "public",
    "gestionnaire": "Ville",
    "code_insee": "62041",
    "adresse": "12 rue des Écoles",
    "longitude": "2.77",
    "latitude": "50.29",
    "jour": "",
    "capacite": "20",
    "depuis": "",
    "ouverture": "2019-09-02",
    "fermeture": "",
    "source": "Enquête",
    "date_source": "2026-06-30",
    "demonstration": "non",
}
TOTAL = {
    "code_insee": "62041",
    "service": "assistants_maternels",
    "effectif": "33",
    "places": "95",
    "depuis": "2025-12-31",
    "source": "Caf",
    "date_source": "2025-12-31",
    "demonstration": "non",
}
KNOWN = Communes(
    names={"62041": "Arras", "62099": "Beaurains", "01004": "Ambérieu", "2A004": "Ajaccio"},
    carried={"62999": "62099"},
    inside=frozenset({"62041", "62099"}),
    halls={"62041": (2.7774, 50.291), "62099": (2.79, 50.265)},
)


def row(**given: str) -> dict[str, str]:
    """A right row of establishments, but for what is given."""
    return {**RIGHT, **given}


def total(**given: str) -> dict[str, str]:
    """A right row of commune totals, but for what is given."""
    return {**TOTAL, **given}


def text(rows: Sequence[Mapping[str, str]], delimiter: str = ";") -> str:
    """Rows as CSV text; the headings are those of the first."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(list(rows[0]))
    writer.writerows([list(r.values()) for r in rows])
    return out.getvalue()


def write(
    path: Path, *rows: Mapping[str, str], encoding: str = "utf-8", delimiter: str = ";"
) -> Path:
    """Write rows as a CSV file."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text(rows, delimiter).encode(encoding))
    return path


def write_book(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """Write a workbook, cells as their types."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"})
    for title, lines in sheets.items():
        page = book.add_worksheet(title)
        for n, line in enumerate(lines):
            page.write_row(n, 0, line)
    book.close()
    return path


def checked(folder: Path, *rows: Mapping[str, str], communes: Communes = KNOWN) -> Checked:
    """Check rows written as ``offre.csv``."""
    found = check([write(folder / "offre.csv", *rows)], communes)
    assert found.accepted + found.rejected == found.read == len(rows)
    return found


def errors(folder: Path, **given: str) -> list[str]:
    """What is said of one row, wrong in what is given."""
    return [str(p) for p in checked(folder, row(**given)).errors]


def warnings(folder: Path, *rows: Mapping[str, str], communes: Communes = KNOWN) -> list[str]:
    """What is remarked of rows that are all accepted."""
    found = checked(folder, *rows, communes=communes)
    assert not found.errors, found.errors
    return [str(p) for p in found.warnings]
