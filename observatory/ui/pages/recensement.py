"""The census, for planners: template, check, load, and the census in place."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from observatory.census import store
from observatory.census.loading import check_files
from observatory.census.mending import set_aside_workbook
from observatory.census.problems import CensusError, Problem, plural
from observatory.census.results import Checked
from observatory.census.template import workbook
from observatory.settings import ROOT, Settings
from observatory.ui import blocks
from observatory.ui.access import is_planner

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 500


def page() -> None:
    """Draw the page."""
    st.title("Recensement de l'offre", anchor=False)
    if not is_planner():
        st.info(
            "Le recensement se charge depuis la machine qui sert l'observatoire. Ici, tout se "
            "consulte et rien ne se modifie."
        )
        return
    _in_place()
    st.subheader("Contrôler et charger un recensement", anchor=False)
    blocks.paragraph(
        "Un classeur du modèle, ou des fichiers CSV. Le contrôle ne change rien : il dit tout ce "
        "qui est à corriger, ligne par ligne. Les assistants maternels n'y figurent qu'en totaux "
        "communaux."
    )
    st.download_button(
        "Télécharger le modèle vide (XLSX)",
        workbook,
        file_name="modele-recensement.xlsx",
        mime=XLSX,
        on_click="ignore",
    )
    uploads = st.file_uploader(
        "Fichiers du recensement", type=["xlsx", "csv"], accept_multiple_files=True
    )
    if not uploads:
        return
    with tempfile.TemporaryDirectory() as folder:
        # Kept under our own names: what the browser calls a file is only shown.
        files = []
        for n, upload in enumerate(uploads):
            path = Path(folder) / f"{n}{Path(upload.name).suffix.lower()}"
            path.write_bytes(upload.getvalue())
            files.append(path)
        names = [upload.name for upload in uploads]
        try:
            with st.spinner("Contrôle en cours…"):
                checked = check_files(files, Settings.from_env(), names=names)
        except CensusError as error:
            st.error(_plain(str(error)))
            return
        _findings(checked)
        if checked.accepted and st.button("Charger les lignes acceptées", type="primary"):
            _load(files, Path(folder))


def _in_place() -> None:
    rows = store.read(Settings.from_env().census_dir)
    if not rows:
        blocks.paragraph(
            "Aucun recensement n'est chargé : l'offre affichée est celle de la démonstration."
        )
        return
    counted = ", ".join(f"{name} : {plural(len(table), 'ligne')}" for name, table in rows.items())
    blocks.paragraph(f"Recensement en place : {counted}.")
    st.download_button(
        "Télécharger le recensement en place (XLSX)",
        lambda: workbook(rows),
        file_name="recensement.xlsx",
        mime=XLSX,
        on_click="ignore",
    )


def _findings(checked: Checked) -> None:
    show = st.warning if checked.set_aside else st.success
    show(_plain(checked.summary()))
    for note in checked.notes:
        blocks.paragraph(f"{note}.")
    _problems("À corriger", checked.errors)
    _problems("À vérifier (les lignes sont acceptées)", checked.warnings)
    aside = [table for table in checked.tables if table.set_aside]
    if aside:
        st.download_button(
            "Télécharger les lignes mises de côté (XLSX)",
            lambda: set_aside_workbook(aside),
            file_name="a_corriger.xlsx",
            mime=XLSX,
            on_click="ignore",
        )


def _problems(title: str, problems: Sequence[Problem]) -> None:
    if not problems:
        return
    more = f" (les {SHOWN} premiers)" if len(problems) > SHOWN else ""
    st.subheader(f"{title} : {len(problems)}{more}", anchor=False)
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "Fichier, feuille": p.where,
                    "Ligne": str(p.row or ""),
                    "Colonne": p.column,
                    "Valeur": p.value,
                    "Ce qui ne va pas, et comment le corriger": p.reason,
                }
                for p in problems[:SHOWN]
            ]
        ),
        hide_index=True,
        alt=f"{title} : fichier, ligne, colonne, valeur et correction",
    )


def _load(files: Sequence[Path], folder: Path) -> None:
    """Load through the command line, which also publishes the new version."""
    with st.spinner("Chargement et reconstruction de la version…"):
        done = subprocess.run(
            [sys.executable, "-m", "observatory.cli", "census", "load", *map(str, files),
             "--folder", str(folder)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
    said = [line for line in done.stdout.splitlines() if line.startswith(("Recensement", "Le rec"))]
    failed = [line for line in done.stderr.splitlines() if line.startswith("Erreur")]
    if failed:
        st.error(_plain("\n\n".join(failed)))
    else:
        st.success(_plain(" ".join(said) or "Chargement terminé.") + " La carte est à jour.")


def _plain(text: str) -> str:
    """Text from files, shown as it stands: no Markdown, no HTML."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+-.!|<>~$:" else c for c in text)


page()
