"""Why a number has no rank: one rule, whoever asks."""

from __future__ import annotations

from typing import Any

from litdb.evidence.rows.mixed import of_several
from litdb.evidence.rows.refusals import Refusals
from litdb.evidence.rows.unprocessed import Unprocessed
from litdb.values.value import Value
from tests.evidence.values import value

OWN = "arXiv:2401.00001v1, table 1"


def network(name: str, **scores: str) -> list[Value]:
    """What a paper has of one of its networks."""
    return [
        value(name, metric.replace("_", "-"), printed, place=OWN, row=f"own {name}")
        for metric, printed in scores.items()
    ]


def quoted(**scores: str) -> list[Value]:
    """A row in which others quote the network of that paper."""
    more: dict[str, Any] = {"origin": "quoted", "place": "arXiv:2402.00002v1, table 2", "row": "quoted"}
    return [value("Net", metric.replace("_", "-"), printed, **more) for metric, printed in scores.items()]


TWO = [*network("Net-A", PESQ="2.87", SI_SDR="16.89"), *network("Net-B", PESQ="2.54", SI_SDR="17.20")]


def test_a_row_of_two_networks_is_of_none() -> None:
    row = quoted(PESQ="2.87", SI_SDR="17.20")
    found = of_several(row, row, TWO)
    assert set(found) == {"PESQ", "SI-SDR"}
    assert "PESQ 2.87 is that of Net-A" in found["PESQ"]
    assert "SI-SDR 17.20 is that of Net-B" in found["PESQ"]


def test_a_row_of_one_network_under_another_name_stands() -> None:
    row = quoted(PESQ="2.87", SI_SDR="16.89")
    assert of_several(row, row, TWO) == {}
    half = quoted(PESQ="2.87", SI_SDR="18.0")  # a number that is nobody's says nothing of the other
    assert of_several(half, half, TWO) == {}


def test_what_the_paper_has_under_that_name_itself_is_not_asked_of_its_other_networks() -> None:
    row = quoted(PESQ="2.87", SI_SDR="17.20")
    own = network("Net", PESQ="2.90")
    assert of_several(row, [*row, *own], [*TWO, *own]) == {}
    run = [
        value("Net", "PESQ", "2.87", origin="reproduced", row="r"),
        value("Net", "SI-SDR", "17.20", origin="reproduced", row="r"),
    ]
    assert of_several(run, run, TWO) == {}


def test_every_reason_is_a_refusal_with_its_cause() -> None:
    row = quoted(PESQ="3.88", CSIG="4.82", CBAK="3.85", COVL="4.82")
    refusals = Refusals(Unprocessed(), {"Net": row})
    refusal = refusals.of(row[3])
    assert refusal is not None
    assert refusal.cause == "number"
    assert refusal.note == f"not ranked with the others: {refusal.words}"
    assert refusal.note.brief == "cannot be by the other numbers of its row, not ranked"
    assert refusals.of(row[0]) is None
    assert refusals.of(value("Other", "PESQ", "3.0")) is None
