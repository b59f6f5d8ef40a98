"""The slides of the action plan."""

from __future__ import annotations

from observatory.french import dates, numbers, vocabulary
from observatory.plan import figures_said
from observatory.report.document import paragraph
from observatory.report.document_plan import DocumentPlan
from observatory.report.plan_tables import (
    counted,
    figures_table,
    indicators_table,
    late_and_done,
    money_means,
    money_table,
)
from observatory.report.slides import Slide

EXAMPLE = "Plan de démonstration : un exemple, pas celui du territoire."


def actions_slide(plan: DocumentPlan) -> Slide:
    """The actions that are late or done, by axis."""
    return Slide(
        f"Plan d'actions : {counted(plan.actions)}",
        "Par axe : les actions en retard, puis celles qui sont réalisées.",
        (late_and_done(plan),),
        plan_foot(
            plan,
            "En retard : à venir ou en cours après son dernier jour, ou à venir après son premier.",
        ),
    )


def indicators_slide(plan: DocumentPlan) -> Slide:
    """The indicators, from their baseline to their target."""
    block = indicators_table(plan)
    standing = plan.standing
    told = standing["target"].notna()
    reached = int((told & standing["reached"].eq(True)).sum())
    foot = plan_foot(
        plan,
        f"Une rupture de méthode ne se lit pas comme un progrès ; {vocabulary.MASKED_MEANS}.",
    )
    if not block["rows"]:
        return Slide(
            "Aucun indicateur n'est au plan",
            body=(paragraph("Une convention s'évalue par un départ, une cible et un suivi."),),
            foot=foot,
        )
    count = numbers.plural(reached, "cible atteinte", "cibles atteintes")
    title = (
        f"{count if reached else 'aucune cible atteinte'} sur {numbers.number(int(told.sum()))}"
        if told.any()
        else "aucun n'a de cible"
    )
    if standing["value"].isna().all():
        title = "aucune valeur connue encore"
    return Slide(f"Indicateurs : {title}", body=(block,), foot=foot)


def figures_slide(plan: DocumentPlan) -> Slide | None:
    """What the figures say, beside what the département did; none where no value is known."""
    if not plan.said or plan.standing["value"].isna().all():
        return None
    return Slide(
        figures_said.TITLE,
        "De chaque indicateur, et du département aux mêmes dates.",
        (figures_table(plan, aims=False),),
        plan_foot(plan, f"{figures_said.RULE} {vocabulary.MASKED_MEANS}."),
    )


def money_slide(plan: DocumentPlan) -> Slide:
    """The money by funder and year."""
    block = money_table(plan)
    foot = plan_foot(plan, money_means())
    if not block["rows"]:
        return Slide(
            "Aucun financement n'est dit au plan",
            body=(paragraph("Aucun montant n'est écrit : ce n'est pas zéro euro."),),
            foot=foot,
        )
    return Slide("Financements par financeur et par année", body=(block,), foot=foot)


def plan_foot(plan: DocumentPlan, rule: str) -> str:
    """Where a slide of the plan comes from, and its rule."""
    day = dates.long_date(plan.day)
    example = f" {EXAMPLE}" if plan.is_example else ""
    return f"Source : plan d'actions du territoire, au {day}.{example} {rule}"
