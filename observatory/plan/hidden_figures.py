"""The figures of a plan that a version hides: told by no document and carried by no version.

The register keeps what it saw, and a planner may type in what is masked. Of the services that may
tell of one or two persons, only what the version itself tells is told.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from observatory.knowledge.nomenclature import nomenclature
from observatory.plan.plan_rows import plan_contract
from observatory.workbook.results import Rows


def tells_of_persons(service: str) -> bool:
    """Whether a figure of a service may be masked: its own, that of a part, or of its public."""
    services = nomenclature().services
    one = services[service]
    named = {service, *one.parts, one.public} & services.keys()
    return any(services[s].masked_below or services[s].public in services for s in named)


def followers_of_persons(plan: Mapping[str, Rows]) -> frozenset[str]:
    """The indicators of a plan that are bound to such a figure."""
    stored = plan_contract().sheet("indicateurs").stored
    service, ident = stored.index("service"), stored.index("identifiant")
    return frozenset(
        row[ident]
        for row in plan.get("indicateurs", [])
        if row[service] and tells_of_persons(row[service])
    )


def without_hidden(plan: Mapping[str, Rows], standing: pd.DataFrame) -> pd.DataFrame:
    """Where indicators stand, without the figures that the version in service hides.

    Parameters
    ----------
    standing : DataFrame
        As ``standing_today`` gives it.

    Returns
    -------
    DataFrame
        Its columns and ``baseline_masked``: there is a baseline, and it is not told.
    """
    touched = standing["indicator"].isin(followers_of_persons(plan))
    hides_value = touched & standing["now"].isna()
    hides_start = touched & standing["recomputed"].isna()
    hidden = hides_value | hides_start
    return standing.assign(
        baseline_masked=hides_start & standing["baseline"].notna(),
        state=standing["state"].mask(hides_value, standing["now_state"]),
        value=standing["value"].mask(hides_value),
        baseline=standing["baseline"].mask(hides_start),
        share=standing["share"].mask(hidden),
        reached=standing["reached"].astype(object).where(~hidden, None),
        overdue=standing["overdue"].astype(bool) & ~hidden,
    )
