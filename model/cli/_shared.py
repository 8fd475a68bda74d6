"""What the commands of `litdb model` share. Nothing here imports torch."""

from __future__ import annotations

import dataclasses
import json
import math
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from model.errors import ModelUsageError

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Data = Annotated[
    Path, typer.Option("--data", "-d", metavar="DIR", help="Corpus folder; layouts in docs/model.md.")
]
Bad = Annotated[str, typer.Option("--bad", metavar="refuse|skip", help="What to do with bad files.")]
Workers = Annotated[int, typer.Option("--workers", min=0, help="Worker processes (0: one a core).")]
Dataset = Annotated[
    str,
    typer.Option("--dataset", help="Name of the test set in tables (default: recognised, or the folder's)."),
]
Split = Annotated[
    str,
    typer.Option("--split", metavar="NAME", help="Part of the corpus to test on (default: its test set)."),
]
DesignSplit = Annotated[
    str,
    typer.Option(
        "--split", metavar="NAME", help="What is looked at; a look at a test set is logged in the run folder."
    ),
]
Held = Annotated[
    str,
    typer.Option(
        "--validation",
        metavar="PATTERN,...",
        help="Ids of the held-out utterances (default: those of the checkpoint's run, else p226_*,p287_*).",
    ),
]
Speakers = Annotated[
    int,
    typer.Option(
        "--speakers", metavar="28|56", help="Which training set, where both of VoiceBank+DEMAND are there."
    ),
]
Leaks = Annotated[
    str,
    typer.Option(
        "--leaks",
        metavar="refuse|record",
        help="What to do when training files are for testing: refuse, or go on and mark the run.",
    ),
]
Grouped = Annotated[
    list[str] | None,
    typer.Option(
        "--group",
        "-g",
        metavar="NAME=FILE,FILE,...",
        help="Checkpoints that differ in their seed, for intervals over seeds and files.",
    ),
]


class CommandList(TyperGroup):
    """A group whose help gives the first paragraph of each command whole."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of the commands."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, " ".join((one.help or "").split("\n\n", 1)[0].split()))
                    for name, one in commands
                    if one
                ]
            )


def family() -> typer.Typer:
    """A Typer for one family of commands."""
    return typer.Typer(
        cls=CommandList,
        rich_markup_mode=None,
        add_completion=False,
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def emit_json(value: object) -> None:
    """Print a value type, or a list of them, as JSON."""
    print(json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False))


def plain(value: object) -> Any:
    """A value type as what JSON can hold; infinite numbers become null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return None
    return value


def how_many(workers: int) -> int:
    """The number of worker processes that was meant."""
    from model.workers import cores

    return workers or cores()


def progress() -> Callable[[str, int, int], None]:
    """Shows `name: done/total` on a terminal, and nothing where standard error is none."""
    shown = 0.0

    def show(name: str, done: int, total: int) -> None:
        nonlocal shown
        if not sys.stderr.isatty() or (done < total and time.monotonic() - shown < 0.2):
            return
        shown = time.monotonic()
        sys.stderr.write(f"\r{name}: {done}/{total} files\033[K" + ("\r\033[K" if done == total else ""))
        sys.stderr.flush()

    return show


def tell_types(checkpoint: Path, types: Mapping[str, int]) -> None:
    """Say on standard error when the weights of a checkpoint are of another type than they are used in."""
    from model.stored.precision import conversion

    if said := conversion(types):
        print(f"{checkpoint}: {said}.", file=sys.stderr)


def numbers(text: str, option: str) -> list[float]:
    """A comma-separated list of numbers. Raises ModelUsageError naming the option."""
    try:
        found = [float(word) for word in text.split(",") if word.strip()]
    except ValueError:
        found = [math.nan]
    if all(map(math.isfinite, found)):
        return found
    raise ModelUsageError(f"{option} takes numbers with commas between, such as 0,5,10, not {text!r}")


def finite(option: typer.CallbackParam, value: float | None) -> float | None:
    """A number that is one. Raises ModelUsageError naming the option."""
    if value is not None and not math.isfinite(value):
        raise ModelUsageError(f"{option.opts[0]} must be a finite number, not {value}")
    return value


def whole_numbers(text: str, option: str) -> list[int]:
    """A comma-separated list of whole numbers. Raises ModelUsageError naming the option."""
    found = numbers(text, option)
    if any(number != int(number) for number in found):
        raise ModelUsageError(f"{option} takes whole numbers, not {text!r}")
    return [int(number) for number in found]


def check_catalogue(db: str | None) -> None:
    """Raise before the work what `into_catalogue` would raise after it: there is no such catalogue, or it is read-only."""
    if db is None:
        return
    import litdb

    with litdb.open(db) as catalogue:
        catalogue.writable()


def into_catalogue(run: Path, db: str | None, model: str = "") -> None:
    """Take a run folder into the catalogue when one was named; training and evaluation never need it.

    What was taken in is said on standard error, so that --json stays JSON.
    """
    if db is None:
        return
    import litdb

    with litdb.open(db) as catalogue:
        added = catalogue.add_run(run, model=model)
    count = added.added
    print(
        f"{db}: run {added.run}, {added.checkpoints} checkpoints, {count.new} values new, {count.same} already there",
        *added.notes,
        sep="\n  ",
        file=sys.stderr,
    )
