"""The contract of an action plan: its sheets, beside the actions and the indicators."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import PlainValidator

from observatory.plan.plan_action import PlannedAction
from observatory.plan.plan_communes import SeveralCommunes
from observatory.plan.plan_indicator import PlannedIndicator
from observatory.plan.plan_privacy import PlanPrivacy
from observatory.plan.plan_readers import (
    BodyName,
    Euros,
    Function,
    LongText,
    NeededDay,
    NeededNumber,
    NeededText,
    Payer,
    SeveralServices,
    Year,
    word_of,
)
from observatory.plan.plan_words import plan_lists
from observatory.workbook.contract import Contract, Sheet, SheetRow, column, sheet_of
from observatory.workbook.readers import DATE, TEXT, Day, Identifier, Required, Text, Yes

Nature = Annotated[str, PlainValidator(word_of("funding_nature", "une nature", "prevu"))]
Origin = Annotated[str, PlainValidator(word_of("origin", "une origine"))]
OF_ACTION = "L'identifiant de l'action, comme dans la feuille « Actions »."
AN_ACTION = "Un identifiant de la feuille « Actions »"


class ActionStep(SheetRow):
    """One step of an action."""

    action: Identifier = column("Action", OF_ACTION, AN_ACTION, "A-01")
    etape: Required = column("Étape", "Ce qui doit être fait.", TEXT, "Choix du local")
    echeance: Day = column(
        "Échéance", "Le jour où elle doit l'être.", DATE + ", ou vide", "2025-06-30", default=None
    )
    faite_le: Day = column(
        "Faite le", "Le jour où elle l'a été ; vide : pas encore.", DATE + ", ou vide", "",
        default=None,
    )  # fmt: skip


class ActionFunding(SheetRow):
    """One amount of one funder for an action."""

    action: Identifier = column("Action", OF_ACTION, AN_ACTION, "A-01")
    financeur: Payer = column("Financeur", "L'organisme qui paie.", TEXT, "Caf")
    annee: Year = column(
        "Année", "L'année du montant.", "Une année, ou vide", "2025", default="", aliases=("an",)
    )
    nature: Nature = column(
        "Nature",
        "Prévu, engagé ou réalisé ; vide : prévu. Les trois ne s'additionnent jamais.",
        "L'une des natures de la liste",
        "Prévu",
        default="prevu",
        choices="funding_nature",
    )
    montant_euros: Euros = column(
        "Montant en euros", "Le montant de cette année.", "Un nombre", "12500",
        aliases=("montant", "euros"),
    )  # fmt: skip


class IndicatorReading(SheetRow):
    """One value of an indicator that is typed in."""

    indicateur: Identifier = column(
        "Indicateur", "L'identifiant d'un indicateur saisi.",
        "Un identifiant de la feuille « Indicateurs »", "I-02",
    )  # fmt: skip
    date: NeededDay = column("Date", "Le jour du relevé.", DATE, "2025-12-31")
    valeur: NeededNumber = column("Valeur", "La valeur relevée.", "Un nombre", "420")
    source: Text = column("Source", "D'où elle vient.", TEXT, "Bilan annuel", default="")


class FollowUpNote(SheetRow):
    """One dated note on an action."""

    action: Identifier = column("Action", OF_ACTION, AN_ACTION, "A-01")
    date: NeededDay = column("Date", "Le jour de la note.", DATE, "2025-03-12")
    note: NeededText = column("Note", "Où on en est, sans nommer personne.", TEXT, "Local trouvé.")
    public: Yes = column(
        "Montrée au public", "Oui : la note se montre avec l'action, si celle-ci est montrée.",
        "oui ou non ; vide veut dire non", "non", default=False, choices="yes",
    )  # fmt: skip


class GoverningBody(SheetRow):
    """One body of the governance of the convention."""

    nom: BodyName = column("Nom", "L'instance.", TEXT, "Comité de pilotage", aliases=("instance",))
    role: Function = column("Rôle", "Ce qu'elle décide.", TEXT, "Valide le plan et son bilan",
                             default="")  # fmt: skip


class Meeting(SheetRow):
    """One subject or decision of a meeting."""

    instance: Required = column(
        "Instance", "L'instance réunie.", "Un nom de la feuille « Instances »", "Comité de pilotage"
    )
    date: NeededDay = column("Date", "Le jour de la réunion.", DATE, "2025-04-10")
    decision: NeededText = column(
        "Décision ou sujet", "Ce qui a été décidé, ou débattu.", TEXT, "L'action A-01 est prolongée"
    )
    action: Text = column(
        "Action", "L'action dont il s'agit, s'il y en a une.", AN_ACTION + ", ou vide", "A-01",
        default="",
    )  # fmt: skip


class PlanContribution(SheetRow):
    """One contribution of residents, of the young, of families or of partners."""

    date: NeededDay = column("Date", "Le jour où elle a été recueillie.", DATE, "2025-05-17")
    origine: Origin = column(
        "Origine", "De qui elle vient, en général.", "L'une des origines de la liste", "Jeunes",
        choices="origin",
    )  # fmt: skip
    evenement: Text = column(
        "Événement", "Où elle a été recueillie.", TEXT, "Journée de la jeunesse", default=""
    )
    contribution: NeededText = column(
        "Contribution", "Ce qui a été dit, sans dire qui l'a dit.", TEXT, "Un lieu ouvert le soir."
    )
    action: Text = column(
        "Action", "L'action qu'elle touche, s'il y en a une.", AN_ACTION + ", ou vide", "A-01",
        default="",
    )  # fmt: skip
    suite_donnee: LongText = column(
        "Suite donnée", "Ce qui en a été fait.", TEXT, "Retenue : action A-03", default="",
        aliases=("suite",),
    )  # fmt: skip


class CommitteePriority(SheetRow):
    """One priority in the committee's own order."""

    rang: NeededNumber = column("Rang", "La place dans l'ordre du comité.", "Un nombre", "1")
    services: SeveralServices = column(
        "Services", "Ce dont il s'agit.", "Des services de la nomenclature", "eaje",
        aliases=("service",),
    )  # fmt: skip
    communes: SeveralCommunes = column(
        "Communes", "Où ; vide : tout le territoire.",
        "Des codes Insee ou des noms, séparés par des points-virgules, ou vide", "62041",
        default="", aliases=("commune",),
    )  # fmt: skip
    raison: NeededText = column(
        "Raison", "Pourquoi, sans nommer personne.", TEXT, "Deux crèches ferment en 2027."
    )
    instance: Function = column(
        "Instance", "Qui l'a décidé, jamais une personne.", TEXT, "Comité de pilotage", default=""
    )
    decide_le: Day = column("Décidé le", "Le jour.", DATE + ", ou vide", "2026-06-18", default=None)
    public: Yes = column(
        "Montrée au public", "Oui : la priorité se montre à tous.",
        "oui ou non ; vide veut dire non", "non", default=False, choices="yes",
    )  # fmt: skip


@cache
def plan_contract() -> Contract:
    """The contract of an action plan."""

    def part(name: str, title: str, model: type[SheetRow], *key: str) -> Sheet:
        return sheet_of(name, title, model, key, PlanPrivacy)

    return Contract(
        title="Plan d'actions",
        of_it="du plan d'actions",
        sheets=(
            part("actions", "Actions", PlannedAction, "identifiant"),
            part("etapes", "Étapes", ActionStep, "action", "etape"),
            part(
                "financements", "Financements", ActionFunding,
                "action", "financeur", "annee", "nature",
            ),
            part("indicateurs", "Indicateurs", PlannedIndicator, "identifiant"),
            part("releves", "Relevés", IndicatorReading, "indicateur", "date"),
            part("suivi", "Suivi", FollowUpNote, "action", "date", "note"),
            part("instances", "Instances", GoverningBody, "nom"),
            part("reunions", "Réunions", Meeting, "instance", "date", "decision"),
            part(
                "contributions", "Contributions", PlanContribution,
                "date", "origine", "contribution",
            ),
            part("priorites", "Priorités", CommitteePriority, "rang"),
        ),
        introduction=(
            "Une ligne par action dans la feuille « Actions » ; les autres feuilles la nomment par "
            "son identifiant. Seule la feuille « Actions » est indispensable.",
            "Des fonctions et des organismes, jamais le nom ni les coordonnées d'une personne.",
            "Un indicateur est lié à un chiffre de l'observatoire, et se remplit seul, ou bien "
            "saisi, et se remplit par la feuille « Relevés ».",
            "Une feuille présente dans le fichier remplace celle qui est en place, même vide ; une "
            "feuille absente reste comme elle est.",
        ),
        lists=plan_lists(),
        plain_lists=frozenset({"yes"}),
        widths={"titre": 40, "axe": 30, "description": 60, "note": 60, "decision": 60,
                "contribution": 60, "etape": 40, "nom": 40},
        template_hint="Repartir du modèle : observatory plan template --out plan.xlsx.",
        mapping_hint="Un plan tenu dans un autre outil : observatory plan import.",
        size_hint="Le découper.",
    )  # fmt: skip


def plan_sheets() -> tuple[Sheet, ...]:
    """The sheets, in the order in which they are checked."""
    return plan_contract().sheets
