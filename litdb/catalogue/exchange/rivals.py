"""One run, or one place read by hand, with another number in each of two catalogues that are merged.

Where one side replaced the number that the other still has, the replacement is followed. Else it is a conflict: with a
side taken, that is recorded as a replacement, which the other catalogue follows when it merges in turn; without, both
numbers are kept. The one of the two that sorts first keeps the name, the other gets one made from its numbers, so the
two catalogues say the same whichever merged first.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import CheckpointRow, DecisionRow, DocumentRow, ReadingRow, ScoreRow
from litdb.catalogue.decision import Reject, Replace, from_json
from litdb.catalogue.decisions import append_decision
from litdb.catalogue.exchange.file_scores import Differing, differing
from litdb.catalogue.exchange.merged import NumberConflict, Take
from litdb.catalogue.exchange.portable import PortableRow, rows
from litdb.catalogue.exchange.translate import Translation, renamed_document
from litdb.catalogue.keys import measured_key
from litdb.values.names import digest
from litdb.values.reading import ASSISTANT
from litdb.vocabulary.remarks import Mark, Remark


@dataclass(frozen=True, slots=True)
class _Pair:
    """A reading that both have, with different numbers; `source` is the other's as it stands there.

    `files` where scores of single files differ.
    """

    mine: PortableRow
    theirs: PortableRow
    source: PortableRow
    files: Differing | None = None

    @property
    def key(self) -> str:
        return str(self.mine.key)


@dataclass
class Rivals:
    """Looks for differing numbers before anything is merged, and prepares both catalogues' rows for it.

    `theirs` are readings that follow the other catalogue, `mine` those that stay as they are.
    """

    target: Session
    source: Session
    translate: Translation
    take: Take | None = None
    theirs: set[str] = field(default_factory=set)
    mine: set[str] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)
    conflicts: list[NumberConflict] = field(default_factory=list)
    _taken: list[_Pair] = field(default_factory=list)
    _rivals: list[tuple[str, str]] = field(default_factory=list)  # keys of checkpoints of one run

    def prepare(self) -> None:
        """Sort out every number that differs. Call it before any row is merged."""
        mine, theirs = _replacements(self.target), _replacements(self.source)
        runs: dict[str, list[_Pair]] = defaultdict(list)
        for pair in list(self._pairs()):
            here, there = mine.get(pair.key, {}), theirs.get(pair.key, {})
            follows = _replaced(pair.mine, there, here)
            stands = _replaced(pair.theirs, here, there)
            if follows and not stands:
                self._follow(pair)
            elif stands and not follows:
                self.mine.add(pair.key)
            elif self.take is not None:
                self._take(pair)
            elif pair.mine.values["checkpoint"] is not None:
                runs[str(pair.mine.values["checkpoint"])].append(pair)
            else:
                self._keep_both_places(pair)
        for checkpoint, pairs in sorted(runs.items()):
            self._keep_both_runs(checkpoint, pairs)

    def finish(self) -> None:
        """Record what was taken, and mark what is kept twice. Call it when all rows are in, before derivation."""
        for pair in self._taken:
            old, new = (pair.theirs, pair.mine) if self.take is Take.MINE else (pair.mine, pair.theirs)
            what = Replace(_printed(old), _number(old), _printed(new), _number(new))
            reason = f"merge: the number {'here' if self.take is Take.MINE else 'of the other catalogue'} was taken"
            append_decision(self.target, what, pair.key, reason, printed=_printed(new))
            self._reject_rivals(pair)
        for one, other in self._rivals:
            self._mark(one, other)
            self._mark(other, one)

    def _pairs(self) -> Iterator[_Pair]:
        entered = ReadingRow.by.in_(("run", "hand", ASSISTANT))
        here = {row.key: row for row in rows(self.target, ReadingRow, entered)}
        by_file = differing(self.target, self.source, self.translate.checkpoint)
        for there in rows(self.source, ReadingRow, entered):
            row = self.translate.row(there)
            mine = here.get(row.key)
            if mine is None:
                continue
            values = mine.values
            mean = str(values["checkpoint"]), str(values["dataset"]), str(values["metric"])
            files = by_file.get(mean)
            if files is not None or _content(mine) != _content(row):
                yield _Pair(mine, row, there, files)

    def _follow(self, pair: _Pair) -> None:
        self.theirs.add(pair.key)
        checkpoint = pair.mine.values["checkpoint"]
        if checkpoint is not None:  # the scores of files belong to the number
            number = select(CheckpointRow.id).where(CheckpointRow.key == checkpoint)
            dataset = ScoreRow.dataset == pair.mine.values["dataset"]
            self.target.execute(delete(ScoreRow).where(ScoreRow.checkpoint_id.in_(number), dataset))

    def _take(self, pair: _Pair) -> None:
        if self.take is Take.THEIRS:
            self._follow(pair)
        else:
            self.mine.add(pair.key)
        self._taken.append(pair)
        place = _place(pair.mine)
        self.conflicts.append(_conflict(pair, place, place, self.take))

    def _keep_both_places(self, pair: _Pair) -> None:
        _, second = sorted((pair.mine, pair.theirs), key=_content)
        moved = _rival_key(pair.key, second)
        there = self.target.scalar(select(ReadingRow.id).where(ReadingRow.key == moved))
        if second is pair.theirs:
            self.translate.readings[str(pair.source.key)] = moved
        elif there is None:
            self.target.execute(update(ReadingRow).where(ReadingRow.key == pair.key).values(key=moved))
        else:
            self.theirs.add(pair.key)
        self._touch(ReadingRow.key.in_((pair.key, moved)))
        place = _place(pair.mine)
        self.conflicts.append(_conflict(pair, place, place))

    def _keep_both_runs(self, checkpoint: str, pairs: Sequence[_Pair]) -> None:
        contents = _sides(pairs)
        second = max(contents)
        rival = f"{checkpoint}~{digest('rival', *map(str, second))[:8]}"
        there = self.target.scalar(select(CheckpointRow.id).where(CheckpointRow.key == rival))
        if second == contents[1]:
            self.translate.move_checkpoint(str(pairs[0].source.values["checkpoint"]), rival)
        elif there is None:
            self._rename(checkpoint, rival)
        else:
            self.theirs |= {pair.key for pair in pairs}
        names = (checkpoint, rival) if second == contents[1] else (rival, checkpoint)
        self.conflicts += [_conflict(pair, f"run {names[0]}", f"run {names[1]}") for pair in pairs]
        self._rivals.append((checkpoint, rival))

    def _rename(self, key: str, rival: str) -> None:
        """Give my checkpoint, its documents and readings the name of a rival."""
        checkpoint = self.target.scalars(select(CheckpointRow).where(CheckpointRow.key == key)).one()
        checkpoint.key, checkpoint.sha256 = rival, None
        checkpoint.name = f"{checkpoint.name}{rival[len(key) :]}"
        theirs = ReadingRow.checkpoint_id == checkpoint.id
        for reading in self.target.scalars(select(ReadingRow).where(theirs)):
            if reading.key == measured_key(key, reading.metric, reading.dataset):
                reading.key = measured_key(rival, reading.metric, reading.dataset)
        documents = select(ReadingRow.document_id).where(theirs)
        for document in self.target.scalars(select(DocumentRow).where(DocumentRow.id.in_(documents))):
            document.key = renamed_document(document.key, key, rival)
            document.uri = f"run {rival}"
            self.touched.add(document.id)
        self.target.flush()

    def _reject_rivals(self, pair: _Pair) -> None:
        """What an earlier merge kept beside it does not stand any more, neither number, and is no mark of the one that stands."""
        checkpoint = pair.mine.values["checkpoint"]
        sides = pair.mine, pair.theirs
        keys: ColumnElement[bool]
        if checkpoint is None:
            keys = ReadingRow.key.in_([_rival_key(pair.key, side) for side in sides])
        else:
            of_run = select(CheckpointRow.id).where(
                CheckpointRow.key.startswith(f"{checkpoint}~", autoescape=True)
            )
            keys = (
                ReadingRow.checkpoint_id.in_(of_run)
                & (ReadingRow.metric == pair.mine.values["metric"])
                & (ReadingRow.dataset == pair.mine.values["dataset"])
            )
        said = {(side.values["value"], side.values["printed"]) for side in sides}
        for reading in self.target.scalars(select(ReadingRow).where(keys)):
            if (reading.value, reading.printed) in said:
                append_decision(
                    self.target,
                    Reject(),
                    reading.key,
                    "merge: one of the two numbers was taken",
                    printed=reading.printed,
                )
                self.touched.add(reading.document_id)
        for reading in self.target.scalars(select(ReadingRow).where(ReadingRow.key == pair.key)):
            flags = json.loads(reading.flags)
            left = [flag for flag in flags if Mark.of(flag) is not Mark.RIVAL]
            if left != flags:
                reading.flags = json.dumps(left, ensure_ascii=False)
                self.touched.add(reading.document_id)

    def _mark(self, key: str, other: str) -> None:
        """Say beside all numbers of a checkpoint that the run is recorded twice."""
        said = str(Remark(Mark.RIVAL, (other,)))
        checkpoint = select(CheckpointRow.id).where(CheckpointRow.key == key)
        for reading in self.target.scalars(
            select(ReadingRow).where(ReadingRow.checkpoint_id.in_(checkpoint))
        ):
            flags = json.loads(reading.flags)
            if said not in flags:
                reading.flags = json.dumps([*flags, said], ensure_ascii=False)
                self.touched.add(reading.document_id)
        self.target.flush()

    def _touch(self, where: object) -> None:
        self.touched.update(self.target.scalars(select(ReadingRow.document_id).where(where)))  # type: ignore[arg-type]


def _replacements(session: Session) -> dict[str, dict[str, str]]:
    """What each replacement of a reading took the place of, as printed: by the reading's key and the decision's uid."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    query = select(DecisionRow.target, DecisionRow.uid, DecisionRow.detail).where(
        DecisionRow.kind == Replace.kind
    )
    for target, uid, detail in session.execute(query):
        replaced = from_json(Replace.kind, detail)
        assert isinstance(replaced, Replace)
        found[target][uid] = replaced.was
    return found


def _replaced(row: PortableRow, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether one side replaced this number of the other side's, which does not know it: a replacement of an earlier number,
    made without knowing this one, is none of this one.
    """
    return any(was == _printed(row) for uid, was in one.items() if uid not in other)


def _content(row: PortableRow) -> tuple[str, str, str, str]:
    """What a reading says, to compare and to sort by."""
    values = row.values
    number = "" if values["value"] is None else f"{values['value']:.12g}"
    return str(values["metric"]), str(values["dataset"]), number, "" if number else str(values["printed"])


def _sides(pairs: Sequence[_Pair]) -> list[list[tuple[str, ...]]]:
    """What each side says, to compare and to sort by: the numbers, and the scores of files below them."""
    files = [(pair.files.mine, pair.files.theirs) if pair.files else ("", "") for pair in pairs]
    return [
        sorted((*_content(pair.mine), mine) for pair, (mine, _) in zip(pairs, files, strict=True)),
        sorted((*_content(pair.theirs), theirs) for pair, (_, theirs) in zip(pairs, files, strict=True)),
    ]


def _rival_key(key: str, row: PortableRow) -> str:
    return digest("rival", key, *_content(row))


def _printed(row: PortableRow) -> str:
    return str(row.values["printed"])


def _number(row: PortableRow) -> float | None:
    value = row.values["value"]
    return float(value) if isinstance(value, int | float) else None


def _place(row: PortableRow) -> str:
    checkpoint = row.values["checkpoint"]
    return f"run {checkpoint}" if checkpoint is not None else str(row.values["document"])


def _conflict(pair: _Pair, my_place: str, their_place: str, taken: Take | None = None) -> NumberConflict:
    values = pair.mine.values
    about = f"{values['label']}, {values['metric']}" + (
        f" on {values['dataset']}" if values["dataset"] else ""
    )
    if pair.files is not None:
        about += f" ({pair.files.example})"
    return NumberConflict(about, _printed(pair.mine), my_place, _printed(pair.theirs), their_place, taken)
