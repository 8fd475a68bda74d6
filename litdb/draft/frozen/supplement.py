"""What goes with a paper for its reviewers: scores by file, configuration, hashes, the card, the table and the lock.

No audio, no paths, no names of persons; with `anonymous` no name of run, machine or place either.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from litdb.api import Card, Catalogue, Plane, RecordedRun, Table
from litdb.draft.frozen.anonymous import REMOVED, Hider, names_here, told
from litdb.draft.frozen.asking import Locator
from litdb.draft.frozen.lock import Lock, lock_text
from litdb.draft.frozen.macros import NamedValue
from litdb.draft.frozen.table_json import from_record, plane_from_json, record, table_from_json, table_to_json
from litdb.errors import LitdbError, UsageError
from litdb.report.data import csv_text
from litdb.report.escape import csv_cell, markdown
from litdb.report.json_text import indented, plain
from litdb.report.render import render
from litdb.values.display import exact
from litdb.values.names import slug
from litdb.values.origin import Origin
from litdb.values.table import Row
from litdb.vocabulary import vocabulary

SUMS = "SHA256SUMS"
_README = """\
Supplement for {model}

checkpoints.json      the declared checkpoint{s}: SHA-256, epoch, what it was selected on, seed, means over the test sets
configuration.json    network, recipe, software and kind of device of the training
scores/               scores of every test file, one CSV a test set and checkpoint; an empty field is a file without a score
card.json, card.md    the protocol: what is stated, inferred and missing of how the numbers came about
table or tables/      the comparison as CSV and JSON, every value with its source{lock}
SHA256SUMS            of all files here: sha256sum -c SHA256SUMS

The numbers are those of a catalogue of {day}.{lacking}{anonymous}
"""


@dataclass(frozen=True, slots=True)
class Supplement:
    """What was written: the folder, its files with their SHA-256, whether runs and places are without names, and what
    is not recorded of the checkpoints, in words.
    """

    folder: str
    files: Mapping[str, str]
    anonymous: bool
    lacking: tuple[str, ...] = ()


def write_supplement(
    catalogue: Catalogue, model: str, out: Path, *, lock: Lock | None = None, anonymous: bool = False
) -> Supplement:
    """Write the supplement of an own model into a new folder, all of it or nothing. The same catalogue gives the same bytes.

    With a lock the tables are those that it froze, else one of the model's own row. Raises UsageError for a folder that is there
    and not empty, or without a declared checkpoint; LitdbError where a name would be told; NotFound, Ambiguous.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} is there already: name a new folder")
    files = supplement_files(catalogue, model, lock=lock, anonymous=anonymous)
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    files[SUMS] = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())).encode()
    _write(out, files)
    return Supplement(str(out), sums, anonymous, lacking_of(catalogue.recorded_runs(model)))


def lacking_of(runs: list[RecordedRun]) -> tuple[str, ...]:
    """What a reviewer would want and nobody recorded."""
    said = (
        ("the SHA-256 of a checkpoint", all(run.checkpoint.sha256 for run in runs)),
        ("scores by file", all(run.scored for run in runs)),
        ("the configuration of the training", all(run.details.get("recipe") for run in runs)),
        ("a seed", all(run.run.seed is not None for run in runs)),
    )
    return tuple(what for what, known in said if not known)


def supplement_files(
    catalogue: Catalogue, model: str, *, lock: Lock | None = None, anonymous: bool = False
) -> dict[str, bytes]:
    """The files of a supplement by name, without their digests. Raises as :func:`write_supplement`."""
    runs = catalogue.recorded_runs(model)
    hider = _hider(catalogue, anonymous)
    made = {
        "checkpoints.json": _json([_checkpoint(run, anonymous) for run in runs]),
        "configuration.json": _json([{"run": run.run.key, **told(run.details)} for run in runs]),
    }
    for place, run in enumerate(runs, start=1):
        made |= dict(_scores(place, run))
    card = catalogue.card(model)
    if anonymous:
        card = replace(card, code=(), checkpoints=())
    made |= {"card.json": _json(plain(card)), "card.md": _card_text(card)}
    for name, table in _tables(catalogue, model, lock).items():
        shown = _without_homes(table) if anonymous else table
        made |= {f"{name}.csv": render(shown, "csv"), f"{name}.json": render(shown, "json")}
    day = lock.answers.day if lock is not None else catalogue.as_of()
    made["README.txt"] = _readme(runs, day.isoformat(), lock is not None, anonymous)
    made = {name: hider.text(text) for name, text in made.items()}
    if lock is not None:
        made["paper.lock"] = _lock_text(lock, hider, anonymous)
    files = {name: text.encode() for name, text in sorted(made.items())}
    hider.check(files)
    return files


def _hider(catalogue: Catalogue, anonymous: bool) -> Hider:
    """Takes out who decided anything here and who works here; for review runs are numbered."""
    from litdb.seed.build import CURATOR  # who ships facts is no person

    people = dict.fromkeys(entry.who for entry in catalogue.history() if entry.who != CURATOR)
    runs = [run.key for run in catalogue.runs()] if anonymous else []
    return Hider(names_here(people), {key: f"run-{place}" for place, key in enumerate(runs, start=1)})


def _readme(runs: list[RecordedRun], day: str, locked: bool, anonymous: bool) -> str:
    return _README.format(
        model=runs[0].run.model, s="s" if len(runs) > 1 else "", day=day,
        lock="\npaper.lock            every value of the paper with version, place and date; without authors" if locked else "",
        lacking=f"\nNot recorded: {', '.join(lacking)}." if (lacking := lacking_of(runs)) else "",
        anonymous="\nNames of persons, machines and runs, and places, were taken out for review." if anonymous else "",
    )  # fmt: skip


def _json(value: Any) -> str:
    return indented(value) + "\n"


def _checkpoint(run: RecordedRun, anonymous: bool) -> dict[str, Any]:
    """What identifies a checkpoint and its numbers; the words with which it was declared are somebody's own."""
    state = run.checkpoint
    means = [
        {
            "metric": one.metric,
            "dataset": one.dataset,
            "value": one.value,
            "printed": one.printed,
            "files": one.files,
        }
        for one in state.means
    ]
    said = {
        "model": run.run.model, "run": run.run.key, "checkpoint": state.name, "sha256": state.sha256, "epoch": state.epoch,
        "selected_by": state.criterion, "selected_on": state.selected_on, "declared_on": plain(state.declared_on),
        "seed": run.run.seed, "validation": dict(state.validation), "must_be_said": list(state.marks),
        "looks_at_test_sets_before": dict(state.looks_before), "means": means,
    }  # fmt: skip
    return said if anonymous else {**said, "recipe": run.run.recipe}


def _scores(place: int, run: RecordedRun) -> Iterator[tuple[str, str]]:
    """The scores of every file of each test set. Files of a set that is the user's own are numbered."""
    for system in run.scored:
        metrics = sorted(system.scores.keys() | system.failed.keys())
        known = {
            name for some in (system.scores, system.failed) for by_file in some.values() for name in by_file
        }
        public = vocabulary().dataset(system.dataset) is not None
        lines = [["file", *metrics]]
        for number, name in enumerate(sorted(known), start=1):
            shown = re.split(r"[/\\]", name)[-1] if public else f"file-{number:05}"
            found = [system.scores.get(metric, {}).get(name) for metric in metrics]
            lines.append([shown, *("" if one is None else exact(one) for one in found)])
        yield (
            f"scores/{slug(system.dataset)}/{place}-{slug(run.checkpoint.name)}.csv",
            csv_text([csv_cell(one) for one in line] for line in lines),
        )


def _tables(catalogue: Catalogue, model: str, lock: Lock | None) -> dict[str, Table]:
    """The tables of the paper, or one of the model's own row."""
    if lock is None:
        return {"table": catalogue.table(models=[model])}
    found = {
        f"tables/{slug(name.partition('.')[2])}": one.table
        for name, one in lock.answers.tables.items()
        if name.startswith("tables.")
    }
    if not found:
        raise UsageError(f"{lock.place} holds no table: give paper.toml a [tables.NAME] and freeze again")
    return found


def _without_homes(table: Table) -> Table:
    """The table without where own models are at home: their repository, their preprint."""
    return replace(table, rows=tuple(_at_no_home(row) if row.own else row for row in table.rows))


def _at_no_home(row: Row) -> Row:
    cells = []
    for cell in row.cells:
        where = cell.provenance
        if where is not None:
            source = where.source if where.origin is Origin.MEASURED else REMOVED
            cell = replace(cell, provenance=replace(where, url="", source=source, paper="", corrections=()))
        cells.append(cell)
    source = row.source if row.origin is Origin.MEASURED else REMOVED
    return replace(row, url="", source=source, paper="", document="", cells=tuple(cells))


def _lock_text(lock: Lock, hider: Hider, anonymous: bool) -> str:
    """The lock without names of persons, sealed anew."""
    answers = lock.answers
    own = (
        {row.paper for one in answers.tables.values() for row in one.table.rows if row.own}
        if anonymous
        else set()
    )
    tables = {
        name: replace(
            one,
            table=_hidden(_without_homes(one.table) if anonymous else one.table, hider),
            plane=plane_from_json(hider.of(record(_drawn_at_no_home(one.plane, anonymous))))
            if one.plane
            else None,
        )
        for name, one in answers.tables.items()
    }
    papers = tuple(replace(one, authors=(), notes=()) for one in answers.papers if one.key not in own)
    results = {key: from_record(Locator, hider.of(record(one))) for key, one in answers.results.items()}
    values = tuple(from_record(NamedValue, hider.of(record(one))) for one in lock.values)
    kept = replace(answers, tables=tables, papers=papers, results=results)
    return lock_text(replace(lock, answers=kept, values=values))


def _drawn_at_no_home(plane: Plane, anonymous: bool) -> Plane:
    points = plane.found.points
    if anonymous:
        points = tuple(
            replace(one, url="", x_source="", y_source="") if one.mark == "own" else one for one in points
        )
    return replace(plane, found=replace(plane.found, points=points))


def _hidden(table: Table, hider: Hider) -> Table:
    return table_from_json(hider.of(table_to_json(table)))


def _card_text(card: Card) -> str:
    """The card as Markdown."""
    lines = [f"# {markdown(card.name)}", ""]
    for title, items in (("Numbers", card.numbers), ("Stated", card.stated), ("Inferred", card.inferred)):
        if items:
            lines += [f"## {title}", "", "| what | value | where | note |", "|---|---|---|---|"]
            lines += [
                f"| {markdown(i.what)} | {markdown(i.text)} | {markdown(i.place)} | {markdown(i.note)} |"
                for i in items
            ]
            lines.append("")
    if card.missing:
        lines += ["## Not stated", "", *(f"- {markdown(one)}" for one in card.missing), ""]
    for one in card.contradicted:
        lines += [f"## Contradicted: {markdown(one.what)}", ""]
        lines += [f"- {markdown(cell.text)}: {markdown(cell.place)}" for cell in one.cells]
        lines.append("")
    return "\n".join(lines)


def _write(out: Path, files: Mapping[str, bytes]) -> None:
    """A whole folder in one step."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{out.name[:40]}.", suffix=".part", dir=out.parent))
        try:
            for name, data in files.items():
                (made / name).parent.mkdir(parents=True, exist_ok=True)
                (made / name).write_bytes(data)
            made.chmod(0o755)
            if out.is_dir():
                out.rmdir()
            made.replace(out)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise LitdbError(f"{out} cannot be written: {error.strerror or error}") from error
