"""The demonstration census: invented establishments, calibrated on published totals.

``python -m pipelines.demonstration`` writes the three files of ``data/raw/census/embedded`` again,
always the same. No establishment, manager or address in them exists; only the communes do. What is
calibrated: the places of Arras and the coverage rates of the CU d'Arras published by the Cnaf.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from observatory.errors import SourceError
from observatory.settings import Settings

SIREN = "200033579"
SOURCE = "Recensement de démonstration"
SOURCE_DATE = "2026-06-30"
MANAGERS = {"public": "commune", "associatif": "association", "prive": "entreprise"}
ESTABLISHMENT_COLUMNS = (
    "identifiant;nom;service;statut;gestionnaire;code_insee;adresse;longitude;latitude;jour;"
    "capacite;depuis;ouverture;fermeture;source;date_source;demonstration"
)
SERVED_COLUMNS = "identifiant;code_insee"
TOTAL_COLUMNS = "code_insee;service;effectif;places;depuis;source;date_source;demonstration"

# service | kind | commune | status | opened | closed | capacity | served | address
# capacity: "40 2018-09-03:50" grows on that day; a service by type of day names each day first.
# served: "+4" the commune and the 4 nearest that have no such service of their own, "sector" all
# the communes nearer to this seat than to the others.
PLAN = """
eaje_psu | Multi-accueil | Arras | public | 2015-01-05 | | 50 2017-09-04:60
eaje_psu | Multi-accueil | Arras | associatif | 2015-03-02 | | 45 2024-09-02:55
eaje_psu | Multi-accueil | Arras | public | 2015-09-01 | | 40 2024-09-02:52
eaje_psu | Crèche collective | Arras | public | 2015-01-05 | | 42
eaje_psu | Multi-accueil | Arras | associatif | 2016-09-01 | | 40
eaje_psu | Crèche d'entreprise | Arras | prive | 2017-09-04 | | 34
eaje_psu | Halte-garderie | Arras | associatif | 2015-01-05 | 2024-09-02 | 22
eaje_psu | Multi-accueil | Arras | public | 2018-09-03 | | 40
eaje_hors_psu | Micro-crèche | Arras | prive | 2015-09-01 | | 10 2021-09-01:12
eaje_hors_psu | Micro-crèche | Arras | prive | 2016-03-01 | | 10 2021-09-01:12
eaje_hors_psu | Micro-crèche | Arras | associatif | 2016-09-01 | | 10 2021-09-01:12
eaje_hors_psu | Micro-crèche | Arras | prive | 2017-01-09 | 2025-07-01 | 10 2022-01-03:12
eaje_hors_psu | Micro-crèche | Arras | prive | 2017-10-02 | | 10 2022-01-03:12
eaje_hors_psu | Micro-crèche | Arras | prive | 2018-04-03 | | 10 2022-01-03:12
eaje_hors_psu | Micro-crèche | Arras | prive | 2020-10-05 | | 10 2022-01-03:12
eaje_hors_psu | Micro-crèche | Arras | prive | 2021-10-04 | | 12
eaje_hors_psu | Micro-crèche | Arras | associatif | 2022-05-02 | | 12
eaje_hors_psu | Micro-crèche | Arras | prive | 2025-07-01 | | 12
eaje_psu | Multi-accueil | Achicourt | public | 2015-01-05 | | 30 2018-09-03:40
eaje_psu | Multi-accueil | Beaurains | public | 2015-09-01 | | 32 2019-09-02:40
eaje_psu | Multi-accueil | Dainville | public | 2016-01-04 | | 30 2020-09-01:36 2025-09-01:40
eaje_psu | Multi-accueil | Saint-Laurent-Blangy | public | 2015-01-05 | | \
40 2021-09-01:45 2025-01-06:55
eaje_psu | Multi-accueil | Saint-Laurent-Blangy | associatif | 2015-09-01 | 2025-01-06 | 30
eaje_psu | Multi-accueil | Saint-Nicolas | public | 2016-09-01 | | 36
eaje_psu | Multi-accueil | Sainte-Catherine | associatif | 2016-03-01 | | 24 2020-09-01:30
eaje_psu | Multi-accueil | Bailleul-Sir-Berthoult | associatif | 2017-09-04 | | 20
eaje_psu | Multi-accueil | Marœuil | public | 2018-01-08 | | 20
eaje_psu | Multi-accueil | Anzin-Saint-Aubin | public | 2018-09-03 | | 24
eaje_psu | Multi-accueil | Rœux | associatif | 2022-09-01 | | 18
eaje_psu | Halte-garderie | Neuville-Saint-Vaast | associatif | 2015-09-01 | 2020-07-06 | 15
eaje_hors_psu | Micro-crèche | Achicourt | prive | 2016-09-01 | | 10 2022-01-03:12
eaje_hors_psu | Micro-crèche | Beaurains | prive | 2017-03-01 | | 10 2022-01-03:12
eaje_hors_psu | Micro-crèche | Saint-Laurent-Blangy | associatif | 2017-09-04 | | 10 2021-09-01:12
eaje_hors_psu | Micro-crèche | Tilloy-lès-Mofflaines | prive | 2018-03-05 | | 10 2022-01-03:12
eaje_hors_psu | Micro-crèche | Dainville | prive | 2019-09-02 | | 10 2022-01-03:12
eaje_hors_psu | Micro-crèche | Thélus | prive | 2020-03-02 | 2024-08-01 | 10 2022-01-03:12
eaje_hors_psu | Micro-crèche | Rivière | associatif | 2023-09-01 | | 12
eaje_hors_psu | Micro-crèche | Agny | prive | 2016-09-01 | 2021-08-02 | 10
eaje_hors_psu | Micro-crèche | Wailly | prive | 2024-04-02 | | 12
eaje_hors_psu | Micro-crèche | Saint-Nicolas | prive | 2025-09-01 | | 12
eaje_hors_psu | Micro-crèche | Athies | associatif | 2026-09-01 | | 10
rpe | Relais petite enfance | Arras | public | 2015-01-05 | | 1.0 2019-01-01:1.5 | sector
rpe | Relais petite enfance | Achicourt | public | 2015-09-01 | | 1.0 2021-01-01:1.5 | sector
rpe | Relais petite enfance | Saint-Laurent-Blangy | public | 2016-01-04 | | \
1.0 2022-01-01:1.5 | sector
rpe | Relais petite enfance | Marœuil | public | 2017-01-02 | | 0.5 2023-01-01:0.6 | sector
laep | Lieu d'accueil enfants-parents | Arras | public | 2015-09-01 | | 320 2020-01-01:400
laep | Lieu d'accueil enfants-parents itinérant | Achicourt | public | 2016-09-01 | | 240 | +6
laep | Lieu d'accueil enfants-parents itinérant | Saint-Laurent-Blangy | associatif | 2018-01-08 | \
| 160 2022-09-01:210 | +6
laep | Lieu d'accueil enfants-parents itinérant | Beaumetz-lès-Loges | associatif | 2021-09-01 | | \
150 | +5
alsh | Accueil de loisirs | Arras | public | 2015-01-05 | | matin 90, midi 260, soir 140, \
mercredi 100 2018-09-03:120, petites_vacances 110, ete 150
alsh | Accueil de loisirs | Arras | public | 2015-01-05 | | matin 80, midi 240, soir 120, \
mercredi 90, petites_vacances 80, ete 100
alsh | Accueil de loisirs | Arras | associatif | 2016-07-04 | | mercredi 80, \
petites_vacances 90, ete 120
alsh | Accueil de loisirs | Arras | associatif | 2017-09-04 | | soir 60, mercredi 72, \
petites_vacances 72, ete 72
alsh | Accueil de loisirs | Arras | public | 2018-09-03 | | matin 70, midi 220, soir 110, \
mercredi 60 2022-09-01:80
alsh | Accueil de loisirs | Arras | associatif | 2015-01-05 | 2023-07-10 | mercredi 40, ete 60
alsh | Accueil de loisirs | Achicourt | public | 2015-01-05 | | matin 60, midi 180, soir 90, \
mercredi 80, petites_vacances 70, ete 110
alsh | Accueil de loisirs | Achicourt | associatif | 2019-07-08 | | petites_vacances 36, ete 48
alsh | Accueil de loisirs maternel | Beaurains | public | 2015-09-01 | | matin 30, soir 40, \
mercredi 40, petites_vacances 36, ete 48 | | unique
alsh | Accueil de loisirs élémentaire | Beaurains | public | 2015-09-01 | | midi 120, \
mercredi 60, petites_vacances 54, ete 72 | | unique
alsh | Accueil de loisirs | Dainville | public | 2015-09-01 | | matin 40, midi 130, soir 60, \
mercredi 56, petites_vacances 50, ete 80
alsh | Accueil de loisirs | Saint-Laurent-Blangy | public | 2015-01-05 | | matin 50, midi 160, \
soir 80, mercredi 72 2021-09-01:84, petites_vacances 72, ete 100
alsh | Accueil de loisirs | Saint-Laurent-Blangy | associatif | 2018-07-09 | | \
petites_vacances 40, ete 60
alsh | Accueil de loisirs | Saint-Nicolas | public | 2015-09-01 | | matin 36, midi 110, soir 60, \
mercredi 48, petites_vacances 48, ete 64
alsh | Accueil de loisirs | Sainte-Catherine | public | 2016-09-01 | | matin 30, midi 90, soir 50, \
mercredi 40, petites_vacances 40, ete 56
alsh | Accueil de loisirs | Anzin-Saint-Aubin | public | 2016-09-01 | | matin 24, midi 70, \
soir 40, mercredi 36, petites_vacances 30, ete 48
alsh | Accueil de loisirs | Marœuil | associatif | 2017-09-04 | | mercredi 36, \
petites_vacances 36, ete 48 | +2
alsh | Accueil de loisirs | Bailleul-Sir-Berthoult | public | 2018-09-03 | | midi 50, soir 30, \
mercredi 30, petites_vacances 24, ete 40 | +3
alsh | Accueil de loisirs | Beaumetz-lès-Loges | associatif | 2019-09-02 | | midi 40, soir 24, \
mercredi 30, petites_vacances 30, ete 48 | +3
alsh | Accueil de loisirs | Tilloy-lès-Mofflaines | public | 2017-09-04 | | midi 60, soir 30, \
mercredi 30, ete 40
alsh | Accueil de loisirs | Wancourt | associatif | 2022-07-11 | | petites_vacances 24, \
ete 36 | +4
alsh | Accueil de loisirs | Rœux | public | 2026-09-01 | | mercredi 24, petites_vacances 24 | +1
accueil_jeunes | Accueil jeunes | Arras | public | 2015-09-01 | | 60
accueil_jeunes | Accueil jeunes | Arras | associatif | 2019-01-07 | | 40
accueil_jeunes | Accueil jeunes | Achicourt | public | 2016-09-01 | | 24 2021-09-01:36
accueil_jeunes | Accueil jeunes | Saint-Laurent-Blangy | public | 2017-09-04 | | 36
accueil_jeunes | Accueil jeunes | Beaurains | public | 2018-09-03 | | 30
accueil_jeunes | Accueil jeunes | Dainville | associatif | 2016-09-01 | 2023-07-03 | 24
accueil_jeunes | Accueil jeunes | Sainte-Catherine | public | 2024-09-02 | | 24
ludotheque | Ludothèque | Arras | public | 2015-09-01 | | 1
ludotheque | Ludothèque | Saint-Laurent-Blangy | associatif | 2021-03-01 | | 1
centre_social | Centre social | Arras | associatif | 2015-01-05 | | 1
centre_social | Centre social | Arras | public | 2015-09-01 | | 1
centre_social | Centre social | Achicourt | public | 2020-01-06 | | 1
espace_vie_sociale | Espace de vie sociale | Rivière | associatif | 2019-03-04 | | 1
espace_vie_sociale | Espace de vie sociale | Rœux | associatif | 2025-01-06 | | 1
"""

# (territory, Arras) places at each date. The places of 2022 in Arras and the rates of 2023 of the
# CU d'Arras are the Cnaf's. Assistants maternels come with their number, about 2.9 places each.
TOTALS = {
    "assistants_maternels": {"2021-12-31": (1085, 281), "2022-12-31": (1062, 263),
                             "2023-12-31": (1039, 263)},
    "garde_domicile": {"2021-12-31": (37, 25), "2022-12-31": (35, 23), "2023-12-31": (34, 23)},
    "prescolarisation": {"2021-12-31": (341, 139), "2022-12-31": (333, 132),
                         "2023-12-31": (325, 132)},
}  # fmt: skip
PLACES_EACH = 2.9
FEWEST = {"assistants_maternels": 3, "garde_domicile": 5, "prescolarisation": 3}
FEW = {"Écurie": 1, "Étrun": 2, "Saint-Martin-sur-Cojeul": 2}
"""One or two assistants maternels on purpose: these communes exercise the masking."""


@dataclass(frozen=True)
class Commune:
    """A commune of the CU d'Arras: WGS84 degrees, km², children under five (RP)."""

    code: str
    name: str
    lon: float
    lat: float
    area_km2: float
    under_five: float


@dataclass(frozen=True)
class Site:
    """One line of the plan."""

    service: str
    kind: str
    commune: str
    status: str
    opened: str
    closed: str
    capacity: str
    served: str = ""
    address: str = ""

    def steps(self) -> Iterator[tuple[str, str, str]]:
        """Yield each capacity: day type (empty when the service has none), amount, from when."""
        for part in self.capacity.split(", "):
            words = part.split()
            day = words.pop(0) if words[0].isidentifier() else ""
            for word in words:
                since, _, amount = word.rpartition(":")
                yield day, amount, since


def read_communes(raw_dir: Path) -> dict[str, Commune]:
    """Return the communes of the CU d'Arras by name, from the embedded snapshots.

    The files are recognised by their columns, whatever folder they are in.

    Raises
    ------
    SourceError
        When no embedded file has the columns needed.
    """
    members = {row["insee"] for row in _rows(raw_dir, "siren", "insee") if row["siren"] == SIREN}
    young = {
        row["GEO"]: float(row["OBS_VALUE"])
        for row in _rows(raw_dir, "GEO", "AGE", "SEX", "OBS_VALUE")
        if row["AGE"] == "Y0T4" and row["SEX"] == "_T"
    }
    found: dict[str, Commune] = {}
    for row in _rows(raw_dir, "insee_com", "commune", "lng", "lat", "superficie_km2"):
        code, name = row["insee_com"], row["commune"]
        if code in members:
            lon, lat, area = (float(row[column]) for column in ("lng", "lat", "superficie_km2"))
            found[name] = Commune(code, name, lon, lat, area, young[code])
    return found


def _rows(raw_dir: Path, *columns: str) -> Iterator[dict[str, str]]:
    for path in sorted(raw_dir.glob("*/embedded/*.csv")):
        lines = path.read_text(encoding="utf-8").splitlines()
        header = lines[0] if lines else ""
        delimiter = ";" if ";" in header else ","
        if set(columns) <= set(header.split(delimiter)):
            return csv.DictReader(lines, delimiter=delimiter)
    raise SourceError(
        f"aucun fichier embarqué n'a les colonnes {', '.join(columns)}",
        where=str(raw_dir),
        mend="Rétablissez les fichiers de data/raw.",
    )


def build(raw_dir: Path) -> dict[str, str]:
    """Return the text of the three files of the census, by file name."""
    communes = read_communes(raw_dir)
    lines = PLAN.strip().splitlines()
    sites = [Site(*(cell.strip() for cell in line.split("|"))) for line in lines]
    ids = [f"DEMO-{number:04d}" for number in range(1, len(sites) + 1)]
    return {
        "offre.csv": _text(ESTABLISHMENT_COLUMNS, _establishments(sites, ids, communes)),
        "communes_desservies.csv": _text(SERVED_COLUMNS, _served(sites, ids, communes)),
        "totaux_communaux.csv": _text(TOTAL_COLUMNS, _totals(communes)),
    }


def _establishments(
    sites: Sequence[Site], ids: Sequence[str], communes: Mapping[str, Commune]
) -> Iterator[tuple[Any, ...]]:
    named: Counter[tuple[str, str]] = Counter()
    placed: Counter[str] = Counter()
    spots: dict[str, tuple[str, str]] = {}
    for site, identifier in zip(sites, ids, strict=True):
        commune = communes[site.commune]
        named[site.kind, site.commune] += 1
        number = named[site.kind, site.commune]
        name = f"{site.kind} de démonstration – {site.commune} {number}"
        manager = f"Gestionnaire de démonstration ({MANAGERS[site.status]})"
        address = ""
        if site.service == "alsh":
            address = f"Adresse de démonstration {site.address or number}, {site.commune}"
        key = address or identifier
        if key not in spots:
            spots[key] = _spot(commune, placed[site.commune])
            placed[site.commune] += 1
        for day, amount, since in site.steps():
            yield (
                identifier, name, site.service, site.status, manager, commune.code, address,
                *spots[key], day, amount, since, site.opened, site.closed, SOURCE, SOURCE_DATE,
                "oui",
            )  # fmt: skip


def _spot(commune: Commune, rank: int) -> tuple[str, str]:
    """Return longitude and latitude on a sunflower spiral, well inside the commune."""
    reach = 0.28 * math.sqrt(commune.area_km2 * 1e6 / math.pi) * math.sqrt(((rank % 40) + 1) / 40)
    angle = math.radians(137.508 * rank)
    north, east = reach * math.cos(angle), reach * math.sin(angle)
    lat = commune.lat + north / 111_320
    lon = commune.lon + east / (111_320 * math.cos(math.radians(commune.lat)))
    return f"{lon:.5f}", f"{lat:.5f}"


def _served(
    sites: Sequence[Site], ids: Sequence[str], communes: Mapping[str, Commune]
) -> Iterator[tuple[str, str]]:
    seats = [communes[site.commune] for site in sites if site.served == "sector"]
    for site, identifier in zip(sites, ids, strict=True):
        home = communes[site.commune]
        codes: list[str] = []
        if site.served == "sector":
            own = (c for c in communes.values() if min(seats, key=lambda s: _gap(c, s)) is home)
            codes = [c.code for c in own]
        elif site.served:
            others = {s.commune for s in sites if s.service == site.service} - {home.name}
            free = (c for c in communes.values() if c.name not in others)
            nearest = sorted(free, key=lambda c: _gap(home, c))
            codes = [c.code for c in nearest[: int(site.served) + 1]]
        yield from ((identifier, code) for code in sorted(codes))


def _gap(a: Commune, b: Commune) -> float:
    """Return the distance between two town halls, in degrees of latitude."""
    return math.hypot((a.lon - b.lon) * math.cos(math.radians(a.lat)), a.lat - b.lat)


def _totals(communes: Mapping[str, Commune]) -> Iterator[tuple[Any, ...]]:
    for service, dates in TOTALS.items():
        for since, (whole, arras) in dates.items():
            heads: dict[str, int] | None = None
            if service == "assistants_maternels":
                known = {"Arras": round(arras / PLACES_EACH), **FEW}
                heads = _share(round(whole / PLACES_EACH), known, communes, FEWEST[service])
                places = _places(heads, {"Arras": arras}, whole)
            else:
                places = _share(whole, {"Arras": arras}, communes, FEWEST[service])
            for name, commune in communes.items():
                count = "" if heads is None else heads[name]
                yield (
                    commune.code, service, count, places[name], since, SOURCE, since, "oui",
                )  # fmt: skip


def _share(
    whole: int, known: Mapping[str, int], communes: Mapping[str, Commune], fewest: int
) -> dict[str, int]:
    """Share a total by young children (each commune ± 20 %), none below ``fewest`` except 0."""
    weights = {
        name: commune.under_five * (0.8 + 0.4 * (int(commune.code) * 0.618034 % 1))
        for name, commune in communes.items()
        if name not in known
    }
    rest = whole - sum(known.values())
    while True:
        scale = rest / sum(weights.values())
        smallest = min(weights, key=lambda name: weights[name])
        if weights[smallest] * scale >= fewest:
            break
        del weights[smallest]
    exact = {name: weight * scale for name, weight in weights.items()}
    shares = {name: math.floor(value) for name, value in exact.items()}
    order = sorted(exact, key=lambda name: shares[name] - exact[name])
    for name in order[: rest - sum(shares.values())]:
        shares[name] += 1
    return {name: known.get(name, shares.get(name, 0)) for name in communes}


def _places(heads: Mapping[str, int], known: Mapping[str, int], whole: int) -> dict[str, int]:
    """Turn numbers of people into places; the largest communes absorb the rounding."""
    places = {n: known.get(n, round(PLACES_EACH * count)) for n, count in heads.items()}
    order = sorted((n for n in heads if n not in known), key=lambda n: -heads[n])
    excess = sum(places.values()) - whole
    for step in range(abs(excess)):
        places[order[step % 12]] -= int(math.copysign(1, excess))
    return places


def _text(header: str, rows: Iterable[tuple[Any, ...]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\n")
    writer.writerow(header.split(";"))
    writer.writerows(rows)
    return buffer.getvalue()


def main(argv: Sequence[str] | None = None) -> None:
    """Write the three files beside the other embedded snapshots, or into ``--out``."""
    parser = argparse.ArgumentParser(description="Écrit le recensement de démonstration.")
    parser.add_argument("--out", type=Path, help="dossier où écrire")
    raw_dir = Settings().raw_dir
    out = parser.parse_args(argv).out or raw_dir / "census" / "embedded"
    out.mkdir(parents=True, exist_ok=True)
    for name, text in build(raw_dir).items():
        (out / name).write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
