"""Reading run folders and packed runs, as docs/run_folder.md describes them; neither torch nor `model` is needed.

A run is read whole and checked before anything is stored; an archive is read in memory and never unpacked.
"""

from __future__ import annotations

import hashlib
import json
import math
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from litdb.errors import InputError, TooLarge
from litdb.evidence.runs.carrying import as_begun
from litdb.evidence.runs.looks import Look
from litdb.extract.results import OwnResults, read_results
from litdb.extract.score_rows import metric_column
from litdb.extract.strict_json import read_json
from litdb.intake.run_looks import looks_in
from litdb.intake.run_marks import marks_of_scores
from litdb.intake.trained_on import trained_on
from litdb.sources.eprint import careful_member
from litdb.vocabulary.remarks import Remark

FORMAT = "litdb-run/1"
SCORES_FORMAT = "litdb-scores/1"
#: Bounds of what is read of a run.
MAX_FILES = 5_000
MAX_BYTES = 200_000_000
#: What of a run says something of it; weights and audio are never read.
_READ = (".json", ".csv")
LOG = "log.jsonl"
LISTING = "files.csv"
_LAST_EPOCH = 10**9
#: What people take for a run.
_SCORES = (".csv", ".tsv", ".json", ".jsonl", ".txt")
_SOURCES = ("checkpoint", "enhanced", "noisy")

#: Of environment.json, what is kept beside what a run is told by: how its numbers were computed.
_HOW = ("backend", "devices", "machines", "threads", "precision", "compiled", "deterministic")
_SURROUNDINGS = ("seed", "data_fingerprint", "git", "python", "platform", "libraries", "processes", *_HOW)


@dataclass(frozen=True, slots=True)
class SavedState:
    """A line of checkpoints.json: a checkpoint and what it was selected on."""

    name: str
    sha256: str
    epoch: int | None
    selected_on: str
    criterion: str
    validation: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of one system on one test set. `source`: checkpoint, enhanced (a folder of audio) or noisy.

    `rate` (Hz), `band` and `scales` (of the composites, by metric) are what summary.json says, None or absent where it says
    nothing: that is then not stated. `deviations` are the standard deviations it gives, by metric, `marks` what it says
    that must stand beside the scores.
    """

    test_set: str
    fingerprint: str
    files_expected: int
    name: str
    source: str
    sha256: str | None
    results: OwnResults
    rate: int | None = None
    band: str | None = None
    scales: Mapping[str, str] = field(default_factory=dict)
    deviations: Mapping[str, float] = field(default_factory=dict)
    marks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class RunRead:
    """A run as its files tell it. `details` goes into the catalogue as it stands (JSON values)."""

    name: str
    kind: str
    model: str
    parameters: int | None
    details: Mapping[str, Any]
    checkpoints: tuple[SavedState, ...] = ()
    scores: tuple[Scored, ...] = ()
    cost: Mapping[str, Any] = field(default_factory=dict)
    looks: tuple[Look, ...] = ()
    trained_on: str = ""

    @property
    def identity(self) -> str:
        """A digest of configuration, seed and data: two runs of one name are told apart by it, not a run from itself with
        more epochs."""
        # without what earlier versions did not keep, or their runs would be strangers when they come again
        told = {key: value for key, value in self.details.get("environment", {}).items() if key not in _HOW}
        text = json.dumps({**as_begun(self.details), "environment": told}, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_run(path: Path, *, force: bool = False) -> RunRead:
    """Read a run folder, or the archive that `litdb model pack` made of one.

    Raises InputError with the file and what is wrong with it, Impossible for scores that their metric cannot have (unless
    `force`), TooLarge past the bounds above.
    """
    if path.is_file() and path.suffix.lower() in _SCORES:
        raise InputError(
            f"{path} is a file of scores, not a run: `litdb add-result MODEL --run RUN --dataset SET --from {path}` takes it in"
        )
    files = _folder(path) if path.is_dir() else _archive(path)
    shown = str(path)
    config = _object(files, "config.json", shown)
    if config.get("format") != FORMAT:
        raise InputError(f"{shown}: config.json is of format {config.get('format')!r}, expected {FORMAT!r}")
    environment = _object(files, "environment.json", shown)
    kind = str(config.get("kind", ""))
    if kind not in ("training", "evaluation"):
        raise InputError(f"{shown}: config.json has kind {kind!r}: it is training or evaluation")
    parameters = config.get("parameters")
    if parameters is not None and (isinstance(parameters, bool) or not isinstance(parameters, int)):
        raise InputError(f"{shown}: parameters in config.json is no whole number")
    return RunRead(
        name=_text(config, "name", shown),
        kind=kind,
        model=str(config.get("model") or ""),
        parameters=parameters,
        details={
            "kind": kind,
            **{
                key: config[key]
                for key in ("model", "network", "recipe", "data", "from", "extended")
                if config.get(key)
            },
            "environment": {
                key: environment[key] for key in _SURROUNDINGS if environment.get(key) is not None
            },
        },
        checkpoints=_checkpoints(files, shown),
        scores=_scores(files, shown, force),
        cost=_object(files, "cost.json", shown) if "cost.json" in files else {},
        looks=looks_in(files.get(LOG, b"")),
        trained_on=trained_on(
            data if isinstance(data := config.get("data"), dict) else {}, files.get(LISTING, b"")
        ),
    )


# --- files ------------------------------------------------------------------------------------------------


def _folder(path: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path)
        if not _is_read(name) or any(part.startswith(".") for part in name.parts):
            continue
        if file.is_symlink() or not file.is_file():
            continue
        total += file.stat().st_size
        _bound(str(path), len(files) + 1, total)
        try:
            files[name.as_posix()] = file.read_bytes()
        except OSError as error:
            raise InputError(f"{file} cannot be read: {error.strerror or error}") from error
    return files


def _archive(path: Path) -> dict[str, bytes]:
    """The readable members, without the top folder that has the name of the run."""
    files: dict[str, bytes] = {}
    total = 0
    try:
        with tarfile.open(path, "r:gz", tarinfo=careful_member()) as archive:
            for seen, member in enumerate(archive, start=1):
                place = PurePosixPath(member.name)
                total += member.size
                _bound(str(path), seen, total)
                inside = PurePosixPath(*place.parts[1:])
                if not member.isreg() or not _is_read(inside) or ".." in place.parts:
                    continue
                stream = archive.extractfile(member)
                if stream is not None and len(place.parts) > 1:
                    files[inside.as_posix()] = stream.read()
    except (tarfile.TarError, EOFError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise InputError(f"{path} is no run folder and no packed run that can be read: {reason}") from error
    return files


def _is_read(name: PurePath) -> bool:
    return name.suffix in _READ or name.as_posix() == LOG


def _bound(shown: str, count: int, total: int) -> None:
    if count > MAX_FILES or total > MAX_BYTES:
        raise TooLarge(
            f"{shown} holds more than {MAX_FILES} files or {MAX_BYTES // 1_000_000} MB of text: pack the run alone"
        )


# --- content ----------------------------------------------------------------------------------------------


def _json(files: Mapping[str, bytes], name: str, shown: str) -> Any:
    if name not in files:
        raise InputError(f"{shown} is no run: it has no {name} (docs/run_folder.md)")
    try:
        text = files[name].decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{shown}: {name} is no text in UTF-8") from error
    return read_json(text, f"{shown}: {name}", lambda _word: None)


def _object(files: Mapping[str, bytes], name: str, shown: str) -> dict[str, Any]:
    found = _json(files, name, shown)
    if not isinstance(found, dict):
        raise InputError(f"{shown}: {name} is not an object")
    return found


def _text(record: Mapping[str, Any], key: str, shown: str) -> str:
    value = record.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{shown}: {key} is missing or no text")
    return value


def _checkpoints(files: Mapping[str, bytes], shown: str) -> tuple[SavedState, ...]:
    if "checkpoints.json" not in files:
        return ()
    entries = _json(files, "checkpoints.json", shown)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InputError(f"{shown}: checkpoints.json is not a list of objects")
    return tuple(
        SavedState(
            name=_text(entry, "name", shown),
            sha256=_text(entry, "sha256", shown),
            epoch=_epoch(entry.get("epoch"), shown),
            selected_on=str(entry.get("selected_on") or ""),
            criterion=str(entry.get("criterion") or ""),
            validation=_numbers(entry.get("validation")),
        )
        for entry in entries
    )


def _epoch(value: object, shown: str) -> int | None:
    if value is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not math.isfinite(value) or not 0 <= value <= _LAST_EPOCH or value != int(value):
        raise InputError(f"{shown}: the epoch {value!s:.40} in checkpoints.json is no count of epochs")
    return int(value)


def _numbers(record: object) -> dict[str, float]:
    if not isinstance(record, dict):
        return {}
    return {
        str(key): float(value)
        for key, value in record.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def _scores(files: Mapping[str, bytes], shown: str, force: bool) -> tuple[Scored, ...]:
    found = []
    for name in sorted(files):
        place = PurePosixPath(name)
        if len(place.parts) != 3 or place.parts[0] != "scores" or place.name != "summary.json":
            continue
        summary = _object(files, name, shown)
        if summary.get("format") != SCORES_FORMAT:
            raise InputError(
                f"{shown}: {name} is of format {summary.get('format')!r}, expected {SCORES_FORMAT!r}"
            )
        entries = summary.get("entries")
        if not isinstance(entries, list):
            raise InputError(f"{shown}: {name} has no list of entries")
        for entry in entries:
            found.append(_scored(files, place.parent, summary, entry, shown, force))
    return tuple(found)


def _scored(
    files: Mapping[str, bytes],
    folder: PurePosixPath,
    summary: dict[str, Any],
    entry: object,
    shown: str,
    force: bool,
) -> Scored:
    if not isinstance(entry, dict) or entry.get("source") not in _SOURCES:
        raise InputError(
            f"{shown}: an entry of {folder}/summary.json has no source among {', '.join(_SOURCES)}"
        )
    name = _text(entry, "name", shown)
    table = (folder / f"{name}.csv").as_posix()
    if table not in files:
        raise InputError(f"{shown} is incomplete: {table} is missing; evaluate or pack again")
    expected = entry.get("files_expected")
    if isinstance(expected, bool) or not isinstance(expected, int) or expected < 1:
        raise InputError(f"{shown}: files_expected of {name} is no whole number above 0")
    try:
        text = files[table].decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{shown}: {table} is not UTF-8") from error
    results = read_results(text, f"{shown}: {table}", force=force)
    where = f"{shown}: {folder}/summary.json"
    return Scored(
        test_set=_text(summary, "test_set", shown),
        fingerprint=str(summary.get("fingerprint") or ""),
        files_expected=expected,
        name=name,
        source=str(entry["source"]),
        sha256=entry["sha256"] if isinstance(entry.get("sha256"), str) else None,
        results=results,
        rate=_rate(summary, where),
        band=_band(summary, where),
        scales=_scales(summary),
        deviations=_checked(entry.get("means"), results, name, where),
        marks=marks_of_scores(summary, entry, expected),
    )


#: What runs of litdb before it named the scales say of them.
_FORMER_SCALES = "csig, cbak, covl on int16-valued samples; *_unit on samples in [-1, 1]"
#: Scores by file are written with six decimals; their mean may differ by that much.
_WRITTEN = 2e-6


def _rate(summary: Mapping[str, Any], where: str) -> int | None:
    rate = summary.get("rate")
    if rate is None:
        return None
    if isinstance(rate, bool) or rate != 16_000:
        raise InputError(
            f"{where} says that the audio was scored at {rate!s:.20} Hz, while its metrics are those of 16000 Hz: "
            "evaluate again at 16 kHz"
        )
    return 16_000


def _band(summary: Mapping[str, Any], where: str) -> str | None:
    band = summary.get("band")
    if band not in (None, "WB"):
        raise InputError(f"{where} says PESQ band {band!s:.20}: the column pesq is wide-band; evaluate again")
    return band


def _scales(summary: Mapping[str, Any]) -> dict[str, str]:
    """Metric to the scale of the samples, `int16` or `unit`."""
    scales = summary.get("scales")
    if isinstance(scales, dict):
        return {
            spelled: scale
            for column, scale in scales.items()
            if scale in ("int16", "unit") and (spelled := metric_column(str(column))) is not None
        }
    if summary.get("composite_scale") == _FORMER_SCALES:
        return dict.fromkeys(("CSIG", "CBAK", "COVL"), "int16")
    return {}


def _checked(means: object, results: OwnResults, name: str, where: str) -> dict[str, float]:
    """The standard deviations of summary.json, whose means must be those of its own scores by file.

    Raises InputError that names a mean which is another.
    """
    deviations: dict[str, float] = {}
    for column, record in means.items() if isinstance(means, dict) else ():
        metric = metric_column(str(column))
        if metric is None or not isinstance(record, dict):
            continue
        mean, own = record.get("mean"), results.values.get(metric)
        if isinstance(mean, int | float) and own is not None and abs(mean - float(own)) > _WRITTEN:
            raise InputError(
                f"{where} says {metric} {mean:g} for {name}, its own {name}.csv gives {own} over "
                f"{results.counted.get(metric, 0)} files: one of them was changed; evaluate again"
            )
        std = record.get("std")
        if isinstance(std, int | float) and not isinstance(std, bool) and math.isfinite(std):
            deviations[metric] = float(std)
    return deviations
