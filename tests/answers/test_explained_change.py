"""What moved in a figure since the version before: told, but for what one of them masks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import tiny
from fixtures.versions import make_settings, publish_first, quiet

from observatory.answers.explained.explained_change import (
    SinceFormer,
    since_former,
    since_sentences,
)
from observatory.answers.explained.explained_figure import explain_figure
from observatory.knowledge.question import Question
from observatory.knowledge.territory import parse
from observatory.settings import Settings
from observatory.versions import warehouse
from pipelines.refresh import refresh

DAY = date(2024, 7, 1)


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Two versions: ten places more in Bourg, and the assistants maternels of Clos are two now."""
    folder: Path = tmp_path_factory.mktemp("twice")
    settings = make_settings(folder, raw_dir=tiny.write_raw(folder / "raw"))
    publish_first(settings, tiny.SIREN)
    offer = tiny.OFFER.replace("62002;;2.80;50.30;;10;;2022", "62002;;2.80;50.30;;20;;2022")
    totals = tiny.TOTALS.replace("62003;assistants_maternels;3;9", "62003;assistants_maternels;2;7")
    assert (offer, totals) != (tiny.OFFER, tiny.TOTALS)
    for name, text in (("offre.csv", offer), ("totaux_communaux.csv", totals)):
        (settings.raw_dir / "census" / "embedded" / name).write_text(text, encoding="utf-8")
    refresh(settings, parse(tiny.SIREN), quiet)
    return settings


def since(settings: Settings, service: str, code: str | None) -> SinceFormer:
    question = Question(service, definition="reference_nat", as_of=DAY)
    with warehouse.in_service(settings) as con:
        explained = explain_figure(con, question, code)
    return since_former(
        settings.processed_dir, warehouse.current(settings.processed_dir), explained
    )


def test_a_figure_that_moved_is_told_before_and_now(twice: Settings) -> None:
    moved = {m.figure: (m.before, m.now) for m in since(twice, "eaje", "62002").moved}
    # 10 + 12 places, then 20 + 12, of 150 children who would need 30.
    assert moved["supply"] == (22, 32)
    assert moved["gap"] == pytest.approx((-8, 2))
    assert "need" not in moved
    assert "public" not in moved


def test_of_a_figure_that_one_version_masks_nothing_is_told(twice: Settings) -> None:
    for service in ("assistants_maternels", "accueil_0_2"):
        for code in ("62001", "62003"):
            told = since(twice, service, code)
            known = {m.figure for m in told.moved if m.before is not None and m.now is not None}
            assert known == set(), (service, code, told)


def test_without_a_version_before_it_is_said(tiny_settings: Settings) -> None:
    publish_first(tiny_settings, tiny.SIREN)
    told = since(tiny_settings, "eaje", "62001")
    assert since_sentences(told) == ["Aucune version plus ancienne n'est gardée."]
