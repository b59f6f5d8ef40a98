"""Names of the départements and of the régions; from their ``.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

PATH = Path(__file__).with_name("departements.toml")
REGIONS = Path(__file__).with_name("regions.toml")


@cache
def departements() -> Mapping[str, str]:
    """Name of each département, or overseas collectivity, by code."""
    return tomllib.loads(PATH.read_text(encoding="utf-8"))


@cache
def regions() -> Mapping[str, str]:
    """Name of each région, by code."""
    return tomllib.loads(REGIONS.read_text(encoding="utf-8"))


def region_name(code: str) -> str:
    """A région as a title: « Hauts-de-France »; « Région 99 » without a name."""
    return regions().get(code, f"Région {code}")


def departement_name(code: str) -> str:
    """A département as a title: « Pas-de-Calais (62) »; « Département 99 » without a name."""
    name = departements().get(code)
    return f"{name} ({code})" if name else f"Département {code}"


def departement_words(code: str) -> str:
    """A département after its noun: « département 62 (Pas-de-Calais) » without the noun."""
    name = departements().get(code)
    return f"{code} ({name})" if name else code


def departement_of(commune: str) -> str:
    """The code of the département of a commune, by its INSEE code."""
    return commune[:3] if commune.startswith("97") else commune[:2]
