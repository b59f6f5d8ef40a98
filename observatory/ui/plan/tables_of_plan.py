"""Tables of the plan: its actions by axis, its indicators, its money, who does what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from observatory.french import dates, numbers, vocabulary
from observatory.french.vocabulary import NOTHING
from observatory.plan.figures_said import on_the_way
from observatory.plan.plan_words import ACTION_STATUSES, FUNDING_NATURES, PRIORITIES
from observatory.plan.progress import STEP_DONE, STEP_LATE, STEP_LEFT, STEP_TO_DO
from observatory.ui.plan.calendar import Bar, Milestone, day_of
from observatory.ui.shell import blocks
from observatory.ui.tables.narrow import wide_table
from observatory.versions.frames import records

LATE = "en retard"
STEP_SIGNS = {STEP_DONE: "done", STEP_LATE: "late"} | dict.fromkeys((STEP_TO_DO, STEP_LEFT), "open")
STATES = {"realise": "done", "en_pause": "still", "abandonne": "still"}


def state_words(action: Mapping[str, Any]) -> str:
    """How an action stands: « En cours, en retard »."""
    said = ACTION_STATUSES[str(action["status"])]
    return f"{said}, {LATE}" if action["late"] else said


def period_words(action: Mapping[str, Any]) -> str:
    """From when to when, as far as the plan says."""
    first, last = day_of(action["first_day"]), day_of(action["last_day"])
    if first and last:
        return f"du {dates.short_date(first)} au {dates.short_date(last)}"
    if first:
        return f"depuis le {dates.short_date(first)}"
    return f"jusqu'au {dates.short_date(last)}" if last else NOTHING


def bar_of(action: Mapping[str, Any], steps: pd.DataFrame) -> Bar:
    """An action in the calendar, with its steps (``plan.progress.steps_standing``)."""
    status = str(action["status"])
    state = "late" if action["late"] else STATES.get(status, "open")
    own = records(steps[steps["action"] == action["action"]])
    marks = [
        Milestone(day, STEP_SIGNS[str(step["state"])], f"{step['step']}, {step_words(step)}")
        for step in own
        if (day := day_of(step["done_on"] if step["state"] == STEP_DONE else step["due"]))
    ]
    return Bar(
        str(action["axis"]),
        str(action["title"]),
        day_of(action["first_day"]),
        day_of(action["last_day"]),
        state,
        f"{state_words(action)}, {period_words(action)}",
        marks,
    )


def step_words(step: Mapping[str, Any]) -> str:
    """How a step stands: « faite le 15/06/2024 », « en retard depuis le 31/03/2025 »."""
    due, done, state = day_of(step["due"]), day_of(step["done_on"]), str(step["state"])
    if state == STEP_DONE and done:
        return f"{state} le {dates.short_date(done)}"
    since = {STEP_LATE: "depuis le", STEP_TO_DO: "pour le"}.get(state, "prévue le")
    return f"{state} {since} {dates.short_date(due)}" if due else state


def show_steps_of(actions: pd.DataFrame, steps: pd.DataFrame) -> None:
    """The steps of the calendar as a table, those of an action together."""
    titles = dict(zip(actions["action"], actions["title"], strict=True))
    rows = [
        [str(step["step"]), titles[step["action"]], step_words(step)]
        for step in records(steps[steps["action"].isin(titles)])
    ]
    wide_table("Étapes du plan", ["Étape", "Action", "État"], rows, words={1, 2}, dense=True)


def show_actions(axis: str, actions: pd.DataFrame) -> None:
    """The actions of one axis, one row each."""
    prioritised = bool((actions["priority"] != "").any())
    headings = ["Action", "État", "Quand", "Pilotage", "Étapes faites", "Cibles atteintes"]
    rows = []
    for action in records(actions):
        steps = f"{action['steps_done']} sur {action['steps']}" if action["steps"] else NOTHING
        aimed = action["reached"] + action["not_reached"] + action["reach_unknown"]
        reached = f"{action['reached']} sur {aimed}" if aimed else NOTHING
        when = period_words(action)
        row = [
            f"{action['action']} · {action['title']}",
            state_words(action),
            when,
            str(action["structure"]) or NOTHING,
            steps,
            reached,
        ]
        rows.append(
            [*row, PRIORITIES.get(str(action["priority"]), NOTHING)] if prioritised else row
        )
    wide_table(
        f"{axis} : actions",
        [*headings, "Priorité"] if prioritised else headings,
        rows,
        words={1, 2, 3, 6},
        dense=True,
    )


def value_words(indicator: Mapping[str, Any], column: str) -> str:
    """A value of an indicator, or why there is none."""
    value = indicator[column]
    if pd.notna(value):
        decimals = 0 if float(value) == round(float(value)) else 1
        return numbers.number(float(value), decimals)
    hidden = column == "value" and indicator["state"] == vocabulary.MASKED
    return vocabulary.MASKED if hidden else numbers.UNKNOWN


def verdict(indicator: Mapping[str, Any]) -> str:
    """Where an indicator stands, in words; nothing is told over a change of method."""
    if indicator["broken"]:
        return "méthode changée depuis le départ : pas de comparaison"
    if pd.isna(indicator["target"]):
        return "sans cible"
    if indicator["reached"] is True:
        return "cible atteinte"
    if indicator["reached"] is None:
        return "ne peut pas être dit"
    share = indicator["share"]
    way = on_the_way(share) if pd.notna(share) else ""
    if indicator["overdue"]:
        return ", ".join(filter(None, ("échéance passée, cible non atteinte", way)))
    return way or "en chemin"


def show_indicators(indicators: pd.DataFrame) -> None:
    """Each indicator from its baseline to its target."""

    def dated(indicator: Mapping[str, Any], value: str, day: str) -> str:
        said, at = value_words(indicator, value), day_of(indicator[day])
        return f"{said} ({dates.short_date(at)})" if at else said

    rows = []
    for indicator in records(indicators):
        start = dated(indicator, "baseline", "baseline_day")
        again = indicator["recomputed"]
        if indicator["broken"] and pd.notna(again):
            start += f" ; aujourd'hui ce jour-là donnerait {numbers.number(float(again), 1)}"
        rows.append(
            [
                str(indicator["name"]),
                str(indicator["unit"]),
                start,
                dated(indicator, "value", "value_day"),
                dated(indicator, "target", "target_day")
                if pd.notna(indicator["target"])
                else NOTHING,
                verdict(indicator),
                "se remplit seul" if indicator["bound"] else "saisi",
            ]
        )
    headings = ["Indicateur", "Unité", "Départ", "Aujourd'hui", "Cible", "Où on en est", "Source"]
    wide_table(
        "Indicateurs, du départ à la cible", headings, rows, words={1, 2, 3, 4, 5, 6}, dense=True
    )


def show_money(money: pd.DataFrame) -> None:
    """Euros by funder and year; the three natures are never added up."""
    rows = [
        [
            f"{row['funder']}, {row['year']}" if row["year"] else str(row["funder"]),
            *(
                NOTHING if pd.isna(row[n]) else numbers.euros(float(row[n]))
                for n in FUNDING_NATURES
            ),
        ]
        for row in money.to_dict("records")
    ]
    blocks.table(
        "Financements, par financeur et par an",
        ["Financeur, année", *FUNDING_NATURES.values()],
        rows,
    )
    blocks.paragraph(
        "Prévu, engagé, réalisé : trois états du même argent, jamais additionnés. « — » : personne "
        "ne l'a dit."
    )


def show_actors(matrix: pd.DataFrame) -> None:
    """Who leads (P) and who takes part (p), by theme: a cell counts actions."""
    actors = list(dict.fromkeys(matrix["actor"]))
    rows = []
    for theme in dict.fromkeys(matrix["theme"]):
        cells = []
        for actor in actors:
            own = matrix[(matrix["theme"] == theme) & (matrix["actor"] == actor)]
            counts = dict(zip(own["role"], own["actions"], strict=True))
            told = []
            if leads := counts.get("pilote"):
                told.append(f"pilote {leads}")
            if takes := counts.get("partenaire"):
                told.append(f"partenaire {takes}")
            cells.append(" · ".join(told) or NOTHING)
        rows.append([str(theme), *cells])
    blocks.table(
        "Qui fait quoi : nombre d'actions par thème", ["Thème", *map(str, actors)], rows, words=True
    )
