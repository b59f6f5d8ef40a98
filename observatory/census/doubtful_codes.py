"""Codes of communes that may be postcodes: refused where they surely are, else told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from observatory.census.commune_codes import MEND, Communes, Found, city_of
from observatory.census.commune_names import (
    PROPOSED,
    arrondissement_of_postcode,
    departements_of,
)
from observatory.workbook.problems import Problem, refused, short

KEPT = "Le code est gardé ; le nom de la commune à côté, colonne « Commune », lève le doute."


class Doubt(NamedTuple):
    """What deserves a look about a code, and what to do."""

    what: str
    hint: str


def doubt_of(
    communes: Communes, found: Found, name: str, postcode: str, kept: Collection[str] = ()
) -> Doubt | None:
    """What is doubtful of a code that was read, the row's name and postcode beside it; or None.

    Parameters
    ----------
    kept : collection of str
        Codes of the census in place: such a code was meant, it is told and not refused.

    Raises
    ------
    PydanticCustomError
        When it is a postcode: it contradicts the name; it is no commune of the territory though
        its postcode is known; or it left its département before 1970 and nobody writes it today.
    """
    if city_of(found.code) or _confirmed(communes, found, name, postcode):
        return None
    listed = communes.by_name.of_postcode(found.code)
    if found.current in listed:
        return None
    named = communes.by_name.named(name, postcode) if name else []
    of_city = arrondissement_of_postcode(found.code)
    is_postcode = found.code == postcode or bool(listed or of_city)
    gone = found.code in communes.moved_long_ago or _is_of_paris(found.code)
    contradicts = bool(name and found.current in communes.names) and (
        found.code == postcode or bool(set(named) & set(listed))
    )
    abroad = bool(communes.inside) and found.current not in {*communes.inside, *kept}
    if not (is_postcode or gone):
        return None
    answers = _answers(communes, found.code, named or listed, name, postcode)
    what = _told(communes, found, gone=gone, is_postcode=is_postcode)
    if contradicts or gone or abroad:
        said = f", la ligne dit {short(name)}" if contradicts else ""
        meant = "" if contradicts else _if_meant(communes, found)
        raise refused(what + said, " ".join(filter(None, (answers or MEND, meant))))
    return Doubt(what, f"{answers} {KEPT}".strip())


def told_once(warnings: Sequence[Problem]) -> list[Problem]:
    """Warnings, each doubtful code at its first row alone: a whole list may bear it."""
    told: set[tuple[str, str]] = set()
    left = []
    for one in warnings:
        place = (one.where, one.value)
        if one.hint.endswith(KEPT):
            if place in told:
                continue
            told.add(place)
        left.append(one)
    return left


def _confirmed(communes: Communes, found: Found, name: str, postcode: str) -> bool:
    """Whether the name, or a postcode other than the code, says that this commune is meant."""
    if name:
        return found.current in communes.by_name.named(name)
    if not postcode or postcode == found.code:
        return False
    listed = communes.postcodes.get(postcode)
    if listed is not None:
        return found.current in listed
    return found.current.startswith(departements_of(postcode))


def _is_of_paris(code: str) -> bool:
    """Whether it can only be a postcode of Paris, which is one commune and its arrondissements."""
    return code.startswith("75") and arrondissement_of_postcode(code) is not None


def _answers(communes: Communes, code: str, likely: Sequence[str], name: str, postcode: str) -> str:
    """« Vouliez-vous dire : 75112 (Paris 12e arrondissement), 75056 (Paris) ? », or nothing."""
    part = arrondissement_of_postcode(code)
    city = city_of(part[0]) if part else None
    told = []
    if part and city and (not likely or city[0] in likely):
        told = [f"{part[0]} ({part[1]})", f"{city[0]} ({city[1]})"]
    elif likely := likely or (communes.by_name.like(name, postcode or code) if name else []):
        told = [communes.name(c) for c in likely[:PROPOSED]]
    return f"Vouliez-vous dire : {', '.join(told)} ?" if told else ""


def _told(communes: Communes, found: Found, *, gone: bool, is_postcode: bool) -> str:
    name = communes.name(found.current)
    postal = " est un code postal" if is_postcode else ""
    if gone and found.current == found.code:
        return f"{short(found.code)}{postal}, pas le code d'une commune"
    if found.current != found.code:
        was = f"comme code Insee, c'est l'ancien code de {name}"
        return f"{short(found.code)}{postal} ; {was}" if postal else f"{short(found.code)} : {was}"
    if found.current not in communes.names:
        return f"{short(found.code)}{postal}, et le code d'aucune commune connue"
    return f"{short(found.code)}{postal} ; comme code Insee, c'est {communes.names[found.current]}"


def _if_meant(communes: Communes, found: Found) -> str:
    known = communes.names.get(found.current)
    return f"Si c'est bien {known}, écrire ce nom dans la colonne « Commune »." if known else ""
