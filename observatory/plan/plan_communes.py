"""The communes that a plan names: those of its territory, those known beyond it, and no others."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Annotated

import duckdb
from pydantic import PlainValidator, ValidationInfo

from observatory.french.spelling import in_full
from observatory.french.spreadsheet import Cell
from observatory.knowledge.departement import departement_of, departements
from observatory.plan.plan_readers import JOINED, PARTED
from observatory.versions.warehouse import has_table
from observatory.workbook.cells import clean
from observatory.workbook.problems import refused, short
from observatory.workbook.readers import CellReading

CODE = re.compile(r"\d{5}|2[AB]\d{3}")


class KnownCommunes(dict[str, str]):
    """Name of each commune of a territory by INSEE code.

    Attributes
    ----------
    elsewhere : frozenset of str
        Codes of the communes known beyond it, today's and former ones.
    """

    elsewhere: frozenset[str] = frozenset()


def known_communes(con: duckdb.DuckDBPyConnection) -> KnownCommunes:
    """The communes that a version knows, in its territory and beyond."""
    inside = con.execute("SELECT code, name FROM commune WHERE inside ORDER BY name").fetchall()
    found = KnownCommunes(inside)
    others = {"commune": "code", "known_commune": "code", "carry": "code_old"}
    found.elsewhere = frozenset(
        code
        for table, column in others.items()
        if has_table(con, table)
        for (code,) in con.execute(f"SELECT {column} FROM {table}").fetchall()
    ) - frozenset(found)
    return found


def several_communes(cell: Cell, info: ValidationInfo) -> str:
    """Communes by their INSEE codes or names; nothing is the whole territory."""
    known: Mapping[str, str] = getattr(info.context, "communes", {})
    pieces: list[str] = []
    for piece in PARTED.split(clean(cell)):
        codes = [code_of(word) for word in piece.split()]
        pieces += codes if codes and all(codes) else [piece] if piece else []
    return JOINED.join(dict.fromkeys(one_commune(p, known, info) for p in pieces))


def one_commune(piece: str, known: Mapping[str, str], info: ValidationInfo) -> str:
    """The code of one commune; a known one that is not of the territory is remarked."""
    if CODE.fullmatch(piece):
        if known and piece not in known:
            _remark_outside(piece, known, info)
        return piece
    if not known:
        hint = "Écrire son code Insee : sans version en service, les noms ne sont pas connus."
        raise refused(f"{short(piece)} n'est pas un code de commune", hint)
    by_name = {in_full(name): code for code, name in known.items()}
    if found := by_name.get(in_full(piece[:200])):
        return found
    near = difflib.get_close_matches(in_full(piece[:200]), by_name, n=3, cutoff=0.6)
    told = ", ".join(f"{known[by_name[n]]} ({by_name[n]})" for n in near)
    hint = f"Vouliez-vous dire : {told} ?" if near else "Écrire son code Insee."
    raise refused(f"{short(piece)} n'est pas une commune du territoire", hint)


def _remark_outside(code: str, known: Mapping[str, str], info: ValidationInfo) -> None:
    """Remark a commune known beyond the territory; a code of none is refused, as in a census.

    A département of which the version lists no commune is taken at its word.
    """
    elsewhere: frozenset[str] = getattr(known, "elsewhere", frozenset())
    listed = {departement_of(one) for one in (*known, *elsewhere)}
    unlisted = departement_of(code) in departements().keys() - listed
    if code not in elsewhere and not unlisted:
        near = difflib.get_close_matches(code, known, n=3, cutoff=0.75)
        told = ", ".join(f"{one} ({known[one]})" for one in near)
        raise refused(
            f"{short(code)} n'est le code d'aucune commune connue",
            f"Codes proches : {told}." if near else "Vérifier que ce n'est pas un code postal.",
        )
    if isinstance(info.context, CellReading):
        what = f"{short(code)} n'est pas une commune du territoire"
        info.context.remark(info, code, what, "Vérifier ce code.")


def code_of(word: str) -> str:
    """An INSEE code, its leading zero put back; empty when the word is none."""
    word = word.upper()
    word = f"0{word}" if re.fullmatch(r"[1-9]\d{3}", word) else word
    return word if CODE.fullmatch(word) else ""


SeveralCommunes = Annotated[str, PlainValidator(several_communes)]
