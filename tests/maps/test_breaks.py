"""Classes computed from the values: as many in each, or the least spread; a library's, checked."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from observatory.maps.breaks import NATURAL_SAMPLE, data_breaks

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


# Among rounded values several stand on a quantile: either side of it is right.
CASES = [*(("quantiles", s) for s in SHAPES[:2]), *(("natural", s) for s in SHAPES)]


@pytest.mark.parametrize(("method", "shape"), CASES)
@pytest.mark.parametrize("classes", [2, 5, 7])
def test_classes_are_those_of_another_library(shape: str, classes: int, method: str) -> None:
    import mapclassify  # with it comes all of scipy: for the one worker that asks

    kind = {"quantiles": mapclassify.Quantiles, "natural": mapclassify.FisherJenks}[method]
    for seed in range(3):
        values = drawn(shape, 30 + 60 * seed, seed)
        with warnings.catch_warnings():  # it advises an optional accelerator
            warnings.simplefilter("ignore", UserWarning)
            theirs = kind(values, k=classes).yb
        ours = data_breaks(values, method, classes)  # type: ignore[arg-type]
        assert np.searchsorted(ours, values, side="right").tolist() == theirs.tolist()


def test_many_values_are_cut_as_their_sample_is() -> None:
    values = drawn("normal", 10 * NATURAL_SAMPLE, 1)
    found = data_breaks(values, "natural", 5)
    assert len(found) == 4
    assert list(found) == sorted(set(found))
