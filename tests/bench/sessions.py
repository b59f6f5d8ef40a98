"""Fifty visitors, then a hundred and twenty, each thinking one second between two choices.

Each walks its own seeded sequence of services, measures, definitions and dates, once all are there:
an arrival, which sends the whole page, is no change of indicator. Time from the
sending of a choice to the end of the page, at the app's own protocol (no browser), processor of
the server and bytes a change: cold (nothing was asked before), then warm (the same walks again),
beside one visitor alone, in one run.
"""

from __future__ import annotations

import asyncio
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench._visitor import Answer, Visitor, processor_seconds, resident_mb, server_of
from tests.browser import embedded_default

CROWDS = (1, 50, 120)
CHANGES = 12
THOUGHT_SECONDS = 1.0
DATES = ("2024-06-30", "2025-03-31", "2025-12-31", "2026-09-30")


@dataclass(frozen=True)
class Crowd:
    """What some visitors were answered, and what it cost the server."""

    visitors: int
    answers: Sequence[Answer]
    processor: float
    memory_mb: float

    def line(self, name: str) -> str:
        """One line of the table."""
        times = [1000 * a.seconds for a in self.answers]
        p95 = statistics.quantiles(times, n=20)[-1]
        each = 1000 * self.processor / len(times)
        size = statistics.median(a.size for a in self.answers) / 1000
        messages = statistics.median(a.messages for a in self.answers)
        return (
            f"{name:>5} {self.visitors:>8} {statistics.median(times):>9.0f} {p95:>7.0f} "
            f"{each:>12.1f} {size:>6.1f} {messages:>9.0f} {self.memory_mb:>7.0f}"
        )


async def visit(url: str, changes: int, seed: int, there: asyncio.Barrier) -> list[Answer]:
    """What one visitor was answered, along a walk of its own, once the others are there."""
    dice = random.Random(seed)
    answers = []
    async with Visitor(url) as visitor:
        await there.wait()
        for _ in range(changes):
            await asyncio.sleep(dice.uniform(0.5, 1.5) * THOUGHT_SECONDS)
            key = dice.choice(("mesure", "mesure", "besoin", "service", "date"))
            options = list(DATES) if key == "date" else visitor.options(key)
            if key == "service":
                options = [o for o in options if o in ("accueil_0_2", "eaje", "eaje_psu", "rpe")]
            if key == "besoin":
                options = [o for o in options if o != "custom"]
            answers.append(await visitor.choose(key, dice.choice(options)))
        if visitor.failed:
            raise RuntimeError("a page told an error: the measure is void")
    return answers


async def crowd(url: str, visitors: int, process: int) -> Crowd:
    """Every answer of every visitor, all at once."""
    memory, spent = resident_mb(process), 0.0

    async def begin() -> None:
        nonlocal spent
        await there.wait()
        spent = processor_seconds(process)

    there = asyncio.Barrier(visitors + 1)
    walks = (visit(url, CHANGES, seed, there) for seed in range(visitors))
    *every, _ = await asyncio.gather(*walks, begin())
    return Crowd(
        visitors,
        [one for answers in every for one in answers],
        processor_seconds(process) - spent,
        resident_mb(process) - memory,
    )


def main() -> None:
    """Print, for each crowd, times, processor and bytes a change, cold and warm."""
    heads = ("", "visitors", "median ms", "p95 ms", "processor ms", "kB", "messages", "MB more")
    print("{:>5} {:>8} {:>9} {:>7} {:>12} {:>6} {:>9} {:>7}".format(*heads))
    found: dict[tuple[str, int], Crowd] = {}
    for visitors in CROWDS:
        with embedded_default() as url:  # a server of its own: nothing was asked of it
            process = server_of(url)
            asyncio.run(
                visit(url, 0, 0, asyncio.Barrier(1))
            )  # the first page of a server reads every module
            for name in ("cold", "warm"):
                found[name, visitors] = asyncio.run(crowd(url, visitors, process))
                print(found[name, visitors].line(name), flush=True)


if __name__ == "__main__":
    main()
