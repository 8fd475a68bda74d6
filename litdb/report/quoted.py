"""What became of quotations, in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from litdb.evidence.quotations.check import Checked, Fate


def counted(checked: Sequence[Checked]) -> str:
    """How many quotations were held against their source, and what came of it, in one line."""
    if not checked:
        return "no quotation whose source is in the catalogue"
    counts = Counter(one.verdict for one in checked)
    said = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Fate if counts[verdict])
    number = "1 quotation" if len(checked) == 1 else f"{len(checked)} quotations"
    return f"{number} held against the cited paper: {said}"
