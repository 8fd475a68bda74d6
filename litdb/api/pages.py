"""Everything at once, in one state of the catalogue: what the site is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from litdb.api.opened import Opened

if TYPE_CHECKING:
    from litdb.questions.whole.everything import Everything


class PageVerbs(Opened):
    """Everything at once."""

    def everything(self, told: Callable[[str], None] = lambda _step: None) -> Everything:
        """All models, papers, values, tables, conflicts, cards and runs, in one state; `told` hears of each step."""
        from litdb.questions.whole.everything import everything

        with self.reading() as session:
            return everything(session, told)
