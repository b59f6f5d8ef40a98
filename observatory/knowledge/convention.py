"""The convention territoriale globale (Ctg) of a territory: a checked file, or a known entry.

The territory's own file is ``convention.toml``, kept with its census; the known ones are in
``conventions.toml``. What is not known stays absent: no date is supposed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import Field, StringConstraints, ValidationError

from observatory.errors import RequestError
from observatory.knowledge.entry import KnowledgeEntry
from observatory.knowledge.nomenclature import nomenclature

PATH = Path(__file__).with_name("conventions.toml")
FILE_NAME = "convention.toml"
LARGEST_BYTES = 200_000
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Code = Annotated[str, StringConstraints(pattern=r"^(\d{9}|\d[\dAB]\d{3})$")]
PERSON = "une fonction, jamais le nom d'une personne"
REASONS: Mapping[str, str] = {
    "missing": "manque",
    "extra_forbidden": "n'est pas prévu dans ce fichier",
    "string_too_short": "est vide",
    "string_too_long": "dépasse 300 caractères",
    "string_type": "doit être un texte, entre guillemets",
    "string_pattern_mismatch": "n'a pas la forme attendue",
    "list_type": "doit être une liste, entre crochets",
    "tuple_type": "doit être une liste, entre crochets",
    "model_type": "doit être une table",
}
MENDS: Mapping[str, str] = {
    "territory": "Écrire le SIREN de l'EPCI (9 chiffres) ou des codes Insee (5 caractères).",
    "covers": "Écrire des codes Insee de communes (5 caractères).",
    "signed": 'Écrire une année et un mois, par exemple "2022-11".',
}


class Theme(KnowledgeEntry):
    """A theme of the convention, the services it covers, and the day it entered it."""

    label: Text
    services: tuple[Text, ...] = ()
    since: date | None = None


class Convention(KnowledgeEntry):
    """A convention territoriale globale.

    Attributes
    ----------
    territory : tuple of str
        The SIREN of an EPCI, or the INSEE codes of communes.
    start, end : date, optional
        First and last day, both included.
    signed : str, optional
        Year and month of the signature, ``2022-11``.
    axis_services : mapping
        Services that an axis covers, by its label.
    covers : tuple of str
        INSEE codes of the communes of the perimeter, when it is a part of the territory.
    contact_role, contact : str
        Function of the chargé de coopération, and how the function is reached; no person's name.
    """

    name: Text
    territory: tuple[Code, ...]
    start: date | None = None
    end: date | None = None
    signed: Annotated[str, StringConstraints(pattern=r"^(19|20)\d\d-(0[1-9]|1[0-2])$")] | None = (
        None
    )
    signatories: tuple[Text, ...] = ()
    covers: tuple[Code, ...] = ()
    themes: tuple[Theme, ...] = Field((), alias="theme")
    axes: tuple[Text, ...] = ()
    axis_services: Mapping[Text, tuple[Text, ...]] = Field(default_factory=dict)
    contact_role: Text | None = None
    contact: Text | None = None
    source: Text | None = None

    def holds(self, siren: str | None, communes: Iterable[str]) -> bool:
        """Whether the convention is that of a territory."""
        return self.territory == (siren,) or set(self.territory) == set(communes)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The convention as tables of a version: itself, then one row per part."""
        parts: list[tuple[str, str, date | None, str]] = [
            ("signataire", label, None, "") for label in self.signatories
        ]
        parts += [("commune", code, None, "") for code in self.covers]
        held = self.axis_services
        parts += [("axe", label, None, ",".join(held.get(label, ()))) for label in self.axes]
        parts += [("thème", t.label, t.since, ",".join(t.services)) for t in self.themes]
        one = self.model_dump(
            exclude={
                "signatories",
                "covers",
                "themes",
                "axes",
                "axis_services",
                "territory",
            }
        )
        one["territory"] = ",".join(self.territory)
        return {
            "convention": pd.DataFrame([one], dtype=object),
            "convention_part": pd.DataFrame(
                [(n, *part) for n, part in enumerate(parts)],
                columns=["rank", "kind", "label", "since", "services"],
                dtype=object,
            ),
        }


def first_day(start: date | None, signed: str | None) -> date | None:
    """The first day to follow: the start, else the first day of the month of signature."""
    return start or (date.fromisoformat(f"{signed}-01") if signed else None)


def read_convention(path: Path) -> Convention:
    """Read and check the convention of a territory.

    Raises
    ------
    RequestError
        With every problem of the file, when it is not a convention.
    """
    where = path.name
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise RequestError("le fichier est trop grand pour une convention", where=where)
        entry = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RequestError(
            "le texte n'est pas en UTF-8", where=where, mend="L'enregistrer en UTF-8."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise RequestError(
            f"l'écriture du fichier n'est pas du TOML ({_place(str(error))})",
            where=where,
            mend="Partir du modèle : observatory convention template --out convention.toml",
        ) from error
    return _checked(entry, where)


@cache
def known_conventions() -> tuple[Convention, ...]:
    """The conventions of ``conventions.toml``."""
    entries = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return tuple(_checked(entry, f"{PATH.name}, {key}") for key, entry in entries.items())


def convention_of(
    folders: Iterable[Path], siren: str | None, communes: Iterable[str]
) -> tuple[Convention | None, Literal["own", "known", "other", "none"]]:
    """The convention of a territory: its own file, else the known entry, else nothing.

    Parameters
    ----------
    folders : iterable of Path
        Where its own file may be; the first that has one counts.

    Returns
    -------
    tuple
        The convention or None, and where it was found; ``other`` when the territory's own file
        describes another territory.
    """
    codes = set(communes)
    own = next((f / FILE_NAME for f in folders if (f / FILE_NAME).is_file()), None)
    if own:
        found = read_convention(own)
        return (found, "own") if found.holds(siren, codes) else (None, "other")
    known = [c for c in known_conventions() if c.holds(siren, codes)]
    return (known[0], "known") if known else (None, "none")


def _checked(entry: dict[str, Any], where: str) -> Convention:
    if isinstance(entry.get("territory"), str):
        entry = {**entry, "territory": [c.strip() for c in entry["territory"].split(",")]}
    try:
        found = Convention.model_validate(entry)
    except ValidationError as error:
        raise _refusal([_problem(dict(e)) for e in error.errors()], where) from error
    problems = []
    if found.start and found.end and found.end < found.start:
        problems.append("« end » : la fin est avant le début")
    known = nomenclature().services
    problems += [
        f"« theme » : « {s} » n'est pas un service de la nomenclature"
        for theme in found.themes
        for s in theme.services
        if s not in known
    ]
    problems += [
        f"« axis_services » : « {s} » n'est pas un service de la nomenclature"
        for services in found.axis_services.values()
        for s in services
        if s not in known
    ]
    problems += [
        f"« axis_services » : « {label} » n'est pas un axe de la convention"
        for label in found.axis_services
        if label not in found.axes
    ]
    if found.contact and not found.contact_role:
        problems.append(f"« contact_role » manque : {PERSON}")
    if problems:
        raise _refusal(problems, where)
    return found


def _problem(error: dict[str, Any]) -> str:
    place = [str(p) for p in error["loc"]]
    kind = str(error["type"])
    if kind.startswith(("date", "datetime")):
        reason, mend = "n'est pas une date", "Écrire par exemple 2023-01-01, sans guillemets."
    else:
        reason, mend = REASONS.get(kind, "n'est pas lisible"), MENDS.get(place[0], "")
    number = f" (n° {int(place[1]) + 1})" if len(place) > 1 and place[1].isdigit() else ""
    inside = f", « {place[2]} »" if len(place) > 2 else ""
    return f"« {place[0]} »{number}{inside} {reason}" + (f". {mend[:-1]}" if mend else "")


def _refusal(problems: list[str], where: str) -> RequestError:
    return RequestError(
        "la convention ne peut pas être lue : " + " ; ".join(problems),
        where=where,
        mend="Corriger le fichier, puis recommencer.",
    )


def _place(message: str) -> str:
    """Where a TOML file is broken, in French."""
    _, found, after = message.partition("(at line ")
    line, _, column = after.rstrip(")").partition(", column ")
    return f"ligne {line}, colonne {column}" if found and column else "fin du fichier"
