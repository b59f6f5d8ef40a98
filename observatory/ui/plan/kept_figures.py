"""The figures that a plan is bound to, computed once a version, a figure and a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from observatory.plan.figure_method import method_of
from observatory.plan.indicator_binding import Binding
from observatory.plan.meanwhile import Meanwhile, meanwhile
from observatory.plan.observation import Observed, observe
from observatory.ui.shell.data import Version, cursor
from observatory.ui.shell.kept import remembered


@remembered("Indicateurs du plan en cours de calcul…")
def _observed(version: Version, bound: Binding, day: date, planner: bool) -> Observed:
    return observe(cursor(version), bound, day)


@remembered()
def _method(version: Version, bound: Binding, planner: bool) -> str:
    return method_of(cursor(version), bound)


@remembered()
def _meanwhile(
    version: Version, bound: Binding, first: date, last: date, planner: bool
) -> Meanwhile:
    return meanwhile(cursor(version), bound, first, last)


@dataclass(frozen=True)
class KeptFigures:
    """The figures of a version as this process keeps them.

    Attributes
    ----------
    planner : bool
        Who asks: which figures a plan follows is its planners' to know, until it is public.
    """

    version: Version
    planner: bool

    def observe(self, bound: Binding, day: date) -> Observed:
        """The figure that an indicator is bound to, on a day."""
        return _observed(self.version, bound, day, self.planner)

    def method(self, bound: Binding) -> str:
        """The digest of the method by which it is computed."""
        return _method(self.version, bound, self.planner)

    def meanwhile(self, bound: Binding, first: date, last: date) -> Meanwhile:
        """What the département did between two days."""
        return _meanwhile(self.version, bound, first, last, self.planner)
