"""A voted target that moved is told between two versions, and these bear the names people use."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest
import tiny
from fixtures.versions import make_settings, publish_first, quiet

from observatory.answers.changes import Changes, compare
from observatory.answers.wording_of_changes import summary
from observatory.commands.diff import as_lines, as_records
from observatory.errors import RequestError
from observatory.knowledge.territory import parse
from observatory.settings import Settings
from observatory.targets import target_store
from observatory.versions import warehouse
from pipelines.refresh import refresh

DAY = date(2025, 1, 1)
HEAD = "service;jour;valeur;depuis;decide_par;source\n"
FIRST = "eaje;;40;2023-06-01;Conseil communautaire;\nlaep;;20;2022-01-01;Comité;\n"
THEN = "eaje;;42,5;2023-06-01;Conseil communautaire;\nalsh;mercredi;12;2024-01-01;Comité;\n"


def load(settings: Settings, folder: Path, lines: str) -> None:
    path = folder / "objectifs.csv"
    path.write_text(HEAD + lines, encoding="utf-8")
    assert target_store.load(settings.census_dir, target_store.check([path]))
    refresh(settings, parse(tiny.SIREN), quiet)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Three versions: without any target, with two, with one revised, one gone, one new."""
    folder = tmp_path_factory.mktemp("targets")
    settings = make_settings(folder, raw_dir=tiny.write_raw(folder / "raw"))
    publish_first(settings, tiny.SIREN)
    load(settings, folder, FIRST)
    load(settings, folder, THEN)
    return settings


def lines_of(changes: Changes) -> list[str]:
    return [line.strip().replace("\u00a0", " ") for line in as_lines(changes)]


@pytest.mark.campaign
def test_a_new_target_is_a_change(settings: Settings) -> None:
    without, first, _ = warehouse.versions(settings.processed_dir)
    changes = compare(settings.processed_dir, without, first, DAY)
    assert "2 objectifs du territoire modifiés" in summary(changes).replace("\u00a0", " ")
    assert any(
        line.startswith("ajouté : EAJE, depuis le 1er juin 2023, valeur : — → 40 places pour 100")
        for line in lines_of(changes)
    )


def test_a_target_revised_withdrawn_or_new_is_told_with_both_values(settings: Settings) -> None:
    changes = compare(settings.processed_dir, as_of=DAY)
    values = changes.targets[changes.targets["column"] == "amount"]
    found = {
        (kind, service): (old, new)
        for kind, service, old, new in values[["kind", "service", "old", "new"]]
        .astype(object)
        .where(values.notna(), None)
        .values.tolist()
    }
    assert found == {
        ("changed", "eaje"): ("40.0", "42.5"),
        ("removed", "laep"): ("20.0", None),
        ("added", "alsh"): (None, "12.0"),
    }
    assert len(as_records(changes)["targets"]) == len(changes.targets)
    (day,) = set(changes.targets["day_type"].dropna())
    assert day == "mercredi"


def test_a_version_from_before_the_targets_follows_none(settings: Settings) -> None:
    without, first, _ = warehouse.versions(settings.processed_dir)
    with duckdb.connect(str(settings.processed_dir / without)) as con:
        con.execute("ALTER TABLE voted_target RENAME TO aside")
    try:
        changes = compare(settings.processed_dir, without, first, DAY)
    finally:
        with duckdb.connect(str(settings.processed_dir / without)) as con:
            con.execute("ALTER TABLE aside RENAME TO voted_target")
    assert set(changes.targets["kind"]) == {"added"}


def test_versions_are_named_as_people_name_them(settings: Settings, tmp_path: Path) -> None:
    old, new = lines_of(compare(settings.processed_dir, as_of=DAY))[:2]
    said = r"la version du \d.* à \d\d h \d\d \(heure de Paris\) : .+, communes de \d{4}"
    assert re.match(f"De {said}", old)
    assert re.match(f"à {said}", new)
    assert "observatory-" not in old + new
    alone = warehouse.current(settings.processed_dir)
    (tmp_path / alone).write_bytes((settings.processed_dir / alone).read_bytes())
    (tmp_path / warehouse.CURRENT).write_text(alone)
    with pytest.raises(RequestError, match="rien à comparer") as refused:
        compare(tmp_path)
    assert "observatory-" not in str(refused.value)
    assert warehouse.spoken(alone) in str(refused.value)
    with pytest.raises(RequestError, match="pas publiée") as refused:
        compare(tmp_path, old="1999")
    assert ".duckdb" not in str(refused.value)
