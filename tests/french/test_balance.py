"""What a gap says in words: never a sign, never a zero for what is unknown."""

from __future__ import annotations

import pytest

from observatory.french.balance import balance, cell, figure, moved
from observatory.french.numbers import NARROW_SPACE


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "said"),
    [
        (-79.4, "places", 0, "il manque 79 places"),
        (-1.2, "places", 0, "il manque 1 place"),
        (12.0, "places", 0, "12 places de plus que le besoin"),
        (-0.4, "places", 0, "équilibre"),
        (-0.5, "places", 0, "il manque 1 place"),
        (0.44, "ETP", 1, "0,4 ETP de plus que le besoin"),
        (-1.0, "heures par an", 0, "il manque 1 heure par an"),
        (-1250.0, "heures par an", 0, f"il manque 1{NARROW_SPACE}250 heures par an"),
        (None, "places", 0, "inconnu"),
        (float("nan"), "places", 0, "inconnu"),
    ],
)
def test_a_gap_is_said_in_words_and_the_unknown_is_not_a_balance(
    value: float | None, unit: str, decimals: int, said: str
) -> None:
    assert balance(value, unit, decimals).replace("\u00a0", " ") == said


def test_a_cell_leaves_the_unit_to_its_heading() -> None:
    said = [cell(v).replace("\u00a0", " ") for v in (-13.0, 12.0, 0.2, None)]
    assert said == ["il manque 13", "12 de plus", "équilibre", "inconnu"]


def test_a_key_figure_says_which_way_in_its_label() -> None:
    assert figure(-79.0, "places") == ("Il manque", "79", "places")
    assert figure(1.0, "places") == ("De plus que le besoin", "1", "place")
    assert figure(0.3, "places") == ("Manque", "équilibre", "")
    assert figure(None, "places") == ("Manque", "inconnu", "")


def test_a_move_says_whether_it_is_for_the_better() -> None:
    assert [moved(v) for v in (3.0, -3.0, 0.1, None)] == [
        "gain de 3", "perte de 3", "inchangé", "inconnu",
    ]  # fmt: skip
