"""A scenario answered for a map: the CU d'Arras of the embedded default, and a département.

Twelve places of a micro-crèche in the largest commune; what the version answers by itself is at
hand, as the page keeps it. The peer is the plain answer of the same version: what a scenario costs
beside what is drawn without one.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from observatory.knowledge.question import Question
from observatory.knowledge.territory import parse
from observatory.scenario.scenario_change import Change, Scenario
from observatory.scenario.what_if import answered, what_if
from observatory.settings import ROOT, Settings
from observatory.versions import warehouse
from pipelines.refresh import refresh

TIMES = 7
DAY = date(2027, 9, 1)
AIMS_SECONDS = {"arras": 0.5, "62": 2.0}


def main() -> None:
    """Print the seconds of the scenario and of the plain answer, at each size."""
    mirror = Path(os.environ.get("OBSERVATORY_TEST_MIRROR", ROOT.parent / "shared" / "mirror"))
    for territory, aim in AIMS_SECONDS.items():
        if territory != "arras" and not mirror.is_dir():
            continue
        with tempfile.TemporaryDirectory() as folder:
            where = Path(folder)
            settings = Settings(
                processed_dir=where / "processed",
                cache_dir=where / "cache",
                census_dir=where / "census",
                static_dir=where / "static",
                mirror=None if territory == "arras" else mirror,
                offline=True,
            )
            name = refresh(settings, parse(territory), lambda line: None)
            with warehouse.connect(settings.processed_dir / name) as con:
                commune = con.execute(
                    "SELECT code FROM commune WHERE inside ORDER BY population DESC LIMIT 1"
                ).fetchall()[0][0]
                question = Question("eaje", as_of=DAY).settled()
                opening = Change(
                    changement="ouvrir", date=DAY, service="eaje_hors_psu", commune=commune,
                    places=12.0,
                )  # fmt: skip
                scenario = Scenario("Micro-crèche", (opening,))
                before = answered(con, question)
                changed = _seconds(partial(what_if, con, scenario, question, before=before))
                plain = _seconds(partial(answered, con, question))
            told = f"{territory}: {changed[0]:.2f} s ({changed[1]:.2f} s of processor)"
            ratio = f"{changed[1] / plain[1]:.1f} times the plain answer"
            print(f"{told}, {ratio}; aim {aim} s: {'met' if changed[0] <= aim else 'not met'}")


def _seconds(make: Callable[[], object]) -> tuple[float, float]:
    """Median seconds and processor seconds, the first time left out."""
    make()
    seen = []
    for _ in range(TIMES):
        wall, processor = time.perf_counter(), time.process_time()
        make()
        seen.append((time.perf_counter() - wall, time.process_time() - processor))
    return statistics.median(w for w, _ in seen), statistics.median(p for _, p in seen)
