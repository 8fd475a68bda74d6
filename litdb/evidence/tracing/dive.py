"""One paper in depth: what it reports, what changed between its versions, whom it stands beside, and what to read next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from litdb.evidence.components.values import ChangedRow
from litdb.evidence.quotations.check import Checked
from litdb.evidence.tracing.card import Card
from litdb.evidence.tracing.cited import CitedWork, CitingPaper
from litdb.evidence.tracing.noted import Noted
from litdb.values.origin import Origin
from litdb.values.value import Value

#: How many papers are named as the next to read.
_NEXT = 5


@dataclass(frozen=True, slots=True)
class VersionChange:
    """A number that a later version of a paper prints otherwise, each with its place."""

    name: str
    metric: str
    dataset: str
    was: str
    was_in: str
    now: str
    now_in: str


@dataclass(frozen=True, slots=True)
class PaperVersions:
    """The versions of a paper that were read, and what changed from one to the next."""

    paper: str
    title: str
    versions: tuple[int, ...]
    changes: tuple[VersionChange, ...]


@dataclass(frozen=True, slots=True)
class PaperBeside:
    """Another paper that stands beside one in tables: `tables` says in how many, `models` which of its models."""

    paper: str
    title: str
    tables: int
    models: tuple[str, ...]
    read: bool

    @property
    def counted(self) -> str:
        """In how many tables, in words."""
        return "1 table" if self.tables == 1 else f"{self.tables} tables"


@dataclass(frozen=True, slots=True)
class NextPaper:
    """A paper to read next, and why."""

    paper: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Dive:
    """All that is known of one paper. `quotes` are the papers whose models stand in its tables, `quoted_by` those in whose
    tables its own models stand, `together` those whose models stand beside its own in the tables of others. `cites` is its
    bibliography and `cited_by` those whose bibliographies name it, each with the sentences that do."""

    paper: str
    title: str
    authors: tuple[str, ...]
    arxiv_id: str
    doi: str
    date: str
    venue: str
    versions: tuple[int, ...]
    notes: tuple[Noted, ...]
    changes: tuple[VersionChange, ...]
    values: tuple[Value, ...]
    ablations: tuple[ChangedRow, ...]
    quotations: tuple[Checked, ...]
    quotes: tuple[PaperBeside, ...]
    quoted_by: tuple[PaperBeside, ...]
    together: tuple[PaperBeside, ...]
    cites: tuple[CitedWork, ...]
    cited_by: tuple[CitingPaper, ...]
    cards: tuple[Card, ...]
    next: tuple[NextPaper, ...]


def changes(found: Iterable[Value]) -> tuple[VersionChange, ...]:
    """What a paper's versions print of its own models, where two that follow one another differ."""
    printed: dict[tuple[str, str, str, str], dict[int, Value]] = defaultdict(dict)
    for value in found:
        if value.origin is Origin.SELF and value.version is not None:
            item = (value.model, value.metric, value.dataset, value.protocol.digest)
            printed[item].setdefault(value.version, value)
    told = []
    for by_version in printed.values():
        order = sorted(by_version)
        for before, after in pairwise(order):
            was, now = by_version[before], by_version[after]
            if was.source_printed != now.source_printed:
                told.append(
                    VersionChange(
                        now.name,
                        now.metric,
                        now.dataset,
                        was.source_printed,
                        was.place,
                        now.source_printed,
                        now.place,
                    )
                )
    return tuple(told)


def beside(
    found: Iterable[Value],
    own: Collection[str],
    titles: Mapping[str, str],
    read: Collection[str],
    *,
    paper: str,
) -> tuple[tuple[PaperBeside, ...], tuple[PaperBeside, ...], tuple[PaperBeside, ...]]:
    """Whom a paper quotes, who quotes it, and who stands beside it in tables of others, those in most tables first.

    `found` are the values of all tables that hold a row of one of its models (`own`, by key) or are its own.
    """
    tables: dict[tuple[str, str], list[Value]] = defaultdict(list)
    for value in found:
        tables[value.row.document.paper or value.row.document.key, value.row.table].append(value)
    quotes, quoted_by, together = _Count(titles, read), _Count(titles, read), _Count(titles, read)
    for (where, _table), rows in tables.items():
        others = {v.row.model.paper: v.name for v in rows if v.row.model.paper not in ("", paper)}
        mine = [v.name for v in rows if v.model in own]
        if where == paper:
            quotes.add(others)
        elif mine:
            quoted_by.add({where: mine[0]} if where in titles else {})
            together.add({other: name for other, name in others.items() if other != where})
    return quotes.ranked(), quoted_by.ranked(), together.ranked()


class _Count:
    """In how many tables papers stand, and with which models."""

    def __init__(self, titles: Mapping[str, str], read: Collection[str]) -> None:
        self.titles, self.read = titles, read
        self.tables: Counter[str] = Counter()
        self.models: dict[str, dict[str, None]] = defaultdict(dict)

    def add(self, seen: Mapping[str, str]) -> None:
        """Count one table: papers with the name of a model of theirs in it."""
        for paper, name in seen.items():
            self.tables[paper] += 1
            self.models[paper][name] = None

    def ranked(self) -> tuple[PaperBeside, ...]:
        """Those in most tables first."""
        return tuple(
            PaperBeside(
                paper, self.titles.get(paper, ""), number, tuple(self.models[paper]), paper in self.read
            )
            for paper, number in sorted(self.tables.items(), key=lambda item: (-item[1], item[0]))
        )


def read_next(
    quotes: Sequence[PaperBeside],
    quoted_by: Sequence[PaperBeside],
    together: Sequence[PaperBeside],
    cites: Sequence[CitedWork] = (),
    cited_by: Sequence[CitingPaper] = (),
    read: Collection[str] = (),
) -> tuple[NextPaper, ...]:
    """The papers of the catalogue that stand beside it or are cited most often and were not read here; each with what it counts."""
    counts: Counter[str] = Counter()
    why: dict[str, list[str]] = defaultdict(list)
    titles: dict[str, str] = {}
    for some, words in (
        (quotes, "it quotes {} in {}"),
        (quoted_by, "{} is quoted there in {}"),
        (together, "{} stands beside it in {} of others"),
    ):
        for one in some:
            if one.read:
                continue
            counts[one.paper] += one.tables
            titles[one.paper] = one.title
            why[one.paper].append(words.format(one.models[0], one.counted))
    for work in cites:
        if work.paper and work.paper not in read and work.sentences:
            counts[work.paper] += len(work.sentences)
            titles.setdefault(work.paper, work.title)
            why[work.paper].append(f"it cites it in {_sentences(work.sentences)}")
    for citing in cited_by:
        if citing.paper not in read and citing.sentences:
            counts[citing.paper] += len(citing.sentences)
            titles.setdefault(citing.paper, citing.title)
            why[citing.paper].append(f"it is cited there in {_sentences(citing.sentences)}")
    ranked = sorted(counts, key=lambda paper: (-counts[paper], paper))
    return tuple(NextPaper(paper, titles[paper], "; ".join(why[paper])) for paper in ranked[:_NEXT])


def _sentences(found: Sequence[str]) -> str:
    return "1 sentence" if len(found) == 1 else f"{len(found)} sentences"
