"""Write the net, or compare two: ``python -m tests.net FOLDER``, ``… --compare BEFORE AFTER``."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .compare import differences
from .territories import TERRITORIES
from .write import write

MIRROR = Path(__file__).resolve().parents[2].parent / "shared" / "mirror"


def main() -> None:
    """Read the arguments; exit 1 when two nets differ."""
    parser = argparse.ArgumentParser(prog="python -m tests.net", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="where to write; must be empty")
    parser.add_argument("--compare", type=Path, nargs=2, metavar=("BEFORE", "AFTER"))
    parser.add_argument("--territory", action="append", choices=list(TERRITORIES), default=[])
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="territories written at a time"
    )
    parser.add_argument("--quick", action="store_true", help="a file of each kind, no more")
    parser.add_argument(
        "--mirror",
        type=Path,
        default=Path(os.environ.get("OBSERVATORY_TEST_MIRROR") or MIRROR),
        help="folder of published files",
    )
    given = parser.parse_args()
    if given.compare:
        sys.exit(_compare(*given.compare))
    if given.folder is None:
        parser.error("give a folder to write, or --compare BEFORE AFTER")
    if given.folder.exists() and any(given.folder.iterdir()):
        parser.error(f"{given.folder} is not empty")
    names = given.territory or list(TERRITORIES)
    if any(TERRITORIES[name].mirrored for name in names) and not given.mirror.is_dir():
        parser.error(f"no mirror at {given.mirror}: give --mirror, or --territory embedded")
    started = time.monotonic()
    if len(names) == 1:
        (name,) = names
        write(TERRITORIES[name], given.folder / name, given.mirror.resolve(), quick=given.quick)
    else:
        _write_each(names, given)
    print(f"{given.folder} written in {time.monotonic() - started:.0f} s")


def _write_each(names: list[str], given: argparse.Namespace) -> None:
    """Write each territory in a process of its own, as many at a time as asked."""

    def one(name: str) -> int:
        folder = given.folder / f".{name}"  # a folder is only named when its net is whole
        command = [sys.executable, "-m", "tests.net", str(folder), "--territory", name]
        command += ["--mirror", str(given.mirror), *(["--quick"] if given.quick else [])]
        code = subprocess.run(command).returncode
        if not code:
            (folder / name).rename(given.folder / name)
            folder.rmdir()
        return code

    with ThreadPoolExecutor(given.jobs) as pool:
        codes = list(pool.map(one, names))
    if failed := [name for name, code in zip(names, codes, strict=True) if code]:
        sys.exit(f"not written: {', '.join(failed)}")


def _compare(before: Path, after: Path) -> int:
    found = differences(before, after)
    for line in found:
        print(line)
    print(f"{len(found)} lines of differences" if found else "no difference")
    return 1 if found else 0


if __name__ == "__main__":
    main()
