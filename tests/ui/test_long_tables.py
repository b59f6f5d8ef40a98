"""Tables longer than a page of lines: what is shown, where a choice leads, what sorting does."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import DESK, served
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, expect

from observatory.ui.tables.paging import PageOfLines


@given(count=st.integers(0, 40_000), size=st.integers(1, 2_000))
def test_every_line_stands_in_one_page(count: int, size: int) -> None:
    lines = list(range(count))
    whole = PageOfLines(0, count, size)
    pages = [lines[PageOfLines(n, count, size).lines] for n in range(whole.last + 1)]
    assert [line for page in pages for line in page] == lines
    assert all(pages) or not count


def test_the_words_count_lines_as_people_do() -> None:
    assert PageOfLines(0, 2_500).words == "Lignes 1 à 1\u202f000 sur 2\u202f500"
    assert PageOfLines(2, 2_500).words == "Lignes 2\u202f001 à 2\u202f500 sur 2\u202f500"


@pytest.mark.campaign
@pytest.mark.browser
def test_a_long_table_is_turned_sorted_and_follows_the_choice(
    browser: Browser, tmp_path: Path
) -> None:
    script = Path(__file__).parent / "long_table_page.py"
    with served(script, tmp_path, {}) as url:
        page = browser.new_context(**DESK).new_page()
        page.goto(url)
        rows = page.locator("tbody tr")
        expect(rows).to_have_count(1_000)
        before = page.get_by_role("button", name="Lignes précédentes")
        after = page.get_by_role("button", name="Lignes suivantes")
        expect(before).to_be_disabled()
        after.click()
        after.click()
        expect(page.get_by_text("Lignes 2\u202f001 à 2\u202f500 sur 2\u202f500")).to_be_visible()
        expect(rows).to_have_count(500)
        expect(after).to_be_disabled()

        page.get_by_role("button", name="Commune", exact=False).first.click()  # sorted: first page
        expect(rows.first).to_contain_text("Commune 02499")
        rows.first.get_by_role("button").click()
        expect(page.get_by_text("Choisie : 02499")).to_be_visible()
        expect(page.get_by_text("Lignes 1 à 1\u202f000")).to_be_visible()

        page.get_by_role("button", name="Commune", exact=False).first.click()
        expect(rows.first).to_contain_text("Commune 00000")
        page.get_by_role("button", name="Choisir l'avant-dernière").click()
        expect(page.locator("tr[aria-current]")).to_contain_text("Commune 02498")
        page.context.close()
