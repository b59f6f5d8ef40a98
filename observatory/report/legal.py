"""Parts of the schéma listed by article D.214-10-1 CASF, in its order.

Each part says what the data say, then leaves a marked space for what they cannot know.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from observatory.french import numbers
from observatory.french.balance import balance
from observatory.knowledge.nomenclature import nomenclature
from observatory.report import table_cells
from observatory.report.document import Block, bullets, heading, note, paragraph, table, to_complete
from observatory.report.equipment import equipment
from observatory.report.facts import Facts, offer_label, service_of
from observatory.report.followup import calendar, indicators
from observatory.report.insufficient_zones import shortfalls
from observatory.report.needs import needs

ARTICLE = "article D.214-10-1 du code de l'action sociale et des familles (CASF)"


@dataclass(frozen=True)
class Part:
    """A part of the schéma: its title, what data say, what is left to write."""

    title: str
    data: Callable[[Facts], list[Block]]
    left: str = ""


def legal_parts(reading: Facts) -> list[Block]:
    """Every part, numbered, in the order of the article."""
    blocks: list[Block] = []
    for number, part in enumerate(PARTS, start=1):
        blocks.append(heading(1, f"{number}. {part.title}", new_page=number == 1))
        blocks += part.data(reading)
        if part.left:
            blocks.append(to_complete(part.left))
    return blocks


def _aims(reading: Facts) -> list[Block]:
    """What the figures suggest to look at; the aims themselves are not data."""
    lines = []
    for s in reading.services:
        total, service = reading.total(s), service_of(s)
        shared = nomenclature().definitions[str(total["definition"])].shares_out
        if numbers.is_known(total["gap"]) and not shared:
            size = balance(total["gap"], service.unit, service.decimals)
            lines.append(f"{offer_label(s)} : {size} ({table_cells.definition_words(total)}).")
    return [
        paragraph("Points de départ, pour situer les objectifs :"),
        bullets(lines or ["Rien de ce qui manque ne peut être calculé."]),
    ]


def _jobs(reading: Facts) -> list[Block]:
    """The professionals whom data count."""
    rows = []
    for s in reading.services:
        service, total = service_of(s), reading.total(s)
        if service.public == "assistants_maternels" and numbers.is_known(total["public"]):
            rows.append(["Assistants maternels en activité", numbers.number(total["public"])])
        if service.unit == "ETP":
            rows.append([f"{service.label}, en ETP", table_cells.amount(total, "supply", service)])
    return [
        table("Professionnels que les données comptent", ["Métier", "Nombre"], rows, widths=[4, 1])
        if rows
        else paragraph("Les données de l'observatoire ne comptent pas les professionnels.")
    ]


def _families(reading: Facts) -> list[Block]:
    """Median income, the only sign of difficulty at hand."""
    known = reading.facts.dropna(subset=["median_income_eur"]).sort_values("median_income_eur")
    if known.empty:
        return [paragraph("Le revenu médian des communes est inconnu.")]
    vintage = table_cells.year(known["income_vintage"].iloc[0])
    return [
        table(
            f"Communes au revenu médian le plus bas{vintage}, en euros par an",
            ["Commune", "Revenu médian (euros par an)", "Population (habitants)"],
            [
                [str(r["name"]), numbers.number(r["median_income_eur"]),
                 numbers.number(r["population"])]
                for r in known.head(10).to_dict("records")
            ],
            widths=[3, 1.4, 1.4],
        ),
        note(
            "Insee, Filosofi. Revenu inconnu pour "
            f"{numbers.plural(len(reading.facts) - len(known), 'commune')} "
            f"sur {numbers.number(len(reading.facts))}."
        ),
    ]  # fmt: skip


def _nothing(what: str) -> Callable[[Facts], list[Block]]:
    return lambda reading: [paragraph(f"L'observatoire n'a aucune donnée sur {what}.")]


PARTS = (
    Part("Équipements, services et modes d'accueil", equipment),
    Part("Besoins", needs),
    Part("Zones où l'offre est insuffisante ou difficile d'accès", shortfalls),
    Part(
        "Objectifs : maintenir, développer, redéployer",
        _aims,
        "Places et services à maintenir, à développer, à redéployer ; communes et échéances.",
    ),
    Part(
        "Métiers et compétences",
        _jobs,
        "Besoins de recrutement, formation, attractivité des métiers.",
    ),
    Part(
        "Familles ayant des difficultés particulières",
        _families,
        "Insertion, handicap, horaires atypiques, monoparentalité : constats et réponses.",
    ),
    Part(
        "Qualité de l'accueil",
        _nothing("la qualité de l'accueil"),
        "Projets pédagogiques, analyse de la pratique, charte nationale de qualité.",
    ),
    Part(
        "Investissements",
        _nothing("les investissements"),
        "Opérations prévues, maîtres d'ouvrage, plans de financement.",
    ),
    Part(
        "Coûts",
        _nothing("les coûts"),
        "Coûts de fonctionnement, participations des familles, des communes et de la Caf.",
    ),
    Part("Calendrier", calendar, "Étapes de la mise en œuvre, responsables, échéances."),
    Part(
        "Indicateurs et évaluation",
        indicators,
        "Indicateurs de résultat et de moyens, valeurs visées, date de l'évaluation.",
    ),
)
