"""A question searched in several formulations, its papers put together and ranked, each with the reason."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from litdb.catalogue.index.common_words import without_common
from litdb.errors import UsageError
from litdb.evidence.screening import TAKEN, Candidate, Survey
from litdb.evidence.tracing.cited import KnownWork
from litdb.survey.same_work import WorkListing, family_of, same_work, title_key
from litdb.vocabulary.topics import Topic, plain_words, topics

if TYPE_CHECKING:
    from litdb.api import Catalogue, IndexHit

#: Hits of one formulation that are looked at.
_MOST_HITS = 300
#: What it counts that results of a paper are known here; meeting one topic of two more counts 0.5.
_KNOWN = 0.1
#: What it counts that a paper taken before cites it, for each of the first three.
_CITED, _MOST_CITED = 0.1, 3
#: What it counts to be the newest found, less a tenth for each year: of two that fit alike the newer one is read first.
_RECENT = 0.05
#: Words of one topic that are asked for.
_MOST_WORDS = 30


@dataclass(frozen=True, slots=True)
class Formulation:
    """One way to ask: topics that must all be met. `words` say it as a person would."""

    topics: tuple[Topic, ...]
    words: str


def formulations(question: str, *, wider: bool = False) -> list[Formulation]:
    """The ways to ask a question: all its topics with their synonyms; its own words alone; each topic with its subject.

    `wider` ways are for when these find too little: each word of its own with its subject, and each topic without. Raises
    UsageError for a question without a word.
    """
    found = [topic for topic in topics(question) if without_common(topic.words[0])]
    if not found:
        raise UsageError('the question is empty: write one like "lightweight speech enhancement"')
    subject = tuple(topic for topic in found if topic.subject)
    asked = [topic for topic in found if not topic.subject]
    ways = [tuple(found)]
    own = [
        word
        for topic in asked
        for word in re.findall(r"[^\s-]+", topic.words[0])
        if len(word) > 1 and without_common(word)
    ]
    ways.append((*(Topic(word, (word,)) for word in dict.fromkeys(own)), *subject))
    if len(asked) > 1:
        ways += [(topic, *subject) for topic in asked]
    if wider and subject:
        ways += [(Topic(word, (word,)), *subject) for word in dict.fromkeys(own)]
        ways += [(topic,) for topic in asked]
    different = {tuple(topic.words for topic in way): way for way in ways if way}
    said: set[str] = set()
    return [Formulation(way, _in_words(way, said)) for way in different.values()]


def new_survey(
    catalogue: Catalogue, question: str, *, name: str = "", since: dt.date | None = None, target: int = 30
) -> Survey:
    """Start a survey of a question, run it once, and give it back.

    Without `name` it is called by the words of the question. Raises UsageError for a name that is taken and a question
    without a word, CatalogueError when there is no index of the field.
    """
    formulations(question)  # refused before anything is asked
    called = name or re.sub(r"[^a-z0-9]+", "-", question.lower()).strip("-")[:60].strip("-")
    found = _asked(catalogue, question, since, target, ())
    catalogue.start_survey(called, question, most=target, since=since)
    return _stored(catalogue, called, found)


def run_survey(catalogue: Catalogue, name: str) -> Survey:
    """Run a survey again: what is new and what has a newer version is its `change`. Raises NotFound, CatalogueError."""
    survey = catalogue.survey(name)
    taken = tuple(one.candidate.paper for one in survey.of(TAKEN))
    return _stored(catalogue, name, _asked(catalogue, survey.question, survey.since, survey.most, taken))


def found_by(catalogue: Catalogue, question: str, *, most: int) -> tuple[Candidate, ...]:
    """The best papers for a question, without keeping them. Raises UsageError, CatalogueError without an index."""
    return _asked(catalogue, question, None, most, ()).candidates


@dataclass(frozen=True, slots=True)
class _Found:
    ways: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    identified: int
    repeated: int


def _asked(
    catalogue: Catalogue, question: str, since: dt.date | None, most: int, taken: tuple[str, ...]
) -> _Found:
    """What the formulations of a question find; wider ones are asked too where that is less than is wanted."""
    found = _searched(catalogue, formulations(question), since, most, taken)
    if len(found.candidates) >= most:
        return found
    return _searched(catalogue, formulations(question, wider=True), since, most, taken)


def _stored(catalogue: Catalogue, name: str, found: _Found) -> Survey:
    catalogue.add_survey_run(
        name, found.candidates, formulations=found.ways, identified=found.identified, repeated=found.repeated
    )  # fmt: skip
    return catalogue.survey(name)


def _searched(
    catalogue: Catalogue,
    ways: list[Formulation],
    since: dt.date | None,
    most: int,
    taken: tuple[str, ...],
) -> _Found:
    """The best papers of all formulations. One that meets more topics stands before one that meets fewer."""
    from litdb.api import Sought

    hits: dict[str, list[tuple[int, float]]] = {}
    papers: dict[str, IndexHit] = {}
    identified = 0
    for number, way in enumerate(ways):
        sought = Sought(tuple(topic.words[:_MOST_WORDS] for topic in way.topics))
        answer = catalogue.search_index(sought, since=since, most=_MOST_HITS)
        identified += answer.total
        best = max((hit.score for hit in answer.hits), default=1.0) or 1.0
        for hit in answer.hits:
            papers.setdefault(hit.paper.name, hit)
            hits.setdefault(hit.paper.name, []).append((number, hit.score / best))
    widest = max(len(way.topics) for way in ways)
    known = catalogue.papers_with_results(list(papers))
    cited = catalogue.times_cited([_work(hit) for hit in papers.values()], taken) if taken else {}
    newest = max((_year(hit) for hit in papers.values()), default=0.0)

    def weight(name: str) -> tuple[float, str]:
        met = max(len(ways[number].topics) for number, _score in hits[name])
        mean = sum(score for _number, score in hits[name]) / len(ways)
        recent = max(0.0, 1 - (newest - _year(papers[name])) / 10)
        beside = _KNOWN * (name in known) + _CITED * min(cited.get(name, 0), _MOST_CITED) + _RECENT * recent
        return met / widest + mean + beside, name

    ranked = sorted(papers, key=weight, reverse=True)
    kept, repeated = _once([papers[name] for name in ranked])
    chosen = tuple(
        _candidate(hit, hits[hit.paper.name], ways, _beside(hit, known, cited)) for hit in kept[:most]
    )
    return _Found(
        tuple(way.words for way in ways),
        chosen,
        identified,
        repeated + sum(map(len, hits.values())) - len(papers),
    )


def _once(ranked: list[IndexHit]) -> tuple[list[IndexHit], int]:
    """Each work once, where its first record stands, by that of arXiv if there is one; and how many records were left out."""
    places: dict[str, list[int]] = {}
    result: list[IndexHit] = []
    for hit in ranked:
        some = places.setdefault(title_key(hit.paper.title), [])
        same = next((at for at in some if same_work(_listing(hit), _listing(result[at]))), None)
        if same is None:
            some.append(len(result))
            result.append(hit)
        elif hit.paper.arxiv_id and not result[same].paper.arxiv_id:
            result[same] = hit
    return result, len(ranked) - len(result)


def _listing(hit: IndexHit) -> WorkListing:
    paper = hit.paper
    families = tuple(map(family_of, paper.authors))
    year = paper.first_submitted.year if paper.first_submitted else None
    return WorkListing(paper.title, year, families, paper.arxiv_id, paper.doi)


def _work(hit: IndexHit) -> KnownWork:
    return KnownWork(hit.paper.name, hit.paper.title, hit.paper.arxiv_id, hit.paper.doi)


def _year(hit: IndexHit) -> float:
    """When a paper was first submitted, in years; 0 where that is not known."""
    day = hit.paper.first_submitted
    return day.year + day.timetuple().tm_yday / 366 if day else 0.0


def _beside(hit: IndexHit, known: frozenset[str], cited: dict[str, int]) -> str:
    """What speaks for a paper besides its words."""
    name = hit.paper.name
    said = "; results known here" if name in known else ""
    return f"{said}; cited by {cited[name]} of those taken" if name in cited else said


def _candidate(hit: IndexHit, of: list[tuple[int, float]], ways: list[Formulation], beside: str) -> Candidate:
    paper = hit.paper
    numbers = sorted({number for number, _score in of})
    fullest = max((ways[number] for number in numbers), key=lambda way: len(way.topics))
    title = plain_words(paper.title)
    said = [word for topic in fullest.topics if (word := _said(topic, title))]
    where = f"title says {', '.join(said)}" if said else "said in its abstract"
    asked = ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in _runs(numbers))
    why = f"{where}; formulation{'s' if len(numbers) > 1 else ''} {asked} of {len(ways)}{beside}"
    return Candidate(
        paper.name,
        paper.title,
        paper.version,
        paper.first_submitted,
        paper.authors[:10],
        paper.doi,
        why,
    )


def _said(topic: Topic, title: str) -> str:
    return next((word for word in topic.words if f" {plain_words(word)} " in f" {title} "), "")


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Runs of numbers, counted from one: first and last of each."""
    found = []
    for _key, some in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        run = [number + 1 for _place, number in some]
        found.append((run[0], run[-1]))
    return found


def _in_words(way: tuple[Topic, ...], said: set[str]) -> str:
    """A way to ask in words; the synonyms of a topic stand where it comes first."""
    shown = []
    for topic in way:
        first = topic.name not in said and len(topic.words) > 1
        said.add(topic.name)
        shown.append(f"({' or '.join(topic.words[:_MOST_WORDS])})" if first else topic.words[0])
        if not first and len(topic.words) > 1:
            shown[-1] += " as above"
    return " and ".join(shown)
