"""Need × supply: nine classes, counted by hand; size never decides."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from observatory.knowledge.nomenclature import nomenclature
from observatory.maps.bivariate import STEVENS, cross
from observatory.maps.classes import MASKED_INDEX, SMALL_INDEX, UNKNOWN_INDEX
from observatory.maps.measures import can_be_crossed, cross_need_and_supply

# Around a mean of 20: below 17, 17 to 23, 23 and more; below half the need, up to it, all of it.
NEED = [10.0, 10.0, 10.0, 20.0, 20.0, 20.0, 30.0, 30.0, 30.0]
COVERED = [0.0, 50.0, 100.0, 49.9, 99.9, 150.0, 10.0, 75.0, 300.0]


def test_each_pair_of_classes_is_one_of_nine() -> None:
    classes, (need, supply) = cross(NEED, COVERED, mean=20.0)
    assert classes.index == (0, 1, 2, 3, 4, 5, 6, 7, 8)
    assert classes.counts == (1,) * 9
    assert need.breaks == (17.0, 23.0)
    assert supply.breaks == (50.0, 100.0)
    assert need.bounds == ("moins de 17", "17 à 23", "23 et plus")
    assert classes.labels[6] == "besoin fort, offre faible"
    assert classes.labels[2] == "besoin faible, offre forte"


def test_the_nine_colours_differ_and_a_strong_need_without_supply_is_pink() -> None:
    classes, _ = cross(NEED, COVERED, mean=20.0)
    assert classes.colours == STEVENS
    assert len(set(STEVENS)) == 9
    assert STEVENS[6] == "#be64ac"


def test_either_figure_unknown_makes_the_commune_unknown_and_few_children_none() -> None:
    classes, _ = cross(
        [None, 20.0, math.nan, 20.0], [80.0, None, 80.0, 80.0], mean=20.0,
        small=[False, False, False, True],
    )  # fmt: skip
    assert classes.index == (UNKNOWN_INDEX, UNKNOWN_INDEX, UNKNOWN_INDEX, SMALL_INDEX)
    assert (classes.unknown, classes.small, sum(classes.counts)) == (3, 1, 0)


def test_quantiles_share_the_communes_out_on_each_axis() -> None:
    values = [float(v) for v in range(1, 10)]
    classes, (need, supply) = cross(values, values[::-1], mean=5.0, method="quantiles")
    assert need.breaks == supply.breaks == (4.0, 7.0)
    assert classes.index == (2, 2, 2, 4, 4, 4, 6, 6, 6)


def test_too_few_values_for_three_classes_keep_the_fixed_bounds() -> None:
    _, (need, supply) = cross([20.0, 20.0], [80.0, 90.0], mean=20.0, method="natural")
    assert (need.breaks, supply.breaks) == ((17.0, 23.0), (50.0, 100.0))


def test_a_territory_without_any_figure_still_has_its_square() -> None:
    classes, axes = cross([None, None], [None, None], mean=None)
    assert classes.index == (UNKNOWN_INDEX, UNKNOWN_INDEX)
    assert all(len(axis.bounds) == 3 for axis in axes)


def test_a_village_and_a_town_with_the_same_rates_are_in_the_same_class() -> None:
    service = nomenclature().service("eaje")
    rows = pd.DataFrame(
        {
            "code": ["V", "T", "O"],
            "need": [10.0, 1000.0, 5.0],
            "supply": [4.0, 400.0, 5.0],
            "suppressed": [False, False, False],
            "gap": [-6.0, -600.0, 0.0],
            "masked": [False, False, False],
        }
    )
    classes, axes = cross_need_and_supply(service, rows, {"V": 500, "T": 50_000, "O": 1_000})
    assert classes.index[0] == classes.index[1]
    # 1015 places needed for 51 500 inhabitants: 19,7 for 1 000; 17 and 23 around it.
    assert axes[0].breaks == (17.0, 23.0)
    # 20 for 1 000, 40 % covered; 5 for 1 000, all covered.
    assert [classes.labels[i] for i in classes.index] == [
        "besoin moyen, offre faible",
        "besoin moyen, offre faible",
        "besoin faible, offre forte",
    ]


def test_a_commune_without_inhabitants_or_need_is_unknown_not_divided_by_zero() -> None:
    rows = pd.DataFrame(
        {
            "code": ["A", "B"],
            "need": [10.0, 0.0],
            "supply": [4.0, 0.0],
            "suppressed": [False, False],
            "gap": [-6.0, 0.0],
            "masked": [False, False],
        }
    )
    service = nomenclature().service("eaje")
    classes, _ = cross_need_and_supply(service, rows, {"A": 0, "B": 900})
    assert classes.index == (UNKNOWN_INDEX, UNKNOWN_INDEX)


def test_a_masked_commune_is_masked_not_unknown() -> None:
    rows = pd.DataFrame(
        {
            "code": ["A", "B"],
            "need": [10.0, None],
            "supply": [None, None],
            "suppressed": [False, False],
            "gap": [None, None],
            "masked": [True, False],
        }
    )
    service = nomenclature().service("assistants_maternels")
    classes, _ = cross_need_and_supply(service, rows, {"A": 900, "B": 900})
    assert classes.index == (MASKED_INDEX, UNKNOWN_INDEX)
    assert (classes.masked, classes.unknown) == (1, 1)


@pytest.mark.parametrize(("service_id", "crossed"), [("eaje", True), ("ludotheque", False)])
def test_a_need_that_counts_every_inhabitant_is_not_crossed(service_id: str, crossed: bool) -> None:
    assert can_be_crossed(nomenclature().service(service_id)) is crossed
