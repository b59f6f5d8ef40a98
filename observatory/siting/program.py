"""A mixed integer program written block by block, and what the solver found of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from observatory.solver import Solver

Numbers = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Progress = Callable[[float, float], None]
"""Called at each better solution: its value, and the bound that none can pass."""
SETTLED = 1e-9  # relative distance to the bound under which a solution is the best one


@dataclass(frozen=True)
class Solved:
    """The best solution of a program.

    Attributes
    ----------
    values : (columns,) array
        Of each column, in the order in which they were added.
    value, bound : float
        Of the objective, and what none can pass.
    seconds : float
        Time taken.
    """

    values: Numbers
    value: float
    bound: float
    seconds: float

    @property
    def distance(self) -> float:
        """How far the best one may be, relative to the bound; 0 when this is it."""
        apart = abs(self.bound - self.value)
        if apart <= SETTLED * max(1.0, abs(self.bound)):
            return 0.0
        return float(apart / abs(self.bound)) if self.bound else float("inf")


class Program:
    """Columns and rows, added by blocks; ``maximise`` solves it."""

    def __init__(self) -> None:
        self._columns: list[tuple[Numbers, Numbers, bool]] = []
        self._rows: list[tuple[Numbers, Numbers]] = []
        self._cells: list[tuple[Indices, Indices, Numbers]] = []
        self._width = self._height = 0

    def columns(self, lower: Numbers, upper: Numbers, *, whole: bool = False) -> Indices:
        """Add columns; return their ranks."""
        self._columns.append((lower, upper, whole))
        ranks = np.arange(self._width, self._width + len(lower))
        self._width += len(lower)
        return ranks

    def rows(
        self,
        lower: Numbers | float,
        upper: Numbers | float,
        *cells: tuple[Indices, Indices, Numbers | float],
        count: int = 1,
    ) -> None:
        """Add ``count`` rows between two bounds, from cells (row of the block, column, value)."""
        full = np.ones(count)
        self._rows.append((full * lower, full * upper))
        for row, column, value in cells:
            filled = np.broadcast_to(np.asarray(value, dtype=float), column.shape)
            self._cells.append((row + self._height, column, filled))
        self._height += count

    def sum_at_most(self, columns: Indices, values: Numbers | float, most: float) -> None:
        """Add one row: a weighted sum of columns that may not pass a bound."""
        scale = max(1.0, abs(most))  # euros and places are held as closely
        row = np.zeros(len(columns), dtype=np.int64)
        self.rows(-np.inf, most / scale, (row, columns, np.asarray(values) / scale))

    def maximise(
        self,
        columns: Indices,
        values: Numbers | float,
        *,
        seconds: float,
        relative: float = 0.0,
        progress: Progress | None = None,
        start: Solved | None = None,
    ) -> Solved | None:
        """The columns that make a weighted sum the greatest; None when none was found.

        Parameters
        ----------
        columns, values
            What is summed.
        seconds : float
            Time after which the best solution found is given, with the bound of the others.
        relative : float
            Distance to the bound at which a solution is good enough.
        progress : callable, optional
            Told of each better solution.
        start : Solved, optional
            A solution known already, of as many columns.
        """
        started = time.perf_counter()
        solver = Solver()  # type: ignore[no-untyped-call]
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("random_seed", 1)
        solver.setOptionValue("time_limit", seconds)
        solver.setOptionValue("mip_rel_gap", relative)
        for whose in ("primal", "mip"):  # so that bounds hold, and figures agree, to 1e-6
            solver.setOptionValue(f"{whose}_feasibility_tolerance", 1e-9)
        solver.passModel(self._model(columns, values))
        if start is not None:
            known = highspy.HighsSolution()
            known.col_value = start.values
            solver.setSolution(known)
        if progress is not None:

            def tell(event: highspy.highs.HighsCallbackEvent) -> None:
                data = event.data_out
                progress(float(data.objective_function_value), float(data.mip_dual_bound))

            solver.cbMipImprovingSolution.subscribe(tell)
        solver.run()
        info, status = solver.getInfo(), solver.getModelStatus()
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        if not found:
            return None
        whole = any(w for *_, w in self._columns)
        value = float(info.objective_function_value)
        settled = status == highspy.HighsModelStatus.kOptimal and not whole
        return Solved(
            np.asarray(solver.getSolution().col_value),
            value,
            value if settled else float(info.mip_dual_bound),
            time.perf_counter() - started,
        )

    def _model(self, columns: Indices, values: Numbers | float) -> highspy.HighsLp:
        lower = np.concatenate([c[0] for c in self._columns])
        costs = np.zeros(self._width)
        np.add.at(costs, columns, values)
        row, column, value = (np.concatenate(part) for part in zip(*self._cells, strict=True))
        order = np.lexsort((column, row))
        starts = np.zeros(self._height + 1, dtype=np.int64)
        np.cumsum(np.bincount(row, minlength=self._height), out=starts[1:])
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self._width, self._height
        model.sense_ = highspy.ObjSense.kMaximize
        model.col_cost_, model.col_lower_ = costs, lower
        model.col_upper_ = np.concatenate([c[1] for c in self._columns])
        model.row_lower_ = np.concatenate([r[0] for r in self._rows])
        model.row_upper_ = np.concatenate([r[1] for r in self._rows])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = starts.astype(np.int32)
        model.a_matrix_.index_ = column[order].astype(np.int32)
        model.a_matrix_.value_ = value[order]
        kinds = highspy.HighsVarType
        model.integrality_ = [
            kinds.kInteger if whole else kinds.kContinuous
            for first, _, whole in self._columns
            for _ in range(len(first))
        ]
        return model
