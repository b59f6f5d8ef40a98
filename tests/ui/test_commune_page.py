"""The commune's page without a browser: what it says, and what its pictures are made of."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
import tiny
from fixtures.versions import make_settings, publish_first
from rail import as_told
from streamlit.testing.v1 import AppTest
from told import as_typed

from observatory.settings import ROOT, Settings
from observatory.ui.charts import trend
from observatory.ui.charts.need_range import Mark, picture

PAGE = "observatory/ui/pages/commune.py"
SERIES = "GEO;GEO_OBJECT;EC_MEASURE;OBS_VALUE;TIME_PERIOD\n" + "".join(
    f"62001;COM;LVB;{births};{year}\n" for births, year in ((110, 2020), (120, 2021), (90, 2022))
)


@pytest.fixture
def app(embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


@pytest.fixture
def tiny_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page of a territory with several years of births and a hostile name."""
    offer = tiny.OFFER.replace("Les Tilleuls", "<img src=x onerror=alert(1)>")
    raw_dir = tiny.write_raw(
        tmp_path / "raw", {"naissances/serie.csv": SERIES, "census/offre.csv": offer}
    )
    settings = make_settings(tmp_path, raw_dir=raw_dir)
    publish_first(settings, tiny.SIREN)
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(settings.processed_dir))
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


def opened(app: AppTest, commune: str | None = None) -> AppTest:
    """The page, with this in its address."""
    app.switch_page(PAGE)
    if commune is not None:
        app.query_params["commune"] = commune
    app.run()
    assert not app.exception, app.exception
    assert not app.error
    return app


def html(app: AppTest) -> str:
    return "\n".join(str(block.proto.body) for block in app.get("html"))


def said(app: AppTest) -> str:
    """The text of the page, tags left out, its spaces plain."""
    return as_typed(unescape(re.sub(r"<[^>]+>", " ", html(app))))


def test_without_a_commune_the_page_offers_them_all(app: AppTest) -> None:
    opened(app)
    assert [t.value for t in app.title] == ["Choisir une commune"]
    buttons = {b.label for b in app.button}
    assert {"Arras (62041)", "Étrun (62320)"} <= buttons
    assert len(buttons) == 46


@pytest.mark.campaign
def test_a_button_of_the_list_opens_the_sheet(app: AppTest) -> None:
    opened(app)
    as_told(app)
    next(b for b in app.button if b.label == "Étrun (62320)").click()
    app.run()
    assert [t.value for t in app.title] == ["Étrun"]


@pytest.mark.parametrize("address", ["Arras (62041)", "62041"])
def test_a_link_opens_the_sheet_of_its_commune(app: AppTest, address: str) -> None:
    opened(app, address)
    assert [t.value for t in app.title] == ["Arras"]
    text = said(app)
    for heading in (
        "Chiffres clés",
        "Besoin selon ses définitions",
        "Tous les services au",
        "par service et statut",
        "Établissements de la commune au",
        "Offre accessible",
        "Naissances domiciliées dans la commune",
        "autorité organisatrice",
    ):
        assert heading in text
    assert "Tous modes d'accueil : âges estimés, offre de démonstration." in text


def test_a_commune_of_elsewhere_in_the_address_is_said_and_another_is_offered(
    app: AppTest,
) -> None:
    opened(app, "Paris (75056)")
    assert [t.value for t in app.title] == ["Choisir une commune"]
    said = app.warning[0].value.replace("\\", "")  # what could be Markdown is escaped
    assert "« Paris (75056) » n'est pas une commune du territoire" in said
    assert len(app.button) == 46


def test_the_levels_stand_side_by_side_and_what_is_unknown_is_said(app: AppTest) -> None:
    opened(app, "Arras (62041)")
    own, told = (_table(app, name) for name in ("Chiffres clés", "Ce que publient l&#x27;Insee"))
    assert own.pop("Chiffre") == ["Arras", "Communauté urbaine d'Arras"]
    assert own["Population, en habitants"] == ["42\u202f875 (2023)", "109\u202f884 (2023)"]
    assert told.pop("Chiffre") == [
        "Arras", "Communauté urbaine d'Arras", "Pas-de-Calais (62)", "France",
    ]  # fmt: skip
    assert [name.split(",")[0] for name in told] == ["Taux publié par la Caf"]
    (published,) = told.values()
    assert [cell.split(" ")[0] for cell in published] == ["57,7", "65,9", "57,7", "60,9"]
    assert all("2023, publication 2023" in cell for cell in published)
    # What nobody publishes here is said once, and stands in no line.
    assert said(app).count("Rien n'est connu ici de : revenu médian, en euros par an.") == 1
    assert all(cell not in ("", "inconnu") for cells in own.values() for cell in cells)


def _table(app: AppTest, caption: str) -> dict[str, list[str]]:
    """The lines of a table by their name, its headings among them."""
    body = html(app).split(f"<caption>{caption}")[1].split("</table>")[0]
    heads = [unescape(h) for h in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', body)]
    lines = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', body)
    cells = {unescape(n): re.findall(r"<span>(.*?)</span>", line) for n, line in lines}
    return {heads[0]: heads[1:], **{n: [unescape(c) for c in row] for n, row in cells.items()}}


def test_no_assistant_maternel_is_in_the_list_of_establishments(app: AppTest) -> None:
    opened(app, "Arras (62041)")
    table = html(app).split("Établissements de la commune au")[1].split("</table>")[0]
    assert "Multi-accueil" in table
    assert "ssistants maternels" not in table


def test_one_year_of_births_is_not_called_a_trend(app: AppTest) -> None:
    opened(app, "Arras (62041)")
    assert said(app).count("Une seule année disponible : pas de tendance.") == 2
    assert 'class="obs-years"' not in html(app)


@pytest.mark.campaign
def test_several_years_of_births_are_drawn_and_foretell_the_children(tiny_app: AppTest) -> None:
    opened(tiny_app, "62001")
    assert 'class="obs-years" role="img"' in html(tiny_app)
    text = said(tiny_app)
    # 110 + 120 + 90 births before 2023; the census, from bands of five years, counts 300.
    assert "En 2023, elle donne 320 enfants et le recensement 300 (+20)." in text
    assert "110 en 2020, 90 en 2022 : −20, soit −18,2\u202f%." in text


@pytest.mark.campaign
def test_a_hostile_name_is_shown_as_text(tiny_app: AppTest) -> None:
    opened(tiny_app, "62001")
    assert "<img" not in html(tiny_app)
    assert "&lt;img src=x onerror=alert(1)&gt;" in html(tiny_app)


# --- the pictures


def test_the_need_picture_marks_the_short_side_and_says_it_in_words() -> None:
    marks = [
        Mark("A & B", 200.0, -100.0),
        Mark("Couvert", 50.0, 50.0),
        Mark("Sans source", None, None),
    ]
    drawn = picture(marks, 100.0, "places", 0, "En déficit selon 1 définition sur 2.")
    assert "A &amp; B" in drawn
    # The axis ends at 200: the supply is at its middle, the covered need at its quarter.
    assert '<i class="dot lack" style="left:100.0%">' in drawn
    assert '<i class="dot" style="left:25.0%">' in drawn
    assert '<i class="span lack" style="left:50.0%;width:50.00%">' in drawn
    assert '<i class="span more" style="left:25.0%;width:25.00%">' in drawn
    assert "inconnu" in drawn
    alt = re.search(r'aria-label="([^"]*)"', drawn)
    assert alt is not None
    assert "de 50 à 200 places" in alt[1]
    assert "offre : 100" in alt[1]


def test_what_does_not_count_is_marked_and_calls_nothing_short() -> None:
    marks = [Mark("Norme", 80.0, 20.0), Mark("Moyenne, non comptée", 200.0, -100.0, counted=False)]
    drawn = picture(marks, 100.0, "places", 0, "")
    assert 'class="dot lack" style' not in drawn
    assert 'class="span lack"' not in drawn
    assert drawn.count('class="dot alone" style="left:100.0%"') == 1
    assert '<span><i class="dot alone"></i>non comptée</span>' in drawn
    alt = re.search(r'aria-label="([^"]*)"', drawn)
    assert alt is not None
    assert "selon 1 définition, de 80 à 80 places" in alt[1].replace("\u00a0", " ")


def test_the_mean_of_the_territory_says_that_it_does_not_count(tiny_app: AppTest) -> None:
    opened(tiny_app, "62001")
    text = as_typed(html(tiny_app))
    assert "Moyenne du territoire, non comptée" in text
    assert "Tous les enfants, non comptée" not in text
    assert "« Non comptée » : la moyenne du territoire répartit" in text


def test_without_a_known_supply_nothing_is_called_short() -> None:
    drawn = picture([Mark("Tous", 200.0, None)], None, "places", 0, "")
    assert "Offre inconnue" in drawn
    assert 'class="dot lack" style' not in drawn
    assert 'class="supply"' not in drawn
    assert "besoin couvert" not in drawn


def test_a_missing_year_keeps_its_empty_place() -> None:
    drawn = trend.years("Naissances", [(2020, 50.0), (2022, 100.0)], "alt")
    assert re.findall(r"height:([\d.]+)%", drawn) == ["50.00", "0.00", "100.00"]
    assert 'title="2021 : inconnu"' in drawn
    assert re.findall(r"<b>(.*?)</b>", drawn) == ["50", "100"]


def test_the_last_of_many_years_bears_its_figure() -> None:
    drawn = trend.years("Naissances", [(y, float(y)) for y in range(2000, 2025)], "alt")
    written = re.findall(r"<span>(\d+)</span>", drawn)
    assert written[-1] == "2024"
    assert len(written) <= trend.NAMED


def test_the_steps_of_a_weight_are_as_wide_as_their_minutes() -> None:
    drawn = trend.steps([5, 10, 20], [1, 0.3, 0.1], "alt")
    assert re.findall(r'<div style="width:([\d.]+)%">', drawn) == ["25.00", "25.00", "50.00"]
    assert re.findall(r'<i style="height:([\d.]+)%">', drawn) == ["100.00", "30.00", "10.00"]


def test_a_commune_of_few_children_is_given_no_part_of_a_rate(app: AppTest) -> None:
    """What each establishment brings for 100 children adds up to the rate that is withheld."""
    opened(app, "Basseux (62085)")
    table = (
        html(app).split("Établissements à portée des familles</caption>")[1].split("</table>")[0]
    )
    assert "Micro-crèche" in table
    assert table.count("effectif trop faible") == table.count("<tr>") - 1


def test_the_demonstration_is_said_of_the_territory_too(app: AppTest) -> None:
    opened(app, "Arras (62041)")
    assert "recensement de démonstration, somme des communes" in said(app)
