"""A table as its paper has it: merged cells once, what is bold, its text in the file; and what is said when the file is gone."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

import litdb
from litdb.errors import InputError, LitdbError, NotFound

LATEX = r"""\documentclass{article}
\title{FooNet}
\begin{document}
\maketitle
\section{Results}
\input{table}
\end{document}
"""
TABLE = r"""\begin{table}
\caption{Results on VoiceBank+DEMAND}
\begin{tabular}{lcc}
\hline
\multirow{2}{*}{Model} & \multicolumn{2}{c}{VoiceBank+DEMAND} \\
 & PESQ & STOI \\
\hline
Noisy & 1.97 & 0.92 \\
FooNet (ours) & \textbf{3.01} & 0.95 \\
\hline
\end{tabular}
\end{table}
"""
HTML = """<html><body><h1>FooNet</h1><table><caption>Table 1: Results on VoiceBank+DEMAND</caption>
<tr><th rowspan="2">Model</th><th colspan="2">VoiceBank+DEMAND</th></tr><tr><th>PESQ</th><th>STOI</th></tr>
<tr><td>Noisy</td><td>1.97</td><td>0.92</td></tr><tr><td>FooNet (ours)</td><td><b>3.01</b></td><td>0.95</td></tr></table></body></html>
"""
MARKDOWN = """# FooNet

Table 1: Results on VoiceBank+DEMAND

| Model | PESQ | STOI |
|---|---|---|
| Noisy | 1.97 | 0.92 |
| FooNet (ours) | **3.01** | 0.95 |
"""


def archive(path: Path) -> Path:
    with tarfile.open(path, "w:gz") as packed:
        for name, text in (("main.tex", LATEX), ("table.tex", TABLE)):
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            packed.addfile(info, io.BytesIO(text.encode()))
    return path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LITDB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("LITDB_CACHE", raising=False)
    return tmp_path / "home"


def written(folder: Path, kind: str) -> Path:
    if kind == "latex":
        return archive(folder / "paper.tar.gz")
    name, text = {"html": ("paper.html", HTML), "markdown": ("paper.md", MARKDOWN)}[kind]
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def key_of(catalogue: litdb.Catalogue, printed: str = "3.01") -> str:
    values = catalogue.why("FooNet", "PESQ").values
    return next(value.key for value in values if value.printed == printed)


@pytest.mark.parametrize("kind", ["latex", "html", "markdown"])
def test_a_table_is_given_as_its_paper_has_it(catalogue: litdb.Catalogue, tmp_path: Path, kind: str) -> None:
    catalogue.ingest(written(tmp_path, kind), arxiv="2501.00009v1")
    table = catalogue.printed_table(key_of(catalogue))
    assert table.kind == kind
    assert [[cell.text for cell in row] for row in table.rows][-2:] == [
        ["Noisy", "1.97", "0.92"],
        ["FooNet (ours)", "3.01", "0.95"],
    ]
    assert "Results on VoiceBank+DEMAND" in table.caption
    assert "3.01" in table.source and "FooNet" in table.source
    assert [cell.text for row in table.rows for cell in row if cell.bold] == ["3.01"]
    if kind != "markdown":
        head = {cell.text: (cell.rows, cell.columns) for cell in table.rows[0]}
        assert head == {"Model": (2, 1), "VoiceBank+DEMAND": (1, 2)}
        assert [cell.text for cell in table.rows[1]] == ["PESQ", "STOI"]
    if kind == "latex":
        assert table.file == "table.tex"


def test_a_lost_or_changed_file_is_said(catalogue: litdb.Catalogue, tmp_path: Path, home: Path) -> None:
    catalogue.ingest(written(tmp_path, "markdown"), arxiv="2501.00009v1")
    key = key_of(catalogue)
    cached = [
        path for path in (home / "cache").rglob("*") if path.is_file() and b"FooNet" in path.read_bytes()
    ]
    for path in cached:
        path.chmod(0o644)
        path.write_text(MARKDOWN.replace("3.01", "3.91"), encoding="utf-8")
    with pytest.raises(InputError, match="is not what was read"):
        catalogue.printed_table(key)
    for path in cached:
        path.unlink()
    with pytest.raises(InputError, match="is not in the cache"):
        catalogue.printed_table(key)


def test_what_was_read_by_hand_has_no_table(catalogue: litdb.Catalogue) -> None:
    catalogue.add_result("FooNet", {"PESQ": "3.01"}, paper="2501.00009v1", table="1", origin="self")
    with pytest.raises(LitdbError):
        catalogue.printed_table(key_of(catalogue))
    with pytest.raises(NotFound):
        catalogue.printed_table("0" * 32)
