"""The audit, rule by rule: what it finds, what it leaves alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from litdb.evidence.audit import RULES, Facts, Finding, audit
from litdb.evidence.audit.facts import AbsenceFact, CheckpointFact, ModelRecord, PaperFact
from litdb.values.value import Value
from tests.evidence.values import moved, value

PAPER = PaperFact("P", arxiv_id="2306.00001", submitted=dt.date(2023, 6, 1), year=2023)


def found(code: str, *values: Value, models: tuple[ModelRecord, ...] = (), **more: Any) -> list[Finding]:
    records = {m.key: m for m in models or (ModelRecord("A", "A", paper="P"),)}
    facts = Facts(values, {"P": PAPER}, records, **more)
    return [finding for finding in audit(facts) if finding.code == code]


def dated(year: str) -> Value:
    claim = value("A", "PESQ", "3.1", origin="claim", place="a note", key=f"year{year}")
    return replace(claim, metric="year", quantity="year", dataset="", printed=year, value=float(year))


def test_a_year_before_the_paper_is_an_error_and_a_later_one_a_warning() -> None:
    assert [f.severity for f in found("YEAR", dated("2022"))] == ["error"]
    assert [f.severity for f in found("YEAR", dated("2024"))] == ["warning"]
    assert found("YEAR", dated("2023")) == []


def test_the_year_of_publication_is_right_where_it_is_known() -> None:
    paper = replace(PAPER, published=dt.date(2024, 4, 1))
    facts = Facts((dated("2024"), dated("2025")), {"P": paper}, {"A": ModelRecord("A", "A", paper="P")})
    assert [f.target for f in audit(facts) if f.code == "YEAR"] == ["year2025"]


def test_a_shared_name_and_the_rows_nobody_placed() -> None:
    models = (ModelRecord("A1", "A"), ModelRecord("A2", "A (long)"), ModelRecord("A@X", "A"))
    one, two = value("A1", "PESQ", "3.50"), value("A2", "PESQ", "3.60")
    row = value(
        "A@X", "PESQ", "3.50", label="A", origin="quoted", place="X, table 1", paper="X", status="proposed"
    )
    names = found("NAME", one, two, row, models=models, shared={"A": ("A1", "A2")})
    assert [f.severity for f in names] == ["warning", "note"]
    assert "A1" in names[0].proposals[0]
    assert "--paper X" in names[0].proposals[0]
    neither = replace(row, printed="3.55", value=3.55)
    assert found("NAME", one, two, neither, models=models, shared={"A": ("A1", "A2")})[0].proposals == ()


def test_a_number_of_a_re_implementation() -> None:
    models = (
        ModelRecord("A", "A", paper="P"),
        ModelRecord("A-re", "A (by somebody)"),
        ModelRecord("own", "A-X", own=True),
    )
    claim = value("A", "PESQ", "3.10", origin="claim", place="a note")
    readme = value("A-re", "PESQ", "3.10", origin="repository", place="github:b/a")
    counted = value("A-re", "params", "2963024", origin="reproduced", place="built")
    size = value("A", "params", "~1M+", origin="claim", place="a note")
    (one,) = found("REIMPL", claim, readme, counted, size, models=models)
    assert "2,963,024 parameters" in one.message
    assert "not ~1M+" in one.message
    assert "--model A-re" in one.proposals[0]
    other = replace(readme, printed="3.2", value=3.2)
    assert found("REIMPL", claim, other, models=models) == []
    paper = value("A", "PESQ", "3.10")
    assert found("REIMPL", claim, readme, paper, models=models) == []
    quoting = value("A", "PESQ", "3.10", origin="quoted", place="X, table 1", paper="X")
    assert len(found("REIMPL", quoting, readme, models=models)) == 1
    mine = value("own", "PESQ", "3.10", origin="measured")
    assert found("REIMPL", claim, mine, models=models) == []


def test_a_number_older_than_the_re_implementation_or_of_two_digits_is_not_its() -> None:
    models = (ModelRecord("A", "A", paper="P"), ModelRecord("A-re", "A (by somebody)"))

    def taken(
        printed: str,
        metric: str = "CBAK",
        quoted_on: str | None = "2024-06-01",
        made_on: str | None = "2024-01-01",
    ) -> bool:
        theirs = value(
            "A-re", metric, printed, origin="reproduced", place="R, table 4", paper="R", date=made_on
        )
        quoting = value("A", metric, printed, origin="quoted", place="X, table 1", paper="X", date=quoted_on)
        return bool(found("REIMPL", quoting, theirs, models=models))

    assert taken("3.40")
    assert taken("3.40", quoted_on="2024-01-01")
    assert taken("3.40", quoted_on=None)
    assert taken("3.40", made_on=None)
    assert not taken("3.40", quoted_on="2023-12-31")  # the quotation is the older
    assert not taken("3.4")
    assert not taken("0.95", "STOI")
    assert taken("0.953", "STOI")
    assert not taken("0.01", "RTF")


def test_what_a_paper_does_not_report() -> None:
    absence = AbsenceFact("P", "vbd", "PESQ", "arXiv:2306.00001v1", "the paper reports no value")
    claim = value("A", "PESQ", "3.0+", origin="claim", place="a note")
    (one,) = found("ABSENT", claim, absences=(absence,))
    assert "3.0+" in one.message
    assert found("CLAIM", claim, absences=(absence,)) == []  # said once
    assert found("ABSENT", replace(claim, dataset="wsj0-musan"), absences=(absence,)) == []
    assert found("ABSENT", value("A", "PESQ", "3.0"), absences=(absence,)) == []


def test_words_with_and_without_a_number() -> None:
    words = value("A", "PESQ", "competitive", origin="claim", place="a note")
    (known,) = found("WORDS", words, value("A", "PESQ", "3.37"))
    assert known.severity == "warning"
    assert "3.37" in known.message
    (unknown,) = found("WORDS", words)
    assert unknown.severity == "note"
    assert unknown.proposals == ()


def test_claims_alone_contradicted_and_confirmed() -> None:
    claim = value("A", "PESQ", "3.1", origin="claim", place="a note")
    assert found("CLAIM", claim)[0].severity == "warning"
    assert found("CLAIM", claim, value("A", "PESQ", "2.9"))[0].severity == "error"
    assert found("CLAIM", claim, value("A", "PESQ", "3.12")) == []


def test_only_quotations_of_a_known_original() -> None:
    row = value("A", "PESQ", "3.1", origin="quoted", place="X, table 1", paper="X")
    assert found("QUOTED", row)[0].proposals == ("litdb fetch 2306.00001",)
    assert found("QUOTED", row, value("A", "PESQ", "3.1")) == []
    assert found("QUOTED", row, models=(ModelRecord("A", "A"),)) == []
    other = value("B", "PESQ", "3.3", paper="P")  # the paper was read, and lacks this row
    (lacking,) = found(
        "QUOTED", row, other, models=(ModelRecord("A", "A", paper="P"), ModelRecord("B", "B", paper="P"))
    )
    assert lacking.proposals == ()
    assert "has been read and has no such row" in lacking.message
    assert found("QUOTED", moved(row, paper="P")) == []


def test_sources_without_an_address() -> None:
    claim = value("A", "PESQ", "3.1", origin="claim", place="a note", document="note:x")
    assert found("SOURCE", claim)[0].target == "note:x"
    assert found("SOURCE", moved(claim, uri="https://example.org")) == []
    assert found("SOURCE", moved(claim, kind="evaluation")) == []


def test_out_of_range() -> None:
    assert found("RANGE", value("A", "CSIG", "0.92"))[0].severity == "error"
    assert found("RANGE", value("A", "PESQ", "4.64")) == []
    assert found("RANGE", value("A", "PESQ", "5.2", status="rejected")) == []


NOISY = (ModelRecord("Noisy", "Noisy", kind="reference"),)


def noisy(metric: str, printed: str, origin: str = "quoted", row: str = "row1", **more: Any) -> Value:
    return value("Noisy", metric, printed, kind="reference", origin=origin, row=row, place=row, **more)


def test_a_noisy_row_that_is_not_the_known_one_and_columns_that_look_shifted() -> None:
    whole = {"files": "824", "files_expected": "824"}
    known = [
        noisy(metric, printed, "repository", "log", protocol=whole)
        for metric, printed in (("PESQ", "1.97"), ("CSIG", "3.35"), ("CBAK", "2.44"), ("STOI", "0.921"))
    ]
    wrong = [noisy("PESQ", "1.97"), noisy("CSIG", "0.92"), noisy("CBAK", "3.34")]
    (one,) = found("NOISY", *known, *wrong, models=NOISY)
    assert one.severity == "error"
    assert "columns look shifted" in one.message
    assert "CSIG 0.92 instead of 3.35" in one.message
    right = [noisy("CSIG", "3.35", row="b"), noisy("STOI", "0.92", row="b"), noisy("STOI", "92.1", row="c")]
    assert found("NOISY", *known, *right, models=NOISY) == []


def test_without_a_measured_row_most_papers_decide() -> None:
    rows = [
        noisy("PESQ", printed, row=f"r{i}", paper=f"P{i}")
        for i, printed in enumerate(("1.97", "1.97", "2.05"))
    ]
    (one,) = found("NOISY", *rows, models=NOISY)
    assert "2.05 instead of 1.97" in one.message
    assert found("NOISY", rows[0], rows[2], models=NOISY) == []  # one against one decides nothing


def test_where_as_many_papers_print_another_noisy_row_none_is_known() -> None:
    def papers(*printed: str) -> list[Value]:
        return [noisy("DNSMOS-OVRL", text, row=f"r{i}", paper=f"P{i}") for i, text in enumerate(printed)]

    assert found("NOISY", *papers("2.59", "2.588", "2.70", "2.70", "1.98"), models=NOISY) == []
    assert len(found("NOISY", *papers("2.59", "2.588", "2.70", "2.70", "2.70"), models=NOISY)) == 2
    # neighbours in the last digit are not another number
    assert len(found("NOISY", *papers("2.58", "2.58", "2.59", "2.59", "2.70"), models=NOISY)) == 1


def test_one_step_of_the_last_digit_puts_no_noisy_row_in_doubt() -> None:
    whole = {"files": "824", "files_expected": "824"}
    known = [
        noisy(metric, printed, "repository", "log", protocol=whole)
        for metric, printed in (("CSIG", "3.35"), ("STOI", "0.921"), ("PESQ", "1.97"), ("SI-SDR", "8.445"))
    ]

    def doubted(**printed: str) -> bool:
        row = [noisy(metric.replace("_", "-"), text) for metric, text in printed.items()]
        return bool(found("NOISY", *known, *row, models=NOISY))

    assert not doubted(CSIG="3.34", STOI="0.91", PESQ="1.98", SI_SDR="8.46")
    assert not doubted(STOI="91")
    for row in ({"CSIG": "3.37"}, {"STOI": "91.5"}, {"STOI": "0.90"}, {"PESQ": "1.99"}, {"SI_SDR": "8.47"}):
        assert doubted(**row), row


def test_one_row_with_two_test_sets_has_a_finding_for_each() -> None:
    def row(dataset: str, printed: str, paper: str, key: str) -> Value:
        return noisy("PESQ", printed, row=key, paper=paper, dataset=dataset, key=f"{paper}{dataset}{printed}")

    known = [
        row(*of, paper, paper)
        for paper in ("P", "Q")
        for of in (("vbd", "1.97"), ("dns2020-noreverb", "1.58"))
    ]
    both = [row("vbd", "2.11", "W", "w" * 32), row("dns2020-noreverb", "1.82", "W", "w" * 32)]
    assert {f.target for f in found("NOISY", *known, *both, models=NOISY)} == {
        "wwwwwwww.vbd",
        "wwwwwwww.dns2020-noreverb",
    }
    assert [f.target for f in found("NOISY", *known, both[0], models=NOISY)] == ["wwwwwwww"]


def test_narrow_band_of_the_noisy_input_is_another_number() -> None:
    rows = [noisy("PESQ", "1.97", row=f"r{i}", paper=f"P{i}") for i in range(2)]
    assert found("NOISY", *rows, noisy("PESQ-NB", "2.60", row="n"), models=NOISY) == []


def test_a_quoted_row_with_exchanged_columns() -> None:
    own = [value("A", metric, printed, row="o") for metric, printed in (("CBAK", "3.53"), ("COVL", "3.67"))]
    swapped = [
        value("A", metric, printed, origin="quoted", place="q", row="q")
        for metric, printed in (("CBAK", "3.67"), ("COVL", "3.53"))
    ]
    (one,) = found("SHIFTED", *own, *swapped)
    assert "CBAK holds 3.67, which is the COVL" in one.message
    assert found("SHIFTED", *own, replace(swapped[0], printed="3.60", value=3.6), swapped[1]) == []


def test_numbers_that_exclude_one_another() -> None:
    def row(**printed: str) -> list[Value]:
        return [value("A", metric.replace("_", "-"), text, row="r") for metric, text in printed.items()]

    assert "extended STOI" in found("IMPOSSIBLE", *row(ESTOI="0.95", STOI="0.87"))[0].message
    assert "wide-band" in found("IMPOSSIBLE", *row(PESQ="3.4", PESQ_NB="3.0"))[0].message
    assert "at most 3.66" in found("IMPOSSIBLE", *row(PESQ="2.96", SSNR="9.70", CBAK="3.77"))[0].message
    assert "at most 4.30" in found("IMPOSSIBLE", *row(PESQ="2.0", CSIG="4.5"))[0].message
    assert found("IMPOSSIBLE", *row(PESQ="3.5", PESQ_NB="3.9", STOI="0.96", ESTOI="0.89")) == []
    assert found("IMPOSSIBLE", *row(PESQ="3.50", CSIG="4.73", CBAK="3.95", COVL="4.22", SSNR="10.64")) == []


def test_checkpoints_selected_on_the_test_set() -> None:
    def of(selected_on: str, declared: bool = False) -> list[Finding]:
        day = dt.date(2025, 1, 1) if declared else None
        checkpoint = CheckpointFact("r/best", "A", "best", selected_on, "best PESQ", day)
        return found("SELECTED", checkpoints=(checkpoint,))

    assert [f.severity for f in of("test")] == ["warning"]
    assert [f.severity for f in of("test", declared=True)] == ["error"]
    assert of("validation") == of("none") == of("") == []


def test_scores_on_files_that_were_met_in_training() -> None:
    def of(*flags: str) -> list[str]:
        marked = value("A", "PESQ", "3.1", origin="measured", checkpoint="r/best", flags=flags)
        return [finding.severity for finding in found("LEAK", marked)]

    assert of("2 of 824 files were trained on") == ["error"]
    assert of("scored on training files (split train), not on a test set") == ["error"]
    assert of("4 of 824 files were held out for validation, which selected the checkpoint") == ["warning"]
    assert of("training files unknown: it may have been trained on these") == []
    assert of("out of range", "output against clean: 824 of 824 files are 16 samples late") == []


def test_means_over_fewer_files() -> None:
    short = value("A", "PESQ", "3.1", protocol={"files": "820"})
    assert "820 of 824" in found("FILES", short)[0].message
    stated = value(
        "A", "PESQ", "3.1", dataset="dns2020-reverb", protocol={"files": "148", "files_expected": "150"}
    )
    assert "148 of 150" in found("FILES", stated)[0].message
    assert found("FILES", value("A", "PESQ", "3.1", protocol={"files": "824"})) == []
    subset = value("A", "PESQ", "2.6", protocol={"files": "412", "condition": "SNR 2.5 dB"})
    assert found("FILES", subset) == []


def test_ways_of_counting() -> None:
    one = value("A", "params", "48.2K", place="a", protocol={"counting": "with fixed filters"})
    two = value("A", "params", "23.7K", place="b", protocol={"counting": "without"})
    silent = value("A", "params", "0.05M", place="c", origin="quoted")
    (finding,) = found("COUNTING", one, two, silent)
    assert "0.05M (c) agrees with the count with fixed filters" in finding.message
    assert found("COUNTING", one, silent) == []


def test_findings_come_gravest_first_and_keep_their_target() -> None:
    values = (
        dated("2022"),
        value("A", "CSIG", "0.5"),
        value("A", "PESQ", "promising", origin="claim", place="n", document="n"),
    )
    facts = Facts(values, {"P": PAPER}, {"A": ModelRecord("A", "A", paper="P")})
    all_found = audit(facts)
    order = {"error": 0, "warning": 1, "note": 2}
    assert [order[f.severity] for f in all_found] == sorted(order[f.severity] for f in all_found)
    quiet = {all_found[0].id: "known"}
    assert audit(facts, quiet)[0].suppressed == "known"
    reversed_facts = Facts(values[::-1], facts.papers, facts.models)
    assert {f.id for f in audit(reversed_facts)} == {f.id for f in all_found}


def test_every_rule_explains_itself() -> None:
    assert len(RULES) == 19
    for code, rule in RULES.items():
        assert code.isupper()
        assert len(rule.explanation) > 80


def test_the_known_row_is_what_most_papers_print_however_many_there_are() -> None:
    """Votes are counted by number as printed; a thousand papers with two ways to print one are compared once."""
    noisy = (ModelRecord("Noisy", "Noisy", kind="reference"),)
    rows = [
        value("Noisy", "PESQ", "1.97" if n % 2 else "1.970", key=f"n{n}", kind="reference", origin="quoted", paper=f"Q{n}")
        for n in range(40)
    ]  # fmt: skip
    wrong = value("Noisy", "PESQ", "1.67", key="wrong", kind="reference", origin="quoted", paper="W")
    assert [finding.sources[0][:9] for finding in found("NOISY", *rows, wrong, models=noisy)] == ["PESQ 1.67"]


def test_rules_build_on_one_another_and_work_once() -> None:
    facts = Facts((dated("2022"),), {"P": PAPER}, {"A": ModelRecord("A", "A", paper="P")})
    assert audit(facts) == audit(facts) != []
