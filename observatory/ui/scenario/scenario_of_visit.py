"""The scenario of a visit: one that is being made, and those put aside to be compared.

Both are texts of the address (``scenario``, ``compares``): a link shows them again, and nothing
is kept on the server. What a planner keeps is in the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

import pandas as pd
import streamlit as st
from streamlit.errors import StreamlitAPIException

from observatory.errors import RequestError
from observatory.knowledge.question import Question
from observatory.scenario.compared_scenarios import MOST
from observatory.scenario.scenario_change import Amount, Scenario
from observatory.scenario.scenario_file import known_to, rows_of
from observatory.scenario.scenario_in_words import Toponyms, toponyms_of
from observatory.scenario.scenario_link import LONGEST, from_link, from_rows, to_link
from observatory.scenario.scenario_readers import ScenarioReading
from observatory.scenario.scenario_rows import scenario_contract
from observatory.scenario.what_if import WhatIf, answered, what_if
from observatory.ui.controls import visit
from observatory.ui.controls.form import Form
from observatory.ui.shell import data
from observatory.ui.shell.data import Version
from observatory.ui.shell.kept import remembered

KEY, ASIDE = "scenario", "compares"
BETWEEN = "."
"""Between the texts of the scenarios put aside; none of them holds it."""
UNNAMED = "Mon scénario"


@st.cache_data(max_entries=4, show_spinner=False)
def known(version: Version) -> ScenarioReading:
    """What a scenario may name in a version."""
    return known_to(data.cursor(version))


@st.cache_data(max_entries=4, show_spinner=False)
def toponyms(version: Version) -> Toponyms:
    """The communes of a version by their names."""
    return toponyms_of(data.cursor(version))


def ask_scenario(asked: Form, version: Version) -> tuple[Scenario | None, RequestError | None]:
    """The scenario of the address, or of the visit; and why it cannot be read."""
    text = asked.held("Scénario", KEY, LONGEST)
    # Both stand in one address: what is compared takes the room that is left.
    asked.held("Scénarios comparés", ASIDE, LONGEST - len(text))
    if not text:
        return None, None
    try:
        return _read(version, text), None
    except RequestError as error:
        return None, error


@remembered()
def before(version: Version, question: Question) -> pd.DataFrame:
    """The answer to a question as the version gives it."""
    return answered(data.cursor(version), question)


@remembered("Scénario en cours de calcul…")
def found(version: Version, scenario: Scenario, question: Question) -> WhatIf:
    """The answer before and after a scenario."""
    was = before(version, question)
    return what_if(data.cursor(version), scenario, question, before=was)


@st.cache_data(max_entries=100, show_spinner=False)
def _read(version: Version, text: str) -> Scenario:
    return from_link(text, known(version))


def put(scenario: Scenario | None) -> None:
    """Make a scenario the one of the visit; none begins again."""
    visit.pick(KEY, to_link(scenario) if scenario and scenario.changes else "")


def again() -> None:
    """Draw the page anew, alone: the address that it had is not read again."""
    with suppress(StreamlitAPIException):  # it is already the whole app that runs
        st.rerun(scope="fragment")
    st.rerun()


def with_change(version: Version, scenario: Scenario | None, typed: Mapping[str, str]) -> Scenario:
    """The scenario with one change more, as it was typed: read and checked as a line of a file.

    Raises
    ------
    RequestError
        When the change is refused, in words.
    """
    before = scenario or Scenario(UNNAMED, ())
    rows = {name: list(some) for name, some in rows_of([before]).items()}
    stored = scenario_contract().sheet("changements").stored
    line = [typed.get(name, "") for name in stored]
    line[stored.index("scenario")] = before.name
    rows.setdefault("changements", []).append(line)
    return from_rows(rows, known(version))


def without_change(scenario: Scenario, number: int) -> Scenario:
    """The scenario without one of its changes."""
    kept = tuple(c for n, c in enumerate(scenario.changes) if n != number)
    return replace(scenario, changes=kept)


def with_amount(scenario: Scenario, amount: Amount | None, name: str) -> Scenario:
    """The scenario with an amount of its own; none takes back the published one."""
    others = tuple(a for a in scenario.amounts if a.montant != name)
    return replace(scenario, amounts=(*others, *([amount] if amount else [])))


def aside(version: Version) -> list[Scenario]:
    """The scenarios put aside, in the address too; one that the version does not read is left out.

    What is read of a link is bounded: the texts of ``MOST`` scenarios.
    """
    kept = []
    for text in _aside()[:MOST]:
        with suppress(RequestError):
            kept.append(_read(version, text))
    return kept


def put_aside(scenario: Scenario) -> None:
    """Put a scenario aside, in the place of the one of its name; the oldest leaves."""
    texts = [t for t in _aside() if t != to_link(scenario)]
    visit.pick(ASIDE, BETWEEN.join([*texts, to_link(scenario)][-MOST:]))


def empty_aside() -> None:
    """Forget those put aside."""
    visit.pick(ASIDE, "")


def _aside() -> list[str]:
    return [text for text in visit.visit().chosen.get(ASIDE, "").split(BETWEEN) if text]
