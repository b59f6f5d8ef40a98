"""Fifty visitors at once, each thinking one second between two changes of measure or service.

Time from the sending of a choice to the end of the page, at the app's own protocol (no browser),
beside the same changes by one visitor alone, in one run.
"""

from __future__ import annotations

import asyncio
import random
import statistics

from tests.bench._visitor import Visitor, resident_mb, server_of
from tests.browser import embedded_default

VISITORS = 50
CHANGES = 10
THOUGHT_SECONDS = 1.0
SERVICES = ("EAJE", "Tous modes d'accueil")


async def visit(url: str, changes: int, seed: int) -> list[float]:
    """Seconds of each change of one visitor."""
    dice = random.Random(seed)
    times = []
    async with Visitor(url) as visitor:
        for change in range(changes):
            await asyncio.sleep(dice.uniform(0.5, 1.5) * THOUGHT_SECONDS)
            if change % 4 == 3:
                option = SERVICES[change // 4 % 2]
                times.append(await visitor.choose("Service", option))
            else:
                options = [o for o in visitor.menus["Mesure"].options if "15 min" not in o]
                times.append(await visitor.choose("Mesure", dice.choice(options)))
        if visitor.failed:
            raise RuntimeError("a page told an error: the measure is void")
    return times


async def crowd(url: str, visitors: int) -> list[float]:
    """Every time of every visitor, all at once."""
    every = await asyncio.gather(*(visit(url, CHANGES, seed) for seed in range(visitors)))
    return [one for times in every for one in times]


def main() -> None:
    """Print the median and the 95th percentile, alone and in the crowd, and memory a session."""
    with embedded_default() as url:
        asyncio.run(visit(url, CHANGES, 0))  # the first visit fills the caches
        process = server_of(url)
        figures, memory = {}, {}
        for visitors in (1, VISITORS):
            before = resident_mb(process)
            times = asyncio.run(crowd(url, visitors))
            figures[visitors] = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            memory[visitors] = resident_mb(process) - before
    print(f"{'visitors':>9} {'median ms':>10} {'p95 ms':>8}")
    for visitors, (median, p95) in figures.items():
        print(f"{visitors:>9} {1000 * median:>10.0f} {1000 * p95:>8.0f}")
    print(f"p95 of {VISITORS} to p95 of 1: {figures[VISITORS][1] / figures[1][1]:.1f} times")
    print(f"memory for {VISITORS} sessions: {memory[VISITORS]:.0f} MB")


if __name__ == "__main__":
    main()
