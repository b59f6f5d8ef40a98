"""A census checked and loaded, by size: seconds, rows per second, memory; the cost is linear.

Each size runs in its own process, on a file made here: nine rows in ten are right, the tenth has an
error or deserves a warning; one establishment in two stands in the same few towns. Checking
includes the search for duplicates; loading adds the store.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from observatory.census import census_store
from observatory.census.census_check import census_after, check
from observatory.census.commune_codes import Communes
from observatory.census.sheets import census_contract
from observatory.workbook.rejected import write_rejected
from observatory.workbook.template import write_files

SIZES = (5_000, 50_000, 100_000)
KINDS = ("csv", "xlsx")
SEED = 3
HEADINGS = (
    "identifiant;nom;service;statut;gestionnaire;code_insee;adresse;longitude;latitude;jour;capacite;"
    "depuis;ouverture;fermeture;source;date_source;demonstration"
)
SERVICES = ("eaje_psu", "eaje_hors_psu", "alsh", "laep", "accueil_jeunes", "centre_social")
WRONG = ("vingt", "NC", "12 places", "-3", "")
WORDS = ("Lutins", "Petits", "Pas", "Arc", "Ciel", "Farandole", "Coccinelles", "Poussins", "Ilot")


def communes(count: int = 900) -> Communes:
    """Made-up communes of two départements, on a grid."""
    codes = [f"{62 if n % 2 else 59}{n:03d}" for n in range(1, count + 1)]
    halls = {c: (2.0 + (n % 30) / 15, 49.5 + n // 30 / 20) for n, c in enumerate(codes)}
    return Communes(
        names={c: f"Commune {c}" for c in codes}, inside=frozenset(codes[:46]), halls=halls
    )


def lines(count: int, known: Communes) -> Iterator[str]:
    """The rows of a census of that many rows, one an establishment."""
    chance = random.Random(SEED)
    codes = list(known.names)
    for n in range(count):
        code = chance.choice(codes[:20] if n % 2 else codes)
        lon, lat = known.halls[code]
        service = chance.choice(SERVICES)
        amount = chance.choice(WRONG) if n % 10 == 0 else str(chance.randint(1, 60))
        name = f"{chance.choice(WORDS)} {chance.choice(WORDS)} {chance.choice(WORDS)}"
        yield ";".join(
            (
                f"E{n:06d}",
                f"Structure {name}",
                service,
                chance.choice(("public", "associatif", "prive")),
                "Gestionnaire",
                code,
                f"{n % 200} rue des Écoles",
                f"{lon + chance.gauss(0, 0.01):.5f}",
                f"{lat + chance.gauss(0, 0.01):.5f}",
                "mercredi" if service == "alsh" else "",
                amount,
                "",
                f"{chance.randint(1, 28):02d}/{chance.randint(1, 12):02d}/{2000 + n % 25}",
                "",
                "Enquête",
                "2026-06-30",
                "non",
            )
        )


def make(path: Path, count: int) -> None:
    """Write a census file of that many rows, CSV or XLSX by its suffix."""
    known = communes()
    text = "\r\n".join((HEADINGS, *lines(count, known))) + "\r\n"
    beside = path.with_suffix(".csv")
    beside.write_text(text, encoding="utf-8")
    if path.suffix == ".xlsx":
        write_files(census_contract(), path, {"offre": check([beside], known).rows("offre")})


def measure(path: Path) -> None:
    """Check and load one file, and print what it took."""
    known = communes()
    start, cpu = time.perf_counter(), time.process_time()
    checked = check([path], known)
    checking, cpu = time.perf_counter() - start, time.process_time() - cpu
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        census_store.write(Path(folder), census_after({}, checked, False))
        write_rejected(checked, Path(folder))
    loading = time.perf_counter() - start
    assert checked.accepted + checked.rejected == checked.read
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{path.suffix[1:]:>5} {checked.read:>8,} rows  check {checking:6.2f} s (cpu {cpu:5.2f})"
        f"  load {loading:5.2f} s  {checked.read / (checking + loading):>8,.0f} rows/s"
        f" {memory:6.0f} MB  {checked.rejected:>6,} set aside  {len(checked.warnings):>6,} warned",
        flush=True,
    )


def main() -> None:
    """Measure every size and kind, each in its own process."""
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            for size in SIZES:
                path = Path(folder) / f"census_{size}.{kind}"
                make(path, size)
                module = ["-m", "tests.bench.census", "--file", str(path)]
                subprocess.run([sys.executable, *module], check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", type=Path)
    given = parser.parse_args().file
    measure(given) if given else main()
