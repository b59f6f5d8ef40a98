"""Dates and times in French."""

from __future__ import annotations

from datetime import UTC, date, datetime

from observatory.french.numbers import UNKNOWN

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def long_moment(value: datetime) -> str:
    """Write a moment to the minute: ``22 novembre 2026 à 08 h 12 (UTC)``.

    Parameters
    ----------
    value : datetime
        With its time zone; it is written in universal time.
    """
    at = value.astimezone(UTC)
    return f"{long_date(at)} à {at.hour:02d}\u00a0h\u00a0{at.minute:02d} (UTC)"


def long_date(value: date | str | None) -> str:
    """Write a date in full: ``22 novembre 2026``, ``1er janvier 2025``.

    Parameters
    ----------
    value : date, str or None
        A date, a date and time, or a text in ISO form; ``inconnu`` when None or empty.

    Raises
    ------
    ValueError
        When the text is not a date in ISO form.
    """
    if value is None or value == "":
        return UNKNOWN
    day = datetime.fromisoformat(value) if isinstance(value, str) else value
    ordinal = "1er" if day.day == 1 else str(day.day)
    return f"{ordinal} {MONTHS[day.month - 1]} {day.year}"
