"""Papers in families by approach: what the vocabulary's words and stated components say, and likeness in words for the rest.

A family begins with the papers that something speaks for, and those that a person put there. Of these a prototype is made, in
TF-IDF weights of words and components and in topics that non-negative matrix factorisation finds in them; a paper goes
where evidence and likeness to the prototype together are greatest. Papers are looked at in the order of their names and the
factorisation begins at a fixed seed, so the order in which they come changes nothing.
"""

from __future__ import annotations

import warnings
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from litdb.evidence.components.families import (
    FamilyMember,
    NumberSpan,
    PaperApproach,
    PaperFamilies,
    PaperFamily,
    Support,
    further_text,
    supports,
)
from litdb.evidence.components.phrases import words_of
from litdb.vocabulary.families import approaches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from litdb.api import Catalogue

#: Topics that the factorisation looks for, at most.
_TOPICS, _ROUNDS, _ENOUGH = 20, 400, 1e-3
#: Words and pairs of words that are weighed, the commonest.
_MOST_COLUMNS = 20_000
#: What makes a paper part of a family's prototype, and what a person's word weighs against that.
_SURE, _GIVEN = 0.35, 3.0
#: Likeness below which a paper that nothing else speaks for is left unplaced.
_ALIKE = 0.45
#: A second family is named where this share of what speaks for the first speaks for it.
_NEARLY = 0.75
_REPRESENTATIVES, _WORDS = 3, 8
#: How often title and components count beside what abstract and tables say once.
_TITLE_TIMES, _STATED_TIMES = 3, 2


def cluster_survey(catalogue: Catalogue, survey: str = "", *, seed: int = 0) -> PaperFamilies:
    """The papers of a survey that were not dropped (without a name: all papers of the catalogue) in families by approach.

    Raises NotFound for an unknown survey, UsageError for one without a paper, ModuleNotFoundError without scikit-learn (the
    extra `survey`).
    """
    import sklearn  # noqa: F401 - said before anything is read

    return cluster_papers(catalogue.paper_approaches(survey), survey, seed=seed)


def cluster_papers(papers: Sequence[PaperApproach], survey: str = "", *, seed: int = 0) -> PaperFamilies:
    """The families of papers of which this is known."""
    some = sorted(papers, key=lambda one: (one.paper, one.title))
    known = [supports(one, approaches()) for one in some]
    ids = [family.id for family in approaches()]
    ids += sorted({one.family for one in some if one.family} - set(ids))
    evidence = np.zeros((len(some), len(ids)))
    for row, speaks in enumerate(known):
        for family, support in speaks.items():
            evidence[row, ids.index(family)] = support.weight
    weights, words = _weights(some)
    features = _joined(weights, _topics(weights, seed), sparse.csr_array(evidence))
    prototypes = _prototypes(features, evidence, [one.family for one in some], ids)
    likeness = (features @ prototypes.T).toarray()
    score = evidence + likeness
    placed: dict[str, list[int]] = defaultdict(list)
    unplaced = []
    for row, one in enumerate(some):
        best = int(score[row].argmax())
        if one.family:
            placed[one.family].append(row)
        elif evidence[row].any() or likeness[row, best] >= _ALIKE:
            placed[ids[best]].append(row)
        else:
            unplaced.append(FamilyMember(one.paper, one.title, "nothing known of it names an approach"))
    titles = {family.id: family.title for family in approaches()}
    families = []
    for family, rows in placed.items():
        place = ids.index(family)
        rows.sort(key=lambda row: (-likeness[row, place], some[row].paper))
        families.append(
            PaperFamily(
                family,
                titles.get(family, "a family of your own"),
                _words_of(rows, weights, words),
                tuple(_member(some[row], known[row], family, score[row], ids) for row in rows),
                tuple(some[row].paper for row in rows[:_REPRESENTATIVES]),
                NumberSpan.of(number for row in rows for number in some[row].params),
                NumberSpan.of(number for row in rows for number in some[row].scores),
            )
        )
    families.sort(key=lambda family: (-len(family.papers), ids.index(family.id)))
    abstracts = sum(bool(one.abstract) for one in some)
    return PaperFamilies(survey, tuple(families), tuple(unplaced), len(some), abstracts)


def _member(
    paper: PaperApproach, known: dict[str, Support], family: str, score: NDArray[np.float64], ids: list[str]
) -> FamilyMember:
    others = sorted((one for one in known if one != family), key=lambda one: -score[ids.index(one)])
    near = bool(others) and score[ids.index(others[0])] >= _NEARLY * score[ids.index(family)]
    also = others[0] if near else ""
    if paper.family:
        return FamilyMember(paper.paper, paper.title, f"put here by {paper.who}", also, paper.decision)
    why = "; ".join(known[family].why) if family in known else "its words are like those of the others"
    return FamilyMember(paper.paper, paper.title, why, also)


def _weights(papers: Sequence[PaperApproach]) -> tuple[sparse.csr_array, list[str]]:
    """TF-IDF weights, one row a paper, and the word of each column; a component is a word of its own (`has u-net`)."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

    def analysed(paper: PaperApproach) -> list[str]:
        said = _TITLE_TIMES * words_of(paper.title) + words_of(paper.abstract) + words_of(further_text(paper))
        plain = [word for word in said if word not in ENGLISH_STOP_WORDS]
        pairs = [f"{one} {other}" for one, other in pairwise(plain)]
        return plain + pairs + _STATED_TIMES * [f"has {one.component}" for one in paper.stated]

    tokens = [analysed(paper) for paper in papers]
    often = Counter(token for some in tokens for token in set(some))
    most = max(2, len(papers) // 2)  # what more papers say, such as their subject, makes none of them alike
    shared = sorted((-number, token) for token, number in often.items() if 1 < number <= most)
    words = sorted(token for _number, token in shared[:_MOST_COLUMNS])
    if not words:  # nothing that two of them share: no likeness
        return sparse.csr_array((len(papers), 0)), []
    maker = TfidfVectorizer(analyzer=list, vocabulary=words, sublinear_tf=True)
    return sparse.csr_array(maker.fit_transform(tokens)), words


def _topics(weights: sparse.csr_array, seed: int) -> sparse.csr_array:
    """How much of each topic is in each paper; without columns where there is too little for topics."""
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    number = min(_TOPICS, *(side - 1 for side in weights.shape))
    if number < 2 or not weights.nnz:
        return sparse.csr_array((len(weights.indptr) - 1, 0))
    maker = NMF(number, init="nndsvda", random_state=seed, max_iter=_ROUNDS, tol=_ENOUGH)
    with np.errstate(invalid="ignore"), warnings.catch_warnings():
        # where a few papers fit to the last digit, what is left over is less than nothing: its root is not needed
        warnings.simplefilter("ignore", ConvergenceWarning)
        return sparse.csr_array(maker.fit_transform(weights))


def _joined(*parts: sparse.csr_array) -> sparse.csr_array:
    """Words, topics and evidence side by side, each of the same length."""
    return _of_length_one(sparse.csr_array(sparse.hstack([_of_length_one(part) for part in parts])))


def _of_length_one(rows: sparse.csr_array) -> sparse.csr_array:
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1), dtype=np.float64).ravel())
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    return sparse.csr_array(sparse.diags_array(scale) @ rows)


def _prototypes(
    features: sparse.csr_array, evidence: NDArray[np.float64], given: Sequence[str], ids: list[str]
) -> sparse.csr_array:
    """One row a family: the middle of the papers that are surely of it, those a person put there counting more."""
    counts = np.zeros((len(ids), len(given)))
    for row, family in enumerate(given):
        if family:
            counts[ids.index(family), row] = _GIVEN
        elif evidence[row].max(initial=0.0) >= _SURE:
            counts[int(evidence[row].argmax()), row] = 1.0
    return _of_length_one(sparse.csr_array(sparse.csr_array(counts) @ features))


def _words_of(rows: list[int], weights: sparse.csr_array, words: list[str]) -> tuple[str, ...]:
    """The words that set these papers apart: whose weight is greater among them than over all, the most telling first."""
    if not words:
        return ()
    apart = np.asarray(weights[rows].mean(axis=0) - weights.mean(axis=0)).ravel()
    order = sorted(range(len(words)), key=lambda place: (-apart[place], words[place]))
    told: list[str] = []
    for place in order:
        if apart[place] <= 0 or len(told) == _WORDS:
            break
        if not any(words[place] in one or one in words[place] for one in told):
            told.append(words[place])
    return tuple(told)
