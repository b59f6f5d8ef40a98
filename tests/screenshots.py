"""Take the pictures of the README and the guides (``make images``), or of every page.

``python -m tests.screenshots every`` takes each page at 390 and 1440 pixels, light and dark, into
``tests/output``, to be looked at.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from observatory.settings import ROOT, Settings
from observatory.survey import survey_store
from observatory.survey.marked_answers import marked_answers
from observatory.survey.survey_export import read_export
from observatory.survey.survey_marks import marks_contract
from observatory.workbook.checking import check_workbook
from tests.browser import embedded_default, launched, settled
from tests.survey import made_survey, marked
from tests.what_if_links import CRECHE_LINK

OUT = ROOT / "docs" / "images"
LOOKED_AT = ROOT / "tests" / "output"
SIZES = {1440: 900, 390: 844}
ARRAS = "commune=62041"
SELECTION = "groupe=choisies&communes=62041,62004,62099"
PAGES = {
    "carte": "/",
    "fiche": f"/?{ARRAS}",
    "cercles": "/?mesure=offre",
    "croisement": "/?presentation=croises",
    "deux-cartes": "/?presentation=deux",
    "theme": "/?service=pmi",
    "commune": f"/commune?{ARRAS}",
    "tableau": "/tableau",
    "comparer": f"/comparer?{SELECTION}",
    "deploiement": "/deploiement",
    "fichiers": "/fichiers",
    "rapprochement": "/rapprochement",
    "changements": "/changements",
    "demain": "/demain",
    "priorites": "/priorites",
    "comparables": "/comparables",
    "et-si": f"/et_si?scenario={CRECHE_LINK}",
    "et-si-vide": f"/et_si?{ARRAS}",
    "ou-ouvrir": "/et_si?service=eaje&ou=places:60,sites:4",
    "plan": "/plan",
    "habitants": "/habitants",
    "plan-modifier": "/plan?modifier=1",
    "recensement": "/recensement",
    "modifier": "/modifier",
    "journal": "/journal",
    "sources": "/sources_et_methode",
    "accessibilite": "/accessibilite",
}
# Picture of the documents → page, width, colour scheme.
PICTURES = {
    "carte-1440": ("carte", 1440, "light"),
    "carte-390": ("carte", 390, "light"),
    "carte-sombre-1440": ("carte", 1440, "dark"),
    "fiche-1440": ("fiche", 1440, "light"),
    "croisement-1440": ("croisement", 1440, "light"),
    "deux-cartes-1440": ("deux-cartes", 1440, "light"),
    "theme-1440": ("theme", 1440, "light"),
    "commune-1440": ("commune", 1440, "light"),
    "tableau-1440": ("tableau", 1440, "light"),
    "comparer-1440": ("comparer", 1440, "light"),
    "deploiement-1440": ("deploiement", 1440, "light"),
    "fichiers-1440": ("fichiers", 1440, "light"),
    "demain-1440": ("demain", 1440, "light"),
    "et-si-1440": ("et-si", 1440, "light"),
    "habitants-1440": ("habitants", 1440, "light"),
}
# Those of a territory that has loaded its own census.
PLANNERS_PICTURES = {
    "recensement-1440": ("recensement", 1440, "light"),
    "modifier-1440": ("modifier", 1440, "light"),
    "modifier-390": ("modifier", 390, "light"),
    "journal-1440": ("journal", 1440, "light"),
}


def answered(settings: Settings) -> None:
    """Load a questionnaire of made-up answers, whose title says so."""
    folder = settings.census_dir.parent
    export = made_survey.limesurvey(folder / "export.csv", made_survey.made(400))
    facts = [["Questionnaire de démonstration, réponses inventées", "Démonstration", "2026-03-01",
              "2026-05-31", "volontaires", "oui"]]  # fmt: skip
    asked = {
        "Dans quelle commune": {"role": "commune"},
        "Êtes-vous": {"intitule": "Satisfaction", "theme": "Petite enfance"},
        "Que manque": {"intitule": "Services qui manquent", "theme": "Petite enfance"},
    }
    marks = marked.marked(export, folder / "marques.xlsx", asked, facts=facts)
    checked = check_workbook(marks_contract(), [marks], complete=False)
    survey_store.load(settings.census_dir, marked_answers(read_export(export), checked, {}))


def take(
    browser: Browser, url: str, path: Path, width: int, scheme: Any, *, whole: bool = False
) -> None:
    """Open an address in a fresh browser and write its picture."""
    context = browser.new_context(
        viewport={"width": width, "height": SIZES[width]}, color_scheme=scheme, locale="fr-FR"
    )
    page = context.new_page()
    page.goto(url)
    settled(page)
    if "/modifier" in url:  # one establishment is opened
        page.get_by_role("combobox", name="Établissement").click()
        page.keyboard.type("Arras 1")
        page.keyboard.press("Enter")
        settled(page)
    page.wait_for_timeout(2500)  # the map paints, the tables draw themselves
    if whole:  # the page scrolls inside its own frame: a window as high as the page shows it all
        height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": width, "height": min(int(height), 6000)})
        page.wait_for_timeout(800)
    page.screenshot(path=path)
    context.close()
    print(path)


def main() -> None:
    """Take the pictures of the documents, or each page in every size and theme."""
    every = sys.argv[1:2] == ["every"]
    folder = LOOKED_AT if every else OUT
    folder.mkdir(parents=True, exist_ok=True)
    executable = shutil.which("chromium") or shutil.which("chromium-headless-shell") or "chromium"
    wanted = (
        {
            f"{name}-{width}-{scheme}": (name, width, scheme)
            for name in (sys.argv[2:] or PAGES)
            for width in SIZES
            for scheme in ("light", "dark")
        }
        if every
        else PICTURES
    )
    with launched(executable) as browser:
        for census, pictures in ((False, wanted), (True, {} if every else PLANNERS_PICTURES)):
            if not pictures:
                continue
            with embedded_default(census=census, prepared=answered) as url:
                for name, (page, width, scheme) in pictures.items():
                    path = folder / f"{name}.png"
                    take(browser, url + PAGES[page], path, width, scheme, whole=every)


if __name__ == "__main__":
    main()
