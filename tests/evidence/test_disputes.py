"""The disputes that an honest catalogue has to find in itself, one test each, on a fresh build of the shipped one.

And what users got wrong, each refuted or qualified by a command with its source.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import litdb
from litdb.evidence.audit import Finding
from litdb.evidence.conflicts import Disagreement
from litdb.seed.build import build

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[litdb.Catalogue]:
    with litdb.open(build(tmp_path_factory.mktemp("shipped") / "sota.db", harvest=False)) as opened:
        yield opened


@pytest.fixture(scope="module")
def findings(catalogue: litdb.Catalogue) -> list[Finding]:
    return catalogue.audit()


@pytest.fixture(scope="module")
def conflicts(catalogue: litdb.Catalogue) -> dict[tuple[str, str], Disagreement]:
    return {(c.model, c.metric): c for c in catalogue.conflicts()}


def one(findings: list[Finding], code: str, model: str) -> Finding:
    (found,) = [f for f in findings if (f.code, f.model) == (code, model)]
    return found


def printed(conflict: Disagreement) -> list[str]:
    return [side.printed for side in conflict.sides]


def test_imse_versions_disagree(conflicts: dict[tuple[str, str], Disagreement]) -> None:
    found = conflicts[("IMSE", "PESQ")]
    assert (printed(found), found.kinds, found.possible) == (["3.399", "3.373"], ("between versions",), False)
    assert "version 1 printed 3.373, version 2 prints 3.399" in found.explanation[0]


def test_imse_is_dated_before_it_was_written(findings: list[Finding]) -> None:
    found = one(findings, "YEAR", "IMSE")
    assert found.severity == "error"
    assert "dated 2024" in found.message
    assert "arXiv:2511.14515" in found.message
    assert "2025-11-18" in found.message


def test_mp_senet_is_two_models_of_one_name(findings: list[Finding]) -> None:
    (found,) = [f for f in findings if f.code == "NAME"]
    for part in ("arXiv:2305.13686", "2.05M", "3.50", "arXiv:2308.08926", "2.26M", "3.60"):
        assert part in found.message
    assert "dated 2024" in one(findings, "YEAR", "MP-SENet-long").message


def test_bsrnn_310_is_a_re_implementation(findings: list[Finding]) -> None:
    found = one(findings, "REIMPL", "BSRNN")
    for part in (
        "3.10",
        "arXiv:2212.00406v2: the paper reports no value",
        "github:sungwon23/BSRNN",
        "2,963,024",
        "not ~1M+",
    ):
        assert part in found.message
    assert "dated 2023" in one(findings, "YEAR", "BSRNN").message


def test_dpcrn_has_no_result_on_voicebank(findings: list[Finding]) -> None:
    found = one(findings, "ABSENT", "DPCRN")
    assert "3.0+" in found.message
    assert "arXiv:2107.05429v1: the paper reports no value" in found.message


@pytest.mark.parametrize(
    ("model", "word", "number", "source"),
    [("MUSE", "competitive", "3.37", "arXiv:2406.04589v2, table 1"), ("Dense-TSNet", "promising", "3.05", "arXiv:2409.11725v1, table 1")],
)  # fmt: skip
def test_words_where_a_number_exists(
    findings: list[Finding], model: str, word: str, number: str, source: str
) -> None:
    found = one(findings, "WORDS", model)
    assert all(part in found.message for part in (word, number, source))


def test_tsdca_ba_rests_on_a_claim(findings: list[Finding]) -> None:
    found = [f for f in findings if (f.code, f.model) == ("CLAIM", "TSDCA-BA")]
    assert len(found) == 2  # a third party's, and the group's note
    assert all("3.1 is claimed and stands in no other source" in f.message for f in found)


def test_tstnn_is_quoted_in_three_ways(conflicts: dict[tuple[str, str], Disagreement]) -> None:
    found = conflicts[("TSTNN", "CSIG")]
    assert printed(found) == ["4.33", "4.10", "4.17"]
    assert "own table and quotations" in found.kinds
    sources = {side.printed: {v.place for v in side.sources} for side in found.sides}
    assert sources["4.10"] == {"arXiv:2203.15149v4, table 1"}
    assert sources["4.17"] == {"arXiv:2110.06467v5, table 1"}
    assert "arXiv:2103.09963v1, table 1" in sources["4.33"]


def test_dpt_fsnet_is_counted_differently(conflicts: dict[tuple[str, str], Disagreement]) -> None:
    found = conflicts[("DPT-FSNet", "params")]
    assert printed(found) == ["0.88M", "0.91M"]
    assert found.kinds == ("between quotations",)


@pytest.mark.parametrize(("metric", "values"), [("CSIG", ["4.21", "4.18"]), ("CBAK", ["3.55", "3.45"]), ("COVL", ["3.62", "3.50"])])  # fmt: skip
def test_phasen_composites_of_two_kinds_circulate(
    conflicts: dict[tuple[str, str], Disagreement], metric: str, values: list[str]
) -> None:
    found = conflicts[("PHASEN", metric)]
    assert printed(found) == values
    assert found.explanation[0].startswith(
        f"{values[1]}: MUSE printed it first, Dense-TSNet and IMSE print the same"
    )


@pytest.mark.parametrize(
    ("model", "values"), [("SEMamba", ["3.55", "3.56"]), ("SEMamba+PCS", ["3.69", "3.75"])]
)
def test_semamba_paper_and_repository_disagree(
    conflicts: dict[tuple[str, str], Disagreement], model: str, values: list[str]
) -> None:
    found = conflicts[(model, "PESQ")]
    assert (printed(found), found.kinds) == (values, ("paper and repository",))


def test_gtcrn_is_counted_in_two_ways_which_is_no_conflict(
    findings: list[Finding], conflicts: dict[tuple[str, str], Disagreement]
) -> None:
    found = one(findings, "COUNTING", "GTCRN")
    assert all(part in found.message for part in ("48.2K", "23.7K", "0.05M", "agrees with the count after"))
    assert ("GTCRN", "params") not in conflicts


def test_the_noisy_row_with_shifted_columns(findings: list[Finding]) -> None:
    found = one(findings, "NOISY", "Noisy")
    for part in (
        "arXiv:2405.06573v2, table 3",
        "CSIG 0.92 instead of 3.35",
        "CBAK 3.34 instead of 2.44",
        "columns look shifted",
    ):
        assert part in found.message
    assert "CSIG on vbd is 0.92" in one(findings, "RANGE", "Noisy").message


def test_checkpoints_selected_on_the_test_set(findings: list[Finding]) -> None:
    found = {f.target: f.severity for f in findings if f.code == "SELECTED"}
    assert found == {"new/best-composite": "error", "old/best-loss": "warning"}


def test_a_quoted_cbak_that_cannot_be(findings: list[Finding]) -> None:
    found = one(findings, "IMPOSSIBLE", "TSTNN")
    assert "arXiv:2203.15149v4" in found.message
    assert "at most 3.66" in found.message


def test_every_finding_and_conflict_is_defended_in_the_guide(
    findings: list[Finding], conflicts: dict[tuple[str, str], Disagreement]
) -> None:
    """docs/believing.md lists what the shipped catalogue's audit finds, by rule and model, and every conflict."""
    from pathlib import Path

    text = (Path(__file__).parents[2] / "docs" / "believing.md").read_text(encoding="utf-8")
    shipped = text.partition("## What they find in the shipped catalogue")[2]
    for finding in findings:
        lines = [line for line in shipped.splitlines() if line.startswith(f"| {finding.code} ")]
        about = finding.model or finding.target
        assert any(f"{about}" in line for line in lines), finding.id
    for conflict in conflicts.values():
        lines = [line for line in shipped.splitlines() if line.startswith(f"| {conflict.name}, ")]
        assert any(conflict.metric in line for line in lines), (conflict.name, conflict.metric)


# --- what users got wrong ---------------------------------------------------------------------------------


def test_bsrnn_has_about_1m(catalogue: litdb.Catalogue) -> None:
    claims = [f for f in catalogue.audit("BSRNN") if f.code == "CLAIM"]
    assert len(claims) == 1
    assert "~1M+ is claimed and stands in no other source" in claims[0].message
    assert "2,963,024" in claims[0].message
    assert "github:sungwon23/BSRNN" in claims[0].message


def test_muse_is_competitive(catalogue: litdb.Catalogue) -> None:
    (found,) = catalogue.audit("MUSE")
    assert "arXiv:2406.04589v2, table 1, row “MUSE(Ours)” prints 3.37" in found.message


def test_imse_2024(catalogue: litdb.Catalogue) -> None:
    found = {f.code: f.message for f in catalogue.audit("IMSE")}
    assert "first submitted on 2025-11-18" in found["YEAR"]


def test_gains_of_whole_systems_are_no_gains_of_a_part(catalogue: litdb.Catalogue) -> None:
    answer = catalogue.evidence("dual-path", near="0.46M")
    assert [(g.printed, g.remark.partition(";")[0]) for g in answer.gains] == [
        ("+0.107", "whole-system gain")
    ]
    assert answer.isolated == ()
