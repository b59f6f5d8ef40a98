"""Every command of the command line, imported when it is called: help waits for no library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand

from observatory.commands.frame import Commands, FrenchGroup

PLACES = {
    "refresh": (
        "refresh:refresh_command",
        "Construire et publier une nouvelle version des données.",
    ),
    "territory": (
        "territories:territory_app",
        "Chercher un territoire, en changer, dire lesquels sont gardés.",
    ),
    "info": (
        "info:info_command",
        "Dire ce que contient la version en service et d'où elle vient.",
    ),
    "serve": ("serve:serve_command", "Servir l'application dans un navigateur."),
    "diff": ("diff:diff_command", "Dire ce qui a changé d'une version publiée à une autre."),
    "export": ("export:export_app", "Écrire des fichiers pour les tableurs et les cartes."),
    "report": ("report:report_app", "Écrire des documents : PDF, diapositives, schéma."),
    "census": (
        "census:census_app",
        "Le recensement de l'offre : modèle, contrôle, chargement, export.",
    ),
    "convention": (
        "convention:convention_app",
        "La convention territoriale globale (Ctg) du territoire.",
    ),
    "targets": ("targets:targets_app", "Les objectifs que le territoire a votés."),
    "plan": ("plan:plan_app", "Le plan d'actions : modèle, contrôle, chargement, suivi."),
    "survey": ("survey:survey_app", "Ce que les habitants ont répondu à un questionnaire."),
    "explain": (
        "explain:explain_command",
        "Dire comment un chiffre est fait : étapes, sources, millésimes, ce qui est estimé.",
    ),
    "projection": (
        "projection:projection_command",
        "Dire le besoin et l'offre des cinq années à venir. Simulation, pas prévision.",
    ),
    "siting": (
        "siting:siting_command",
        "Dire où ouvrir des places pour réduire le plus l'écart.",
    ),
    "travel": (
        "travel:travel_app",
        "Temps de trajet par la route, d'après OpenStreetMap.",
    ),
    "scenario": (
        "scenario:scenario_app",
        "Et si… : des changements datés, calculés sans toucher au recensement.",
    ),
    "access": (
        "access:access_command",
        "Calculer l'offre accessible de tables Parquet, sur une machine ou sur plusieurs.",
    ),
    "purge": (
        "purge:purge_command",
        "Effacer ce qui dépasse sa durée de conservation.",
    ),
    "sources": (
        "sources:sources_app",
        "Sources : millésimes, origines, âges, et comment les obtenir.",
    ),
}
"""By command: where it is, a function or a group, and the line that help gives of it."""


class OnCall(Mapping[str, Any]):
    """The commands by name, each imported when it is first asked for."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.found:
            module, _, attribute = PLACES[name][0].partition(":")
            called = getattr(import_module(f"observatory.commands.{module}"), attribute)
            if not isinstance(called, typer.Typer):
                alone = Commands("")
                alone.command(name)(called)
                called = alone
            self.found[name] = typer.main.get_command(called)
        return self.found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(PLACES)

    def __len__(self) -> int:
        return len(PLACES)


class Observatory(FrenchGroup):
    """The whole command line."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{**given, "commands": OnCall()})
        self.shown = False

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands, in the order of the table."""
        return list(PLACES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, or for a page of help its name and its line alone."""
        if cmd_name not in PLACES:
            return None
        if self.shown:
            return TyperCommand(cmd_name, help=PLACES[cmd_name][1])
        return self.commands[cmd_name]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page of help."""
        self.shown = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self.shown = False
