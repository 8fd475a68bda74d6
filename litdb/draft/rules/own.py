"""OWN: rows of the own network are of its declared checkpoint, over all files, and the draft says what must be said of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from litdb.draft.finding import DraftFinding, DraftRule
from litdb.draft.knowledge import stands
from litdb.draft.rules.held import as_fine, of_same_kind, same
from litdb.draft.subject import Draft, Tally
from litdb.draft.text.project import DraftCell, DraftPart, DraftRow
from litdb.evidence import composites
from litdb.evidence.audit.facts import told
from litdb.evidence.comparability import partial
from litdb.extract.types import CellReading
from litdb.values.origin import Kind, Origin
from litdb.values.value import Value

_TESTED = r"\b(?:test|evaluation|testing)\b"
_SELECTING = r"\b(?:select|chose|choos|pick|tun(?:ed|ing)|early[- ]stopp|model selection)\w*"
_KEEPING = r"\b(?:kept|keep|retain|sav(?:ed|ing)|best|highest|peak|monitor|stopp|maximi[sz]|optimi[sz]|largest|took|tak(?:e|en)|use[sd]?)\w*"
#: That the checkpoint was selected by the test set: by a word for selecting, or a weaker one in a sentence about checkpoints.
_SELECTED = re.compile(
    rf"{_SELECTING}[^.]{{0,100}}{_TESTED}|{_TESTED}[^.]{{0,80}}{_SELECTING}|"
    rf"^(?=.*\b(?:checkpoints?|epochs?|snapshots?|weights|iterations?)\b).*(?:{_KEEPING}[^.]{{0,100}}{_TESTED}|{_TESTED}[^.]{{0,80}}{_KEEPING})",
    re.IGNORECASE,
)
#: A sentence that says how the checkpoint was selected.
_CHOSEN = re.compile(
    rf"\b(?:checkpoints?|epochs?|snapshots?)\b.*(?:{_SELECTING}|\b(?:best|highest|kept|keep)\b)|"
    rf"(?:{_SELECTING}|\b(?:best|highest|kept|keep)\b).*\b(?:checkpoints?|epochs?|snapshots?)\b",
    re.IGNORECASE,
)
#: That a checkpoint was selected on validation data.
ON_VALIDATION = re.compile(
    r"\b(?:select\w*|chos\w+|choos\w+|keep|kept|pick\w*|best|stopp\w*|monitor\w*)\b[^.;]{0,70}\b(?:on|by|with|over|for|from) (?:the |a |our )?(?:validation|development|dev|held-out)",
    re.IGNORECASE,
)
_SEEDS = re.compile(
    r"\bseeds?\b|\bsingle run\b|\bone run\b|\b(?:\d+|two|three|four|five|ten) (?:independent )?runs\b",
    re.IGNORECASE,
)
_SCALE = re.compile(r"\bscale\b|\bint16\b|16[- ]?bit|\[-?1(?:\.0)?, ?1(?:\.0)?\]|−1, ?1", re.IGNORECASE)
_COMPOSITE_NAMES = re.compile(r"\b(?:composite|CSIG|CBAK|COVL)", re.IGNORECASE)


def own(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """OWN."""
    said: set[str] = set()
    for table in draft.project.tables:
        for row in table.rows:
            models = draft.models(row)
            if len(models) != 1 or not draft.knowledge.is_own(models[0]):
                continue
            tally.checked("rows of own models")
            for cell in row.cells:
                for number in cell.numbers:
                    yield from _number(draft, row, cell, number, models[0])
            yield from _must_say(draft, row, models[0], said)


def _number(
    draft: Draft, row: DraftRow, cell: DraftCell, number: CellReading, model: str
) -> Iterator[DraftFinding]:
    """A score that is of another checkpoint than the declared one, or over some of the files."""
    measured = [v for v in of_same_kind(draft.knowledge, number, model) if v.row.checkpoint is not None]
    agreeing = [
        value for value in measured if same(number, value) and (stands(value) or as_fine(number, value))
    ]
    if not agreeing:
        return
    value = next(filter(stands, agreeing), agreeing[0])
    right = next(filter(stands, measured), None)
    score = f"row “{row.label}”: {number.metric} {number.printed}"
    checkpoint = value.row.checkpoint
    if not stands(value) and right is not None:
        yield _finding(
            cell, f"{score} is of the checkpoint {value.checkpoint}; {right.place}, which stands for the model, has {right.printed}",
            [value, right],
        )  # fmt: skip
    elif (
        not stands(value) and checkpoint is not None and not checkpoint.standing and row.kind != Kind.ABLATION
    ):
        message = f"{score} is of {value.checkpoint}, and no checkpoint is declared for the model (`litdb runs declare`)"
        yield _finding(cell, message, [value])
    if reason := partial(value.protocol):
        yield _finding(cell, f"{score} {reason}", [value])


def _finding(cell: DraftCell, message: str, values: list[Value]) -> DraftFinding:
    return DraftFinding(
        DraftRule.OWN, cell.place, message, tuple(v.key for v in values), tuple(told(v) for v in values)
    )


def _must_say(draft: Draft, row: DraftRow, model: str, said: set[str]) -> Iterator[DraftFinding]:
    """What the draft must say somewhere of an own row: selection on test data, over how many seeds, the composites' scale."""
    scores = [number for number in row.numbers if number.dataset]
    if not scores or said:
        return
    said.add(model)  # it is said of the draft, once
    values = [
        v
        for v in draft.knowledge.values(model)
        if v.origin is Origin.MEASURED and v.row.checkpoint is not None
    ]
    checkpoint = next((v.row.checkpoint for v in values if stands(v)), None)
    where = f"row “{row.label}”"
    if checkpoint is not None and checkpoint.selected_on == "test" and not _says(draft, _SELECTED):
        chosen = (s.place() for s in draft.project.sentences if _CHOSEN.search(s.text))
        yield DraftFinding(
            DraftRule.OWN, next(chosen, row.place),  # at the sentence that should say it, where there is one
            f"{where}: its checkpoint was selected on the test set, which the draft does not say",
            sources=(f"checkpoint {checkpoint.key}: selected on {checkpoint.selected_on}",),
        )  # fmt: skip
    if not _says(draft, _SEEDS):
        yield DraftFinding(
            DraftRule.OWN,
            row.place,
            f"{where}: the draft does not say over how many seeds or runs its numbers are",
        )
    if any(number.quantity in composites.COMPOSITES for number in scores) and not _says(
        draft, _SCALE, beside=_COMPOSITE_NAMES
    ):
        yield DraftFinding(
            DraftRule.OWN, row.place,
            f"{where}: the draft does not say on which scale of the samples its composites are computed",
        )  # fmt: skip


def _says(draft: Draft, pattern: re.Pattern[str], beside: re.Pattern[str] | None = None) -> bool:
    """Whether a sentence of the draft, or a note of one of its tables, says something."""
    texts = [s.text for s in draft.project.sentences if s.part is not DraftPart.TITLE]
    texts += [note for table in draft.project.tables for note in table.grid.notes]
    return any(pattern.search(text) and (beside is None or beside.search(text)) for text in texts)
