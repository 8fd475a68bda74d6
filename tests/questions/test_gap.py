"""The own model against targets and published models: signs, doubts, refusals, who dominates."""

from __future__ import annotations

import pickle

import pytest

import litdb
from litdb.catalogue.derive import derive
from litdb.catalogue.hand import Written, put_readings
from litdb.catalogue.naming import find_model
from litdb.catalogue.record import PaperFacts, put_document, put_paper
from litdb.errors import NotFound, UsageError
from litdb.evidence.gap import Gap, Rival
from litdb.evidence.marks import Said, folded
from tests.evidence.worlds import measure, publish


@pytest.fixture
def own(catalogue: litdb.Catalogue) -> litdb.Catalogue:
    measure(
        catalogue.store, "r/best",
        {"params": "459867", "PESQ": "2.8635", "STOI": "0.9412", "CSIG@unit": "4.262"}, declared="2025-12-13",
    )  # fmt: skip
    measure(catalogue.store, "r/last", {"PESQ": "2.9727", "STOI": "0.9324"}, selected_on="none")
    return catalogue


def rival(found: Gap, name: str) -> Rival:
    (one,) = [r for r in found.rivals if r.name == name]
    return one


def signs(one: Rival) -> dict[str, str]:
    return {
        d.metric: d.sign + ("?" if d.note and d.sign != "not comparable" else "") for d in one.differences
    }


def test_targets_are_missed_by_how_much(own: litdb.Catalogue) -> None:
    found = own.gap({"PESQ": 3.0, "STOI": 94, "params": "0.5M", "CSIG": 4.0, "SI-SDR": 18})
    assert found.source == "run r/best"  # the declared one, though the other scores higher
    assert found.notes == (
        "checkpoint r/best, declared 2025-12-13, selected on validation data, single seed",
    )
    aims = {aim.metric: aim for aim in found.aims}
    assert aims["PESQ"].missing == pytest.approx(0.1365)
    assert aims["STOI"].missing == 0  # 94 is meant as 0.94
    assert aims["params"].missing == 0
    assert (aims["CSIG"].missing, aims["CSIG"].note) == (0, "measured as CSIG@unit")
    assert (aims["SI-SDR"].missing, aims["SI-SDR"].note) == (None, "not measured")
    assert found.rivals == ()


def test_published_models_metric_by_metric(own: litdb.Catalogue) -> None:
    store = own.store
    publish(store, "Better", {"params": "0.42M", "PESQ": "3.40", "STOI": "0.95"}, date="2025-01-01")
    publish(store, "Bigger", {"params": "0.92M", "PESQ": "2.96", "STOI": "0.94"}, date="2021-01-01")
    publish(store, "Beyond", {"params": "2.05M", "PESQ": "3.50"}, date="2023-01-01")
    found = own.gap(against="0.4M..1.0M")
    assert [r.name for r in found.rivals] == ["Better", "Bigger"]
    assert signs(rival(found, "Better")) == {"Params (M)": "worse", "PESQ": "worse", "STOI": "worse"}
    assert rival(found, "Better").standing == "dominated"
    bigger = rival(found, "Bigger")
    assert signs(bigger) == {
        "Params (M)": "better",
        "PESQ": "worse",
        "STOI": "equal",
    }  # 0.9412 prints as 0.94
    assert (bigger.standing, bigger.own_better) == ("not dominated", ("Params (M)",))
    assert bigger.differences[1].difference == pytest.approx(2.8635 - 2.96)


def test_composites_of_another_or_an_unknown_scale(own: litdb.Catalogue) -> None:
    publish(own.store, "Silent", {"params": "0.46M", "CSIG": "4.10"}, date="2021-01-01")
    publish(
        own.store,
        "Int",
        {"params": "0.45M", "PESQ": "3.00", "CSIG": "4.10"},
        date="2021-01-01",
        scale="int16",
    )
    found = own.gap(against="0.4M..1.0M")
    silent = rival(found, "Silent")
    assert signs(silent) == {"Params (M)": "equal", "CSIG": "ahead if comparable?"}
    assert silent.standing == "not dominated if comparable"
    refused = rival(found, "Int")
    assert signs(refused)["CSIG"] == "not comparable"
    assert refused.differences[-1].note == "known to differ: composite scale"
    assert refused.standing == "dominated"


def test_a_model_without_a_common_metric_is_not_judged(own: litdb.Catalogue) -> None:
    publish(own.store, "Apart", {"params": "0.46M", "SSNR": "9.1"}, date="2021-01-01")
    assert rival(own.gap(against="0.4M..1.0M"), "Apart").standing == "nothing to compare"


def test_own_models_are_no_rivals(own: litdb.Catalogue) -> None:
    measure(own.store, "x/best", {"params": "0.5M", "PESQ": "3.9"}, model="OtherNet")
    assert own.gap(against="0.4M..1.0M").rivals == ()
    assert own.gap(["PESQ=3.0"], model="OtherNet").aims[0].missing == 0


def test_wrong_words(own: litdb.Catalogue) -> None:
    for targets, against, dataset, said in (
        ([], None, "vbd", "say what to compare with"),
        (["PESQ"], None, "vbd", "METRIC=VALUE"),
        (["PESQ=high"], None, "vbd", "not a number"),
        (["QESP=3"], None, "vbd", "unknown metric"),
        (["PESQ=3"], None, "nowhere", "unknown test set"),
        ([], "1M..0.4M", "vbd", "lower end"),
    ):
        with pytest.raises(UsageError, match=said):
            own.gap(targets, against=against, dataset=dataset)
    with pytest.raises(NotFound):
        own.gap(["PESQ=3"], model="NoNet")


def test_a_test_set_without_own_results(own: litdb.Catalogue) -> None:
    (aim,) = own.gap(["PESQ=3"], dataset="dns2020-noreverb").aims
    assert (aim.value, aim.note) == (None, "not measured")


def test_undeclared_checkpoints_must_be_declared_first(catalogue: litdb.Catalogue) -> None:
    for name in ("a", "b"):
        measure(catalogue.store, f"r/{name}", {"PESQ": "2.9"}, selected_on="test")
    with pytest.raises(UsageError, match="litdb runs declare"):
        catalogue.gap(["PESQ=3"])


def test_never_better_where_neither_side_states_its_scale(catalogue: litdb.Catalogue) -> None:
    measure(catalogue.store, "r/best", {"params": "459867", "CSIG": "4.262"}, declared="2025-12-13")
    publish(catalogue.store, "Silent", {"params": "0.46M", "CSIG": "4.10"}, date="2021-01-01")
    one = rival(catalogue.gap(against="0.4M..1.0M"), "Silent")
    assert signs(one)["CSIG"] == "ahead if comparable?"
    assert (one.standing, one.own_better) == ("not dominated if comparable", ())
    judged = catalogue.claim("MyNet is the best CSIG")
    assert "CSIG: composite scale is not stated for the comparison with Silent." in judged.notes


def test_gap_and_claim_carry_the_marks_of_the_table(own: litdb.Catalogue) -> None:
    publish(own.store, "Silent", {"params": "0.46M", "PESQ": "3.10"}, date="2021-01-01")
    key = next(v.key for v in own.why("Silent", "PESQ").values)
    own.correct(key, "misread", value="3.01")
    (mark,) = rival(own.gap(against="0.4M..1.0M"), "Silent").differences[1].marks
    assert mark.startswith("Silent, PESQ: corrected from 3.10 by tester")
    assert any(mark in note for note in own.claim("MyNet is the best PESQ").notes)


def test_what_is_said_of_many_rows_is_said_once_and_names_a_few(own: litdb.Catalogue) -> None:
    for number in range(6):
        values = {"params": "0.46M", "PESQ": f"3.1{number}", "STOI": "0.93"}
        publish(own.store, f"Seeded{number}", values, date="2021-01-01", seeds="5")
    publish(
        own.store, "Lone", {"params": "0.46M", "PESQ": "3.2", "CSIG": "4.1"}, date="2021-01-01", seeds="3"
    )
    found = own.gap(against="0.4M..1.0M")
    assert found.mark_notes() == [
        "Lone, PESQ, CSIG: mean over 3 seeds",  # and a count of parameters is a mean over nothing
        "6 rows: mean over 5 seeds (PESQ, STOI of Seeded0, Seeded1, Seeded2 and 3 others)",
    ]
    (mark,) = rival(found, "Seeded4").differences[1].marks
    assert mark == "Seeded4, PESQ: mean over 5 seeds"
    assert found.doubt_notes() == ["Lone, CSIG: not stated: composite scale"]
    notes = own.claim("MyNet is the best PESQ").notes
    assert "6 rows: mean over 5 seeds (PESQ of Seeded0, Seeded1, Seeded2 and 3 others)" in notes


def test_marks_of_rows_that_share_some_of_their_metrics_are_told_apart() -> None:
    marks = [
        Said("A", "PESQ", "odd"),
        Said("B, small", "PESQ", "odd"),
        Said("B, small", "STOI", "odd"),
        Said("A", "STOI", "even"),
        Said("A", "PESQ", "odd"),
    ]
    assert folded(marks) == ["2 rows: odd (PESQ of A, B, small; STOI of B, small)", "A, STOI: even"]
    assert pickle.loads(pickle.dumps(marks)) == marks
    assert pickle.loads(pickle.dumps(marks))[1].model == "B, small"


def test_a_model_and_what_others_measured_of_it_are_told_apart(own: litdb.Catalogue) -> None:
    publish(own.store, "Twice", {"params": "0.46M", "PESQ": "3.2"}, date="2021-01-01")
    publish(own.store, "Later", {"params": "0.9M", "PESQ": "3.3"}, date="2022-01-01")
    with own.store.write() as session:
        model = find_model(session, "Twice").key
        for paper, values in (("Later", {"params": "0.47M", "PESQ": "3.1"}), ("Third", {"CSIG": "4.4"})):
            document = put_document(
                session, f"seen:{paper} again", kind="seen", uri=f"paper of {paper}",
                paper=put_paper(session, PaperFacts(title=f"{paper}: a paper")),
            )  # fmt: skip
            readings = [
                Written(
                    label=model, metric=metric, printed=printed, origin="reproduced", by="hand",
                    dataset="vbd", table="2",
                ).reading()
                for metric, printed in values.items()
            ]  # fmt: skip
            put_readings(session, document, readings)
            derive(session, [document.id], accept_from=0.0)
    found = own.gap(against="0.4M..0.5M")
    assert [one.name for one in found.rivals] == ["Twice", "Twice (reproduced)"]
    again = rival(found, "Twice (reproduced)")
    assert not [one for one in again.differences if one.metric == "CSIG"]  # Third trained another network
    row = next(row for row in own.table(["PESQ", "CSIG"], models=["Twice"]).rows if row.reproduced)
    assert [cell.text for cell in row.cells] == ["3.1", "-"]
