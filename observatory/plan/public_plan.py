"""What a version carries of a plan: the actions marked public, without functions nor evaluation.

Versions are read by public pages: what is not here cannot be shown there.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from observatory.plan.hidden_figures import followers_of_persons
from observatory.plan.plan_rows import plan_contract
from observatory.plan.shown_plan import YES, public_part
from observatory.workbook.results import Rows

PUBLIC: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "action": (
        "actions",
        {
            "id": "identifiant", "axis": "axe", "aim": "objectif", "title": "titre",
            "description": "description", "theme": "theme", "services": "services",
            "structure": "structure_pilote", "partners": "partenaires", "publics": "publics",
            "communes": "communes", "first_day": "debut", "last_day": "fin", "status": "statut",
            "priority": "priorite", "expected": "resultats_attendus",
            "other_contracts": "autres_contrats", "demonstration": "demonstration",
        },
    ),
    "action_step": (
        "etapes", {"action": "action", "step": "etape", "due": "echeance", "done": "faite_le"},
    ),
    "action_funding": (
        "financements",
        {"action": "action", "funder": "financeur", "year": "annee", "nature": "nature",
         "euros": "montant_euros"},
    ),
    "indicator": (
        "indicateurs",
        {"id": "identifiant", "action": "action", "name": "nom", "kind": "genre",
         "service": "service", "day_type": "type_jour", "measure": "mesure",
         "definition": "definition", "communes": "communes", "unit": "unite",
         "baseline": "depart", "baseline_day": "depart_le", "target": "cible",
         "target_day": "cible_le"},
    ),
    "indicator_reading": (
        "releves",
        {"indicator": "indicateur", "day": "date", "value": "valeur", "source": "source"},
    ),
    "action_note": ("suivi", {"action": "action", "day": "date", "said": "note"}),
    "committee_priority": (
        "priorites",
        {"rank": "rang", "services": "services", "communes": "communes", "reason": "raison",
         "body": "instance", "decided": "decide_le"},
    ),
}  # fmt: skip
"""Sheet of each table, and the column of the sheet that each of its own is made of."""
TYPES: Mapping[str, str] = {
    **dict.fromkeys(("first_day", "last_day", "due", "done", "day", "decided"), "DATE"),
    **dict.fromkeys(("baseline_day", "target_day"), "DATE"),
    **dict.fromkeys(("euros", "baseline", "target", "value", "rank"), "DOUBLE"),
    "year": "INTEGER",
    "demonstration": "BOOLEAN",
}
"""Types of the columns that are not text."""


def public_tables(plan: Mapping[str, Rows]) -> dict[str, pd.DataFrame]:
    """The public part of a plan, as text by table; a null for each empty cell.

    One row per action, step, amount, indicator, reading and note; a note is carried when it is
    marked public, and its action too. The baseline of a figure that may tell of one or two persons
    is left out, whoever typed it in.
    """
    shown = public_part(plan)
    sheets = {name: _frame(shown, name) for name, _ in PUBLIC.values()}
    followed, hidden = sheets["indicateurs"], followers_of_persons(shown)
    told = followed["depart"].mask(followed["identifiant"].isin(hidden), "")
    sheets["indicateurs"] = followed.assign(depart=told)
    tables = {}
    for table, (sheet, columns) in PUBLIC.items():
        rows = sheets[sheet][list(columns.values())].replace("", None)
        tables[table] = rows.set_axis(list(columns), axis="columns")
    found = tables["action"]["demonstration"]
    tables["action"]["demonstration"] = found.map({YES: "true"}).fillna("false")
    return tables


def columns_of(table: str) -> str:
    """The columns of a table of a version, with their types, as SQL declares them."""
    return ", ".join(f"{name} {TYPES.get(name, 'TEXT')}" for name in PUBLIC[table][1])


def _frame(plan: Mapping[str, Rows], name: str) -> pd.DataFrame:
    return pd.DataFrame(
        plan.get(name, []), columns=list(plan_contract().sheet(name).stored), dtype=str
    )
