"""Run every measurement, or those named: ``python -m tests.bench [repaint refresh …]``."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

NAMES = [p.stem for p in sorted(Path(__file__).parent.glob("[a-z]*.py"))]


def main() -> None:
    """Run the ``main`` of each module that has one; pages to be served have none."""
    wanted = sys.argv[1:] or [n for n in NAMES if not n.endswith("_page")]
    if unknown := set(wanted) - set(NAMES):
        sys.exit(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(NAMES)}")
    for name in wanted:
        print(f"\n== {name}")
        import_module(f"tests.bench.{name}").main()


if __name__ == "__main__":
    main()
