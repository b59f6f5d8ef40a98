"""A first census of two lines, one of them wrong, and what a version answers once it is loaded."""

from __future__ import annotations

from datetime import date

from observatory.answers import gaps
from observatory.census import census_store
from observatory.knowledge.question import Question
from observatory.settings import Settings
from observatory.versions import warehouse

HEAD = "identifiant;nom;service;statut;code_insee;capacite;ouverture;source;date_source"
CENSUS = f"""{HEAD}
A1;Les Petits Pas <b>gras</b>;eaje_psu;public;62041;40;2019-09-01;Enquête;2026-06-30
A2;La Farandole;eaje_psu;public;62041;vingt;2019-09-01;Enquête;2026-06-30
"""


def assert_loaded(settings: Settings, why: str) -> None:
    """The right line is in the store, for that reason, and the version in service answers of it."""
    (loaded,) = census_store.census_store(settings.census_dir).history()
    assert loaded.why == why
    with warehouse.open_current(settings.processed_dir) as con:
        rows = gaps.gaps(
            con, Question("eaje_psu", as_of=date(2026, 7, 1), definition="territory")
        ).set_index("code")
        assert rows.loc["62041", "supply"] == 40
        # The census vouches for its whole territory: elsewhere there is none, not "unknown".
        assert rows.loc["62004", "supply"] == 0
        assert not rows["demonstration"].any()
