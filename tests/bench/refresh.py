"""A refresh of the embedded default and of the CU d'Arras on the mirror: seconds per step."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from observatory.knowledge.territory import parse
from observatory.settings import ROOT, Settings
from observatory.versions import record, warehouse
from pipelines.refresh import refresh


def main() -> None:
    """Print the steps of each refresh side by side, and the ratio of the totals."""
    mirror = Path(os.environ.get("OBSERVATORY_TEST_MIRROR", ROOT.parent / "shared" / "mirror"))
    runs = {"embedded": None} | ({"mirror": mirror} if mirror.is_dir() else {})
    steps: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, where in runs.items():
            settings = Settings(
                processed_dir=Path(folder) / name,
                cache_dir=Path(folder) / "cache",
                mirror=where,
                offline=True,
            )
            refresh(settings, parse("arras"), lambda line: None)
            with warehouse.open_current(settings.processed_dir) as con:
                steps[name] = record.info(con)["steps"]
    print(f"{'step':<28}" + "".join(f"{name + ' s':>12}" for name in steps))
    for step in next(iter(steps.values())):
        print(f"{step:<28}" + "".join(f"{s[step]:>12.2f}" for s in steps.values()))
    totals = [sum(s.values()) for s in steps.values()]
    print(f"{'total':<28}" + "".join(f"{t:>12.2f}" for t in totals))
    print(f"last to first: {totals[-1] / totals[0]:.1f} times")


if __name__ == "__main__":
    main()
