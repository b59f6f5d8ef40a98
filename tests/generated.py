"""How many generated cases a test tries: few at every run, many in the campaign."""

from __future__ import annotations

import os
from collections.abc import Collection

from hypothesis import HealthCheck, settings

CAMPAIGN = "OBSERVATORY_CAMPAIGN"


def tried(few: int, many: int, without: Collection[HealthCheck] = ()) -> settings:
    """The settings of a test whose every case costs: ``few`` cases, ``many`` in the campaign."""
    wanted = many if os.environ.get(CAMPAIGN) == "1" else few
    return settings(max_examples=wanted, deadline=None, suppress_health_check=list(without))
