"""The solver of linear and mixed integer programs (HiGHS), silent."""

from __future__ import annotations

import highspy


class Solver(highspy.Highs):
    """A solver that says nothing, its name included."""

    def enableCallbacks(self) -> None:  # noqa: N802
        """Called as the solver is made: the first moment at which it can be silenced."""
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]
