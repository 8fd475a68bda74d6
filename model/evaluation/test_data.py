"""The files that are tested on: a test set, another part by its name, or the utterances held out for validation."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from litdb.vocabulary import vocabulary
from model.data import Pair, Split, at_rate, check, fingerprint, open_corpus, select
from model.data.audio import RESAMPLER
from model.data.check import ACCEPTED, Report
from model.data.noises import noise_types
from model.errors import DataError
from model.evaluation.summary import TestSet
from model.evaluation.systems import System
from model.metrics import RATE
from model.runs import RunFolder
from model.training.recipe import Recipe

#: What `--split` says for the held-out utterances of the training part.
VALIDATION = "validation"


@dataclass(frozen=True)
class TestData:
    """The pairs of a test set at 16 kHz, what it is, and the files left out as bad (id to reason).

    What is left out belongs to the files expected: a mean without it is partial. `outlines` are those of the clean
    recordings by id (`model.data.outline`), `noises` the noise in each file where the corpus says (`model.data.noises`).
    """

    __test__ = False  # no test class of pytest

    pairs: tuple[Pair, ...]
    test_set: TestSet
    left_out: Mapping[str, str] = field(default_factory=dict)
    outlines: Mapping[str, str] = field(default_factory=dict)
    noises: Mapping[str, str] = field(default_factory=dict)


def open_test_set(root: Path, split: str = "", name: str = "", bad: str = "refuse") -> TestData:
    """Open and check a test set, or the part named by `split`, which is never guessed.

    Bad pairs are refused, or left out when `bad` is `skip`; `name` names the set in tables.
    """
    part = open_corpus(root).testing(split)
    report = check(part)
    return _test_data(root, part, report, select(report, bad), (part.name, part.role), name)


def open_validation_set(
    root: Path, patterns: Sequence[str], split: str = "", speakers: int = 0, bad: str = "refuse"
) -> TestData:
    """The utterances of the training part whose ids fit the patterns: what design decisions may be made on.

    Raises DataError when there is no training part, or when the patterns hold out nothing.
    """
    part = open_corpus(root).training(split, speakers)
    held = tuple(pair for pair in part.pairs if any(fnmatchcase(pair.id, pattern) for pattern in patterns))
    if not held:
        raise DataError(
            f"no utterance of {part} fits {','.join(patterns)}; name those held out with --validation PATTERN,..., or "
            "look at the test set with --split test, which is logged"
        )
    chosen = Split(part.name, part.clean, part.noisy, held, (), part.role, part.speakers)
    report = check(chosen)
    title = f"{root.resolve().name} validation"
    return _test_data(root, chosen, report, select(report, bad), (part.name, VALIDATION), title)


def open_design_set(
    root: Path,
    systems: Sequence[System],
    split: str = VALIDATION,
    patterns: Sequence[str] = (),
    *,
    speakers: int = 0,
    bad: str = "refuse",
) -> TestData:
    """The files to look at while a network is designed: by default the utterances held out for validation.

    They are those of `patterns`, else those that the last system with a training run held out, else the recipe's. Another
    `split` is opened as it is named.
    """
    if split != VALIDATION:
        return open_test_set(root, split, "", bad)
    known = [config for system in systems if (config := _training(system.run()))]
    recipe = known[-1]["recipe"] if known else Recipe().to_json()
    part = "" if speakers or not known else str(known[-1]["data"].get("split") or "")
    if part not in {found.name for found in open_corpus(root).splits}:
        part = ""  # the folder is another than the run was trained on, or the run is older than the names of parts
    return open_validation_set(root, tuple(patterns) or tuple(recipe["validation"]), part, speakers, bad)


def _training(run: Path | None) -> dict[str, Any] | None:
    """The configuration of a training run, or None."""
    config = RunFolder(run).config() if run is not None else {}
    return config if config.get("kind") == "training" else None


def _test_data(
    root: Path, part: Split, report: Report, pairs: tuple[Pair, ...], known: tuple[str, str], name: str
) -> TestData:
    ids = {path: pair.id for pair in part.pairs for path in (pair.clean, pair.noisy)}
    left_out = {
        ids.get(problem.file, problem.file.stem): f"left out: {problem.kind}, {problem.detail}"
        for problem in report.problems
        if problem.kind not in ACCEPTED
    }
    files = len(pairs) + len(left_out)
    split, role = known
    test_set = TestSet(
        name=name or part.title or _title(root, part, {*(pair.id for pair in pairs), *left_out}),
        files=files,
        fingerprint=fingerprint(pairs),
        split=split,
        role=role,
        rates=report.rates,
        resampler=RESAMPLER if any(rate != RATE for rate in report.rates) else None,
    )
    return TestData(at_rate(pairs, RATE), test_set, left_out, report.outlines, noise_types(root))


def _title(root: Path, part: Split, names: Collection[str]) -> str:
    """A known test set is told from the names of all its files, where the folder is not called after another known one (a copy
    with reverberation has the same names); any other is called after its folder.
    """
    called = root.resolve().name
    whole = [known for known in vocabulary().datasets if known.is_whole(names)]
    others = {known.id for _at, known in vocabulary().datasets_in(called)} - {known.id for known in whole}
    if len(whole) == 1 and not others:
        return whole[0].title
    return called if part.name in ("test", "all") else f"{called} {part.name}"
