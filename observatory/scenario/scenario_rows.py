"""The contract of a scenario: its changes, what they are called, its amounts of money."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated

from pydantic import PlainValidator

from observatory.french.vocabulary import STATUSES, YES_NO
from observatory.knowledge.nomenclature import nomenclature
from observatory.plan.plan_privacy import PlanPrivacy
from observatory.plan.plan_readers import Euros, LongText, Year
from observatory.scenario import scenario_readers as reading
from observatory.scenario.money_of_scenario import amounts
from observatory.scenario.scenario_readers import for_kind, kind_labels, publics
from observatory.workbook.contract import Contract, Sheet, SheetRow, column, sheet_of
from observatory.workbook.readers import DATE, TEXT, Required, Text, Yes

NUMBER = "Un nombre, ou vide"
YES = "oui ou non ; vide veut dire non"
OF_SCENARIO = "Le nom du scénario : le même sur toutes ses lignes."
Kind = Annotated[str, PlainValidator(reading.kind)]
FromDay = Annotated[date, PlainValidator(reading.needed_day)]
OfService = Annotated[
    str, PlainValidator(for_kind("service", reading.service, "Choisir un service."))
]
Place = Annotated[
    str,
    PlainValidator(
        for_kind("etablissement", reading.place_or_name, "Écrire l'identifiant du recensement.")
    ),
]
RunBy = Annotated[str, PlainValidator(for_kind("statut", reading.status, ""))]
Where = Annotated[
    str, PlainValidator(for_kind("commune", reading.commune, "Écrire son code Insee ou son nom."))
]
East = Annotated[float | None, PlainValidator(reading.longitude)]
North = Annotated[float | None, PlainValidator(reading.latitude)]
Places = Annotated[
    float | None,
    PlainValidator(for_kind("places", reading.places, "Écrire un nombre de places.", None)),
]
OfDay = Annotated[str, PlainValidator(for_kind("jour", reading.day_type, ""))]
Number = Annotated[
    float | None, PlainValidator(for_kind("nombre", reading.number, "Écrire un nombre.", None))
]
Share = Annotated[float | None, PlainValidator(reading.leaving)]
PerDwelling = Annotated[
    float | None,
    PlainValidator(
        for_kind(
            "enfants_par_logement", reading.number, "Écrire par exemple 0,2, et sa source.", None
        )
    ),
]
OfAge = Annotated[str, PlainValidator(reading.counted_public)]
CoFunded = Annotated[bool, PlainValidator(reading.cofinanced)]
AnAmount = Annotated[str, PlainValidator(reading.amount)]


class ChangeRow(SheetRow):
    """One dated change of a scenario."""

    scenario: Required = column("Scénario", OF_SCENARIO, TEXT, "Crèche à Dainville")
    changement: Kind = column(
        "Changement", "Ce qui change.", "L'un des changements de la liste", "ouvrir", choices="kind"
    )
    date: FromDay = column("Date", "Le jour à partir duquel il vaut.", DATE, "2027-09-01")
    service: OfService = column(
        "Service", "Ce qui ouvre, ou ce que vise l'objectif.", "L'un des services de la liste",
        "eaje_psu", default="", choices="service",
    )  # fmt: skip
    etablissement: Place = column(
        "Établissement",
        "L'identifiant du recensement de ce qui ferme, s'agrandit ou se déplace ; le nom de ce qui "
        "ouvre, que d'autres lignes peuvent reprendre.",
        "Texte, ou vide", "Crèche des Acacias", default="",
    )  # fmt: skip
    statut: RunBy = column(
        "Statut", "Statut de qui gérerait ; vide : inconnu.", "L'un des statuts, ou vide", "public",
        default="", choices="status",
    )  # fmt: skip
    commune: Where = column(
        "Commune",
        "Où cela se passe ; vide pour un départ d'assistants maternels partout.",
        "Un code Insee ou un nom", "62263", default="", aliases=("code insee",),
    )  # fmt: skip
    longitude: East = column(
        "Longitude", "Est du lieu ; vide : la mairie.", "Degrés décimaux (WGS84), ou vide", "",
        default="", aliases=("lon",),
    )  # fmt: skip
    latitude: North = column(
        "Latitude", "Nord du lieu ; vide : la mairie.", "Degrés décimaux (WGS84), ou vide", "",
        default="", aliases=("lat",),
    )  # fmt: skip
    places: Places = column(
        "Places",
        "Places qui ouvrent, dans l'unité du service ; en plus ou en moins (-12) pour un "
        "agrandissement.",
        NUMBER, "12", default="",
    )  # fmt: skip
    jour: OfDay = column(
        "Type de jour", "Pour les accueils de loisirs seulement.", "Un type de jour, ou vide", "",
        default="", choices="day_type",
    )  # fmt: skip
    nombre: Number = column(
        "Nombre",
        "Assistants maternels qui partent, enfants, logements, ou valeur de l'objectif dans "
        "l'unité du taux.",
        NUMBER, "", default="",
    )  # fmt: skip
    part: Share = column(
        "Part", "Part des assistants maternels qui partent, en pourcentage.", NUMBER, "",
        default="", made=True,
    )  # fmt: skip
    enfants_par_logement: PerDwelling = column(
        "Enfants par logement",
        "Enfants de la classe d'âge par logement nouveau : une hypothèse, avec sa source.",
        NUMBER, "", default="",
    )  # fmt: skip
    public: OfAge = column(
        "Classe d'âge", "Les enfants comptés ; vide : de 0 à 2 ans.", "Une classe, ou vide", "",
        default="", choices="public",
    )  # fmt: skip
    cofinance: CoFunded = column(
        "Cofinancé par la collectivité",
        "Oui si une collectivité signataire de la Ctg cofinance ces places : sans elle, pas de "
        "bonus territoire.",
        YES, "oui", default=False, choices="yes",
    )  # fmt: skip
    source: Text = column(
        "Source", "D'où vient l'hypothèse.", TEXT, "Projet de la commune", default=""
    )


class ScenarioRow(SheetRow):
    """What is said of a scenario as a whole."""

    scenario: Required = column("Scénario", OF_SCENARIO, TEXT, "Crèche à Dainville")
    description: LongText = column(
        "Description", "Ce qu'il met à l'épreuve.", TEXT, "Douze places près de la gare", default=""
    )
    copil: Yes = column(
        "Montré au comité", "Oui : les documents du comité le montrent.", YES, "non",
        default=False, choices="yes",
    )  # fmt: skip


class AmountRow(SheetRow):
    """One amount of money, in place of the usual one."""

    scenario: Required = column("Scénario", OF_SCENARIO, TEXT, "Crèche à Dainville")
    montant: AnAmount = column(
        "Montant", "Ce dont on donne le prix.", "L'un des montants de la liste", "bonus_territoire",
        choices="amount",
    )  # fmt: skip
    euros: Euros = column("Euros", "Dans l'unité du montant.", "Un nombre", "3100")
    annee: Year = column("Année", "L'année du montant.", "Une année", "2025", default="")
    source: Text = column("Source", "D'où il vient.", TEXT, "Caf du Pas-de-Calais", default="")


@cache
def scenario_contract() -> Contract:
    """The contract of a file of scenarios."""
    names = nomenclature()
    return Contract(
        title="Scénarios",
        of_it="des scénarios",
        sheets=(
            sheet_of(
                "changements", "Changements", ChangeRow,
                ("scenario", "changement", "date", "etablissement", "commune"), PlanPrivacy,
            ),
            sheet_of("scenarios", "Scénarios", ScenarioRow, ("scenario",), PlanPrivacy),
            sheet_of("montants", "Montants", AmountRow, ("scenario", "montant"), PlanPrivacy),
        ),
        introduction=(
            "Une ligne par changement daté. Un fichier peut porter plusieurs scénarios : leur nom "
            "les distingue. Seule la feuille « Changements » est indispensable.",
            "Rien n'entre dans le recensement : un scénario se calcule par-dessus les chiffres "
            "publiés. Simulation, pas prévision.",
            "Une commune dont les assistants maternels sont masqués change avec toutes les "
            "communes masquées, ensemble.",
        ),
        lists={
            "kind": kind_labels(),
            "service": {
                i: s.label for i, s in names.services.items() if s.grain != "commune"
            },
            "status": STATUSES,
            "day_type": names.day_types,
            "public": publics(),
            "amount": {i: a.label for i, a in amounts().items()},
            "yes": {word: word for word in YES_NO.values()},
        },
        plain_lists=frozenset({"yes"}),
        widths={"scenario": 28, "etablissement": 28, "description": 60, "source": 34},
        template_hint="Repartir du modèle : observatory scenario template --out scenario.xlsx.",
    )  # fmt: skip


def scenario_sheets() -> tuple[Sheet, ...]:
    """The sheets, in the order in which they are checked."""
    return scenario_contract().sheets
