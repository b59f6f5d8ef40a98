"""After a refresh: what the version in service says of the indicators of the plan is kept."""

from __future__ import annotations

import typer

from observatory.errors import ObservatoryError
from observatory.french.dates import today
from observatory.french.numbers import agreed, plural
from observatory.plan import plan_store
from observatory.plan.plan_followup import follow_up
from observatory.settings import Settings
from observatory.versions import warehouse


def observe_plan(settings: Settings) -> None:
    """Add to the register of the plan what is new; a fault is said, the version stays in service.

    Without a plan of the territory's own nothing is read nor written.
    """
    try:
        plan = plan_store.read(settings.census_dir)
        if not plan.get("indicateurs"):
            return
        with warehouse.in_service(settings) as con:
            added = follow_up(settings.census_dir, con, plan, today())
    except ObservatoryError as error:
        typer.echo(f"Attention : les indicateurs du plan n'ont pas été relevés ({error})", err=True)
        return
    if added:
        told = f"{plural(added, 'valeur')} {agreed(added, 'relevée')}"
        typer.echo(f"suivi du plan : {told}", err=True)
