"""The convention is data: read whole, refused with every problem, followed by the pages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
import tiny
from fixtures.versions import Version, build, kept_version, make_settings
from generated import at_every_run

from observatory.answers.period import convention, period
from observatory.census.census_store import census_store
from observatory.census.loading import is_published
from observatory.commands.convention import TEMPLATE
from observatory.commands.main import main
from observatory.errors import RequestError
from observatory.knowledge.convention import (
    FILE_NAME,
    Convention,
    convention_of,
    first_day,
    known_conventions,
    read_convention,
)
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.territory import presets
from observatory.settings import Settings
from observatory.stores.audit import audit
from observatory.versions import record, warehouse
from observatory.versions.record import is_demonstration

Con = duckdb.DuckDBPyConnection
TODAY = date(2026, 11, 22)
OWN = f"""
name = "Ctg du Petit Pays"
territory = "{tiny.SIREN}"
start = 2024-09-01
end = 2028-08-31
signed = "2024-07"
signatories = ["Caf du Pas-de-Calais", "CC du Petit Pays"]
axes = ["Enfance"]
contact_role = "Chargée de coopération"

[[theme]]
label = "Petite enfance"
services = ["eaje_psu", "rpe"]
since = 2025-01-01
"""


def written(folder: Path, text: str) -> Path:
    path = folder / FILE_NAME
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_four_territories_have_a_known_convention() -> None:
    assert len(known_conventions()) == len(presets())
    for place in presets().values():
        siren = place.codes[0] if place.kind == "epci" else None
        assert any(c.holds(siren, place.codes) for c in known_conventions()), place.name


def test_what_is_not_known_of_a_convention_stays_absent() -> None:
    found = {c.territory: c for c in known_conventions()}
    montauban = found["248200099",]
    assert (montauban.start, montauban.end, montauban.signed) == (None, None, None)
    assert len(montauban.themes) == 7
    groups = {theme.label: theme.services for theme in montauban.themes}
    assert all(groups.values())
    by_theme = nomenclature().by_theme(groups)
    assert list(by_theme) == list(groups)  # every service has its place in one of the seven
    assert sorted(s for held in by_theme.values() for s in held) == sorted(nomenclature().services)
    assert found["243301181",].start is None
    latitude = found["243301181",]
    assert first_day(latitude.start, latitude.signed) == date(2022, 11, 1)


@pytest.mark.campaign
def test_a_version_carries_the_territorys_own_convention(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, raw_dir=tiny.write_raw(tmp_path / "raw"))
    written(settings.census_dir, OWN)
    with build(settings, tiny.SIREN) as con:
        found = convention(con)
        assert found is not None
        assert (found["name"], found["start"]) == ("Ctg du Petit Pays", date(2024, 9, 1))
        kinds = [(p["kind"], p["label"]) for p in found["parts"]]
        assert kinds[0] == ("signataire", "Caf du Pas-de-Calais")
        assert found["parts"][-1]["since"] == date(2025, 1, 1)
        followed = period(con, TODAY)
    assert (followed.first, followed.last) == (date(2024, 9, 1), date(2028, 8, 31))
    assert followed.since == "le début de la Ctg (1er septembre 2024)"


@pytest.mark.campaign
def test_a_convention_of_another_territory_is_not_taken(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, raw_dir=tiny.write_raw(tmp_path / "raw"))
    written(settings.census_dir, OWN)
    assert convention_of([settings.census_dir], "243301181", ["33000"]) == (None, "other")
    with build(settings, tiny.ABC) as con:
        assert convention(con) is None
        assert not period(con, TODAY).of_convention


def test_without_a_convention_no_dates_are_supposed(tiny_version: Version) -> None:
    con = tiny_version()
    assert convention(con) is None
    followed = period(con, TODAY)
    assert (followed.first, followed.last) == (date(2023, 1, 1), date(2026, 12, 31))
    assert followed.since == "le 1er janvier 2023"


def test_the_embedded_default_follows_the_convention_of_arras(embedded: Con) -> None:
    followed = period(embedded, TODAY)
    assert followed.of_convention
    assert (followed.first, followed.last) == (date(2023, 1, 1), date(2026, 12, 31))


def test_every_problem_of_a_convention_is_said_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        'territory = "Arras"\nstart = "janvier"\nend = 2020-01-01\nresponsable = "Mme X"\n'
        '[[theme]]\nlabel = ""\nservices = ["creche"]\n',
    )
    with pytest.raises(RequestError) as caught:
        read_convention(path)
    said = str(caught.value)
    assert said.startswith(f"{FILE_NAME} : la convention ne peut pas être lue")
    for part in (
        "« name » manque",
        "« territory » (n° 1) n'a pas la forme attendue. Écrire le SIREN",
        "« start » n'est pas une date. Écrire par exemple 2023-01-01",
        "« responsable » n'est pas prévu dans ce fichier",
        "« theme » (n° 1), « label » est vide",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("text", "said"),
    at_every_run(
        2,
        [
            (OWN.replace('"eaje_psu"', '"creche"'), "« creche » n'est pas un service"),
            (
                OWN.replace("start = 2024-09-01", "start 2024"),
                "l'écriture du fichier n'est pas du TOML (ligne",
            ),
            (OWN.replace("2028-08-31", "2020-08-31"), "la fin est avant le début"),
            (OWN.replace("contact_role", "contact"), "« contact_role » manque : une fonction"),
            (OWN.replace('"2024-07"', '"2024-13"'), "« signed » n'a pas la forme attendue"),
        ],
    ),
)
def test_a_wrong_convention_stops_the_refresh_and_says_where(
    tmp_path: Path, text: str, said: str
) -> None:
    settings = make_settings(tmp_path, raw_dir=tiny.write_raw(tmp_path / "raw"))
    written(settings.census_dir, text)
    with pytest.raises(RequestError, match=r"convention\.toml") as caught:
        build(settings, tiny.SIREN)
    assert said in str(caught.value)
    assert not list(settings.processed_dir.glob("*.duckdb"))


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes('name = "Forêt"'.encode("latin-1"))
    with pytest.raises(RequestError, match="pas en UTF-8"):
        read_convention(path)


def test_the_template_filled_in_is_a_convention(tmp_path: Path) -> None:
    text = TEMPLATE.replace('territory = ""', f'territory = "{tiny.SIREN}"')
    lines = [
        line.removeprefix("# ") if " = " in line or line.startswith("# [[") else line
        for line in text.splitlines()
    ]
    found = read_convention(written(tmp_path, "\n".join(lines)))
    assert isinstance(found, Convention)
    assert found.themes[0].services == ("eaje_psu", "rpe")


def load(settings: Settings, text: str, *more: str) -> int:
    given = settings.census_dir.parent / "given.toml"
    given.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["convention", "load", str(given), *more])
    return int(stop.value.code or 0)


@pytest.mark.campaign
def test_a_loaded_convention_is_a_generation_that_can_be_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = make_settings(tmp_path, raw_dir=tiny.write_raw(tmp_path / "raw"))
    monkeypatch.setenv("OBSERVATORY_CENSUS_DIR", str(settings.census_dir))
    written(settings.census_dir, OWN.replace("Petit Pays", "Pays d'avant"))  # as it was kept before
    assert load(settings, OWN, "--who", "Chargée de coopération", "--why", "signée") == 0
    kept = census_store(settings.census_dir)
    assert [(e.kind, e.who, e.why) for e in kept.history()] == [
        ("former", "", "ancienne disposition"),
        ("edit", "Chargée de coopération", "signée"),
    ]
    assert audit(kept) == []
    assert not (settings.census_dir / "convention.toml").exists()
    with build(settings, tiny.SIREN) as con:
        assert (convention(con) or {})["name"] == "Ctg du Petit Pays"
        assert is_demonstration(con) == is_demonstration_alone(tmp_path)
    assert load(settings, OWN) == 0  # the same again changes nothing
    assert kept.head().sequence == 2
    kept.undo()
    with build(settings, tiny.SIREN) as con:
        assert (convention(con) or {})["name"] == "Ctg du Pays d'avant"
    capsys.readouterr()


def is_demonstration_alone(folder: Path) -> bool:
    """Whether the tiny sources show the demonstration when nobody ever wrote a thing."""
    alone = make_settings(folder / "alone", raw_dir=folder / "raw")
    with warehouse.connect(kept_version(alone, tiny.SIREN)) as con:
        return is_demonstration(con)


def test_a_convention_that_is_none_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(tmp_path)
    monkeypatch.setenv("OBSERVATORY_CENSUS_DIR", str(settings.census_dir))
    assert load(settings, "name = 3") == 1
    assert not settings.census_dir.exists()


@pytest.mark.campaign
def test_a_census_and_a_convention_leave_each_other_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(tmp_path, raw_dir=tiny.write_raw(tmp_path / "raw"))
    monkeypatch.setenv("OBSERVATORY_CENSUS_DIR", str(settings.census_dir))
    assert load(settings, OWN) == 0
    with census_store(settings.census_dir).writing() as writing:
        writing.commit("load", {**writing.files, "offre.csv": tiny.OFFER.encode()})
    with build(settings, tiny.SIREN) as con:
        assert convention(con)
        assert record.census(con) == {"sequence": 2, "files": ["offre.csv"]}
    assert is_published(settings)
    assert load(settings, OWN.replace("Petit Pays", "Grand Pays")) == 0
    assert set(census_store(settings.census_dir).read()[1]) == {"offre.csv", "convention.toml"}


def test_what_a_convention_leaves_comes_after_under_its_own_theme() -> None:
    groups = {"Mon axe": ("laep", "alsh"), "Le même": ("alsh",), "Rien": ("inconnu",)}
    found = nomenclature().by_theme(groups)
    assert found["Mon axe"] == ("laep", "alsh")
    assert next(iter(found)) == "Mon axe"
    assert "Le même" not in found  # a service counts once, in the first that names it
    assert "Rien" not in found
    assert "Parentalité" not in found  # its only service is above
    assert "eaje" in found["Petite enfance"]


@pytest.mark.parametrize(
    ("axes", "said"),
    [
        ('{ "Autre" = ["laep"] }', "« Autre » n'est pas un axe de la convention"),
        ('{ "Familles" = ["inconnu"] }', "« inconnu » n'est pas un service de la nomenclature"),
    ],
)
def test_an_axis_covers_services_that_exist(tmp_path: Path, axes: str, said: str) -> None:
    path = tmp_path / FILE_NAME
    path.write_text(
        f'name = "Ctg"\nterritory = "200000001"\naxes = ["Familles"]\naxis_services = {axes}\n',
        encoding="utf-8",
    )
    with pytest.raises(RequestError, match=said):
        read_convention(path)
