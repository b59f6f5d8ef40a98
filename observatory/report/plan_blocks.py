"""The plan in the schéma: action sheets by axis, money, calendar, indicators, evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from observatory.french import dates, vocabulary
from observatory.knowledge.nomenclature import nomenclature
from observatory.plan import figures_said
from observatory.plan.plan_words import (
    ACTION_STATUSES,
    CONTRIBUTION_ORIGINS,
    EVALUATION,
    PRIORITIES,
)
from observatory.report.document import (
    Block,
    bullets,
    heading,
    note,
    paragraph,
    table,
    to_complete,
)
from observatory.report.document_plan import DocumentPlan
from observatory.report.plan_tables import (
    counted,
    day_words,
    figures_table,
    indicators_table,
    late_and_done,
    money_means,
    money_table,
    steps_table,
)

FIELDS: Mapping[str, str] = {
    "objectif": "Objectif",
    "description": "Description",
    "theme": "Thème",
    "publics": "Publics",
    "services": "Services",
    "communes": "Communes",
    "pilote": "Pilote (fonction)",
    "structure_pilote": "Structure pilote",
    "partenaires": "Partenaires",
    "moyens": "Moyens",
    "resultats_attendus": "Résultats attendus",
    "autres_contrats": "Autres contrats",
}
"""What the sheet of an action says, in its order; what is not filled in is not there."""
NO_PLAN = "Aucun plan d'actions n'est chargé."
ASKED = "Effets constatés, avec ceux qui ont mené l'action et ceux à qui elle s'adresse."


def action_sheets(plan: DocumentPlan, names: Mapping[str, str]) -> list[Block]:
    """One sheet per action, axis by axis.

    Parameters
    ----------
    names : mapping
        Name of each commune by INSEE code.
    """
    if plan.is_empty:
        return [paragraph(NO_PLAN)]
    blocks: list[Block] = []
    for axis, actions in plan.sheet("actions").groupby("axe", sort=False):
        of_axis = plan.actions[plan.actions["axis"] == axis]
        blocks += [heading(2, f"Axe : {axis}"), paragraph(f"{counted(of_axis)}.")]
        blocks += [_sheet({str(k): v for k, v in r.items()}, names) for r in
                   actions.to_dict("records")]  # fmt: skip
    return blocks


def _sheet(row: Mapping[str, Any], names: Mapping[str, str]) -> Block:
    labels = {i: s.label for i, s in nomenclature().services.items()}
    in_words = {
        **row,
        "services": _listed(row["services"], labels),
        "communes": _listed(row["communes"], names) or "tout le territoire",
    }
    told = [[label, str(in_words[name])] for name, label in FIELDS.items() if in_words[name]]
    told += [
        ["Calendrier", f"du {day_words(row['debut'])} au {day_words(row['fin'])}"],
        ["Statut", ACTION_STATUSES[row["statut"]]],
    ]
    if row["priorite"]:
        told.append(["Priorité", PRIORITIES[row["priorite"]]])
    return table(
        f"{row['identifiant']} · {row['titre']}", ["Rubrique", "Contenu"], told, words=2,
        widths=[1, 3.4],
    )  # fmt: skip


def _listed(ids: str, names: Mapping[str, str]) -> str:
    return ", ".join(names.get(i, i) for i in ids.split(", ") if i)


def funding(plan: DocumentPlan) -> list[Block]:
    """The money of the plan by funder and year."""
    if plan.is_empty:
        return [paragraph(NO_PLAN)]
    found = money_table(plan)
    if not found["rows"]:
        return [paragraph("Aucun montant n'est dit au plan : ce n'est pas zéro euro.")]
    return [found, note(money_means())]


def calendar(plan: DocumentPlan) -> list[Block]:
    """The steps of the plan."""
    if plan.is_empty:
        return [paragraph(NO_PLAN)]
    found = steps_table(plan)
    return [found] if found["rows"] else [paragraph("Aucune étape n'est datée au plan.")]


def followed(plan: DocumentPlan) -> list[Block]:
    """Where the actions and the indicators stand."""
    if plan.is_empty:
        return [paragraph(NO_PLAN)]
    shown = indicators_table(plan)
    return [
        late_and_done(plan),
        *(
            [
                shown,
                note(
                    "Une rupture de méthode ne se lit pas comme un progrès. "
                    f"{vocabulary.MASKED_MEANS}. "
                    f"« {vocabulary.UNKNOWN} » n'est jamais zéro."
                ),
            ]
            if shown["rows"]
            else [paragraph("Aucun indicateur n'est au plan.")]
        ),
    ]


def evaluation(plan: DocumentPlan) -> list[Block]:
    """What the figures say, then the four questions, each with the plan's answers or a space."""
    rows = plan.sheet("actions").to_dict("records")
    blocks: list[Block] = []
    if plan.said:
        told = figures_table(plan, aims=True)
        blocks += [heading(3, figures_said.TITLE), told, note(figures_said.RULE)]
    for column, question in EVALUATION.items():
        said = [f"{r['identifiant']} · {r['titre']} : {r[column]}" for r in rows if r[column]]
        blocks += [
            heading(3, question),
            bullets(said) if said else to_complete(ASKED),
        ]
    return blocks


def contributions(plan: DocumentPlan) -> list[Block]:
    """What residents, the young, families and partners said; nothing where nobody was heard."""
    rows = plan.sheet("contributions").to_dict("records")
    if not rows:
        return []
    return [
        table(
            "Contributions recueillies",
            ["Date", "Origine", "Événement", "Ce qui a été dit", "Suite donnée"],
            [
                [
                    dates.short_date(r["date"]),
                    CONTRIBUTION_ORIGINS[r["origine"]],
                    str(r["evenement"]) or vocabulary.NOTHING,
                    str(r["contribution"]),
                    str(r["suite_donnee"]) or vocabulary.NOTHING,
                ]
                for r in rows
            ],
            words=5,
            widths=[1.1, 1.1, 1.6, 3, 2.2],
        )
    ]
