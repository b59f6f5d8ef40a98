"""Scenarios and their files: read and checked, and written back as the same rows."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path

import duckdb

from observatory.errors import RequestError
from observatory.french.vocabulary import YES_NO
from observatory.knowledge.nomenclature import nomenclature
from observatory.scenario.scenario_change import Amount, Change, Scenario
from observatory.scenario.scenario_readers import ScenarioReading
from observatory.scenario.scenario_rows import scenario_contract
from observatory.scenario.what_if import supply_since
from observatory.workbook.cells import number_text
from observatory.workbook.checking import Across, SaidOnce, check_workbook
from observatory.workbook.contract import Refusal, Sheet
from observatory.workbook.problems import short
from observatory.workbook.raw import FileLimits
from observatory.workbook.results import Checked, CheckedTable, Rows
from observatory.workbook.stored import Tables

NUMBERS = ("longitude", "latitude", "places", "nombre", "part", "enfants_par_logement")
LIMITS = FileLimits(
    max_bytes=2_000_000, max_unzipped=40_000_000, max_cells=2_000_000, max_rows=5_000
)
"""Of a file, which any visitor may send: a scenario is short."""
MOST_CHANGES = 200
"""Of one scenario: each is made on the tables of the version."""
NAMES_ONE = ("fermer", "agrandir", "deplacer")


@dataclass
class ScenarioAcross:
    """The memory of the changes read so far: what one row alone cannot tell.

    Attributes
    ----------
    establishments : mapping
        Service of each establishment of the version, by its id; empty without a version.
    opened : dict
        Service of each establishment that a row opens, by scenario and name.
    """

    sheet: Sheet
    establishments: Mapping[str, str]
    opened: dict[tuple[str, str], str] = field(default_factory=dict)

    def faults(self, number: int, row: Sequence[str]) -> list[Refusal]:
        """An establishment that nobody knows, a name given twice, a type of day that lacks."""
        said = dict(zip(self.sheet.stored, row, strict=True))
        key, kind = (said["scenario"], said["etablissement"]), said["changement"]
        service = said["service"] if kind in ("ouvrir", "objectif") else None
        if kind == "ouvrir" and said["etablissement"]:
            if key in self.opened or said["etablissement"] in self.establishments:
                what = f"{short(said['etablissement'])} est déjà un établissement"
                return [("etablissement", what, "Donner un autre nom à ce qui ouvre.")]
            self.opened[key] = said["service"]
        if kind in NAMES_ONE:
            service = self.opened.get(key) or self.establishments.get(said["etablissement"])
            if service is None and self.establishments:
                return [self._unknown(said["etablissement"], said["scenario"])]
        days = nomenclature().service(service).day_types if service else ()
        if days and not said["jour"] and kind in ("ouvrir", "agrandir", "objectif"):
            hint = f"Choisir : {', '.join(nomenclature().day_types[d] for d in days)}."
            return [("jour", "ce service s'offre par type de jour", hint)]
        return []

    def _unknown(self, id_: str, scenario: str) -> Refusal:
        known = [*self.establishments, *(name for of, name in self.opened if of == scenario)]
        near = difflib.get_close_matches(id_, known, n=3, cutoff=0.6)
        hint = (
            f"Vouliez-vous dire : {', '.join(near)} ?"
            if near
            else "Écrire l'identifiant du recensement, ou le nom d'une ouverture écrite plus haut."
        )
        return ("etablissement", f"{short(id_)} n'est pas un établissement connu", hint)


def known_to(con: duckdb.DuckDBPyConnection) -> ScenarioReading:
    """What a file of scenarios may name: the communes and establishments of a version."""
    communes = con.execute("SELECT code, name FROM commune WHERE inside ORDER BY name").fetchall()
    found = con.execute("SELECT id, service FROM establishment ORDER BY id").fetchall()
    since = supply_since(con)
    return ScenarioReading(communes=dict(communes), establishments=dict(found), since=since)


def check(
    files: Sequence[Path],
    known: ScenarioReading | None = None,
    *,
    limits: FileLimits | None = None,
    names: Sequence[str] = (),
) -> Checked:
    """Read files of scenarios and sort their rows; nothing is computed.

    Parameters
    ----------
    known : ScenarioReading, optional
        What they may name; without it, communes by their code alone, and any establishment.

    Raises
    ------
    WorkbookError
        When a file as a whole cannot be read.
    """
    known = known or ScenarioReading()

    def across_of(sheet: Sheet, done: Sequence[CheckedTable], complete: bool) -> Across:
        if sheet.name == "changements":
            return ScenarioAcross(sheet, known.establishments)
        return SaidOnce(sheet, "ce scénario" if sheet.name == "scenarios" else "ce montant")

    return check_workbook(
        scenario_contract(),
        files,
        reading=known,
        across_of=across_of,
        complete=False,
        limits=limits or LIMITS,
        names=names,
    )


def read_scenarios(files: Sequence[Path], known: ScenarioReading | None = None) -> list[Scenario]:
    """The scenarios of some files, in the order of their first rows.

    Raises
    ------
    WorkbookError
        When a file as a whole cannot be read.
    RequestError
        When a row is refused, with its place and how to mend it, or when there is none.
    """
    checked = check(files, known)
    if checked.errors:
        raise RequestError("\n".join(["des lignes sont refusées", *map(str, checked.errors)]))
    sheets = {s.name: checked.rows(s.name) for s in scenario_contract().sheets}
    found = scenarios_of(sheets)
    if not found:
        raise RequestError(
            "le fichier ne contient aucun changement", mend="En écrire un par ligne."
        )
    return [short_enough(one) for one in found]


def short_enough(scenario: Scenario) -> Scenario:
    """The same scenario, when it has no more changes than can be answered at once.

    Raises
    ------
    RequestError
        When it has more.
    """
    if len(scenario.changes) > MOST_CHANGES:
        raise RequestError(
            f"« {scenario.name} » a {len(scenario.changes)} changements",
            mend=f"En garder {MOST_CHANGES} au plus.",
        )
    return scenario


def scenarios_of(tables: Tables) -> list[Scenario]:
    """The scenarios of stored rows; one without any change is none."""
    changes: dict[str, list[Change]] = {}
    for row in _said(tables, "changements"):
        changes.setdefault(row.pop("scenario"), []).append(_change(row))
    told = {row["scenario"]: row for row in _said(tables, "scenarios")}
    amounts: dict[str, list[Amount]] = {}
    for row in _said(tables, "montants"):
        one = Amount(row["montant"], float(row["euros"]), row["annee"], row["source"])
        amounts.setdefault(row["scenario"], []).append(one)
    return [
        Scenario(
            name,
            tuple(of),
            told.get(name, {}).get("description", ""),
            tuple(amounts.get(name, ())),
            told.get(name, {}).get("copil") == YES_NO[True],
        )
        for name, of in changes.items()
    ]


def rows_of(scenarios: Sequence[Scenario]) -> dict[str, Rows]:
    """The same scenarios as rows of the store, by sheet; a sheet without rows is left out."""
    found: dict[str, Rows] = {
        "changements": [
            [s.name, *(_text(getattr(c, f.name)) for f in fields(Change))]
            for s in scenarios
            for c in s.changes
        ],
        "scenarios": [
            [s.name, s.description, YES_NO[s.committee]]
            for s in scenarios
            if s.description or s.committee
        ],
        "montants": [
            [s.name, a.montant, number_text(a.euros), a.annee, a.source]
            for s in scenarios
            for a in s.amounts
        ],
    }
    return {name: rows for name, rows in found.items() if rows}


def _said(tables: Tables, sheet: str) -> list[dict[str, str]]:
    stored = scenario_contract().sheet(sheet).stored
    return [dict(zip(stored, row, strict=True)) for row in tables.get(sheet, [])]


def _change(row: dict[str, str]) -> Change:
    given: dict[str, object] = dict(row)
    given["date"] = date.fromisoformat(row["date"])
    given["cofinance"] = row["cofinance"] == YES_NO[True]
    given.update({n: float(row[n]) if row[n] else None for n in NUMBERS})
    return Change(**given)  # type: ignore[arg-type]


def _text(value: object) -> str:
    """A value as the store writes it."""
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
