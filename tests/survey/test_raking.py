"""Weights give the margins, as the reference program's do, or say that none can."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest

from observatory.settings import ROOT
from observatory.survey.raking import UnreachedMarginsError, raked, weighing

CALMAR = ROOT.parent / "shared" / "oracles" / "calmar" / "employees.csv"


def test_two_margins_worked_out_by_hand() -> None:
    # Four answers in a 2 × 2 table; margins 60/40 and 50/50 of 100: independent, hence products.
    auxiliary = np.array([[1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1]], float)
    found = raked(np.ones(4), auxiliary, np.array([60.0, 40.0, 50.0, 50.0]))
    assert found == pytest.approx([30, 30, 20, 20])


def test_weights_that_differ_cost_what_kish_says() -> None:
    auxiliary = np.array([[1, 0]] * 8 + [[0, 1]] * 2, float)
    found = weighing(np.ones(10), auxiliary, np.array([6.0, 4.0]))
    # Eight weights of 0,75 and two of 2: 10 × (8 × 0,5625 + 2 × 4) / 100 = 1,25.
    assert found.design_effect == pytest.approx(1.25)
    assert found.effective_size == pytest.approx(8.0)
    assert found.trimmed == 0


def test_a_weight_beyond_the_bounds_is_brought_back() -> None:
    auxiliary = np.array([[1, 0]] * 19 + [[0, 1]], float)
    found = weighing(np.ones(20), auxiliary, np.array([10.0, 10.0]))
    assert found.trimmed == 1
    assert found.weights.mean() == pytest.approx(1)
    assert found.weights.max() / found.weights.min() < 19


def test_margins_that_contradict_one_another_are_told() -> None:
    auxiliary = np.array([[1, 1], [1, 1], [1, 1]], float)
    with pytest.raises(UnreachedMarginsError, match="ne converge pas"):
        raked(np.ones(3), auxiliary, np.array([10.0, 20.0]))


def test_they_are_those_of_calmar() -> None:
    if not CALMAR.exists():
        required = os.environ.get("OBSERVATORY_REQUIRE_MIRROR") == "1"
        (pytest.fail if required else pytest.skip)("no weights of Calmar")
    table = pd.read_csv(CALMAR)
    auxiliary = np.column_stack(
        [table["category"] == k for k in (1, 2, 3)]
        + [table["sex"] == k for k in (1, 2)]
        + [table["department"] == k for k in (1, 2)]
        + [table["salary"]]
    ).astype(float)
    totals = np.array([80, 90, 60, 140, 90, 100, 130, 470_000], float)
    design = table["weight"].to_numpy(float)
    found = raked(design, auxiliary, totals)
    assert np.abs(found - table["raking"].to_numpy(float)).max() < 1e-3
    assert float((found * table["movies"]).sum() / found.sum()) == pytest.approx(3.22, abs=0.005)
    with pytest.raises(UnreachedMarginsError):
        raked(design, np.column_stack([auxiliary, np.ones(15)]), np.append(totals, 300.0))
