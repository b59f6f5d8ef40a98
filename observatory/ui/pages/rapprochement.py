"""The reconciliation of the census with the Cnaf and the BPE, and the usual explanations."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from observatory.answers import bpe, reconciliation
from observatory.files.reconciliation_csv import reconciliation_csv
from observatory.french import numbers, vocabulary
from observatory.french.dates import today
from observatory.french.spelling import capital
from observatory.knowledge.nomenclature import nomenclature
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version
from observatory.ui.tables.metadata_beside import offer_csv
from observatory.ui.tables.plain_table import show_frame

UNSURE = f"absente ou {vocabulary.POSITIONS['approximate']}"
KINDS = {
    "bpe": "Dans la BPE seule : manque peut-être au recensement",
    "matched": "Dans les deux",
    "census": "Dans le recensement seul",
    "filled": "Compté d'après la BPE, faute de recensement",
}


@st.cache_data(max_entries=8, show_spinner=False)
def _reconciled(version: Version) -> pd.DataFrame:
    return reconciliation.reconcile(data.cursor(version))


@st.cache_data(max_entries=8, show_spinner=False)
def _matches(version: Version, as_of: date) -> pd.DataFrame:
    return bpe.matches(data.cursor(version), as_of)


def page() -> None:
    """Draw the page."""
    version = data.version_in_service()
    table = _reconciled(version)
    st.title("Rapprochement", anchor=False)
    if data.info(version)["demonstration"]:
        blocks.paragraph(
            f"{capital(vocabulary.SUPPLY_OF_DEMONSTRATION)} : ces écarts n'apprennent rien du "
            "territoire."
        )
    if table.empty:
        st.info(
            "La Caf ne publie rien de ce territoire : ses communes ont moins de 10 000 habitants, "
            "ou les fichiers de la Caf manquent. Les déposer dans le miroir, puis relancer la "
            "collecte."
        )
    else:
        _published(version, table)
    _establishments(version)


def _published(version: Version, table: pd.DataFrame) -> None:
    years = sorted(table["year"].unique().tolist())
    with_places = [y for y in years if (table[table["year"] == y]["measure"] == "places").any()]
    asked = st.segmented_control(
        "Année publiée par la Caf",
        years,
        default=max(with_places or years),
        key="annee",
        required=True,
    )
    rows = table[table["year"] == asked]
    for sentence in reconciliation.headlines(rows):
        st.write(f"**{sentence}.**")
    blocks.paragraph(
        "Recensement au 31 décembre de l'année. Écart = recensement − publication de la Caf, en "
        "places quand elle en publie, sinon en places pour 100 enfants de moins de 3 ans."
    )
    for measure, title, decimals in (
        ("places", "Places publiées", 0),
        ("taux", "Taux publiés, en places pour 100 enfants", 1),
        ("aucune", "Communes que la Caf ne publie pas, en places", 0),
    ):
        kept = rows[rows["measure"] == measure]
        if len(kept):
            st.header(title, anchor=False)
            _comparison(kept, decimals, measure, title)
    offer_csv(
        version,
        "Télécharger le rapprochement (CSV)",
        reconciliation_csv(rows),
        f"rapprochement-{asked}.csv",
        "Recensement et chiffres publiés",
        date(int(asked), 12, 31),
        key="rapprochement",
    )


def _comparison(rows: pd.DataFrame, decimals: int, measure: str, title: str) -> None:
    unit = "pour 100" if measure == "taux" else "places"
    figures: dict[str, tuple[str, Any]] = {
        "published": (f"Publié ({unit})", partial(numbers.number, decimals=decimals)),
        "census": (f"Recensé ({unit})", partial(numbers.number, decimals=decimals)),
        "difference": (f"Écart ({unit})", partial(numbers.gap, decimals=decimals)),
        "percent": ("Écart, en %", partial(numbers.gap, decimals=1)),
        "bpe": ("Établissements, BPE", numbers.number),
        "establishments": ("Établissements, recensement", numbers.number),
    }
    # A column that says nothing of any row is left out: no BPE, or nothing published.
    kept = {c: f for c, f in figures.items() if c == "census" or rows[c].notna().any()}
    shown = rows.assign(mode=[nomenclature().services[s].short for s in rows["service"]])
    # A difference that is shown as zero has no percentage to show.
    same = shown["difference"].map(lambda d: numbers.rounded(d, decimals) == 0)
    shown["percent"] = shown["percent"].mask(same)
    shown = shown[["name", "mode", *kept]]
    headings = {c: heading for c, (heading, _) in kept.items()}
    shown = shown.rename(columns={"name": "Lieu", "mode": "Mode d'accueil"} | headings)
    styles: dict[Any, Any] = dict(kept.values())
    show_frame(
        f"{title} : chiffres publiés et recensés, par lieu et mode d'accueil, avec l'écart",
        shown.astype(dict.fromkeys(styles, "float64")),
        key=f"rapprochement_{measure}",
        styles=styles,
    )
    modes: dict[str, list[str]] = {}
    for service, said in rows[["service", "explanation"]].drop_duplicates().itertuples(index=False):
        modes.setdefault(said, []).append(nomenclature().services[service].short)
    blocks.table(
        "Ce qui explique souvent ces écarts",
        ["Mode d'accueil", "Explication"],
        [[", ".join(services), said] for said, services in modes.items()],
        words=True,
    )


def _establishments(version: Version) -> None:
    """The lines of the BPE and the establishments of the census, side by side."""
    st.header("Établissement par établissement : la BPE et le recensement", anchor=False)
    table = _matches(version, today())
    if table.empty:
        st.info(
            "Aucun fichier de la Base permanente des équipements (BPE) n'est chargé, ou il ne dit "
            "rien de ce territoire. Déposer le fichier de détail de l'Insee dans le dossier "
            "«\u00a0bpe\u00a0» du miroir, puis relancer la collecte."
        )
        return
    services = nomenclature().services
    vintage = table["vintage"].dropna().max()
    counts = table["kind"].value_counts()
    said = " ; ".join(
        f"{KINDS[k][0].lower()}{KINDS[k][1:]} : {numbers.number(n)}"
        for k in KINDS
        if (n := int(counts.get(k, 0)))
    )
    st.write(f"BPE {vintage or 'sans millésime'}. {said[:1].upper()}{said[1:]}.")
    blocks.paragraph(
        "Deux établissements sont le même à moins de 150 m l'un de l'autre, pour le même service "
        "ou un service du même groupe ; chacun n'est rapproché qu'une fois, le plus proche "
        f"d'abord. Une position {UNSURE} ne permet pas de rapprocher. La BPE "
        "sous-estime l'offre."
    )
    present = [k for k in KINDS if counts.get(k)]
    kind = st.segmented_control(
        "Montrer", present, default=present[0], format_func=KINDS.__getitem__, key="sorte",
        required=True,
    )  # fmt: skip
    rows = table[table["kind"] == kind]
    shown = pd.DataFrame(
        {
            "Commune": rows["commune"],
            "Service": [services[s].short for s in rows["service"]],
            "Dans la BPE": rows["bpe_name"],
            "Dans le recensement": rows["name"],
            "Distance, en m": rows["metres"].astype("float64"),
            "Position": rows["located"].astype(bool).map({True: "connue", False: UNSURE}),
        }
    )
    empty = [
        c for c in ("Dans la BPE", "Dans le recensement", "Distance, en m") if shown[c].isna().all()
    ]
    shown = shown.drop(columns=empty)
    styles: dict[Any, Any] = {c: numbers.number for c in ("Distance, en m",) if c in shown}
    show_frame("Établissements de la BPE et du recensement", shown, key="bpe", styles=styles)


page()
