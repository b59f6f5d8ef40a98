"""The PDF atlas: of the 46 communes of the embedded default and of one, in one run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pypdf import PdfReader

from observatory.knowledge.territory import parse
from observatory.settings import ROOT, Settings
from pipelines.refresh import refresh


def atlas(folder: Path, processed: Path, *options: str) -> tuple[float, int, float]:
    """Seconds, pages and megabytes of an atlas made by the command line."""
    out = folder / "atlas.pdf"
    command = [
        sys.executable,
        "-m",
        "observatory.commands.main",
        "report",
        "atlas",
        "--out",
        str(out),
    ]
    start = time.perf_counter()
    subprocess.run(
        [*command, *options],
        cwd=ROOT,
        env={**os.environ, "OBSERVATORY_PROCESSED_DIR": str(processed)},
        check=True,
        capture_output=True,
    )
    seconds = time.perf_counter() - start
    return seconds, len(PdfReader(out).pages), out.stat().st_size / 1e6


def main() -> None:
    """Print one line per atlas, and the ratio of their times."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(
            processed_dir=folder / "processed", cache_dir=folder / "c", offline=True
        )
        refresh(settings, parse("arras"), lambda line: None)
        figures = {
            "46 communes": atlas(folder, settings.processed_dir),
            "1 commune": atlas(folder, settings.processed_dir, "--commune", "62041"),
        }
    print(f"{'atlas':<12} {'seconds':>8} {'pages':>6} {'MB':>6}")
    for what, (seconds, pages, size) in figures.items():
        print(f"{what:<12} {seconds:>8.1f} {pages:>6} {size:>6.1f}")
    print(f"first to last: {figures['46 communes'][0] / figures['1 commune'][0]:.1f} times")


if __name__ == "__main__":
    main()
