"""The sheet « Présentation » of a workbook: the table as the screen shows it, ready for paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

import pandas as pd

from observatory.french import vocabulary
from observatory.french.balance import BALANCED, LACK, LACKING, MORE
from observatory.french.dates import long_date
from observatory.french.spelling import inside
from observatory.french.spreadsheet import excel_text, make_room, on_paper
from observatory.knowledge.nomenclature import nomenclature

SHEET = "Présentation"
MOST_ROWS = 5_000
"""Rows beyond which nobody prints it: the sheet is left out."""
WORD = "word"
"""The look of a word that stands for a figure."""


class Styles(Protocol):
    """The formats of a workbook, each made once."""

    @property
    def heading(self) -> Any:
        """Of a column of words."""

    @property
    def figure_heading(self) -> Any:
        """Of a column of figures, above them."""

    def __call__(self, num_format: str = ..., **more: Any) -> Any:
        """Of cells."""


def gap_format(decimals: int) -> str:
    """A spreadsheet's format of a gap in words; the cell keeps its signed number."""
    digits = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    half = f"{0.5 / 10**decimals:g}"
    return f'[>={half}]{digits}" {MORE}";[<=-{half}]"{LACKING} "{digits};"{BALANCED}"'


def write_presentation(
    page: Any, table: pd.DataFrame, said: dict[str, str | date], as_of: date, styles: Styles
) -> None:
    """Write the communes then the territory under people's headings, A4 landscape.

    Parameters
    ----------
    page
        An empty sheet of XlsxWriter.
    table : DataFrame
        As given by ``gap_table``.
    said : dict
        What the file is, by rubric (``notes.about``).
    styles : Styles
        The formats of the workbook.
    """
    names = nomenclature()
    offers = table[["service", "day_type", "definition"]].drop_duplicates()
    alone = len(offers) == 1
    columns = _columns(table, alone=alone)
    title = str(said["Titre"])
    if alone:
        one = offers.iloc[0]
        day = f", {names.day_types[one['day_type']]}" if pd.notna(one["day_type"]) else ""
        title = f"{names.services[one['service']].label}{day} : {said['Territoire']}"
    need = (
        f"Besoin défini par : {inside(names.definitions[offers.iloc[0]['definition']].label)}. "
        if alone
        else ""
    )
    lines = [title, f"{need}Offre au {long_date(as_of)}.", str(said.get("Avertissement", ""))]
    lines = [line for line in lines if line]
    for row, line in enumerate(lines):
        page.write_string(row, 0, excel_text(line), styles("@", bold=row == 0))
    first = len(lines) + 1
    on_paper(page, first)
    page.freeze_panes(first + 1, 1)
    page.set_footer(f"&L&8{_footer(said)}&R&8&P / &N")
    written = [cells(table) for _, _, cells in columns]
    widths = [width for _, width, _ in columns]
    for n, (heading, width, _) in enumerate(columns):
        page.set_column(n, n, width)
        figures = any(look != "@" for _, look in written[n].values())
        page.write_string(first, n, heading, styles.figure_heading if figures else styles.heading)
    order = [*table.index[table["code"].notna()], *table.index[table["code"].isna()]]
    whole = set(table.index[table["code"].isna()])
    for row, place in enumerate(order, first + 1):
        bold = place in whole
        make_room(page, row, [cells[place][0] for cells in written], widths)
        for n, cells in enumerate(written):
            value, look = cells[place]
            more = {"bold": True} if bold else {}
            if value is None:
                continue
            if isinstance(value, str):
                side = (
                    {"align": "right"}
                    if look == WORD
                    else {"text_wrap": True, "align": "left", "indent": 1}
                )
                page.write_string(
                    row, n, excel_text(value), styles("@", valign="top", **side, **more)
                )
            else:
                page.write_number(row, n, value, styles(look, valign="top", **more))


def _footer(said: dict[str, str | date]) -> str:
    """Where the figures come from, at the foot of each page."""
    return f"{said['Territoire']} · {said['Version']}".replace("&", "&&")


Cells = Callable[[pd.DataFrame], dict[Any, tuple[str | float | None, str]]]


def _columns(table: pd.DataFrame, *, alone: bool) -> list[tuple[str, int, Cells]]:
    """Heading, width and cells of each column."""
    names = nomenclature()
    decimals = table["service"].map({i: s.decimals for i, s in names.services.items()})

    def words(of: Callable[[Any], str]) -> Cells:
        return lambda t: {i: (of(row), "@") for i, row in zip(t.index, t.to_dict("records"),
                                                              strict=True)}  # fmt: skip

    def figures(
        column: str, look: Callable[[int], str], missing: str = vocabulary.UNKNOWN
    ) -> Cells:
        def cells(t: pd.DataFrame) -> dict[Any, tuple[str | float | None, str]]:
            hidden: dict[Any, bool] = _hidden(t, column).to_dict()
            found: dict[Any, Any] = t[column].to_dict()
            return {
                i: (
                    (vocabulary.MASKED if hidden[i] else missing, WORD)
                    if pd.isna(value)
                    else (float(value), look(int(decimals[i])))
                )
                for i, value in found.items()
            }

        return cells

    def number(places: int) -> str:
        return "#,##0" + (f".{'0' * places}" if places else "")

    service = names.services[str(table["service"].iloc[0])] if len(table) else None
    public = names.publics[service.public].label if service and alone else "Effectif"
    unit = f" ({service.unit})" if service and alone else ""
    per = f" ({service.rate_label})" if service and alone else ""
    columns = [("Commune", 28, words(lambda r: str(r["name"])))]
    if not alone:
        columns += [
            ("Service", 30, words(lambda r: names.services[r["service"]].short)),
            (
                "Type de jour",
                16,
                words(lambda r: names.day_types[r["day_type"]] if pd.notna(r["day_type"]) else ""),
            ),
            ("Besoin défini par", 38, words(lambda r: str(r["definition_label"]))),
        ]
    return [
        *columns,
        (public, 16, figures("public", lambda _: "#,##0")),
        (f"Besoin{unit}", 16, figures("need", number)),
        (f"Offre{unit}", 16, figures("supply", number)),
        (f"{LACK}{unit}", 20, figures("gap", gap_format)),
        # Withheld where the public is too small: the reliability says so.
        (f"Taux{per}", 22, figures("rate", lambda _: "#,##0.0", vocabulary.NOTHING)),
        ("Fiabilité", 82, words(lambda r: str(r["reliability"]))),
    ]


def _hidden(table: pd.DataFrame, column: str) -> pd.Series[bool]:
    """Whether a missing figure of a row is hidden, as the file itself says it."""
    told = table["situation"] == vocabulary.MASKED
    return told & table[column].isna() & (column in ("supply", "gap", "rate"))
