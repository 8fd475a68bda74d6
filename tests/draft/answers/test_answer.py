"""An answer from memory, fault by fault, and one in which every figure carries its result and nothing is found."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

import litdb
from litdb.api import Catalogue, open_catalogue
from litdb.draft.answer import check_answer, check_answer_file
from litdb.draft.finding import DraftReport
from litdb.errors import InputError, TooLarge

HERE = Path(__file__).parent
SHIPPED = Path(litdb.__file__).parents[1] / "sota.db"
FAULTS = list(csv.DictReader((HERE / "faults.tsv").open(encoding="utf-8"), delimiter="\t"))


@pytest.fixture(scope="module")
def shipped_catalogue() -> Iterator[Catalogue]:
    with open_catalogue(SHIPPED) as catalogue:
        yield catalogue


@pytest.fixture(scope="module")
def wrong(shipped_catalogue: Catalogue) -> DraftReport:
    return check_answer_file(shipped_catalogue, HERE / "wrong.md")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault['line']} {fault['what']}")
def test_each_fault_is_found(wrong: DraftReport, fault: dict[str, str]) -> None:
    at = {finding.rule for finding in wrong.findings if finding.place.line == int(fault["line"])}
    assert at & set(fault["rule"].split("|")), f"{fault}: {at}"


def test_nothing_else_is_found(wrong: DraftReport) -> None:
    planted = {int(fault["line"]) for fault in FAULTS}
    assert [finding for finding in wrong.findings if finding.place.line not in planted] == []


def test_a_right_answer_passes(shipped_catalogue: Catalogue) -> None:
    report = check_answer_file(shipped_catalogue, HERE / "right.md")
    assert report.findings == ()
    assert report.checked["figures with the result they carry"] == 27
    assert report.unchecked  # what could not be checked is said


def test_a_comment_with_a_reason_suppresses_and_one_without_does_not(shipped_catalogue: Catalogue) -> None:
    line = "IMSE reaches a PESQ of 3.41."
    kept = check_answer(shipped_catalogue, f"<!-- litdb: ignore VALUE -->\n{line}\n")
    assert [finding.rule for finding in kept.findings] == ["VALUE"]
    gone = check_answer(shipped_catalogue, f"<!-- litdb: ignore VALUE -- quoted from a rival -->\n{line}\n")
    assert gone.findings == () and gone.suppressed[0][1] == "quoted from a rival"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "|",
        "|||\n|-|",
        "```\nIMSE 3.41",
        "[" * 5000,
        "IMSE " * 3000,
        "3.1 " * 3000,
        "| a " * 3000,
        "\x00\x1b[31mIMSE 3.41",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_strange_texts_end(shipped_catalogue: Catalogue, text: str) -> None:
    check_answer(shipped_catalogue, text)


def test_what_is_no_answer_is_refused(shipped_catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        check_answer(shipped_catalogue, "a" * 2_000_001)
    with pytest.raises(InputError):
        check_answer_file(shipped_catalogue, tmp_path / "none.md")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("To improve BSRNN-FAC-MRHA3, raise the bottleneck to 128 channels.", True),
        ("BSRNN-FAC-MRHA3 is small.\nIts bottleneck has 64 channels.", True),
        ("In BSRNN-FAC-MRHA3 the bottleneck has 128 channels.", False),
        ("In BSRNN-FAC-MRHA3 one could raise the bottleneck to 192 channels.", False),
        ("MP-SENet has a bottleneck of 64 channels.", False),
    ],
)
def test_the_own_network_is_what_its_package_says(
    shipped_catalogue: Catalogue, text: str, found: bool
) -> None:
    pytest.importorskip("torch", reason="the bundled network needs torch")
    report = check_answer(shipped_catalogue, text)
    rules = [(finding.rule, finding.place.line) for finding in report.findings]
    assert rules == ([("NETWORK", text.count("\n") + 1)] if found else [])
