"""A known difference is refused and an unstated one noted, in the tables that people see."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import litdb
from litdb.catalogue.derive import derive
from litdb.catalogue.hand import Written, put_readings
from litdb.catalogue.record import PaperFacts, put_document, put_paper, put_version
from litdb.vocabulary.protocol import Protocol

KNOWN: list[tuple[str, str, str, Mapping[str, str], Mapping[str, str], str]] = [
    ("narrow and wide band", "PESQ", "dns2020-noreverb", {"band": "WB"}, {"band": "NB"}, ""),
    ("16 and 48 kHz", "STOI", "vbd", {"rate": "16000"}, {"rate": "48000"}, "sampling rate"),
    ("with and without reverb", "PESQ", "dns", {"band": "WB", "reverb": "no"}, {"band": "WB", "reverb": "yes"}, "reverberation"),
    ("unit and int16", "CSIG", "vbd", {"scale": "int16"}, {"scale": "unit"}, "composite scale"),
    ("820 of 824 files", "PESQ", "vbd", {"files": "824", "files_expected": "824"}, {"files": "820", "files_expected": "824"}, "covers 820 of 824 files"),
]  # fmt: skip


def catalogue_of(place: Path, metric: str, dataset: str, *protocols: Mapping[str, str]) -> litdb.Catalogue:
    """A catalogue of one paper for each protocol, each with a model that reports the metric."""
    catalogue = litdb.open(place)
    with catalogue.writing() as session:
        for number, items in enumerate(protocols):
            name = f"M{number}"
            paper = put_paper(session, PaperFacts(title=name, arxiv_id=f"2401.0000{number}"))
            version = put_version(session, paper, 1)
            document = put_document(
                session, f"seen:arXiv:2401.0000{number}v1", kind="seen",
                uri=f"https://arxiv.org/abs/2401.0000{number}v1", paper=paper, version=version,
            )  # fmt: skip
            printed = "0.95" if metric == "STOI" else "4G" if metric == "MACs" else "3.10"
            readings = [
                Written(label=name, metric=metric, printed=printed, origin="self", by="hand", dataset=dataset, table="1", stated=Protocol.stated(**items), own=True).reading()
            ]  # fmt: skip
            if metric == "MACs":
                readings.append(Written(label=name, metric="PESQ", printed="3.0", origin="self", by="hand", dataset="vbd", table="1", own=True).reading())  # fmt: skip
            put_readings(session, document, readings)
            derive(session, [document.id])
    return catalogue


@pytest.fixture
def place(tmp_path: Path) -> Path:
    from litdb.catalogue.database.places import make_working

    path = tmp_path / "c.db"
    make_working(path).close()
    return path


@pytest.mark.parametrize(("metric", "dataset", "one", "other", "reason"), [k[1:] for k in KNOWN], ids=[k[0] for k in KNOWN])  # fmt: skip
def test_a_known_difference_is_refused_with_the_reason_and_mixed_lets_it_in(
    place: Path, metric: str, dataset: str, one: Mapping[str, str], other: Mapping[str, str], reason: str
) -> None:
    with catalogue_of(place, metric, dataset, one, one, other) as catalogue:
        names = ["M0", "M1", "M2"]
        usual = {r.name: r.cells[0] for r in catalogue.table([metric], dataset=dataset, models=names).rows}
        mixed = catalogue.table([metric], dataset=dataset, models=names, mixed=True)
    assert not usual["M0"].refused
    if reason:
        assert usual["M2"].refused
        assert usual["M2"].text == "-"
        assert any(reason in note for note in usual["M2"].notes)
    else:  # narrow band is not even the metric that was asked for
        assert "M2" not in usual or usual["M2"].value is None
    cells = {r.name: r.cells[0] for r in mixed.rows}
    assert cells["M2"].value is not None
    assert not cells["M2"].refused
    assert any("not to be comparable" in note for note in mixed.notes)


@pytest.mark.parametrize(
    ("metric", "dataset", "stated", "words"),
    [
        ("PESQ", "dns2020-noreverb", {"band": "WB"}, "PESQ band is WB"),
        ("STOI", "vbd", {"rate": "16000"}, "sampling rate is 16000"),
        ("PESQ", "dns", {"band": "WB", "reverb": "no"}, "reverberation is no"),
        ("CSIG", "vbd", {"scale": "int16"}, "composite scale is int16"),
        ("MACs", "vbd", {"audio_length": "1"}, "length of audio is 1 s"),
    ],
)
def test_an_unstated_item_is_ranked_and_noted_once(
    place: Path, metric: str, dataset: str, stated: Mapping[str, str], words: str
) -> None:
    silent = {"band": "WB"} if "reverb" in stated else {}
    with catalogue_of(place, metric, dataset, stated, silent, silent) as catalogue:
        asked = [metric] if metric != "MACs" else ["MACs", "PESQ"]
        table = catalogue.table(asked, dataset=dataset, models=["M0", "M1", "M2"])
    assert not any(row.cells[0].refused for row in table.rows)
    (note,) = [n for n in table.notes if n.startswith(metric)]
    assert words in note
    assert "2 rows do not state it" in note


def test_macs_of_different_lengths_meet_at_one_second_and_flops_never_join_them(place: Path) -> None:
    with catalogue_of(place, "MACs", "", {"audio_length": "1"}, {"audio_length": "2"}, {}) as catalogue:
        table = catalogue.table(["MACs", "FLOPs", "PESQ"], models=["M0", "M1", "M2"])
    macs = {row.name: row.cells[0] for row in table.rows}
    assert (macs["M0"].value, macs["M1"].value, macs["M2"].value) == (4e9, 2e9, 4e9)
    assert not macs["M1"].refused
    assert macs["M1"].notes == ("for one second: 4G is printed for 2 s of audio",)
    assert all(row.cells[1].value is None for row in table.rows)
    assert any("length of audio is 1 s for M0, M1; 1 row does not state it" in note for note in table.notes)
