"""A served page is not stopped by a search for garbage through all that visitors have open."""

from __future__ import annotations

import subprocess
import sys

from observatory.settings import ROOT

SERVED = """
import asyncio, gc
from observatory.ui.shell.garbage import THRESHOLDS, seldom_sought

async def served():
    async with seldom_sought(None):
        assert gc.isenabled()
        assert gc.get_threshold() == THRESHOLDS
        assert gc.get_freeze_count() > 10_000

young, middle, old = gc.get_threshold()
assert young * middle * old * 10 < THRESHOLDS[0] * THRESHOLDS[1] * THRESHOLDS[2]
asyncio.run(served())
"""


def test_a_server_seeks_garbage_seldom() -> None:
    subprocess.run([sys.executable, "-c", SERVED], check=True, cwd=ROOT)


def test_the_served_app_is_one_of_them() -> None:
    script = "import server; assert server.app._user_lifespan is server.garbage.seldom_sought"
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)
