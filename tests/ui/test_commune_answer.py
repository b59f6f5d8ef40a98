"""The answer of one commune: its gap in large, its range as one bar, its rank, what moved."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
import tiny
from fixtures.versions import make_settings, publish_first
from streamlit.testing.v1 import AppTest
from told import as_typed

from observatory.answers.period import Period
from observatory.knowledge.nomenclature import nomenclature
from observatory.settings import ROOT
from observatory.ui.charts.gap_bar import Ways, gap_bar
from observatory.ui.charts.need_range import Mark
from observatory.ui.shell import data
from observatory.ui.tables.held import empty_columns, is_empty

Opened = Callable[..., str]
NO_CENSUS = {f"census/{n}.csv": None for n in ("offre", "communes_desservies", "totaux_communaux")}
EVERY = ("62001", "62002", "62003", "62004")
NOTHING = chr(0x2014)


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The text of the page of a commune of the tiny territory, tags left out."""

    def page(
        code: str,
        service: str = "eaje",
        *,
        territory: str = tiny.SIREN,
        changes: dict[str, str | None] | None = None,
        **choices: str,
    ) -> str:
        raw_dir = tiny.write_raw(tmp_path / "raw", changes)
        settings = make_settings(tmp_path, raw_dir=raw_dir)
        publish_first(settings, territory)
        monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(settings.processed_dir))
        period = Period(date(2023, 1, 1), date(2026, 12, 31), "le 1er janvier 2023", False)
        monkeypatch.setattr(data, "period", lambda version, today: period)
        # Without contours nobody borders anybody: here the other communes that it has are around.
        around = tuple(c for c in EVERY if c != code and territory == tiny.SIREN)
        monkeypatch.setattr(data, "neighbours", lambda version, codes: around)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.switch_page("observatory/ui/pages/commune.py")
        for key, value in {"commune": code, "service": service, **choices}.items():
            app.query_params[key] = value
        app.run()
        assert not app.exception, app.exception
        assert not app.error
        body = "\n".join(str(block.proto.body) for block in app.get("html"))
        return re.sub("[ \n]+", " ", as_typed(unescape(re.sub(r"<[^>]+>", " ", body))))

    return page


def ways(
    *gaps: tuple[str, float, float | None], kept: int | None = 0, hidden: bool = False
) -> Ways:
    marks = [Mark(*one) for one in gaps]
    return Ways(marks, None if kept is None else marks[kept], hidden)


# --- the bar


def test_the_bar_goes_from_the_largest_shortfall_to_the_most_beyond_the_need() -> None:
    service = nomenclature().service("eaje_psu")
    drawn = gap_bar(
        service,
        ways(
            ("Norme", 120.0, -20.0),
            ("Tous les enfants", 200.0, -100.0),
            ("Taux (2023)", 50.0, 50.0),
        ),
    )
    # From −100 to +50: zero stands at two thirds, −20 at 80 of 150.
    assert 'class="span lack" style="left:0.0%;width:66.67%"' in drawn
    assert 'class="span more" style="left:66.67%;width:33.33%"' in drawn
    assert 'class="diamond" style="left:53.33%"' in drawn
    assert drawn.count('class="way"') == 3
    text = as_typed(unescape(drawn))
    assert "besoin retenu : il manque 20<" in text
    twin = (
        "Selon le besoin retenu, de « il manque 100 places » (tous les enfants) à « 50 places de "
        "plus que le besoin » (taux, 2023)."
    )
    assert f'aria-label="{twin}"' in text
    assert f">{twin}</p>" in text


def test_a_need_in_view_that_does_not_count_says_so_over_the_bar() -> None:
    service = nomenclature().service("eaje_psu")
    mark = Mark("Objectif choisi, non comptée", 120.0, -20.0, counted=False)
    drawn = gap_bar(service, Ways([Mark("Norme", 200.0, -100.0)], mark))
    assert "besoin retenu, non compté : il manque 20<" in as_typed(drawn)


def test_without_a_supply_the_bar_is_of_the_needs_and_calls_nothing_short() -> None:
    service = nomenclature().service("eaje_psu")
    given = (("Norme", 50.0, None), ("Tous les enfants", 200.0, None))
    text = as_typed(unescape(gap_bar(service, ways(*given))))
    assert "Besoin de 50 (norme) à 200 (tous les enfants), en places ; offre inconnue" in text
    assert "lack" not in text
    assert "il manque" not in text
    assert "offre masquée" in as_typed(gap_bar(service, ways(*given, hidden=True)))
    assert gap_bar(service, ways(("Norme", None, None))) == ""  # type: ignore[arg-type]


def test_where_every_way_says_balance_there_is_no_bar() -> None:
    service = nomenclature().service("eaje_psu")
    assert gap_bar(service, ways(("Norme", 50.0, 0.0), ("Taux", 50.0, 0.0))) == ""


# --- what holds nothing


def test_a_column_is_left_out_where_every_cell_is_unknown_and_kept_where_one_is_masked() -> None:
    rows = [["Offre", "inconnu", "masqué", "0"], ["Taux", "inconnu", "inconnu", NOTHING]]
    assert empty_columns(rows) == {1}
    assert not is_empty(rows[1])  # a dash may be a figure that is withheld
    assert is_empty(["Revenu", "inconnu", "inconnu"])


# --- the page


def test_the_gap_its_rank_its_neighbours_and_what_moved_are_said_first(opened: Opened) -> None:
    # 300 children under three, 20 places for 100 of them in France: 60, and Aval has 50.
    text = opened("62001")
    assert "Il manque 10 places Besoin 60 places Offre 50 places" in text
    assert "Taux 16,7 pour 100 Enfants de 0 à 2 ans 300 (estimation)" in text
    # The Nest closed on 1 July 2023: 70 places on the eve of the period, 50 since.
    assert "Depuis le 1er janvier 2023, l'offre est passée de 70 places à 50 places" in text
    assert "20 places de moins" in text
    assert "Fermé le 1er juillet 2023 : Le Nid." in text
    assert "Ouvert" not in text.split("Fermé le")[0].split("Depuis le")[1]
    # Bourg lacks 8 of 30; nobody says the capacity of Clos, nor the age of those of Dune.
    assert "Rang, du plus grand manque 1re sur 2 communes" in text
    bars = text.split("Manque : la commune et ses voisines, en places")[1]
    assert bars.startswith(" Aval il manque 10 Bourg il manque 8 Clos inconnu Dune inconnu ")
    assert text.index("Il manque") < text.index("Rang,") < text.index("Chiffres clés")


def test_before_the_period_nothing_is_said_to_have_moved(opened: Opened) -> None:
    text = opened("62001", date="2022-06-01")
    assert "Depuis le" not in text.split("Chiffres clés")[0]


def test_an_unknown_gap_is_unknown_has_no_rank_and_is_no_zero(opened: Opened) -> None:
    text = opened("62004")
    assert "Manque inconnu" in text
    assert "Rang, du plus grand manque aucun (inconnu)" in text


def test_a_masked_gap_is_masked_and_has_no_rank(opened: Opened) -> None:
    totals = tiny.TOTALS.replace("62003;assistants_maternels;3;9", "62003;assistants_maternels;1;3")
    text = opened(
        "62003",
        "assistants_maternels",
        changes={"census/totaux_communaux.csv": totals},
        besoin="reference_nat",
    )
    assert "Manque masqué" in text
    assert "Rang, du plus grand manque aucun (masqué)" in text
    assert "Depuis le 1er janvier 2023, offre : masqué la veille, masqué au jour choisi." in text
    bars = text.split("la commune et ses voisines")[1]
    assert "Clos masqué" in bars
    assert "Dune inconnu" in bars


@pytest.mark.campaign
def test_a_commune_alone_has_neither_rank_nor_neighbour(opened: Opened) -> None:
    text = opened("62001", territory="62001")
    assert "Seule commune du territoire : ni rang, ni voisine à comparer." in text
    assert "Rang," not in text
    assert "Aval Aval" not in text  # its figures are not said twice, as its territory's


def test_without_a_census_the_need_is_told_and_nothing_is_called_short(opened: Opened) -> None:
    text = opened("62001", changes=NO_CENSUS)
    assert "Manque inconnu" in text
    assert "offre inconnue : ce qui manque ne se dit pas." in text
    assert "Rang, du plus grand manque aucun (inconnu)" in text
    assert "il manque" not in text.lower().split("chaque façon")[0]


def test_what_no_commune_of_the_bars_knows_reads_as_it_is() -> None:
    from observatory.ui.commune.around import _rank

    rows = pd.DataFrame(
        {
            "code": ["A", "B", "C", "D"],
            "service": ["eaje_psu"] * 4,
            "gap": [-10.0, -10.0, None, 5.0],
            "masked": [False, False, True, False],
            "suppressed": [False] * 4,
        }
    )
    assert _rank(rows, "A", "gap") == ("1re", "sur 3 communes, à égalité")
    assert _rank(rows, "D", "gap") == ("3e", "sur 3 communes")
    assert _rank(rows, "C", "gap") == ("aucun", "(masqué)")
