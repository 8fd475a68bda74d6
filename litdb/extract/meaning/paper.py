"""What a whole document says about itself: the names of its own models and the test sets it is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from litdb.extract.meaning import words
from litdb.extract.meaning.across import first_words, label_texts, one_each
from litdb.extract.meaning.heads.explained import said_of_heads
from litdb.extract.meaning.own import names_in, own_names, spoken_names
from litdb.extract.meaning.scope.defined import short_names
from litdb.extract.meaning.scope.families import members
from litdb.extract.meaning.scope.mentions import Mention, is_loose, known_mentions, mentions
from litdb.extract.meaning.scope.pesq_band import of_all_scores
from litdb.extract.types import Grid
from litdb.values.names import bare_name
from litdb.vocabulary import Dataset, vocabulary


@dataclass(frozen=True, slots=True)
class PaperText:
    """A document as a whole. `own` are the names of its own models, best first; `datasets` the test sets that its
    captions (or else its prose) name; `abstract_sets` those that the abstract names, `tested_sets` those that a sentence
    says to be tested on, `everywhere` those of sentences that speak of all experiments, and `named_sets` all that are named otherwise than as training data, most often named first;
    `short_names` are names that the text gives to test sets;
    `spoken` are names that captions and sentences give to what they are about, for a document that names no model as its own;
    `labels` all texts of its tables that may be labels, `repeated` those (folded) that several tables have; `composites`
    that its tables give PESQ with CSIG, CBAK and COVL; `one_each` headings under which tables of one head stand, a model each; `strangers`
    that a head of a table names a set outside the vocabulary, beside which one in it is not the only one; `pesq_band` is that
    which the text gives for all scores, `captioned` are sets outside the vocabulary that captions name, `explained` short heads of
    tables with the metric that the text says they are."""

    title: str
    own: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    prose_datasets: tuple[Dataset, ...] = ()
    abstract_sets: tuple[Dataset, ...] = ()
    tested_sets: tuple[Dataset, ...] = ()
    named_sets: tuple[Dataset, ...] = ()
    everywhere: tuple[Dataset, ...] = ()
    short_names: tuple[tuple[str, Dataset], ...] = ()
    labels: tuple[str, ...] = ()
    repeated: frozenset[str] = frozenset()
    composites: bool = False
    one_each: frozenset[str] = frozenset()
    strangers: bool = False
    pesq_band: str = ""
    captioned: tuple[str, ...] = ()
    explained: tuple[tuple[str, str], ...] = ()


def ranked(texts: Iterable[str]) -> tuple[Dataset, ...]:
    """The test sets named in some texts, most often named first."""
    counts: Counter[Dataset] = Counter()
    for text in texts:
        named = (d for at, d in vocabulary().datasets_in(text) if not is_loose(text, at))
        counts.update(list(dict.fromkeys(named)))
    found = tuple(dataset for dataset, _ in counts.most_common())
    return tuple(d for d in found if d.id != "librimix" or not members(d, found))


def _sets(named: Iterable[Mention]) -> tuple[Dataset, ...]:
    """The test sets of some mentions, most often named first; without a family of which a member is named."""
    counts = Counter(mention.dataset for mention in named if mention.dataset is not None)
    order = [dataset for dataset, _ in counts.most_common()]
    return tuple(d for d in order if not members(d, order))


_FOR_ALL = re.compile(
    r"\b(?:all|every)\s+(?:(?:of|the|our|these|following|other|reported|presented|compared|further)\s+){0,2}"
    r"(?:experiments?|models?|systems?|methods?|networks?|results?|evaluations?|scores?|metrics?|ablations?|tables?|numbers?|baselines?|variants?)\b"
    r"|\bthroughout\b|\bunless (?:otherwise )?(?:stated|noted|specified)\b",
    re.I,
)


def _for_all(prose: str, at: int) -> bool:
    """Whether the sentence around a place speaks of all experiments."""
    begin = max(prose.rfind(end, max(0, at - 300), at) for end in (". ", "\n", ";", "}"))
    stop = re.compile(r"\.(?:\s|$)|[;\n\\]").search(prose, at)
    sentence = prose[max(begin, at - 300, 0) : min(stop.start() if stop else at + 200, at + 200)]
    return _FOR_ALL.search(sentence) is not None


def _bare(label: str) -> str:
    """A label as names are compared, without decoration."""
    for pattern in (words.LIST_NUMBER, words.YEAR_ANY, words.OURS, words.DECORATION):
        label = pattern.sub(" ", label)
    return bare_name(label)


def describe(title: str, abstract: str, grids: Sequence[Grid], kind: str, prose: str) -> PaperText:
    """Everything later steps need to know about the document."""
    captions = [grid.caption for grid in grids]
    headers = [re.sub(r"[↑↓]", "", cell.text) for grid in grids for row in grid.rows[:2] for cell in row]
    labels = dict.fromkeys(text for grid in grids for text in label_texts(grid))
    tables = Counter(name for grid in grids for name in {_bare(text) for text in first_words(grid)})
    prose = prose[:200_000]
    in_prose = [m for m in known_mentions(prose) if not m.trained]
    return PaperText(
        title,
        own_names(title, abstract, grids, kind, prose),
        spoken_names([*captions, *(grid.section for grid in grids)], prose),
        ranked([*captions, *dict.fromkeys(headers), title]),
        ranked([abstract, *(grid.section for grid in grids), *(grid.context for grid in grids)])
        or _sets(in_prose),
        _sets(m for m in known_mentions(abstract) if not m.trained),
        _sets(m for m in in_prose if m.tested),
        _sets(in_prose),
        _sets(m for m in in_prose if _for_all(prose, m.at)),
        short_names(prose, in_prose),
        tuple(labels),
        frozenset(name for name, count in tables.items() if count > 1),
        all(
            any(name == cell.upper().strip(" ↑") for cell in headers)
            for name in ("PESQ", "CSIG", "CBAK", "COVL")
        ),
        one_each(grids),
        any(m.dataset is None and not m.trained for text in dict.fromkeys(headers) for m in mentions(text)),
        of_all_scores(prose, {name for text in labels for name in names_in(text)}),
        tuple(
            dict.fromkeys(
                m.title
                for text in captions
                for m in mentions(text)
                if m.dataset is None and not (m.trained or m.nameless)
            )
        ),
        said_of_heads(grids, prose),
    )
