"""The plan as it goes: what is planned, done, reached and late; the money; who does what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from observatory.plan.indicator_standing import indicator_standing
from observatory.plan.plan_frames import plan_frame
from observatory.plan.plan_readers import PARTED
from observatory.plan.plan_words import ACTION_STATUSES, FUNDING_NATURES, OPEN
from observatory.workbook.results import Rows

DONE = "realise"
COUNTED = [
    "steps", "steps_done", "steps_late", "indicators", "reached", "not_reached", "reach_unknown",
]  # fmt: skip
UNSAID = "Non précisé"
STEP_DONE, STEP_LATE, STEP_TO_DO, STEP_LEFT = "faite", "en retard", "à faire", "non faite"
"""How a step stands."""


def progress(plan: Mapping[str, Rows], register: Rows, day: date) -> pd.DataFrame:
    """Where each action stands on a day.

    Returns
    -------
    DataFrame
        One row per action, in the order of the plan: action, axis, title, status, priority,
        structure, first_day, last_day; done; late (still open after its last day, or to come after
        its first); steps, steps_done and steps_late (past their day, not done, in an action that
        is still open); indicators, and of those that have a target: reached, not_reached and
        reach_unknown (no value, no baseline, or a break of method); public, demonstration.
    """
    actions, steps = plan_frame(plan, "actions"), steps_standing(plan, day)
    now = pd.Timestamp(day)
    is_open = actions["statut"].isin(OPEN)
    over = actions["fin"].notna() & (actions["fin"] < now)
    unbegun = (actions["statut"] == "a_venir") & (actions["debut"] < now)
    table = pd.DataFrame(
        {
            "action": actions["identifiant"],
            "axis": actions["axe"],
            "title": actions["titre"],
            "status": actions["statut"],
            "priority": actions["priorite"],
            "structure": actions["structure_pilote"],
            "first_day": actions["debut"],
            "last_day": actions["fin"],
            "done": actions["statut"] == DONE,
            "late": is_open & (over | unbegun),
            "public": actions["public"],
            "demonstration": actions["demonstration"],
        }
    )
    standing = indicator_standing(plan, register, day)
    aimed = standing["target"].notna()
    reached = standing["reached"]
    counts = {
        "steps": _count(steps, pd.Series(True, index=steps.index)),
        "steps_done": _count(steps, steps["state"] == STEP_DONE),
        "steps_late": _count(steps, steps["state"] == STEP_LATE),
        "indicators": _count(standing, pd.Series(True, index=standing.index)),
        "reached": _count(standing, aimed & (reached == True)),  # noqa: E712 (None is neither)
        "not_reached": _count(standing, aimed & (reached == False)),  # noqa: E712
        "reach_unknown": _count(standing, aimed & reached.isna()),
    }
    for name, count in counts.items():
        table[name] = table["action"].map(count).fillna(0).astype("int64")
    return table


def steps_standing(plan: Mapping[str, Rows], day: date) -> pd.DataFrame:
    """Where each step stands on a day.

    Returns
    -------
    DataFrame
        One row per step, in the order of the plan: action, step, due, done_on (null when nobody
        said), state (« faite », « en retard » when it is past its day in an action that is still
        open, « à faire », « non faite » in one that is over).
    """
    steps, actions = plan_frame(plan, "etapes"), plan_frame(plan, "actions")
    now = pd.Timestamp(day)
    open_ = steps["action"].isin(actions.loc[actions["statut"].isin(OPEN), "identifiant"])
    state = pd.Series(STEP_LEFT, index=steps.index, dtype=object)
    state[open_] = STEP_TO_DO
    state[open_ & steps["echeance"].notna() & (steps["echeance"] < now)] = STEP_LATE
    state[steps["faite_le"].notna() & (steps["faite_le"] <= now)] = STEP_DONE
    named = {"etape": "step", "echeance": "due", "faite_le": "done_on"}
    return steps.rename(columns=named)[["action", *named.values()]].assign(state=state)


def progress_by_axis(plan: Mapping[str, Rows], register: Rows, day: date) -> pd.DataFrame:
    """The same, counted by axis.

    Returns
    -------
    DataFrame
        One row per axis, in the order of the plan: axis, actions, one column per status
        (a_venir, en_cours, realise, en_pause, abandonne), late, then the counts of ``progress``.
    """
    rows = progress(plan, register, day)
    statuses = {s: rows["status"] == s for s in ACTION_STATUSES}
    counted = rows.assign(actions=1, **statuses)
    columns = ["actions", *ACTION_STATUSES, "late", *COUNTED]
    return counted.groupby("axis", sort=False)[columns].sum().astype("int64").reset_index()


def money(plan: Mapping[str, Rows]) -> pd.DataFrame:
    """The money of the plan, by funder and year.

    Returns
    -------
    DataFrame
        One row per funder × year (« 2025 », empty when it is not said): funder, year, then the
        euros foreseen, committed and spent (prevu, engage, realise), null where nobody said any;
        the three are states of the same money, never added up.
    """
    rows = plan_frame(plan, "financements")
    natures = list(FUNDING_NATURES)
    if rows.empty:
        return pd.DataFrame(columns=["funder", "year", *natures])
    table = rows.pivot_table(
        index=["financeur", "annee"], columns="nature", values="montant_euros", aggfunc="sum"
    )
    table = table.reindex(columns=natures).astype("float64").reset_index()
    table.columns.name = None
    return table.rename(columns={"financeur": "funder", "annee": "year"})


def who_does_what(plan: Mapping[str, Rows]) -> pd.DataFrame:
    """Who acts on which theme, leading or taking part.

    Returns
    -------
    DataFrame
        One row per theme × actor × role (« pilote », « partenaire ») that has an action: theme,
        actor (« Non précisé » where the plan names no leading structure), role, actions (how many
        that were not given up), ids (theirs, a space between them).
    """
    actions = plan_frame(plan, "actions")
    actions = actions[actions["statut"] != "abandonne"]
    leading = actions.assign(role="pilote", actor=actions["structure_pilote"])
    leading["actor"] = leading["actor"].replace("", UNSAID)
    partners = [[p for p in PARTED.split(text) if p] for text in actions["partenaires"]]
    taking_part = actions.assign(
        role="partenaire", actor=pd.Series(partners, actions.index, object)
    )
    taking_part = taking_part.explode("actor").dropna(subset="actor")
    named = pd.concat([leading, taking_part])
    named["theme"] = named["theme"].replace("", UNSAID)
    groups = named.groupby(["theme", "actor", "role"], sort=False)["identifiant"]
    return groups.agg(actions="size", ids=" ".join).reset_index()


def _count(rows: pd.DataFrame, kept: pd.Series[bool]) -> pd.Series[int]:
    """How many rows of each action are kept."""
    return rows.loc[kept.astype(bool), "action"].value_counts()
