"""Check a census: its sheets against one another, places, duplicates, what it leaves out."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from observatory.census.across import Establishments, ServedCommunes
from observatory.census.commune_codes import Communes
from observatory.census.doubtful_codes import told_once
from observatory.census.duplicates import possible_duplicates
from observatory.census.place import place_establishments
from observatory.census.refused_places import refused_places
from observatory.census.row_privacy import names_childminder
from observatory.census.rules import CensusReading
from observatory.census.sheets import SUPPLY, census_contract, sheets
from observatory.french.numbers import agreed, plural
from observatory.workbook.checking import Across, SaidOnce, check_workbook, kept_until_done
from observatory.workbook.contract import Contract, Sheet
from observatory.workbook.mapping import HeadingMapping
from observatory.workbook.raw import FileLimits
from observatory.workbook.results import Checked, CheckedTable, Rows
from observatory.workbook.stored import Tables, merged

SAID_ONCE = {
    "totaux_communaux": "ce total",
    "eleves": "cet effectif",
    "competences": "cette compétence de la même commune",
}


@kept_until_done()
def check(
    files: Sequence[Path],
    communes: Communes | None = None,
    *,
    kept: Mapping[str, Rows] | None = None,
    complete: bool | None = None,
    limits: FileLimits | None = None,
    names: Sequence[str] = (),
    mapping: HeadingMapping | None = None,
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
        when they hold rows that were rejected and corrected.
    names : sequence of str
        What messages call each file; its own name by default.
    mapping : HeadingMapping, optional
        What headings and words of the files' own mean.

    Raises
    ------
    WorkbookError
        When a file as a whole cannot be read.
    """
    communes, kept = communes or Communes(), kept or {}
    establishments = Establishments()

    def across_of(sheet: Sheet, done: Sequence[CheckedTable], complete: bool) -> Across:
        if complete and not establishments.ids:
            for row in kept.get("offre", []):
                establishments.remember("dans le recensement en place", row)
        return _across(sheet, establishments, done, kept, complete)

    contract = _without_childminders((mapping or HeadingMapping()).applied(census_contract()))
    result = check_workbook(
        contract,
        files,
        reading=CensusReading(communes=communes, kept=_codes(kept)),
        across_of=across_of,
        complete=complete,
        limits=limits,
        names=names,
    )
    result.warnings[:] = told_once(result.warnings)
    for checked in result.tables:
        if checked.sheet.name == "offre":
            result.warnings += place_establishments(checked, communes)
            result.warnings += possible_duplicates(checked)
    result.notes += _outside(result.tables, communes)
    after = census_after(kept, result, result.complete)
    result.notes += refused_places(result.tables, after, communes)
    result.notes += _without(after, result, communes)
    return result


def _codes(kept: Mapping[str, Rows]) -> frozenset[str]:
    """Codes of the communes of a census."""
    return frozenset(
        row[one.stored.index("code_insee")]
        for one in sheets()
        if "code_insee" in one.stored
        for row in kept.get(one.name, [])
    )


def _without_childminders(contract: Contract) -> Contract:
    """The contract, none of whose words makes an establishment of an assistant maternel."""

    def kept(sheet: Sheet) -> Sheet:
        words = sheet.spoken.get("service", {})
        public = {word: value for word, value in words.items() if not names_childminder(word)}
        return dataclasses.replace(sheet, spoken={**sheet.spoken, "service": public})

    return dataclasses.replace(contract, sheets=tuple(map(kept, contract.sheets)))


def tells_supply(checked: Checked) -> bool:
    """Whether an accepted row tells of the supply."""
    return any(t.accepted for t in checked.tables if t.sheet.name in SUPPLY)


def census_after(kept: Tables, checked: Checked, complete: bool) -> dict[str, Rows]:
    """The census after a load; communes served by an establishment that is gone go with it."""
    after = merged(census_contract(), kept, checked, complete)
    if "communes_desservies" in after:
        ids = {row[0] for row in after.get("offre", [])}
        after["communes_desservies"] = [r for r in after["communes_desservies"] if r[0] in ids]
    return after


def _across(
    sheet: Sheet,
    establishments: Establishments,
    done: Sequence[CheckedTable],
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
    return ServedCommunes(ids, frozenset(i for t in done for i in t.rejected_keys) - ids)


def _outside(done: Sequence[CheckedTable], communes: Communes) -> list[str]:
    """Rows of communes that are not of the territory: kept, and said."""
    if not communes.names:
        return ["aucune version en service : les codes de commune sont jugés sur leur seule forme"]
    outside = Counter(
        row[at]
        for t in done
        if t.sheet.name in ("offre", "eleves", "competences")
        for at in [t.sheet.stored.index("code_insee")]
        for row in t.accepted
        if row[at] not in communes.inside
    )
    if not outside:
        return []
    names = ", ".join(communes.name(c) for c, _ in outside.most_common(3))
    more = ", …" if len(outside) > 3 else ""
    kept = agreed(outside.total(), "gardée")
    return [f"{plural(outside.total(), 'ligne')} hors du territoire, {kept} : {names}{more}"]


def _without(after: Mapping[str, Rows], checked: Checked, communes: Communes) -> list[str]:
    """Communes of the territory that no row names: the census vouches for them too, and says it.

    A census without any supply vouches for nothing, and says that.
    """
    if checked.accepted and not any(after.get(name) for name in SUPPLY):
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
    silent = len(communes.inside - named) if tells_supply(checked) else 0
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
