"""The three-valued rule: same, not stated, known to differ."""

from __future__ import annotations

import pytest

from litdb.evidence.comparability import judge_column, relation, trained_apart
from litdb.vocabulary import MetricName
from litdb.vocabulary.protocol import Protocol

NOTHING = Protocol()


@pytest.mark.parametrize(
    ("quantity", "one", "other"),
    [
        ("PESQ", {"band": "WB"}, {"band": "NB"}),
        ("STOI", {"rate": "16000"}, {"rate": "48000"}),
        ("PESQ", {"reverb": "yes"}, {"reverb": "no"}),
        ("CSIG", {"scale": "unit"}, {"scale": "int16"}),
        ("PESQ", {"files": "820", "files_expected": "824"}, {"files": "824", "files_expected": "824"}),
        ("MACs", {"audio_length": "1"}, {"audio_length": "4"}),
        ("PESQ", {"statistic": "median"}, {}),
    ],
)
def test_known_to_differ(quantity: str, one: dict[str, str], other: dict[str, str]) -> None:
    assert relation(quantity, Protocol.stated(**one), Protocol.stated(**other))[0] == "differs"


@pytest.mark.parametrize(
    ("quantity", "one"),
    [
        ("CSIG", {"scale": "unit"}),
        ("MACs", {"audio_length": "1"}),
        ("PESQ", {"band": "WB"}),
        ("SI-SDR", {"rate": "16000"}),
    ],
)
def test_not_stated(quantity: str, one: dict[str, str]) -> None:
    assert relation(quantity, Protocol.stated(**one), NOTHING)[0] == "not stated"


def test_scale_does_not_matter_to_stoi_nor_band_to_params() -> None:
    assert relation("STOI", Protocol.stated(scale="unit"), Protocol.stated(scale="int16"))[0] == "same"
    assert relation("params", Protocol.stated(band="WB"), Protocol.stated(band="NB"))[0] == "same"


def test_a_column_of_pesq_refuses_narrow_band_even_when_it_is_alone() -> None:
    verdict = judge_column(MetricName("PESQ"), [(0, "A", Protocol.stated(band="NB"))])
    assert verdict.refused == {
        0: "not comparable: PESQ band NB instead of WB, which makes PESQ higher by 0.55 (60 files of vbd60)"
    }


def test_unit_against_not_stated_is_ranked_with_one_note() -> None:
    entries = [(0, "own", Protocol.stated(scale="unit")), (1, "A", NOTHING), (2, "B", NOTHING)]
    verdict = judge_column(MetricName("CSIG"), entries)
    assert not verdict.refused
    assert verdict.notes == ("composite scale is unit for own; 2 rows do not state it.",)


def test_of_two_known_scales_the_rarer_is_refused() -> None:
    unit, int16 = Protocol.stated(scale="unit"), Protocol.stated(scale="int16")
    verdict = judge_column(
        MetricName("CSIG"), [(0, "A", unit), (1, "B", int16), (2, "C", unit), (3, "D", NOTHING)]
    )
    assert set(verdict.refused) == {1}


def test_a_partial_mean_is_not_ranked() -> None:
    verdict = judge_column(MetricName("PESQ"), [(0, "A", Protocol.stated(files="820", files_expected="824"))])
    assert verdict.refused == {0: "not ranked: covers 820 of 824 files"}


def test_an_own_row_among_rows_that_all_state_no_scale_is_said() -> None:
    entries = [(0, "MyNet", Protocol()), (1, "Theirs", Protocol())]
    assert judge_column(MetricName("CSIG"), entries).notes == ()
    (note,) = judge_column(MetricName("CSIG"), entries, [0]).notes
    assert note == "composite scale is stated by no row, the own one included."
    (band,) = judge_column(MetricName("PESQ"), entries, [0]).notes
    assert band == "PESQ band is stated by no row, the own one included."


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ({"training": "28spk"}, {"training": "56spk"}, True),
        ({"training": "28spk"}, {"training": "VoiceBank+DEMAND"}, False),  # it may be that part of it
        ({"training": "DNS-2020"}, {"training": "28spk"}, True),
        ({"training": "VCTK-DEMAND"}, {"training": "VBD"}, False),
        ({"training": "our own mixture"}, {"training": "28spk"}, False),  # not known to be another
        ({"training": "28spk"}, {}, False),
        ({"extra_data": "DNS"}, {"extra_data": "LibriTTS"}, True),
        ({"extra_data": "DNS"}, {}, False),
    ],
)
def test_trained_on_different_corpora(one: dict[str, str], other: dict[str, str], apart: bool) -> None:
    a, b = Protocol.stated(**one), Protocol.stated(**other)
    assert (trained_apart("PESQ", a, b) is not None) is (trained_apart("PESQ", b, a) is not None) is apart
    assert trained_apart("params", a, b) is None


def test_only_rows_of_one_corpus_are_ranked() -> None:
    small, large = Protocol.stated(training="28spk"), Protocol.stated(training="56spk")
    verdict = judge_column(
        MetricName("PESQ"), [(0, "A", small), (1, "B", large), (2, "C", small), (3, "D", Protocol())]
    )
    assert not verdict.refused
    assert verdict.apart == {1: "not ranked with the others: trained on 56spk, not on 28spk"}


@pytest.mark.parametrize(
    ("stated", "apart"),
    [
        ({"training": "84spk"}, True), ({"training": "DNS-2020"}, True), ({"training": "DNS (no reverb), zero-shot"}, True),
        ({"training": "not on VoiceBank+DEMAND"}, True), ({"extra_data": "DNS"}, True), ({"training": "our own mixture"}, True),
        ({"training": "28spk"}, False), ({"training": "VoiceBank+DEMAND, 2 s crops"}, False), ({"training": "11572 files"}, False), ({}, False),
    ],
)  # fmt: skip
def test_on_voicebank_demand_silence_means_its_28_speakers(stated: dict[str, str], apart: bool) -> None:
    one, silent = Protocol.stated(**stated), Protocol()
    assert (trained_apart("PESQ", one, silent, "vbd") is not None) is apart
    assert (trained_apart("PESQ", silent, one, "vbd") is not None) is apart
    assert trained_apart("PESQ", one, silent, "wham") is None  # no custom is known there
    verdict = judge_column(
        MetricName("PESQ"), [(0, "A", one), (1, "B", silent), (2, "C", silent)], dataset="vbd"
    )
    assert (0 in verdict.apart) is apart and not verdict.apart.keys() & {1, 2}


def test_where_all_rows_are_trained_elsewhere_they_are_ranked() -> None:
    one, other = Protocol.stated(training="DNS-2020"), Protocol.stated(training="DNS-2020")
    assert not judge_column(MetricName("PESQ"), [(0, "A", one), (1, "B", other)], dataset="vbd").apart
