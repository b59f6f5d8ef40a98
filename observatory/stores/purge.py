"""Purge of a store: what is kept longer than its retention is removed, and this is written down.

The state in service is never touched, nor the order of the generations: a line of the journal
stays with its number, its day and its kind, without the account and the words of a person.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
import shutil
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from observatory import disk
from observatory.stores.author import function_of
from observatory.stores.generation import JOURNAL, Entry, name_of
from observatory.stores.store import Store

COPIES = "precedents"  # dated copies of the layout before generations
STAMP = re.compile(r"(\d{8})T\d{6,}Z")
DEFAULT_MONTHS = 12
"""Months of retention by default: of the audit log, and of the states that were replaced."""
MOST_MONTHS = 600


@dataclass(frozen=True)
class Purge:
    """What is past its retention in a store.

    Attributes
    ----------
    lines : list of int
        Generations whose line of the journal loses the account and the reason.
    states : list of int
        Generations whose files are removed: replaced longer ago than their retention.
    copies : list of Path
        Dated copies of a former layout.
    """

    lines: list[int] = field(default_factory=list)
    states: list[int] = field(default_factory=list)
    copies: list[Path] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is past its retention."""
        return not (self.lines or self.states or self.copies)


def purge(
    store: Store, now: datetime, audit_months: int, state_months: int, *, apply: bool
) -> Purge:
    """Find what is past its retention and, when it is asked, remove it.

    Parameters
    ----------
    now : datetime
        The moment from which months are counted back, with its time zone.
    apply : bool
        Whether anything is written; otherwise it is only found.

    Raises
    ------
    StoreError
        When the store cannot be read or written.
    """
    with store.writing() if apply and store.folder.is_dir() else nullcontext():
        found = _past(store, now, audit_months, state_months)
        if apply:
            _remove(store, found, now)
    return found


def _past(store: Store, now: datetime, audit_months: int, state_months: int) -> Purge:
    entries = store.history()
    head = store.head().sequence
    told_before, kept_before = (months_before(now, m) for m in (audit_months, state_months))
    ends = {one.sequence: _moment(after) for one, after in itertools.pairwise(entries)}
    return Purge(
        [
            e.sequence
            for e in entries
            if _moment(e) < told_before and (e.why or function_of(e.who) != e.who)
        ],
        [
            e.sequence
            for e in entries
            if e.sequence != head
            and not e.purged
            and ends.get(e.sequence, _moment(e)) < kept_before
        ],
        [
            path
            for path in sorted((store.folder / COPIES).glob("*"))
            if (named := STAMP.fullmatch(path.name))
            and datetime.strptime(named[1], "%Y%m%d").replace(tzinfo=UTC) < kept_before
        ],
    )


def _remove(store: Store, found: Purge, now: datetime) -> None:
    for entry in store.history():
        folder = store.folder / name_of(entry.sequence)
        new = entry
        if entry.sequence in found.lines:
            new = dataclasses.replace(new, who=function_of(entry.who), why="")
        if entry.sequence in found.states:
            new = dataclasses.replace(new, purged=now.date().isoformat())
        if new != entry:  # written down first: a purge that is stopped is done again
            disk.replace_file(folder / JOURNAL, new.line())
        if entry.sequence in found.states:
            for path in folder.iterdir():
                if path.name != JOURNAL:
                    path.unlink()
    for path in found.copies:
        shutil.rmtree(path)


def months_before(now: datetime, months: int) -> datetime:
    """The moment so many months before; the last day of a month that is shorter."""
    total = now.year * 12 + now.month - 1 - months
    year, month = divmod(total, 12)
    for day in range(now.day, 27, -1):
        try:
            return now.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return now.replace(year=year, month=month + 1)


def _moment(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.when)
