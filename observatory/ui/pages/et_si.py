"""« Et si… »: dated changes over the figures, before and after, here and within reach."""

from __future__ import annotations

from datetime import date

import streamlit as st

from observatory.errors import RequestError
from observatory.french import dates
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import VOTED, Question
from observatory.maps.measures import MEASURES
from observatory.maps.what_if_paints import MOVES
from observatory.scenario.scenario_change import Scenario
from observatory.scenario.what_if import SIMULATION, changed_services, measured_by, usual_question
from observatory.ui.controls import visit
from observatory.ui.controls.form import Form
from observatory.ui.controls.rail import FIRST_DAY, LAST_DAY, WHOLE_LABEL, ask_service, show_rail
from observatory.ui.scenario import scenario_of_visit as own
from observatory.ui.scenario.change_form import ask_change
from observatory.ui.scenario.scenario_answer import show_head, show_money, show_moves
from observatory.ui.scenario.scenario_kept import (
    ask_file,
    show_comparison,
    show_downloads,
    show_kept,
)
from observatory.ui.scenario.scenario_maps import show_map_files, show_maps
from observatory.ui.scenario.scenario_parts import ask_amounts, ask_name, show_changes
from observatory.ui.scenario.where_to_open import ask_where, show_where
from observatory.ui.shell import blocks, data
from observatory.ui.shell.answering import answering
from observatory.ui.shell.data import Ground, Version


def page() -> None:
    """Draw the page."""
    version, today = data.version_in_service(), dates.today()
    ground = data.ground(version, today)
    asked = visit.form()
    scenario, fault = own.ask_scenario(asked, version)
    where = ask_where(asked)
    question, measure, focus = _ask(asked, version, ground, scenario, today)
    show_rail(asked, ground.files)
    if fault:
        blocks.fault(fault, st.warning)
    names = own.toponyms(version)
    if scenario is None:
        st.title("Et si…", anchor=False)
        blocks.prose(
            "Une crèche qui ouvre, une autre qui ferme, des assistants maternels qui partent, des "
            "logements nouveaux : voir ce que cela changerait, commune par commune. Rien n'entre "
            f"dans le recensement. {SIMULATION}."
        )
        _form(version, ground, scenario, question, focus, today)
        show_where(version, scenario, question, where)
        ask_file(version)
        show_kept(scenario)
        show_comparison(version, scenario, question)
        return
    found = own.found(version, scenario, question)
    show_head(found, names, focus)
    _elsewhere(version, scenario, question)
    show_changes(scenario, names, found)
    with st.expander("Ajouter un changement"):
        _form(version, ground, scenario, question, focus, today)
    show_where(version, scenario, question, where)
    show_maps(version, ground, found, measure, focus)
    show_moves(version, found, focus)
    show_money(found)
    ask_amounts(scenario, found)
    show_comparison(version, scenario, question)
    show_downloads(version, found)
    show_map_files(version, found, measure)
    ask_name(scenario)
    st.button("Recommencer un autre scénario", on_click=own.put, args=(None,), key="si_neuf")
    ask_file(version)
    show_kept(scenario)


def _ask(
    asked: Form, version: Version, ground: Ground, scenario: Scenario | None, today: date
) -> tuple[Question, str, str | None]:
    """Ask for the service and the need, the day that is looked at, the map, the commune."""
    names = nomenclature()
    usual = usual_question(data.cursor(version), scenario, today) if scenario else None
    service_id, day_type = ask_service(
        asked,
        lambda: {usual.service} if usual and usual.service else ground.known(),
        ground.groups,
    )
    service = names.service(service_id)
    aimed = any(c.changement == "objectif" for c in scenario.changes) if scenario else False
    voted = service_id in ground.voted or aimed
    # A target that is typed in belongs to the pages that ask for it.
    definitions = [d for d in service.definitions if d != "custom" and (d != VOTED or voted)]
    definition = asked.menu("Besoin", definitions, "besoin", lambda d: names.definitions[d].label)
    last = scenario.last_day if scenario else today
    day = asked.day("Jour regardé", "jour_regarde", max(last, today), FIRST_DAY, LAST_DAY)
    measures = [m for m in MOVES if service.catchment or not MEASURES[m].reach]
    measure = asked.menu(
        "Cartes", measures, "cartes", lambda m: MEASURES[m].label(service), default=measures[0]
    )
    focus = asked.commune(ground.communes, WHOLE_LABEL)
    return Question(service_id, day_type, definition, as_of=day).settled(), measure, focus


def _elsewhere(version: Version, scenario: Scenario, question: Question) -> None:
    """Say that the service in view is none of those that change, and lead to one that is."""
    names = nomenclature()
    seen = {str(question.service), *names.service(str(question.service)).parts}
    changed = changed_services(data.cursor(version), scenario)
    if not changed or seen & set(changed):
        return
    other = measured_by(changed[0])
    st.info(
        f"Ce scénario change un autre service que celui du volet : {names.services[other].label}."
    )
    st.button(
        f"Regarder : {names.services[other].listed}",
        on_click=visit.pick,
        args=("service", other),
        key="si_service",
    )


def _form(
    version: Version,
    ground: Ground,
    scenario: Scenario | None,
    question: Question,
    focus: str | None,
    today: date,
) -> None:
    """The fields of one change more, and what is wrong with them."""
    first = date(today.year + (today.month >= 9), 9, 1)
    day = scenario.changes[-1].date if scenario else first
    number = len(scenario.changes) if scenario else 0
    typed = ask_change(version, ground, str(question.service), focus, day, number)
    if typed is None:
        return
    try:
        made = own.with_change(version, scenario, typed)
        # What the version alone can refuse is told here, and the scenario stays as it was.
        own.found(version, made, question)
    except RequestError as error:
        blocks.fault(error)
        return
    own.put(made)
    own.again()


answering(page)
