"""Scores by file as VERSA and SpeechScore write them; values here are made up."""

import json

import pytest

from litdb.errors import InputError
from litdb.extract.score_files import SPEECHSCORE, VERSA, read_score_file
from litdb.vocabulary import vocabulary

VERSA_LINES = """\
{"key": "p232_001", "pesq": 2.5, "stoi": 0.94, "si_snr": 18.1, "sdr": 18.5, "sir": "inf", "se_si_snr": 12.0, "dns_overall": 3.1}
{"key": "p232_002", "pesq": 0.0, "stoi": 0.90, "si_snr": 9.5, "sdr": 9.9, "sir": "inf", "se_si_snr": 8.0, "dns_overall": 2.9}
"""
SPEECH = {
    "Mean_Score": {"PESQ": 1.5, "SSNR": 3.0},
    "a.wav": {"PESQ": 1.25, "NB_PESQ": 1.5, "SSNR": -0.5, "CSIG": 2.25, "SISDR": 4.5, "DNSMOS": {"SIG": 2.5, "P808_MOS": 2.75}, "LSD": 2.0},
    "b.wav": {"PESQ": 1.75, "NB_PESQ": 2.5, "SSNR": 6.5, "CSIG": 2.75, "SISDR": 9.5, "DNSMOS": {"SIG": 3.5, "P808_MOS": 2.25}, "LSD": 1.0},
}  # fmt: skip


def test_versa() -> None:
    found = read_score_file(VERSA_LINES, "versa.txt")
    assert found is not None
    assert found.tool == "VERSA"
    assert [dict(row) for row in found.rows] == [
        {"id": "p232_001", "PESQ": "2.5", "STOI": "0.94", "SI-SDR": "18.1", "DNSMOS-OVRL": "3.1", "error": ""},
        {"id": "p232_002", "PESQ": "", "STOI": "0.9", "SI-SDR": "9.5", "DNSMOS-OVRL": "2.9", "error": "PESQ: pesq failed (written as 0.0)"},
    ]  # fmt: skip
    words = [str(quirk) for quirk in found.quirks]
    assert any(word.startswith("si_snr: SI-SNR, taken after removing means") for word in words)
    assert any("output of an enhancement network" in word and word.endswith("left out") for word in words)
    assert not any("torch_squim" in word for word in words)  # not in this file
    assert found.unknown == ("sdr",)


def test_versa_as_python_printed_it() -> None:
    line = "{'key': 'x', 'pesq': np.float64(2.5), 'stoi': nan, 'sir': inf, 'pysepm_c_sig': 3.5}\n"
    found = read_score_file(line, "v.txt")
    assert found is not None
    assert dict(found.rows[0]) == {
        "id": "x",
        "PESQ": "2.5",
        "STOI": "",
        "CSIG@unit": "3.5",
        "error": "STOI: no value",
    }


@pytest.mark.parametrize("written", [json.dumps(SPEECH), repr(SPEECH), json.dumps(SPEECH, indent=1)])
def test_speechscore(written: str) -> None:
    found = read_score_file(written, "s.txt")
    assert found is not None
    assert found.tool == "SpeechScore"
    assert dict(found.rows[1]) == {
        "id": "b", "PESQ": "1.75", "PESQ-NB": "2.5", "SI-SDR": "9.5", "DNSMOS-SIG": "3.5", "DNSMOS-P808": "2.25", "error": "",
    }  # fmt: skip
    left_out = {quirk.name: quirk.words for quirk in found.quirks if quirk.left_out}
    assert set(left_out) == {"SSNR", "CSIG"}
    assert "scaling one signal to the other's peak" in left_out["SSNR"]
    assert found.unknown == ("LSD",)


def test_other_files_are_left_to_others() -> None:
    for text in (
        "id,pesq\na,2.5\n",
        '{"pesq": 2.5, "stoi": 0.9}',
        '[{"id": "a", "pesq": 2.5}]',
        "",
        "{broken",
    ):
        assert read_score_file(text, "f") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (VERSA_LINES + VERSA_LINES, "line 3: p232_001 stands there twice"),
        (
            VERSA_LINES + '{"key": "p232_003", "pes',
            "line 3 is neither JSON nor a printed dictionary; was it cut short",
        ),
        ('{"key": "", "pesq": 2.0}', "line 1 has no key"),
        ('{"key": "a", "mcd": 5.0}', "without a score that the catalogue takes; it has mcd"),
        ("{'PESQ': 1.2, 'SISDR': 3.0}", "the scores of one file, or means alone"),
        ("{'Mean_Score': {'PESQ': 1.2}}", "the scores of one file, or means alone"),
        (repr({"a.wav": SPEECH["a.wav"], "a.flac": SPEECH["a.wav"]}), "two files called a"),
        (repr(SPEECH)[:-40], "was it cut short"),
        (
            repr({"a.wav": {"SISDR": "__import__('os')"}}).replace('"', ""),
            "neither JSON nor a printed dictionary",
        ),
    ],
)
def test_what_is_wrong_is_said(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message.replace("(", r"\(")):
        read_score_file(text, "f")


def test_every_name_is_the_catalogues() -> None:
    for metric in {*VERSA.values(), *SPEECHSCORE.values()}:
        base = metric.removesuffix("@unit")
        assert vocabulary().metric(base) is not None
        assert str(vocabulary().metric_name(base)) == base
