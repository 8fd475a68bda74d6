"""VALUE, STALE, ORIGIN and IDENTITY of tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from litdb.draft.rules.cells import _initials, _may_be_rerun, arithmetic, cells
from litdb.draft.rules.citing import citing
from litdb.draft.rules.held import hold
from litdb.extract.types import CellReading, Span
from tests.draft.world import only, report, said, table, world

RULES = (cells, arithmetic)
RIGHT = (
    r"Noisy & -- & 1.97 & -- & -- & -- & --",
    r"TwinNet~\cite{twin} & 2.05 & 3.50 & 4.73 & 3.95 & 4.22 & 0.96",
    r"GoldNet~\cite{gold} & 0.43 & 3.40 & 4.67 & 3.83 & 4.14 & 0.95",
    r"SilverNet~\cite{silver} & 0.51 & 3.37 & 4.63 & 3.80 & 4.10 & 0.95",
    r"TinNet & 0.92 & 2.96 & 4.33 & 3.53 & 3.67 & 95.0\%",
    r"OwnNet (ours) & 0.46 & 2.864 & -- & -- & -- & 0.94",
)


def test_what_agrees_at_printed_precision_is_no_finding(tmp_path: Path) -> None:
    found = report(tmp_path, table(*RIGHT), RULES)
    assert found.findings == ()
    assert found.checked["cells of tables"] == 28
    assert not found.unchecked


@pytest.mark.parametrize(
    ("row", "rule", "words"),
    [
        (r"SilverNet & 0.51 & 3.73 & 4.63 & 3.80 & 4.10 & 0.95", "VALUE", "PESQ 3.73; its paper prints 3.37"),
        (r"SilverNet & 0.51 & 3.37 & 4.63 & 3.80 & 4.01 & 0.95", "VALUE", "COVL 4.01; its paper prints 4.10"),
        (r"SilverNet & 0.15 & 3.37 & 4.63 & 3.80 & 4.10 & 0.95", "VALUE", "params 0.15; its paper prints 0.51M"),
        (r"GoldNet & 0.43 & 3.39 & 4.67 & 3.83 & 4.14 & 0.95", "VALUE", "digits of 3.399 are cut off"),
        (r"Noisy & -- & 1.79 & -- & -- & -- & --", "VALUE", "most papers print 1.97"),
        (r"OwnNet & 0.46 & 2.96 & -- & -- & -- & --", "VALUE", "it was measured as 2.864"),
        (r"GoldNet & 0.43 & 3.373 & 4.67 & 3.83 & 4.14 & 0.95", "STALE", "is of gold v1"),
        (r"SilverNet & 0.51 & 3.36 & 4.63 & 3.80 & 4.10 & 0.95", "ORIGIN", "is quoted in gold v2"),
        (r"TinNet & 0.92 & 2.71 & 4.33 & 3.53 & 3.67 & 0.95", "ORIGIN", "is a re-run by others"),
        (r"TinNet & 0.92 & 3.10 & 4.33 & 3.53 & 3.67 & 0.95", "ORIGIN", "is only claimed"),
        (r"TwinNet & 2.05 & 3.60 & 4.73 & 3.95 & 4.22 & 0.96", "IDENTITY", "number of TwinNet (long), beside params 2.05"),
        (r"TwinNet~\cite{twin} & 2.26 & 3.50 & 4.73 & 3.95 & 4.22 & 0.96", "IDENTITY", "number of TwinNet (long)"),
        (r"TwinNet~\cite{twinlong} & 2.26 & 3.60 & 4.73 & 3.99 & 4.34 & 0.96", "IDENTITY", "number of TwinNet (short)"),
        (r"SilverNet & 0.51 & 3.41 & 4.66 & 3.84 & 4.15 & 0.96", "IDENTITY", "has the numbers of SilverNet+aug"),
        (r"SilverNet & 0.92 & 2.96 & 4.33 & 3.53 & 3.67 & 0.95", "IDENTITY", "has the numbers of TinNet"),
    ],
)  # fmt: skip
def test_a_row_that_is_not_as_its_source_has_it(tmp_path: Path, row: str, rule: str, words: str) -> None:
    known = r"TinNet & 0.92 & 2.96 & 4.33 & 3.53 & 3.67 & 0.95"
    found = only(report(tmp_path, table(row, known), RULES))
    assert (found.rule, found.place.file, found.place.line) == (rule, "paper.tex", 5)
    assert words in found.message
    assert found.sources and len(found.sources) == len(found.results)


def test_an_ambiguous_name_is_the_model_that_its_numbers_fit(tmp_path: Path) -> None:
    rows = (
        r"TwinNet & 2.05 & 3.50 & 4.73 & 3.95 & 4.22 & 0.96",
        r"TwinNet & 2.26 & 3.60 & 4.81 & 3.99 & 4.34 & 0.96",
    )
    assert report(tmp_path, table(*rows), RULES).findings == ()


def test_what_the_catalogue_does_not_know_is_counted_and_not_guessed(tmp_path: Path) -> None:
    rows = (r"LeadNet & 1.23 & 3.21 & 4.3 & 3.5 & 3.7 & 0.9", r"Base & 1.23 & 3.21 & 4.3 & 3.5 & 3.7 & 0.9")
    found = report(tmp_path, table(*rows, r"GoldNet & 0.43 & 3.40 & -- & -- & -- & --"), (cells,))
    assert found.findings == ()
    assert found.unchecked == {"cells of models that the catalogue does not know": 12}
    assert found.checked == {"cells of tables": 2}


def test_a_row_that_says_it_is_a_re_run_is_not_the_papers(tmp_path: Path) -> None:
    found = report(tmp_path, table(r"TinNet (reproduced) & 0.92 & 2.71 & 4.3 & 3.5 & 3.6 & 0.94"), RULES)
    assert found.findings == ()


def test_a_setting_that_a_mark_or_the_caption_names_is_not_the_headline(tmp_path: Path) -> None:
    """SilverNet with the numbers of its own setting: right where the table says which, by a mark or in words."""
    row = r"SilverNet & 0.51 & 3.41 & 4.66 & 3.84 & 4.15 & 0.96"
    marked = report(tmp_path, table(row.replace("SilverNet", r"SilverNet$^{\dagger}$")), RULES)
    assert marked.findings == ()
    assert marked.unchecked == {"rows of a setting that a mark or the caption names": 1}
    assert report(tmp_path, table(row, caption="All on VoiceBank+DEMAND with aug."), RULES).findings == ()
    assert only(report(tmp_path, table(row), RULES)).rule == "IDENTITY"
    other = table(row.replace("4.66", "4.56").replace("SilverNet", r"SilverNet$^{\dagger}$"))
    assert {f.rule for f in report(tmp_path, other, RULES).findings} == {"VALUE"}


def test_the_initials_of_a_caption_name_a_setting() -> None:
    assert _initials("cl", ["all", "methods", "without", "consistency", "loss"])
    assert not _initials("cl", ["all", "methods", "without", "loss", "of", "consistency"])
    assert not _initials("a", ["a", "table"])


def test_a_marked_row_that_only_quotations_contradict_may_be_a_re_run(tmp_path: Path) -> None:
    row = r"SettingNet{} & 0.87 & 3.43 & 4.66 & 3.94 & 4.15 & 0.96"
    assert not _may_be_rerun(hold(world(), _reading("PESQ", 3.10), "SilverNet"))
    quoted = hold(world(), _reading("COVL", 4.02), "SettingNet")
    assert quoted.wrong and _may_be_rerun(quoted)
    assert report(tmp_path, table(row.replace("{}", "$^{*}$")), RULES).findings == ()
    wrong = table(r"SilverNet$^{*}$ & 0.51 & 3.73 & 4.63 & 3.80 & 4.10 & 0.95")
    assert only(report(tmp_path, wrong, RULES)).rule == "VALUE"


def _reading(quantity: str, number: float) -> CellReading:
    return CellReading(
        model="", metric=quantity, quantity=quantity, printed=f"{number}", value=number, resolution=0.01, approximate="",
        dataset="VoiceBank+DEMAND", row=0, column=0, raw="", span=Span("", 0, 0),
    )  # fmt: skip


def test_another_test_set_band_or_part_is_another_number(tmp_path: Path) -> None:
    head = r"Model & PESQ-NB & PESQ (SNR 2.5 dB) \\ \midrule"
    found = report(tmp_path, table(r"GoldNet & 3.91 & 3.02", r"TinNet & 3.55 & 2.61", head=head), RULES)
    assert found.findings == ()
    dns = table(
        r"GoldNet & 0.43 & 3.02 & -- & -- & -- & 0.97",
        caption="Scores on the DNS Challenge 2020 no-reverb test set.",
    )
    assert report(tmp_path, dns, RULES).findings == ()


def test_numbers_of_an_unknown_row_that_exclude_one_another(tmp_path: Path) -> None:
    row = r"LeadNet & 1.23 & 2.50 & 4.90 & 3.40 & 4.60 & 0.95"
    found = report(tmp_path, table(row, r"LastNet & 1.23 & 3.00 & 4.30 & 3.40 & 3.60 & 0.95"), RULES)
    assert said(found) == [("IDENTITY", 5), ("IDENTITY", 5)]
    assert any("at most" in finding.message for finding in found.findings)


def test_a_citation_beside_a_model_must_be_its_papers(tmp_path: Path) -> None:
    body = (
        "GoldNet~\\cite{tin} is good. TinNet \\cite{tin} and SilverNet~\\cite{strange,silver} too, as \\cite{gold} says.\n"
        + table(r"SilverNet~\cite{gold} & 0.51 & 3.37 & 4.63 & 3.80 & 4.10 & 0.95")
    )
    found = report(tmp_path, body, (citing,))
    assert said(found) == [("IDENTITY", 2), ("IDENTITY", 6)]
    assert "GoldNet stands beside a citation of “TinNet: an old network”" in found.findings[0].message
    assert found.unchecked == {
        "names of models beside a citation of a paper that the catalogue does not know": 1
    }


def test_a_model_whose_paper_reports_settings_alone(tmp_path: Path) -> None:
    """Who quotes SettingNet by its name takes one setting; a number of another source among them is not its paper's."""
    right = r"SettingNet & 0.87 & 3.43 & 4.66 & 3.94 & 4.15 & 0.96"
    assert report(tmp_path, table(right), RULES).findings == ()
    found = only(report(tmp_path, table(right.replace("4.15", "4.22")), RULES))
    assert (found.rule, found.place.line) == ("VALUE", 5)
    assert "COVL 4.22; its paper prints 4.15" in found.message


def test_a_label_with_the_words_of_a_setting_of_the_cited_paper(tmp_path: Path) -> None:
    row = r"SettingNet ($\alpha{=}0.9$)~\cite{setting} & 0.87 & 3.33 & 4.60 & 3.81 & 3.98 & 0.95"
    assert report(tmp_path, table(row), RULES).findings == ()
    found = only(report(tmp_path, table(row.replace("3.98", "3.89")), RULES))
    assert "COVL 3.89; its paper prints 3.98" in found.message


def test_names_of_own_runs_where_the_draft_is_about_the_own_network(tmp_path: Path) -> None:
    head = r"Variant & Params & PESQ \\ \midrule"
    rows = (r"M1: plain & 361,700 & 2.86", r"M2: M1 + FAC & 347,864 & 2.93")
    found = only(report(tmp_path, "OwnNet has variants.\n" + table(*rows, head=head), RULES))
    assert (found.rule, found.place.line) == ("VALUE", 7)
    assert "params 347,864; it was measured as 374864" in found.message
    assert report(tmp_path, "Others have variants.\n" + table(*rows, head=head), RULES).findings == ()


def test_the_mean_over_declared_seeds_is_what_an_own_row_should_be(tmp_path: Path) -> None:
    head = r"Model & PESQ \\ \midrule"
    body = "OwnNet has variants.\n" + table(r"SeedNet (ours) & 3.050", r"GoldNet & 3.399", head=head)
    assert report(tmp_path, body, RULES).findings == ()
    found = only(report(tmp_path, body.replace("3.050", "3.150"), RULES))
    assert "it was measured as 3.0500" in found.message
