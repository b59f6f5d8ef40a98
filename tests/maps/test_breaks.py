"""Classes computed from the values are those of a published library."""

from __future__ import annotations

import warnings

import mapclassify
import numpy as np
import pytest

from observatory.maps.breaks import NATURAL_SAMPLE, _natural, _quantiles, data_breaks

SHAPES = ("normal", "lognormal", "gamma")


def drawn(shape: str, size: int, seed: int) -> np.ndarray:
    """Values of a spread that maps meet, one decimal for some of them."""
    rng = np.random.default_rng(seed)
    made = {
        "normal": rng.normal(0, 50, size),
        "lognormal": rng.lognormal(3, 1, size),
        "gamma": np.round(rng.gamma(2, 20, size), 1),
    }
    return np.sort(made[shape])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("classes", [2, 5, 7])
def test_quantiles_are_those_of_mapclassify(shape: str, classes: int) -> None:
    for seed in range(5):
        values = drawn(shape, 40 + 97 * seed, seed)
        theirs = mapclassify.Quantiles(values, k=classes).bins
        assert _quantiles(values, classes).tolist() == theirs.tolist()


def spread(values: np.ndarray, bins: np.ndarray) -> float:
    """The sum of the squares of what each value is from the mean of its class."""
    of = np.searchsorted(bins, values)
    return sum(float(((v := values[of == n]) - v.mean()) @ (v - v.mean())) for n in np.unique(of))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("classes", [2, 5, 7])
def test_natural_breaks_spread_no_more_than_those_of_mapclassify(shape: str, classes: int) -> None:
    for seed in range(3):
        values = drawn(shape, 30 + 60 * seed, seed)
        with warnings.catch_warnings():  # it advises an optional accelerator
            warnings.simplefilter("ignore", UserWarning)
            theirs = mapclassify.FisherJenks(values, k=classes).bins
        ours = _natural(values, classes)
        assert len(ours) == classes
        assert spread(values, ours) == pytest.approx(spread(values, theirs), rel=1e-9)


def test_many_values_are_cut_as_their_sample_is() -> None:
    values = drawn("normal", 10 * NATURAL_SAMPLE, 1)
    found = data_breaks(values, "natural", 5)
    assert len(found) == 4
    assert list(found) == sorted(set(found))
