"""Method pages: how the figures are made, and from which sources."""

from __future__ import annotations

from observatory.answers.children_in_use import counted_in_words
from observatory.french import dates, vocabulary
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.nomenclature import nomenclature
from observatory.report import table_cells
from observatory.report.document import Block, bullets, heading, note, paragraph, table
from observatory.report.facts import Facts, service_of, stamp
from observatory.versions import record_tables


def method(reading: Facts) -> list[Block]:
    """Definitions, services, sources with their vintages and licences."""
    names = nomenclature()
    used = list(dict.fromkeys(d for s in reading.services for d in service_of(s).definitions))
    return [
        heading(1, "Méthode et sources"),
        bullets(
            [
                "Besoin = public × cible ÷ base. Une définition du besoin est une cible ; "
                "plusieurs sont montrées, aucune n'est la vérité.",
                "Manque = besoin − offre, dans l'unité du service ; « de plus » quand "
                "l'offre dépasse le besoin.",
                "Taux = base × offre ÷ public ; il n'est pas plafonné à 100, et n'est pas calculé "
                f"au-dessous de {names.least_public} enfants.",
                "Inconnu n'est jamais zéro.",
                "Les bandes d'âge de cinq ans sont réparties également entre leurs années : "
                "l'effectif est alors une estimation.",
                "Un service qui dessert plusieurs communes est réparti entre elles au prorata de "
                "leur public.",
                "Les assistants maternels ne sont connus que par totaux communaux, masqués quand "
                "ils sont un ou deux.",
                f"Offre accessible à {catchment_rules().reach.default:g} min : chaque place est "
                "partagée entre les enfants à sa portée. "
                f"{counted_in_words(reading.info)}",
            ]
        ),
        heading(2, "Définitions du besoin"),
        table(
            "Définitions employées",
            ["Définition", "Source"],
            [[names.definitions[d].label, names.definitions[d].source] for d in used],
            words=2,
            widths=[1, 2.4],
        ),
        heading(2, "Services"),
        table(
            "Ce que compte chaque service",
            ["Service", "Public", "Unité du taux", "Définition retenue", "Ce qu'il compte"],
            [
                [
                    service_of(s).label,
                    names.publics[service_of(s).public].label,
                    service_of(s).rate_label,
                    names.definitions[reading.definition(s)].label,
                    service_of(s).help,
                ]
                for s in reading.services
            ],
            words=5,
            widths=[1.5, 1, 1.4, 1.1, 2.6],
        ),
        heading(2, "Sources de cette version"),
        table(
            "Fichiers, millésimes et licences",
            ["Jeu de données", "Producteur", "Publication", "Millésime", "Licence"],
            [
                [str(r["dataset"]), *(table_cells.text(r[c]) for c in COLUMNS)]
                for r in record_tables.sources(reading.con).to_dict("records")
            ],
            words=5,
            widths=[2.4, 1.2, 1.3, 0.9, 1.3],
        ),
        note(_contours(reading)),
        paragraph(
            f"Version {stamp(reading)}, établie le {dates.long_date(reading.info['built_at'])}."
        ),
    ]


COLUMNS = ("producer", "publication", "vintage", "licence")


def _contours(reading: Facts) -> str:
    contours = reading.info["contours"] or "official"
    kind = f"Contours {vocabulary.CONTOURS[contours]}"
    if reading.info["contours"] == "schematic":
        return (
            f"{kind} : dessinés d'après les mairies et les superficies, ils situent les communes "
            "les unes par rapport aux autres et n'ont aucune valeur juridique ni statistique."
        )
    vintage = f" ({reading.shapes.vintage})" if reading.shapes.vintage else ""
    return f"{kind}{vintage}."
