"""The part of a plan that a document may show: all of it to the committee, or its public part."""

from __future__ import annotations

from collections.abc import Mapping

from observatory.french.vocabulary import YES_NO
from observatory.plan.plan_rows import plan_contract
from observatory.workbook.results import Rows

YES = YES_NO[True]
WITHIN = frozenset({"pilote", "moyens", "coherence", "atteinte", "moyens_evaluation", "durabilite"})
"""Columns of an action that are not for the public."""
KEPT_APART = frozenset({"instances", "reunions", "contributions"})
"""Sheets that are not for the public."""


def public_part(plan: Mapping[str, Rows]) -> dict[str, Rows]:
    """The rows that the public may read, in the form of the store, as ``public_tables`` has them.

    The actions marked public without functions, means nor evaluation; their steps, amounts and
    indicators; their notes, and the priorities of the committee, that are marked public themselves.
    """
    actions, names = plan.get("actions", []), plan_contract().sheet("actions").stored
    at = {name: names.index(name) for name in names}
    shown = [row for row in actions if row[at["public"]] == YES]
    ids = {row[at["identifiant"]] for row in shown}
    found: dict[str, Rows] = {
        "actions": [
            ["" if name in WITHIN else cell for name, cell in zip(names, row, strict=True)]
            for row in shown
        ]
    }
    for sheet in plan_contract().sheets:
        if sheet.name in ("actions", "releves") or sheet.name in KEPT_APART:
            continue
        rows = plan.get(sheet.name, [])
        if "action" in sheet.stored:
            place = sheet.stored.index("action")
            rows = [row for row in rows if row[place] in ids]
        if "public" in sheet.stored:
            mark = sheet.stored.index("public")
            rows = [row for row in rows if row[mark] == YES]
        found[sheet.name] = rows
    of = plan_contract().sheet("indicateurs").stored.index("identifiant")
    followed = {row[of] for row in found["indicateurs"]}
    typed = plan_contract().sheet("releves").stored.index("indicateur")
    found["releves"] = [row for row in plan.get("releves", []) if row[typed] in followed]
    return found
