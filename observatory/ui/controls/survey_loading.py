"""A questionnaire loaded from its page: the export is read, marked, checked, and forgotten."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from observatory.census.file_names import own_file_name
from observatory.errors import ObservatoryError
from observatory.french import dates
from observatory.french.numbers import plural
from observatory.settings import Settings
from observatory.stores.author import author
from observatory.survey import survey_store
from observatory.survey.inhabitants import Inhabitants, inhabitants
from observatory.survey.marked_answers import MarkedSurvey, marked_answers
from observatory.survey.survey_export import SurveyExport, read_export
from observatory.survey.survey_marks import marks_contract, proposed_marks
from observatory.ui.shell import actions, blocks, data
from observatory.ui.shell.access import account_id, require_planner
from observatory.ui.shell.data import Version
from observatory.ui.shell.own_download import own_download
from observatory.ui.tables.problem_table import show_problems
from observatory.workbook.checking import check_workbook
from observatory.workbook.results import Checked
from observatory.workbook.template import workbook


def ask_survey(version: Version) -> None:
    """Ask a planner for an export, then for its marks, and keep what they allow."""
    require_planner()
    _say_kept()
    blocks.paragraph(
        "L'export du questionnaire (LimeSurvey, Google Forms, Framaforms, KoboToolbox, ou un "
        "tableau simple) est lu ici et n'est pas gardé. Rien n'entre dans l'observatoire que les "
        "questions marquées « oui »."
    )
    given = st.file_uploader("Export du questionnaire", key="export_du_questionnaire")
    if given is None:
        return
    try:
        with _on_disk([given]) as (path,):
            export = read_export(path)
    except ObservatoryError as error:
        blocks.fault(error)
        return
    living = inhabitants(data.cursor(version))
    own_download(
        "Télécharger les questions à marquer (XLSX)",
        lambda copy: workbook(marks_contract(), proposed_marks(export, living), copy),
        file_name="marques.xlsx",
    )
    marks = st.file_uploader("Marques remplies", key="marques_du_questionnaire")
    if marks is not None:
        _check(version, export, marks, living)


def _check(
    version: Version, export: SurveyExport, marks: UploadedFile, living: Inhabitants
) -> None:
    """Say what would be kept and what may not be; then keep it when asked."""
    try:
        with _on_disk([marks]) as (path,):
            checked = check_workbook(marks_contract(), [path], complete=False, names=[marks.name])
    except ObservatoryError as error:
        blocks.fault(error)
        return
    communes = data.ground(version, dates.today()).communes
    survey = marked_answers(export, checked, communes, living)
    problems = [*checked.errors, *survey.problems]
    _tell(checked, survey, bool(problems))
    show_problems("À corriger", problems)
    if problems:
        return
    with st.form("rangement_du_questionnaire"):
        why = st.text_input("Pourquoi (facultatif)", help="Gardé au journal.")
        asked = st.form_submit_button("Ranger les réponses marquées", type="primary")
    if asked:
        _keep(survey, why.strip())


def _tell(checked: Checked, survey: MarkedSurvey, wrong: bool) -> None:
    show = st.warning if wrong else st.success
    kept = plural(len(survey.questions), "question gardée", "questions gardées")
    show(
        blocks.as_label(
            f"{kept}, {plural(len(survey.answers), 'réponse complète', 'réponses complètes')}."
        )
    )
    for note in [*checked.notes, *survey.notes]:
        blocks.paragraph(f"{note}.")


def _keep(survey: MarkedSurvey, why: str) -> None:
    require_planner()
    function = st.session_state.get("fonction", actions.PLANNER)
    folder = Settings.from_env().census_dir
    try:
        changed = survey_store.load(folder, survey, author(function, account_id()), why)
    except ObservatoryError as error:
        blocks.fault(error)
        return
    st.session_state["questionnaire_range"] = (
        "Les réponses marquées sont rangées ; l'export peut être effacé."
        if changed
        else "Le questionnaire en place est déjà celui-là : rien n'a changé."
    )
    st.rerun()


def _say_kept() -> None:
    if said := st.session_state.pop("questionnaire_range", ""):
        st.success(said)


@contextmanager
def _on_disk(given: Sequence[UploadedFile]) -> Iterator[list[Path]]:
    """Files as they were sent, for as long as they are read."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / own_file_name(one.name) for one in given]
        for path, one in zip(paths, given, strict=True):
            path.write_bytes(one.getvalue())
        yield paths
