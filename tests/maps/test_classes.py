"""Classes of the map: fixed meaning, zero in the middle, unknown never zero."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from observatory.french import balance
from observatory.maps.classes import (
    BALANCE,
    MASKED_INDEX,
    SMALL_INDEX,
    UNKNOWN_INDEX,
    Kind,
    Method,
    classify,
    fixed_breaks,
)

GAPS = [-75.0, -60.0, -12.0, -10.0, -0.4, 0.0, 0.9, 1.0, 10.0, 60.0, None, math.nan]
KINDS: tuple[Kind, ...] = ("gap", "rate", "count")
METHODS: tuple[Method, ...] = ("fixed", "quantiles", "natural")
FLOATS = st.floats(min_value=-5000, max_value=5000)


def test_the_classes_of_a_gap_are_the_same_on_both_sides_of_balance() -> None:
    result = classify(GAPS, kind="gap")
    assert result.breaks == (-60, -30, -10, -1, 1, 10, 30, 60)
    # 0.9 place reads « 1 de plus »: it stands with what reads so.
    assert result.index == (0, 0, 2, 2, 4, 4, 5, 5, 6, 8, -1, -1)
    assert result.colours[4] == BALANCE
    assert result.labels[0] == "il manque au moins 60"
    assert result.labels[2] == "il manque 10 à 30"
    assert result.labels[4] == "équilibre (moins de 1)"
    assert result.labels[8] == "au moins 60 de plus"
    assert result.unknown == 2


@given(value=st.floats(min_value=-100, max_value=100))
def test_a_gap_stands_in_the_class_where_its_words_are(value: float) -> None:
    read = balance.cell(value).replace("\u00a0", " ")
    (index,) = classify([value], kind="gap").index
    assert (index == 4) == (read == balance.BALANCED)
    for edge, (below, above) in {10: (2, 6), 30: (1, 7), 60: (0, 8)}.items():
        assert (index <= below) == (read in {f"il manque {n}" for n in range(edge, 101)})
        assert (index >= above) == (read in {f"{n} de plus" for n in range(edge, 101)})


def test_red_is_short_and_blue_is_more_than_needed() -> None:
    colours = classify([-75.0, 75.0], kind="gap").colours
    assert (colours[0], colours[-1]) == ("#b2182b", "#2166ac")


def test_a_zero_rate_has_a_class_of_its_own() -> None:
    result = classify([0.0, 0.1, 20.0, 99.9, 100.0, 160.5], kind="rate")
    assert result.index == (0, 1, 2, 5, 6, 6)
    assert result.labels == (
        "0",
        "moins de 20",
        "20 à 40",
        "40 à 60",
        "60 à 80",
        "80 à 100",
        "100 et plus",
    )


def test_steps_of_a_rate_follow_its_usual_value() -> None:
    assert fixed_breaks("rate", reference=60.9) == (20, 40, 60, 80, 100)
    assert fixed_breaks("rate", reference=23.5) == (10, 20, 30, 40, 50)
    assert fixed_breaks("rate", reference=3.3) == (1, 2, 3, 4, 5)


def test_places_are_counted_by_tens_in_villages_and_by_hundreds_in_districts() -> None:
    assert fixed_breaks("gap", typical=60) == (1, 10, 30, 60)
    assert fixed_breaks("gap", typical=900) == (10, 100, 300, 600)


def test_fewer_than_thirty_children_give_no_class() -> None:
    result = classify([50.0, 50.0, None, 50.0], kind="rate", children=[29, 30, 12, None])
    assert result.index == (SMALL_INDEX, 3, UNKNOWN_INDEX, 3)
    assert (result.small, result.unknown) == (1, 1)


def test_a_masked_value_is_not_an_unknown_one() -> None:
    result = classify([None, None, 50.0], kind="rate", masked=[True, False, True])
    assert result.index == (MASKED_INDEX, UNKNOWN_INDEX, 3)
    assert (result.masked, result.unknown) == (1, 1)


def test_a_territory_without_any_value_still_has_its_legend() -> None:
    for kind in KINDS:
        for method in METHODS:
            result = classify([None, math.nan], kind=kind, method=method)
            assert result.index == (-1, -1)
            assert len(result.colours) == len(result.labels) >= 1


def test_one_child_figure_a_value() -> None:
    with pytest.raises(ValueError, match="one entry per commune"):
        classify([1.0, 2.0], kind="rate", children=[40])
    with pytest.raises(ValueError, match="ascending"):
        classify([1.0], kind="gap", breaks=(0, 10))


def test_quantiles_share_the_communes_out() -> None:
    result = classify([float(v) for v in range(1, 101)], kind="count", method="quantiles")
    assert result.counts == (0, 20, 20, 20, 20, 20)


@pytest.mark.parametrize("method", ["quantiles", "natural"])
def test_bounds_taken_from_places_read_without_decimals(method: Method) -> None:
    gaps = [-79.4, -13.62, -8.077, -4.9896, -2.31, 0.3, 5.46, 23.2, 33.04, 48.7]
    result = classify(gaps, kind="gap", unit="places", method=method)
    assert all(bound == round(bound) for bound in result.breaks)
    assert not any("," in label for label in result.labels)


def test_natural_breaks_part_distant_groups() -> None:
    result = classify([1.0, 2.0, 3.0, 50.0, 51.0, 52.0, 900.0], kind="count", method="natural")
    assert len({result.index[0], result.index[3], result.index[6]}) == 3


def test_natural_breaks_of_a_whole_region_are_quick() -> None:
    values = [float(v % 977) for v in range(3787)]
    assert sum(classify(values, kind="count", method="natural").counts) == 3787


@settings(deadline=None)
@example([-0.5, -0.7, 0.5, -0.49, -1.0], "gap", "fixed", False)
@given(
    st.lists(st.one_of(st.none(), FLOATS), max_size=60),
    st.sampled_from(KINDS),
    st.sampled_from(METHODS),
    st.booleans(),
)
def test_every_commune_is_in_one_class_and_classes_follow_the_values(
    values: list[float | None], kind: Kind, method: Method, zero_class: bool
) -> None:
    if kind != "gap":
        values = [None if v is None else abs(v) for v in values]
    result = classify(values, kind=kind, method=method, zero_class=zero_class)
    assert len(result.colours) == len(result.labels) == len(result.counts)
    assert len(set(result.colours)) == len(result.colours)
    assert len(result.breaks) == len(result.colours) - 1
    assert list(result.breaks) == sorted(set(result.breaks))
    assert sum(result.counts) + result.unknown + result.small + result.masked == len(values)
    known = [(v, i) for v, i in zip(values, result.index, strict=True) if v is not None]
    assert all(a[1] <= b[1] for a in known for b in known if a[0] <= b[0])
    if kind == "gap":
        middle = result.colours.index(BALANCE)
        assert all(index == middle for value, index in known if abs(value) < 0.5)
        # As it is read: −0.5 is rounded away from zero, « il manque 1 ».
        assert all((index < middle) == (value <= -0.5) for value, index in known)
