"""French wording of the differences between two versions, shared by the command and the page."""

from __future__ import annotations

from datetime import datetime

from observatory.answers.changes import Changes
from observatory.french import dates, numbers, vocabulary
from observatory.knowledge.nomenclature import nomenclature

TOTALS = {"headcount": "effectif", "places": "places"}
SOURCES = {"vintage": "millésime", "sha256": "contenu du fichier", "origin": "provenance"}


def summary(changes: Changes) -> str:
    """What changed, in one sentence."""
    kinds = changes.establishments.drop_duplicates(["kind", "id"])["kind"].value_counts()
    moved = changes.gaps[changes.gaps["code"].notna()]["code"].nunique()
    files = len(changes.sources.drop_duplicates(["id", "publication"]))
    # One total may change in both its columns.
    totals = len(changes.totals.drop_duplicates(["code", "service", "valid_from"]))
    said = [
        _count(int(kinds.get(kind, 0)), f"établissement {word}", f"établissements {word}s")
        for kind, word in vocabulary.CHANGES.items()
    ]
    said += [
        _count(totals, "total communal modifié", "totaux communaux modifiés"),
        _count(moved, "commune dont un écart a bougé", "communes dont un écart a bougé"),
        _count(files, "publication différente", "publications différentes"),
        _count(len(changes.perimeter), "commune entrée ou sortie", "communes entrées ou sorties"),
    ]
    told = [s for s in said if s]
    return f"{', '.join(told)}." if told else "Rien n'a changé."


def _count(count: int, one: str, many: str) -> str:
    return numbers.quantity(count, one, many) if count else ""


def moment(built_at: str) -> str:
    """When a version was built, as a person names it: ``22 novembre 2026 à 06 h 07 (UTC)``."""
    return dates.long_moment(datetime.fromisoformat(built_at))


def value(amount: float | None, decimals: int, masked: bool, *, signed: bool = False) -> str:
    """A figure, or why there is none."""
    return vocabulary.MASKED if masked else numbers.number(amount, decimals, signed=signed)


def service_words(service: str, day_type: str | None) -> str:
    """A service and its day type."""
    names = nomenclature()
    short = names.services[service].short if service in names.services else service
    return f"{short}, {names.day_types.get(day_type, day_type)}" if day_type else short


def side(column: str, text: str | None) -> str:
    """One side of a source's change, in words."""
    if text is None:
        return vocabulary.NOTHING
    if column == "sha256":
        return ", ".join(f"{sha[:8]}…" for sha in text.split(", "))
    if column == "origin":
        return ", ".join(vocabulary.ORIGINS.get(o, o) for o in text.split(", "))
    return text
