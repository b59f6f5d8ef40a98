"""Fields of one row of a contract: a list where there is one, else what a person types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from observatory.french.vocabulary import NOTHING
from observatory.workbook.contract import Contract, Sheet, SheetColumn

Draw = Callable[[SheetColumn, str, str], str]
"""Draws the field of a column from what is stored, under a name; gives what is typed."""


@dataclass(frozen=True)
class RowFields:
    """The fields of a row of a sheet.

    Attributes
    ----------
    helps : mapping of str to str
        What is said beside a field, by column.
    drawn : mapping
        Columns whose field is another one than that of their kind.
    """

    contract: Contract
    sheet: Sheet
    helps: Mapping[str, str] = field(default_factory=dict)
    drawn: Mapping[str, Draw] = field(default_factory=dict)

    def column(self, name: str) -> SheetColumn:
        """The column of that name."""
        return next(c for c in self.sheet.columns if c.name == name)

    def label(self, name: str, text: str) -> str:
        """A stored value of a column that has a list, in its words."""
        return self.contract.choices(self.column(name).choices).get(text, text) or NOTHING

    def typed(self, name: str, text: str) -> str:
        """A stored value as a person types it: a decimal comma, the day before the month."""
        kind = self.column(name).kind
        if kind == "number":
            return text.replace(".", ",")
        if kind == "date" and text:
            year, month, day = text.split("-")
            return f"{day}/{month}/{year}"
        return text

    def in_two(self, names: Sequence[str], row: Mapping[str, str], key: str) -> dict[str, str]:
        """Fields in two columns, read row after row; what is typed in each."""
        typed = {}
        for n in range(0, len(names), 2):
            for place, name in zip(st.columns(2), names[n : n + 2], strict=False):
                with place:
                    typed[name] = self.one(name, row[name], key)
        return typed

    def one(self, name: str, stored: str, key: str) -> str:
        """The field of one column; what is typed in it."""
        column = self.column(name)
        if name in self.drawn:
            return self.drawn[name](column, stored, field_key(name, key))
        if column.choices:
            listed = self.contract.choices(column.choices)
            options = list(dict.fromkeys(["", *listed, stored]))
            options = [o for o in options if o or not (column.required and stored)]
            chosen: str = st.selectbox(
                column.title,
                options,
                index=options.index(stored),
                format_func=lambda o: self.label(name, o),
                key=field_key(name, key),
                help=self.helps.get(name),
            )
            return chosen
        # Its first value is put in the state, where a click on a map may write another one.
        st.session_state.setdefault(field_key(name, key), self.typed(name, stored))
        return st.text_input(column.title, key=field_key(name, key), help=self.helps.get(name))

    def changed(self, typed: Mapping[str, str], row: Mapping[str, str]) -> dict[str, str]:
        """What was typed that says something else than the row."""
        return {c: v for c, v in typed.items() if v.strip() != self.typed(c, row[c])}


def field_key(name: str, key: str) -> str:
    """The name of a field: what else writes in it names it so."""
    return f"champ_{name}_{key}"
