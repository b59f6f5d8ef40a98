"""The values of an indicator over time, by hand, and the curve that joins them."""

from __future__ import annotations

from datetime import date
from html import unescape
from pathlib import Path

import pandas as pd
from plan_files import action, bound, typed
from test_progress import ACTIONS, FIGURE, plan, seen
from told import as_typed

from observatory.plan.indicator_course import indicator_course
from observatory.plan.indicator_standing import indicator_standing
from observatory.plan.plan_followup import FOLLOWED, START
from observatory.ui.charts.course import CoursePoint, course
from observatory.ui.plan.calendar import Bar, Milestone, calendar
from observatory.ui.plan.indicator_curves import curve
from observatory.versions.frames import records
from observatory.workbook.results import Rows

TODAY = date(2025, 6, 1)


def told(tables: dict[str, Rows], register: Rows) -> list[tuple[str, str, float | None, bool]]:
    """Nature, day, value and break of each value."""
    standing = indicator_standing(tables, register, TODAY)
    rows = records(indicator_course(tables, register, standing, TODAY))
    return [
        (
            str(row["nature"]),
            f"{row['day']:%Y-%m-%d}",
            None if pd.isna(row["value"]) else float(row["value"]),
            bool(row["broken"]),
        )
        for row in rows
    ]


def test_a_bound_indicator_goes_from_its_baseline_through_the_register_to_its_target(
    tmp_path: Path,
) -> None:
    register = seen(
        (START, "2021-12-31", "30", "m1"),
        (FOLLOWED, "2023-01-01", "32", "m1"),
        (FOLLOWED, "2024-01-01", "", "m1"),
        (FOLLOWED, "2025-01-01", "35", "m2"),
        (FOLLOWED, "2025-09-01", "99", "m2"),  # after today
    )
    assert told(plan(tmp_path, indicateurs=[bound()]), register) == [
        ("Départ", "2021-12-31", 30.0, False),
        ("Relevé", "2023-01-01", 32.0, False),
        ("Relevé", "2024-01-01", None, False),
        ("Relevé", "2025-01-01", 35.0, True),
        ("Cible", "2026-12-31", 40.0, False),
    ]
    assert FIGURE in str(register)


def test_an_indicator_that_is_typed_in_goes_through_what_was_typed(tmp_path: Path) -> None:
    readings = [
        {"indicateur": "I2", "date": day, "valeur": value}
        for day, value in (("2025-05-01", "130"), ("2024-05-01", "120"))
    ]
    actions = [*ACTIONS[:1], action(identifiant="A2", axe="Accès aux droits")]
    tables = plan(tmp_path, actions=actions, indicateurs=[typed()], releves=readings)
    assert told(tables, []) == [
        ("Départ", "2023-09-01", 100.0, False),
        ("Relevé", "2024-05-01", 120.0, False),
        ("Relevé", "2025-05-01", 130.0, False),
        ("Cible", "2026-12-31", 200.0, False),
    ]


def drawn(points: list[CoursePoint], target: CoursePoint | None) -> str:
    return as_typed(course("Places", points, target, "alt", lambda v: f"v{v:g}"))


def test_a_curve_joins_what_compares_and_dashes_lead_to_the_target() -> None:
    points = [CoursePoint(date(2020, 1, 1), 0.0), CoursePoint(date(2022, 1, 1), 50.0)]
    html = drawn(points, CoursePoint(date(2024, 1, 1), 100.0))
    assert html.count('class="line"') == 1
    assert html.count('class="way"') == 1
    # Half of the way up, half of the way along: 731 days of 1 461.
    assert 'class="dot" style="left:50.03%;top:50.00%"' in html
    assert "v0" in html
    assert "v100" in html


def test_no_line_crosses_a_change_of_method_nor_a_value_that_nobody_tells() -> None:
    first, last = CoursePoint(date(2020, 1, 1), 10.0), date(2022, 1, 1)
    for second in (CoursePoint(last, 50.0, broken=True), CoursePoint(last, None)):
        html = drawn([first, second, CoursePoint(date(2023, 1, 1), 60.0)], None)
        assert html.count('class="line"') == (1 if second.broken else 0)
        assert html.count('class="break"') == (1 if second.broken else 0)
    alone = [first, CoursePoint(last, 50.0, broken=True)]
    assert 'class="line"' not in drawn(alone, None)


def test_one_value_alone_is_no_curve() -> None:
    day = date(2020, 1, 1)
    assert drawn([CoursePoint(day, 10.0)], None) == ""
    assert drawn([], CoursePoint(day, 10.0)) == ""
    assert drawn([CoursePoint(day, None), CoursePoint(date(2021, 1, 1), None)], None) == ""
    assert drawn([CoursePoint(day, 10.0)], CoursePoint(day, 20.0)) == ""  # no time between the two


def test_a_curve_tells_its_values_to_who_does_not_see_it(tmp_path: Path) -> None:
    tables = plan(tmp_path, indicateurs=[bound()])
    register = seen((START, "2021-12-31", "30", "m"), (FOLLOWED, "2024-01-01", "", "m"))
    standing = indicator_standing(tables, register, TODAY)
    (indicator,) = records(standing)
    html = as_typed(curve(indicator, indicator_course(tables, register, standing, TODAY)))
    assert "départ, 31/12/2021 : 30 ; relevé, 01/01/2024 : masqué ; cible, 31/12/2026 : 40." in html


def test_the_calendar_parts_the_axes_and_marks_the_steps_and_what_is_late() -> None:
    bars = [
        Bar("Enfance", "Crèche", date(2024, 1, 1), date(2025, 12, 31), "late", "En retard",
            [Milestone(date(2024, 7, 1), "done", "Choix, faite"),
             Milestone(date(2025, 7, 1), "late", "Travaux, en retard")]),
        Bar("Droits", "Forum", None, None, "open", "En cours"),
    ]  # fmt: skip
    html = unescape(as_typed(calendar(bars, date(2025, 12, 31), "Calendrier de 2 actions.")))
    places = [html.index(f">{w}<") for w in ("Enfance", "Crèche", "Droits", "Forum")]
    assert places == sorted(places)
    assert html.count('class="line axis"') == 2
    assert html.count('class="line late"') == 1
    # The first of July 2024 is the day 182 of 731.
    assert 'class="done" style="left:24.9%" title="Choix, faite"' in html
    assert "aujourd'hui" in html
    assert "étape en retard" in html
    assert "étape à faire" not in html  # a sign that is not drawn is not explained
    assert "dates non précisées" in html
