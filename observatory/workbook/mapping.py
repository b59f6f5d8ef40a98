"""The headings and the words of one's own: which column, which value each of them means.

A TOML file of three tables a sheet; the third says what every row holds in a column that the file
lacks, as the one service of a published list. A heading that means nothing of the contract has an
empty column: it is left out without a word. What is known without it needs no line.
"""

from __future__ import annotations

import dataclasses
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from observatory.french.spelling import plain
from observatory.workbook.contract import Contract, Sheet
from observatory.workbook.problems import WorkbookError, short

HEADINGS, WORDS, ALWAYS = "titres", "mots", "constantes"
LARGEST_BYTES = 200_000
MEND = "Repartir du fichier que « observatory census mapping » écrit."


@dataclass(frozen=True)
class SheetMapping:
    """What the headings and the words of one's own mean on a sheet.

    Attributes
    ----------
    headings : mapping of str to str
        Name of the column by heading, as it is written; empty when the heading is left out.
    words : mapping
        Values by word, as it is written, by column.
    always : mapping of str to str
        What every row holds in a column that the file lacks.
    """

    headings: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    always: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HeadingMapping:
    """The mapping of every sheet that has one, by name of sheet."""

    sheets: Mapping[str, SheetMapping] = field(default_factory=dict)

    def over(self, former: HeadingMapping) -> HeadingMapping:
        """This mapping laid over a former one: what both say, this one decides."""
        found = dict(former.sheets)
        for name, own in self.sheets.items():
            below = found.get(name, SheetMapping())
            words = {
                c: _laid(below.words.get(c, {}), own.words.get(c, {}))
                for c in dict.fromkeys((*below.words, *own.words))
            }
            always = {**below.always, **own.always}
            found[name] = SheetMapping(_laid(below.headings, own.headings), words, always)
        return HeadingMapping(found)

    def lasting(self) -> HeadingMapping:
        """What holds of the next file too: not what every row of this one holds."""
        return HeadingMapping(
            {name: dataclasses.replace(own, always={}) for name, own in self.sheets.items()}
        )

    def applied(self, contract: Contract) -> Contract:
        """The contract as these headings and words are its own."""
        sheets = tuple(_applied(s, self.sheets.get(s.name)) for s in contract.sheets)
        return dataclasses.replace(contract, sheets=sheets)


def read_mapping(contract: Contract, content: bytes, where: str) -> HeadingMapping:
    """Read and check a mapping.

    Raises
    ------
    WorkbookError
        When it is no TOML, or names a sheet, a column or a value that the contract has not.
    """
    if len(content) > LARGEST_BYTES:
        raise WorkbookError("le fichier est trop grand pour une correspondance", where=where)
    try:
        entry = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        what = "la correspondance n'est pas un fichier TOML en UTF-8"
        raise WorkbookError(what, where=where, mend=MEND) from error
    by_name = {s.name: s for s in contract.sheets}
    return HeadingMapping(
        {
            name: _sheet_mapping(contract, by_name.get(name), name, part, where)
            for name, part in entry.items()
        }
    )


def mapping_file(mapping: HeadingMapping, comments: Mapping[str, str] | None = None) -> bytes:
    """A mapping as its file; a comment stands after the line of a heading or a word."""
    comments, lines = comments or {}, list[str]()
    for name, own in mapping.sheets.items():
        tables = {HEADINGS: own.headings} | {
            f"{WORDS}.{column}": words for column, words in own.words.items() if words
        }
        if own.always:
            tables[ALWAYS] = own.always
        for title, pairs in tables.items():
            lines += ["", f"[{name}.{title}]"]
            for key, value in pairs.items():
                note = comments.get(key, "")
                lines.append(f"{_text(key)} = {_text(value)}" + (f"  # {note}" if note else ""))
    return "\n".join(["# Correspondance des titres et des mots du fichier.", *lines, ""]).encode()


def _applied(sheet: Sheet, own: SheetMapping | None) -> Sheet:
    if own is None:
        return sheet
    meant = {plain(h): c for h, c in own.headings.items()}
    columns = tuple(
        dataclasses.replace(
            c,
            words=frozenset(
                (c.words - set(meant)) | {h for h, name in meant.items() if name == c.name}
            ),
        )
        for c in sheet.columns
    )
    spoken = {c: {plain(w): v for w, v in words.items()} for c, words in own.words.items()}
    left_out = frozenset(h for h, name in meant.items() if not name)
    return dataclasses.replace(
        sheet, columns=columns, spoken=spoken, left_out=left_out, always=own.always
    )


def _sheet_mapping(
    contract: Contract, sheet: Sheet | None, name: str, part: Any, where: str
) -> SheetMapping:
    if sheet is None:
        known = ", ".join(s.name for s in contract.sheets)
        raise WorkbookError(
            f"{short(name)} n'est pas une feuille", where=where, mend=f"Feuilles : {known}."
        )
    headings = _pairs(part, HEADINGS, where)
    always = _pairs(part, ALWAYS, where)
    words = part.get(WORDS, {}) if isinstance(part, dict) else {}
    by_name = {c.name: c for c in sheet.columns}
    for column in (*filter(None, headings.values()), *words, *always):
        if column not in by_name:
            mend = f"Colonnes de {name} : {', '.join(by_name)}."
            raise WorkbookError(f"{short(column)} n'est pas une colonne", where=where, mend=mend)
    if of_all := set(always) & set(sheet.key):
        what = f"{short(min(of_all))} ne peut pas être le même à chaque ligne"
        raise WorkbookError(what, where=where, mend=f"L'ôter de « {ALWAYS} ».")
    found = {column: _pairs(words, column, where) for column in words}
    for column, pairs in (*found.items(), *((c, {"": v}) for c, v in always.items())):
        permitted = contract.choices(by_name[column].choices)
        for value in filter(None, pairs.values()):
            if permitted and value not in permitted:
                mend = f"Valeurs de {column} : {', '.join(permitted)}."
                raise WorkbookError(f"{short(value)} n'est pas une valeur", where=where, mend=mend)
    return SheetMapping(headings, found, always)


def _pairs(part: Any, key: str, where: str) -> dict[str, str]:
    pairs = part.get(key, {}) if isinstance(part, dict) else None
    if not isinstance(pairs, dict) or not all(isinstance(v, str) for v in pairs.values()):
        what = f"« {key} » doit dire, pour chaque texte, ce qu'il veut dire"
        raise WorkbookError(what, where=where, mend=MEND)
    return pairs


def _laid(below: Mapping[str, str], above: Mapping[str, str]) -> dict[str, str]:
    """Pairs laid over others; two writings of one word are one word."""
    own = set(map(plain, above))
    return {**{k: v for k, v in below.items() if plain(k) not in own}, **above}


def _text(value: str) -> str:
    """A text between quotes, as TOML and JSON both write it."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
