"""``observatory purge``: what is kept longer than its retention, told, then removed with --yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from observatory.census.census_store import census_store
from observatory.french.numbers import plural
from observatory.plan.plan_followup import register_store
from observatory.plan.plan_store import plan_store
from observatory.report.written_parts import texts_store
from observatory.scenario.scenario_store import scenario_store
from observatory.settings import Settings
from observatory.stores.purge import DEFAULT_MONTHS, MOST_MONTHS, Purge, purge
from observatory.stores.store import Store
from observatory.stores.tenancy import tenant_folders
from observatory.survey.survey_store import survey_store
from observatory.targets.target_store import target_store

Months = Annotated[
    int, typer.Option(min=1, max=MOST_MONTHS, help="Mois du journal : compte et motif.")
]
States = Annotated[
    int, typer.Option(min=1, max=MOST_MONTHS, help="Mois des états remplacés et des copies datées.")
]

STORES: Mapping[str, Callable[[Path], Store]] = {
    "Recensement": census_store,
    "Objectifs": target_store,
    "Plan d'actions": plan_store,
    "Suivi du plan": register_store,
    "Textes des documents": texts_store,
    "Questionnaire": survey_store,
    "Scénarios": scenario_store,
}
"""What is kept of each territory, the one in service or not."""


def purge_command(
    audit_months: Months = DEFAULT_MONTHS,
    state_months: States = DEFAULT_MONTHS,
    yes: Annotated[
        bool, typer.Option("--yes", help="Effacer ; sans elle, rien ne change.")
    ] = False,
) -> None:
    """Dire ce qui dépasse sa durée de conservation, et l'effacer avec --yes."""
    now, folders = datetime.now(UTC), tenant_folders(Settings.from_env().census_root)
    for title, months in (("journal", audit_months), ("états remplacés", state_months)):
        told = " (durée par défaut)" if months == DEFAULT_MONTHS else ""
        typer.echo(f"Conservation, {title} : {months} mois{told}.")
    found = {
        f"{title}{f' ({folder.name})' if n else ''}": purge(
            store_of(folder), now, audit_months, state_months, apply=yes
        )
        for n, folder in enumerate(folders)
        for title, store_of in STORES.items()
    }
    for title, past in found.items():
        typer.echo(f"{title} : {_said(past)}.")
    if all(past.is_empty for past in found.values()):
        return
    typer.echo("Effacé." if yes else "Rien n'est effacé : recommencer avec --yes pour le faire.")


def _said(past: Purge) -> str:
    parts = [
        plural(len(past.lines), "ligne du journal", "lignes du journal") if past.lines else "",
        plural(len(past.states), "état remplacé", "états remplacés") if past.states else "",
        plural(len(past.copies), "copie datée", "copies datées") if past.copies else "",
    ]
    return ", ".join(filter(None, parts)) or "rien ne dépasse sa durée"
