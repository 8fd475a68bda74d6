"""`litdb table --for` and `litdb bib` on the shipped catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from litdb.cli._root import run

MODELS = "IMSE,MUSE,GTCRN,MP-SENet-long,BSRNN-sungwon23,MANNER-S-5.3GF,BSRNN-FAC-MRHA3"
PAPER = ["table", "--for", "ieeetran", "--models", MODELS, "--metrics", "params,PESQ,CSIG,STOI"]


def test_the_wanted_look(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*PAPER, "--group-by", "size=0.2M,1M"]) == 0
    said = capsys.readouterr()
    for words in ("under 0.2M parameters", "0.2M to 1M parameters", "over 1M parameters", r"IMSE v2~\cite{IMSE}",
                  "v1: 3.373", "BSRNN (re-impl.)", "824 files, declared checkpoint, selected on the test set, single seed",
                  "composites on another sample scale", r"quoted from~\cite{MUSE}"):  # fmt: skip
        assert words in said.out, words
    assert "others print" not in said.out
    assert "arXiv:" not in said.out
    assert r"needs \usepackage{booktabs,siunitx,threeparttable}" in said.err
    assert "`litdb bib " in said.err


def test_no_option_takes_the_caveats_of_own_rows_away(capsys: pytest.CaptureFixture[str]) -> None:
    for more in (["--notes", "full"], ["--notes", "paper"], ["--plain"], ["--no-sources"]):
        assert run([*PAPER, *more]) == 0
        said = capsys.readouterr().out
        assert "selected on the test set" in said
        assert "single seed" in said


def test_the_users_keys_are_cited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refs = tmp_path / "refs.bib"
    refs.write_text("@misc{chen25, title={x}, eprint={2511.14515}}", encoding="utf-8")
    assert run([*PAPER, "--bib", str(refs)]) == 0
    said = capsys.readouterr()
    assert r"IMSE v2~\cite{chen25}" in said.out
    assert "litdb bib IMSE" not in said.err
    assert run([*PAPER, "--bib", str(tmp_path / "no.bib")]) != 0


def test_models_are_called_as_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    asked = [*PAPER, "--name", "IMSE=IM & SE", "--name", "MUSE = MUSE (2024)"]
    assert run(asked) == 0
    said = capsys.readouterr().out
    assert r"IM \& SE v2~\cite{IMSE}" in said
    assert "MUSE (2024)~" in said
    assert run([*asked, "--format", "latex"]) == 0
    versions = [
        "table",
        "--preset",
        "versions",
        "--models",
        "IMSE",
        "--metrics",
        "PESQ",
        "--name",
        "IMSE=Ours",
    ]
    capsys.readouterr()
    assert run(versions) == 0
    said = capsys.readouterr().out
    assert "Ours v1" in said
    assert "Ours v2" in said


def test_what_cannot_be_set_is_named_with_its_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*PAPER, "--name", "MUSE=模型"]) == 0
    said = capsys.readouterr().err
    assert "pdfLaTeX cannot set 模 (U+6A21), 型 (U+578B) in 模型: written as [U+6A21]" in said
    assert run([*PAPER, "--name", "MUSE=一丁七万丈三上"]) == 0
    assert "(U+4E08) and 2 more in 一丁七万丈三上: written" in capsys.readouterr().err
    assert run([*PAPER, "--name", "MUSE=α-MUSE"]) == 0
    assert "cannot set" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong", ["IMSE", "IMSE=", "=x", "NSNet2=x"], ids=["no name", "empty", "no model", "no row"]
)
def test_a_name_for_no_row_is_wrong_use(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["table", "--models", "IMSE", "--name", wrong]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("wrong", [
    ["--for", "word"], ["--columns", "2"], ["--for", "ieeetran", "--columns", "5"], ["--width", "wide"], ["--plain", "-f", "csv"],
    ["--notes", "short"], ["--params-unit", "G"], ["--decimals", "3"], ["--group-by", "colour"],
    ["--group-by", "size", "--metrics", "PESQ"], ["--templates", "no-folder"],
])  # fmt: skip
def test_wrong_words_are_wrong_use(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["table", "--models", "IMSE", *wrong]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_bib_names_papers_by_id_and_by_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bib", "IMSE", "2406.04589"]) == 0
    said = capsys.readouterr().out
    assert "@misc{IMSE," in said
    assert "eprint = {2406.04589}," in said
    assert run(["bib", "--json", "MUSE"]) == 0
    assert '"arxiv_id": "2406.04589"' in capsys.readouterr().out
    assert run(["bib", "nobody"]) == 2
    assert run(["bib", "MUSE", "--out", str(tmp_path / "a.bib")]) == 0
    assert run(["bib", "MUSE", "--out", str(tmp_path / "no" / "a.bib")]) == 1
