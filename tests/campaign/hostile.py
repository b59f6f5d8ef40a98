"""Census and mirror files damaged at random: a sentence or a right answer, and nothing lost.

``python -m tests.campaign hostile``. Right files of the small territory, each damaged in one to
three ways (bytes, cells, columns, encodings, whole files of another kind), are loaded as a census
or refreshed as a mirror. After each: a sentence and no traceback, the census of before or the
one that was accepted, a version in service, and no time without end. Seeded, two minutes at most.
"""

from __future__ import annotations

import csv
import io
import random
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import xlsxwriter

from observatory.versions import warehouse
from tests import tiny
from tests.stopped import Bench, Stopped, Tally, broken, census, rows, settings

SEED = 62042
SECONDS = 120.0
SLOW_SECONDS = 30.0  # a refresh of the small territory takes two
CELLS = (
    "", "-1", "1e308", "1e400", "0", "1.000", "1 2", "12 places", "#REF!", "=1+1", "NaN", "null",
    "<script>alert(1)</script>", "'; DROP TABLE raw; --", "../../etc", "é\u0301", "\u200b62001",
    "２", "62001.0", "99999", "2A004", "2024-02-31", "31/12/2023", "2023-12-31T23:00:00+05:00",
    "x" * 40_000, "\x00", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "180", "-90.0001", "Infinity", "oui", "NON", "A\nB", '"', ";", "\t",
)  # fmt: skip
OTHERS = (
    b"", b"\xef\xbb\xbf", b"%PDF-1.7\n", b"PK\x03\x04" + b"rien" * 50, b"\xd0\xcf\x11\xe0" * 200,
    b"<!DOCTYPE html><html>", b"{", b'{"type":"FeatureCollection","features":[{}]}', b"\0" * 5_000,
    b"SQLite format 3\x00" + b"\0" * 90, b"\x1f\x8b\x08" + b"\0" * 20,
)  # fmt: skip
Damage = Callable[[bytes, random.Random], bytes]


def _table(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8", "replace")
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    return [line.split(delimiter) for line in text.splitlines()]


def _text(table: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\n").writerows(table)
    return out.getvalue().encode("utf-8", "replace")


def a_cell(content: bytes, draw: random.Random) -> bytes:
    """One cell holds something else."""
    table = _table(content)
    line = draw.choice(table[1:] or table or [[""]])
    if line:
        line[draw.randrange(len(line))] = draw.choice(CELLS)
    return _text(table)


def a_column(content: bytes, draw: random.Random) -> bytes:
    """A whole column holds something else, heading included."""
    table, value = _table(content), draw.choice(CELLS)
    if table and table[0]:
        at = draw.randrange(len(table[0]))
        for line in table[draw.randrange(2) :]:
            line[at : at + 1] = [value]
    return _text(table)


def a_heading_less(content: bytes, draw: random.Random) -> bytes:
    """A column is gone."""
    table = _table(content)
    at = draw.randrange(len(table[0])) if table and table[0] else 0
    return _text([line[:at] + line[at + 1 :] for line in table])


def some_bytes(content: bytes, draw: random.Random) -> bytes:
    """Bytes are others."""
    made = bytearray(content)
    for _ in range(draw.randint(1, 30) if made else 0):
        made[draw.randrange(len(made))] = draw.randrange(256)
    return bytes(made)


def cut_short(content: bytes, draw: random.Random) -> bytes:
    """The end is missing."""
    return content[: draw.randrange(len(content) + 1)]


def twice(content: bytes, draw: random.Random) -> bytes:
    """Lines, or the whole file, stand twice."""
    return content + (content if draw.random() < 0.5 else b"".join(content.splitlines(True)[1:3]))


def another_encoding(content: bytes, draw: random.Random) -> bytes:
    """The text is in another encoding, or in two."""
    text = content.decode("utf-8", "replace")
    name = draw.choice(("utf-16", "cp1252", "utf-32", "cp037", "utf-8-sig"))
    made = text.encode(name, "replace")
    return made if draw.random() < 0.7 else content + made


def another_kind(content: bytes, draw: random.Random) -> bytes:
    """Another file under this name."""
    return draw.choice(OTHERS)


def in_a_zip(content: bytes, draw: random.Random) -> bytes:
    """The file is in an archive, perhaps twice, under names that lead elsewhere."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(draw.randint(1, 3)):
            archive.writestr(
                draw.choice(("a.csv", "../a.csv", "/a.csv", "a/b.csv")) + str(n), content
            )
    return made.getvalue()


DAMAGES: tuple[Damage, ...] = (
    a_cell, a_cell, a_cell, a_column, a_heading_less, some_bytes, cut_short, twice,
    another_encoding, another_kind, in_a_zip,
)  # fmt: skip


def damaged(content: bytes, draw: random.Random) -> tuple[bytes, str]:
    """The content after one to three damages, and their names."""
    done = draw.choices(DAMAGES, k=draw.randint(1, 3))
    for damage in done:
        content = damage(content, draw)
    return content, ", ".join(d.__name__ for d in done)


def workbook(content: bytes) -> bytes:
    """The same table as a workbook."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate(_table(content)):
            sheet.write_row(at, 0, line)
    return made.getvalue()


def main() -> int:
    """Run both halves within their time; return the number of failures and of losses."""
    draw, bad, until = random.Random(SEED), 0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Bench(Path(folder)) as bench:
        for name, section in (("census files", census_files), ("mirror files", mirror_files)):
            until += SECONDS / 2
            tally = Tally()
            while time.monotonic() < until:
                section(bench, draw, tally)
            bad += len(tally.failures) + len(tally.lost)
            print(f"{name}: {tally}", flush=True)
    return bad


def census_files(bench: Bench, draw: random.Random, tally: Tally) -> None:
    """Load a damaged census: it is refused in a sentence, or what was accepted is there."""
    place = bench.copy()
    right = census("TROIS", "QUATRE")
    as_book = draw.random() < 0.3
    content = workbook(right.encode()) if as_book and draw.random() < 0.5 else right.encode()
    content, what = damaged(content, draw)
    if as_book and content[:2] != b"PK":
        content = workbook(content.replace(b"\0", b"")) if _plain(content) else content
    file = place / f"own.{'xlsx' if as_book else draw.choice(('csv', 'csv', 'ods', 'geojson'))}"
    file.write_bytes(content)
    before = rows(place)
    complete = ["--complete"] if draw.random() < 0.5 else []
    ran = _timed(
        bench, place, ["census", "load", file.name, *complete, "--no-refresh"], tally, what
    )
    found = rows(place)
    refused = "Erreur" in ran.said  # a load that sets rows aside ends with 1 and keeps the others
    if refused and found != before:
        tally.lost.append(f"{what}: {sorted(found)} after a refusal")
    if ran.status and not refused and "mise" not in ran.said:
        tally.failures.append(f"{what}: status {ran.status}, {ran.said[-300:]}")
    if complete and not before <= found:
        tally.lost.append(f"{what}: {sorted(found)} after a completion")
    file.unlink()
    for left in place.glob("own_a_corriger*"):
        left.unlink()
    _look(bench, place, ran if refused else None, tally, what)


def _plain(content: bytes) -> bool:
    """Whether the bytes are text that a workbook can hold."""
    text = content.decode("utf-8", "replace")
    return all(c.isprintable() or c in "\n\t" for c in text) and len(text) < 30_000


def mirror_files(bench: Bench, draw: random.Random, tally: Tally) -> None:
    """Refresh from a damaged mirror: a new version, or the former one stays in service."""
    place = bench.copy()
    names = [n for n in tiny.FILES if not n.startswith("census/")]
    name = draw.choice(names)
    content, what = damaged(tiny.FILES[name].encode(), draw)
    file = place / "mirror" / name
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    before = warehouse.named(settings(place).processed_dir)
    what = f"{name}: {what}"
    argv = ["refresh", "--territory", tiny.SIREN, "--mirror", str(file.parent.parent), "--offline"]
    ran = _timed(bench, place, argv, tally, what)
    if ran.status and warehouse.named(settings(place).processed_dir) != before:
        tally.lost.append(f"{what}: another version after a refusal")
    file.unlink()
    _look(bench, place, ran, tally, what)


def _timed(bench: Bench, place: Path, argv: Sequence[str], tally: Tally, what: str) -> Stopped:
    begun = time.monotonic()
    (ran,) = bench.run(place, [argv])
    tally.tried += 1
    if "Traceback" in ran.said:
        tally.failures.append(f"{what}: {ran.said[-300:]}")
    if time.monotonic() - begun > SLOW_SECONDS:
        tally.failures.append(f"{what}: {time.monotonic() - begun:.0f} s")
    return ran


def _look(bench: Bench, place: Path, ran: Stopped | None, tally: Tally, what: str) -> None:
    tally.failures += [f"{what}: {fault}" for fault in broken(place, ran)]
    bench.forget(place)
