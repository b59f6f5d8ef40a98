"""The row of an establishment: its columns, and what each may hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import PlainValidator

from observatory.census import coordinates, optional_columns, rules
from observatory.census import told_columns as told
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
from observatory.french.spelling import plain
from observatory.french.vocabulary import POSITIONS
from observatory.workbook.contract import SheetRow, column
from observatory.workbook.readers import DATE, TEXT, Day, Identifier, Required, Text, Yes

Service = Annotated[str, PlainValidator(rules.service)]
Status = Annotated[str, PlainValidator(rules.status)]
Closing = Annotated[date | None, PlainValidator(rules.closing)]
Opening = Annotated[date | None, PlainValidator(rules.opening)]
DayType = Annotated[str, PlainValidator(rules.day_type)]
Capacity = Annotated[float | None, PlainValidator(rules.capacity)]
Longitude = Annotated[float | None, PlainValidator(coordinates.longitude)]
Latitude = Annotated[float | None, PlainValidator(coordinates.latitude)]
EastLambert = Annotated[float | None, PlainValidator(coordinates.east_lambert)]
NorthLambert = Annotated[float | None, PlainValidator(coordinates.north_lambert)]
Position = Annotated[str, PlainValidator(coordinates.position)]
Score = Annotated[float | None, PlainValidator(coordinates.score)]
Occupancy = Annotated[float | None, PlainValidator(optional_columns.occupancy)]
Requests = Annotated[float | None, PlainValidator(optional_columns.requests)]
KnownYes = Annotated[bool | None, PlainValidator(optional_columns.known_yes)]
Euros = Annotated[float | None, PlainValidator(optional_columns.euros)]


class Establishment(SheetRow):
    """One capacity of an establishment: an ALSH has one row per type of day."""

    identifiant: Identifier = column(
        "Identifiant",
        "Nom court et stable de l'établissement, choisi par le territoire. Le même sur toutes ses "
        "lignes, et d'un fichier à l'autre.",
        "Texte, 100 caractères au plus",
        "ARRAS-MA-01",
        aliases=("id", "identifiant etablissement"),
        likely=("code structure", "numero", "siret", "reference", "code equipement", "gid", "uid"),
        instead=("nom",),
    )
    nom: Required = column(
        "Nom",
        "Nom de l'établissement ou du service, jamais celui d'une personne.",
        "Texte",
        "Multi-accueil Les Lutins",
        aliases=("nom de l etablissement",),
        likely=(
            "denomination",
            "raison sociale",
            "structure",
            "nom de la structure",
            "nom equipement",
            "equip nom",
            "libelle",
            "intitule",
            "etablissement",
            "creche",
        ),
    )
    service: Service = column(
        "Service",
        "Ce qui est offert. Les assistants maternels n'ont pas de ligne ici : leurs totaux vont "
        "dans la feuille « Totaux communaux ».",
        "L'un des services de la liste",
        "eaje_psu",
        choices="service",
        aliases=("type de service",),
        likely=(
            "type",
            "type de structure",
            "type d accueil",
            "type d etablissement",
            "type equipement",
            "categorie",
            "mode d accueil",
            "nature",
            "activite",
        ),
    )
    statut: Status = column(
        "Statut",
        "Statut de qui gère.",
        "L'un des statuts de la liste",
        "public",
        choices="status",
        likely=(
            "statut juridique",
            "secteur",
            "type de gestion",
            "mode de gestion",
            "public prive",
        ),
    )
    gestionnaire: Text = column(
        "Gestionnaire",
        "Qui gère : commune, association, entreprise.",
        TEXT,
        "Ville",
        default="",
        likely=("organisme gestionnaire", "nom du gestionnaire", "porteur", "organisme"),
    )
    commune: CommuneName = name_column()
    code_postal: Postcode = postcode_column()
    code_insee: Commune = column(
        "Code Insee de la commune",
        "Commune où se trouve l'établissement. Pas le code postal.",
        CODE,
        "62041",
        aliases=("code commune", "insee", "code insee commune"),
        likely=("code com", "depcom", "codgeo", "com insee"),
        instead=NAMED,
        made=True,
    )
    adresse: Text = column(
        "Adresse",
        "Numéro et voie. Deux ALSH à la même adresse, le même type de jour, comptent pour le plus "
        "grand des deux.",
        TEXT,
        "12 rue des Écoles",
        default="",
        likely=("adresse postale", "adresse complete", "voie", "rue", "numero et voie"),
    )
    longitude: Longitude = column(
        "Longitude",
        "Longitude de l'entrée, en degrés (WGS84). Sans elle, l'établissement est montré à la "
        f"mairie, « position {POSITIONS['approximate']} ».",
        "Degrés décimaux",
        "2.77689",
        default=None,
        aliases=("lon", "long"),
    )
    latitude: Latitude = column(
        "Latitude",
        "Latitude de l'entrée, en degrés (WGS84).",
        "Degrés décimaux",
        "50.29004",
        default=None,
        aliases=("lat",),
    )
    x_lambert93: EastLambert = column(
        "X Lambert-93",
        "À la place de la longitude : abscisse en mètres (Lambert-93, métropole).",
        "Mètres",
        "684280.5",
        default=None,
        aliases=("x", "lambert x", "x l93"),
        stored=False,
        written=False,
    )
    y_lambert93: NorthLambert = column(
        "Y Lambert-93",
        "À la place de la latitude : ordonnée en mètres (Lambert-93, métropole).",
        "Mètres",
        "7021390.2",
        default=None,
        aliases=("y", "lambert y", "y l93"),
        stored=False,
        written=False,
    )
    jour: DayType = column(
        "Type de jour",
        "Pour les accueils de loisirs seulement : une ligne par type de jour. Vide pour les "
        "autres services.",
        "L'un des types de jour de la liste, ou vide",
        "mercredi",
        default="",
        choices="day_type",
        aliases=("type jour",),
    )
    capacite: Capacity = column(
        "Capacité",
        "Dans l'unité du service : places ; ETP d'animation pour un RPE ; heures d'ouverture par "
        "an pour un LAEP ; 1 pour une ludothèque, un centre social, un espace de vie sociale.",
        "Un nombre, entier pour les places",
        "20",
        aliases=("capacite d accueil", "nombre de places", "nb places", "places"),
        likely=(
            "places agreees",
            "capacite agreee",
            "capacite totale",
            "capacite theorique",
            "nb de places",
            "nbre places",
            "agrement",
            "effectif",
            "berceaux",
        ),
    )
    depuis: Day = column(
        "Capacité depuis le",
        "Premier jour de cette capacité. Vide : depuis l'ouverture. Une capacité qui change se dit "
        "sur une nouvelle ligne, l'ancienne restant en place.",
        DATE + ", ou vide",
        "2025-01-01",
        default=None,
    )
    ouverture: Opening = column(
        "Ouverture",
        "Premier jour d'ouverture. Vide : ouvert depuis toujours.",
        DATE + ", ou vide",
        "2019-09-02",
        default=None,
        aliases=("date d ouverture", "date ouverture"),
    )
    fermeture: Closing = column(
        "Fermeture",
        "Premier jour où l'établissement n'est plus ouvert. Vide : toujours ouvert.",
        DATE + ", ou vide",
        "2026-07-01",
        default=None,
        aliases=("date de fermeture", "date fermeture"),
    )
    source: Text = source_column("Enquête auprès des gestionnaires")
    date_source: Day = source_day_column("2026-06-30", aliases=("date de source",))
    demonstration: Yes = demonstration_column(
        "« oui » pour une ligne inventée : l'application le dit alors partout."
    )
    position: Position = column(
        "Position",
        f"Rempli par l'observatoire : {', '.join(POSITIONS.values())} (mairie). À laisser vide.",
        "exact, geocoded, approximate, ou vide",
        "exact",
        default="",
        choices="position",
        written=False,
    )
    score_geocodage: Score = column(
        "Score du géocodage",
        "Rempli par l'observatoire : confiance du géocodeur, de 0 à 1. À laisser vide.",
        "Un nombre de 0 à 1, ou vide",
        "0.92",
        default=None,
        written=False,
    )
    occupation: Occupancy = told.occupancy_column()
    demandes_non_satisfaites: Requests = told.requests_column()
    horaires_atypiques: KnownYes = told.atypical_column()
    accueil_handicap: KnownYes = told.disability_column()
    fin_convention: Day = told.funding_end_column()
    bonus: Euros = told.bonus_column()
    note: Text = told.note_column()

    def values(self) -> Mapping[str, Any]:
        """Values by column; metres become degrees, an identifier that nobody gave is made."""
        made: dict[str, Any] = {}
        if not self.identifiant:
            made["identifiant"] = made_identifier(self.nom, self.code_insee)
        if self.x_lambert93 is not None and self.y_lambert93 is not None and self.longitude is None:
            lon, lat = coordinates.from_lambert(self.x_lambert93, self.y_lambert93)
            made |= {"longitude": lon, "latitude": lat}
        return {**self.__dict__, **made} if made else self.__dict__


def made_identifier(name: str, code: str) -> str:
    """An identifier made of a name and a commune: the same, the next time that the list comes."""
    words = plain(name).upper().replace(" ", "-") or "SANS-NOM"
    return f"{words[:80]}-{code}"
