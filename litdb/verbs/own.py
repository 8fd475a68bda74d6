"""Own runs: taking them in, declaring, comparing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.verbs.opened import Opened

if TYPE_CHECKING:
    from litdb.adding_runs import RunAdded


class OwnVerbs(Opened):
    """Own runs: taking them in, declaring, comparing."""

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
