"""How many cases a test tries: few at every run, many in the campaign."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

CAMPAIGN = "OBSERVATORY_CAMPAIGN"
OF_EACH_KIND = (
    "eaje", "assistants_maternels", "rpe", "laep", "alsh", "accueil_jeunes", "centre_social",
)  # fmt: skip
"""A service of each theme, grain and unit."""


def by_kind(offers: Iterable[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """Services and types of day, those of each kind first: one a theme, grain and unit."""
    return sorted(offers, key=lambda offer: offer[0] not in OF_EACH_KIND)


def in_campaign() -> bool:
    """Whether this run is the long one, told by ``make campaign``."""
    return os.environ.get(CAMPAIGN) == "1"


def tried(few: int, many: int, without: Collection[HealthCheck] = ()) -> settings:
    """The settings of a test whose every case costs: ``few`` cases, ``many`` in the campaign."""
    wanted = many if in_campaign() else few
    return settings(max_examples=wanted, deadline=None, suppress_health_check=list(without))


def at_every_run(few: int, cases: Iterable[Any]) -> list[Any]:
    """Cases for ``parametrize``: the ``few`` first, the most telling ones, stand in every run.

    The others prove the same thing elsewhere: they are for the campaign.
    """
    marks = pytest.mark.campaign
    return [
        case
        if number < few
        else pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=marks)
        for number, case in enumerate(cases)
    ]
