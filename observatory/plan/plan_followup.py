"""The register of the values of bound indicators: what was seen, when, by which method; for ever.

Versions are swept, evidence is not. A row is written once and never again: a new value, another
vintage or another method adds a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import duckdb
import pandas as pd
from pydantic import PlainValidator

from observatory.french.vocabulary import YES_NO
from observatory.plan.figure_method import method_of
from observatory.plan.indicator_binding import Binding, binding_of
from observatory.plan.observation import Observed, observe
from observatory.plan.plan_readers import NeededDay, signed
from observatory.plan.plan_rows import plan_contract
from observatory.stores.generation import understood
from observatory.stores.store import Store
from observatory.versions import record
from observatory.workbook.cells import number_text
from observatory.workbook.contract import Sheet, SheetRow, column, sheet_of
from observatory.workbook.readers import TEXT, Identifier, Text, Yes
from observatory.workbook.results import Rows
from observatory.workbook.stored import canonical, sheets_back

FOLDER, FILE = "suivi", "observations.csv"
START, FOLLOWED = "depart", "releve"
Value = Annotated[float | None, PlainValidator(signed)]
NEW = ("valeur", "etat", "vintages", "methode", "demonstration")
"""What makes an observation a new one; another census that changes none of it does not."""


class ObservationRow(SheetRow):
    """One value of a bound indicator, as it was seen."""

    indicateur: Identifier = column("Indicateur", "L'indicateur lié.", TEXT, "I-01")
    figure: Text = column("Chiffre", "Le chiffre suivi, en un code.", TEXT, "eaje|taux|||")
    genre: Text = column("Genre", "Valeur de départ, ou relevé.", TEXT, START)
    date: NeededDay = column("Date", "Le jour de la valeur.", TEXT, "2025-12-31")
    valeur: Value = column("Valeur", "Vide : masquée ou inconnue.", TEXT, "58.6", default=None)
    etat: Text = column("État", "Pourquoi la valeur est vide.", TEXT, "", default="")
    version: Text = column("Version", "La version qui l'a calculée.", TEXT, "", default="")
    vintages: Text = column("Millésimes", "Ceux des sources.", TEXT, "", default="")
    recensement: Text = column("Recensement", "Sa génération.", TEXT, "", default="")
    methode: Text = column("Méthode", "L'empreinte du calcul.", TEXT, "", default="")
    demonstration: Yes = column("Démonstration", "Un exemple y entre.", TEXT, "", default=False)


def register_sheet() -> Sheet:
    """The sheet of the register."""
    return sheet_of("observations", "Observations", ObservationRow, ("indicateur", "date"))


def register_store(census_dir: Path) -> Store:
    """The store of the register, beside that of the plan."""
    return Store(census_dir / FOLDER)


def observations(census_dir: Path) -> Rows:
    """Every row of the register, in the order in which it was written.

    Raises
    ------
    StoreError
        When it cannot be read.
    """
    state, files = register_store(census_dir).read()
    return _rows(files, state.folder or census_dir / FOLDER)


def follow_up(
    census_dir: Path, con: duckdb.DuckDBPyConnection, plan: Mapping[str, Rows], day: date
) -> int:
    """Add to the register what a version says of each bound indicator, when it is new.

    The first observation of a figure keeps its baseline too: the value that was voted, or the one
    computed for its day, with the method of that moment.

    Returns
    -------
    int
        How many rows were added.

    Raises
    ------
    StoreError
        When the register cannot be read or written.
    """
    seen = _seen(con, plan, day, _frozen(observations(census_dir)))
    if not seen:
        return 0
    store = register_store(census_dir)
    with store.writing() as writing:
        before = _rows(writing.files, census_dir / FOLDER)
        added = [row for row in seen if _is_new(row, before)]
        if added:
            content = canonical(register_sheet(), [*before, *map(_stored, added)])
            writing.commit("complete", {FILE: content}, "observatoire", "actualisation")
    return len(added)


def register_frame(rows: Rows) -> pd.DataFrame:
    """The register as a table, one row per observation: values as numbers, days as dates."""
    table = pd.DataFrame(rows, columns=list(register_sheet().stored), dtype=str)
    return table.assign(
        valeur=pd.to_numeric(table["valeur"].replace("", None)).astype("float64"),
        date=pd.to_datetime(table["date"]),
        demonstration=table["demonstration"] == YES_NO[True],
    )


def series_of(register: pd.DataFrame, indicator: str, bound: Binding) -> pd.DataFrame:
    """What was seen of a bound indicator, oldest first: one row per observation.

    Parameters
    ----------
    register : DataFrame
        As ``register_frame`` gives it.

    Returns
    -------
    DataFrame
        The columns of the register, and ``broken``: whether the method is not that of the
        observation before; what is on its two sides does not compare.
    """
    own = register[(register["indicateur"] == indicator) & (register["figure"] == bound.text)]
    own = own[own["genre"] == FOLLOWED].sort_values("date", kind="stable")
    before = own["methode"].shift()
    return own.assign(broken=before.notna() & (before != own["methode"])).reset_index(drop=True)


def _seen(
    con: duckdb.DuckDBPyConnection,
    plan: Mapping[str, Rows],
    day: date,
    frozen: frozenset[tuple[str, str, str]],
) -> list[dict[str, str]]:
    """What a version says of the bound indicators of a plan: new baselines, then today's."""
    stored = plan_contract().sheet("indicateurs").stored
    ((version,),) = con.execute("SELECT version FROM version").fetchall()
    census = str(record.census(con)["sequence"] or "")
    found = []
    for row in (dict(zip(stored, r, strict=True)) for r in plan.get("indicateurs", [])):
        if (bound := binding_of(row)) is None:
            continue
        common = {
            "indicateur": row["identifiant"],
            "figure": bound.text,
            "version": str(version),
            "recensement": census,
            "methode": method_of(con, bound),
        }
        since = row["depart_le"] or day.isoformat()
        known = (row["identifiant"], bound.text, since) in frozen
        start = None if known else _baseline(con, bound, row)
        if start and start.value is not None:
            found.append({**common, "genre": START, "date": since, **_said(start)})
        today = {"genre": FOLLOWED, "date": day.isoformat()}
        found.append({**common, **today, **_said(observe(con, bound, day))})
    return found


def _frozen(rows: Rows) -> frozenset[tuple[str, str, str]]:
    """The baselines that the register keeps: indicator, figure, day."""
    at = [register_sheet().stored.index(c) for c in ("indicateur", "figure", "date", "genre")]
    return frozenset((r[at[0]], r[at[1]], r[at[2]]) for r in rows if r[at[3]] == START)


def _baseline(
    con: duckdb.DuckDBPyConnection, bound: Binding, row: Mapping[str, str]
) -> Observed | None:
    """The baseline as voted, or as computed for its day; None without either."""
    if row["depart"]:
        return Observed(float(row["depart"]))
    return observe(con, bound, date.fromisoformat(row["depart_le"])) if row["depart_le"] else None


def _said(seen: Observed) -> dict[str, str]:
    return {
        "valeur": "" if seen.value is None else number_text(seen.value),
        "etat": seen.state,
        "vintages": seen.vintages,
        "demonstration": YES_NO[seen.demonstration],
    }


def _is_new(row: Mapping[str, str], before: Sequence[Sequence[str]]) -> bool:
    """Whether the register does not say this yet."""
    stored = register_sheet().stored
    same = [
        known
        for known in (dict(zip(stored, r, strict=True)) for r in before)
        if all(known[c] == row[c] for c in ("indicateur", "figure", "genre"))
    ]
    if row["genre"] == START:  # frozen once for its day
        return all(known["date"] != row["date"] for known in same)
    return not same or any(same[-1][c] != row[c] for c in NEW)


def _stored(row: Mapping[str, str]) -> list[str]:
    return [row.get(c, "") for c in register_sheet().stored]


def _rows(files: Mapping[str, bytes], folder: Path) -> Rows:
    with understood("le registre du suivi est illisible", folder, "Le reprendre d'une sauvegarde."):
        return sheets_back([register_sheet()], files).get(register_sheet().name, [])
