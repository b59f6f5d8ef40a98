"""Run every campaign, or those named: ``python -m tests.campaign [secrets …]``."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

NAMES = [p.stem for p in sorted(Path(__file__).parent.glob("[a-z]*.py"))]


def main() -> None:
    """Run the ``main`` of each campaign; it returns how many cases failed."""
    wanted = sys.argv[1:] or NAMES
    if unknown := set(wanted) - set(NAMES):
        sys.exit(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(NAMES)}")
    failed = 0
    for name in wanted:
        print(f"\n== {name}")
        failed += import_module(f"tests.campaign.{name}").main()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
