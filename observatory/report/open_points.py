"""Questions that the plan itself leaves open: what a committee has to decide, by rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from observatory.french import dates
from observatory.report.document_plan import DocumentPlan

RULE = (
    "Questions posées par le plan, par règle : action en retard, en pause ou sans structure "
    "pilote ; cible dépassée par son échéance ; rupture de méthode."
)


def open_points(plan: DocumentPlan) -> Iterator[str]:
    """One question per open point, the latest actions first."""
    actions = plan.actions
    for row in actions[actions["late"]].to_dict("records"):
        if row["status"] == "a_venir" and not _over(row["last_day"], plan.day):
            yield (
                f"{row['action']}, « {row['title']} », devait commencer le "
                f"{_day(row['first_day'])} et reste à venir : la lancer, la reporter ou y "
                "renoncer ?"
            )
            continue
        since = "" if pd.isna(row["last_day"]) else f" (échéance : {_day(row['last_day'])})"
        yield (
            f"{row['action']}, « {row['title']} », est en retard{since} : la relancer, la "
            "prolonger ou y renoncer ?"
        )
    for row in plan.standing.to_dict("records"):
        if row["broken"]:
            yield (
                f"La méthode de l'indicateur « {row['name']} » a changé : revoter sa valeur de "
                "départ ?"
            )
        elif row["overdue"]:
            yield (
                f"« {row['name']} » n'a pas atteint sa cible le {_day(row['target_day'])} : la "
                "reporter, ou agir autrement ?"
            )
    for row in actions[actions["status"] == "en_pause"].to_dict("records"):
        yield f"{row['action']}, « {row['title']} », est en pause : la reprendre ou y renoncer ?"
    orphan = actions["structure"].eq("") & actions["status"].isin(["a_venir", "en_cours"])
    for row in actions[orphan].to_dict("records"):
        yield f"{row['action']}, « {row['title']} » : quelle structure la porte ?"


def _over(last: pd.Timestamp, day: date) -> bool:
    """Whether the last day of an action is past; one that nobody said is not."""
    return bool(pd.notna(last)) and last.date() < day


def _day(day: pd.Timestamp) -> str:
    return dates.long_date(day.date())
