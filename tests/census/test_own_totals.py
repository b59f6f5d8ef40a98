"""Planners see their own figures; what is published of them holds none that is masked."""

from __future__ import annotations

from pathlib import Path

import pytest
from census_files import KNOWN, total
from typer.testing import CliRunner

from observatory.census.own_totals import own_totals
from observatory.commands.main import app
from observatory.secrecy import register as registers
from observatory.secrecy.register import Register

AM = "assistants_maternels"
ROWS = {
    "totaux_communaux": [
        list(total(effectif="1", places="4").values()),
        list(total(code_insee="62099").values()),
    ]
}


def register_of(*codes: str) -> Register:
    return Register("key").with_masks([((c, AM), "primary") for c in codes], registers.today())


def test_a_planner_reads_every_figure_and_which_ones_the_public_does_not() -> None:
    table = own_totals(ROWS, KNOWN, register_of("62041"))
    assert table["Effectif"].tolist() == ["1", "33"]
    assert table["Publié"].tolist() == ["non : masqué", "oui"]
    assert table["Depuis le"].tolist() == ["31 décembre 2025", "31 décembre 2025"]


def test_a_date_that_is_none_is_shown_as_it_is_written() -> None:
    rows = {"totaux_communaux": [list(total(depuis="31/02/2025").values())]}
    assert own_totals(rows, KNOWN, None)["Depuis le"].tolist() == ["31/02/2025"]


def test_without_a_census_there_is_an_empty_table_with_its_columns() -> None:
    table = own_totals({}, KNOWN, None)
    assert table.empty
    assert "Publié" in table


def test_a_mask_is_lifted_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registers.write(tmp_path, register_of("62041"))
    monkeypatch.setenv("OBSERVATORY_CENSUS_DIR", str(tmp_path))
    done = CliRunner().invoke(app, ["census", "unmask", "62041"])
    assert done.exit_code == 0, done.output
    assert "Masque levé" in done.output
    after = registers.read(tmp_path)
    assert after is not None
    assert after.masks == ()
    assert after.lifted_cells == {("62041", AM)}
    again = CliRunner().invoke(app, ["census", "unmask", "62041"])
    assert again.exit_code != 0
