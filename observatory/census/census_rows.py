"""The rows of a census: the columns of its sheets, and what each may hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import PlainValidator

from observatory.census import competences, coordinates, optional_columns, rules
from observatory.french.spelling import plain
from observatory.french.vocabulary import POSITIONS
from observatory.workbook import readers
from observatory.workbook.contract import SheetRow, column
from observatory.workbook.readers import DATE, TEXT, Identifier, Required, Text, Yes

CODE = "Cinq caractères, le zéro de tête compris"
NAMED = ("commune", "code_postal")
"""Columns that make up for the INSEE code."""

Service = Annotated[str, PlainValidator(rules.service)]
TotalService = Annotated[str, PlainValidator(rules.total_service)]
Status = Annotated[str, PlainValidator(rules.status)]
CommuneName = Annotated[str, PlainValidator(rules.commune_name)]
Postcode = Annotated[str, PlainValidator(rules.postcode)]
Commune = Annotated[str, PlainValidator(rules.commune)]
GivenCommune = Annotated[str, PlainValidator(rules.given_commune)]
Day = Annotated[date | None, PlainValidator(readers.day)]
RequiredDay = Annotated[date | None, PlainValidator(rules.required_day)]
Closing = Annotated[date | None, PlainValidator(rules.closing)]
Opening = Annotated[date | None, PlainValidator(rules.opening)]
DayType = Annotated[str, PlainValidator(rules.day_type)]
Capacity = Annotated[float | None, PlainValidator(rules.capacity)]
Headcount = Annotated[float | None, PlainValidator(rules.headcount)]
Places = Annotated[float | None, PlainValidator(rules.places)]
PupilCount = Annotated[float, PlainValidator(rules.pupils)]
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
Competence = Annotated[str, PlainValidator(competences.competence)]
Holder = Annotated[str, PlainValidator(competences.holder)]


def _name() -> Any:
    return column(
        "Commune",
        "Nom de la commune, lu quand le code Insee manque ; quand il est là, il est comparé.",
        "Un nom de commune, ou vide",
        "Arras",
        default="",
        aliases=("nom de la commune", "nom commune", "libelle commune", "ville"),
        likely=("localite", "commune d implantation", "commune de l etablissement"),
        stored=False,
        written=False,
    )


def _postcode() -> Any:
    return column(
        "Code postal",
        "Départage deux communes de même nom ; seul, il suffit quand il n'est que d'une commune et "
        "que la table des codes postaux est là.",
        "Cinq chiffres, ou vide",
        "62000",
        default="",
        aliases=("cp", "codepostal"),
        stored=False,
        written=False,
    )


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
    commune: CommuneName = _name()
    code_postal: Postcode = _postcode()
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
    source: Text = column(
        "Source", "D'où vient le chiffre.", TEXT, "Enquête auprès des gestionnaires", default=""
    )
    date_source: Day = column(
        "Date de la source",
        "Jour où le chiffre était vrai.",
        DATE + ", ou vide",
        "2026-06-30",
        default=None,
        aliases=("date de source",),
    )
    demonstration: Yes = column(
        "Démonstration",
        "« oui » pour une ligne inventée : l'application le dit alors partout.",
        "oui ou non ; vide : non",
        "non",
        default=False,
        choices="yes",
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
    occupation: Occupancy = column(
        "Taux d'occupation (%)",
        "Part des heures offertes qui sont facturées, telle que le gestionnaire la déclare.",
        "Un pourcentage de 0 à 200, ou vide : inconnu",
        "85",
        default=None,
        aliases=("taux d occupation", "taux occupation"),
        likely=("occupation facturee", "taux de remplissage", "taux d occupation facture"),
    )
    demandes_non_satisfaites: Requests = column(
        "Demandes non satisfaites",
        "Demandes restées sans place : la liste d'attente, chaque enfant compté une fois.",
        "Un entier, 0 compris, ou vide : inconnu",
        "14",
        default=None,
        aliases=("liste d attente", "demandes en attente"),
        likely=("attente", "nb demandes", "enfants en attente", "demandes refusees"),
    )
    horaires_atypiques: KnownYes = column(
        "Horaires atypiques",
        "« oui » quand l'établissement accueille avant 7 h, après 19 h, la nuit ou le week-end.",
        "oui ou non ; vide : inconnu",
        "non",
        default=None,
        choices="yes",
        likely=("horaires elargis", "horaires decales"),
    )
    accueil_handicap: KnownYes = column(
        "Accueil du handicap",
        "« oui » quand l'établissement accueille des enfants en situation de handicap.",
        "oui ou non ; vide : inconnu",
        "oui",
        default=None,
        choices="yes",
        likely=("handicap", "accueil enfants handicapes", "inclusion", "pmr"),
    )
    fin_convention: Day = column(
        "Fin de la convention de financement",
        "Dernier jour de la convention d'objectifs et de financement.",
        DATE + ", ou vide",
        "2027-12-31",
        default=None,
        aliases=("fin de convention", "date de fin de convention"),
        likely=("echeance convention", "fin cof", "echeance"),
    )
    bonus: Euros = column(
        "Bonus (euros par place et par an)",
        "Bonus territoire ou mixité reçu pour une place. Pour les planificateurs seulement : il "
        "n'entre dans aucune page publique ni aucun fichier public.",
        "Un montant en euros, ou vide",
        "2600",
        default=None,
        aliases=("bonus territoire",),
        likely=("montant bonus", "bonus ctg"),
    )
    note: Text = column(
        "Note",
        "Pour les planificateurs seulement, sans nommer personne : elle n'est jamais publiée.",
        TEXT,
        "Projet d'extension à l'étude",
        default="",
        likely=("remarque", "remarques", "commentaire", "commentaires", "observations"),
    )

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

    commune: CommuneName = _name()
    code_postal: Postcode = _postcode()
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
    source: Text = column("Source", "D'où vient le chiffre.", TEXT, "Caf", default="")
    date_source: Day = column(
        "Date de la source",
        "Jour où le chiffre était vrai.",
        DATE + ", ou vide",
        "2025-12-31",
        default=None,
    )
    demonstration: Yes = column(
        "Démonstration",
        "« oui » pour une ligne inventée.",
        "oui ou non ; vide : non",
        "non",
        default=False,
        choices="yes",
    )


class Pupils(SheetRow):
    """The pupils of a commune's schools, from the first day of a school year."""

    commune: CommuneName = _name()
    code_postal: Postcode = _postcode()
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
    source: Text = column(
        "Source", "D'où vient le chiffre.", TEXT, "Éducation nationale", default=""
    )
    date_source: Day = column(
        "Date de la source",
        "Jour où le chiffre était vrai.",
        DATE + ", ou vide",
        "2025-10-01",
        default=None,
    )
    demonstration: Yes = column(
        "Démonstration",
        "« oui » pour une ligne inventée.",
        "oui ou non ; vide : non",
        "non",
        default=False,
        choices="yes",
    )


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
