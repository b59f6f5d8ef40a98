"""Memory of the server over 500 changes of page and menus: it must not grow with them."""

from __future__ import annotations

import asyncio
from itertools import cycle

from tests.bench._visitor import Visitor, resident_mb, server_of
from tests.browser import embedded_default

CHANGES = 500
STEP = 100
PER_VISITOR = 25
"""Changes of one session; then it closes and another one opens."""


async def wander(url: str, process: int) -> list[float]:
    """Memory before and after each hundred changes of page, by visitors in turn."""
    seen = [resident_mb(process)]
    done = 0
    while done < CHANGES:
        async with Visitor(url) as visitor:
            titles = cycle([t for t in visitor.pages if t != "Recensement"])
            for _ in range(PER_VISITOR):
                await visitor.open(next(titles))
                if "service" in visitor.controls:
                    options = visitor.options("service")
                    await visitor.choose("service", options[done % len(options)])
                done += 1
                if done % STEP == 0:
                    seen.append(resident_mb(process))
    return seen


def main() -> None:
    """Print the memory at each step, and the growth of the second half."""
    with embedded_default() as url:
        process = server_of(url)

        async def first() -> None:
            async with Visitor(url):
                pass

        asyncio.run(first())
        seen = asyncio.run(wander(url, process))
    print(f"{'page changes':>13} {'MB':>7}")
    for step, size in enumerate(seen):
        print(f"{step * STEP:>13} {size:>7.0f}")
    half = len(seen) // 2
    print(f"second half to first half: {seen[-1] / seen[half]:.2f} times")


if __name__ == "__main__":
    main()
