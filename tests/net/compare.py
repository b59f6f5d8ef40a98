"""Comparison of two nets: every file and line that one has and the other has not."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

LONGEST = 400
"""Characters of a line that are printed; a difference further on is shown around its place."""
LONG = 2_000
"""Lines beyond which two texts are matched by their rarer lines."""


def differences(before: Path, after: Path) -> list[str]:
    """Every difference between two folders, as lines to print.

    Raises
    ------
    SystemExit
        When a folder holds nothing: two empty nets are no proof.
    """
    sides = [_files(before), _files(after)]
    for folder, files in zip((before, after), sides, strict=True):
        if not files:
            raise SystemExit(f"{folder}: no net there")
    found = [f"only in {before}: {name}" for name in sorted(sides[0] - sides[1])]
    found += [f"only in {after}: {name}" for name in sorted(sides[1] - sides[0])]
    for name in sorted(sides[0] & sides[1]):
        old, new = ((folder / name).read_bytes() for folder in (before, after))
        if old != new:
            found += [f"differs: {name}", *text_differences(old.decode(), new.decode())]
    return found


def text_differences(old: str, new: str) -> list[str]:
    """The lines that changed, each as Python writes it: no space or break is invisible."""
    return list(_changed(old.split("\n"), new.split("\n")))


def _files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def _changed(old: list[str], new: list[str]) -> Iterator[str]:
    # Long equal ends cost time and say nothing.
    start = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), None)
    if start is None:
        start = min(len(old), len(new))
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    olds, news = old[start : len(old) - end], new[start : len(new) - end]
    for a, b, c, d in _parted(olds, news):
        place = _place(olds[a], news[c]) if a < b and c < d else 0
        for sign, lines, number in (("-", olds[a:b], start + a), ("+", news[c:d], start + c)):
            for n, line in enumerate(lines, number + 1):
                yield f"  {sign}{n}: {_shown(line, place)}"


def _parted(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """The stretches where two lists part, as bounds in each."""
    if len(old) == len(new):
        for n, (a, b) in enumerate(zip(old, new, strict=True)):
            if a != b:
                yield n, n + 1, n, n + 1
        return
    # Lines that are everywhere would take minutes to match in a long page.
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=len(old) > LONG)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield a, b, c, d


def _place(old: str, new: str) -> int:
    """Where two lines part."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(old), len(new)))


def _shown(line: str, place: int) -> str:
    if len(line) <= LONGEST:
        return repr(line)
    begin = max(0, min(place - LONGEST // 2, len(line) - LONGEST))
    return f"…{line[begin : begin + LONGEST]!r}…"
