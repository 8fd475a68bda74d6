"""From one grid to its readings: every score cell with model, metric, test set, protocol, confidence and reasons."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from litdb.extract.meaning import confidence, words
from litdb.extract.meaning.found import Found
from litdb.extract.meaning.heads.explained import explained
from litdb.extract.meaning.labelled import apart, rows
from litdb.extract.meaning.labelled.labels import LabelledRow
from litdb.extract.meaning.layout.features import LayoutEvidence
from litdb.extract.meaning.layout.interpretation import Layout
from litdb.extract.meaning.layout.proposals import proposals
from litdb.extract.meaning.layout.scoring import RankedLayout, ranked
from litdb.extract.meaning.paper import PaperText
from litdb.extract.meaning.priors import Priors
from litdb.extract.meaning.scope import narrowed, protocol, testsets
from litdb.extract.meaning.scope.scoped import Scoped, scoped
from litdb.extract.meaning.vetoes import Claim, vetoes
from litdb.extract.meaning.ways import collect
from litdb.extract.types import CellReading, Grid, TableKind, TableReadings
from litdb.values.reading import RERUN
from litdb.vocabulary import MetricName, vocabulary
from litdb.vocabulary.protocol import Item, Protocol
from litdb.vocabulary.remarks import Doubt, Flag, Ground, Reason, Remark


@dataclass(frozen=True, slots=True)
class Weighed:
    """A reading with what its confidence is calibrated on."""

    reading: CellReading
    measures: Mapping[str, float]


def read_grid(grid: Grid, paper: PaperText, priors: Priors, chosen: str = "") -> TableReadings:
    """The readings of one table by its best interpretation; none when it holds no scores.

    `chosen` are the words of the interpretation that somebody chose; it is taken where it is among the plausible ones.
    """
    kind, readings = weighed_grid(grid, paper, priors, chosen)
    return TableReadings(grid, kind, tuple(item.reading for item in readings))


def weighed_grid(
    grid: Grid, paper: PaperText, priors: Priors, chosen: str = ""
) -> tuple[TableKind, tuple[Weighed, ...]]:
    """The kind of a table and its readings by its best interpretation, with what their confidence rests on."""
    # Later sentences explain marks: 'best (Wilcoxon test)'.
    told, *_later = re.split(r"(?<=\.)\s", grid.caption, maxsplit=1)
    if (
        not grid.rows
        or len(grid.rows[0]) < 1
        or words.NOT_SCORES_CAPTION.search(told)
        or _lists_options(grid)
    ):
        return "other", ()
    grid = explained(grid, paper.explained)
    kind = rows.table_kind(grid, rows.table_labels(grid))
    evidence = LayoutEvidence(paper, priors.names)
    choices = ranked(proposals(grid), evidence, priors.layout_weights)
    for choice in (c for c in choices if chosen and c.layout.describe() == chosen):
        found = collect(choice.layout, paper, kind)
        if found:  # nothing is weighed against what somebody chose
            said = (Remark(Reason.CHOSEN, (chosen,)),)
            return kind, read_layout(grid, replace(choice, share=1.0), found, paper, priors, said)
    for place, choice in enumerate(choices):
        found = _without_settings(grid, collect(choice.layout, paper, kind))
        if found:
            if _only_settings(grid, found):
                break
            otherwise = _Otherwise(choices[place:], paper, kind)
            doubts = _against(choice, evidence)
            return kind, read_layout(grid, choice, found, paper, priors, doubts, otherwise)
    return "other", ()


def _lists_options(grid: Grid) -> bool:
    """Whether the rows are options of a command: '--dry', '--num-threads'."""
    texts = [row[0].text for row in grid.rows[1:] if row[0].text]
    return bool(texts) and all(re.fullmatch(r"--?[a-z][\w-]*(?:[ ,/=].*)?", text) for text in texts)


def _against(chosen: RankedLayout, evidence: LayoutEvidence) -> tuple[Remark, ...]:
    """What speaks against a chosen interpretation as a whole: that little supports its label, or that its head is broken."""
    layout = chosen.layout
    broken = _broken(layout)
    if broken:
        return (Remark(Doubt.BROKEN_HEAD, (broken,)),)
    if layout.label is not None:
        alone = evidence.label_grounds(layout) < 2
    else:
        alone = layout.way in ("metric column", "models over") and not evidence.over_grounds(layout)
    return (Remark(Doubt.ONE_GROUND),) if alone else ()


def _broken(layout: Layout) -> str:
    """The unit of a number that stands in the head of the labels, where a converter has moved the cells of a head; else ''."""
    if layout.label is None or layout.label.index:
        return ""
    head = layout.segments[0].header_rows
    texts = [layout.grid.rows[r][0].text for r in head]
    return next((text for text in texts[1:] if _COUNT_ALONE.fullmatch(text.strip())), "")


_COUNT_ALONE = re.compile(r"[(\[]\s*[kKMG](?:/s)?\s*[)\]]")


#: Interpretations less likely than this are not heard, and no more than these are read besides the chosen one.
_HEARD, _READ = 0.05, 3
#: One as likely as this that says otherwise rules acceptance out.
_NEARLY = 0.25


class _Otherwise:
    """What the next best interpretations of a table say of the same numbers: only one that says otherwise is a doubt."""

    def __init__(self, choices: Sequence[RankedLayout], paper: PaperText, kind: TableKind) -> None:
        chosen, *others = choices
        self._share = chosen.share
        self._others: list[tuple[RankedLayout, frozenset[tuple[object, ...]]]] = []
        for other in [o for o in others if o.share > _HEARD][:_READ]:
            if other.layout.signature == chosen.layout.signature:
                continue
            said = frozenset(_said(item) for item in collect(other.layout, paper, kind))
            self._others.append((other, said))

    def heard(self, item: Found) -> tuple[float, tuple[Remark, ...]]:
        """The share of the interpretations that say the same of a number, and the likeliest that does not as a doubt."""
        if not self._others:
            return self._share, ()
        said = _said(item)
        share = self._share + math.fsum(other.share for other, all_ in self._others if said in all_)
        against = next((other for other, all_ in self._others if said not in all_), None)
        if against is None:
            return share, ()
        doubt = Doubt.UNDECIDED if against.share > _NEARLY else Doubt.OTHERWISE
        return share, (Remark(doubt, (against.layout.describe(),)),)


def _said(item: Found) -> tuple[object, ...]:
    """What an interpretation says of a number, as far as another may say otherwise."""
    row, column = item.row, item.column
    return (
        item.cell.span, item.slot.index, item.named.metric.id, item.named.band, row.model, frozenset(row.conditions),
        column.condition, row.dataset or frozenset(column.datasets), row.printed_set or column.printed_set,
    )  # fmt: skip


def read_layout(
    grid: Grid,
    choice: RankedLayout,
    found: Sequence[Found],
    paper: PaperText,
    priors: Priors,
    doubts: tuple[Remark, ...] = (),
    otherwise: _Otherwise | None = None,
) -> tuple[Weighed, ...]:
    """The readings that an interpretation gives; `doubts` are held against all of them, `otherwise` against some."""
    layout = choice.layout
    noisy = testsets.noisy_sets(unprocessed(found), priors.noisy)
    in_rows = layout.turned or layout.way in ("sections", "metric column")
    sets = testsets.TestSets(grid, paper, noisy, priors.test_set_weights)
    around = _Around(grid, paper.pesq_band)
    seen = [_seen(item, around, sets, in_rows) for item in found]
    against = vetoes([one.claim for one in seen])
    done = []
    known: dict[
        tuple[object, ...], tuple[Mapping[str, float], float]
    ] = {}  # most readings of a table are as sure
    for place, one in enumerate(seen):
        share, others = (choice.share, ()) if otherwise is None else otherwise.heard(one.item)
        reasons = (*one.reasons, *doubts, *others, *against.get(place, ()))
        key = (share, one.sure, *(reason.kind for reason in reasons))
        if key not in known:
            measured = confidence.measures(reasons, share, one.sure)
            known[key] = measured, confidence.confidence(reasons, measured, priors.confidence_weights)
        measures, sureness = known[key]
        done.append(Weighed(_reading(one, around, reasons, sureness, layout.turned), measures))
    return tuple(done)


def unprocessed(found: Sequence[Found]) -> list[tuple[LabelledRow, dict[str, float]]]:
    """The rows with their values by metric, among them perhaps the unprocessed signal's."""
    values: dict[int, tuple[LabelledRow, dict[str, float]]] = {}
    for item in found:
        if item.named.band != "NB":
            row = values.setdefault(item.row.index, (item.row, {}))[1]
            row.setdefault(item.named.metric.id, item.slot.number.value)
    return list(values.values())


def _without_settings(grid: Grid, found: list[Found]) -> list[Found]:
    """The numbers without those of a table of settings that only look like scores: the SNR of a sampler, the weight of a loss."""
    if not words.SETTINGS_CAPTION.match(grid.caption):
        return found
    return [item for item in found if item.named.metric.per_model]


def _only_settings(grid: Grid, found: Sequence[Found]) -> bool:
    """A table of hyper-parameters that happens to list parameter counts."""
    return all(item.named.metric.per_model for item in found) and bool(
        words.HYPERPARAMETERS_CAPTION.search(grid.caption)
    )


class _Around:
    """What the texts at one table say, each question asked once."""

    def __init__(self, grid: Grid, pesq_band: str) -> None:
        self.grid = grid
        self.says = protocol.TableSays(grid, pesq_band)
        self._notes: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._scopes: dict[tuple[object, ...], Scoped] = {}

    def notes(self, marks: tuple[str, ...]) -> tuple[str, ...]:
        """The notes that some marks stand for."""
        if marks not in self._notes:
            places = (*self.grid.notes, self.grid.caption)
            self._notes[marks] = tuple(note for mark in marks if (note := apart.note_for(mark, places)))
        return self._notes[marks]

    def scope(self, item: Found, notes: tuple[str, ...]) -> Scoped:
        """What is said of the scope of a number."""
        column, row, metric = item.column, item.row, item.named.metric
        key = (
            column.qualifier, column.condition, column.statistic, column.validation, row.section, row.condition, notes,
            metric.per_model, metric.id == "PESQ",
        )  # fmt: skip
        if key not in self._scopes:
            self._scopes[key] = scoped(self.grid, column, row, metric, notes)
        return self._scopes[key]


class _Seen(NamedTuple):
    """A number with all that is made out of it but its confidence; `sure` is how sure its test set is."""

    item: Found
    claim: Claim
    notes: tuple[str, ...]
    reasons: tuple[Remark, ...]
    flags: tuple[Remark, ...]
    sure: float


#: The sampling rate in Hz at which PESQ is that of P.862, since P.862.2 needs 16 kHz.
_NARROW_RATE = 8000


def _seen(item: Found, around: _Around, sets: testsets.TestSets, turned: bool) -> _Seen:
    """What a number is believed to say."""
    if item.named.metric.id == "DNSMOS" and (which := vocabulary().metric(around.says.dnsmos)) is not None:
        item = replace(item, named=replace(item.named, metric=which))
    row, column, number, metric = item.row, item.column, item.slot.number, item.named.metric
    flags = [*number.flags, *item.slot.flags]
    if not metric.plausible(number.value):
        flags.append(Remark(Flag.OUT_OF_RANGE))
    if metric.per_model:
        decision = narrowed.SetDecision("", (Remark(Ground.NOT_NEEDED),))
    else:
        decision = sets.of(column, row)
        item = _without_part(item, decision.title)
        row, column = item.row, item.column
    notes = around.notes((*row.marks, *item.cell.marks))
    scope = around.scope(item, notes)
    dataset = f"{decision.title} ({scope.split})".strip() if scope.split else decision.title
    stated = protocol.read(around.says, column, row, item.named, item.cell, dataset, scope.items)
    name = MetricName.of(metric.id, stated)
    doubts = [d for d in scope.doubts if not narrowed.goes_without_saying(str(d.details[-1]), decision.title)]
    if decision.title and not decision.near:
        doubts.append(Remark(Doubt.FAR_SET))
    elif (
        decision.title
        and not decision.known
        and not (column.printed_set or row.printed_set or column.validation)
    ):
        doubts.append(Remark(Doubt.STRANGE_SET, (decision.title,)))
    known = vocabulary().dataset(decision.title) if metric.id == "PESQ" and decision.title else None
    if known is not None and known.rate == _NARROW_RATE and stated.get("band") is None:
        if stated.get("rate") in (None, str(_NARROW_RATE)):
            doubts.append(Remark(Doubt.BAND_OF_SET))
    judged = confidence.judge(column, row, metric, decision, tuple(flags), doubts, turned=turned)
    stated = stated if metric.per_model else _trained(stated, notes)
    claim = Claim(
        _label(item, scope, turned), row.kind, str(name), metric.id, dataset, number.value, stated, row.index
    )
    return _Seen(item, claim, notes, judged, tuple(dict.fromkeys(flags)), decision.sure)


def _reading(
    one: _Seen, around: _Around, reasons: tuple[Remark, ...], sureness: float, turned: bool
) -> CellReading:
    row, column, cell, number = one.item.row, one.item.column, one.item.cell, one.item.slot.number
    at = (column.index, row.index) if turned else (row.index, column.index)
    return CellReading(
        model=one.claim.model,
        system=row.system or row.model,
        kind=row.kind,
        own=row.own,
        metric=one.claim.metric,
        quantity=one.claim.quantity,
        dataset=one.claim.dataset,
        value=number.value,
        unit=one.item.named.metric.unit,
        printed=cell.text or cell.raw,
        raw=cell.raw,
        span=cell.span,
        row=at[0],
        column=at[1],
        slot=one.item.slot.index,
        resolution=number.resolution,
        approximate=number.approximate,
        uncertainty=number.uncertainty,
        uncertainty_kind=protocol.uncertainty_kind(number.uncertainty, around.grid, column),
        parent=row.parent,
        cites=tuple(dict.fromkeys((*row.cites, *cell.cites))),
        remark=RERUN if _reproduced(row, around.grid, one.notes) else "",
        protocol=one.claim.protocol,
        confidence=sureness,
        reasons=reasons,
        flags=one.flags,
    )


def _without_part(item: Found, title: str) -> Found:
    """A number whose row and column do not repeat as a condition which part of a set `title` is."""
    row, column = item.row, item.column

    def kept(text: str) -> str:
        return narrowed.without_part(text, title) if text else ""

    said = (*row.conditions, row.condition, column.condition, column.qualifier)
    if all(kept(text) == text for text in said):
        return item

    return replace(
        item,
        row=replace(
            row,
            condition=kept(row.condition),
            conditions=tuple(c for text in row.conditions if (c := kept(text))),
        ),
        column=replace(column, condition=kept(column.condition), qualifier=kept(column.qualifier)),
    )


def _label(item: Found, scope: Scoped, turned: bool) -> str:
    """The label of a row with the conditions of its number in square brackets."""
    row, column = item.row, item.column
    conditions = list(row.conditions)
    said = next((said.value for name, said in scope.items if name == "condition"), "")
    for condition in (column.condition, said, column.qualifier if column.metrics and not turned else ""):
        if (
            condition
            and condition not in conditions
            and (condition != said or not item.named.metric.per_model)
        ):
            conditions.append(condition)
    return (row.model + "".join(f" [{c}]" for c in [" / ".join(conditions)] if c)).strip()


_ALL_RUN = re.compile(
    r"\bwe (?:have )?(?:re-?)?(?:train|implement|ran|run|reproduc|evaluat)\w* all\b|\ball (?:other |the )?(?:baselines?|models?|methods?|systems?)"
    r"[^.]{0,40}\b(?:were|are|was) (?:re-?(?:trained|produced|implemented)|trained by us|run by us|evaluated by us)",
    re.I,
)


def _reproduced(row: LabelledRow, grid: Grid, notes: Sequence[str]) -> bool:
    """Whether the authors ran a model that is not their own: by its label, its mark's note, or a sentence on all."""
    if row.own or row.kind == "reference":
        return False
    if words.REPRODUCED.search(row.printed) or any(words.REPRODUCED.search(note) for note in notes):
        return True
    quoted = any(words.QUOTED_NOTE.search(note) for note in notes)
    return not quoted and any(_ALL_RUN.search(text) for text in (grid.caption, *grid.notes))


_TRAINED_ON = re.compile(
    r"\btrain\w*(?: by us)? (?:only )?(?:on|with|using) (?P<data>[^.;,]{3,60})|\b(?P<part>(?:half|part|a subset|\d+\s?%) of the training (?:data|set))",
    re.I,
)


def _trained(stated: Protocol, notes: Sequence[str]) -> Protocol:
    """The protocol with the training data that the note of a mark names."""
    for note in notes:
        match = _TRAINED_ON.search(note)
        if match and stated.get("training") is None:
            return stated.with_(
                "training", Item((match["data"] or match["part"]).strip(), "stated", "note of its mark")
            )
    return stated
