"""Check a plan: its sheets against one another and against those that stay in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from observatory.french.numbers import plural
from observatory.plan.plan_across import NAMED, PlanAcross, indicators_of, named_keys
from observatory.plan.plan_readers import PlanReading
from observatory.plan.plan_rows import plan_contract, plan_sheets
from observatory.workbook.checking import Across, check_workbook
from observatory.workbook.contract import Sheet
from observatory.workbook.problems import WorkbookError, short
from observatory.workbook.raw import FileLimits
from observatory.workbook.results import Checked, CheckedTable, Rows
from observatory.workbook.stored import Tables

REFERRED = ("actions", "indicateurs", "instances")


def check(
    files: Sequence[Path],
    communes: Mapping[str, str] | None = None,
    *,
    kept: Tables | None = None,
    limits: FileLimits | None = None,
    names: Sequence[str] = (),
) -> Checked:
    """Read the files of one plan and sort their rows.

    Parameters
    ----------
    communes : mapping, optional
        Name of each commune of the territory by INSEE code; without them names are not read.
    kept : mapping of str to rows, optional
        The plan in place: what a sheet that the files lack still says.

    Raises
    ------
    WorkbookError
        When a file as a whole cannot be read, or would leave a sheet in place without the rows
        that it names.
    """
    kept = kept or {}

    def across_of(sheet: Sheet, done: Sequence[CheckedTable], complete: bool) -> Across:
        stand = plan_after(kept, Checked(list(done), [], []))
        aside = {
            name: frozenset(i for t in done if t.sheet.name == name for i in t.rejected_keys)
            for name in REFERRED
        }
        known = {name: named_keys(stand.get(name, [])) for name in REFERRED}
        followed = next(s for s in plan_sheets() if s.name == "indicateurs")
        return PlanAcross(
            sheet,
            known,
            {name: ids - known[name] for name, ids in aside.items()},
            {s.name: s.title for s in plan_sheets()},
            indicators_of(followed, stand.get("indicateurs", [])),
        )

    checked = check_workbook(
        plan_contract(),
        files,
        reading=PlanReading(communes=communes or {}),
        across_of=across_of,
        complete=False,
        limits=limits,
        names=names,
    )
    if not communes:
        checked.notes.append(
            "aucune version en service : les communes sont jugées sur la seule forme de leur code"
        )
    if not checked.rejected and (faults := orphans(plan_after(kept, checked))):
        raise WorkbookError(
            f"le plan en place ne tiendrait plus : {faults[0]}"
            + (f" ; et {plural(len(faults) - 1, 'autre')}" if len(faults) > 1 else ""),
            mend="Donner aussi cette feuille, corrigée, dans le même fichier.",
        )
    return checked


def plan_after(kept: Tables, checked: Checked) -> dict[str, Rows]:
    """The plan after a load: each sheet of the files replaces the one in place."""
    found = {t.sheet.name for t in checked.tables}
    after = {**kept, **{name: checked.rows(name) for name in found}}
    return {name: rows for name, rows in after.items() if rows}


def orphans(tables: Tables) -> list[str]:
    """Rows that name what no other sheet holds, in words."""
    found = []
    for sheet in plan_sheets():
        for column, other in NAMED.get(sheet.name, ()):
            known, at = named_keys(tables.get(other, [])), sheet.stored.index(column)
            gone = {r[at] for r in tables.get(sheet.name, []) if r[at]} - known
            found += [
                f"la feuille « {sheet.title} » nomme {short(value)}, qui n'existe plus"
                for value in sorted(gone)
            ]
    return found
