"""`litdb check`: a draft against the catalogue, rule by rule, with what was suppressed and what could not be checked."""

from __future__ import annotations

import contextlib
import gc
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.draft.datasets import with_datasets
from litdb.draft.finding import DraftFinding, DraftReport, DraftRule
from litdb.draft.knowledge import knowledge
from litdb.draft.rules.cells import arithmetic, cells
from litdb.draft.rules.citations import cite
from litdb.draft.rules.citing import citing
from litdb.draft.rules.marks import marks
from litdb.draft.rules.missing import missing
from litdb.draft.rules.own import own
from litdb.draft.rules.prose.averages import averages
from litdb.draft.rules.prose.columns import columns
from litdb.draft.rules.prose.consistency import consistent, how_tested
from litdb.draft.rules.prose.credit import credit
from litdb.draft.rules.prose.network import network
from litdb.draft.rules.prose.sentences import sentences
from litdb.draft.rules.prose.sums import sums
from litdb.draft.rules.prose.superlatives import superlatives
from litdb.draft.rules.units import scale, units
from litdb.draft.subject import Draft, Tally
from litdb.draft.text.project import DraftComment, DraftProject
from litdb.draft.text.reading import read_project

if TYPE_CHECKING:
    from litdb.api import Catalogue

Check = Callable[[Draft, Tally], Iterator[DraftFinding]]

#: The rules, in the order in which they look; what they find is ordered by its place.
RULES: tuple[Check, ...] = (
    cells,
    arithmetic,
    citing,
    units,
    scale,
    own,
    marks,
    missing,
    cite,
    sentences,
    sums,
    averages,
    columns,
    consistent,
    how_tested,
    superlatives,
    credit,
    network,
)


def check_draft(
    catalogue: Catalogue,
    path: str | os.PathLike[str],
    *,
    bib: str | os.PathLike[str] | None = None,
    lock: str | os.PathLike[str] | None = None,
) -> DraftReport:
    """Check a LaTeX draft, given its main file, against a catalogue; `bib` stands for the bibliography that it names.

    The values of a `lock` stand before those of the catalogue. Nothing is written. Raises InputError for a file that cannot be
    read, TooLarge past a bound on size or time.
    """
    with _without_collector():
        project = read_project(Path(path), None if bib is None else Path(bib))
        known = knowledge(catalogue)
        if lock is not None:
            from litdb.draft.locked import with_lock

            known = with_lock(known, Path(lock))
        return checked(Draft(with_datasets(project, known), known, catalogue))


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Without the collector of cycles: what a check loads stays to its end, and looking it through is a quarter of its time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def checked(draft: Draft, rules: Iterable[Check] = RULES) -> DraftReport:
    """What the rules find in a draft."""
    tally = Tally()
    found = list(dict.fromkeys(finding for rule in rules for finding in rule(draft, tally)))
    found.sort(key=lambda f: (f.place.file != draft.project.main, f.place.file, f.place.line, f.rule))
    comments = list(_ignoring(draft.project, tally))
    findings, suppressed = [], []
    used: set[int] = set()
    for finding in found:
        place = next((at for at, c in enumerate(comments) if _covers(c, finding)), None)
        if place is None:
            findings.append(finding)
        else:
            used.add(place)
            suppressed.append((finding, comments[place].reason))
    for at, comment in enumerate(comments):
        if at not in used:
            tally.unchecked(f"a comment that suppresses nothing, {comment.place.file}:{comment.place.line}")
    for remark in draft.project.remarks:
        tally.unchecked(remark)
    return DraftReport(
        tuple(findings), tuple(suppressed), dict(sorted(tally.done.items())), dict(sorted(tally.left.items()))
    )


def _ignoring(project: DraftProject, tally: Tally) -> Iterator[DraftComment]:
    """The comments that suppress something; those that lack a reason or name no rule are counted as what they are."""
    for comment in project.comments:
        if comment.verb != "ignore":
            continue
        at = f"{comment.place.file}:{comment.place.line}"
        codes = _codes(comment)
        if not comment.reason:
            tally.unchecked(f"a comment without a reason (-- REASON) suppresses nothing, {at}")
        elif not codes or codes - set(DraftRule):
            tally.unchecked(f"a comment that names no rule suppresses nothing, {at}")
        else:
            yield comment


def _codes(comment: DraftComment) -> set[str]:
    return set(filter(None, re.split(r"[\s,]+", comment.subject.upper())))


def _covers(comment: DraftComment, finding: DraftFinding) -> bool:
    return (
        finding.rule in _codes(comment)
        and finding.place.file == comment.place.file
        and finding.place.line in comment.lines
    )
