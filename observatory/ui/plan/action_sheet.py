"""One action of the plan in full: what it is, its steps, its money, its notes, its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from observatory.french import dates, numbers
from observatory.french.spelling import inside
from observatory.french.vocabulary import NOTHING
from observatory.knowledge.nomenclature import nomenclature
from observatory.plan import figures_said
from observatory.plan.figures_said import FigureSaid
from observatory.plan.plan_frames import plan_frame
from observatory.plan.plan_readers import JOINED
from observatory.plan.plan_words import EVALUATION, FUNDING_NATURES
from observatory.ui.controls import visit
from observatory.ui.plan.calendar import day_of
from observatory.ui.plan.figures_made import offer_figures_made
from observatory.ui.plan.indicator_curves import show_curves
from observatory.ui.plan.tables_of_plan import period_words, show_indicators, state_words
from observatory.ui.shell import blocks
from observatory.ui.shell.data import Version
from observatory.ui.tables.narrow import wide_table
from observatory.workbook.results import Rows

FACTS = {
    "objectif": "Objectif",
    "theme": "Thème",
    "pilote": "Pilote (fonction)",
    "structure_pilote": "Structure pilote",
    "partenaires": "Partenaires",
    "publics": "Publics",
    "resultats_attendus": "Résultats attendus",
    "moyens": "Moyens",
    "autres_contrats": "Autres contrats",
}
"""What is told of an action, by column of the sheet « Actions »; what nobody filled in is left."""


def show_action(
    version: Version,
    plan: Mapping[str, Rows],
    standing: Mapping[str, Any],
    indicators: pd.DataFrame,
    values: pd.DataFrame,
    said: Sequence[FigureSaid],
    communes: Mapping[str, str],
    today: date,
) -> None:
    """Show one action.

    Parameters
    ----------
    plan : mapping
        Rows by sheet: the whole plan, or its public part.
    standing : mapping
        The row of the action in ``plan.progress.progress``.
    indicators : DataFrame
        Those of the action, as ``plan.indicator_standing.standing_today`` gives them.
    values : DataFrame
        Theirs over time, as ``plan.indicator_course.indicator_course`` gives them.
    said : sequence of FigureSaid
        What the figures say of them.
    communes : mapping
        Names by INSEE code.
    """
    id_ = standing["action"]
    actions = plan_frame(plan, "actions")
    action = actions[actions["identifiant"] == id_].iloc[0]
    st.header(blocks.as_label(str(action["titre"])), anchor=False)
    blocks.paragraph(f"{action['axe']} · {state_words(standing)} · {period_words(standing)}")
    if action["description"]:
        blocks.prose(str(action["description"]))
    facts = [[label, str(action[c])] for c, label in FACTS.items() if str(action[c]).strip()]
    facts.append(["Communes", _places(str(action["communes"]), communes)])
    services = _services(str(action["services"]))
    if services:
        named = ", ".join(nomenclature().services[s].short for s in services)
        facts.append(["Services", named])
    blocks.table("L'action", ["Rubrique", "Ce que dit le plan"], facts, words=True)
    if services:
        _to_the_map(services[0], str(action["communes"]))
    if not indicators.empty:
        show_curves(indicators, values)
        show_indicators(indicators)
        offer_figures_made(version, plan, indicators, today)
    _steps(plan, id_)
    _money(plan, id_)
    _notes(plan, id_)
    if said:
        st.subheader(figures_said.TITLE, anchor=False)
        rows = [[one.name, f"{one.here} {one.aim}", one.beside] for one in said]
        wide_table(figures_said.TITLE, figures_said.HEADINGS, rows, words={1, 2}, dense=True)
        blocks.paragraph(figures_said.RULE)
    asked = {w: str(action[c]) for c, w in EVALUATION.items() if str(action[c]).strip()}
    if asked:
        blocks.table("Évaluation", ["Question", "Réponse"], list(asked.items()), words=True)


def _places(codes: str, communes: Mapping[str, str]) -> str:
    named = [communes.get(code, code) for code in codes.split(JOINED) if code]
    return ", ".join(named) or "tout le territoire"


def _services(text: str) -> Sequence[str]:
    known = nomenclature().services
    return [one for one in text.split(JOINED) if one in known]


def _to_the_map(service: str, codes: str) -> None:
    """A button that opens the map on the service of the action, and on its commune."""
    places = [code for code in codes.split(JOINED) if code]
    words = inside(nomenclature().services[service].short)

    def opened() -> None:
        visit.pick("service", service)
        visit.pick("mesure", "ecart")
        visit.pick("commune", places[0] if len(places) == 1 else "")

    if st.button(f"Voir sur la carte : {words}", on_click=opened):
        st.switch_page("observatory/ui/pages/carte.py")


def _own(plan: Mapping[str, Rows], sheet: str, action: str) -> pd.DataFrame:
    rows = plan_frame(plan, sheet)
    return rows[rows["action"] == action]


def _day(value: object) -> str:
    found = day_of(value)
    return dates.short_date(found) if found else NOTHING


def _steps(plan: Mapping[str, Rows], action: str) -> None:
    rows = _own(plan, "etapes", action)
    if rows.empty:
        return
    blocks.table(
        "Étapes",
        ["Étape", "Échéance", "Faite le"],
        [
            [str(r["etape"]), _day(r["echeance"]), _day(r["faite_le"])]
            for r in rows.to_dict("records")
        ],
    )


def _money(plan: Mapping[str, Rows], action: str) -> None:
    rows = _own(plan, "financements", action)
    if rows.empty:
        return
    blocks.table(
        "Financements",
        ["Financeur", "Année", "Nature", "Montant"],
        [
            [
                str(r["financeur"]),
                str(r["annee"]) or NOTHING,
                FUNDING_NATURES[str(r["nature"])],
                numbers.euros(float(r["montant_euros"])),
            ]
            for r in rows.to_dict("records")
        ],
    )


def _notes(plan: Mapping[str, Rows], action: str) -> None:
    rows = _own(plan, "suivi", action).sort_values("date", ascending=False)
    if rows.empty:
        return
    blocks.table(
        "Suivi",
        ["Date", "Note"],
        [[_day(r["date"]), str(r["note"])] for r in rows.to_dict("records")],
        words=True,
    )
