"""What is told of a plan as it goes, by hand: done, late, reached, money, who does what."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import duckdb
import pytest
from plan_files import action, book, bound, typed

from observatory.plan.indicator_standing import indicator_standing, value_today
from observatory.plan.observation import FiguresOf
from observatory.plan.plan_check import check
from observatory.plan.plan_followup import FOLLOWED, START, follow_up, observations, register_sheet
from observatory.plan.progress import money, progress, progress_by_axis, who_does_what
from observatory.workbook.results import Rows

TODAY = date(2025, 6, 1)
FIGURE = "eaje|taux|||"
ACTIONS = [
    action(statut="En cours", fin="2025-05-31", theme="Petite enfance", structure_pilote="CCAS"),
    action(identifiant="A2", statut="En cours", fin="2025-06-01", theme="Petite enfance",
           structure_pilote="CCAS"),
    action(identifiant="A3", debut="2025-01-01", axe="Accès aux droits"),
    action(identifiant="A4", statut="Réalisé", fin="2024-01-01", axe="Accès aux droits"),
    action(identifiant="A5", statut="En pause", fin="2024-01-01", theme="Jeunesse"),
    action(identifiant="A6", statut="Abandonné", fin="2024-01-01", theme="Jeunesse"),
]  # fmt: skip


def plan(folder: Path, **sheets: object) -> dict[str, Rows]:
    found = check([book(folder / "plan.xlsx", **{"actions": ACTIONS, **sheets})])  # type: ignore[arg-type]
    assert found.errors == []
    return {t.sheet.name: t.accepted for t in found.tables}


def seen(*rows: tuple[str, str, str, str], indicator: str = "I1") -> Rows:
    """A register: kind, day, value, method."""
    stored = register_sheet().stored
    told = [
        {"indicateur": indicator, "figure": FIGURE, "genre": kind, "date": day, "valeur": value,
         "etat": "" if value else "masqué", "methode": method, "demonstration": "non"}
        for kind, day, value, method in rows
    ]  # fmt: skip
    return [[row.get(c, "") for c in stored] for row in told]


def test_an_action_is_late_when_it_is_open_after_its_day(tmp_path: Path) -> None:
    steps = [
        {"action": "A1", "etape": "Choix", "echeance": "2025-01-01", "faite_le": "2025-02-01"},
        {"action": "A1", "etape": "Travaux", "echeance": "2025-05-01"},
        {"action": "A1", "etape": "Ouverture", "echeance": "2025-06-01"},
        {"action": "A5", "etape": "Choix", "echeance": "2025-01-01"},
    ]
    table = progress(plan(tmp_path, etapes=steps), [], TODAY).set_index("action")
    assert table["late"].to_dict() == {
        "A1": True, "A2": False, "A3": True, "A4": False, "A5": False, "A6": False,
    }  # fmt: skip
    assert table["done"].to_dict() == {a: a == "A4" for a in table.index}
    assert table.loc["A1", ["steps", "steps_done", "steps_late"]].tolist() == [3, 1, 1]
    assert table.loc["A5", ["steps", "steps_done", "steps_late"]].tolist() == [1, 0, 0]


def test_axes_count_their_actions_in_the_order_of_the_plan(tmp_path: Path) -> None:
    table = progress_by_axis(plan(tmp_path), [], TODAY).set_index("axis")
    assert table.index.tolist() == ["Petite enfance", "Accès aux droits"]
    columns = ["actions", "a_venir", "en_cours", "realise", "en_pause", "abandonne", "late"]
    assert table.loc["Petite enfance", columns].tolist() == [4, 0, 2, 0, 1, 1, 1]
    assert table.loc["Accès aux droits", columns].tolist() == [2, 1, 0, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("baseline", "target", "value", "share", "reached"),
    [
        ("100", "200", 150, 0.5, False),
        ("100", "200", 200, 1.0, True),
        ("100", "200", 250, 1.5, True),
        ("100", "200", 90, -0.1, False),
        ("100", "40", 40, 1.0, True),
        ("100", "40", 130, -0.5, False),
        ("100", "100", 100, math.nan, True),
        ("100", None, 120, math.nan, None),
        (None, "200", 250, math.nan, None),
    ],
)
def test_the_way_to_a_target_is_told_up_or_down_and_never_without_a_baseline(
    tmp_path: Path, baseline: str | None, target: str | None, value: float, share: float,
    reached: bool | None,
) -> None:  # fmt: skip
    indicator = typed(depart=baseline, cible=target)
    readings = [
        {"indicateur": "I2", "date": "2024-01-01", "valeur": 1},
        {"indicateur": "I2", "date": "2025-01-01", "valeur": value},
        {"indicateur": "I2", "date": "2025-12-31", "valeur": 9999},
    ]
    (row,) = indicator_standing(
        plan(tmp_path, indicateurs=[indicator], releves=readings), [], TODAY
    ).to_dict("records")
    assert row["value"] == value
    assert row["share"] == pytest.approx(share, nan_ok=True)
    assert row["reached"] is reached
    assert row["overdue"] is False


def test_a_target_whose_day_is_past_is_overdue_unless_it_is_reached(tmp_path: Path) -> None:
    for value, overdue in ((150, True), (200, False)):
        readings = [{"indicateur": "I2", "date": "2025-01-01", "valeur": value}]
        past = typed(cible_le="2025-05-31")
        kept = plan(tmp_path, indicateurs=[past], releves=readings)
        assert indicator_standing(kept, [], TODAY)["overdue"].tolist() == [overdue]


def test_another_method_is_never_counted_as_progress(tmp_path: Path) -> None:
    kept = plan(tmp_path, indicateurs=[bound()])
    start = (START, "2021-12-31", "20", "m1")
    same = seen(start, (FOLLOWED, "2025-01-01", "45", "m1"))
    other = seen(start, (FOLLOWED, "2025-01-01", "45", "m2"))
    (row,) = indicator_standing(kept, same, TODAY).to_dict("records")
    assert (row["baseline"], row["voted"], row["broken"]) == (20.0, False, False)
    assert (row["share"], row["reached"]) == (1.25, True)
    (row,) = indicator_standing(kept, other, TODAY).to_dict("records")
    assert (row["value"], row["broken"], row["reached"]) == (45.0, True, None)
    assert math.isnan(row["share"])
    counted = progress(kept, other, TODAY).set_index("action").loc["A1"]
    assert counted[["reached", "not_reached", "reach_unknown"]].tolist() == [0, 0, 1]


def test_a_masked_value_is_neither_reached_nor_missed(tmp_path: Path) -> None:
    kept = plan(tmp_path, indicateurs=[bound()])
    rows = seen((START, "2021-12-31", "20", "m1"), (FOLLOWED, "2025-01-01", "", "m1"))
    (row,) = indicator_standing(kept, rows, TODAY).to_dict("records")
    assert (row["state"], row["reached"]) == ("masqué", None)
    assert math.isnan(row["value"])


def test_what_is_seen_later_is_not_told_of_a_day_before(tmp_path: Path) -> None:
    kept = plan(tmp_path, indicateurs=[bound()])
    rows = seen((START, "2021-12-31", "20", "m1"), (FOLLOWED, "2025-07-01", "45", "m1"))
    (row,) = indicator_standing(kept, rows, TODAY).to_dict("records")
    assert (row["state"], row["reached"]) == ("inconnu", None)


def test_the_voted_baseline_stands_beside_the_one_of_today(
    tmp_path: Path, tiny_three: duckdb.DuckDBPyConnection
) -> None:
    kept = plan(tmp_path, indicateurs=[bound(depart="15,5"), typed()])
    follow_up(tmp_path, tiny_three, kept, date(2023, 12, 31))
    register = observations(tmp_path)
    standing = indicator_standing(kept, register, TODAY).set_index("indicator")
    assert standing.loc["I1", ["baseline", "voted"]].tolist() == [15.5, True]
    (row,) = value_today(FiguresOf(tiny_three), kept, register, date(2023, 12, 31)).to_dict(
        "records"
    )
    assert row["recomputed"] == pytest.approx(8200 / 477, abs=1e-5)
    assert row["now"] == pytest.approx(7200 / 477, abs=1e-5)
    assert row["same_method"] is True


def test_money_stands_by_funder_and_year_and_its_states_are_not_added(tmp_path: Path) -> None:
    rows = [
        {"action": "A1", "financeur": "Caf", "annee": 2025, "montant_euros": 100},
        {"action": "A2", "financeur": "Caf", "annee": 2025, "montant_euros": 50},
        {"action": "A1", "financeur": "Caf", "annee": 2025, "nature": "Réalisé",
         "montant_euros": 80},
        {"action": "A1", "financeur": "Département", "montant_euros": "1,5"},
    ]  # fmt: skip
    table = money(plan(tmp_path, financements=rows)).set_index(["funder", "year"])
    assert table.loc[("Caf", "2025"), ["prevu", "realise"]].tolist() == [150.0, 80.0]
    assert math.isnan(table.loc[("Caf", "2025"), "engage"])
    assert table.loc[("Département", ""), "prevu"] == 1.5
    assert money({}).empty


def test_who_does_what_leaves_out_what_was_given_up(tmp_path: Path) -> None:
    acts = [{**ACTIONS[0], "partenaires": "Caf ; MSA"}, {**ACTIONS[1], "partenaires": "Caf"}]
    table = who_does_what(plan(tmp_path, actions=[*acts, *ACTIONS[2:]]))
    told = table.set_index(["theme", "actor", "role"])["ids"].to_dict()
    assert told == {
        ("Petite enfance", "CCAS", "pilote"): "A1 A2",
        ("Non précisé", "Non précisé", "pilote"): "A3 A4",
        ("Jeunesse", "Non précisé", "pilote"): "A5",
        ("Petite enfance", "Caf", "partenaire"): "A1 A2",
        ("Petite enfance", "MSA", "partenaire"): "A1",
    }
    assert table["actions"].tolist() == [2, 2, 1, 2, 1]


def test_a_plan_without_anything_has_empty_tables() -> None:
    assert progress({}, [], TODAY).empty
    assert progress_by_axis({}, [], TODAY).empty
    assert indicator_standing({}, [], TODAY).empty
    assert who_does_what({}).empty
