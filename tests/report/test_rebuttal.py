"""`litdb why --as rebuttal`: sentences for a reviewer, from the shipped catalogue."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from litdb.cli._root import run


def said(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert run(["why", *words, "--as", "rebuttal"]) == 0
    return capsys.readouterr().out.strip().splitlines()


@pytest.mark.parametrize("name", ["MP-SENet", "MP-SENet-2023", "MP-SENet-long"])
def test_both_systems_of_a_name_are_told_with_their_sizes(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    lines = said(capsys, name, "PESQ")
    assert 2 <= len(lines) <= 3
    text = " ".join(lines)
    short = re.search(
        r"Interspeech 2023\)[^.]* PESQ of 3\.50 with 2\.05M[^~]*arXiv:2305\.13686v1, table 1\)~\\cite\{[^}]+\}",
        text,
    )
    long = re.search(
        r"long version\)[^.]* PESQ of 3\.60 with 2\.26M[^~]*arXiv:2308\.08926v2, table 1\)~\\cite\{[^}]+\}",
        text,
    )
    assert short, text
    assert long, text
    assert "3.50 belongs to the one with 2.05M parameters" in text
    assert "3.60 belongs to the one with 2.26M parameters" in text


def test_another_version_is_named_with_its_number(capsys: pytest.CaptureFixture[str]) -> None:
    text = " ".join(said(capsys, "IMSE", "PESQ"))
    assert "PESQ of 3.399 with 0.427M parameters" in text
    assert "The PESQ of 3.399 is that of version 2; version 1 printed 3.373." in text


def test_a_quotation_is_said_to_be_one_and_cites_who_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["why", "DEMUCS", "PESQ", "--as", "rebuttal", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert re.match(r"DEMUCS is quoted with a PESQ of 3\.07 and [\d.]+M parameters", found["sentences"][0])
    assert found["results"]
    key = re.search(r"\\cite\{([^}]+)\}", found["sentences"][0])
    assert key is not None
    assert key[1] in found["citations"].values()


def test_own_numbers_never_come_without_their_caveats(capsys: pytest.CaptureFixture[str]) -> None:
    text = " ".join(said(capsys, "BSRNN-FAC-MRHA3", "PESQ"))
    assert "in our measurement" in text
    assert "selected on the test set" in text
    assert "single seed" in text


def test_what_is_not_known_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "MUSE", "SSNR") == ["No SSNR of MUSE on VoiceBank+DEMAND is known to us."]


def test_the_users_own_keys_are_cited(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    refs = tmp_path / "refs.bib"
    refs.write_text("@misc{chen25, title={x}, eprint={2511.14515}}", encoding="utf-8")
    assert r"~\cite{chen25}" in said(capsys, "IMSE", "PESQ", "--bib", str(refs))[0]


@pytest.mark.parametrize(
    "wrong", [["--as", "poem"], ["--as", "rebuttal", "--genealogy"], ["--bib", "refs.bib"]]
)
def test_wrong_words(capsys: pytest.CaptureFixture[str], wrong: list[str]) -> None:
    assert run(["why", "IMSE", "PESQ", *wrong]) == 2
    assert capsys.readouterr().err.count("\n") == 1
