"""The rows of the other sheets of a census: communes served, totals, pupils, competences."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import PlainValidator

from observatory.census import competences, rules
from observatory.census.naming_columns import (
    CODE,
    NAMED,
    Commune,
    CommuneName,
    Postcode,
    name_column,
    postcode_column,
)
from observatory.census.sourced_columns import (
    demonstration_column,
    source_column,
    source_day_column,
)
from observatory.workbook.contract import SheetRow, column
from observatory.workbook.readers import DATE, TEXT, Day, Identifier, Text, Yes

TotalService = Annotated[str, PlainValidator(rules.total_service)]
GivenCommune = Annotated[str, PlainValidator(rules.given_commune)]
RequiredDay = Annotated[date | None, PlainValidator(rules.required_day)]
Headcount = Annotated[float | None, PlainValidator(rules.headcount)]
Places = Annotated[float | None, PlainValidator(rules.places)]
PupilCount = Annotated[float, PlainValidator(rules.pupils)]
Competence = Annotated[str, PlainValidator(competences.competence)]
Holder = Annotated[str, PlainValidator(competences.holder)]


class Served(SheetRow):
    """One commune that an establishment serves, its own included."""

    identifiant: Identifier = column(
        "Identifiant",
        "L'établissement, comme dans la feuille « Établissements ».",
        "Un identifiant de la feuille « Établissements »",
        "RPE-01",
        aliases=("id",),
    )
    code_insee: GivenCommune = column(
        "Code Insee de la commune desservie",
        "Une ligne par commune desservie, celle du siège comprise. Sans aucune ligne, "
        "l'établissement dessert sa seule commune.",
        CODE,
        "62004",
        aliases=("code commune", "insee", "code insee de la commune", "commune desservie"),
    )


class CommuneTotal(SheetRow):
    """One total of a commune: what no establishment holds."""

    commune: CommuneName = name_column()
    code_postal: Postcode = postcode_column()
    code_insee: GivenCommune = column(
        "Code Insee de la commune",
        "La commune. Rien d'autre ne doit permettre de reconnaître une personne.",
        CODE,
        "62004",
        aliases=("code commune", "insee"),
        instead=NAMED,
        made=True,
    )
    service: TotalService = column(
        "Service",
        "Ce qui est compté. Les maisons d'assistants maternels (MAM) comptent parmi les "
        "assistants maternels.",
        "L'un des services de la liste",
        "assistants_maternels",
        choices="total_service",
    )
    effectif: Headcount = column(
        "Effectif",
        "Assistants maternels qui accueillent effectivement des enfants. Vide pour les autres "
        "services.",
        "Un entier, ou vide",
        "33",
        default=None,
    )
    places: Places = column(
        "Places",
        "Places offertes dans la commune. Vide seulement quand l'effectif est connu.",
        "Un nombre",
        "95",
        aliases=("capacite",),
    )
    depuis: RequiredDay = column(
        "Depuis le",
        "Jour depuis lequel ce total est vrai. Un nouveau total se dit sur une nouvelle ligne.",
        DATE,
        "2025-12-31",
        aliases=("date", "au"),
    )
    source: Text = source_column("Caf")
    date_source: Day = source_day_column("2025-12-31")
    demonstration: Yes = demonstration_column()


class Pupils(SheetRow):
    """The pupils of a commune's schools, from the first day of a school year."""

    commune: CommuneName = name_column()
    code_postal: Postcode = postcode_column()
    code_insee: GivenCommune = column(
        "Code Insee de la commune",
        "La commune de l'école, pas celle où habite l'enfant. Une commune sans école a sa ligne, "
        "avec 0 élève : sans ligne, son effectif est inconnu.",
        CODE,
        "62041",
        aliases=("code commune", "insee"),
        instead=NAMED,
        made=True,
    )
    eleves: PupilCount = column(
        "Élèves",
        "Enfants scolarisés dans la commune, de la maternelle au CM2, écoles publiques et privées. "
        "Ils sont le public de l'accueil du matin, du midi et du soir.",
        "Un entier",
        "412",
        aliases=("nombre d eleves", "effectif", "effectif scolaire"),
    )
    depuis: RequiredDay = column(
        "Depuis la rentrée du",
        "Jour de la rentrée. Une nouvelle rentrée se dit sur une nouvelle ligne.",
        DATE,
        "2025-09-01",
        aliases=("depuis le", "rentree", "date"),
    )
    source: Text = source_column("Éducation nationale")
    date_source: Day = source_day_column("2025-10-01")
    demonstration: Yes = demonstration_column()


class Transfer(SheetRow):
    """Who exercises one competence of a commune as organising authority."""

    code_insee: Commune = column(
        "Code Insee de la commune",
        "Une ligne par commune et par compétence. Une commune sans ligne est « non renseignée », "
        "jamais « non transférée ».",
        CODE,
        "62041",
        aliases=("code commune", "insee"),
    )
    competence: Competence = column(
        "Compétence",
        "Ce que la loi confie à la commune, autorité organisatrice de l'accueil du jeune enfant.",
        "L'une des compétences de la liste",
        "planification",
        choices="competence",
    )
    exercee_par: Holder = column(
        "Exercée par",
        "Qui l'exerce : la commune elle-même, ou l'EPCI ou le syndicat mixte à qui elle l'a "
        "transférée.",
        "L'un des choix de la liste",
        "commune",
        choices="holder",
        aliases=("exerce par", "porteur", "autorite"),
    )
    depuis: Day = column(
        "Depuis le",
        "Premier jour où elle l'exerce ainsi. Vide : date inconnue, tenue pour passée.",
        DATE + ", ou vide",
        "2025-01-01",
        default=None,
        aliases=("date", "date d effet"),
    )
    source: Text = column(
        "Source",
        "La délibération ou les statuts qui le disent, sans nommer personne.",
        TEXT,
        "Délibération du conseil municipal",
        default="",
        aliases=("deliberation",),
    )
    date_source: Day = column(
        "Date de la source",
        "Jour de cette délibération ou de ces statuts.",
        DATE + ", ou vide",
        "2024-12-12",
        default=None,
    )
