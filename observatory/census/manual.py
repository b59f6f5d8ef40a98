"""The contract's columns as a section of the manual, ``docs/recensement.md``.

``python -m observatory.census.manual`` writes it again after a change of the contract.
"""

from __future__ import annotations

from observatory import disk
from observatory.census.sheets import census_contract, sheets
from observatory.french.vocabulary import YES_NO
from observatory.settings import ROOT
from observatory.workbook.contract import SheetColumn

MANUAL = ROOT / "docs" / "recensement.md"
BEGIN = "<!-- colonnes : écrit par python -m observatory.census.manual -->"
END = "<!-- fin des colonnes -->"


def columns_section() -> str:
    """The sheets, column by column: heading, meaning, whether required, values, example."""
    parts = []
    for sheet in sheets():
        lines = [
            f"### Feuille « {sheet.title} » (`{sheet.name}.csv`)",
            "",
            "| Colonne | Ce qu'on y met | Obligatoire | Valeurs permises | Exemple |",
            "|---|---|---|---|---|",
        ]
        lines += [_line(c) for c in sheet.columns]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def with_section(text: str) -> str:
    """The manual with its columns section up to date.

    Raises
    ------
    ValueError
        When the marks of the section are missing.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{BEGIN} … {END} not found")
    return f"{before}{BEGIN}\n\n{columns_section()}\n\n{END}{after}"


def _line(column: SheetColumn) -> str:
    required = YES_NO[column.required]
    cells = (
        f"`{column.name}`",
        column.meaning,
        required,
        census_contract().permitted(column),
        f"`{column.example}`",
    )
    return "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |"


if __name__ == "__main__":
    disk.write_file(MANUAL, with_section(MANUAL.read_text(encoding="utf-8")).encode())
