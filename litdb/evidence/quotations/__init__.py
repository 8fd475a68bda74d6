"""Whether a table quotes another paper, and which of its cells are from which: pure, from words and numbers alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from litdb.evidence.quotations.align import Alignment, Cited, Copied, align, own_rows
from litdb.evidence.quotations.table_text import TableText, table_text
from litdb.evidence.quotations.words import alike, says_ours, without_ours, words

__all__ = ["Alignment", "Cited", "Copied", "Quoted", "TableText", "align", "quoted", "table_text"]

#: The least evidence (log of odds) for which a table is said to quote another; fitted on the development part of arXiVeri.
LEAST = 8.0
_TURNED = 3.0
#: The row that cites the paper is from it or from nowhere; the others may come from anywhere.
_OWN_CELL, _OWN_ROW = 5.0, 10.0
#: Captions decide between tables that agree equally well.
_ABOUT, _ABOUT_SHARE = 1.5, 0.1


@dataclass(frozen=True, slots=True)
class Quoted:
    """The table that is quoted (its index among the candidates), which cells from which, and the evidence.

    `margin` is by how much the next table falls short.
    """

    table: int
    cells: tuple[Copied, ...]
    weight: float
    margin: float


def quoted(target: TableText, candidates: Sequence[TableText], cited: Cited) -> Quoted | None:
    """The one of a paper's tables that a table quotes, or None where coincidence would explain what agrees."""
    named = {without_ours(words(label)) for one in candidates for label in one.labels if says_ours(label)}
    cited = replace(cited, names=(*cited.names, *sorted(named - {()})))
    found = sorted(
        ((*_best(target, source, cited), -index) for index, source in enumerate(candidates) if source.rows),
        key=lambda one: (one[0], one[2]),
        reverse=True,
    )
    if not found or found[0][0] < LEAST:
        return None
    weight, cells, index = found[0]
    following = found[1][0] if len(found) > 1 else 0.0
    return Quoted(-index, cells, weight, weight - max(following, 0.0))


def _best(target: TableText, source: TableText, cited: Cited) -> tuple[float, tuple[Copied, ...]]:
    straight = align(target, source, cited)
    turned = align(target, source.turned, cited)
    weight, cells = straight.weight, straight.cells
    if turned.weight - _TURNED > weight:
        weight, cells = turned.weight - _TURNED, tuple(Copied(r, c, sc, sr) for r, c, sr, sc in turned.cells)
    if not cells:
        return 0.0, ()
    own = own_rows(target, cited)
    if own:
        agreeing = sum(cell.row in own for cell in cells)
        weight += min(_OWN_CELL * agreeing, _OWN_ROW) if agreeing else -_OWN_ROW
    about = alike(words(target.caption), words(source.caption))
    return weight + (_ABOUT + _ABOUT_SHARE * max(weight, 0.0)) * about, cells
