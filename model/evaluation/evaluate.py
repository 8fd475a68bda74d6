"""Scoring checkpoints and folders of enhanced audio on a test set, resumable, into a run folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from model.data.audio import RESAMPLER
from model.errors import ModelUsageError
from model.evaluation.alignment import Offset
from model.evaluation.cluster import Cluster
from model.evaluation.enhanced import EnhancedAudio, open_enhanced
from model.evaluation.pool import FileScore, ScorePool, ScoreTask, unscored
from model.evaluation.summary import Origin, Summary, check_same_set, record
from model.evaluation.systems import System
from model.evaluation.test_data import TestData
from model.metrics import RATE

#: Called after each file with the system's name, files done and files in all.
Progress = Callable[[str, int, int], None]


def quiet(name: str, done: int, total: int) -> None:
    """No progress."""


@dataclass(frozen=True)
class _Place:
    """Where a system's scores are kept while it is scored, and what must be the same for them to be used again."""

    path: Path
    identity: str


def evaluate(
    systems: Sequence[System],
    data: TestData,
    *,
    workers: int | Cluster,
    run: Path | None = None,
    save: Path | None = None,
    bad: str = "refuse",
    device: str | None = None,
    progress: Progress = quiet,
) -> list[tuple[Summary, list[FileScore]]]:
    """Score every system on every file, files in parallel.

    With `run`, scores are kept in that folder, and files that were scored before (same checkpoint or audio, same test set)
    are not scored again. With `save`, enhanced audio is written to `save/<system>/<id>.wav`. Systems with the same bytes
    are scored once. `device` (`cuda`, `mps`) is where networks run, in this process, with the metrics beside it in worker
    processes; without it they run in the workers, which may be those of a cluster. Raises EvaluationError when a folder of enhanced audio cannot be scored (`bad` is `skip`: leaves its
    bad files out) or scoring breaks down.
    """
    names = [system.name for system in systems]
    for name in names:
        if names.count(name) > 1:
            raise ModelUsageError(f"two systems are called {name!r}; evaluate them one at a time")
    if run is not None:
        check_same_set(run, data.test_set)
    audio = {
        system.name: open_enhanced(system.path, data.pairs, bad)
        for system in systems
        if system.source == "enhanced" and system.path
    }
    done: dict[str, list[FileScore]] = {}
    results = []
    with ScorePool(workers, device) as pool:
        for system in systems:
            digest, theirs = system.digest(), audio.get(system.name)
            if digest is not None and digest in done and save is None:
                scores = done[digest]
            else:
                tasks, found = _tasks(system, data, theirs, save)
                # audio that is to be written has to be made anew
                place = _place(run, data, system, theirs) if save is None else None
                scores = _score(system.name, tasks, found, data, pool, place, progress)
            if digest is not None:
                done[digest] = scores
            summary = Summary.of(
                system.name, system.source, digest, scores, data.test_set, _origin(system, data, theirs),
                {*data.left_out, *(theirs.bad if theirs else ())},
            )  # fmt: skip
            if run is not None:
                record(run, data.test_set, summary, scores)
            results.append((summary, scores))
    if run is not None:
        for system in systems:
            _part(run, data, system).unlink(missing_ok=True)
    return results


def _origin(system: System, data: TestData, audio: EnhancedAudio | None) -> Origin:
    known = system.record()
    others = {rate: files for rate, files in audio.rates.items() if rate != RATE} if audio else {}
    return Origin(
        seen=system.seen(dict(data.outlines)),
        selected_on=known.selected_on if known else None,
        criterion=known.criterion if known else None,
        types=system.types(),
        audio_fingerprint=audio.fingerprint if audio else None,
        resampled=others,
        resampler=RESAMPLER if others else None,
    )


def _score(
    name: str,
    tasks: list[ScoreTask],
    found: list[FileScore],
    data: TestData,
    pool: ScorePool,
    place: _Place | None,
    progress: Progress,
) -> list[FileScore]:
    """Do the tasks of a system that were not done before, and keep each score as soon as it is there."""
    found = [*found, *(unscored(name, reason) for name, reason in sorted(data.left_out.items()))]
    kept = _kept(place) if place is not None else {}
    found.extend(kept.values())
    progress(name, len(found), data.test_set.files)
    if place is not None:
        place.path.parent.mkdir(parents=True, exist_ok=True)
        _write(place.path, [place.identity, *map(_line, kept.values())], "w")
    for score in pool.run([task for task in tasks if task.id not in kept]):
        found.append(score)
        if place is not None:
            _write(place.path, [_line(score)], "a")
        progress(name, len(found), data.test_set.files)
    return sorted(found, key=lambda score: score.id)


def _tasks(
    system: System, data: TestData, audio: EnhancedAudio | None, save: Path | None
) -> tuple[list[ScoreTask], list[FileScore]]:
    """The work for a system, and scores of files that cannot be scored because they are not there or bad."""
    if audio is None:
        checkpoint = system.path if system.source == "checkpoint" else None
        folder = None if save is None else save / system.name
        return [
            ScoreTask(pair.id, pair.clean, pair.noisy, checkpoint, folder and folder / f"{pair.id}.wav")
            for pair in data.pairs
        ], []
    tasks, absent = [], []
    for pair in data.pairs:
        if pair.id not in audio.files:
            absent.append(unscored(pair.id, "no enhanced file of this name"))
        elif pair.id in audio.bad:
            absent.append(unscored(pair.id, f"left out: {audio.bad[pair.id]}"))
        else:
            tasks.append(ScoreTask(pair.id, pair.clean, audio.files[pair.id]))
    return tasks, absent


def _place(run: Path | None, data: TestData, system: System, audio: EnhancedAudio | None) -> _Place | None:
    if run is None:
        return None
    identity = {
        "sha256": system.digest() or (audio.fingerprint if audio else None),
        "source": system.source,
        "fingerprint": data.test_set.fingerprint,
    }
    return _Place(_part(run, data, system), json.dumps(identity))


def _part(run: Path, data: TestData, system: System) -> Path:
    return run / "scores" / data.test_set.slug / f".{system.name}.part"


def _write(path: Path, lines: Iterable[str], mode: str) -> None:
    with path.open(mode) as file:
        file.writelines(f"{line}\n" for line in lines)


def _line(score: FileScore) -> str:
    return json.dumps(
        [score.id, score.values, score.error, score.notes, astuple(score.offset) if score.offset else None]
    )


def _kept(place: _Place) -> dict[str, FileScore]:
    """Scores of an interrupted evaluation of the same checkpoint or audio on the same files."""
    if not place.path.exists():
        return {}
    first, *lines = place.path.read_text().split("\n")
    if first != place.identity:
        return {}
    kept = {}
    for line in lines:
        try:
            name, values, error, notes, offset = json.loads(line)
        except ValueError:  # the last line of a killed process
            continue
        kept[name] = FileScore(name, tuple(values), error, tuple(notes), Offset(*offset) if offset else None)
    return kept
