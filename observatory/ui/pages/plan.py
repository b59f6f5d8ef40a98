"""The action plan: what is planned, done, late, reached; the money; who does what."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from observatory.french import dates, numbers
from observatory.french.numbers import plural
from observatory.plan.figures_said import figures_said
from observatory.plan.followed_plan import FollowedPlan
from observatory.plan.indicator_course import indicator_course
from observatory.plan.indicator_standing import standing_today
from observatory.plan.plan_words import ACTION_STATUSES
from observatory.plan.progress import money, progress, steps_standing, who_does_what
from observatory.ui.controls import visit
from observatory.ui.controls.form import Form
from observatory.ui.controls.rail import show_rail
from observatory.ui.plan.action_sheet import show_action
from observatory.ui.plan.calendar import calendar
from observatory.ui.plan.indicator_curves import show_curves
from observatory.ui.plan.kept_figures import KeptFigures
from observatory.ui.plan.plan_editing import PlanEditing
from observatory.ui.plan.plan_of_visit import plan_read
from observatory.ui.plan.tables_of_plan import (
    bar_of,
    show_actions,
    show_actors,
    show_indicators,
    show_money,
    show_steps_of,
)
from observatory.ui.shell import blocks, data
from observatory.ui.shell.access import is_planner
from observatory.ui.shell.answering import answering
from observatory.ui.shell.data import Version
from observatory.ui.shell.fold import on_demand
from observatory.versions.frames import records

EVERY = ""
LATE = "retard"


def page() -> None:
    """Draw the page."""
    version, today = data.version_in_service(), dates.today()
    planner = is_planner()
    plan = plan_read(version)
    ground = data.ground(version, today)
    asked = visit.form()
    editing = None
    if planner and asked.switch("Modifier le plan", "modifier"):
        editing = PlanEditing(data.plan_communes(version))
        plan = FollowedPlan(editing.shown, plan.register, False)
    rows = progress(plan.tables, plan.register, today)
    kept, chosen = _ask(asked, rows, editing=editing is not None)
    show_rail(asked, ground.files)
    if editing:
        _title(rows, chosen)
        editing.show(chosen)
        return
    if rows.empty:
        _nothing(planner=planner)
        return
    standing = _standing(version, plan, today, planner=planner)
    _head(rows, standing)
    _whose(plan, rows, planner=planner)
    communes = ground.communes
    own = standing[standing["action"].isin(kept["action"])]
    if chosen:
        (action,) = records(rows[rows["action"] == chosen])
        of_action = standing[standing["action"] == chosen]
        show_action(
            version,
            plan.tables,
            action,
            of_action,
            indicator_course(plan.tables, plan.register, of_action, today),
            figures_said(KeptFigures(version, planner), plan.tables, of_action),
            communes,
            today,
        )
        return
    if kept.empty:
        st.info("Aucune action ne répond à ces choix. En retirer un dans le volet de gauche.")
        return
    _calendar(plan, kept, today)
    for axis in dict.fromkeys(kept["axis"]):
        st.header(blocks.as_label(str(axis)), anchor=False)
        show_actions(str(axis), kept[kept["axis"] == axis])
    if not own.empty:
        st.header("Indicateurs", anchor=False)
        show_curves(own, indicator_course(plan.tables, plan.register, own, today))
        show_indicators(own)
    _means(plan)


def _calendar(plan: FollowedPlan, kept: pd.DataFrame, today: date) -> None:
    """The actions over time, axis by axis, with their steps; these as a table too."""
    steps = steps_standing(plan.tables, today)
    # An axis may come back further down the plan: here its actions stand together.
    order = {axis: n for n, axis in enumerate(dict.fromkeys(kept["axis"]))}
    together = kept.sort_values("axis", key=lambda axes: axes.map(order), kind="stable")
    drawn = calendar(
        [bar_of(action, steps) for action in records(together)],
        today,
        f"Calendrier de {plural(len(kept), 'action')}.",
    )
    if not drawn:
        return
    st.header("Calendrier", anchor=False)
    st.html(drawn)
    if steps["action"].isin(kept["action"]).any():
        on_demand("Les étapes en tableau", lambda: show_steps_of(together, steps), key="etapes")


def _standing(version: Version, plan: FollowedPlan, today: date, *, planner: bool) -> pd.DataFrame:
    if not planner:
        return data.public_indicators(version, today)
    return standing_today(KeptFigures(version, planner), plan.tables, plan.register, today)


def _title(rows: pd.DataFrame, chosen: str) -> None:
    """What is being edited: one action, or the plan."""
    named = dict(zip(rows["action"], rows["title"], strict=True))
    st.title("Modifier le plan d'actions", anchor=False)
    about = f"{chosen} · {named[chosen]}" if chosen else "Une action à ajouter, ou la gouvernance"
    st.header(blocks.as_label(about), anchor=False)
    if named and not chosen:
        blocks.prose("Pour modifier une action, la choisir dans le volet.")


def _ask(asked: Form, rows: pd.DataFrame, *, editing: bool) -> tuple[pd.DataFrame, str]:
    """Ask for an axis, a state and an action; the actions kept, and the one to read or edit."""
    axes = {str(n): str(a) for n, a in enumerate(dict.fromkeys(rows["axis"]), 1)}
    axis = asked.menu(
        "Axe", [EVERY, *axes], "axe", lambda a: axes.get(a, "Tous les axes"), linked="other"
    )
    kept = rows[rows["axis"] == axes[axis]] if axis else rows
    states = [s for s in ACTION_STATUSES if (rows["status"] == s).any()]
    options = [EVERY, *([LATE] if rows["late"].any() else []), *states]
    words = {EVERY: "Toutes", LATE: "En retard", **ACTION_STATUSES}
    state = asked.menu("État", options, "etat", words.__getitem__)
    if state == LATE:
        kept = kept[kept["late"]]
    elif state:
        kept = kept[kept["status"] == state]
    titles = dict(zip(kept["action"], kept["title"], strict=True))
    chosen = asked.menu(
        "Action à modifier" if editing else "Lire une action en entier",
        [EVERY, *titles],
        "action",
        lambda a: f"{a} · {titles[a]}" if a else "Aucune : tout le plan",
    )
    return kept, chosen


def _head(rows: pd.DataFrame, standing: pd.DataFrame) -> None:
    aimed = standing[standing["target"].notna()]
    reached = int((aimed["reached"] == True).sum())  # noqa: E712 (None is neither)
    late = int(rows["late"].sum())
    blocks.figures(
        "Plan d'actions",
        [
            ("Actions", numbers.number(len(rows)), ""),
            ("Réalisées", numbers.number(int(rows["done"].sum())), ""),
            ("En retard", numbers.number(late), ""),
            ("Cibles atteintes", numbers.number(reached), f"sur {numbers.number(len(aimed))}"),
        ],
    )


def _whose(plan: FollowedPlan, rows: pd.DataFrame, *, planner: bool) -> None:
    """Whose plan it is, and what of it is shown."""
    told = []
    if plan.is_example or rows["demonstration"].all():
        told.append(
            "Exemple de démonstration : axes et titres publics de la convention, dates, moyens et "
            "montants inventés. Il disparaît au premier plan chargé."
        )
    if planner:
        public = int(rows["public"].sum())
        told.append(
            f"Lecture des planificateurs : tout le plan ; le public en voit "
            f"{plural(public, 'action')}, sans les fonctions, les moyens ni le bilan. "
            "« Modifier le plan », dans le volet, change une ligne ; le classeur (observatory plan "
            "export, puis load) change tout."
        )
    else:
        told.append("Ce que le territoire a choisi de montrer de son plan.")
    blocks.paragraph(" ".join(told))


def _nothing(*, planner: bool) -> None:
    st.title("Plan d'actions", anchor=False)
    st.info(
        "Aucun plan d'actions n'est chargé. « Modifier le plan », dans le volet, en commence un ; "
        "ou bien partir d'un classeur vide : observatory plan template --out plan.xlsx, le "
        "remplir, puis observatory plan load plan.xlsx."
        if planner
        else "Le territoire n'a pas encore montré de plan d'actions."
    )


def _means(plan: FollowedPlan) -> None:
    """The money and the actors of the whole plan."""
    paid, actors = money(plan.tables), who_does_what(plan.tables)
    if not paid.empty:
        show_money(paid)
    if not actors.empty:
        show_actors(actors)


answering(page)
