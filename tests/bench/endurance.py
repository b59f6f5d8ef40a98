"""Five thousand page changes, then a hundred and two hundred sessions for a minute, then recovery.

Memory and open descriptors of the server along the changes; what one visitor waits for before,
during and after the crowds. Sessions come from several addresses, as a proxy tells them.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import time
from pathlib import Path

from tests.bench._visitor import Visitor, processor_seconds, resident_mb, server_of
from tests.browser import embedded_default

CHANGES, WALKERS = 5_000, 25
PACE_SECONDS = 0.25  # between two changes of one visitor: what the door lets through
CROWDS = (100, 200)
CROWD_SECONDS = 60.0
PAGES = ("Tableau", "Comparer", "Priorités", "Plan d'actions", "Fichiers", "Sources et méthode")


def descriptors(process: int) -> int:
    """Files, sockets and pipes that a process has open."""
    return sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())


def from_address(number: int) -> dict[str, str]:
    """The header by which a proxy tells one address from another."""
    return {"X-Forwarded-For": f"192.0.2.{number % 250}"}


async def walk(url: str, changes: int, seed: int) -> None:
    """One visitor that goes from page to page."""
    dice = random.Random(seed)
    async with Visitor(url, from_address(seed)) as visitor:
        for _ in range(changes):
            start = time.monotonic()
            await visitor.open(dice.choice([p for p in PAGES if p in visitor.pages]))
            await asyncio.sleep(max(0.0, PACE_SECONDS - (time.monotonic() - start)))
        if visitor.failed:
            raise RuntimeError("a page told an error: the measure is void")


async def stay(url: str, seconds: float, seed: int) -> list[float]:
    """What one visitor of a crowd waits for, choice after choice."""
    dice, end, waited = random.Random(seed), time.monotonic() + seconds, []
    async with Visitor(url, from_address(seed)) as visitor:
        while time.monotonic() < end:
            await asyncio.sleep(dice.uniform(0.5, 1.5))
            option = dice.choice(visitor.options("mesure"))
            waited.append((await visitor.choose("mesure", option)).seconds)
    return waited


async def crowd(url: str, sessions: int) -> list[float]:
    """Every wait of a crowd."""
    every = await asyncio.gather(*(stay(url, CROWD_SECONDS, seed) for seed in range(sessions)))
    return list(itertools.chain(*every))


async def alone(url: str) -> float:
    """Milliseconds that one visitor waits for, in the median of twenty changes."""
    async with Visitor(url, from_address(0)) as visitor:
        waited = []
        for n in range(20):
            options = visitor.options("mesure")
            waited.append((await visitor.choose("mesure", options[n % len(options)])).seconds)
            await asyncio.sleep(PACE_SECONDS)
    return 1000 * statistics.median(waited)


def main() -> None:
    """Print memory and descriptors along the changes, then what the crowds cost and leave."""
    with embedded_default(public=True) as url:
        process = server_of(url)
        asyncio.run(walk(url, 60, 0))  # what is kept once is kept
        print(f"{'changes':>8} {'MB':>7} {'descriptors':>12}")
        print(f"{0:>8} {resident_mb(process):>7.0f} {descriptors(process):>12}")
        part = CHANGES // 5
        for done in range(part, CHANGES + 1, part):
            asyncio.run(_walk_all(url, part // WALKERS, done))
            print(f"{done:>8} {resident_mb(process):>7.0f} {descriptors(process):>12}", flush=True)
        print(f"{'sessions':>8} {'median ms':>10} {'p95 ms':>8} {'processor s':>12} {'MB':>7}")
        print(f"{1:>8} {asyncio.run(alone(url)):>10.0f}")
        for sessions in CROWDS:
            spent = processor_seconds(process)
            waited = [1000 * s for s in asyncio.run(crowd(url, sessions))]
            p95 = statistics.quantiles(waited, n=20)[-1]
            print(
                f"{sessions:>8} {statistics.median(waited):>10.0f} {p95:>8.0f} "
                f"{processor_seconds(process) - spent:>12.0f} {resident_mb(process):>7.0f}"
            )
            time.sleep(5)
            print(f"{'after':>8} {asyncio.run(alone(url)):>10.0f}", flush=True)


async def _walk_all(url: str, changes: int, seed: int) -> None:
    await asyncio.gather(*(walk(url, changes, seed + n) for n in range(WALKERS)))


if __name__ == "__main__":
    main()
