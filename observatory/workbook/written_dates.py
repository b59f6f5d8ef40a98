"""Parser of written dates: only those that mean a single day are accepted."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from observatory.french.spelling import plain
from observatory.workbook.problems import refused, short

YEARS = range(1800, 2101)
MONTHS = (
    ("janvier", "janv", "jan"),
    ("fevrier", "fevr", "fev"),
    ("mars",),
    ("avril", "avr"),
    ("mai",),
    ("juin",),
    ("juillet", "juil"),
    ("aout",),
    ("septembre", "sept", "sep"),
    ("octobre", "oct"),
    ("novembre", "nov"),
    ("decembre", "dec"),
)
MONTH_OF = {word: n for n, words in enumerate(MONTHS, 1) for word in words}
WRITE = "Écrire le jour, le mois et l'année, par exemple 2024-09-01 ou 01/09/2024"
CLOCK = r"(?:[T ](\d{1,2})[:h](\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?"
ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + CLOCK)
FRENCH = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})" + CLOCK)
COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
TWO_DIGITS = re.compile(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2}")
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
WORDS = re.compile(rf"(?:({'|'.join(WEEKDAYS)}) )?(\d{{1,2}})(?:er)? ([a-z]+) (\d{{4}})")
PARIS = ZoneInfo("Europe/Paris")
SERIAL = re.compile(r"[1-7]\d{4}(?:\.0+)?")
EXCEL_DAY_ZERO = date(1899, 12, 30)


def read_date(cell: date | str) -> date | None:
    """The day that a cell names; None when it is empty.

    Accepted: ISO (2024-09-01, 2024/9/1, 20240901), French (01/09/2024, 1-9-2024, 01.09.2024), in
    words (1er septembre 2024, lundi 2 sept. 2024), with or without a time; a spreadsheet's date.
    A time with its zone is the day that it is then in metropolitan France.

    Raises
    ------
    PydanticCustomError
        When the text is no date, or could be several days.
    """
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        if cell.year not in YEARS:
            raise refused(f"l'année {cell.year} n'est pas plausible", f"{WRITE}.")
        return cell
    return _read_text(cell)


@lru_cache(maxsize=8_192)
def _read_text(text: str) -> date | None:
    if not text:
        return None
    if found := ISO.fullmatch(text):
        day = _day(text, int(found[1]), int(found[3]), int(found[4]))
        return _in_paris(text, day, found[5], found[6], found[7])
    if found := FRENCH.fullmatch(text):
        day = _day(text, int(found[4]), int(found[3]), int(found[1]))
        return _in_paris(text, day, found[5], found[6], found[7])
    if found := COMPACT.fullmatch(text):
        return _day(text, int(found[1]), int(found[2]), int(found[3]))
    words = WORDS.fullmatch(plain(text[:60]))
    if words and words[3] in MONTH_OF:
        return _day(text, int(words[4]), MONTH_OF[words[3]], int(words[2]))
    raise refused(*_why(text))


@lru_cache(maxsize=8_192)
def doubt(text: str, found: date) -> str:
    """What in the text does not go with the day it was read as; empty when nothing.

    A day of the week that is another one, or a time of another zone that falls on another day here.
    """
    words = WORDS.fullmatch(plain(text[:60]))
    if words and words[1] and WEEKDAYS[found.weekday()] != words[1]:
        return f"le {found.isoformat()} est un {WEEKDAYS[found.weekday()]}, pas un {words[1]}"
    zoned = ISO.fullmatch(text) or FRENCH.fullmatch(text)
    if zoned and zoned[7] and not _written_day(zoned, found):
        return f"{short(text)} est lu {found.isoformat()}, le jour qu'il est alors en métropole"
    return ""


def _written_day(zoned: re.Match[str], found: date) -> bool:
    parts = (zoned[1], zoned[3], zoned[4]) if len(zoned[1]) == 4 else (zoned[4], zoned[3], zoned[1])
    return (found.year, found.month, found.day) == tuple(map(int, parts))


def _in_paris(text: str, day: date, hour: str | None, minute: str | None, zone: str | None) -> date:
    """The day it is in metropolitan France at a time given with its zone; else the day itself."""
    if hour is None or minute is None:
        return day
    if int(hour) > 24 or int(minute) > 59 or (int(hour) == 24 and int(minute)):
        raise refused(f"{short(text)} n'a pas une heure du jour", f"{WRITE}, sans l'heure.")
    if zone is None:
        return day
    digits = zone.replace(":", "")
    ahead = timedelta(0)
    if digits != "Z":
        ahead = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:]))
        ahead = -ahead if digits[0] == "-" else ahead
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    moment += timedelta(hours=int(hour), minutes=int(minute)) - ahead
    return moment.astimezone(PARIS).date()


def _day(text: str, year: int, month: int, day: int) -> date:
    if year not in YEARS:
        raise refused(f"l'année de {short(text)} n'est pas plausible", f"{WRITE}.")
    if month > 12 >= day:
        hint = f"Écrire le jour avant le mois : {month:02d}/{day:02d}/{year}."
        raise refused(f"{short(text)} n'a pas de mois {month}", hint)
    try:
        return date(year, month, day)
    except ValueError:
        raise refused(f"{short(text)} n'est pas un jour du calendrier", f"{WRITE}.") from None


def _why(text: str) -> tuple[str, str]:
    """Why a text is not one day, and how to write it."""
    if TWO_DIGITS.fullmatch(text):
        hint = f"Écrire l'année avec quatre chiffres, par exemple {text[:-2]}20{text[-2:]}."
        return f"{short(text)} peut désigner plusieurs jours", hint
    if SERIAL.fullmatch(text):
        day = EXCEL_DAY_ZERO + timedelta(days=int(float(text)))
        hint = f"Donner à la colonne le format « date », ou écrire {day.isoformat()}."
        return f"{short(text)} est un numéro de jour d'Excel", hint
    known = plain(text[:60])
    if known in ("nc", "n c", "nd", "inconnu", "inconnue", "") or not re.search(r"\d", text):
        return f"{short(text)} n'est pas une date", f"{WRITE} ; inconnue, laisser la cellule vide."
    if re.fullmatch(r"(?:rentree )?(?:[a-z]+ )?\d{4}|\d{1,2} \d{4}|\d{4} \d{1,2}", known):
        return f"il manque le jour à {short(text)}", f"{WRITE}."
    return f"{short(text)} n'est pas une date", f"{WRITE}."
