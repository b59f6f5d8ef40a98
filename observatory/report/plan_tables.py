"""Tables of the plan, for slides and for the schéma alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from observatory.french import dates, numbers, vocabulary
from observatory.plan import figures_said
from observatory.plan.figures_said import on_the_way
from observatory.plan.plan_words import ACTION_STATUSES, FUNDING_NATURES
from observatory.report.document import Block, table
from observatory.report.document_plan import DocumentPlan

BROKEN = "rupture de méthode"
REACHED = "cible atteinte"
NO_DAY = "sans date"
NO_YEAR = "année non dite"
EXAMPLE = "exemple"


def late_and_done(plan: DocumentPlan) -> Block:
    """The actions that are late or done, axis by axis; each axis says its own count first."""
    rows: list[list[str]] = []
    strong = []
    for axis, actions in plan.actions.groupby("axis", sort=False):
        strong.append(len(rows))
        rows.append([str(axis), counted(actions), "", ""])
        rows += [
            [
                f"{row['action']} · {row['title']}",
                "en retard" if row["late"] else ACTION_STATUSES[str(row["status"])].lower(),
                day_words(row["last_day"]),
                steps_words(row),
            ]
            for row in actions[actions["late"] | actions["done"]].to_dict("records")
        ]
    return {
        **table(
            "Actions en retard et réalisées, par axe",
            ["Axe et action", "État", "Échéance", "Étapes"],
            rows,
            words=4,
            widths=[4.6, 3.2, 1.5, 2.2],
        ),
        "strong": strong,
    }


def counted(actions: pd.DataFrame) -> str:
    """How many actions there are, done and late."""
    done, late = int(actions["done"].sum()), int(actions["late"].sum())
    parts = [numbers.plural(len(actions), "action")]
    parts += [numbers.plural(done, "réalisée")] if done else []
    parts += [f"{numbers.number(late)} en retard"] if late else []
    return ", ".join(parts)


def steps_words(row: Mapping[Any, Any]) -> str:
    """How many steps are done, and late."""
    if not row["steps"]:
        return vocabulary.NOTHING
    late = f", {numbers.number(row['steps_late'])} en retard" if row["steps_late"] else ""
    return f"{numbers.number(row['steps_done'])} sur {numbers.number(row['steps'])}{late}"


def day_words(day: Any) -> str:
    """A day in figures, or that there is none."""
    return NO_DAY if pd.isna(day) else dates.short_date(day)


def indicators_table(plan: DocumentPlan) -> Block:
    """Each indicator from its baseline to its target; what cannot be told says why."""
    return table(
        "Indicateurs, du départ à la cible",
        ["Indicateur", "Départ", "Dernière valeur", "Cible", "Où on en est"],
        [
            [
                f"{row['name']} ({row['unit']})" if row["unit"] else str(row["name"]),
                _dated(
                    row["baseline"],
                    row["baseline_day"],
                    vocabulary.MASKED if row["baseline_masked"] else "",
                ),
                _dated(row["value"], row["value_day"], str(row["state"] or "")),
                _dated(row["target"], row["target_day"], "à fixer"),
                standing_words(row),
            ]
            for row in plan.standing.to_dict("records")
        ],
        words=1,
        widths=[3.6, 1.8, 1.8, 1.8, 2.2],
    )


def standing_words(row: Mapping[Any, Any]) -> str:
    """Where an indicator stands: the share of the way, or why none is told."""
    example = f" ({EXAMPLE})" if row["demonstration"] else ""
    if row["broken"]:
        return BROKEN + example
    if row["reached"] is True:
        return REACHED + example
    if row["baseline_masked"] or row["state"] == vocabulary.MASKED:
        return vocabulary.MASKED
    if pd.isna(row["share"]):
        return vocabulary.UNKNOWN
    late = ", échéance passée" if row["overdue"] else ""
    return f"{on_the_way(row['share'])}{late}{example}"


def figures_table(plan: DocumentPlan, *, aims: bool) -> Block:
    """What the figures say of each indicator, beside what the département did meanwhile.

    Parameters
    ----------
    aims : bool
        Whether each says where that is of its target, which another table may tell.
    """
    return table(
        figures_said.TITLE,
        figures_said.HEADINGS,
        [
            [
                f"{one.action} · {one.name}",
                f"{one.here} {one.aim}" if aims else one.here,
                one.beside,
            ]
            for one in plan.said
        ],
        words=3,
        widths=[2.8, 4, 4],
    )


def _dated(value: Any, day: Any, state: str) -> str:
    said = (state or vocabulary.UNKNOWN) if pd.isna(value) else numbers.short_number(value)
    return said if pd.isna(day) else f"{said} ({day.year})"


def money_table(plan: DocumentPlan) -> Block:
    """The money by funder and year; foreseen, committed and spent are never added up."""
    found = plan.money
    natures = list(FUNDING_NATURES)
    rows = [
        [str(r["funder"]), str(r["year"]) or NO_YEAR, *(_euros(r[n]) for n in natures)]
        for r in found.to_dict("records")
    ]
    strong = []
    for year in sorted(set(found["year"])):
        of_year = found[found["year"] == year]
        if len(of_year) > 1:
            strong.append(len(rows))
            rows.append(
                [
                    "Ensemble des financeurs",
                    str(year) or NO_YEAR,
                    *(_euros(of_year[n].sum(min_count=1)) for n in natures),
                ]
            )
    return {
        **table(
            "Financements par financeur et par année, en euros",
            ["Financeur", "Année", *(f"{FUNDING_NATURES[n]} (€)" for n in natures)],
            rows,
            words=2,
            widths=[4, 1.4, 1.8, 1.8, 1.8],
        ),
        "strong": strong,
    }


def _euros(value: Any) -> str:
    return vocabulary.NOTHING if pd.isna(value) else numbers.money(float(value))


def money_means() -> str:
    """What the columns of the money say, and what they do not."""
    return (
        "Prévu, engagé, réalisé : trois états du même argent, jamais additionnés. "
        f"« {vocabulary.NOTHING} » : aucun montant n'est dit. Un ensemble n'additionne que ce "
        "qui est dit."
    )


def steps_table(plan: DocumentPlan) -> Block:
    """The calendar of the plan: every dated step, the nearest first."""
    titles = dict(zip(plan.actions["action"], plan.actions["title"], strict=True))
    steps = plan.sheet("etapes").sort_values("echeance", kind="stable", na_position="last")
    return table(
        "Étapes des actions",
        ["Échéance", "Étape", "Action", "Faite le"],
        [
            [
                day_words(row["echeance"]),
                str(row["etape"]),
                f"{row['action']} · {titles.get(row['action'], '')}",
                _done(row, plan.day),
            ]
            for row in steps.to_dict("records")
        ],
        words=4,
        widths=[1.1, 3, 3, 1.2],
    )


def _done(row: Mapping[Any, Any], day: date) -> str:
    if pd.notna(row["faite_le"]):
        return dates.short_date(row["faite_le"])
    past = pd.notna(row["echeance"]) and row["echeance"].date() < day
    return "pas faite, échéance passée" if past else "à venir"
