"""``observatory plan edit``: an action, or a whole draft, changed without loading a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from observatory.commands.edit_options import (
    DryRun,
    GivenDraft,
    SetValues,
    content_of,
    refuse_none_or_both,
    tell_edits,
    told_values,
)
from observatory.commands.options import NoRefresh, Who, Why
from observatory.commands.rebuilding import action_plan, show
from observatory.errors import VersionError
from observatory.plan import plan_store
from observatory.plan.edited_plan import apply_plan_draft
from observatory.plan.plan_communes import known_communes
from observatory.plan.plan_edits import PlanEdit, read_plan_draft
from observatory.plan.plan_publishing import edited_subject, moved_edits, publish_plan
from observatory.plan.plan_subjects import plan_changes
from observatory.settings import Settings
from observatory.versions import warehouse
from observatory.workbook.drafts import Draft, EditError


def edit_command(
    action: Annotated[
        str, typer.Argument(metavar="[IDENTIFIANT]", help="L'action à modifier.")
    ] = "",
    values: SetValues = None,
    draft: GivenDraft = None,
    dry_run: DryRun = False,
    no_refresh: NoRefresh = False,
    who: Who = "",
    why: Why = "",
) -> None:
    """Modifier le plan en place : une action, ou les lignes d'un brouillon, en une fois."""
    settings = Settings.from_env()
    refuse_none_or_both(draft, action)
    if draft:
        asked = read_plan_draft(content_of(draft), draft.name)
    else:
        one = PlanEdit("actions", "correction", (action,), told_values(values or []))
        asked = Draft((one,))
    names = known_names(settings)
    if dry_run:
        tables = plan_store.read(settings.census_dir)
        if moved := moved_edits(tables, asked):
            raise EditError(
                f"{edited_subject(asked, moved[0])} : modifié entre-temps",
                mend="Relire le plan, puis refaire la modification.",
            )
        edited = apply_plan_draft(tables, asked, names)
        tell_edits(plan_changes(tables, edited.tables), edited.warnings)
        return
    done = publish_plan(asked, settings.census_dir, names, who, why)
    for warning in done.warnings:
        typer.echo(f"Attention : {warning}")
    if done.generation is None:
        typer.echo("Le plan le dit déjà : rien n'a changé.")
        return
    show(action_plan(settings), settings, done.generation, who, no_refresh=no_refresh)
    typer.echo(f"Plan modifié (génération {done.generation}) : {' ; '.join(done.names)}.")


def known_names(settings: Settings) -> Mapping[str, str]:
    """Names of the communes of the version in service, by code; none when there is no version."""
    try:
        with warehouse.in_service(settings) as con:
            return known_communes(con)
    except VersionError:
        return {}
