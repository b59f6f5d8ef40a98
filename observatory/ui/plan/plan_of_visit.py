"""What of the action plan this visit may read: all of it, or its public part."""

from __future__ import annotations

from observatory.plan.followed_plan import FollowedPlan, followed_plan
from observatory.settings import Settings
from observatory.ui.shell import data
from observatory.ui.shell.access import is_planner
from observatory.ui.shell.data import Version


def plan_read(version: Version) -> FollowedPlan:
    """The whole plan for a planner, read anew at each visit and kept by no cache; else the part
    that anyone may read.
    """
    if not is_planner():
        return data.public_plan(version)
    settings = Settings.from_env()
    return followed_plan(data.cursor(version), settings.census_dir, settings.raw_dir)
