"""What became of quotations: in one line, in one line each, as records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from litdb.evidence.quotations.check import Checked, Fate
from litdb.report.records import listed


def counted(checked: Sequence[Checked]) -> str:
    """How many quotations were held against their source, and what came of it, in one line."""
    if not checked:
        return "no quotation whose source is in the catalogue"
    counts = Counter(one.verdict for one in checked)
    said = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Fate if counts[verdict])
    number = "1 quotation" if len(checked) == 1 else f"{len(checked)} quotations"
    return f"{number} held against the cited paper: {said}"


def told(checked: Sequence[Checked], *, everything: bool) -> str:
    """Each quotation that somebody should look at (or each) in a line, and the count."""
    shown = [one for one in checked if everything or one.verdict.is_finding]
    return "\n".join(
        (*(f"{one.verdict}  {one.value.key[:8]}  {one.words}" for one in shown), counted(checked))
    )


def as_records(checked: Sequence[Checked]) -> list[dict[str, object]]:
    """Quotations for JSON: the verdict, the quoted value, the one of the cited paper."""
    return [
        {
            "verdict": one.verdict,
            "words": one.words,
            "cited": one.cited,
            "value": listed(one.value),
            "source": None if one.source is None else listed(one.source),
        }
        for one in checked
    ]
