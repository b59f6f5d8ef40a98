"""Errors of the observatory: one French sentence with what happened, where, and how to mend it."""

from __future__ import annotations


class ObservatoryError(Exception):
    """An error written for the person who can mend it.

    Parameters
    ----------
    what : str
        What is wrong, one French sentence without its final full stop.
    where : str
        The place: a file, a line, a column, a check.
    mend : str
        What to do next.
    """

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.mend = mend

    def __str__(self) -> str:
        place = f"{self.where} : " if self.where else ""
        end = "" if self.what.endswith((".", "?")) else "."
        return f"{place}{self.what}{end}" + (f" {self.mend}" if self.mend else "")


class RequestError(ObservatoryError, ValueError):
    """The request is wrong: an unknown territory, service, date or definition."""


class SourceError(ObservatoryError):
    """A source could not be read or fetched, or is not what it should be."""


class CheckError(ObservatoryError):
    """A promise about the data is broken: nothing is published."""


class VersionError(ObservatoryError):
    """No published version, or one that cannot be opened."""
