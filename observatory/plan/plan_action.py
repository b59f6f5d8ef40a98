"""The columns of an action of the plan."""

from __future__ import annotations

from typing import Annotated

from pydantic import PlainValidator

from observatory.plan.plan_communes import SeveralCommunes
from observatory.plan.plan_readers import (
    Bodies,
    Function,
    LastDay,
    LongText,
    NeededText,
    SeveralServices,
    word_of,
)
from observatory.workbook.contract import SheetRow, column
from observatory.workbook.readers import DATE, TEXT, Day, Identifier, Text, Yes

Status = Annotated[str, PlainValidator(word_of("action_status", "un statut", "a_venir"))]
Priority = Annotated[str, PlainValidator(word_of("priority", "un niveau de priorité", ""))]
YES = "oui ou non ; vide veut dire non"
EVALUATED = "Ce qu'en dit l'évaluation. Ne se montre qu'aux planificateurs."


class PlannedAction(SheetRow):
    """One action of the plan."""

    identifiant: Identifier = column(
        "Identifiant",
        "Un code court et stable, que les autres feuilles reprennent.",
        TEXT,
        "A-01",
        aliases=("id", "code", "numero", "n"),
    )
    axe: NeededText = column(
        "Axe",
        "L'axe ou l'enjeu de la convention dont relève l'action.",
        TEXT,
        "Accès aux droits",
        aliases=("enjeu", "axe ou enjeu"),
    )
    objectif: LongText = column(
        "Objectif", "Ce que l'action doit faire changer.", TEXT, "Rompre l'isolement", default=""
    )
    titre: NeededText = column(
        "Titre", "L'action en quelques mots.", TEXT, "Forum des associations", aliases=("action",)
    )
    description: LongText = column(
        "Description",
        "Ce qui sera fait, sans nommer personne.",
        TEXT,
        "Chaque automne, un forum des associations des communes.",
        default="",
        aliases=("descriptif",),
    )
    theme: Text = column(
        "Thème", "Le thème de la convention.", TEXT, "Animation de la vie sociale", default="",
        aliases=("thematique",),
    )  # fmt: skip
    services: SeveralServices = column(
        "Services",
        "Les services que l'action touche, séparés par des points-virgules.",
        "Des services de la nomenclature, ou vide",
        "eaje_psu ; rpe",
        default="",
        aliases=("service",),
    )
    pilote: Function = column(
        "Pilote",
        "La fonction ou le service qui conduit l'action, jamais le nom d'une personne.",
        "Une fonction",
        "Coordinatrice Ctg",
        default="",
        aliases=("fonction pilote", "direction ou service pilote"),
    )
    structure_pilote: Function = column(
        "Structure pilote", "L'organisme qui porte l'action.", TEXT, "CCAS", default="",
        aliases=("porteur",),
    )  # fmt: skip
    partenaires: Bodies = column(
        "Partenaires", "Les organismes qui y prennent part.", TEXT, "Caf ; MSA", default=""
    )
    publics: Text = column(
        "Publics", "À qui l'action s'adresse.", TEXT, "Jeunes de 11 à 17 ans", default="",
        aliases=("cibles",),
    )  # fmt: skip
    communes: SeveralCommunes = column(
        "Communes",
        "Les communes concernées, par leur code Insee ou leur nom, séparées par des "
        "points-virgules. Vide : tout le territoire.",
        "Codes Insee ou noms, ou vide",
        "62041 ; 62004",
        default="",
    )
    debut: Day = column(
        "Début", "Premier jour de l'action.", DATE + ", ou vide", "2024-09-01", default=None,
        aliases=("date de debut",),
    )  # fmt: skip
    fin: LastDay = column(
        "Fin",
        "Dernier jour de l'action : au-delà, sans être réalisée, elle est en retard.",
        DATE + ", ou vide",
        "2026-12-31",
        default=None,
        aliases=("date de fin",),
    )
    statut: Status = column(
        "Statut", "Où en est l'action ; vide : à venir.", "L'un des statuts de la liste",
        "En cours", default="a_venir", choices="action_status",
    )  # fmt: skip
    priorite: Priority = column(
        "Priorité", "Son niveau de priorité.", "L'un des niveaux de la liste, ou vide", "Élevé",
        default="", choices="priority", aliases=("niveau de priorite",),
    )  # fmt: skip
    moyens: LongText = column(
        "Moyens", "Moyens humains et techniques, sans nommer personne.", TEXT, "0,5 ETP",
        default="", aliases=("moyens humains et techniques",),
    )  # fmt: skip
    resultats_attendus: LongText = column(
        "Résultats attendus", "À quoi la réussite se verra.", TEXT, "30 associations présentes",
        default="",
    )  # fmt: skip
    autres_contrats: Text = column(
        "Autres contrats",
        "Les contrats où l'action figure aussi : contrat de ville, CRTE, PEdT…",
        TEXT,
        "Contrat de ville ; PEdT",
        default="",
    )
    coherence: LongText = column("Cohérence", EVALUATED, TEXT, "", default="")
    atteinte: LongText = column("Atteinte des objectifs", EVALUATED, TEXT, "", default="")
    moyens_evaluation: LongText = column("Bilan des moyens", EVALUATED, TEXT, "", default="")
    durabilite: LongText = column("Durabilité des effets", EVALUATED, TEXT, "", default="")
    public: Yes = column(
        "Montrée au public",
        "Oui : l'action, ses étapes, ses financements et ses indicateurs se montrent à tous, sans "
        "la fonction du pilote ni le bilan.",
        YES,
        "non",
        default=False,
        choices="yes",
    )
    demonstration: Yes = column(
        "Démonstration", "Oui pour un exemple, qui est alors marqué comme tel.", YES, "non",
        default=False, choices="yes",
    )  # fmt: skip
