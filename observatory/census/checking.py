"""Check a census: every row accepted or set aside, every problem said, in one pass.

A file is read to its end whatever it holds: accepted + set aside = read, always.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from observatory.census import store
from observatory.census.across import Across, Establishments, SaidOnce, ServedCommunes
from observatory.census.commune_codes import Communes
from observatory.census.duplicates import possible_duplicates
from observatory.census.headings import OVERFLOW, Table
from observatory.census.place import place_establishments
from observatory.census.problems import CensusError, Problem, plural
from observatory.census.raw import FileLimits, is_blank, letter
from observatory.census.reading import read_tables
from observatory.census.refused_places import RefusedPlaces
from observatory.census.results import Checked, CheckedTable, Rows, SetAside
from observatory.census.rows import RowReader
from observatory.census.rules import CellReading
from observatory.census.sheets import Sheet, sheets
from observatory.french.spelling import plain

MOST_MERGED = 20  # merged areas that are named one by one
SAID_ONCE = {
    "totaux_communaux": "ce total",
    "competences": "cette compétence de la même commune",
}


def check(
    files: Sequence[Path],
    communes: Communes | None = None,
    *,
    kept: Mapping[str, Rows] | None = None,
    complete: bool | None = None,
    limits: FileLimits | None = None,
    names: Sequence[str] = (),
) -> Checked:
    """Read the files of one census and sort their rows.

    Parameters
    ----------
    files : sequence of Path
        Workbooks or CSV files; together they are one census.
    communes : Communes, optional
        The communes known; without them codes are judged by their form alone.
    kept : mapping of str to rows, optional
        The census in place, by sheet: what the files complete, or refer to.
    complete : bool, optional
        Whether the files complete the census in place instead of replacing its sheets; by default
        when they hold rows that were set aside and corrected.
    names : sequence of str
        What messages call each file; its own name by default.

    Raises
    ------
    CensusError
        When a file as a whole cannot be read.
    """
    communes, limits, kept = communes or Communes(), limits or FileLimits(), kept or {}
    tables: list[Table] = []
    warnings: list[Problem] = []
    for n, file in enumerate(files):
        found, said = read_tables(file, limits, names[n] if n < len(names) else "")
        tables += found
        warnings += said
    if complete is None:
        complete = any(t.to_mend for t in tables)
    reading = CellReading(communes)
    refused = RefusedPlaces()
    done: list[CheckedTable] = []
    establishments = Establishments()
    if complete:
        for row in kept.get("offre", []):
            establishments.remember("dans le recensement en place", row)
    for sheet in sheets():
        across = _across(sheet, establishments, done, kept, complete)
        for table in (t for t in tables if t.sheet is sheet):
            done.append(_check_table(table, across, reading, limits, warnings, refused))
    for checked in done:
        if checked.sheet.name == "offre":
            warnings += place_establishments(checked, communes)
            warnings += possible_duplicates(checked)
    notes = [f"{t.raw.where} : {note}" for t in tables for note in t.notes]
    result = Checked(done, warnings, [*notes, *_outside(done, communes)])
    after = store.merged(kept, result, complete)
    result.notes += [*refused.notes(after, communes), *_without(after, result, communes)]
    return result


def _across(
    sheet: Sheet,
    establishments: Establishments,
    done: list[CheckedTable],
    kept: Mapping[str, Rows],
    complete: bool,
) -> Across:
    if sheet.name == "offre":
        return establishments
    if sheet.name in SAID_ONCE:
        return SaidOnce(sheet, SAID_ONCE[sheet.name])
    ids = set(establishments.ids)
    if complete or not ids:
        ids |= {row[0] for row in kept.get("offre", [])}
    return ServedCommunes(ids, frozenset(i for t in done for i in t.keys_aside) - ids)


def _check_table(
    table: Table,
    across: Across,
    reading: CellReading,
    limits: FileLimits,
    warnings: list[Problem],
    refused: RefusedPlaces,
) -> CheckedTable:
    """Sort the rows of one table."""
    raw = table.raw
    done = CheckedTable(raw.file, raw.where, table.sheet, table.headings, table.to_mend)
    warnings += _about_columns(table)
    reader = RowReader(table, reading)
    for line in table.lines:
        if not line.broken and is_blank(line.cells):
            continue
        done.read += 1
        if done.read > limits.max_rows:
            what = f"le tableau a plus de {plural(limits.max_rows, 'ligne')}"
            raise CensusError(what, where=raw.where, mend="Le découper en plusieurs fichiers.")
        row, problems = reader.read(line)
        if row is not None:
            problems = [
                reader.problem(line, column, "", what, mend)
                for column, what, mend in across.faults(line.number, row)
            ]
        if row is None or problems:
            done.set_aside.append(SetAside(line.number, line.cells, problems))
            done.keys_aside.add(reader.key_of(line))
            refused.add(table, line, problems, reading.communes)
            continue
        done.accepted.append(row)
        done.numbers.append(line.number)
        warnings += [
            Problem(raw.where, line.number, r.column, r.value, r.what, r.mend, warning=True)
            for r in reading.remarks
        ]
    return done


def _about_columns(table: Table) -> list[Problem]:
    """Warnings on the table as a whole: columns that are ignored, cells that are merged."""
    where, found = table.raw.where, []
    for heading in (h for h in table.extra if not plain(h).startswith(plain(OVERFLOW))):
        what = "cette colonne n'est pas du recensement : elle est ignorée, rien n'en est gardé"
        found.append(Problem(where, 0, heading, "", what, "", warning=True))
    for top, left, bottom, right in table.raw.merged[:MOST_MERGED]:
        area = f"{letter(left)}{top + 1}:{letter(right)}{bottom + 1}"
        what = f"les cellules {area} sont fusionnées : leur valeur n'est lue qu'à la première"
        mend = "Les défusionner."
        found.append(Problem(where, top + 1, "", "", what, mend, warning=True))
    return found


def _outside(done: Sequence[CheckedTable], communes: Communes) -> list[str]:
    """Rows of communes that are not of the territory: kept, and said."""
    if not communes.names:
        return ["aucune version en service : les codes de commune sont jugés sur leur seule forme"]
    outside = Counter(
        row[at]
        for t in done
        if t.sheet.name in ("offre", "competences")
        for at in [t.sheet.stored.index("code_insee")]
        for row in t.accepted
        if row[at] not in communes.inside
    )
    if not outside:
        return []
    names = ", ".join(communes.name(c) for c, _ in outside.most_common(3))
    more = ", …" if len(outside) > 3 else ""
    return [f"{plural(outside.total(), 'ligne')} hors du territoire, gardées : {names}{more}"]


def _without(after: Mapping[str, Rows], checked: Checked, communes: Communes) -> list[str]:
    """Communes of the territory that no row names: the census vouches for them too, and says it.

    A census without any supply vouches for nothing, and says that.
    """
    if checked.accepted and not any(after.get(s.name) for s in sheets() if s.supply):
        return [
            "le recensement n'a ni établissement ni total communal : une fois chargé, l'offre sera "
            "inconnue, et la démonstration ne sera plus montrée"
        ]
    named = {
        row[sheet.stored.index("code_insee")]
        for sheet in sheets()
        if sheet.name in ("offre", "communes_desservies")
        for row in after.get(sheet.name, [])
    }
    silent = len(communes.inside - named) if checked.tells_supply else 0
    if not silent:
        return []
    if silent == 1:
        return [
            "la commune du territoire que le fichier ne nomme pas sera tenue pour sans "
            "établissement"
        ]
    return [
        f"les {silent} communes du territoire que le fichier ne nomme pas seront tenues pour "
        "sans établissement"
    ]
