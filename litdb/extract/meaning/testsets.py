"""Which test set a number is on, and why: header, row, caption, notes, the text around, the paper, the noisy row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from litdb.extract.meaning.columns import Column
from litdb.extract.meaning.labels import Row
from litdb.extract.meaning.paper import Paper, is_loose
from litdb.extract.types import Grid
from litdb.vocabulary import Dataset, vocabulary
from litdb.vocabulary.remarks import Ground, Remark

#: Means of the unprocessed VoiceBank+DEMAND test set as every paper prints them: (low, high) per metric.
_NOISY_VBD = {
    "PESQ": (1.96, 1.98), "CSIG": (3.30, 3.38), "CBAK": (2.42, 2.46), "COVL": (2.61, 2.66), "SSNR": (1.66, 1.74),
    "STOI": (0.905, 0.925), "SI-SDR": (8.3, 8.6), "ESTOI": (0.77, 0.80),
}  # fmt: skip
_TRAINING = re.compile(r"\b(?:train(?:ed|ing)?|pre-?train(?:ed|ing)?|fine-?tun\w+)\b[^.;]{0,40}$", re.I)
_TESTING = re.compile(r"\b(?:test(?:ed|ing)?|evaluat\w+|results?|performance|on)\b[^.;]{0,30}$", re.I)


@dataclass(frozen=True, slots=True)
class Decision:
    """The test set (title, or '' when none can be told) and the grounds for it."""

    title: str
    grounds: tuple[Remark, ...]

    @property
    def reason(self) -> str:
        """The grounds in words."""
        return "; ".join([str(ground) for ground in self.grounds])

    @property
    def sure(self) -> float:
        """How sure it is, in 0..1: as sure as its least sure ground."""
        return min([ground.kind.weight for ground in self.grounds])


def _on(title: str, ground: Ground, *details: object) -> Decision:
    return Decision(title, (Remark(ground, details),))


def mentioned(text: str) -> tuple[Dataset, ...]:
    """Test sets in a text, those named as training data left out unless nothing else is named."""
    return _mentioned(text[:4000])


@lru_cache(maxsize=1024)
def _mentioned(text: str) -> tuple[Dataset, ...]:
    found = [(at, d) for at, d in vocabulary().datasets_in(text) if not is_loose(text, at)]
    tested = [d for at, d in found if not _TRAINING.search(text[max(0, at - 60) : at])]
    return tuple(dict.fromkeys(tested or [d for _, d in found]))


def _generic(dataset: Dataset) -> bool:
    return dataset.id in ("dns", "dns2020")


def _narrowed(candidates: Sequence[Dataset]) -> list[Dataset]:
    """Drop a family name when one of its members is named too."""
    specific = [d for d in candidates if not _generic(d)]
    if specific and any(d.id.startswith("dns") for d in specific):
        return specific
    return list(candidates)


def noisy_row(rows: Sequence[tuple[Row, dict[str, float]]]) -> bool | None:
    """Whether the unprocessed row of a table has the values of VoiceBank+DEMAND; None when there is no such row."""
    for row, values in rows:
        if row.kind != "reference" or "clean" in row.model.lower():
            continue
        checked = [
            (name, low <= values[name] <= high) for name, (low, high) in _NOISY_VBD.items() if name in values
        ]
        decisive = [ok for name, ok in checked if name in ("PESQ", "COVL", "SSNR", "SI-SDR")]
        if decisive:
            return sum(decisive) * 2 > len(decisive) or (len(decisive) == 1 and decisive[0])
    return None


_DEREVERBERATION = re.compile(r"\bde-?reverb", re.I)
_DENOISING = re.compile(r"\bdenois|\bnoise (?:suppression|reduction)", re.I)


def decide(grid: Grid, column: Column, row: Row, paper: Paper, noisy: bool | None) -> Decision:
    """The test set of one score; a VoiceBank set in a table about dereverberation is the reverberant one."""
    found = _decide(grid, column, row, paper, noisy)
    reverb = column.reverb or row.reverb
    if reverb and found.title in (_title("dns"), _title("dns2020")):
        part = "dns2020-reverb" if reverb == "yes" else "dns2020-noreverb"
        ground = Ground.REVERBERATION if reverb == "yes" else Ground.NO_REVERBERATION
        return Decision(_title(part), (*found.grounds, Remark(ground)))
    if (
        found.title == _title("vbd")
        and not noisy
        and "DEMAND" not in f"{grid.caption} {column.header} {row.section}".upper()
    ):
        for text in (grid.caption, grid.section, paper.title):
            if text and _DEREVERBERATION.search(text) and not _DENOISING.search(text):
                return Decision(_title("vbd-dereverb"), (*found.grounds, Remark(Ground.DEREVERBERATION)))
    return found


def _decide(grid: Grid, column: Column, row: Row, paper: Paper, noisy: bool | None) -> Decision:
    if column.validation:
        return _on(column.validation, Ground.PART_IN_HEADER, column.header)
    header = list(column.datasets)
    if len(header) == 1:
        return _on(header[0].title, Ground.HEADER, column.header)
    if row.dataset is not None:
        return _on(row.dataset.title, Ground.ROW)
    captioned = _narrowed(mentioned(grid.caption))
    if len(captioned) == 1:
        if captioned[0].id == "vbd" and noisy is False:
            return _on(captioned[0].title, Ground.CAPTION_ALONE)
        return _on(captioned[0].title, Ground.CAPTION)
    if noisy and (not captioned or any(d.id == "vbd" for d in captioned)):
        return _on(_title("vbd"), Ground.NOISY_ROW)
    counted = _counted(grid)
    if counted is not None and not captioned:
        return _on(counted.title, Ground.FILES_COUNTED, counted.files)
    near = nearest(grid)
    if near is not None and not captioned and not (near.id == "vbd" and noisy is False):
        return _on(near.title, Ground.TEXT_AROUND)
    if not captioned:
        known = [d for d in paper.datasets if not (d.id == "vbd" and noisy is False)]
        if len(known) == 1 or (
            known
            and noisy is None
            and known[0].id == "vbd"
            and len(known) > 1
            and paper.datasets[0].id == "vbd"
        ):
            return _on(known[0].title, Ground.OTHER_TABLES if len(known) == 1 else Ground.OTHER_TABLES_FIRST)
        prose = [d for d in paper.prose_datasets if not (d.id == "vbd" and noisy is False)]
        if not known and prose:
            return _on(prose[0].title, Ground.TEXT if len(prose) == 1 else Ground.TEXT_FIRST)
    if not captioned and noisy is None and paper.composites:
        return _on(_title("vbd"), Ground.COMPOSITES)
    return _on("", Ground.NONE)


def _counted(grid: Grid) -> Dataset | None:
    """The test set whose number of files the text around the table gives ('824 for test')."""
    return _counted_in("\n".join((*grid.notes, grid.context))[:4000])


@lru_cache(maxsize=256)
def _counted_in(text: str) -> Dataset | None:
    for dataset in vocabulary().datasets:
        if not dataset.files or dataset.files % 10 == 0:
            continue  # round counts belong to many sets
        number = rf"(?<![\d.,]){dataset.files}(?![\d.,%]*\d)"
        before, after = (
            rf"\btest[^.\n]{{0,40}}{number}",
            rf"{number}[^.\n]{{0,40}}\b(?:test|utterances?|files?|clips?|pairs?)\b",
        )
        if re.search(f"{before}|{after}", text, re.I):
            return dataset
    return None


def nearest(grid: Grid) -> Dataset | None:
    """The test set named by the notes, the paragraphs about the table or the heading above it."""
    for text in (*grid.notes, grid.context, grid.section):
        lines = text.split("\n")
        for line in reversed(lines):
            found = _narrowed(mentioned(line))
            if len(found) == 1:
                return found[0]
            if found and text is grid.section:
                return found[-1]
        found = _narrowed(mentioned(text))
        if len(found) == 1:
            return found[0]
    return None


def _title(ident: str) -> str:
    dataset = vocabulary().dataset(ident)
    return dataset.title if dataset is not None else ""
