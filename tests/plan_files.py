"""Plans written for the tests: small workbooks and CSV files, by sheet."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

from observatory.plan.plan_rows import plan_sheets

Lines = Sequence[Mapping[str, object]]
ACTION = {"identifiant": "A1", "axe": "Petite enfance", "titre": "Ouvrir un relais"}
SECOND = {"identifiant": "A2", "axe": "Accès aux droits", "titre": "Forum"}
BOUND = {
    "identifiant": "I1",
    "action": "A1",
    "nom": "Taux de couverture",
    "genre": "Résultat",
    "service": "eaje",
    "mesure": "taux",
    "depart_le": "2021-12-31",
    "cible": "40",
    "cible_le": "2026-12-31",
}
TYPED = {
    "identifiant": "I2",
    "action": "A2",
    "nom": "Visiteurs du forum",
    "genre": "Réalisation",
    "unite": "personnes",
    "depart": "100",
    "depart_le": "2023-09-01",
    "cible": "200",
    "cible_le": "2026-12-31",
}


def action(**changes: object) -> dict[str, object]:
    return {**ACTION, **changes}


def bound(**changes: object) -> dict[str, object]:
    return {k: v for k, v in {**BOUND, **changes}.items() if v is not None}


def typed(**changes: object) -> dict[str, object]:
    return {k: v for k, v in {**TYPED, **changes}.items() if v is not None}


def book(path: Path, **sheets: Lines) -> Path:
    """A workbook with these rows in these sheets; every column of the contract has its heading."""
    made = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    for sheet in plan_sheets():
        if sheet.name not in sheets:
            continue
        page = made.add_worksheet(sheet.title)
        names = [c.name for c in sheet.columns]
        page.write_row(0, 0, names)
        for n, row in enumerate(sheets[sheet.name], 1):
            assert not row.keys() - set(names)
            for place, name in enumerate(names):
                if name in row:
                    page.write(n, place, row[name])
    made.close()
    return path


def sheet_file(path: Path, lines: Lines) -> Path:
    """One sheet as French CSV, with the columns of its first row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(lines)
    return path
