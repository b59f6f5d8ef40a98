"""Sources and method: the metadata of the version in service, and how figures are made."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from observatory.answers.children_in_use import counted_in_words
from observatory.french import dates, numbers, vocabulary
from observatory.french.spelling import inside
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.nomenclature import nomenclature
from observatory.ui.shell import blocks, data
from observatory.ui.tables.compared_times import show_compared_minutes
from observatory.versions import record_tables

LEVELS = {"nat": "France", "reg": "région", "dep": "département", "epci": "EPCI", "com": "commune"}
DIGITS = 12  # of a digest: enough to compare with the whole one


def page() -> None:
    """Draw the page."""
    version = data.version_in_service()
    con = data.cursor(version)
    info = data.info(version)
    place = info["territory"]
    st.title("Sources et méthode", anchor=False)
    membership = (
        f", composition au 1er janvier {place['membership_vintage']}"
        if place["membership_vintage"]
        else ""
    )
    st.write(
        f"{place['name']} : "
        f"{numbers.quantity(place['communes'], 'commune', 'communes')}{membership}, "
        f"{numbers.number(place['population'])} habitants. "
        f"Version construite le {dates.long_date(info['built_at'])} ; "
        f"code officiel géographique {place['cog_vintage']}."
    )
    st.write(
        f"Contours {vocabulary.contours_in_full(info['contours'], info['contours_moved'])}."
        + (" Ils ne disent rien des limites réelles." * (info["contours"] == "schematic"))
        if info["contours"]
        else "Aucun contour."
    )
    if info["demonstration"]:
        st.warning(
            f"{vocabulary.SUPPLY_IS_DEMONSTRATION} : les établissements sont "
            "inventés et calés sur les totaux publiés. Elle n'a pas de valeur statistique."
        )

    _convention(data.convention(version))
    st.header("Ce que mesure l'observatoire", anchor=False)
    st.markdown(
        "- **Besoin** = public × cible ÷ base. Une définition du besoin est une cible ; "
        "plusieurs sont montrées, aucune n'est la vérité.\n"
        "- **Manque** = besoin − offre, dans l'unité du service ; « de plus » quand "
        "l'offre\n  dépasse le besoin. Les fichiers portent l'écart, offre − besoin, avec son "
        "signe.\n"
        "- **Taux** = base × offre ÷ public ; il n'est pas plafonné à 100, et n'est pas calculé "
        f"au-dessous de {nomenclature().least_public} enfants. "
        "Au-dessous de 200, il est dit fragile.\n"
        f"- **Offre accessible à {catchment_rules().reach.default:g} min** : chaque place est "
        "partagée entre les enfants à sa portée ; plus elle est loin, moins elle compte. "
        f"{counted_in_words(info)}\n"
        "- **Inconnu** n'est jamais zéro : un service que le recensement ignore est inconnu, "
        "une commune recensée sans établissement a une offre nulle.\n"
        "- **Âges estimés** : les bandes de cinq ans sont réparties également entre leurs années "
        "(0-2 ans = trois cinquièmes des 0-4 ans).\n"
        "- Un service qui dessert plusieurs communes est réparti entre elles au prorata de leur "
        "public.\n"
        "- Les **assistants maternels** ne sont connus que par totaux communaux."
    )
    show_compared_minutes(version)
    _definitions()
    names = _sources(record_tables.sources(con))
    carried = record_tables.carried(con)
    if len(carried):
        blocks.table(
            "Codes de communes disparues, reportés sur la commune actuelle",
            ["Ancien code", "Ancien nom", "Commune actuelle", "Source"],
            [
                [
                    str(r["code_old"]),
                    str(r["name_old"]),
                    str(r["code"]),
                    names.get(r["source"], vocabulary.NOTHING),
                ]
                for r in carried.to_dict("records")
            ],
            words=True,
        )
    doubtful = record_tables.doubtful(con)
    if len(doubtful):
        blocks.table(
            "Chiffres publiés écartés : leurs parties ne font pas leur total",
            ["Chiffre", "Niveau", "Code", "Année", "Total publié", "Somme des parties"],
            [
                [
                    {"rate": "taux", "places": "places"}[r["measure"]],
                    LEVELS.get(r["level"], r["level"]),
                    r["code"],
                    str(r["year"]),
                    numbers.number(r["whole"], 1),
                    numbers.number(r["parts"], 1),
                ]
                for r in doubtful.to_dict("records")
            ],
        )
    st.header("Contrôles tenus avant publication", anchor=False)
    st.markdown("\n".join(f"- {promise}" for promise in record_tables.checks(con)["promise"]))


def _sources(table: pd.DataFrame) -> dict[str, str]:
    """The files in use, then what each source is; return the name of each source."""
    st.header("Sources de cette version", anchor=False)
    blocks.table(
        "Fichiers dont cette version est faite",
        ["Jeu de données", "Millésime", "Provenance", "Fichier", "Lignes", "Empreinte SHA-256"],
        [
            [
                r["dataset"],
                r["vintage"] or vocabulary.NOTHING,
                vocabulary.ORIGINS.get(r["origin"], r["origin"]),
                r["file"],
                numbers.number(r["rows"]),
                f"{r['sha256'][:DIGITS]}…",
            ]
            for r in table.to_dict("records")
        ],
        words=True,
    )
    blocks.paragraph("Les empreintes entières : « observatory info --json ».")
    each = table.drop_duplicates("id").to_dict("records")
    blocks.table(
        "Ce que dit chaque source",
        ["Jeu de données", "Producteur", "Licence", "Définition", "Adresse"],
        [
            [
                r["dataset"],
                r["producer"],
                r["licence"],
                r["definition"],
                r["page"] or vocabulary.NOTHING,
            ]
            for r in each
        ],
        words=True,
    )
    return {r["id"]: r["dataset"] for r in each}


def _convention(found: dict[str, Any] | None) -> None:
    """The convention that the pages follow; nothing where none is described."""
    st.header("La convention suivie", anchor=False)
    if found is None:
        st.write(
            "Aucune convention territoriale globale (Ctg) de ce territoire n'est décrite : les "
            "pages suivent les trois dernières années. Le modèle à remplir s'obtient par "
            "« observatory convention template »."
        )
        return
    said = [
        ("Du", dates.long_date(found["start"])) if found["start"] else None,
        ("Au", dates.long_date(found["end"])) if found["end"] else None,
        ("Signée en", dates.long_month(found["signed"])) if found["signed"] else None,
        (
            "Chargé de coopération",
            " : ".join(filter(None, (found["contact_role"], found["contact"]))),
        )
        if found["contact_role"]
        else None,
    ]
    rows = [list(one) for one in said if one]
    for kind, label in (
        ("signataire", "Signataires"),
        ("axe", "Axes"),
        ("thème", "Thèmes"),
        ("commune", "Communes"),
    ):
        parts = [p for p in found["parts"] if p["kind"] == kind]
        words = [
            p["label"]
            + _covered(p["services"])
            + (f" (depuis le {dates.long_date(p['since'])})" if p["since"] else "")
            for p in parts
        ]
        if words:
            rows.append([label, " ; ".join(words)])
    blocks.table(found["name"], ["", ""], rows, words=True)
    if found["source"]:
        blocks.paragraph(f"Source : {found['source']}.")


def _covered(ids: str) -> str:
    """The services that a part of the convention covers, in brackets."""
    known = nomenclature().services
    told = ", ".join(inside(known[i].short) for i in ids.split(",") if i in known)
    return f" ({told})" if told else ""


def _definitions() -> None:
    names = nomenclature()
    blocks.table(
        "Définitions du besoin",
        ["Définition", "Source"],
        [[d.label, d.source] for d in names.definitions.values()],
        words=True,
    )
    rows = []
    for service in names.services.values():
        norm = service.norm or service.context
        rows.append(
            [
                service.label,
                names.publics[service.public].label,
                service.unit,
                f"{norm.text} ({norm.source})" if norm else vocabulary.NOTHING,
                service.help,
            ]
        )
    blocks.table(
        "Services",
        ["Service", "Public", "Unité", "Repère", "Ce qu'il compte"],
        rows,
        words=True,
    )
    blocks.table(
        "D'où reprendre l'offre de ceux que le recensement ne dit pas encore",
        ["Service", "Producteur", "Jeu de données", "Licence", "Adresse", "Colonnes reprises"],
        [
            [
                service.short,
                feed.producer,
                feed.dataset,
                feed.licence,
                feed.page,
                ", ".join(f"{theirs} ({ours})" for ours, theirs in feed.columns.items())
                or vocabulary.NOTHING,
            ]
            for service in names.services.values()
            if (feed := service.feed)
        ],
        words=True,
    )
    for note in dict.fromkeys(p.note for p in names.publics.values() if p.note):
        blocks.paragraph(note)


page()
