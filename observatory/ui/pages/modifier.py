"""The census edited on the page, for planners: several edits behind one publication."""

from __future__ import annotations

import hashlib

import streamlit as st

from observatory.census import census_store, publishing
from observatory.census.commune_codes import Communes
from observatory.census.edit_check import Edited, apply_draft, stale
from observatory.census.edited_rows import columns, rows_of
from observatory.census.edits import Edit, draft_file
from observatory.census.generation_changes import cell_changes, name_in
from observatory.census.loading import known_communes
from observatory.census.sheets import sheet
from observatory.maps.specification import Tiles
from observatory.settings import Settings
from observatory.stores.generation import StoreError
from observatory.ui.controls import establishment_form as form
from observatory.ui.controls.draft import VisitDraft, show_published, show_result
from observatory.ui.controls.journal import show_history
from observatory.ui.map.point_picker import pick_point
from observatory.ui.shell import actions, blocks, data
from observatory.ui.shell.access import require_planner
from observatory.ui.shell.data import Version
from observatory.workbook.drafts import EditError
from observatory.workbook.results import Rows

DRAFT = VisitDraft[Edit]("brouillon", actions.publish_edits)


@st.cache_resource(max_entries=2, show_spinner=False)
def _communes(version: Version) -> Communes:
    """The communes against which an edit is checked: those of a version, read once."""
    return known_communes(Settings.from_env())


def page() -> None:
    """Draw the page."""
    require_planner()
    st.title("Modifier le recensement", anchor=False)
    show_published()
    try:
        table = publishing.establishments(Settings.from_env())
    except StoreError as error:
        blocks.fault(error)
        return
    if not table:
        st.info(
            "Aucun établissement n'est au recensement : le charger d'abord, page « Recensement ». "
            "La démonstration ne se modifie pas."
        )
        return
    blocks.paragraph(
        "Un établissement à la fois ; les modifications s'ajoutent à un brouillon, qui se publie "
        "d'un coup. Rien ne change avant « Publier », et tout se défait."
    )
    edited = _edited(table)
    _one(table, edited)
    _draft(table, edited)


def _edited(table: Rows) -> Edited | None:
    """The establishments after the draft; None, and a sentence, when it no longer holds."""
    try:
        return apply_draft(table, DRAFT.edits(), _communes(data.version_in_service()))
    except EditError as error:
        st.error(blocks.as_label(f"Le brouillon ne tient plus. {error}"))
        return None


def _one(table: Rows, edited: Edited | None) -> None:
    """Choose an establishment, see it, edit it."""
    shown = edited.table if edited else table
    names = _names(shown)
    id_ = st.selectbox(
        "Établissement",
        list(names),
        index=None,
        format_func=lambda i: names.get(i, i),
        placeholder="Taper quelques lettres de son nom ou de sa commune",
        key="etablissement",
    )
    if id_ is None:
        return
    rows = rows_of(shown, id_)
    nature = form.ask_nature(id_)
    row = form.ask_row(nature, rows, f"{id_}_{nature}")
    edits = len(DRAFT.edits().edits)
    period = (id_, nature, row[columns()["jour"]], row[columns()["depuis"]], str(edits))
    key = hashlib.sha256("|".join(period).encode()).hexdigest()[:16]
    if nature == "correction":
        _map(row, key)
    edit = form.ask_edit(id_, nature, rows, row, key)
    if edit is not None:
        asked = DRAFT.edits().with_edit(edit, rows_of(table, id_))
        try:
            apply_draft(table, asked, _communes(data.version_in_service()))
        except EditError as error:
            blocks.fault(error)
        else:
            DRAFT.keep(asked)
            st.rerun()
    with st.expander("Historique de cet établissement"):
        show_history(census_store.census_store(Settings.from_env().census_dir), id_)


def _names(table: Rows) -> dict[str, str]:
    """Establishments as they are looked for: name, commune, identifier."""
    at, communes = columns(), _communes(data.version_in_service())
    return {
        row[0]: f"{row[at['nom']]} – {_commune(communes, row[at['code_insee']])} ({row[0]})"
        for row in sorted(table, key=lambda r: r[at["nom"]].casefold())
    }


def _commune(communes: Communes, code: str) -> str:
    return communes.names.get(code, code)


def _map(row: list[str], key: str) -> None:
    """The point, on a map: a click writes its coordinates in the fields below."""
    at, version = columns(), data.version_in_service()
    code = row[at["code_insee"]]
    if code in data.moved_contours(version):
        blocks.paragraph("La carte de cette commune n'est pas à sa place : écrire la position.")
        return
    longitude, latitude = form.point_keys(key)

    def picked(lon: float, lat: float) -> None:
        st.session_state[longitude] = form.as_typed("longitude", f"{lon:.6f}")
        st.session_state[latitude] = form.as_typed("latitude", f"{lat:.6f}")

    settings = Settings.from_env()
    blocks.paragraph(
        "La position : un clic, ou un toucher, sur la carte la déplace ; au clavier, écrire la "
        "longitude et la latitude plus bas."
    )
    pick_point(
        data.static_files(version),
        key=f"point_{key}",
        label=f"Carte de la position : {row[at['nom']]}",
        code=code,
        point=_point(longitude, latitude, row),
        tiles=Tiles(settings.tiles_url, settings.tiles_attribution) if settings.tiles_url else None,
        on_pick=picked,
    )


def _point(longitude: str, latitude: str, row: list[str]) -> tuple[float, float] | None:
    """The point as it is typed, else as it is stored; None when it is no point."""
    at = columns()
    typed = (
        st.session_state.get(longitude, row[at["longitude"]]),
        st.session_state.get(latitude, row[at["latitude"]]),
    )
    try:
        lon, lat = (float(str(text).replace(",", ".")) for text in typed)
    except ValueError:
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


def _draft(table: Rows, edited: Edited | None) -> None:
    """The draft, and its publication."""
    waiting = DRAFT.edits()
    if not waiting.edits:
        return
    st.header("Brouillon", anchor=False)
    moved = [name_in(table, id_) for id_ in stale(table, waiting)]
    DRAFT.show_moved(moved, lambda: waiting.taken_up(lambda e: rows_of(table, e.id)))
    DRAFT.show_edits(lambda edit: form.edit_words(edit, name_in(table, edit.id)))
    if edited is None:
        return
    cells = cell_changes(sheet("offre"), table, edited.table)
    show_result([cell.sentence for cell in cells], edited.warnings)
    DRAFT.ask_to_publish(draft_file(waiting), "La carte est à jour.", held=bool(moved))


page()
