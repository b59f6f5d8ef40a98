"""Every column of the gap table says the same of what is unknown."""

from __future__ import annotations

from datetime import date

import pytest
import tiny
from fixtures.versions import Version
from generated import at_every_run

from observatory.answers.gaps import gaps
from observatory.answers.sums import add_up
from observatory.files.gap_table import gap_table
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question

DAY = date(2023, 12, 31)


@pytest.mark.campaign
@pytest.mark.parametrize("territory", at_every_run(1, [tiny.SIREN, tiny.ABC]))
def test_an_unknown_reference_has_no_year_and_is_told_whoever_it_is_for(
    tiny_version: Version, territory: str
) -> None:
    con = tiny_version({"caf/rates_2023.csv": without_departement()}, territory)
    every = gaps(con, Question(as_of=DAY))
    some = add_up(con, every, sorted(every["code"].dropna().unique())[:2])
    for table in (every, some):
        blank = table["target"].isna()
        assert table.loc[blank, "target_year"].isna().all()
        assert table.loc[blank, "reliability"].str.contains("référence inconnue").all()
    unknown = every[every["public"].isna()]
    if territory == tiny.SIREN:  # the ages of Dune are unknown, and so are those of the territory
        assert set(unknown["code"].isna()) == {True, False}
        assert set(unknown["target"].isna()) == {True, False}


def without_departement() -> str:
    """The published rates without those of the département."""
    return "".join(f"{line}\n" for line in tiny.RATES.splitlines() if ";dep;" not in line)


@pytest.mark.campaign
def test_a_gap_that_is_unknown_is_told_so_by_every_definition(tiny_version: Version) -> None:
    shared = {i for i, d in nomenclature().definitions.items() if d.shares_out}
    seen = set()
    slots = [
        (service, definition)
        for service in ("eaje", "laep")
        for definition in nomenclature().services[service].definitions
        if definition not in ("custom", "voted")
    ]
    for territory in (tiny.SIREN, tiny.ABC):
        con = tiny_version({}, territory)
        for service, definition in slots:
            table = gap_table(con, Question(service, as_of=DAY, definition=definition))
            unknown = table["gap"].isna()
            assert set(table.loc[unknown, "situation"]) <= {"inconnu"}
            assert "inconnu" not in set(table.loc[~unknown, "situation"])
            if definition in shared:
                seen |= set(table["situation"])
    assert seen == {"inconnu", "répartition"}
