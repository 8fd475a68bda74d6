"""The readers on real papers: accuracy against the hand-checked gold, and every other file without harm."""

from __future__ import annotations

import csv
import gzip
import io
import tarfile
import time
from pathlib import Path

import pytest

from benchmarks.extraction import Judged, judge, label_key, lower_bound
from litdb.errors import InputError
from litdb.extract import ACCEPT_THRESHOLD, extract, source_from_files


@pytest.fixture(scope="module")
def papers(real_data: Path) -> Path:
    return real_data / "papers"


@pytest.fixture(scope="module")
def verdicts(papers: Path) -> tuple[list[Judged], dict[str, int]]:
    return judge(papers)


def test_accuracy_overall_and_by_kind(verdicts: tuple[list[Judged], dict[str, int]]) -> None:
    judged, sizes = verdicts
    hits = sum(j.right for j in judged)
    assert hits / len(judged) >= 0.98
    assert 2 * hits / (len(judged) + sum(sizes.values())) >= 0.97
    for kind, size in sizes.items():
        mine = [j for j in judged if j.kind == kind]
        assert 2 * sum(j.right for j in mine) / (len(mine) + size) >= 0.95, kind


def test_the_test_set_is_right(verdicts: tuple[list[Judged], dict[str, int]]) -> None:
    """A test set that is told is right; where none can be told the reading waits for review and misleads nobody."""
    right = [j for j in verdicts[0] if j.right]
    told = [j for j in right if j.told]
    assert sum(j.test_set_right for j in told) / len(told) >= 0.99
    assert len(told) / len(right) >= 0.97
    assert all(j.confidence < ACCEPT_THRESHOLD for j in verdicts[0] if not j.told)


def test_accepted_readings_are_precise_and_most_of_all(verdicts: tuple[list[Judged], dict[str, int]]) -> None:
    judged = verdicts[0]
    accepted = [j for j in judged if j.confidence >= ACCEPT_THRESHOLD]
    good = sum(j.right and j.test_set_right for j in accepted)
    assert lower_bound(good, len(accepted)) >= 0.995
    assert good / sum(j.right and j.test_set_right for j in judged) >= 0.80


def test_empty_cells_give_nothing(papers: Path) -> None:
    with (papers / "GOLD_missing_cells.tsv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    with (papers / "GOLD.tsv").open(encoding="utf-8") as handle:
        filled = {
            (row["file"], label_key(row["system"]), row["metric"])
            for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        }
    empty = {(row["file"], label_key(row["system"]), row["metric"]) for row in rows} - filled
    assert empty
    for file in sorted({file for file, _, _ in empty}):
        extraction = extract(source_from_files({file: (papers / file).read_bytes()}, file))
        found = {(file, label_key(r.model), r.quantity) for r in extraction.readings}
        assert not found & empty


def members(path: Path) -> dict[str, bytes]:
    """The files of a document: an archive's members, or the file itself."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
        try:
            with tarfile.open(fileobj=io.BytesIO(content)) as archive:
                return {
                    m.name: handle.read() for m in archive if (handle := archive.extractfile(m)) is not None
                }
        except tarfile.TarError:
            return {path.stem: content}
    return {path.name: content}


def test_every_file_is_read_in_time_and_layout_gives_nothing(papers: Path) -> None:
    """Sources outside the field hold equations, algorithms and layout tables: none of them gives a reading."""
    silent = ("engrafo", "latexml", "eprints", "jats")
    count = 0
    for path in sorted(papers.rglob("*")):
        if path.suffix not in (".tex", ".html", ".md", ".xml", ".nxml", ".gz"):
            continue
        start = time.monotonic()
        try:
            extraction = extract(source_from_files(members(path), path.name))
        except InputError:
            continue
        assert time.monotonic() - start < 5, path
        count += 1
        if any(word in str(path.relative_to(papers)) for word in silent):
            assert extraction.readings == (), path
    assert count >= 100
