"""The census, for planners: template, check, load, and the census in place."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from observatory.census import census_store, loading, proposals
from observatory.census.file_names import own_file_name, told_files
from observatory.census.loading import check_files, known_communes
from observatory.census.own_totals import own_totals
from observatory.census.sheets import census_contract
from observatory.errors import VersionError
from observatory.french.numbers import plural
from observatory.secrecy import register as registers
from observatory.settings import Settings
from observatory.stores.generation import StoreError
from observatory.ui.controls.own_words import ask_mapping, needs_asking
from observatory.ui.controls.refreshing import ask_refresh, ask_territory
from observatory.ui.shell import actions, blocks, data
from observatory.ui.shell.access import require_planner
from observatory.ui.shell.own_download import XLSX, own_download
from observatory.ui.tables.plain_table import show_frame
from observatory.ui.tables.problem_table import show_problems
from observatory.workbook.mapping import HeadingMapping, mapping_file
from observatory.workbook.problems import WorkbookError
from observatory.workbook.rejected import rejected_workbook
from observatory.workbook.results import Checked, Rows
from observatory.workbook.template import workbook


def page() -> None:
    """Draw the page."""
    require_planner()
    st.title("Recensement de l'offre", anchor=False)
    _in_place()
    _check_and_load()
    ask_refresh()
    ask_territory()


def _check_and_load() -> None:
    st.header("Contrôler et charger un recensement", anchor=False)
    blocks.paragraph(
        "Un classeur du modèle, ou votre propre liste (.xlsx, .ods, .csv, .tsv, .geojson) : le "
        "sens de ses titres et de ses mots est alors proposé, et se confirme une fois. Le "
        "contrôle ne change rien : il dit tout ce qui est à corriger, ligne par ligne. Les "
        "assistants maternels n'y figurent qu'en totaux communaux."
    )
    st.download_button(
        "Télécharger le modèle vide (XLSX)",
        lambda: workbook(census_contract()),
        file_name="modele-recensement.xlsx",
        mime=XLSX,
        on_click="ignore",
    )
    # Any file is taken: what a list cannot be is told by the check, in French, with the mend.
    uploads = st.file_uploader("Fichiers du recensement", accept_multiple_files=True)
    if not uploads:
        _say_loaded()
        return
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for n, upload in enumerate(uploads):
            path = Path(folder) / str(n) / own_file_name(upload.name)
            path.parent.mkdir()
            path.write_bytes(upload.getvalue())
            files.append(path)
        names = [upload.name for upload in uploads]
        mapping = _confirmed(files, names)
        try:
            with st.spinner("Contrôle en cours…"):
                checked = check_files(files, Settings.from_env(), names=names, mapping=mapping)
        except (WorkbookError, StoreError) as error:
            blocks.fault(error)
            return
        _findings(checked)
        _say_loaded()
        if not checked.accepted:
            return
        with st.form("chargement"):
            why = st.text_input(
                "Pourquoi (facultatif)",
                placeholder="Par exemple : enquête du printemps",
                help="Gardé au journal, avec le nom des fichiers.",
            )
            asked = st.form_submit_button("Charger les lignes acceptées", type="primary")
        if asked:
            _load(files, Path(folder), mapping, why.strip())


def _confirmed(files: Sequence[Path], names: Sequence[str]) -> HeadingMapping | None:
    """What the headings and words of these files mean, once it was confirmed in this visit.

    Asked only when something is not understood, with what was confirmed before in mind.
    """
    sums = sorted(hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in files)
    key = hashlib.sha256("".join(sums).encode()).hexdigest()[:16]
    answers: dict[str, HeadingMapping] = st.session_state.setdefault("correspondances", {})
    settings = Settings.from_env()
    try:
        found = proposals.proposals(
            loading.remembered_contract(settings), files, loading.limits_of(settings), names
        )
    except (WorkbookError, StoreError):
        return None  # the check says why, in full
    if needs_asking(found) and (answer := ask_mapping(found, key)):
        answers[key] = answer
    return answers.get(key)


def _shows_demonstration() -> bool:
    """Whether the version shows the demonstration: it has nothing of most territories."""
    try:
        return bool(data.info(data.version_in_service())["demonstration"])
    except VersionError:
        return False


def _in_place() -> None:
    try:
        rows = census_store.read(Settings.from_env().census_dir)
    except StoreError as error:
        blocks.fault(error)
        return
    if not rows:
        blocks.paragraph(
            "Aucun recensement n'est chargé : "
            + (
                "l'offre affichée est celle de la démonstration."
                if _shows_demonstration()
                else "l'offre qu'il dirait est inconnue."
            )
        )
        return
    counted = ", ".join(f"{name} : {plural(len(table), 'ligne')}" for name, table in rows.items())
    blocks.paragraph(f"Recensement en place : {counted}.")
    _own_totals(rows)
    own_download(
        "Télécharger le recensement en place (XLSX)",
        lambda copy: workbook(census_contract(), rows, copy),
        file_name="recensement.xlsx",
    )


def _own_totals(rows: Mapping[str, Rows]) -> None:
    """The planners' own figures, masked ones included: read from the census, on this page alone."""
    settings = Settings.from_env()
    table = own_totals(rows, known_communes(settings), registers.read(settings.census_dir))
    if table.empty:
        return
    st.header("Vos totaux communaux", anchor=False)
    blocks.paragraph(
        "Tels que vous les avez chargés, pour les planificateurs seulement. Ceux qui sont masqués "
        "ne sont ni sur les pages publiques, ni dans leurs fichiers."
    )
    show_frame("Vos totaux communaux, et ce qui en est publié", table, key="totaux_en_place")


def _findings(checked: Checked) -> None:
    show = st.warning if checked.rejected else st.success
    show(blocks.as_label(checked.summary()))
    for note in checked.notes:
        blocks.paragraph(f"{note}.")
    show_problems("À corriger", checked.errors)
    show_problems("À vérifier (les lignes sont acceptées)", checked.warnings)
    rejected = [table for table in checked.tables if table.rejected]
    if rejected:
        own_download(
            "Télécharger les lignes mises de côté (XLSX)",
            lambda copy: rejected_workbook(rejected, copy),
            file_name="a_corriger.xlsx",
        )


def _say_loaded() -> None:
    """What the load before this run said: what stands was drawn after it."""
    if said := st.session_state.pop("charge", ""):
        st.success(said)


def _load(files: Sequence[Path], folder: Path, mapping: HeadingMapping | None, why: str) -> None:
    """Load through the command line, which also publishes the new version; then draw all again."""
    own = folder / "correspondance.toml" if mapping else None
    if own and mapping:
        own.write_bytes(mapping_file(mapping))
    with st.spinner("Chargement et reconstruction de la version…"):
        named = f"{told_files(p.name for p in files)} : {why}" if why else ""
        function = st.session_state.get("fonction", actions.PLANNER)
        job = actions.load_census(files, folder, own, function=function, why=named)
    lines = job.lines()
    failed = [line for line in lines if line.startswith("Erreur")]
    if failed or job.status not in (0, 1):  # 1 without an error: some rows were rejected
        st.error(blocks.as_label("\n\n".join(failed) or "Le chargement n'a pas abouti."))
        return
    said = [line for line in lines if line.startswith(("Recensement", "Le rec", "Secret"))]
    told = blocks.as_label(" ".join(said) or "Chargement terminé.")
    st.session_state["charge"] = f"{told} La carte est à jour."
    st.rerun()


page()
