"""Conflicts: what disagrees, what only looks like it, and what explains it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from litdb.evidence.conflicts import Resolution, conflicts
from litdb.values.agreement import agree, cut_off
from litdb.values.value import Value
from tests.evidence.values import moved, value


def test_rounding_is_no_conflict() -> None:
    pairs = [
        ("PESQ", "3.4", "3.399"),
        ("params", "0.05M", "48.2K"),
        ("STOI", "95.6", "0.96"),
        ("params", "1M", "1.04M"),
    ]
    for metric, one, other in pairs:
        assert agree(value("A", metric, one), value("A", metric, other))
        assert not conflicts(
            [value("A", metric, one), value("A", metric, other, origin="quoted", place="p2")]
        )


def test_beyond_the_coarser_step_it_is_one() -> None:
    (found,) = conflicts([value("A", "PESQ", "3.4"), value("A", "PESQ", "3.46", origin="quoted", place="p2")])
    assert not found.possible
    assert [side.printed for side in found.sides] == ["3.4", "3.46"]
    assert found.kinds == ("own table and quotations",)


def test_bounds_and_approximations_say_no_more_than_they_do() -> None:
    assert agree(value("A", "PESQ", "3.0+"), value("A", "PESQ", "3.41"))
    assert not agree(value("A", "PESQ", "3.0+"), value("A", "PESQ", "2.8"))
    assert agree(value("A", "params", "~1M"), value("A", "params", "1.9M"))
    assert not agree(value("A", "params", "~1M"), value("A", "params", "2963024"))


def test_versions_of_one_paper() -> None:
    old = value("A", "PESQ", "3.373", paper="P", version=1, place="v1")
    new = value("A", "PESQ", "3.399", paper="P", version=2, place="v2")
    (found,) = conflicts([old, new])
    assert found.kinds == ("between versions",)
    assert found.sides[0].printed == "3.399"  # the newest leads
    assert found.explanation == (
        "P: version 1 printed 3.373, version 2 prints 3.399; a table shows the newest",
    )


def test_paper_against_repository_and_within_one_paper() -> None:
    paper = value("A", "PESQ", "3.55", paper="P", version=1)
    readme = value("A", "PESQ", "3.58", origin="repository", place="github:a/a")
    table2 = value("A", "PESQ", "3.50", paper="P", version=1, place="table 2")
    assert conflicts([paper, readme])[0].kinds == ("paper and repository",)
    assert conflicts([paper, table2])[0].kinds == ("within one paper",)


@pytest.mark.parametrize("origin", ["self", "reproduced", "quoted"])
def test_two_rows_of_one_table_are_two_settings(origin: str) -> None:
    def row(printed: str, key: str, **more: Any) -> Value:
        given = {
            "origin": origin,
            "paper": "P",
            "version": 1,
            "table": "1",
            "document": "d",
            "row": key,
        } | more
        return value("A", "PESQ", printed, key=f"{key}{printed}", **given)

    offline, online = row("3.42", "r1", label="A"), row("3.26", "r2", label="A [2]")
    assert conflicts([offline, online]) == []
    # what quotes one of them contradicts neither
    assert conflicts([offline, online, value("A", "PESQ", "3.26", origin="quoted", place="q")]) == []
    (found,) = conflicts([offline, online, value("A", "PESQ", "3.10", origin="quoted", place="q")])
    assert {side.printed for side in found.sides} == {"3.10", "3.26", "3.42"}
    assert conflicts([offline, row("3.26", "r2", table="2")])  # another table knows of one row
    assert conflicts([offline, row("3.26", "r2", document="e")])  # the same table, read differently
    assert conflicts([offline, row("3.26", "r1")])  # one row, read twice


def test_quoted_and_run_again_in_one_table_is_a_reproduction() -> None:
    quoted = value("A", "PESQ", "3.41", origin="quoted", place="p, table 1", row="r1")
    again = value("A", "PESQ", "3.39", origin="reproduced", place="p, table 1", row="r2")
    assert [found.kinds for found in conflicts([quoted, again])] == [("reproduction",)]


def test_two_roundings_of_a_number_that_a_third_prints_sharper() -> None:
    sharp = value("A", "STOI", "92.5")
    cut = value("A", "STOI", "0.92", origin="quoted", place="b", paper="B")
    up = value("A", "STOI", "0.93", origin="quoted", place="c", paper="C")
    assert conflicts([sharp, cut, up]) == []
    assert len(conflicts([cut, up])) == 1
    assert len(conflicts([sharp, cut, up, replace(up, key="d", printed="0.94", value=0.94)])) == 1


def test_copies_are_traced_to_the_earliest_quotation() -> None:
    values = [
        value("A", "CSIG", "4.33", paper="A", date="2021-03-18"),
        value("A", "CSIG", "4.10", origin="quoted", place="b", paper="B", date="2022-03-28"),
        value("A", "CSIG", "4.10", origin="quoted", place="c", paper="C", date="2023-05-01"),
        value("A", "CSIG", "4.10", origin="quoted", place="d", paper="D", date="2022-09-01"),
        value("A", "CSIG", "4.33", origin="quoted", place="e", paper="E", date="2022-01-01"),
    ]
    (found,) = conflicts(values)
    assert [len(side.sources) for side in found.sides] == [2, 3]
    (line,) = found.explanation
    assert line.startswith("4.10: B printed it first, D and C print the same, not with the original")


def test_one_dissenting_quotation_is_not_called_a_copy() -> None:
    values = [value("A", "CSIG", "4.33"), value("A", "CSIG", "4.17", origin="quoted", place="b", paper="B")]
    assert conflicts(values)[0].explanation == ()


def test_a_known_difference_of_protocol_is_no_conflict() -> None:
    for metric, stated, other in [
        ("PESQ", {"band": "WB"}, {"band": "NB"}),
        ("CSIG", {"scale": "int16"}, {"scale": "unit"}),
        ("PESQ", {"condition": "SNR -5 dB"}, {"condition": "SNR 5 dB"}),
        ("PESQ", {"training": "28spk"}, {"training": "56spk"}),
        ("PESQ", {"reverb": "no"}, {"reverb": "yes"}),
        ("MACs", {"audio_length": "1"}, {"audio_length": "2"}),
    ]:
        one = value("A", metric, "3.10", protocol=stated)
        two = value("A", metric, "3.90", protocol=other, place="p2")
        assert conflicts([one, two]) == [], metric


def test_what_is_not_stated_on_one_side_makes_it_possible() -> None:
    (found,) = conflicts(
        [value("A", "CSIG", "4.1", protocol={"scale": "int16"}), value("A", "CSIG", "4.5", place="p2")]
    )
    assert found.possible
    assert found.unknown == ("composite scale",)
    (cost,) = conflicts(
        [value("A", "FLOPs", "63G"), value("A", "FLOPs", "116G", origin="quoted", place="p2")]
    )
    assert cost.unknown == ("length of audio",)


def test_two_ways_of_counting_are_no_conflict() -> None:
    values = [
        value("A", "params", "0.05M", origin="repository", place="readme"),
        value(
            "A", "params", "48.2K", origin="quoted", place="b", protocol={"counting": "with fixed filters"}
        ),
        value("A", "params", "23.7K", origin="quoted", place="c", protocol={"counting": "without"}),
    ]
    assert conflicts(values) == []
    without = [replace(v, protocol=values[0].protocol) for v in values]
    assert len(conflicts(without)) == 1


def test_one_number_of_a_paper_in_two_places_is_one_whatever_length_of_audio_only_one_of_them_says() -> None:
    first = value("A", "FLOPs", "16.83G", paper="P", place="p, table 3", protocol={"audio_length": "2"})
    first = replace(first, value=8.415e9)
    again = value("A", "FLOPs", "16.83G", paper="P", place="p, table 4")
    assert conflicts([first, again]) == []
    assert len(conflicts([first, replace(again, printed="17.9G", value=17.9e9)])) == 1


def test_a_mean_over_fewer_files_is_another_number() -> None:
    whole = value("A", "PESQ", "3.1", protocol={"files": "824", "files_expected": "824"})
    part = value("A", "PESQ", "3.2", protocol={"files": "820", "files_expected": "824"}, place="p2")
    assert conflicts([whole, part]) == []


def test_checkpoints_claims_and_proposed_values_contradict_nothing() -> None:
    first = value("A", "PESQ", "2.71", origin="measured", checkpoint="r/1", place="r1")
    second = value("A", "PESQ", "2.97", origin="measured", checkpoint="r/2", place="r2")
    claim = value("A", "PESQ", "3.5", origin="claim", place="somebody")
    doubtful = value("A", "PESQ", "3.7", status="proposed", place="t3")
    assert conflicts([first, second]) == []
    assert conflicts([value("A", "PESQ", "2.9"), claim, doubtful]) == []


def test_digits_cut_off_are_named_as_an_explanation() -> None:
    one, other = value("A", "STOI", "0.956"), value("A", "STOI", "0.95", origin="quoted", place="p2")
    assert cut_off(one, other)
    assert conflicts([one, other])[0].explanation == (
        "some values agree when digits are cut off instead of rounded",
    )


def test_the_number_of_a_conflict_is_stable() -> None:
    values = [value("A", "PESQ", "3.1"), value("A", "PESQ", "3.3", origin="quoted", place="b")]
    (before,) = conflicts(values)
    (after,) = conflicts([value("A", "PESQ", "3.5", origin="quoted", place="c"), *reversed(values)])
    assert before.id == after.id
    assert conflicts([replace(v, dataset="dns2020-reverb") for v in values])[0].id != before.id


def test_a_resolution_holds_until_a_source_changes() -> None:
    values = [value("A", "PESQ", "3.1"), value("A", "PESQ", "3.3", origin="quoted", place="b")]
    (found,) = conflicts(values)
    made = Resolution("d" * 32, values[0].key, "checked", tuple(v.fingerprint for v in values))
    (settled,) = conflicts(values, {found.id: made})
    assert settled.state == "resolved"
    (again,) = conflicts([*values, value("A", "PESQ", "3.6", origin="quoted", place="c")], {found.id: made})
    assert again.state == "changed"


@pytest.mark.parametrize("metric", ["PESQ", "STOI", "SI-SDR"])
def test_values_of_another_test_set_or_metric_never_meet(metric: str) -> None:
    one = value("A", metric, "0.9")
    assert conflicts([one, replace(one, key="k", dataset="dns2020-reverb", value=0.5)]) == []


def test_one_table_read_twice_is_one_source() -> None:
    by_hand = value(
        "A", "PESQ", "3.1", paper="P", version=1, table="1", document="seen:P", document_kind="seen", key="h"
    )
    by_program = value("A", "PESQ", "3.10", paper="P", version=1, table="1", document="sha256:x", key="p")
    other = value("A", "PESQ", "3.3", origin="quoted", place="b", paper="B")
    (found,) = conflicts([by_hand, by_program, other])
    assert [[v.key for v in side.sources] for side in found.sides] == [["p"], [other.key]]


def test_a_resolution_survives_a_new_reading_of_the_same_paper() -> None:
    own = value("A", "PESQ", "3.1", paper="P", version=1, table="1", key="h")
    other = value("A", "PESQ", "3.3", origin="quoted", place="b", paper="B")
    (found,) = conflicts([own, other])
    made = Resolution("d" * 32, own.key, "checked", tuple(v.fingerprint for v in found.values))
    again = replace(moved(own, key="sha256:x"), key="p", printed="3.10")
    assert conflicts([again, other], {found.id: made})[0].state == "resolved"
    changed = replace(again, value=3.2, printed="3.20")
    assert conflicts([changed, other], {found.id: made})[0].state == "changed"


def test_a_quotation_of_another_row_of_the_paper_is_recognised() -> None:
    own = value("A", "PESQ", "3.55", paper="P", version=2)
    quoted = value("A", "PESQ", "3.52", origin="quoted", place="b", paper="B")
    variant = value("A (-X)", "PESQ", "3.52", paper="P", version=2, place="P, table 3")
    (found,) = conflicts([own, quoted], relatives={"A": [variant]})
    assert found.explanation == (
        "3.52 is what the paper reports for A (-X) (P, table 3): perhaps that row was meant",
    )
    assert conflicts([own, quoted], relatives={"A": [replace(variant, value=3.4)]})[0].explanation == ()
    twin = value("A (-Y)", "PESQ", "3.52", paper="P", version=2, place="P, table 3")
    assert conflicts([own, quoted], relatives={"A": [twin, variant]})[0].explanation == (
        "3.52 is what the paper reports for A (-X), A (-Y) (P, table 3): perhaps one of these rows was meant",
    )


def test_a_row_that_fits_several_sides_or_only_a_coarse_quotation_is_not_pointed_out() -> None:
    def sides(*printed: str) -> list[Value]:
        return [value("A", "params", text, origin="quoted", place=text, paper=text) for text in printed]

    def pointed_out(values: list[Value], size: str) -> list[str]:
        variant = value("A (-X)", "params", size, paper="P", place="P, table 5")
        (found,) = conflicts(values, relatives={"A": [variant]})
        return [line for line in found.explanation if "perhaps that row" in line]

    assert pointed_out(sides("3.67M", "3.74M"), "3.7M") == []  # it fits both
    assert len(pointed_out(sides("3.67M", "3.74M"), "3.74M")) == 1
    coarse = [*sides("168.98k", "0.17M"), value("A", "params", "171k", paper="P", place="P, table 1")]
    assert pointed_out(coarse, "171.33k") == []  # 0.17M would fit, 168.98k does not
    assert len(pointed_out(coarse, "168.98k")) == 1


def test_what_authors_measured_again_is_a_reproduction_and_no_copy() -> None:
    own = value("A", "PESQ", "2.68", paper="A")
    again = [
        value("A", "PESQ", "2.78", origin="quoted", place=name, paper=name, date="2024-01-01", rerun=True)
        for name in ("B", "C")
    ]
    (found,) = conflicts([own, *again])
    assert found.kinds == ("reproduction",)
    assert found.explanation == (
        "2.78 was measured again by the authors of B",
        "2.78 was measured again by the authors of C",
    )


def test_a_row_of_another_setting_is_pointed_out() -> None:
    own = value("A", "PESQ", "3.07", origin="quoted", place="b", paper="B", label="A (large)")
    other = value("A", "PESQ", "2.56", origin="quoted", place="c", paper="C")
    (found,) = conflicts([own, other])
    assert found.explanation == (
        "3.07 also stands in rows labelled A (large): perhaps another setting of that name",
    )


def test_a_thousand_quotations_of_two_numbers_are_compared_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs of values would be half a million: a baseline that every paper quotes must not make a catalogue slow."""
    import litdb.evidence.conflicts as module

    asked = 0
    real = module.agree

    def counted(one: Value, other: Value) -> bool:
        nonlocal asked
        asked += 1
        return real(one, other)

    monkeypatch.setattr(module, "agree", counted)
    quoted = [
        value("A", "PESQ", "3.07" if n % 3 else "2.56", origin="quoted", place=f"P{n}", paper=f"P{n}")
        for n in range(1000)
    ]
    (found,) = conflicts(quoted)
    assert [len(side.sources) for side in found.sides] == [666, 334]
    assert asked < 5 * len(quoted)


def test_two_files_of_no_known_paper_that_report_a_number_as_their_own() -> None:
    """They may be drafts of one paper or papers of two that share a name, so nothing is said to be within one paper."""
    one = value("FooNet", "PESQ", "3.10", place="a.tex, table 1")
    other = value("FooNet", "PESQ", "3.35", place="b.tex, table 1")
    assert conflicts([one, other])[0].kinds == ("between documents",)
    again = value("FooNet", "PESQ", "3.35", place="a.tex, table 2", document="a.tex, table 1")
    assert conflicts([one, again])[0].kinds == ("within one paper",)
