"""Which test set a number is on: evidence from header, row, caption, notes and text that adds up, with "unknown" winning.

Every place that names a test set speaks for it, the nearer the more; what the paper's other tables and its prose say is
weak. A candidate must beat "not told". The weights are fitted (`[test_set]` in `layout/weights.toml`).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from litdb.extract.meaning.heads.segment import ReadColumn
from litdb.extract.meaning.labelled.labels import LabelledRow
from litdb.extract.meaning.paper import PaperText
from litdb.extract.meaning.priors import NoisyRow
from litdb.extract.meaning.scope.around import around
from litdb.extract.meaning.scope.defined import names_short
from litdb.extract.meaning.scope.families import EDITIONS
from litdb.extract.meaning.scope.mentions import Mention, mentions
from litdb.extract.meaning.scope.narrowed import Around, SetDecision, joined, refined, title_of
from litdb.extract.types import Grid
from litdb.values.names import bare_name
from litdb.vocabulary import Dataset, vocabulary
from litdb.vocabulary.remarks import Ground, Remark


def noisy_sets(
    rows: Sequence[tuple[LabelledRow, dict[str, float]]], known: Sequence[NoisyRow]
) -> Mapping[str, bool]:
    """For each test set whose unprocessed row is known, whether that of a table has its values; empty without one.

    Unprocessed rows that disagree on a set say nothing of it: each is that of its own group of rows.
    """
    found: dict[str, bool] = {}
    undecided = set()
    for row, values in rows:
        if row.kind != "reference" or re.search(
            r"clean|target|oracle|ideal|bound|reference|ground", row.model, re.I
        ):
            continue
        for noisy in known:
            agrees = _has_values(noisy, values)
            if agrees is not None and found.setdefault(noisy.title, agrees) != agrees:
                undecided.add(noisy.title)
    return {title: agrees for title, agrees in found.items() if title not in undecided}


def _has_values(noisy: NoisyRow, values: Mapping[str, float]) -> bool | None:
    """Whether an unprocessed row has the values of that of a known set; None where it does not tell."""
    compared = [name for name, _, _ in noisy.values if name in values]
    agreeing = {name for name, low, high in noisy.values if name in values and low <= values[name] <= high}
    decisive = [name in agreeing for name in compared if name in noisy.decisive]
    if not (decisive and noisy.alone) and len(agreeing) < 2 and all(decisive):
        return None
    agrees = sum(decisive) * 2 > len(decisive) or (len(decisive) == 1 and decisive[0])
    if agrees and len(agreeing) * 2 <= len(compared) and len(compared) > 1:
        return None  # one value that fits among others that do not
    return agrees


_GROUNDS = {
    "header": Ground.HEADER, "row": Ground.ROW, "group": Ground.ROW, "caption": Ground.CAPTION, "note": Ground.NOTE,
    "lead": Ground.TEXT_AROUND, "context": Ground.TEXT_AROUND, "table sentence": Ground.TEXT_AROUND,
    "heading": Ground.HEADING, "outer heading": Ground.HEADING, "title": Ground.TITLE,
    "abstract alone": Ground.ABSTRACT, "abstract first": Ground.ABSTRACT, "tested alone": Ground.TESTED_ON, "tested first": Ground.TESTED_ON,
    "everywhere": Ground.TESTED_ON, "files": Ground.FILES_COUNTED, "noisy": Ground.NOISY_ROW, "tables alone": Ground.OTHER_TABLES, "tables first": Ground.OTHER_TABLES_FIRST, "prose alone": Ground.TEXT,
    "prose first": Ground.TEXT_FIRST,
    "composites": Ground.COMPOSITES,
}  # fmt: skip
#: Grounds of which three together stand for one at the table.
_FAR = ("tables alone", "prose alone", "prose first", "composites", "title", "abstract alone", "tested alone")
_AGAINST = frozenset(
    ("not noisy", "nearer names another", "header or row names another", "outside the vocabulary")
)
#: That the numbers of a table are on other data than those of the paper's other tables, or on single files.
_ELSEWHERE = re.compile(
    r"\bper[- ](?:sample|file|utterance|clip)\b|\bout[- ]of[- ](?:distribution|domain|corpus)\b|\bOOD\b|\bcross[- ](?:corpus|corpora|data ?set|domain)\b|\b(?:another|other|unseen|different) (?:data ?sets?|corp(?:us|ora)|test sets?)\b",
    re.I,
)
#: Corpora that sets are mixed of: what bears their name is no model, though it may stand where models do.
_OF_CORPORA = re.compile(
    r"(?<![A-Za-z])(?:WSJ|TIMIT|Libri(?!SE)|VCTK|VoiceBank|DEMAND|NOISEX|CHiME|AISHELL|WHAM|MUSAN|QUT|DNS)(?![a-z])"
)
_OWN = re.compile(r"^(?:our|own|self)\b", re.I)
_NEAR = (
    "header", "row", "group", "caption", "note", "lead", "context", "table sentence", "heading", "outer heading", "files",
    "noisy",
)  # fmt: skip
#: Places that speak of the table and of others.
_AROUND = frozenset(("lead", "context", "table sentence", "heading", "outer heading"))

Evidence = Mapping[str, Mapping[str, float]]


class TestSets:
    """The test sets of the numbers of one table; numbers that header and rows say the same of are decided together."""

    __test__ = False

    def __init__(
        self, grid: Grid, paper: PaperText, noisy: Mapping[str, bool], weights: Mapping[str, float]
    ) -> None:
        self._grid, self._paper, self._noisy, self._weights = grid, paper, noisy, weights
        self._around = around(grid)
        self._known: dict[object, SetDecision] = {}

    def of(self, column: ReadColumn, row: LabelledRow) -> SetDecision:
        """The test set of one score."""
        key = (
            tuple([d.id for d in column.datasets]), column.printed_set, column.validation, column.reverb, column.header,
            row.dataset.id if row.dataset is not None else "", row.printed_set, row.reverb, row.section,
        )  # fmt: skip
        if key not in self._known:
            self._known[key] = decide(
                self._grid, column, row, self._paper, self._noisy, self._weights, self._around
            )
        return self._known[key]


def decide(
    grid: Grid,
    column: ReadColumn,
    row: LabelledRow,
    paper: PaperText,
    noisy: Mapping[str, bool],
    weights: Mapping[str, float],
    said: Around,
) -> SetDecision:
    """The test set of one score; `noisy` says which sets' unprocessed rows the table has, `said` what is around it."""
    if column.validation:
        return SetDecision(
            column.validation, (Remark(Ground.PART_IN_HEADER, (column.header,)),), 0.9, near=True, known=False
        )
    found = _weighed(evidence(grid, column, row, paper, noisy, said), weights)
    whole = joined(found, column, row, said, noisy, paper)
    return refined(whole, grid, column, row, paper, noisy)


def evidence(  # noqa: C901 - the list of grounds, one statement each
    grid: Grid,
    column: ReadColumn,
    row: LabelledRow,
    paper: PaperText,
    noisy: Mapping[str, bool],
    at_table: Around,
) -> dict[str, dict[str, float]]:
    """What speaks for each candidate, by title: 1 for a place that names it, a share where it names several."""
    found: dict[str, dict[str, float]] = defaultdict(dict)

    def add(place: str, titles: Iterable[str], value: float = 1.0) -> None:
        for title in titles:
            found[title][place] = max(found[title].get(place, 0.0), value)

    short = names_short(column.header, paper.short_names)
    add("header", [d.title for d in short or column.datasets])
    if column.printed_set and not short:
        add("header", [column.printed_set])
    short = names_short(row.printed_set or row.section, paper.short_names)
    if row.dataset is not None or short:
        add("row", [d.title for d in short or (row.dataset,) if d is not None])
    elif row.printed_set:
        add("row", [row.printed_set])
    for place, said in at_table:
        tested = _narrowed([m for m in said if not m.trained])
        named_ = [
            m for m in tested if not m.nameless
        ]  # 'real recordings' only describes a set that has a name
        titles = list(dict.fromkeys(m.title for m in named_ or tested))
        add(place, titles, 1.0 / len(titles) if titles else 0.0)
        tested_on = list(dict.fromkeys(m.title for m in named_ or tested if m.tested))
        if len(tested_on) == 1:
            add(f"{place} tested", tested_on)
        add(f"{place} trained", [m.title for m in said if m.trained and m.title not in titles])
    if not any(place == "caption" for place, _ in at_table):  # a set that another caption names in full
        add(
            "caption",
            [t for t in paper.captioned if re.search(rf"(?<![\w-]){re.escape(t)}(?!\w)", grid.caption)],
        )
    add("title", dict.fromkeys(m.title for m in mentions(paper.title) if not m.trained and not m.nameless))
    if len(paper.everywhere) == 1:
        add("everywhere", [paper.everywhere[0].title])
    for place, named_there in (
        ("tables", paper.datasets), ("prose", paper.prose_datasets), ("abstract", paper.abstract_sets),
        ("tested", paper.tested_sets), ("named", paper.named_sets),
    ):  # fmt: skip
        named_there = tuple(
            d for d in named_there if place == "tables" or d.id != "dns"
        )  # far off, a field of work
        if place == "tables" and paper.strangers and len(named_there) == 1:
            continue  # tables that name nothing may be on the one or on the other
        if len(named_there) == 1:
            add(f"{place} alone", [named_there[0].title])
        elif named_there:
            add(f"{place} first", [named_there[0].title])
            add(f"{place} others", [d.title for d in named_there[1:]])
    vbd = title_of("vbd")
    for title, agrees in noisy.items():
        if agrees:
            add("noisy", [title])
        elif title in found:
            add("not noisy", [title])
    if noisy.get(vbd) is False:
        add("not noisy", [vbd])
    if paper.composites:
        add("composites", [vbd])
    counted = _counted(grid)
    if counted is not None:
        add("files", [counted.title])
        if any(m.dataset == counted for _, said in at_table for m in said):
            add("lead", [counted.title])  # named, if only as trained on, and its test files counted
    own = {bare_name(name) for name in (*paper.own, *paper.labels)} - {
        bare_name(m.title) for _, said in at_table for m in said if m.called
    }
    for title in [
        t
        for t, places in found.items()
        if "header" not in places and "row" not in places and bare_name(t) in own
    ]:
        if vocabulary().dataset(title) is None and not _OF_CORPORA.search(title):
            del found[title]  # a model of the paper's, not a test set
    _with_edition(found)
    _without_family(found)
    if _ELSEWHERE.search(f"{grid.caption}\n{grid.section}\n{column.header}"):
        for title in [t for t, places in found.items() if not any(p in _NEAR for p in places)]:
            del found[title]  # what the paper tests on otherwise is just what this table is not on
    _without_descriptions(found, {m.title for _, said in at_table for m in said if m.nameless})
    _against_each_other(found)
    return {title: places for title, places in found.items() if not _AGAINST.issuperset(places)}


def _with_edition(found: dict[str, dict[str, float]]) -> None:
    """A family without its edition is the one edition that the texts at the table name: both speak for it."""
    for family, editions in EDITIONS.items():
        whole = title_of(family)
        near = [
            title
            for title in map(title_of, editions)
            if any(place in _NEAR for place in found.get(title, ()))
        ]
        if len(near) == 1 and whole in found and not {"header", "row"} & set(found[whole]):
            for place, value in found.pop(whole).items():
                found[near[0]][place] = max(found[near[0]].get(place, 0.0), value)


def _without_family(found: dict[str, dict[str, float]]) -> None:
    """The family of a part that is named is no rival of it, unless the table names the family and not one part alone."""
    parts = [t for t in found if t.startswith(f"{title_of('dns2020')} (")]
    near = [t for t in parts if any(place in _NEAR and place not in ("noisy", "files") for place in found[t])]
    for title in [t for t in found if parts and _generic(t) and not {"header", "row"} & set(found[t])]:
        if len(near) == 1 or not any(place in _NEAR for place in found[title]):
            del found[title]


def _against_each_other(found: dict[str, dict[str, float]]) -> None:
    """What a nearer place says of another set speaks against one; what is far from the table is then not heard at all."""
    _by_caption(found)
    near = {title for title, places in found.items() if any(place in _NEAR for place in places)}
    told = {title for title, places in found.items() if "header" in places or "row" in places}
    for title, places in found.items():
        if told and title not in told:
            places["header or row names another"] = 1.0
        elif near and title not in near:
            for place in [place for place in places if place != "not noisy"]:
                del places[place]
            places["nearer names another"] = 1.0
        if vocabulary().dataset(title) is None:
            places["outside the vocabulary"] = 1.0


def _by_caption(found: dict[str, dict[str, float]]) -> None:
    """Where a caption names one known set, what sentences and headings around the table name otherwise is of other tables."""
    named = [title for title, places in found.items() if places.get("caption") == 1.0]
    if len(named) != 1 or vocabulary().dataset(named[0]) is None or named[0] == title_of("dns"):
        return
    for title, places in found.items():
        if (
            title == named[0]
            or title.startswith(f"{named[0]} (")
            or {"header", "row", "group", "note"} & set(places)
        ):
            continue
        for place in [p for p in places if p.split(" tested")[0] in _AROUND]:
            del places[place]


def _without_descriptions(found: dict[str, dict[str, float]], described: set[str]) -> None:
    """A description such as 'real recordings' is a candidate only where nothing at the table, and no sentence, names a set."""
    named = [places for title, places in found.items() if title not in described]
    if any(
        place in _NEAR or place in ("tested alone", "named alone") for places in named for place in places
    ):
        for title in described:
            found.pop(title, None)


def _generic(title: str) -> bool:
    return title in (title_of("dns"), title_of("dns2020"))


def _narrowed(found: Sequence[Mention]) -> list[Mention]:
    """Without the name of a family when one of its members is named too."""
    specific = [m for m in found if not _generic(m.title)]
    if any(m.dataset is not None and m.dataset.id.startswith("dns") for m in specific):
        return specific
    return list(found)


def _weighed(found: Evidence, known: Mapping[str, float]) -> SetDecision:
    """The likeliest candidate; none where "not told" is likelier."""
    scores = {"": known.get("not told", 0.0)}
    for title, places in found.items():
        scores[title] = math.fsum(value * known.get(place, 0.0) for place, value in places.items())
    top = max(scores.values())
    parts = {title: math.exp(value - top) for title, value in scores.items()}
    total = math.fsum(parts.values())
    order = sorted(parts, key=lambda title: (-parts[title], title))
    best = order[0]
    second = order[1] if len(order) > 1 else ""
    sure = parts[best] / total
    strange = best and vocabulary().dataset(best) is None
    if best and (
        sure < 0.5 or (strange and sure < 0.75 and not {"header", "row", "caption"} & set(found[best]))
    ):
        best, second = "", best  # a wrong test set is worse than none
    if not best:
        return SetDecision("", (Remark(Ground.NONE),), sure, second, near=False, known=False)
    grounds = tuple(
        dict.fromkeys(  # several places may be one ground
            Remark(_GROUNDS[place], ("",) if place == "header" else ())
            for place in found[best]
            if place in _GROUNDS
        )
    )
    near = (
        any(place in _NEAR or place == "everywhere" for place in found[best])
        or sum(place in _FAR for place in found[best]) >= 3
    )
    if _OWN.match(best):
        return SetDecision("", grounds, sure, second, near, known=False)  # 'our recordings' is no name
    return SetDecision(best, grounds, sure, second, near, vocabulary().dataset(best) is not None)


def _counted(grid: Grid) -> Dataset | None:
    """The test set whose number of files the text around the table gives ('824 for test')."""
    return _counted_in("\n".join((*grid.notes, grid.context))[:4000])


@lru_cache(maxsize=256)
def _counted_in(text: str) -> Dataset | None:
    for dataset in vocabulary().datasets:
        if not dataset.files or dataset.files % 10 == 0:
            continue  # round counts belong to many sets
        number = rf"(?<![\d.,]){dataset.files}(?![\d.,%]*\d)"
        before, after = (
            rf"\btest[^.\n]{{0,40}}{number}",
            rf"{number}[^.\n]{{0,40}}\b(?:test|utterances?|files?|clips?|pairs?)\b",
        )
        if re.search(f"{before}|{after}", text, re.I):
            return dataset
    return None


def nearest(grid: Grid) -> Dataset | None:
    """The test set named by the notes, the paragraphs about the table or the heading above it."""
    for place, said in around(grid):
        known = [m.dataset for m in said if m.dataset is not None and not m.trained]
        if place != "caption" and len(set(known)) == 1:
            return known[0]
    return None
