"""Fields of one establishment to edit: a real change, an error put right, a closing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from observatory.census.across import DESCRIBING
from observatory.census.edited_rows import DATED, POINT, columns, editable, in_force, start
from observatory.census.edits import Edit, Nature
from observatory.census.sheets import census_contract, sheet
from observatory.french import dates
from observatory.french.vocabulary import NOTHING
from observatory.ui.controls.row_fields import RowFields, field_key
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
    values = establishment_fields().changed(typed, dict(zip(at, row, strict=True)))
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
                "Type de jour",
                days,
                format_func=lambda d: establishment_fields().label("jour", d),
                key=f"jour_{key}",
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
    day = establishment_fields().label("jour", row[at["jour"]]) if row[at["jour"]] else ""
    since = dates.long_date(row[at["depuis"]]) if row[at["depuis"]] else "l'ouverture"
    capacity = f"capacité {row[at['capacite']] or NOTHING}"
    return ", ".join(
        filter(
            None, (day, capacity, f"depuis {since}" if since[0] == "l" else f"depuis le {since}")
        )
    )


def edit_words(edit: Edit, name: str) -> str:
    """An edit of an establishment in one line."""
    fields = establishment_fields()
    told = [f"{fields.column(c).title.lower()} : {v or NOTHING}" for c, v in edit.values.items()]
    since = f" à partir du {edit.since}" if edit.since else ""
    said = ", ".join(told)
    return f"{NATURES[edit.nature]}{since} – {name}" + (f" – {said}" if said else "")


def point_keys(key: str) -> tuple[str, str]:
    """Names of the fields of the longitude and of the latitude: the map writes in them."""
    return field_key("longitude", key), field_key("latitude", key)


def as_typed(column: str, text: str) -> str:
    """A stored value as a person types it."""
    return establishment_fields().typed(column, text)


def _fields(nature: Nature, row: Sequence[str], key: str) -> dict[str, str]:
    """What is typed in each column that this kind of edit may write."""
    if nature == "fermeture":
        return {}
    fields, at = establishment_fields(), columns()
    stored = dict(zip(at, row, strict=True))
    own = [c for c in editable() if c not in DESCRIBING and c not in DATED]
    if nature == "changement":
        return fields.in_two(own, stored, key)
    st.subheader("L'établissement", anchor=False)
    typed = fields.in_two([c for c in editable() if c in DESCRIBING], stored, key)
    st.subheader("Cette période", anchor=False)
    dated = [c for c in DATED if c != "jour" or stored["jour"]]
    return typed | fields.in_two([*dated, *own], stored, key)


def establishment_fields() -> RowFields:
    """The fields of a row of the establishments."""
    return RowFields(census_contract(), sheet("offre"), dict.fromkeys(POINT, PLACE_HELP))
