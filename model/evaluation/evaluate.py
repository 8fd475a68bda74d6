"""Scoring checkpoints and folders of enhanced audio on a test set, resumable, into a run folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from model.data import Pair, at_rate, check, fingerprint, open_corpus, select
from model.data.audio import audio_files
from model.data.check import ACCEPTED
from model.errors import EvaluationError, ModelUsageError
from model.evaluation.pool import FileScore, ScorePool, ScoreTask
from model.evaluation.summary import Summary, TestSet, check_same_set, record
from model.metrics import NAMES, RATE
from model.runs import RunFolder, sha256

#: Files of the VoiceBank+DEMAND test set, speakers p232 and p257.
_VOICEBANK_FILES = 824


@dataclass(frozen=True)
class TestData:
    """The pairs of a test set at 16 kHz, what it is, and the files left out as bad (id to reason).

    What is left out belongs to the files expected: a mean without it is partial.
    """

    __test__ = False  # no test class of pytest

    pairs: tuple[Pair, ...]
    test_set: TestSet
    left_out: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class System:
    """What is scored: a checkpoint file, a folder of enhanced audio, or the noisy files as they are."""

    name: str
    source: str
    path: Path | None = None


#: Called after each file with the system's name, files done and files in all.
Progress = Callable[[str, int, int], None]


def quiet(name: str, done: int, total: int) -> None:
    """No progress."""


def open_test_set(root: Path, split: str = "test", name: str = "", bad: str = "refuse") -> TestData:
    """Open and check a test set. Bad pairs are refused, or left out when `bad` is `skip`; `name` names it in tables."""
    corpus = open_corpus(root)
    report = check(corpus.split(split))
    pairs = select(report, bad)
    left_out = {
        problem.file.stem: f"left out: {problem.kind}, {problem.detail}"
        for problem in report.problems
        if problem.kind not in ACCEPTED
    }
    files = len(pairs) + len(left_out)
    voicebank = files == _VOICEBANK_FILES and {pair.speaker for pair in pairs} == {"p232", "p257"}
    title = name or ("VoiceBank+DEMAND" if voicebank else root.resolve().name)
    return TestData(at_rate(pairs, RATE), TestSet(title, files, fingerprint(pairs)), left_out)


def checkpoints_in(folder: Path) -> list[System]:
    """The checkpoints of a run folder, or of any folder with `.pt` or `.pth` files.

    Raises ModelUsageError when there is none.
    """
    if not folder.is_dir():
        raise ModelUsageError(f"{folder} is not a folder")
    records = RunFolder(folder).checkpoints()
    if records:
        return [System(record.name, "checkpoint", folder / record.file) for record in records]
    files = sorted(
        path for path in folder.iterdir() if path.suffix in (".pt", ".pth") and path.name != "resume.pt"
    )
    if not files:
        raise ModelUsageError(f"{folder} holds no checkpoint (.pt or .pth file)")
    return [System(path.stem, "checkpoint", path) for path in files]


def run_of(checkpoint: Path) -> Path | None:
    """The run folder a checkpoint lies in, or None."""
    return checkpoint.parent if (checkpoint.parent / "config.json").exists() else None


def evaluate(
    systems: Sequence[System],
    data: TestData,
    *,
    workers: int,
    run: Path | None = None,
    save: Path | None = None,
    progress: Progress = quiet,
) -> list[tuple[Summary, list[FileScore]]]:
    """Score every system on every file, files in parallel.

    With `run`, scores are kept in that folder, and files that were scored before (same checkpoint, same test set) are
    not scored again. With `save`, enhanced audio is written to `save/<system>/<id>.wav`. Systems with the same bytes
    are scored once. Raises EvaluationError when a file of enhanced audio is ambiguous or scoring breaks down.
    """
    names = [system.name for system in systems]
    for name in names:
        if names.count(name) > 1:
            raise ModelUsageError(f"two systems are called {name!r}; evaluate them one at a time")
    if run is not None:
        check_same_set(run, data.test_set)
    done: dict[str, list[FileScore]] = {}
    results = []
    with ScorePool(workers) as pool:
        for system in systems:
            digest = sha256(system.path) if system.source == "checkpoint" and system.path else None
            if digest is not None and digest in done and save is None:
                scores = done[digest]
            else:
                scores = _score(system, digest, data, pool, run, save, progress)
            if digest is not None:
                done[digest] = scores
            summary = Summary.of(system.name, system.source, digest, scores, data.test_set)
            if run is not None:
                record(run, data.test_set, summary, scores)
            results.append((summary, scores))
    if run is not None:
        for system in systems:
            _part(run, data, system).unlink(missing_ok=True)
    return results


def _score(
    system: System,
    digest: str | None,
    data: TestData,
    pool: ScorePool,
    run: Path | None,
    save: Path | None,
    progress: Progress,
) -> list[FileScore]:
    tasks, found = _tasks(system, data, save)
    found.extend(
        FileScore(name, (None,) * len(NAMES), reason) for name, reason in sorted(data.left_out.items())
    )
    part = _part(run, data, system) if run is not None else None
    identity = json.dumps(
        {"sha256": digest, "source": system.source, "fingerprint": data.test_set.fingerprint}
    )
    # enhanced folders have no hash of their own, and audio that is to be written has to be made anew
    kept = _kept(part, identity) if part is not None and digest is not None and save is None else {}
    found.extend(kept.values())
    tasks = [task for task in tasks if task.id not in kept]
    progress(system.name, len(found), data.test_set.files)
    file = None
    if part is not None:
        part.parent.mkdir(parents=True, exist_ok=True)
        lines = [identity, *(_line(score) for score in kept.values())]
        part.write_text("".join(f"{line}\n" for line in lines))
        file = part.open("a")
    try:
        for score in pool.run(tasks):
            found.append(score)
            if file is not None:
                file.write(_line(score) + "\n")
                file.flush()
            progress(system.name, len(found), data.test_set.files)
    finally:
        if file is not None:
            file.close()
    return sorted(found, key=lambda score: score.id)


def _tasks(system: System, data: TestData, save: Path | None) -> tuple[list[ScoreTask], list[FileScore]]:
    """The work for a system, and scores of files that cannot be scored because they are not there."""
    if system.source != "enhanced":
        checkpoint = system.path if system.source == "checkpoint" else None
        folder = None if save is None else save / system.name
        return [
            ScoreTask(pair.id, pair.clean, pair.noisy, checkpoint, folder and folder / f"{pair.id}.wav")
            for pair in data.pairs
        ], []
    files = enhanced_files(system.path) if system.path else {}
    tasks, absent = [], []
    for pair in data.pairs:
        path = files.get(pair.id) or files.get(pair.clean.stem)
        if path is None:
            absent.append(FileScore(pair.id, (None,) * len(NAMES), "no enhanced file of this name"))
        else:
            tasks.append(ScoreTask(pair.id, pair.clean, path))
    if not tasks:
        raise EvaluationError(
            f"{system.path} has no file named like one of the test set, such as {data.pairs[0].id}.wav"
        )
    return tasks, absent


def enhanced_files(folder: Path) -> dict[str, Path]:
    """Stem -> file of a folder of enhanced audio. Raises EvaluationError when two files share a stem."""
    if not folder.is_dir():
        raise ModelUsageError(f"{folder} is not a folder")
    files: dict[str, Path] = {}
    for path in audio_files(folder):
        if path.stem in files:
            raise EvaluationError(
                f"{path.name} and {files[path.stem].name} in {folder} are two files for one utterance"
            )
        files[path.stem] = path
    return files


def _part(run: Path, data: TestData, system: System) -> Path:
    return run / "scores" / data.test_set.slug / f".{system.name}.part"


def _line(score: FileScore) -> str:
    return json.dumps([score.id, score.values, score.error, score.notes])


def _kept(part: Path, identity: str) -> dict[str, FileScore]:
    """Scores of an interrupted evaluation of the same checkpoint on the same files."""
    if not part.exists():
        return {}
    lines = part.read_text().split("\n")
    if lines[0] != identity:
        return {}
    kept = {}
    for line in lines[1:]:
        try:
            name, values, error, notes = json.loads(line)
        except ValueError:  # the last line of a killed process
            continue
        kept[name] = FileScore(name, tuple(values), error, tuple(notes))
    return kept
