"""French wording of the differences between two versions, shared by the command and the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from observatory.answers.changes import Changes
from observatory.french import dates, numbers, vocabulary
from observatory.knowledge.nomenclature import nomenclature

TOTALS = {"headcount": "effectif", "places": "places"}
TARGETS = {"amount": "valeur", "decided_by": "décidé par", "source": "source"}
SOURCES = {"vintage": "millésime", "sha256": "contenu du fichier", "origin": "provenance"}


def summary(changes: Changes) -> str:
    """What changed, in one sentence."""
    kinds = changes.establishments.drop_duplicates(["kind", "id"])["kind"].value_counts()
    moved = changes.gaps[changes.gaps["code"].notna()]["code"].nunique()
    targets = len(changes.targets.drop_duplicates(["service", "day_type", "valid_from"]))
    files = len(changes.sources.drop_duplicates(["id", "publication"]))
    # One total may change in both its columns.
    totals = len(changes.totals.drop_duplicates(["code", "service", "valid_from"]))
    said = [
        _count(int(kinds.get(kind, 0)), f"établissement {word}", f"établissements {word}s")
        for kind, word in vocabulary.CHANGES.items()
    ]
    said += [
        _count(totals, "total communal modifié", "totaux communaux modifiés"),
        _count(moved, "commune où le manque a bougé", "communes où le manque a bougé"),
        _count(targets, "objectif du territoire modifié", "objectifs du territoire modifiés"),
        _count(files, "publication différente", "publications différentes"),
        _count(len(changes.perimeter), "commune entrée ou sortie", "communes entrées ou sorties"),
    ]
    told = [s for s in said if s]
    return f"{', '.join(told)}." if told else "Rien n'a changé."


def _count(count: int, one: str, many: str) -> str:
    return numbers.quantity(count, one, many) if count else ""


def version_words(side: Mapping[str, str | None]) -> str:
    """A version as a person names it: when it was built, what it shows, and of which year."""
    built = dates.long_moment(datetime.fromisoformat(str(side["built_at"])))
    years = [
        f"{word} de {side[name]}"
        for name, word in (("communes", "communes"), ("membership", "périmètre"))
        if side[name]
    ]
    return ", ".join([f"la version du {built} : {side['territory']}", *years])


def target_value(service: str, column: str, text: str | None) -> str:
    """One side of a target's change, in words."""
    if text is None:
        return vocabulary.NOTHING
    if column != "amount":
        return text
    known = nomenclature().services.get(service)
    figure = numbers.short_number(float(text))
    return f"{figure} {known.rate_label}" if known else figure


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
