"""Fields of one establishment to edit: a real change, an error put right, a closing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from observatory.census.across import DESCRIBING
from observatory.census.edited_rows import DATED, POINT, columns, editable, in_force, start
from observatory.census.edits import Edit, Nature
from observatory.census.sheets import choices, sheet
from observatory.french import dates
from observatory.french.vocabulary import NOTHING
from observatory.ui.shell import blocks
from observatory.workbook.results import Rows

NATURES: Mapping[Nature, str] = {
    "changement": "Un changement réel",
    "correction": "Une erreur à corriger",
    "fermeture": "Une fermeture",
}
MEANINGS: Mapping[Nature, str] = {
    "changement": "La capacité d'avant reste au recensement jusqu'à la veille : la courbe du "
    "déploiement montre le changement à sa date.",
    "correction": "Ce qui était écrit était faux : la période est récrite, comme si l'erreur "
    "n'avait jamais été faite.",
    "fermeture": "L'établissement n'est plus ouvert à partir de ce jour ; il reste au recensement.",
}
PLACE_HELP = "En degrés (WGS84). Un clic sur la carte l'écrit."


def ask_nature(key: str) -> Nature:
    """What kind of edit it is, told apart in words."""
    nature: Nature = st.radio(
        "Ce que vous avez à dire",
        list(NATURES),
        format_func=lambda n: NATURES[n],
        horizontal=True,
        key=f"nature_{key}",
    )
    blocks.paragraph(MEANINGS[nature])
    return nature


def ask_edit(id_: str, nature: Nature, rows: Rows, row: Sequence[str], key: str) -> Edit | None:
    """The fields of an edit, as they are; the edit, once it is asked for.

    Parameters
    ----------
    row : sequence of str
        The row that the fields start from: the period to correct, or the one in force.
    """
    at = columns()
    with st.form(f"modification_{key}", border=True):
        since = ""
        if nature != "correction":
            label = "À partir du" if nature == "changement" else "Fermé à partir du"
            since = st.text_input(label, placeholder="01/09/2026", key=f"debut_{key}")
        typed = _fields(nature, row, key)
        asked = st.form_submit_button("Ajouter au brouillon", type="primary")
    if not asked:
        return None
    values = {c: v for c, v in typed.items() if v.strip() != as_typed(c, row[at[c]])}
    own = nature == "correction" and len(rows) > 1
    return Edit(
        id_,
        nature,
        values,
        since=since,
        day_type=row[at["jour"]] if own or nature == "changement" else "",
        period=row[at["depuis"]] if own else None,
    )


def ask_row(nature: Nature, rows: Rows, key: str) -> list[str]:
    """The row that an edit starts from: chosen when there are several to choose from."""
    at = columns()
    if nature == "changement":
        days = list(dict.fromkeys(r[at["jour"]] for r in rows))
        day_type = days[0]
        if len(days) > 1:
            day_type = st.selectbox(
                "Type de jour", days, format_func=lambda d: _label("jour", d), key=f"jour_{key}"
            )
        of_day = [r for r in rows if r[at["jour"]] == day_type]
        return in_force(rows, day_type, dates.today().isoformat()) or min(of_day, key=start)
    if nature == "fermeture" or len(rows) == 1:
        return rows[-1]
    number: int = st.selectbox(
        "Période à corriger",
        range(len(rows)),
        index=len(rows) - 1,
        format_func=lambda n: period_words(rows[n]),
        key=f"periode_{key}",
    )
    return rows[number]


def period_words(row: Sequence[str]) -> str:
    """A period of an establishment: its type of day, its capacity, from when."""
    at = columns()
    day = _label("jour", row[at["jour"]]) if row[at["jour"]] else ""
    since = dates.long_date(row[at["depuis"]]) if row[at["depuis"]] else "l'ouverture"
    capacity = f"capacité {row[at['capacite']] or NOTHING}"
    return ", ".join(
        filter(
            None, (day, capacity, f"depuis {since}" if since[0] == "l" else f"depuis le {since}")
        )
    )


def point_keys(key: str) -> tuple[str, str]:
    """Names of the fields of the longitude and of the latitude: the map writes in them."""
    return f"champ_longitude_{key}", f"champ_latitude_{key}"


def as_typed(column: str, text: str) -> str:
    """A stored value as a person types it: a decimal comma, the day before the month."""
    kind = next(c.kind for c in sheet("offre").columns if c.name == column)
    if kind == "number":
        return text.replace(".", ",")
    if kind == "date" and text:
        year, month, day = text.split("-")
        return f"{day}/{month}/{year}"
    return text


def _fields(nature: Nature, row: Sequence[str], key: str) -> dict[str, str]:
    """What is typed in each column that this kind of edit may write."""
    if nature == "fermeture":
        return {}
    own = [c for c in editable() if c not in DESCRIBING and c not in DATED]
    if nature == "changement":
        return _in_two(own, row, key)
    st.subheader("L'établissement", anchor=False)
    typed = _in_two([c for c in editable() if c in DESCRIBING], row, key)
    st.subheader("Cette période", anchor=False)
    dated = [c for c in DATED if c != "jour" or row[columns()["jour"]]]
    return typed | _in_two([*dated, *own], row, key)


def _in_two(names: Sequence[str], row: Sequence[str], key: str) -> dict[str, str]:
    """Fields in two columns, read down each of them by nobody: row after row."""
    typed = {}
    for n in range(0, len(names), 2):
        for place, name in zip(st.columns(2), names[n : n + 2], strict=False):
            with place:
                typed[name] = _field(name, row[columns()[name]], key)
    return typed


def _field(name: str, stored: str, key: str) -> str:
    column = next(c for c in sheet("offre").columns if c.name == name)
    if column.choices:
        options = list(dict.fromkeys(["", *choices(column.choices), stored]))
        chosen: str = st.selectbox(
            column.title,
            [o for o in options if o or not column.required],
            index=[o for o in options if o or not column.required].index(stored),
            format_func=lambda o: _label(name, o),
            key=f"champ_{name}_{key}",
        )
        return chosen
    # Its first value is put in the state, where a click on the map may write another one.
    st.session_state.setdefault(f"champ_{name}_{key}", as_typed(name, stored))
    return st.text_input(
        column.title,
        key=f"champ_{name}_{key}",
        help=PLACE_HELP if name in POINT else None,
    )


def _label(name: str, id_: str) -> str:
    column = next(c for c in sheet("offre").columns if c.name == name)
    return choices(column.choices).get(id_, id_) or NOTHING
