"""The headings and words of a planner's own list: a choice for each, the likely one chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import streamlit as st

from observatory.census import proposals
from observatory.census.proposals import Meaning, meaning
from observatory.census.sheets import census_contract
from observatory.french.numbers import plural
from observatory.ui.shell import blocks
from observatory.workbook.contract import SheetColumn
from observatory.workbook.likeness import Proposal
from observatory.workbook.mapping import HeadingMapping, SheetMapping

MARKS = re.compile(r"[*_`~\[\]\\$:#<>|!]")  # signs that a label would take for formatting
LEFT_OUT = "laissée de côté"
NOTHING = "à mettre de côté"
TO_CHOOSE = "à choisir"


def needs_asking(found: Sequence[Proposal]) -> bool:
    """Whether a heading or a word has to be confirmed; one that means nothing has not."""
    own = proposals.proposed_mapping(found).sheets.values()
    return any(any(s.headings.values()) or s.words or s.always for s in own)


def ask_mapping(found: Sequence[Proposal], key: str) -> HeadingMapping | None:
    """Ask what the headings and the words mean; the answer, once it is confirmed."""
    st.subheader("Vos titres et vos mots", anchor=False)
    blocks.paragraph(
        "Ce que chaque titre de votre fichier semble vouloir dire, et chaque mot de ses listes. À "
        "confirmer une fois : le recensement s'en souvient."
    )
    answers = HeadingMapping()
    with st.form(f"correspondance_{key}"):
        for n, one in enumerate(found):
            blocks.paragraph(f"{one.where} : feuille « {one.sheet.title} ».")
            within = f"{key}_{n}"
            own = SheetMapping(_headings(one, within), _words(one, within), _always(one, within))
            answers = HeadingMapping({one.sheet.name: own}).over(answers)
        confirmed = st.form_submit_button("Confirmer ces titres et ces mots", type="primary")
    return answers if confirmed else None


def _headings(one: Proposal, key: str) -> dict[str, str]:
    columns = {c.name: c for c in one.sheet.columns}
    options = ["", *columns]
    chosen = {}
    for n, (heading, column) in enumerate(one.columns.items()):
        if heading in one.known:
            continue
        chosen[heading] = st.selectbox(
            f"Titre « {_unmarked(heading)} »",
            options,
            index=options.index(column),
            format_func=lambda name: _title(columns, name),
            key=f"titre_{key}_{n}",
        )
    return chosen


def _unmarked(text: str) -> str:
    """A text of a file inside a label: a screen reader would read out the escapes of its signs."""
    return " ".join(MARKS.sub(" ", text).split())


def _title(columns: Mapping[str, SheetColumn], name: str) -> str:
    return f"{columns[name].title} ({name})" if name else LEFT_OUT


def _words(one: Proposal, key: str) -> dict[str, dict[str, str]]:
    by_name = {c.name: c for c in one.sheet.columns}
    chosen: dict[str, dict[str, str]] = {}
    for column, counted in one.words.items():
        labels = census_contract().choices(by_name[column].choices)
        for n, (word, count) in enumerate(counted.items()):
            meant = meaning(column, word, one.sheet)
            if meant.state == "private":
                blocks.paragraph(f"« {word} » ({plural(count, 'ligne')}) : {proposals.PRIVATE}.")
            elif meant.state != "read":
                label = f"{by_name[column].title} « {_unmarked(word)} » ({plural(count, 'ligne')})"
                value = _value(label, labels, meant, f"mot_{key}_{column}_{n}")
                chosen.setdefault(column, {})[word] = value
    return chosen


def _always(one: Proposal, key: str) -> dict[str, str]:
    """What every row holds in the columns that the file lacks."""
    by_name = {c.name: c for c in one.sheet.columns}
    chosen: dict[str, str] = {}
    for name in proposals.missing_columns(one):
        labels = census_contract().choices(by_name[name].choices)
        title = f"{by_name[name].title} de toutes les lignes (colonne absente du fichier)"
        within = f"constante_{key}_{name}"
        chosen[name] = (
            _value(title, labels, Meaning("", "unknown"), within, TO_CHOOSE)
            if labels
            else st.text_input(title, help=by_name[name].meaning, key=within)
        )
    return chosen


def _value(
    label: str, labels: Mapping[str, str], meant: Meaning, key: str, none: str = NOTHING
) -> str:
    options = ["", *labels]
    return st.selectbox(
        label,
        options,
        index=options.index(meant.value),
        format_func=lambda value: labels.get(value, none),
        key=key,
    )
