"""The territories of the net, and the day that every figure is asked for."""

from __future__ import annotations

from dataclasses import dataclass

AS_OF = "2026-11-22"
EARLIER = "2023-01-01"


@dataclass(frozen=True)
class Territory:
    """A territory, and how its version comes to be.

    Attributes
    ----------
    name : str
        Folder of the net.
    asked : str
        As ``observatory refresh --territory`` takes it.
    mirrored : bool
        Whether it is built from the mirror; otherwise from the embedded snapshots.
    communes : tuple of str
        INSEE codes: two of its communes, for selections, sheets and the census of the net.
    census : str
        When the census of the net is loaded: "first", before anything is read; "last", after
        everything but the diff; "never".
    choices : str
        Which choices of the menus of the pages are made: "every", "some" or "few"; with "few",
        only some of the exports are asked for too.
    """

    name: str
    asked: str
    mirrored: bool
    communes: tuple[str, str]
    census: str
    choices: str


TERRITORIES = {
    t.name: t
    for t in (
        Territory("embedded", "arras", False, ("62041", "62004"), "last", "every"),
        Territory("montauban", "248200099", True, ("82121", "82025"), "first", "some"),
        Territory("arras", "arras", True, ("62041", "62751"), "never", "few"),
        Territory("two-communes", "62041,62004", True, ("62041", "62004"), "last", "few"),
    )
}
