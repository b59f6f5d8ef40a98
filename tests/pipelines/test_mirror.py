"""The published files, as they come: the four territories, and whatever is dropped beside them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from fixtures.versions import kept_version, make_settings, quiet

from observatory.answers.gaps import gaps
from observatory.errors import ObservatoryError, RequestError, SourceError
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.knowledge.territory import parse
from observatory.settings import Settings
from observatory.versions import record, warehouse
from pipelines.refresh import refresh

pytestmark = pytest.mark.mirror

Con = duckdb.DuckDBPyConnection
DAY = date(2023, 12, 31)
ARRAS = 42_875  # its inhabitants
LIGHT = ("caf", "popref", "rp_age", "naissances")


@pytest.fixture(scope="module")
def version(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Con]]:
    """The version of a territory on the mirror, built once."""
    built: dict[tuple[str, str | None], Con] = {}

    def of(territory: str, membership: str | None = None) -> Con:
        key = (territory, membership)
        if key not in built:
            settings = make_settings(tmp_path_factory.mktemp("mirrored"), mirror=mirror)
            built[key] = warehouse.connect(kept_version(settings, territory, membership))
        return built[key]

    yield of
    for con in built.values():
        con.close()


def light_copy(mirror: Path, into: Path) -> Settings:
    """A copy of the light folders of the mirror, to drop files into; the rest is embedded."""
    for name in LIGHT:
        folder = into / "mirror" / name
        folder.mkdir(parents=True)
        for file in (mirror / name).iterdir():
            (folder / file.name).symlink_to(file)
    return make_settings(into, mirror=into / "mirror")


@pytest.fixture
def copied(mirror: Path, tmp_path: Path) -> Settings:
    return light_copy(mirror, tmp_path)


def link(settings: Settings, mirror: Path, source: str) -> None:
    assert settings.mirror is not None
    (settings.mirror / source).symlink_to(mirror / source)


def value(con: Con, query: str) -> object:
    return con.execute(query).fetchall()[0][0]


# --- the four territories


@pytest.mark.campaign
def test_the_cu_d_arras_is_whole(version: Callable[..., Con]) -> None:
    con = version("arras")
    place = record.info(con)["territory"]
    assert (place["communes"], place["population"], place["siren"]) == (46, 109_884, "200033579")
    assert (place["membership_vintage"], place["cog_vintage"]) == ("2025", "2026")
    small = "SELECT round(sum(amount), 1) FROM public_count SEMI JOIN perimeter USING (code) "
    assert value(con, small + "WHERE public = '0_2' AND estimated") == 3_417.8
    total = gaps(con, Question("eaje", as_of=DAY, definition="reference_nat")).iloc[-1]
    assert (round(total["public"], 2), bool(total["estimated"])) == (3_417.84, True)
    # 0-2 is 3/5 of 0-4.
    assert round(total["public"] * 5 / 3, 1) == 5_696.4
    assert value(con, "SELECT sum(births) FROM commune WHERE inside") == 1_040


def test_every_commune_has_an_official_contour_of_its_own(version: Callable[..., Con]) -> None:
    con = version("arras")
    assert con.execute("SELECT kind, vintage, count(*) FROM contour GROUP BY ALL").fetchall() == [
        ("official", "2023", 46)
    ]


def test_the_rates_of_the_caf_are_as_published(version: Callable[..., Con]) -> None:
    con = version("arras")

    def rates(level: str, code: str, year: int) -> dict[str, float]:
        return dict(
            con.execute(
                "SELECT service, rate FROM published_rate "
                "WHERE level = ? AND code = ? AND year = ?",
                [level, code, year],
            ).fetchall()
        )

    shares = ("accueil_0_2", "eaje", "assistants_maternels", "prescolarisation", "garde_domicile")
    assert rates("epci", "200033579", 2023) == dict(
        zip(shares, (65.9, 25, 30.4, 9.5, 1), strict=True)
    )
    assert rates("com", "62041", 2023) == dict(
        zip(shares, (57.7, 27.5, 19.5, 9.8, 0.9), strict=True)
    )
    assert rates("nat", "FR", 2023)["accueil_0_2"] == 60.9
    assert rates("dep", "62", 2023)["eaje"] == 14.5
    assert rates("reg", "32", 2023)["prescolarisation"] == 7.9
    assert rates("com", "62041", 2022)["accueil_0_2"] == 58.6
    shown = gaps(con, Question("accueil_0_2", as_of=DAY, definition="reference_nat"))
    assert shown["published_rate"].iloc[-1] == 65.9
    assert value(con, "SELECT count(*) FROM published_rate WHERE code LIKE 'XX%'") == 0


def test_the_places_of_arras_are_as_published(version: Callable[..., Con]) -> None:
    places = dict(
        version("arras")
        .execute(
            "SELECT service, places FROM published_places WHERE code = '62041' AND year = 2022"
        )
        .fetchall()
    )
    assert places.pop("eaje", 431) == 431
    assert places == {
        "eaje_psu": 323,
        "eaje_hors_psu": 108,
        "prescolarisation": 132,
        "assistants_maternels": 263,
        "garde_domicile": 23,
        "accueil_0_2": 849,
    }


@pytest.mark.campaign
def test_the_membership_is_that_of_the_vintage_asked(version: Callable[..., Con]) -> None:
    now, before = version("grand-montauban"), version("248200099", "2024")
    for con, communes, vintage in ((now, 12, "2025"), (before, 11, "2024")):
        place = record.info(con)["territory"]
        assert (place["communes"], place["membership_vintage"]) == (communes, vintage)
    joined = {r[0] for r in now.execute("SELECT code FROM perimeter").fetchall()}
    assert joined > {r[0] for r in before.execute("SELECT code FROM perimeter").fetchall()}
    rate = "SELECT rate FROM published_rate WHERE level = 'epci' AND service = 'accueil_0_2'"
    assert value(now, rate) == 63.9


@pytest.mark.campaign
def test_ages_that_nobody_published_stay_unknown(version: Callable[..., Con]) -> None:
    con = version("latitude-nord-gironde")
    assert record.info(con)["territory"]["communes"] == 12
    table = gaps(con, Question(as_of=DAY, custom=50))
    for_all = [id_ for id_, service in nomenclature().services.items() if service.public == "tous"]
    by_age = ~table["service"].isin(for_all)
    assert table.loc[by_age, ["public", "need", "gap", "rate"]].isna().all(axis=None)
    # No census of this territory: its supply is unknown too, but its people are counted.
    assert table["supply"].isna().all()
    assert (table.loc[~by_age, "public"] > 0).all()
    assert record.info(con)["territory"]["population"] > 0
    assert not record.info(con)["demonstration"]
    kinds = con.execute("SELECT DISTINCT kind FROM contour").fetchall()
    assert kinds == [("generalised",)]


@pytest.mark.campaign
def test_a_commune_alone_is_a_territory(version: Callable[..., Con]) -> None:
    con = version("rive-de-gier")
    info = record.info(con)
    assert (info["territory"]["communes"], info["territory"]["name"]) == (1, "Rive-de-Gier")
    table = gaps(con, Question("accueil_0_2", as_of=date(2022, 12, 31), definition="reference_nat"))
    assert table["code"].tolist()[0] == "42186"
    assert len(table) == 2
    assert table["published_rate"].nunique(dropna=False) == 1
    assert table["published_rate"].notna().all()


@pytest.mark.campaign
def test_a_departement_is_a_territory(copied: Settings, mirror: Path) -> None:
    link(copied, mirror, "cog")
    with built(copied, territory="82") as con:
        assert record.info(con)["territory"]["communes"] == 195


def test_an_unknown_epci_is_an_error_that_suggests_its_neighbours(
    mirror: Path, tmp_path: Path
) -> None:
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "cog").symlink_to(mirror / "cog")
    settings = make_settings(tmp_path, mirror=tmp_path / "mirror")
    with pytest.raises(RequestError, match=r"200033579 \(CU d'Arras\)"):
        refresh(settings, parse("200033578"), quiet)


# --- what is dropped into it


def drop(settings: Settings, name: str, content: str | bytes) -> None:
    assert settings.mirror is not None
    path = settings.mirror / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def built(settings: Settings, lines: list[str] | None = None, territory: str = "arras") -> Con:
    said: list[str] = [] if lines is None else lines
    name = refresh(settings, parse(territory), said.append)
    return warehouse.connect(settings.processed_dir / name)


UNKNOWN: dict[str, str | bytes] = {
    "nothing": "",
    "blank": "\n\n",
    "columns": "une;autre;table\n1;2;3\n",
    "binary": b"\xff\xfe\x00\x01" * 90,
}


@pytest.fixture(scope="module")
def beside(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Con, str]]:
    """A version with files dropped beside those of the mirror, and what its refresh said.

    Populations of two more vintages, narrow bands of age, and files of no known columns.
    """
    settings = light_copy(mirror, tmp_path_factory.mktemp("beside"))
    drop(settings, "popref/donnees_communes_rp2031.csv", "COM;Commune;PMUN\n62041;Arras;41 500\n")
    drop(
        settings,
        "popref/donnees_communes_rp2013.csv",
        "COM;Commune;PMUN\n62041;Arras;7\n62004;A;7\n",
    )
    drop(settings, "rp_age/62.csv", AGES + '"62041";"COM";"Y0T2";"_T";"POP";"A";"1500.5";"2023"\n')
    for name, content in UNKNOWN.items():
        drop(settings, f"popref/{name}.csv", content)
    lines: list[str] = []
    with built(settings, lines) as con:
        yield con, "\n".join(lines)


AGES = "GEO;GEO_OBJECT;AGE;SEX;RP_MEASURE;OBS_STATUS;OBS_VALUE;TIME_PERIOD\n"


@pytest.mark.campaign
def test_a_new_vintage_is_picked_up_and_wins(beside: tuple[Con, str]) -> None:
    con, _ = beside
    people = "SELECT population, population_vintage FROM commune WHERE code = "
    assert con.execute(people + "'62041'").fetchall() == [(41_500, "2031")]
    assert con.execute(people + "'62004'").fetchall() == [(7_873, "2023")]


def test_narrow_age_bands_are_used_as_soon_as_they_are_there(beside: tuple[Con, str]) -> None:
    con, _ = beside
    row = con.execute(
        "SELECT amount, estimated FROM public_count WHERE code = '62041' AND public = '0_2'"
    ).fetchall()
    assert row == [(1500.5, False)]


@pytest.mark.campaign
def test_another_departement_is_picked_up(copied: Settings, mirror: Path) -> None:
    link(copied, mirror, "cog")
    drop(copied, "rp_age/33.csv", AGES + "33018;COM;Y0T4;_T;POP;A;100;2023\n")
    with built(copied, territory="33018") as con:
        assert value(con, "SELECT amount FROM public_count WHERE public = '0_2'") == 60


@pytest.mark.campaign
def test_the_same_file_twice_counts_once(copied: Settings, mirror: Path) -> None:
    folder = copied.mirror / "cog"  # type: ignore[operator]
    folder.mkdir()
    for name in ("v_commune_2026.csv", "copie de v_commune_2026.csv"):
        (folder / name).symlink_to(mirror / "cog" / "v_commune_2026.csv")
    shutil.copyfile(
        mirror / "popref" / "donnees_communes_rp2023.csv",
        copied.mirror / "popref" / "bis_rp2023.csv",
    )  # type: ignore[operator]
    shutil.copyfile(next((mirror / "rp_age").iterdir()), copied.mirror / "rp_age" / "bis.csv")  # type: ignore[operator]
    with built(copied) as con:
        assert record.info(con)["territory"]["population"] == 109_884
        total = gaps(con, Question("eaje", as_of=DAY, definition="reference_nat")).iloc[-1]
        assert round(total["public"], 2) == 3_417.84


HTML = "<!DOCTYPE html>\n<html><body>Service indisponible</body></html>\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("popref/page.csv", HTML),
        ("popref/coupe.zip", b"PK\x03\x04 cut short"),
        ("dgcl/epcicom2026.xlsx", b"PK\x03\x04 cut short"),
        ("contours/casse_2025.geojson", '{"type": "FeatureCollection", "features": [{"ty'),
    ],
)
def test_a_broken_file_stops_the_refresh_and_is_named(
    copied: Settings, name: str, content: str | bytes
) -> None:
    drop(copied, name, content)
    with pytest.raises(SourceError) as failure:
        built(copied)
    assert Path(name).name in str(failure.value)
    with pytest.raises(ObservatoryError, match="aucune version"):
        warehouse.current(copied.processed_dir)


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_file_of_no_known_columns_is_left_aside_with_a_word(
    beside: tuple[Con, str], name: str
) -> None:
    con, lines = beside
    others = con.execute("SELECT sum(population) FROM commune WHERE inside AND code <> '62041'")
    assert others.fetchall() == [(109_884 - ARRAS,)]
    said = [line for line in lines.splitlines() if f"{name}.csv" in line]
    own = " (ses colonnes : une, autre, table)" if name == "columns" else ""
    known = f"{name}.csv : colonnes inconnues de la source « popref », fichier ignoré"
    assert said == [known + own]


@pytest.mark.campaign
def test_headings_without_rows_leave_the_figures_unknown(copied: Settings) -> None:
    for file in (copied.mirror / "popref").iterdir():  # type: ignore[operator]
        file.unlink()
    drop(copied, "popref/vide_rp2024.csv", "COM;Commune;PMUN\n")
    with built(copied) as con:
        assert record.info(con)["territory"]["population"] is None
