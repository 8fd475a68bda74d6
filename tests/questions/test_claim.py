"""True, false or not decidable: what refutes a statement, what might, and what counts for nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import litdb
from litdb.catalogue.database.places import Place, shipped_path
from litdb.catalogue.database.schema import ModelRow
from litdb.errors import Ambiguous, NotFound, UsageError
from tests.evidence.worlds import lacks, measure, publish


@pytest.fixture
def field(catalogue: litdb.Catalogue) -> litdb.Catalogue:
    """Big 2M 3.50 (2022), Mid 0.9M 3.20 (2023), Own 0.46M 3.05 (declared, 2025)."""
    store = catalogue.store
    publish(store, "Big", {"params": "2.00M", "PESQ": "3.50"}, date="2022-03-01")
    publish(store, "Mid", {"params": "0.90M", "PESQ": "3.20"}, date="2023-03-01")
    measure(store, "r/best", {"params": "459867", "PESQ": "3.0512"}, declared="2025-12-13")
    return catalogue


def verdict(catalogue: litdb.Catalogue, statement: str) -> tuple[str, list[str], list[str]]:
    found = catalogue.claim(statement)
    return found.verdict, [w.name for w in found.against], [w.name for w in found.open]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("smallest with PESQ>=3.0 on vbd", ("true", [], [])),
        ("smallest with PESQ>=3.1 on vbd", ("false", [], [])),
        ("largest", ("false", ["Big", "Mid"], [])),
        ("Big is the largest", ("true", [], [])),
        ("best PESQ with params<1M", ("false", ["Mid"], [])),
        ("Mid is the best PESQ with params=0.4M..1.0M", ("true", [], [])),
        ("Mid is the best PESQ since 2023", ("true", [], [])),
        ("Big is the only with PESQ>3.3", ("true", [], [])),
        ("Big is the only with PESQ>3.1", ("false", ["Mid"], [])),
        ("Big is the first with PESQ>=3.0", ("true", [], [])),
        ("Mid is the first with PESQ>=3.0", ("false", ["Big"], [])),
        ("first with PESQ>=3.0 and params<0.5M", ("true", [], [])),
        ("smallest in 2022", ("false", [], [])),
    ],
)
def test_verdicts_with_their_counterexamples(
    field: litdb.Catalogue, statement: str, expected: tuple[str, list[str], list[str]]
) -> None:
    assert verdict(field, statement) == expected


def test_a_subject_that_does_not_meet_its_own_condition_is_told(field: litdb.Catalogue) -> None:
    found = field.claim("smallest with PESQ>=3.1")
    assert "MyNet does not meet PESQ>=3.1: 3.051" in found.own
    assert "checkpoint r/best, declared 2025-12-13, selected on validation data, single seed" in found.notes
    assert found.considered == 3


def test_a_model_of_unknown_size_leaves_it_open(field: litdb.Catalogue) -> None:
    publish(field.store, "Mute", {"PESQ": "3.40"}, date="2024-01-01")
    assert verdict(field, "smallest with PESQ>=3.0") == ("not decidable", [], ["Mute"])
    assert verdict(field, "Big is the best PESQ") == ("true", [], [])


def test_the_same_as_far_as_printed_decides_nothing(field: litdb.Catalogue) -> None:
    publish(field.store, "Near", {"params": "0.46M", "PESQ": "3.30"}, date="2024-01-01")
    found = field.claim("smallest with PESQ>=3.0")
    assert found.verdict == "not decidable"
    assert [w.why for w in found.open] == ["params 0.46M: the same as far as it is printed"]


def test_another_band_and_fewer_files_are_no_witnesses(field: litdb.Catalogue) -> None:
    publish(field.store, "Narrow", {"params": "0.1M", "PESQ-NB": "3.90"}, date="2024-01-01")
    publish(
        field.store, "Part", {"params": "0.2M", "PESQ": "3.60"}, date="2024-01-01", files="820", files_expected="824"
    )  # fmt: skip
    found = field.claim("smallest with PESQ>=3.0")
    assert (found.verdict, [w.name for w in found.open]) == ("not decidable", ["Part"])
    assert found.open[0].why == "PESQ does not count: 3.60 covers 820 of 824 files"
    assert found.notes[-1].endswith("do not count: Part (covers 820 of 824 files)")


def test_composites_of_an_unknown_scale_decide_nothing(catalogue: litdb.Catalogue) -> None:
    publish(catalogue.store, "Big", {"CSIG": "4.80"}, date="2022-03-01")
    measure(catalogue.store, "r/best", {"CSIG@unit": "4.26"}, declared="2025-12-13")
    found = catalogue.claim("best CSIG")
    assert (found.verdict, [w.why for w in found.open]) == (
        "not decidable", ["CSIG 4.80, if comparable: composite scale not stated"],
    )  # fmt: skip


def test_a_claim_may_speak_against_it_unless_the_paper_lacks_it(field: litdb.Catalogue) -> None:
    publish(field.store, "Rumour", {"params": "0.1M", "PESQ": "3.10"}, origin="claim", date="2024-01-01")
    found = field.claim("smallest with PESQ>=3.0")
    assert found.verdict == "not decidable"
    assert [w.why for w in found.open] == ["only claimed: params 0.1M"]
    lacks(field.store, "Rumour", "PESQ")
    assert verdict(field, "smallest with PESQ>=3.0") == ("true", [], [])


def test_a_proposed_result_waits(field: litdb.Catalogue) -> None:
    from tests.catalogue.scenes import doubtful, extraction, put

    with field.writing() as session:
        put(session, "2401.00001", doubtful(extraction([("Shy", "3.90", True)])))
    found = field.claim("Big is the best PESQ")
    assert found.verdict == "not decidable"
    assert [(w.name, w.why) for w in found.open] == [("Shy", "waits for review: PESQ 3.90")]


def test_causality_counts_where_it_is_stated(field: litdb.Catalogue) -> None:
    publish(field.store, "Live", {"PESQ": "3.10"}, date="2024-01-01", causal="yes")
    publish(field.store, "Late", {"PESQ": "3.60"}, date="2024-01-01", causal="no")
    found = field.claim("Live is the only causal model with PESQ>=3.0")
    assert (found.verdict, sorted(w.name for w in found.open)) == ("not decidable", ["Big", "Mid", "MyNet"])
    assert field.claim("Late is the only causal model with PESQ>=3.0").verdict == "false"
    assert (
        "whether Mid is causal is not stated"
        in field.claim("Mid is the first causal model with PESQ>=3.0").own
    )


def test_first_needs_dates(field: litdb.Catalogue) -> None:
    publish(field.store, "Undated", {"PESQ": "3.90"})
    assert verdict(field, "Big is the first with PESQ>=3.0") == ("not decidable", [], ["Undated"])
    assert field.claim("MyNet is the first with PESQ>=3.0").verdict == "false"
    assert "the date of Undated is not known" in field.claim("Undated is the first with PESQ>3.8").own


def test_nothing_known_of_the_subject(field: litdb.Catalogue) -> None:
    publish(field.store, "Silent", {"params": "0.8M"}, date="2021-01-01")
    lacks(field.store, "Silent", "PESQ")
    found = field.claim("Silent is the largest with PESQ>=3.0 and params<0.85M")
    assert (found.verdict, [w.name for w in found.against]) == ("not decidable", [])
    assert found.own == ("params 0.8M", "PESQ of Silent is not known", "PESQ: none (its tables)")
    publish(field.store, "Elsewhere", {"STOI": "0.95"}, date="2021-01-01")
    found = field.claim("Elsewhere is the best PESQ")
    assert found.own == ("no accepted PESQ of Elsewhere on vbd is known",)
    assert verdict(field, "Silent is the smallest with PESQ>=3.0")[:2] == ("false", ["MyNet"])


def test_whose_claim_it_is(catalogue: litdb.Catalogue) -> None:
    with pytest.raises(UsageError, match="no own model has a run"):
        catalogue.claim("smallest with PESQ>=3.0")
    measure(catalogue.store, "r/a", {"PESQ": "3.0"}, model="NetA")
    measure(catalogue.store, "s/b", {"PESQ": "3.1"}, model="NetB")
    with pytest.raises(UsageError, match="several own models have runs"):
        catalogue.claim("best PESQ")
    assert catalogue.claim("best PESQ", model="NetB").verdict == "true"
    measure(catalogue.store, "s/b", {"STOI": "0.9"}, model="NetB", declared="2026-01-01")
    assert catalogue.claim("best PESQ").subject == "NetB"
    measure(catalogue.store, "t/c", {"PESQ": "2.0"}, model="NetB-small", declared="2026-01-02")
    with catalogue.writing() as session:
        session.query(ModelRow).filter_by(key="NetB-small").one().kind = "ablation"
    assert catalogue.claim("best PESQ").subject == "NetB"
    with pytest.raises(NotFound):
        catalogue.claim("NetC is the best PESQ")
    with pytest.raises((UsageError, Ambiguous)):
        catalogue.claim("NetC is nice")


@pytest.fixture(scope="module")
def shipped() -> Iterator[litdb.Catalogue]:
    with litdb.Catalogue(Place(str(shipped_path()), read_only=True)) as opened:
        yield opened


def test_the_smallest_with_pesq_3_is_another_one(shipped: litdb.Catalogue) -> None:
    """The group's hope: it does not reach the condition, and smaller models do."""
    found = shipped.claim("smallest with PESQ>=3.0 on vbd")
    assert found.verdict == "false"
    against = {w.name: w.values for w in found.against}
    assert against["Dense-TSNet"] == ("PESQ 3.05", "params 0.014M")
    assert against["LiSenNet"] == ("PESQ 3.07", "params 0.037M")
    assert any("does not meet PESQ>=3" in said for said in found.own)
    assert all(w.source for w in found.against)
    claimed = {w.name: w.why for w in found.open}
    assert claimed["TSDCA-BA"].startswith("only claimed")
    assert "DPCRN" not in claimed  # its paper reports no value on the test set


def test_dpcrn_reports_nothing_there(shipped: litdb.Catalogue) -> None:
    found = shipped.claim("DPCRN is the first with PESQ>=3.0 on vbd")
    assert found.verdict == "not decidable"
    assert any("the paper reports no value on this test set" in said for said in found.own)
