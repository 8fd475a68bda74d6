"""`litdb values`, `litdb build`, `litdb freeze`, `litdb thaw`: the numbers of a paper, with their sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litdb.cli._shared import Db, Json, emit_json, family, names, open_catalogue, say, warn
from litdb.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litdb.draft.frozen.thaw import Thawed

app = family()
Paper = Annotated[Path, typer.Argument(metavar="PAPER.TOML", help="What the paper has.")]
LockFile = Annotated[Path, typer.Argument(metavar="LOCK", help="The lock.")]
PaperOption = Annotated[
    Path | None, typer.Option("--paper", metavar="PAPER.TOML", help="What the paper has (beside the lock).")
]


@app.command()
def values(
    models: Annotated[
        str, typer.Option("--models", metavar="A,B,..|@PAPER.TOML", help="Models, or all that a paper names.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE.tex", help="The file of macros.")],
    metrics: Annotated[
        str | None, typer.Option("--metrics", "-m", metavar="A,B,..", help="Their metrics (the usual ones).")
    ] = None,
    dataset: Annotated[str, typer.Option("--dataset", "-d", help="The test set.")] = "vbd",
    json: Json = False,
    db: Db = None,
) -> None:
    r"""Write LaTeX macros for values, so that no number of a paper is typed by hand.

    \litval{imse.pesq} prints the number as a table shows it, \litcite{imse} cites. A name that does not exist, and a value that
    is not known, stop the LaTeX run with a message.

    Example: litdb values --models IMSE,MUSE --metrics params,PESQ --out values.tex
    """
    from litdb.draft.frozen.build import asked_values, write_values
    from litdb.draft.frozen.toml import read_paper

    if models.startswith("@") and models.endswith(".toml"):
        if metrics is not None:
            raise UsageError("the metrics stand in the paper.toml: leave --metrics out")
        paper = read_paper(Path(models[1:]))
    else:
        paper = asked_values(names(models) or [], names(metrics) or [], dataset)
    with open_catalogue(db) as catalogue:
        found = write_values(catalogue, paper, out)
    if json:
        emit_json(found)
        return
    known = [one for one in found.values if not one.absent]
    say(f"{found.file}: {found.state}, {len(known)} values; print one by \\litval{{{found.values[0].name}}}")
    for one in found.values:
        if one.absent:
            warn(f"{one.name}: {one.absent}")


@app.command()
def build(
    paper: Paper = Path("paper.toml"),
    lock: Annotated[
        Path | None,
        typer.Option("--lock", metavar="LOCK", help="Build from this lock (paper.lock, if there)."),
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Ask the catalogue, though there is a lock.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 1 when a file is not as it should be.")
    ] = False,
    json: Json = False,
    db: Db = None,
) -> None:
    """Write all values, tables and figures that a paper.toml names; only what changed.

    Where a lock lies beside it (paper.lock), the build is from that and asks no catalogue: it repeats byte for byte. Exit
    code 1 when the draft prints a value that there is none of.

    Example: litdb build paper.toml
    """
    from litdb.draft.frozen.asking import ask_all
    from litdb.draft.frozen.build import build_paper
    from litdb.draft.frozen.lock import read_lock
    from litdb.draft.frozen.toml import read_paper

    wanted = read_paper(paper)
    beside = paper.with_suffix(".lock")
    if lock is not None and live:
        raise UsageError("--lock builds from a lock and --live from the catalogue: give one of them")
    place = lock if lock is not None else beside if beside.exists() and not live else None
    if place is not None:
        kept = read_lock(place)
        found = build_paper(wanted, kept.answers, lock=str(place), frozen=kept.files, dry_run=check)
        since = f"{place}, frozen on {kept.frozen}: "
    else:
        with open_catalogue(db) as catalogue:
            found = build_paper(wanted, ask_all(catalogue, wanted), dry_run=check)
        since = ""
    if json:
        emit_json(found)
    else:
        say(f"from {since}the catalogue of {found.day}")
        for one in found.files:
            state = {"written": "not as it should be" if check else "written"}.get(one.state, one.state)
            say(f"  {one.file}: {state}")
    for missed in found.missed:
        warn(f"{missed.place.file}:{missed.place.line}: {missed.why}")
    for name in found.differing:
        warn(
            f"{name} is not the file that was frozen: its look was changed since, or another litdb writes it"
        )
    if found.missed or (check and found.changed):
        raise typer.Exit(1)


@app.command()
def freeze(
    lock: LockFile = Path("paper.lock"),
    paper: PaperOption = None,
    again: Annotated[bool, typer.Option("--again", help="Replace a lock that froze something else.")] = False,
    json: Json = False,
    db: Db = None,
) -> None:
    """Freeze every value that a paper uses, with its version, place and date.

    `litdb build` then repeats byte for byte, whatever the catalogue learns; `litdb thaw --diff` says what changed since.

    Example: litdb freeze paper.lock
    """
    from litdb.draft.frozen.lock import freeze_paper
    from litdb.draft.frozen.toml import read_paper

    wanted = read_paper(_beside(lock, paper))
    with open_catalogue(db) as catalogue:
        made = freeze_paper(catalogue, wanted, lock, again=again)
    if json:
        emit_json({"lock": str(made.place), "frozen": made.frozen, "catalogue": made.answers.day, "values": made.values,
                   "results": list(made.answers.results.values()), "files": made.files})  # fmt: skip
        return
    say(
        f"{made.place}: frozen on {made.frozen} from the catalogue of {made.answers.day}: {len(made.answers.results)} results "
        f"of {len(made.answers.tables)} questions, {len(made.files)} files"
    )


@app.command()
def thaw(
    lock: LockFile = Path("paper.lock"),
    diff: Annotated[
        bool, typer.Option("--diff", help="Only say what changed since; exit code 1 when something did.")
    ] = False,
    draft: Annotated[
        Path | None, typer.Option("--draft", metavar="PAPER.TEX", help="The draft (the one of paper.toml).")
    ] = None,
    paper: PaperOption = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Say what changed since a paper was frozen, and which cells and sentences that touches.

    Without --diff the lock is taken away too: the next `litdb build` asks the catalogue.

    Example: litdb thaw --diff paper.lock
    """
    from litdb.draft.frozen.lock import read_lock
    from litdb.draft.frozen.thaw import lift_lock, thaw_paper
    from litdb.draft.frozen.toml import read_paper

    kept, wanted = read_lock(lock), read_paper(_beside(lock, paper))
    with open_catalogue(db) as catalogue:
        found = thaw_paper(catalogue, wanted, kept, draft)
    if json:
        emit_json({"lock": str(lock), "frozen": kept.frozen, "changed": bool(found), "changes": found})
    else:
        say(f"{lock}, frozen on {kept.frozen} from the catalogue of {kept.answers.day}: {_counted(found)}")
        _say_changes(found)
    if not diff:
        lift_lock(lock)
        say(f"{lock} is taken away")
    elif found:
        raise typer.Exit(1)


@app.command()
def impact(
    paper: Annotated[
        str, typer.Argument(metavar="PAPER", help="Its key, arXiv id, DOI or a model it proposes.")
    ],
    draft: Annotated[Path, typer.Option("--draft", metavar="PAPER.TEX", help="The main file of the draft.")],
    bib: Annotated[
        Path | None,
        typer.Option("--bib", metavar="REFS.BIB", help="The bibliography, where the draft names another."),
    ] = None,
    named: Annotated[
        Path | None,
        typer.Option(
            "--paper", metavar="PAPER.TOML", help="Its tables too (the paper.toml beside the draft)."
        ),
    ] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Say what a paper that arrived means for a draft: tables that need a row, sentences it made false.

    Exit code 1 when it touches anything. `litdb fetch` brings the paper in before.

    Example: litdb impact 2511.14515 --draft paper.tex
    """
    from litdb.draft.frozen.impact import paper_impact
    from litdb.draft.frozen.lock import read_lock
    from litdb.draft.frozen.toml import read_paper

    beside = named or draft.parent / "paper.toml"
    wanted = read_paper(beside) if named is not None or beside.is_file() else None
    lock = beside.with_suffix(".lock")
    kept = read_lock(lock) if wanted is not None and lock.is_file() else None
    with open_catalogue(db) as catalogue:
        found = paper_impact(catalogue, paper, draft, bib=bib, named=wanted, lock=kept)
    if json:
        emit_json(found)
    else:
        version = f", version {found.version}" if found.version is not None else ""
        say(
            f"{found.title or found.paper}{version}: {', '.join(found.models) or 'no model of its own is known'}"
        )
        for one in found.found:
            say(f"{one.place.file}:{one.place.line}: {one.kind}: {one.why}")
            if one.place.words and one.kind != "needs a row":
                say(f"  {one.place.words}")
        if not found.found:
            say("nothing in the draft is touched")
        looked = ", ".join(f"{count} {what}" for what, count in found.checked.items())
        say(f"looked at {looked or 'nothing that it could touch'}")
        for what, count in found.unchecked.items():
            warn(f"could not look at {count} {what}")
    if found.found:
        raise typer.Exit(1)


@app.command()
def supplement(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="An own model.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="A new folder.")],
    lock: Annotated[
        Path | None, typer.Option("--lock", metavar="LOCK", help="The lock of the paper, with its tables.")
    ] = None,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="For double-blind review: no name of run or place either.")
    ] = False,
    json: Json = False,
    db: Db = None,
) -> None:
    """Write what goes with a paper: scores by file, configuration, hashes, protocol card, table and lock.

    No audio, no paths, no names of persons; SHA256SUMS of all files. The model needs a declared checkpoint.

    Example: litdb supplement BSRNN-FAC-MRHA3 --out supplement --anonymous
    """
    from litdb.draft.frozen.lock import read_lock
    from litdb.draft.frozen.supplement import write_supplement

    kept = read_lock(lock) if lock is not None else None
    with open_catalogue(db) as catalogue:
        made = write_supplement(catalogue, model, out, lock=kept, anonymous=anonymous)
    if json:
        emit_json(made)
        return
    for name in made.files:
        say(f"  {name}")
    say(f"wrote {len(made.files)} files and SHA256SUMS to {made.folder}")
    if made.lacking:
        warn(f"not recorded, so not in it: {', '.join(made.lacking)} (`litdb add RUN` takes a run folder in)")


def _counted(found: Sequence[Thawed]) -> str:
    return f"{len(found)} change{'' if len(found) == 1 else 's'}" if found else "nothing changed"


def _say_changes(found: Sequence[Thawed]) -> None:
    for one in found:
        say(f"{one.where}: {one.what}")
        was, now = one.was or "nothing", one.now or "nothing"
        say(f"  {one.kind}: {was} → {now}" if was != now else f"  {one.kind}: still {now}")
        if one.was_source != one.now_source:
            say(f"  source: {one.was_source or 'none'} → {one.now_source or 'none'}")
        for place in one.touches:
            say(f"  {place.file}:{place.line}: {place.words}")


def _beside(lock: Path, paper: Path | None) -> Path:
    """The paper.toml of a lock."""
    return paper if paper is not None else lock.with_suffix(".toml")
