"""The pages' logic, without a browser: every service, every measure, every error in French."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_pages import unfolded
from generated import OF_EACH_KIND, at_every_run
from rail import choose, options, value
from streamlit.testing.v1 import AppTest

from observatory.knowledge.nomenclature import nomenclature
from observatory.settings import ROOT, Settings

SERVICES = sorted(nomenclature().services.items(), key=lambda s: s[0] not in OF_EACH_KIND)


@pytest.fixture
def app(embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception
    return app


def chosen(app: AppTest, **choices: str) -> None:
    """The same page, these choices made."""
    choose(app, **choices)
    assert not app.exception, app.exception


def html(app: AppTest) -> str:
    return "\n".join(str(block.proto.body) for block in app.get("html"))


def test_the_first_question_is_the_gap_of_every_mode_of_care(app: AppTest) -> None:
    run(app)
    assert value(app, "theme") == "Petite enfance"
    assert value(app, "service") == "accueil_0_2"
    assert value(app, "mesure") == "ecart"
    assert "Communauté urbaine d&#x27;Arras" in html(app)
    assert "3\u202f418" in html(app)


@pytest.mark.parametrize(
    ("service_id", "service"),
    at_every_run(3, SERVICES),
    ids=[i for i, _ in SERVICES],
)
def test_every_service_has_a_page(app: AppTest, service_id: str, service: object) -> None:
    run(app)
    chosen(app, theme=service.theme)  # type: ignore[attr-defined]
    chosen(app, service=service_id)
    assert value(app, "service") == service_id
    assert not app.error


@pytest.mark.parametrize(
    "measure",
    at_every_run(
        2, ["ecart", "acces", "enfants", "taux_publie", "taux", "ecart_acces", "offre", "besoin"]
    ),
)
def test_every_measure_can_be_shown(app: AppTest, measure: str) -> None:
    run(app)
    chosen(app, mesure=measure)
    assert not app.error


def test_a_target_typed_in_becomes_the_need(app: AppTest) -> None:
    run(app)
    chosen(app, besoin="custom")
    chosen(app, objectif="100")
    # A target of 100 places for 100 children is every child: 3,418.
    assert html(app).count("3\u202f418") >= 2


def test_the_supply_follows_the_date(app: AppTest) -> None:
    run(app)
    chosen(app, date="2015-01-01")
    before = html(app)
    chosen(app, date="2026-11-22")
    assert before != html(app)


def test_a_commune_opens_its_sheet(app: AppTest) -> None:
    run(app)
    chosen(app, commune="62041")
    assert next(s.value for s in app.subheader) == "Arras"
    assert "En déficit selon" in html(app)


@pytest.mark.campaign
def test_two_maps_of_two_days_open_both_their_tables_with_a_commune_chosen(
    app: AppTest,
) -> None:
    with unfolded():
        run(app)
        chosen(app, presentation="deux")
        chosen(app, date2=options(app, "date2").popitem()[0], commune="62041")
    assert not app.error
    assert sum("En tableau" in heading.value for heading in app.subheader) == 2


def test_the_other_page_reads_the_record(app: AppTest) -> None:
    run(app)
    app.switch_page("observatory/ui/pages/sources_et_methode.py")
    run(app)
    assert [t.value for t in app.title] == ["Sources et méthode"]
    assert any("démonstration" in w.value for w in app.warning)


def test_without_a_version_the_page_says_what_to_do(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(tmp_path))
    run(app)
    assert "pas encore de données" in app.error[0].value
    assert str(tmp_path) not in app.error[0].value  # a visitor learns nothing of the server
