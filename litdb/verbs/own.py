"""Own runs: listing, declaring, comparing, the way to a target."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.verbs.opened import Opened

if TYPE_CHECKING:
    from litdb.adding_runs import RunAdded
    from litdb.catalogue.runs import RunView
    from litdb.evidence.pairing import Comparison


class OwnVerbs(Opened):
    """Own runs: listing, declaring, comparing, the way to a target."""

    def add_run(
        self,
        run: str | os.PathLike[str],
        *,
        model: str = "",
        name: str = "",
        replace: bool = False,
        reason: str = "",
    ) -> RunAdded:
        """Take in a run folder, or the archive that `litdb model pack` made of one; twice changes nothing.

        Raises InputError for what is no run, UsageError when its model cannot be told, Conflict for other numbers.
        """
        from litdb.adding_runs import add_run
        from litdb.run_folder import read_run

        read = read_run(Path(run))
        with self.writing() as session:
            return add_run(session, read, model=model, name=name, replace=replace, reason=reason)

    def runs(self, model: str | None = None) -> list[RunView]:
        """Own runs with their checkpoints, all of them or those of one model. Raises NotFound, Ambiguous."""
        from litdb.catalogue.naming import find_model
        from litdb.catalogue.runs import own_runs

        with self.reading() as session:
            return own_runs(session, find_model(session, model).id if model is not None else None)

    def declare(self, run: str, checkpoint: str, *, reason: str, date: dt.date | None = None) -> str:
        """Say which checkpoint of a run stands for its model, from a day on; returns the decision's number."""
        from litdb.catalogue.declaring import declare

        with self.writing() as session:
            return declare(session, run, checkpoint, reason, date=date).uid

    def compare(
        self,
        *systems: str,
        groups: Mapping[str, Sequence[str]] | None = None,
        metrics: Sequence[str] = (),
        dataset: str = "vbd",
        conditions: str | Path | None = None,
    ) -> list[Comparison]:
        """Compare systems file by file, each with the first, or groups of runs that differ in their seed.

        A system is a checkpoint (`exp1/best`), a run, a model, or a file of scores by utterance; `conditions` is a file
        that says speaker, SNR or noise of each utterance. Raises UsageError, NotFound, Ambiguous, InputError.
        """
        from litdb.own_comparison import compare_named

        with self.reading() as session:
            return compare_named(
                session, systems, groups or {}, metrics, dataset, Path(conditions) if conditions else None
            )
