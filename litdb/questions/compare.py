"""From the words of `litdb compare` to comparisons: names and files of scores become systems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.catalogue.views.scores import asked_test_set
from litdb.errors import InputError, UsageError
from litdb.evidence.rows.refusals import Refusals
from litdb.evidence.runs.grouping import Group, compare_groups
from litdb.evidence.runs.pairing import Comparison, compare_systems
from litdb.evidence.runs.subsets import plain, read_conditions
from litdb.evidence.runs.system import System
from litdb.extract.results import OwnResults, read_results
from litdb.questions.systems import find_system
from litdb.questions.tables.refused import known_of, refusals
from litdb.sources.files import read_file
from litdb.vocabulary import MetricName, vocabulary

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def compare_named(
    session: Session,
    systems: Sequence[str],
    groups: Mapping[str, Sequence[str]],
    metrics: Sequence[str],
    dataset: str,
    conditions: Path | None,
) -> list[Comparison]:
    """Compare what the words name: either systems or groups. Raises UsageError, NotFound, Ambiguous, InputError."""
    test_set = asked_test_set(session, dataset).id
    names = [vocabulary().metric_name(metric) for metric in metrics]
    for name in names:
        quantity = vocabulary().metric(name.quantity)
        if quantity is not None and quantity.per_model:
            raise UsageError(f"{name} belongs to a model, not to its output: `litdb table --models` shows it")
    if systems and groups:
        raise UsageError("give either systems to compare, or groups of runs with --group, not both")
    if groups:
        if conditions is not None:
            raise UsageError("--conditions splits comparisons of two systems, not of groups")
        made = [
            Group(name, tuple(_system(session, run, test_set, names) for run in runs))
            for name, runs in groups.items()
        ]
        return compare_groups(made, names)
    split = read_conditions(read_file(str(conditions)), str(conditions)) if conditions is not None else None
    found = [_system(session, word, test_set, names) for word in systems]
    if any(system.means and not system.run for system in found):  # published ones
        models = {value.model for system in found for value in system.means.values()}
        against = refusals(session, test_set, known_of(session, test_set, models))
        found = [_with_refusals(system, against) for system in found]
    return compare_systems(found, names, split)


def _with_refusals(system: System, against: Refusals) -> System:
    """A system with what speaks against its means."""
    told = {
        metric: refusal
        for metric, value in system.means.items()
        if (refusal := against.of(value)) is not None
    }
    return replace(system, refusals=told)


def _system(session: Session, word: str, dataset: str, metrics: Sequence[MetricName]) -> System:
    if Path(word).suffix.lower() in (".csv", ".tsv", ".json", ".jsonl", ".txt") and Path(word).is_file():
        return _file(word, dataset)
    return find_system(session, word, dataset, metrics)


def _file(name: str, dataset: str) -> System:
    """A file of scores by utterance as a system. Raises InputError for a file of means."""
    results = read_results(read_file(name), name)
    if not results.utterances:
        raise InputError(
            f"{name} has no scores by file: give one row a file, as `litdb model evaluate --csv` writes"
        )
    scores: dict[str, dict[str, float]] = {}
    failed: dict[str, dict[str, str]] = {}
    for file, metric, value, error in results.utterances:
        if value is None:
            failed.setdefault(metric, {})[plain(file)] = error
        else:
            scores.setdefault(metric, {})[plain(file)] = value
    return System(name=name, model=name, dataset=dataset, scores=scores, failed=failed, marks=_said(results))


def _said(results: OwnResults) -> tuple[str, ...]:
    """What must be said beside the scores of a file: what its tool does in its own way, what was left out."""
    return (*(str(mark) for some in results.marks.values() for mark in some), *results.notes)
