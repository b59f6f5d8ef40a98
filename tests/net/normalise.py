"""What a file or a page says, without what changes by itself: version names and moments."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
STAMP = re.compile(r"\d{8}T\d{12}Z")
EXCEL_ZERO = date(1899, 12, 30)
SPACE = "[ \u00a0\u202f]"
ISO_TIME = r"[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"
FRENCH_TIME = rf"{SPACE}à{SPACE}\d{{1,2}}{SPACE}h{SPACE}\d\d(?:{SPACE}\((?:UTC|heure de Paris)\))?"
SECONDS = re.compile(r" *\d+,\d\d s\b")
LONG_FLOAT = re.compile(r"-?\b\d+(?:\.\d{10,}(?:[eE][+-]?\d+)?|(?:\.\d+)?[eE]-\d+)\b")
STEPS = re.compile(r'(?<="steps": \{)[^{}]*')
STEP = re.compile(r'(": )[\d.e-]+')
NAMELESS = re.compile(r"(?m)^(  —, .* : ).*$")
NAMELESS_ROWS = re.compile(r'(?m)(?:^ *bytes\.rows\[\d+\]: \[null, "—", .*\n?)+')
ROW_NUMBER = re.compile(r"(?<=rows\[)\d+")
STATIC = re.compile(r"(app/static/[\w.-]+?)-[0-9a-f]{10}\b")


@dataclass(frozen=True)
class Normaliser:
    """Rules of one run.

    Attributes
    ----------
    stamps : sequence of str
        Stamps of the versions published in the run, oldest first: each becomes its rank.
    folders : mapping of str
        Name to write for each folder of the run.
    days : frozenset of date
        The days of the run. They and the times that follow them are not kept: only these, so that
        another date that changes is still seen.
    """

    stamps: Sequence[str] = ()
    folders: Mapping[str, str] = field(default_factory=dict)
    days: frozenset[date] = frozenset()

    @classmethod
    def of_run(cls, stamps: Sequence[str], folders: Mapping[str, str]) -> Normaliser:
        """Rules for files written since the versions were, up to now."""
        built = {datetime.strptime(s[:8], "%Y%m%d").date() for s in stamps}
        now = {datetime.now(UTC).date(), date.today()}
        return cls(sorted(stamps), folders, frozenset(built | now))

    def text(self, text: str) -> str:
        """A text without version names, moments of the run, and folders; the rest to the letter."""
        for rank, stamp in enumerate(self.stamps, 1):
            text = text.replace(stamp, f"<version {rank}>")
            text = text.replace(stamp[:15], f"<moment of version {rank}>")
        for folder in sorted(self.folders, key=len, reverse=True):
            text = text.replace(folder, self.folders[folder])
        for day in self.days:
            for pattern, moment in _forms(day):
                text = re.sub(pattern, f"<{moment}>", text)
        return LONG_FLOAT.sub(lambda number: steady(float(number.group())), text)

    def log(self, text: str) -> str:
        """What a command printed, without how long its steps took.

        Nor the totals of communes that have no name in a comparison of versions: nothing orders
        them among themselves. The same command's JSON holds them.
        """
        text = NAMELESS.sub(r"\1<one of several>", text)
        text = SECONDS.sub(" <seconds>", self.text(text))
        return STEPS.sub(lambda steps: STEP.sub(r"\1<seconds>", steps.group()), text)

    def page(self, text: str) -> str:
        """What a page sent, without the marks that its static files get from their content.

        Rows of communes that have no name, side by side, are put in order, as in ``log``.
        """
        return NAMELESS_ROWS.sub(_sorted_rows, STATIC.sub(r"\1-<mark>", self.text(text)))


def _sorted_rows(rows: re.Match[str]) -> str:
    lines = ROW_NUMBER.sub("n", rows.group()).splitlines(keepends=True)
    return "".join(sorted(lines))


def in_order(text: str) -> str:
    """A JSON object of lists of records, each list in the order of its records' own text."""
    lists = json.loads(text)
    for name, records in lists.items():
        lists[name] = sorted(records, key=lambda r: json.dumps(r, sort_keys=True))
    return json.dumps(lists, ensure_ascii=False, indent=2)


def steady(number: float) -> str:
    """A number as two runs write it alike: sums made in another order differ at the last digits."""
    return repr(round(float(f"{number:.12g}"), 9) + 0.0)


def _forms(day: date) -> list[tuple[str, str]]:
    """How a day is written, with a time and without."""
    first = "1er" if day.day == 1 else str(day.day)
    french = rf"\b{first}{SPACE}{MONTHS[day.month - 1]}{SPACE}{day.year}"
    digits = rf"{day:%d/%m/%Y}"
    iso = rf"(?<!\d){day.isoformat()}"
    cell = rf"(?<=<v>){(day - EXCEL_ZERO).days}(?:\.\d+)?(?=</v>)"
    return [
        (french + FRENCH_TIME, "moment"),
        (french, "today"),
        (digits + FRENCH_TIME, "moment"),
        (digits, "today"),
        (iso + ISO_TIME, "moment"),
        (iso + r"(?!\d)", "today"),
        (cell, "today"),
    ]
