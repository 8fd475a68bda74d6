"""Own runs as their pages tell of them, with the figures that lie in a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.errors import InputError
from litdb.report.sheet import heading_of
from litdb.site.told import CheckpointLine, LookLine, MeanLine, Ref, RunTold

if TYPE_CHECKING:
    from litdb.catalogue.views.pages.scores import ScoreSpread
    from litdb.catalogue.views.runs import RunView
    from litdb.site.links import Links
    from litdb.site.telling import Telling

#: What a page can show as an image; a script in an SVG does not run there.
_IMAGES = (".svg", ".png")
#: No figure of more bytes, and no more figures of one run, are taken.
_LARGEST, _MOST = 5_000_000, 60


@dataclass(frozen=True, slots=True)
class RunFigure:
    """A figure of an own run: the run, the name of its file, where it lies in the site, and its bytes."""

    run: str
    name: str
    href: str
    content: bytes


def find_figures(folder: Path, runs: Sequence[RunView], links: Links) -> list[RunFigure]:
    """The figures below `folder/RUN/`, of each own run that has such a folder. Raises InputError where there is no folder."""
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder: name the one that holds a folder of figures for each run")
    found = []
    for run in runs:
        place = folder / run.key
        if not run.key or ".." in Path(run.key).parts or Path(run.key).is_absolute() or not place.is_dir():
            continue
        files = sorted(file for file in place.rglob("*") if file.suffix.lower() in _IMAGES and file.is_file())
        stem = links.run(run.key).removesuffix(".html")
        for number, file in enumerate(files[:_MOST], start=1):
            if file.stat().st_size > _LARGEST:
                raise InputError(
                    f"{file} is larger than {_LARGEST // 1_000_000} MB: draw it smaller, or move it away"
                )
            href = f"{stem}/figure-{number}{file.suffix.lower()}"
            found.append(
                RunFigure(
                    run.key, file.relative_to(place).with_suffix("").as_posix(), href, file.read_bytes()
                )
            )
    return found


def run_told(
    run: RunView,
    spreads: Mapping[str, Sequence[ScoreSpread]],
    telling: Telling,
    figures: Sequence[RunFigure],
) -> RunTold:
    """An own run with everything that is recorded of it."""
    group = (
        ""
        if run.group is None
        else "; ".join((run.group.name, *(f"without {one}" for one in run.group.omitted)))
    )
    return RunTold(
        run.key,
        telling.named(run.model),
        run.recipe,
        run.seed,
        str(run.carried_out),
        run.removed,
        group,
        tuple(
            CheckpointLine(
                one.key, one.epoch, one.criterion, one.selected_on, one.date, one.declared_on, one.reason, one.sha256,
                one.also, one.marks, {name: float(value) for name, value in one.validation.items()},
                tuple(
                    MeanLine(m.metric, heading_of(m.metric), m.dataset, m.value, m.shown or m.printed, m.files, bool(m.files) and m.partial)
                    for m in one.means
                ),
                tuple(spreads.get(one.key, ())), dict(one.looks_before),
            )
            for one in run.checkpoints
        ),
        tuple(LookLine(look.at, look.command, look.dataset, look.files, look.systems) for look in run.looks),
        tuple(Ref(figure.name, figure.name, figure.href) for figure in figures if figure.run == run.key),
    )  # fmt: skip
