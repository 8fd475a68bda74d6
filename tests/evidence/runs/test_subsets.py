"""Parts of a test set, from names and from lists of conditions."""

from __future__ import annotations

import pytest

from litdb.errors import InputError
from litdb.evidence.runs.subsets import read_conditions, subsets


def test_speakers_are_in_the_names_of_voicebank() -> None:
    found = subsets(["p232_001", "p257_002.wav", "p232_003"])
    assert found == {"speaker": {"p232": ["p232_001", "p232_003"], "p257": ["p257_002.wav"]}}


def test_snrs_are_in_the_names_of_dns_and_in_order() -> None:
    names = ["clnsp1_snr15_fileid_1", "clnsp2_snr-5_fileid_2", "clnsp3_snr15_fileid_3.wav"]
    assert list(subsets(names)["snr"]) == ["-5", "15"]


def test_what_is_not_known_of_every_file_is_no_part() -> None:
    assert subsets(["p232_001", "somebody_002"]) == {}
    assert subsets([]) == {}


def test_many_snrs_are_shown_by_range() -> None:
    names = [f"x_snr{snr}_y" for snr in (-7, -5, -1, 0, 3, 5, 12, 14.5, 25)]
    assert {k: len(v) for k, v in subsets(names)["snr"].items()} == {
        "..-5": 1, "-5..0": 2, "0..5": 2, "5..10": 1, "10..15": 2, "20..": 1,
    }  # fmt: skip
    assert list(subsets(names)["snr"])[1:] == ["-5..0", "0..5", "5..10", "10..15", "20.."]


LOG = "p232_001 bus 17.5\np257_005 cafe 2.5\n"


@pytest.mark.parametrize(
    "text",
    [LOG, "id,noise,snr\np232_001,bus,17.5\np257_005.wav,cafe,2.5\n", "file\tnoise\tsnr\np232_001\tbus\t17.5\np257_005\tcafe\t2.5\n"],
)  # fmt: skip
def test_conditions_in_every_layout(text: str) -> None:
    conditions = read_conditions(text, "log.txt")
    assert conditions == {
        "p232_001": {"noise": "bus", "snr": "17.5"},
        "p257_005": {"noise": "cafe", "snr": "2.5"},
    }
    found = subsets(["p232_001.wav", "p257_005"], conditions)
    assert found["snr"] == {"2.5": ["p257_005"], "17.5": ["p232_001.wav"]}
    assert found["noise"] == {"bus": ["p232_001.wav"], "cafe": ["p257_005"]}


@pytest.mark.parametrize("text", ["", "\n \n", "a,b,c,d\n1,2,3,4\n", "one two\nthree four\n"])
def test_lists_of_conditions_that_are_none(text: str) -> None:
    with pytest.raises(InputError, match=r"log\.txt"):
        read_conditions(text, "log.txt")
