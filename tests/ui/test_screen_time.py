"""Time on the map: what opened and closed along the line of dates, and the button that plays it."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest
from browser import choose, settled
from playwright.sync_api import Locator, Page, expect

from observatory.french.dates import long_date
from observatory.ui.map.beside import moves_told

WAIT = 40_000  # milliseconds
DAYS = [date(2022, 12, 31), date(2023, 3, 31), date(2023, 6, 30)]


def moved(*rows: tuple[str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["day", "id", "kind"])
    return table.assign(day=pd.to_datetime(table["day"]))


def test_a_movement_stands_at_the_first_stop_that_shows_it() -> None:
    told = moves_told(
        DAYS,
        moved(
            ("2022-12-31", "A", "opening"),  # shown by the first stop, as all that was before
            ("2023-03-31", "B", "opening"),
            ("2023-04-01", "C", "opening"),
            ("2023-04-01", "C", "opening"),  # on another type of day: the same establishment
            ("2023-06-30", "D", "closing"),
            ("2023-07-01", "E", "closing"),  # after the last stop
            ("2023-02-01", "F", "extension"),
        ),
    )
    assert told is not None
    assert told["at"] == [1, 2]
    assert (told["opened"], told["closed"]) == ([1, 1], [0, 1])
    assert told["words"] == ["1 ouverture", "1 ouverture et 1 fermeture"]
    assert moves_told(DAYS, moved(("2023-02-01", "F", "extension"))) is None


# --- in a browser


def played(page: Page, url: str, day: str = "2026-06-30") -> tuple[Locator, Locator]:
    """The map on a day, its button and its slider."""
    page.goto(f"{url}/?date={day}")
    button = page.locator(".timeline button")
    expect(button).to_be_visible(timeout=WAIT)
    settled(page)
    return button, page.get_by_role("slider", name="Avancer la date de l'offre", exact=True)


@pytest.mark.browser
def test_playing_asks_each_day_of_the_server_and_ends_by_itself(page: Page, arras_url: str) -> None:
    button, slider = played(page, arras_url)
    entries = page.evaluate("history.length")
    painted = int(page.locator(".observatory").get_attribute("data-painted") or 0)
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text("Pause")
    last = slider.get_attribute("max")
    expect(button).to_have_text("Lecture", timeout=WAIT)
    assert slider.input_value() == last
    # Each step was painted from an answer, and the address is that of the last day.
    steps = int(page.locator(".observatory").get_attribute("data-painted") or 0) - painted
    assert steps >= 2
    expect(page).to_have_url(re.compile(r"date=20\d\d-12-31"))
    expect(page.locator(".caption p")).to_contain_text("31 décembre")
    # All of it is one entry of the history.
    assert page.evaluate("history.length") == entries + 1
    page.go_back()
    expect(page).to_have_url(re.compile("date=2026-06-30"))
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^30 juin 2026"))


@pytest.mark.campaign
@pytest.mark.browser
def test_any_other_choice_ends_what_is_played(page: Page, arras_url: str) -> None:
    button, slider = played(page, arras_url, "2024-06-30")
    button.click()
    expect(button).to_have_text("Pause")
    choose(page, "Mesure", "Places pour 100 enfants")
    expect(button).to_have_text("Lecture")
    # The step that was asked first may still come, and comes no later than the choice.
    expect(page).to_have_url(re.compile("mesure=taux"))
    settled(page)
    address = page.url
    page.wait_for_timeout(3000)  # more than two steps
    assert page.url == address
    day = date.fromisoformat(address.split("date=")[1][:10])
    expect(slider).to_have_attribute("aria-valuetext", re.compile(f"^{long_date(day)}"))
    button.click()
    expect(button).to_have_text("Pause")
    button.click()
    expect(button).to_have_text("Lecture")


@pytest.mark.campaign
@pytest.mark.browser
def test_where_motion_is_unwelcome_one_press_is_one_step(page: Page, arras_url: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    button, slider = played(page, arras_url)
    expect(button).to_have_text("Date suivante")
    before = int(slider.input_value())
    button.click()
    expect(page).to_have_url(re.compile("date=2026-09-30"))
    settled(page)
    page.wait_for_timeout(2500)
    assert int(slider.input_value()) == before + 1
    expect(button).to_have_text("Date suivante")
