"""The words of a plan that come from a list: statuses, priorities, figures to bind, and so on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from observatory.french.vocabulary import YES_NO
from observatory.knowledge.entry import KnowledgeEntry
from observatory.knowledge.nomenclature import Service, nomenclature

PATH = Path(__file__).with_name("bound_measures.toml")
ACTION_STATUSES: Mapping[str, str] = {
    "a_venir": "À venir",
    "en_cours": "En cours",
    "realise": "Réalisé",
    "en_pause": "En pause",
    "abandonne": "Abandonné",
}
OPEN = frozenset({"a_venir", "en_cours"})
"""Statuses of an action that is still to be done, and may be late."""
PRIORITIES: Mapping[str, str] = {"eleve": "Élevé", "moyen": "Moyen", "bas": "Bas"}
INDICATOR_KINDS: Mapping[str, str] = {
    "moyens": "Moyens",
    "realisation": "Réalisation",
    "resultat": "Résultat",
}
FUNDING_NATURES: Mapping[str, str] = {
    "prevu": "Prévu",
    "engage": "Engagé",
    "realise": "Réalisé",
}
CONTRIBUTION_ORIGINS: Mapping[str, str] = {
    "habitants": "Habitants",
    "jeunes": "Jeunes",
    "familles": "Familles",
    "partenaires": "Partenaires",
}
EVALUATION: Mapping[str, str] = {
    "coherence": "Cohérence : l'action répond-elle encore au besoin constaté ?",
    "atteinte": "Atteinte : les objectifs de l'action sont-ils atteints ?",
    "moyens_evaluation": "Moyens : les moyens prévus ont-ils été là, et ont-ils suffi ?",
    "durabilite": "Durabilité : les effets tiendront-ils après la convention ?",
}
"""The four questions of the evaluation of a Ctg, by column of an action."""


class BoundMeasure(KnowledgeEntry):
    """A figure that an indicator may be bound to; see ``bound_measures.toml``."""

    label: str
    column: str
    roots: tuple[str, ...]
    asked: bool = False
    signed: bool = False
    reach: bool = False
    served: Literal["", "catchment", "reference"] = ""

    def serves(self, service: Service) -> bool:
        """Whether it means something for a service."""
        if self.served == "catchment":
            return service.catchment
        kinds = {nomenclature().definitions[d].kind for d in service.definitions}
        return self.served != "reference" or "reference" in kinds


@cache
def bound_measures() -> Mapping[str, BoundMeasure]:
    """The figures that an indicator may be bound to, by id."""
    entries = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return {i: BoundMeasure.model_validate(entry) for i, entry in entries.items()}


def plan_lists() -> Mapping[str, Mapping[str, str]]:
    """The lists of the contract of a plan: label by id."""
    names = nomenclature()
    return {
        "action_status": ACTION_STATUSES,
        "priority": PRIORITIES,
        "indicator_kind": INDICATOR_KINDS,
        "funding_nature": FUNDING_NATURES,
        "origin": CONTRIBUTION_ORIGINS,
        "service": {i: s.label for i, s in names.services.items()},
        "day_type": names.day_types,
        "measure": {i: m.label for i, m in bound_measures().items()},
        "definition": {i: d.label for i, d in names.definitions.items() if d.kind != "custom"},
        "yes": {word: word for word in YES_NO.values()},
    }
