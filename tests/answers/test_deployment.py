"""The deployment of the offer: what was there, what moved and what is there always add up."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import tiny
from browser import strangers, watched
from fixtures.versions import Version
from generated import OF_EACH_KIND, at_every_run, tried
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect
from rail import as_told, choose, sent, value
from streamlit.testing.v1 import AppTest

from observatory.answers import deployment, gaps
from observatory.answers.deployment import KEYS
from observatory.errors import RequestError
from observatory.files.movements_csv import movements_csv
from observatory.french.vocabulary import MOVEMENTS
from observatory.knowledge.nomenclature import nomenclature
from observatory.settings import ROOT, Settings
from observatory.ui.charts.stacks import named_days, scale
from observatory.ui.tables.ledger import adding_decimals

Con = duckdb.DuckDBPyConnection
FIRST, LAST = date(2023, 1, 1), date(2026, 12, 31)
# Around every event of the tiny territory: on the day itself, and on its eve.
PERIODS = [
    (date(2015, 1, 1), date(2026, 12, 31)),
    (FIRST, LAST),
    (date(2021, 1, 1), date(2021, 12, 31)),
    (date(2022, 1, 1), date(2022, 1, 1)),
    (date(2023, 7, 1), date(2024, 1, 1)),
    (date(2023, 7, 2), date(2023, 12, 31)),
    (date(2024, 1, 1), date(2026, 1, 1)),
]


def ledger(con: Con, first: date, last: date) -> pd.DataFrame:
    counted = deployment.places(con, deployment.steps(first, last))
    return deployment.ledger(counted, deployment.movements(con, first, last))


def assert_adds_up(con: Con, first: date, last: date) -> None:
    book = ledger(con, first, last)
    assert len(book)
    assert (book["start"] + book[list(MOVEMENTS)].sum(axis=1) - book["end"]).abs().max() < 1e-6
    # The two ends are the supply that every other page shows on those days, where it is known.
    for column, day in (("start", first - deployment.DAY), ("end", last)):
        official = gaps.supply_by_status(con, day).dropna(subset="supply")
        official["day_type"] = (
            official["day_type"].astype(object).where(official["day_type"].notna(), None)
        )
        both = official.merge(book, on=KEYS, how="left")
        assert ((both["supply"] - both[column]).abs() < 1e-6).all(), (column, day)


@pytest.mark.parametrize(("first", "last"), at_every_run(3, PERIODS))
def test_start_and_movements_make_the_end_in_a_world_worked_by_hand(
    tiny_three: Con, first: date, last: date
) -> None:
    assert_adds_up(tiny_three, first, last)


@pytest.mark.campaign
@pytest.mark.parametrize(("first", "last"), at_every_run(2, PERIODS))
def test_start_and_movements_make_the_end_in_the_demonstration_census(
    embedded: Con, first: date, last: date
) -> None:
    assert_adds_up(embedded, first, last)


def moves_of(con: Con, service: str, day_type: str | None = None) -> list[tuple[object, ...]]:
    table = deployment.movements(con, date(2015, 1, 2), LAST)
    table = deployment.of_service(table, service, day_type)
    rows = zip(
        table["day"], table["id"], table["kind"], table["before"], table["after"], table["effect"],
        strict=True,
    )  # fmt: skip
    return [
        (f"{d:%Y-%m-%d}", i, k, *(None if pd.isna(v) else round(float(v), 4) for v in figures))
        for d, i, k, *figures in rows
    ]


def test_openings_closings_and_extensions_are_told_by_their_first_day(tiny_three: Con) -> None:
    assert moves_of(tiny_three, "eaje_psu") == [
        ("2018-09-01", "E1", "opening", None, 40, 40),
        ("2019-01-01", "E2", "opening", None, 20, 20),
        ("2021-01-01", "E1", "extension", 40, 50, 10),
        ("2022-01-01", "E3", "opening", None, 10, 10),
        ("2023-07-01", "E2", "closing", 20, None, -20),
    ]


def test_at_one_address_the_next_declaration_takes_the_place_of_the_one_that_closes(
    tiny_three: Con,
) -> None:
    # Centre A (60) and B (40) share an address: 60 count, then 40 when A closes.
    assert moves_of(tiny_three, "alsh", "mercredi") == [
        ("2022-01-01", "S4", "closing", 18, None, -18),
        ("2024-01-01", "S1", "closing", 60, None, -60),
        ("2024-01-01", "S2", "shared_site", 40, 40, 40),
    ]
    # On holidays B (50) is the greater: the closing of A takes nothing away.
    assert moves_of(tiny_three, "alsh", "petites_vacances") == [
        ("2024-01-01", "S1", "closing", 30, None, 0)
    ]


def test_a_shared_establishment_brings_only_its_share(tiny_version: Version) -> None:
    # The relay opens with 2 ETP for Aval and Bourg, 300 and 150 children: a third is Bourg's.
    changes = {"census/offre.csv": tiny.OFFER.replace(";;1,5;;2019-01-01", ";;2;;2023-05-01")}
    con = tiny_version(changes, "62002")
    moves = deployment.movements(con, FIRST, LAST)
    relay = moves[moves["id"] == "R1"].iloc[0]
    assert (relay["before"], relay["after"]) != (0, 0)
    assert relay["effect"] == pytest.approx(2 / 3)
    assert_adds_up(con, FIRST, LAST)


def test_an_unknown_capacity_is_counted_aside_and_never_as_zero_places(tiny_three: Con) -> None:
    counted = deployment.places(tiny_three, [date(2024, 6, 30)])
    micro = deployment.of_service(counted, "eaje_hors_psu", None)
    assert micro["amount"].sum() == 12
    assert micro["unknown"].sum() == 1
    assert ("2024-01-01", "M2", "opening", None, None, 0) in moves_of(tiny_three, "eaje_hors_psu")


def test_totals_by_commune_move_as_one_total_of_the_territory(embedded: Con) -> None:
    moves = deployment.movements(embedded, FIRST, LAST)
    totals = moves[moves["status"] == "total"]
    assert set(totals["kind"]) == {"revision"}
    assert totals["code"].isna().all()
    assert totals["id"].isna().all()
    assert not totals.duplicated(["day", "service"]).any()


def test_no_movement_is_told_of_an_assistant_maternel(embedded: Con) -> None:
    moves = deployment.movements(embedded, date(2015, 1, 1), LAST)
    assert set(moves.loc[moves["service"] == "assistants_maternels", "name"]) == {
        "Totaux communaux"
    }


FILES = st.lists(
    st.tuples(
        st.sampled_from(["alsh", "eaje_psu", "rpe"]),
        st.sampled_from(["public", "associatif", "prive"]),
        st.sampled_from(["62001", "62002", "62003"]),
        st.sampled_from(["", "1 rue de l'École", "2 rue Haute"]),
        st.lists(
            st.tuples(st.integers(0, 400), st.one_of(st.none(), st.integers(0, 90))),
            min_size=1, max_size=4, unique_by=lambda change: change[0],
        ),
        st.one_of(st.none(), st.integers(0, 500)),
        st.booleans(),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@pytest.fixture(scope="module")
def world(tiny_three: Con) -> Iterator[Con]:
    """A copy in memory of the tiny territory, whose establishments a test may replace."""
    path = tiny_three.execute("SELECT path FROM duckdb_databases() WHERE NOT internal").fetchone()
    assert path is not None
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{path[0]}' AS version (READ_ONLY)")
        con.execute("COPY FROM DATABASE version TO memory")
        con.execute("DETACH version")
        yield con


@tried(6, 100)
@given(FILES)
def test_any_census_adds_up(world: Con, drawn: list[tuple[object, ...]]) -> None:
    """Sites shared, capacities unknown, closings before openings: whatever is in the tables."""
    for table in ("establishment", "capacity", "allocation"):
        world.execute(f"DELETE FROM {table}")
    start = date(2023, 1, 1).toordinal()
    for n, (service, status, code, address, changes, closed, shared) in enumerate(drawn):
        id_ = f"X{n}"
        site = f"{code}|{address}" if address and service == "alsh" else id_
        ordered = sorted(changes)  # type: ignore[call-overload]
        opened = date.fromordinal(start + ordered[0][0])
        world.execute(
            "INSERT INTO establishment BY NAME SELECT ? AS id, ? AS name, ? AS service, "
            "? AS status, ? AS code, ? AS site, CAST(? AS DATE) AS opened, "
            "CAST(? AS DATE) AS closed, false AS demonstration",
            [
                id_, id_, service, status, code, site, opened,
                None if closed is None else date.fromordinal(start + int(str(closed))),
            ],
        )  # fmt: skip
        ends = [date.fromordinal(start + day) for day, _ in ordered[1:]] + [None]
        for (day, amount), until in zip(ordered, ends, strict=True):
            world.execute(
                "INSERT INTO capacity BY NAME SELECT ? AS establishment, ? AS day_type, "
                "CAST(? AS DOUBLE) AS amount, CAST(? AS DATE) AS valid_from, "
                "CAST(? AS DATE) AS valid_to",
                [
                    id_, "mercredi" if service == "alsh" else None, amount,
                    date.fromordinal(start + day), until,
                ],
            )  # fmt: skip
        served = [(code, 0.25), ("62999", 0.75)] if shared else [(code, 1.0)]
        for where, share in served:
            world.execute(
                "INSERT INTO allocation BY NAME SELECT ? AS establishment, ? AS code, "
                "CAST(? AS DOUBLE) AS share, false AS equal_shares",
                [id_, where, share],
            )
    for first, last in ((FIRST, date(2024, 12, 31)), (date(2023, 3, 1), date(2023, 9, 1))):
        book = ledger(world, first, last)
        assert (book["start"] + book[list(MOVEMENTS)].sum(axis=1) - book["end"]).abs().max() < 1e-6


# --- the steps of a period, the figures shown, the file


def test_the_steps_are_the_eve_the_ends_of_quarters_and_the_last_day() -> None:
    steps = deployment.steps(date(2024, 2, 10), date(2024, 8, 1))
    assert steps == [date(2024, 2, 9), date(2024, 3, 31), date(2024, 6, 30), date(2024, 8, 1)]
    assert len(deployment.steps(FIRST, LAST)) == 17


def test_a_period_that_ends_before_it_begins_is_refused(tiny_three: Con) -> None:
    with pytest.raises(RequestError, match="ne convient pas"):
        deployment.movements(tiny_three, LAST, FIRST)
    with pytest.raises(RequestError, match="Choisir une date de fin"):
        deployment.steps(LAST, FIRST)


def test_rounded_figures_add_up_as_the_exact_ones_do() -> None:
    rpe, eaje = nomenclature().service("rpe"), nomenclature().service("eaje_psu")

    def book(**figures: float) -> pd.DataFrame:
        line = {**dict.fromkeys(["start", *MOVEMENTS, "end"], 0.0), **figures}
        return pd.DataFrame([line])

    assert adding_decimals(book(start=10, opening=2, end=12), eaje) == 0
    assert adding_decimals(book(start=10.4, opening=2.4, end=12.8), eaje) == 1
    assert adding_decimals(book(start=5, extension=0.1, end=5.1), rpe) == 1
    assert adding_decimals(book(start=5, end=5), rpe) == 0


def test_the_net_of_the_years_is_the_net_of_the_period(embedded: Con) -> None:
    moves = deployment.of_service(deployment.movements(embedded, FIRST, LAST), "eaje", None)
    years = deployment.by_year(moves)
    assert years["net"].sum() == pytest.approx(moves["effect"].sum())
    assert years["year"].tolist() == [2023, 2024, 2025, 2026]


def test_the_file_of_movements_holds_no_live_formula_and_adds_up(tiny_more: Con) -> None:
    moves = deployment.movements(tiny_more, FIRST, LAST)
    text = movements_csv(moves).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(rows) == len(moves)
    assert [r["etablissement"] for r in rows if r["identifiant"] == "E2"] == ["'" + tiny.FORMULA]
    total = sum(float(r["effet"].replace(",", ".")) for r in rows)
    assert total == pytest.approx(moves["effect"].sum(), abs=0.06 * len(rows))


@pytest.mark.parametrize(
    ("greatest", "step"), [(842, 200), (866, 200), (5, 1), (2272, 500), (0.4, 0.1), (1000, 200)]
)
def test_the_ticks_are_round_numbers(greatest: float, step: float) -> None:
    assert scale(greatest) == (pytest.approx(step), pytest.approx(max(greatest, step)))


def test_a_long_period_names_few_years() -> None:
    steps = deployment.steps(date(2000, 1, 1), date(2026, 12, 31))
    assert len(named_days(steps)) <= 8


# --- the page and the slider


@pytest.fixture
def app(embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)


def run(app: AppTest) -> str:
    app.run()
    assert not app.exception, app.exception
    return "\n".join(str(block.proto.body) for block in app.get("html"))


def chosen(app: AppTest, **choices: str) -> str:
    """What the page says once these choices are made."""
    choose(app, **choices)
    assert not app.exception, app.exception
    return "\n".join(str(block.proto.body) for block in app.get("html"))


def line_of_dates(app: AppTest) -> tuple[list[str], str]:
    """The days of the line of dates of the map and the one it stands at, as the browser knows."""
    told = sent(app, "stops")
    if "days" not in told["stops"]:  # sent before: a browser that has not kept it asks again
        as_told(app).sent.discard(told["stops"]["digest"])
        told = sent(app.run(), "stops")
    days = told["stops"]["days"]
    return days, days[told["stop"]]


def open_page(app: AppTest) -> str:
    run(app)
    app.switch_page("observatory/ui/pages/deploiement.py")
    return run(app)


@pytest.mark.campaign
@pytest.mark.parametrize(
    "services",
    at_every_run(1, [OF_EACH_KIND, [i for i in nomenclature().services if i not in OF_EACH_KIND]]),
    ids=["of each kind", "the others"],
)
def test_every_service_shows_its_deployment(app: AppTest, services: Sequence[str]) -> None:
    open_page(app)
    for id_ in services:
        page = chosen(app, service=id_)
        assert value(app, "theme") == nomenclature().services[id_].theme
        assert not app.error, id_
        assert 'role="img"' in page, id_
        assert "Année par année" in page, id_


def test_the_page_counts_what_the_demonstration_census_says(app: AppTest) -> None:
    open_page(app)
    page = chosen(app, service="eaje")
    for said in ("842", "+58", "+36", "\u221276", "860"):
        assert f"<strong>{said}</strong>" in page
    assert "Multi-accueil de démonstration – Arras 2" in page
    assert "45 → 55" in page


def test_a_period_of_the_wrong_way_round_is_said_in_french(app: AppTest) -> None:
    open_page(app)
    chosen(app, au="2022-01-01")
    assert "Choisir une date de fin" in app.error[0].value


@pytest.mark.campaign
def test_the_slider_and_the_date_always_tell_the_same_day(app: AppTest) -> None:
    run(app)
    shown: list[str] = []
    for day in (date(2022, 12, 31), date(2024, 9, 30), date(2026, 9, 30)):
        assert day.isoformat() in line_of_dates(app)[0]
        shown.append(chosen(app, date=day.isoformat()))
        assert value(app, "date") == day.isoformat()
        assert line_of_dates(app)[1] == day.isoformat()
    assert all(a != b for a, b in itertools.combinations(shown, 2))
    for typed in (date(2015, 1, 1), date(2024, 3, 31), date(2029, 5, 7)):
        chosen(app, date=typed.isoformat())
        assert line_of_dates(app)[1] == typed.isoformat()
        assert value(app, "date") == typed.isoformat()


@pytest.mark.campaign
@pytest.mark.browser
def test_in_a_browser_the_slider_moves_the_map_and_nothing_leaves_the_machine(
    page: Page, arras_url: str
) -> None:
    asked = watched(page)
    page.goto(arras_url)
    page.wait_for_selector("[data-painted]", timeout=30_000)
    slider = page.get_by_role("slider")
    slider.focus()
    slider.press("Home")
    expect(page).to_have_url(re.compile("date=2022-12-31"), timeout=20_000)
    expect(page.get_by_text("Offre au 31 décembre 2022").first).to_be_visible()
    before = page.locator("path.point").count()
    slider.press("End")
    expect(page).to_have_url(re.compile("date=2026-12-31"), timeout=20_000)
    expect(page.locator("path.point")).not_to_have_count(before, timeout=20_000)
    page.goto(f"{arras_url}/deploiement")
    expect(page.locator("figure.obs-stacks")).to_be_visible(timeout=20_000)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert strangers(asked) == []


def test_no_third_party_script_draws_the_bars() -> None:
    source = Path(ROOT / "observatory" / "ui" / "charts" / "stacks.py").read_text(encoding="utf-8")
    assert "<script" not in source
    assert "http" not in source
