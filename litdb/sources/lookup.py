"""Papers by their ids: one request for many, and for every id an answer or a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from litdb.errors import LitdbError, SourceError
from litdb.sources.feed import FeedClient, QueryRefused
from litdb.sources.types import ArxivId, Failure, FoundPapers, PaperRecord

_PER_REQUEST = 100  # an address of about 2,000 characters


class _Answers:
    """What is known so far about the ids asked for."""

    def __init__(self) -> None:
        self.records: dict[ArxivId, PaperRecord] = {}
        """By id as asked: with version where one was asked for."""
        self.failures: dict[ArxivId, Failure] = {}

    def fail(self, arxiv_id: ArxivId, reason: str, *, transient: bool) -> None:
        self.failures[arxiv_id] = Failure(arxiv_id, reason, transient)


def look_up(client: FeedClient, ids: Sequence[ArxivId], known: Mapping[ArxivId, PaperRecord]) -> FoundPapers:
    """Ask arXiv about these ids; records and failures come in the order asked, each id once.

    An id with a version gives that version's record, whose `newest_version` is the paper's. A list that
    partly fails fails only in that part. `known` holds newest records, by paper, that need not be asked for.
    """
    asked = list(dict.fromkeys(ids))
    newest = _Answers()
    newest.records.update(known)
    _ask(
        client,
        list(dict.fromkeys(arxiv_id.paper for arxiv_id in asked if arxiv_id.paper not in known)),
        newest,
    )
    older = [
        arxiv_id
        for arxiv_id in asked
        if arxiv_id.version is not None
        and (record := newest.records.get(arxiv_id.paper)) is not None
        and arxiv_id.version < record.version
    ]
    versions = _Answers()
    _ask(client, older, versions)
    records: list[PaperRecord] = []
    failures: list[Failure] = []
    for arxiv_id in asked:
        answer = _answer(arxiv_id, newest, versions)
        if isinstance(answer, Failure):
            failures.append(answer)
        else:
            records.append(answer)
    return FoundPapers(tuple(records), tuple(failures))


def _answer(arxiv_id: ArxivId, newest: _Answers, versions: _Answers) -> PaperRecord | Failure:
    record = newest.records.get(arxiv_id.paper)
    if record is None:
        return replace(newest.failures[arxiv_id.paper], arxiv_id=arxiv_id)
    if arxiv_id.version is None or arxiv_id.version == record.version:
        return record
    if arxiv_id.version > record.version:
        return Failure(
            arxiv_id,
            f"{arxiv_id.id} has no version {arxiv_id.version}; v{record.version} is its newest",
            False,
        )
    if arxiv_id in versions.records:
        return replace(versions.records[arxiv_id], newest_version=record.version)
    return versions.failures[arxiv_id]


def _ask(client: FeedClient, ids: list[ArxivId], answers: _Answers) -> None:
    """Fill in a record or a failure for every id; ids that an answer left out are asked once more."""
    for start in range(0, len(ids), _PER_REQUEST):
        _ask_once(client, ids[start : start + _PER_REQUEST], answers)
    missing = [
        arxiv_id for arxiv_id in ids if arxiv_id not in answers.records and arxiv_id not in answers.failures
    ]
    for group in _one_version_each(missing):
        for start in range(0, len(group), _PER_REQUEST):
            _ask_once(client, group[start : start + _PER_REQUEST], answers)
    for arxiv_id in missing:
        if arxiv_id not in answers.records and arxiv_id not in answers.failures:
            answers.fail(arxiv_id, f"arXiv knows no paper {arxiv_id}", transient=False)


def _ask_once(client: FeedClient, ids: Sequence[ArxivId], answers: _Answers) -> None:
    """One request; an id that arXiv rejects is removed and the others are asked for again."""
    left = list(ids)
    while left:
        try:
            page = client.by_ids(left)
        except QueryRefused as error:
            # "incorrect id format for X": because of X, arXiv rejects the whole list.
            words = {word.strip(".,:;'\"") for word in str(error).split()}
            wrong = [arxiv_id for arxiv_id in left if str(arxiv_id) in words] or left
            for arxiv_id in wrong:
                answers.fail(arxiv_id, str(error), transient=False)
            left = [arxiv_id for arxiv_id in left if arxiv_id not in wrong]
            continue
        except LitdbError as error:
            transient = isinstance(error, SourceError) and error.retry
            for arxiv_id in left:
                answers.fail(arxiv_id, str(error), transient=transient)
            return
        _take(page.records, left, answers)
        return


def _take(records: Iterable[PaperRecord], asked: Sequence[ArxivId], answers: _Answers) -> None:
    wanted = set(asked)
    for record in records:
        for arxiv_id in (record.arxiv_id, record.arxiv_id.with_version(record.version)):
            if arxiv_id in wanted:
                answers.records[arxiv_id] = record


def _one_version_each(ids: Iterable[ArxivId]) -> list[list[ArxivId]]:
    """The ids in groups without two versions of one paper, in case arXiv answers for one of them only."""
    groups: list[list[ArxivId]] = []
    for arxiv_id in ids:
        for group in groups:
            if not any(arxiv_id.same_paper(other) for other in group):
                group.append(arxiv_id)
                break
        else:
            groups.append([arxiv_id])
    return groups
