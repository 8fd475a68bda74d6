"""`litdb model figure` and `report`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.cli._looks import design, log_look
from model.cli._shared import (
    Bad,
    DesignSplit,
    Held,
    Json,
    Speakers,
    Workers,
    emit_json,
    family,
    how_many,
    progress,
)
from model.errors import EvaluationError, ModelError, ModelUsageError

if TYPE_CHECKING:
    from model.figures.drawing import Absent, Kind, Material, Picture

app = family()

ALL = "all"

Sources = Annotated[
    list[Path],
    typer.Argument(
        metavar="RUN|CHECKPOINT...", help="Run folder or checkpoint; more runs for the curves and the gain."
    ),
]
Which = Annotated[
    str,
    typer.Option(
        "--checkpoint",
        metavar="NAME",
        help="Which checkpoint of a run (default: best-composite, else what it has).",
    ),
]
Corpus = Annotated[
    Path | None,
    typer.Option(
        "--data",
        "-d",
        metavar="DIR",
        help="Corpus that the network is heard on (default: the run's own, if it is here).",
    ),
]
Files = Annotated[
    int, typer.Option("--files", min=0, help="So many files of it, evenly spread, for the gain (0: all).")
]
Utterance = Annotated[
    str,
    typer.Option("--utterance", metavar="ID", help="The one that is drawn (default: the one of middle SNR)."),
]
Audio = Annotated[
    Path | None,
    typer.Option("--audio", metavar="FILE", help="Draw this noisy file instead of one of the corpus."),
]
Clean = Annotated[
    Path | None, typer.Option("--clean", metavar="FILE", help="With --audio, the clean recording of it.")
]


@app.command("figure")
def figure_command(
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="training, codes, gates, attention, spectrograms, gain (by SNR, band and frequency), scores (gain by file), or all.",
        ),
    ],
    sources: Sources,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE|DIR", help="A file (.pdf, .svg, .png), or a folder.")
    ] = Path("figures"),
    formats: Annotated[
        str, typer.Option("--format", metavar="pdf,svg,png", help="With a folder: the formats of its files.")
    ] = "",
    columns: Annotated[
        int, typer.Option("--columns", min=1, max=2, help="1: a column (85 mm), 2: the page (170 mm).")
    ] = 1,
    checkpoint: Which = "",
    data: Corpus = None,
    files: Files = 40,
    utterance: Utterance = "",
    audio: Audio = None,
    clean: Clean = None,
    split: DesignSplit = "validation",
    validation: Held = "",
    speakers: Speakers = 0,
    bad: Bad = "refuse",
    workers: Workers = 0,
    json: Json = False,
) -> None:
    """Draw how a network was trained, what it learnt and where it helps, for a paper.

    Text is 8 pt; lines and text are vectors in PDF (TrueType) and SVG, maps are pictures inside. Several runs that differ in
    their seed are one line with a band. A figure that cannot be drawn is named with the reason. Looked at are utterances
    held out for validation; a look at a test set (--split test) is logged in the run folder.

    Example: litdb model figure training runs/m4-s1 runs/m4-s2 runs/m4-s3 --out training.pdf

    Example: litdb model figure all runs/m4 --data VoiceBank-DEMAND --columns 2 --out figures --format pdf,png
    """
    kinds = _kinds(what)
    places = _places(out, formats, what)
    heard = _Heard(data, files, utterance, audio, clean, split, validation, speakers, bad)
    material = _material(kinds, sources, checkpoint, heard, workers, "figure")
    drawn = _drawn(kinds, material)
    written = []
    for picture in drawn[0]:
        written.append((picture, [picture.save(columns, place) for place in places(picture)]))
    if json:
        emit_json(
            {
                "figures": [
                    {"figure": picture.name, "files": paths, "caption": picture.caption}
                    for picture, paths in written
                ],
                "not_drawn": _reasons(drawn[1]),
            }
        )
    else:
        for picture, paths in written:
            print(*paths, sep="\n")
            print(f"  {picture.caption}")
        for absent in drawn[1] if written else ():
            print(f"not drawn: {absent.title}: {absent.reason}")
    if not written:
        raise EvaluationError(
            "; ".join(f"{absent.title} cannot be drawn: {absent.reason}" for absent in drawn[1])
        )


@dataclass(frozen=True, slots=True)
class _Heard:
    """The options that say what a network is heard on."""

    data: Path | None
    files: int
    utterance: str
    audio: Path | None
    clean: Path | None
    split: str
    validation: str
    speakers: int
    bad: str

    def __post_init__(self) -> None:
        if self.clean is not None and self.audio is None:
            raise ModelUsageError("--clean goes with --audio FILE")
        if self.audio is not None and self.utterance:
            raise ModelUsageError("--utterance is one of the corpus; leave out --audio")


def _kinds(what: str) -> list[Kind]:
    from model.figures.drawing import Kind

    if what == ALL:
        return list(Kind)
    if what not in list(Kind):
        raise ModelUsageError(f"there is no figure {what!r}; there are {', '.join(Kind)} and {ALL}")
    return [Kind(what)]


def _places(out: Path, formats: str, what: str) -> Callable[[Picture], list[Path]]:
    """Where a picture is written: the files for it."""
    from model.figures.style import FORMATS, format_of

    wanted = [word.strip() for word in formats.split(",") if word.strip()]
    if out.suffix and not out.is_dir():
        format_of(out)
        if wanted:
            raise ModelUsageError(f"--format goes with a folder; {out} says its own format")
        if what == ALL:
            raise ModelUsageError(f"all figures go into a folder, and {out} is a file")
        return lambda picture: [
            out if picture.name == picture.kind else out.with_stem(f"{out.stem}-{picture.name}")
        ]
    if unknown := [word for word in wanted if word not in FORMATS]:
        raise ModelUsageError(f"--format takes {', '.join(FORMATS)}, not {unknown[0]!r}")
    return lambda picture: [out / f"{picture.name}.{word}" for word in wanted or ["pdf"]]


def _material(
    kinds: list[Kind], given: list[Path], checkpoint: str, heard: _Heard, workers: int, command: str
) -> Material:
    """Open what figures of these kinds are drawn from."""
    from model.evaluation.systems import System
    from model.figures.drawing import HEARD, SEVERAL, Kind, Material
    from model.figures.hearing import drawn_of, few_of
    from model.figures.sources import data_root, example_of, source_of

    sources = tuple(source_of(path, checkpoint) for path in given)
    if len(sources) > 1 and not SEVERAL & set(kinds):
        raise ModelUsageError(
            f"{kinds[0]} is drawn of one run or checkpoint; several are for {', '.join(sorted(SEVERAL))}"
        )
    first = sources[0]
    more: dict[str, object] = {"workers": how_many(workers), "progress": progress()}
    if heard.audio is not None:
        more |= {"example": example_of(heard.audio, heard.clean), "heard": heard.audio.name}
    needed = Kind.GAIN in kinds or (heard.audio is None and HEARD & set(kinds))
    root = heard.data or data_root(first)
    if not needed or first.checkpoint is None or root is None:
        return Material(sources, **more)  # type: ignore[arg-type]
    whole = Material(sources)
    systems = [System(source.name, "checkpoint", source.checkpoint) for source in whole.seeds]
    try:
        test = design(root, systems, heard.split, heard.validation, heard.speakers, heard.bad)
    except ModelError as error:
        if heard.data is not None:
            raise
        return Material(sources, no_data=str(error), no_example=str(error), **more)  # type: ignore[arg-type]
    log_look(command, test, systems)
    if heard.audio is None:
        example, words = drawn_of(test, heard.utterance)
        more |= {"example": example, "heard": words}
    return Material(sources, data=few_of(test, heard.files), **more)  # type: ignore[arg-type]


def _drawn(kinds: list[Kind], material: Material) -> tuple[list[Picture], list[Absent]]:
    from model.figures.drawing import Absent, Picture, figures

    found = figures(kinds, material)
    return [one for one in found if isinstance(one, Picture)], [
        one for one in found if isinstance(one, Absent)
    ]


@app.command("report")
def report_command(
    sources: Sources,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="DIR", help="Where report.html and report.pdf go (default: RUN/report)."
        ),
    ] = None,
    columns: Annotated[
        int, typer.Option("--columns", min=1, max=2, help="Width of its figures: 1: 85 mm, 2: 170 mm.")
    ] = 2,
    checkpoint: Which = "",
    data: Corpus = None,
    files: Files = 40,
    utterance: Utterance = "",
    audio: Audio = None,
    clean: Clean = None,
    split: DesignSplit = "validation",
    validation: Held = "",
    speakers: Speakers = 0,
    bad: Bad = "refuse",
    workers: Workers = 0,
    json: Json = False,
) -> None:
    """Put all figures of a run and its numbers on one HTML page and into one PDF.

    The page needs nothing beside it and fetches nothing. Further runs that differ in their seed join the curves and the gain.
    What a run cannot give (weights, a log, scores by file, audio) is named with the reason.

    Example: litdb model report runs/m4-s1 runs/m4-s2 --data VoiceBank-DEMAND --out report
    """
    from model.figures.document import document
    from model.figures.drawing import Absent, Kind, Picture, figures
    from model.figures.numbers import sections
    from model.figures.page import page
    from model.figures.style import write_whole

    heard = _Heard(data, files, utterance, audio, clean, split, validation, speakers, bad)
    folder = out or _folder_of(sources[0])
    kinds = list(Kind)
    material = _material(kinds, sources, checkpoint, heard, workers, "report")
    found = figures(kinds, material)
    pictures = [one for one in found if isinstance(one, Picture)]
    numbers = sections(material)
    title = f"{material.label}: {material.first.name}"
    svg, pdf = ({one.name: one.rendered(columns, kind) for one in pictures} for kind in ("svg", "pdf"))
    written = [
        write_whole(folder / "report.html", page(title, numbers, found, svg).encode()),
        write_whole(folder / "report.pdf", document(title, numbers, found, pdf)),
    ]
    absent = [one for one in found if isinstance(one, Absent)]
    if json:
        emit_json(
            {
                "files": written,
                "figures": [one.name for one in pictures],
                "not_drawn": _reasons(absent),
                "sections": numbers,
            }
        )
        return
    print(*written, sep="\n")
    for one in absent:
        print(f"not drawn: {one.title}: {one.reason}")


def _folder_of(given: Path) -> Path:
    """Where a report goes that is not told where."""
    return given / "report" if given.is_dir() else given.parent / f"{given.stem}-report"


def _reasons(absent: list[Absent]) -> list[dict[str, str]]:
    return [{"figure": one.kind, "title": one.title, "reason": one.reason} for one in absent]
