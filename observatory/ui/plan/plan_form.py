"""Fields of one row of the plan to edit: an action by what it is of, a note, a value, a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from observatory.french.dates import today
from observatory.french.vocabulary import NOTHING, YES_NO
from observatory.knowledge.nomenclature import nomenclature
from observatory.plan.edited_plan import editable, key_of
from observatory.plan.plan_edits import PlanEdit
from observatory.plan.plan_readers import JOINED
from observatory.plan.plan_rows import plan_contract
from observatory.plan.plan_subjects import row_said, row_subject
from observatory.plan.plan_words import EVALUATION
from observatory.ui.controls.row_fields import Draw, RowFields
from observatory.workbook.contract import Sheet, SheetColumn
from observatory.workbook.results import Rows
from observatory.workbook.stored import Tables

GROUPS: Mapping[str, Sequence[str]] = {
    "Où elle en est": ("statut", "priorite", "debut", "fin", "public"),
    "Ce qu'elle est": (
        "identifiant", "axe", "titre", "objectif", "description", "theme", "services", "communes",
        "publics", "resultats_attendus",
    ),
    "Qui, avec quoi": (
        "pilote", "structure_pilote", "partenaires", "autres_contrats", "moyens",
    ),
    "Évaluation": tuple(EVALUATION),
}  # fmt: skip
"""The columns of an action, as the form groups them."""
LONG = frozenset(
    {"objectif", "description", "partenaires", "moyens", "resultats_attendus", *EVALUATION, "note",
     "decision", "contribution", "suite_donnee", "raison"}
)  # fmt: skip
"""Columns that hold several sentences."""
OF_ACTION: Mapping[str, str] = {
    "actions": "L'action",
    "suivi": "Notes",
    "releves": "Valeurs relevées",
    "etapes": "Étapes",
    "financements": "Financements",
    "indicateurs": "Indicateurs",
}
"""What is edited of an action, by sheet."""
OF_PLAN: Mapping[str, str] = {
    "actions": "Une action à ajouter",
    "reunions": "Réunions",
    "instances": "Instances",
    "contributions": "Contributions",
    "priorites": "Priorités",
}
"""What is edited of the plan without an action, by sheet."""
NEW: Mapping[str, str] = {
    "etapes": "Nouvelle étape",
    "financements": "Nouveau financement",
    "indicateurs": "Nouvel indicateur",
    "releves": "Nouvelle valeur",
    "suivi": "Nouvelle note",
    "reunions": "Nouvelle décision",
    "instances": "Nouvelle instance",
    "contributions": "Nouvelle contribution",
    "priorites": "Nouveau rang",
}
DEFAULTS: Mapping[str, str] = {
    "statut": "a_venir", "nature": "prevu", "public": YES_NO[False],
}  # fmt: skip
"""What a new row says as long as nobody says otherwise."""
DATED = frozenset({"suivi", "releves"})
"""Sheets whose new row is of today, as long as nobody says otherwise."""


def ask_plan_sheet(action: str) -> Sheet:
    """What of the plan is edited: of one action, or of none."""
    offered = OF_ACTION if action else OF_PLAN
    name: str = st.radio(
        "Ce que vous modifiez",
        list(offered),
        format_func=offered.__getitem__,
        horizontal=True,
        key=f"feuille_{bool(action)}",
    )
    return plan_contract().sheet(name)


def own_rows(tables: Tables, sheet: Sheet, action: str) -> Rows:
    """The rows of a sheet that are of an action; all of them without one."""
    rows = tables.get(sheet.name, [])
    if not action:
        return rows
    if sheet.name == "releves":
        followed = {
            row[0] for row in own_rows(tables, plan_contract().sheet("indicateurs"), action)
        }
        return [row for row in rows if row[sheet.stored.index("indicateur")] in followed]
    at = sheet.stored.index("identifiant" if sheet.name == "actions" else "action")
    return [row for row in rows if row[at] == action]


def ask_plan_row(sheet: Sheet, rows: Rows, action: str) -> list[str] | None:
    """The row to edit; None for a new one."""
    if sheet.name == "actions":
        return rows[0] if action and rows else None
    if not rows:
        return None
    place: int = st.selectbox(
        "Ligne",
        [-1, *range(len(rows))],
        format_func=lambda n: NEW[sheet.name] if n < 0 else _named(sheet, rows[n]),
        key=f"ligne_{sheet.name}_{action}",
    )
    return rows[place] if 0 <= place < len(rows) else None


def _named(sheet: Sheet, row: list[str]) -> str:
    said, subject = row_said(sheet, row), row_subject(sheet, row)
    return f"{subject} – {said}" if said else subject


def ask_plan_edit(
    tables: Tables, sheet: Sheet, row: list[str] | None, action: str, key: str,
    communes: Mapping[str, str],
) -> PlanEdit | None:  # fmt: skip
    """The fields of an edit, as they are; the edit, once it is asked for.

    Parameters
    ----------
    row : list of str or None
        The row that is edited; None for a new one.
    communes : mapping
        Names by INSEE code.
    """
    fixed = {"action": action} if action and "action" in sheet.stored else {}
    stored = dict(zip(sheet.stored, row, strict=True)) if row else _blank(sheet) | fixed
    fields = RowFields(plan_contract(), sheet, drawn=_drawn(tables, sheet, action, communes))
    names = [c for c in editable(sheet, added=row is None) if c not in fixed]
    with st.form(f"plan_{key}", border=True):
        typed = dict[str, str]()
        if sheet.name == "actions":
            for title, group in GROUPS.items():
                st.subheader(title, anchor=False)
                typed |= fields.in_two([c for c in group if c in names], stored, key)
        else:
            typed |= fields.in_two(names, stored, key)
        asked = st.form_submit_button("Ajouter au brouillon", type="primary")
    if asked and row is None:
        said = {c: v.strip() for c, v in typed.items() if v.strip()}
        return PlanEdit(sheet.name, "ajout", (), said | fixed)
    if asked and row is not None:
        changed = fields.changed(typed, stored)
        return PlanEdit(sheet.name, "correction", key_of(sheet, row), changed)
    if row is not None and st.button("Retirer du plan", key=f"retrait_{key}"):
        return PlanEdit(sheet.name, "retrait", key_of(sheet, row))
    return None


def edit_words(edit: PlanEdit, subject: str) -> str:
    """An edit of the plan in one line."""
    sheet = plan_contract().sheet(edit.sheet)
    titles = {c.name: c.title.lower() for c in sheet.columns}
    fields = RowFields(plan_contract(), sheet)

    def value(column: str, text: str) -> str:
        words = fields.label(column, text) if fields.column(column).choices else text
        return words if len(words) <= 200 else f"{words[:199]}…"

    said = ", ".join(
        f"{titles.get(c, c)} : {value(c, v) or NOTHING}"
        for c, v in edit.values.items()
        if c in titles
    )
    natures = {"ajout": "Ajouter", "correction": "Modifier", "retrait": "Retirer"}
    about = f"{natures[edit.nature]} – {sheet.title}" + (f", {subject}" if subject else "")
    return f"{about} – {said}" if said else about


def _blank(sheet: Sheet) -> dict[str, str]:
    row = {c: DEFAULTS.get(c, "") for c in sheet.stored}
    return row | {"date": today().isoformat()} if sheet.name in DATED else row


def _drawn(
    tables: Tables, sheet: Sheet, action: str, communes: Mapping[str, str]
) -> dict[str, Draw]:
    """The columns whose field is a long text, or a choice among what is known."""
    services = {i: s.short for i, s in nomenclature().services.items()}
    drawn: dict[str, Draw] = dict.fromkeys(LONG & set(sheet.stored), _long)
    if "services" in sheet.stored:
        drawn["services"] = _several(services)
    if "communes" in sheet.stored and len(communes) <= MOST_LISTED:
        drawn["communes"] = _several(communes)
    if sheet.name == "releves":
        drawn["indicateur"] = _one(typed_indicators(tables, action))
    if sheet.name in ("reunions", "contributions"):
        actions = plan_contract().sheet("actions")
        titles = {r[0]: row_subject(actions, r) for r in tables.get("actions", [])}
        drawn["action"] = _one({"": "Aucune", **titles})
    if sheet.name == "reunions":
        drawn["instance"] = _one({r[0]: r[0] for r in tables.get("instances", [])})
    return drawn


MOST_LISTED = 1_000
"""Communes of a list: beyond, they are typed."""


def typed_indicators(tables: Tables, action: str) -> dict[str, str]:
    """The indicators of an action that are typed in: words by identifier."""
    sheet = plan_contract().sheet("indicateurs")
    service = sheet.stored.index("service")
    found = own_rows(tables, sheet, action)
    return {r[0]: row_subject(sheet, r) for r in found if not r[service]}


def _long(column: SheetColumn, stored: str, key: str) -> str:
    typed: str = st.text_area(column.title, value=stored, key=key, height=100)
    return typed


def _one(offered: Mapping[str, str]) -> Draw:
    def draw(column: SheetColumn, stored: str, key: str) -> str:
        options = list(dict.fromkeys([*offered, *([stored] if stored else [])]))
        chosen: str | None = st.selectbox(
            column.title,
            options,
            index=options.index(stored) if stored in options else 0 if options else None,
            format_func=lambda o: offered.get(o, o),
            key=key,
        )
        return chosen or ""

    return draw


def _several(offered: Mapping[str, str]) -> Draw:
    def draw(column: SheetColumn, stored: str, key: str) -> str:
        held = [one for one in stored.split(JOINED) if one]
        chosen: list[str] = st.multiselect(
            column.title,
            list(dict.fromkeys([*offered, *held])),
            default=held,
            format_func=lambda o: offered.get(o, o),
            placeholder="Aucun" if column.name == "services" else "Tout le territoire",
            key=key,
        )
        return JOINED.join(chosen)

    return draw
