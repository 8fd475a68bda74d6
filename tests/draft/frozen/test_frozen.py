"""values, build, freeze and thaw, as a user calls them, with fetched versions and a LaTeX run."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Litdb
from tests.cli.conftest import home as home
from tests.cli.conftest import litdb as litdb
from tests.support.fixtures import replay as replay
from tests.support.papers import IMSE, MUSE
from tests.support.replay import ReplayServer

PAPER = """
[paper]
template = "ieeetran"
values = "values.tex"
entries = "more.bib"
draft = "paper.tex"

[models]
imse = "IMSE"
muse = { model = "MUSE", name = "MUSE (theirs)" }

[metrics]
params = "params"
pesq = "PESQ"

[tables.main]
file = "tables/main.tex"
metrics = ["params", "pesq", "CSIG"]
caption = "Small models."
label = "tab:main"

[tables.range]
file = "range.csv"
where = ["params=0.1M..1.0M"]
metrics = ["params", "PESQ"]

[figures.size]
file = "figures/size.pdf"
"""
DRAFT = r"""\documentclass{IEEEtran}
\usepackage{booktabs,siunitx,threeparttable}
\input{values}
\begin{document}
% \litval{imse.nothing} is a remark
Small models abound. With \litval{imse.params}\,M parameters IMSE reaches
a PESQ of \litval{imse.pesq}. \litname{muse} follows with \litval{muse.pesq}~\litcite{muse}.

\input{tables/main}
\end{document}
"""
FILES = ("values.tex", "tables/main.tex", "range.csv", "figures/size.pdf", "figures/size.csv", "more.bib")


@pytest.fixture
def fetched(litdb: Litdb, replay: ReplayServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue that knows version 1 of IMSE, and MUSE; a paper beside it."""
    assert litdb("init", "mine.db", "--empty").code == 0
    monkeypatch.setenv("LITDB_DB", "mine.db")
    assert litdb("fetch", f"{IMSE.id}v1", MUSE.id).code == 0
    Path("paper.toml").write_text(PAPER, encoding="utf-8")
    Path("paper.tex").write_text(DRAFT, encoding="utf-8")


def contents() -> dict[str, bytes]:
    return {name: Path(name).read_bytes() for name in FILES}


def latex(name: str = "paper.tex") -> subprocess.CompletedProcess[str]:
    if shutil.which("pdflatex") is None:
        pytest.skip("no pdflatex on this machine")
    command = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", name]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=120, check=False)


@pytest.mark.usefixtures("fetched")
def test_a_build_writes_all_files_and_then_only_what_changed(litdb: Litdb) -> None:
    first = litdb("build", "paper.toml", "--json")
    assert first.code == 0, first.err
    assert {one["file"]: one["state"] for one in first.json["files"]} == dict.fromkeys(FILES, "written")
    assert "siunitx" in first.json["packages"]
    before, times = contents(), {name: Path(name).stat().st_mtime_ns for name in FILES}
    again = litdb("build", "--json")
    assert {one["state"] for one in again.json["files"]} == {"unchanged"}
    assert times == {name: Path(name).stat().st_mtime_ns for name in FILES}
    Path("paper.toml").write_text(PAPER.replace("Small models.", "Tiny models."), encoding="utf-8")
    assert litdb("build", "--check").code == 1
    assert contents() == before
    third = litdb("build", "--json")
    assert [one["file"] for one in third.json["files"] if one["state"] == "written"] == ["tables/main.tex"]
    assert "MUSE (theirs)" in Path("tables/main.tex").read_text(encoding="utf-8")


@pytest.mark.usefixtures("fetched")
def test_a_lock_keeps_the_build_as_it_was_and_says_what_changed(litdb: Litdb) -> None:
    assert litdb("build").code == 0
    frozen = litdb("freeze", "paper.lock")
    assert frozen.code == 0, frozen.err
    before, lock = contents(), Path("paper.lock").read_bytes()
    assert litdb("thaw", "--diff").code == 0
    assert litdb("fetch", f"{IMSE.id}v2").code == 0

    for name in FILES:
        Path(name).unlink()
    built = litdb("build", "--json")
    assert built.code == 0, built.err
    assert contents() == before
    assert built.json["differing"] == []
    assert built.json["lock"] == "paper.lock"

    said = litdb("thaw", "--diff", "--json")
    assert said.code == 1
    changes = {(one["kind"], one["where"], one["macro"]): one for one in said.json["changes"]}
    value = changes["value", "values.tex", "imse.pesq"]
    assert (value["was"], value["now"]) == ("3.373", "3.399")
    assert "2511.14515v1" in value["was_source"]
    assert "2511.14515v2" in value["now_source"]
    (sentence,) = value["touches"]
    assert (sentence["file"], sentence["line"]) == ("paper.tex", 7)
    assert "IMSE reaches a PESQ of" in sentence["words"]
    assert "Small models abound" not in sentence["words"]
    cell = changes["cell", "tables/main.tex", ""]
    assert (cell["what"], cell["was"], cell["now"]) == ("IMSE, PESQ", "3.373", "3.399")
    assert [place["line"] for place in cell["touches"]] == [9]
    text = litdb("thaw", "--diff", "paper.lock")
    assert "3.373 → 3.399" in text.out
    assert "paper.tex:7" in text.out
    assert Path("paper.lock").read_bytes() == lock

    live = litdb("build", "--live", "--json")
    assert {one["file"] for one in live.json["files"] if one["state"] == "written"} >= {
        "values.tex",
        "tables/main.tex",
    }
    assert "3.399" in Path("values.tex").read_text(encoding="utf-8")
    refused = litdb("freeze")
    assert refused.code == 2
    assert "litdb thaw --diff" in refused.err
    again = litdb("freeze", "--again", "--json")
    assert again.code == 0
    newer = next(one for one in again.json["results"] if one["printed"] == "3.399")
    assert (newer["version"], newer["date"]) == (2, "2025-12-02")  # the day of the version, not of the paper
    assert litdb("thaw", "--diff").code == 0
    assert litdb("thaw").code == 0
    assert not Path("paper.lock").exists()


@pytest.mark.usefixtures("fetched")
def test_numbers_typed_by_hand_are_found_too(litdb: Litdb) -> None:
    typed = "By hand: IMSE has a PESQ of 3.373. Another 3.373 of nothing, and MUSE has a PESQ of 3.37.\n"
    table = "\n\\begin{table}\\caption{Typed.}\\begin{tabular}{lc}\nModel & PESQ \\\\\nIMSE & 3.373 \\\\\nMUSE & 3.37 \\\\\n\\end{tabular}\\end{table}\n"
    Path("paper.tex").write_text(DRAFT.replace("Small models abound.", f"{typed}{table}\n"), encoding="utf-8")
    assert litdb("freeze").code == 0
    assert litdb("fetch", f"{IMSE.id}v2").code == 0
    changes = litdb("thaw", "--diff", "--json").json["changes"]
    value = next(one for one in changes if one["macro"] == "imse.pesq")
    places = {(one["line"], one["words"][:20]) for one in value["touches"]}
    assert {line for line, _ in places} == {6, 10, 15}, places


@pytest.mark.usefixtures("fetched")
def test_a_locked_build_needs_no_catalogue(litdb: Litdb) -> None:
    assert litdb("build").code == 0
    assert litdb("freeze").code == 0
    before = contents()
    Path("mine.db").unlink()
    Path("values.tex").unlink()
    assert litdb("build").code == 0
    assert contents() == before


@pytest.mark.usefixtures("fetched")
def test_every_result_of_a_lock_has_its_version_place_and_date(litdb: Litdb) -> None:
    said = litdb("freeze", "--json").json
    assert said["results"]
    for one in said["results"]:
        assert one["source"], one
        assert one["version"] or one["origin"] == "measured", one
        assert one["date"][:4].isdigit(), one
    imse = next(one for one in said["results"] if one["printed"] == "3.373")
    assert (imse["version"], imse["row"], imse["date"]) == (1, "IMSE", "2025-11-18")
    assert imse["line"] is not None


@pytest.mark.usefixtures("fetched")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("3.373", "3.573", 1), "was changed since litdb wrote it"),
        (lambda text: text.replace('"litdb_lock": 1', '"litdb_lock": 2', 1), "layout 2"),
        (lambda text: text[: len(text) // 2], "is not JSON"),
        (lambda text: "[]", "is no lock"),
        (lambda text: "\x00", "not a text file"),
    ],
)
def test_a_lock_that_somebody_changed_is_refused(litdb: Litdb, change: object, words: str) -> None:
    assert litdb("freeze").code == 0
    lock = Path("paper.lock")
    lock.write_text(change(lock.read_text(encoding="utf-8")), encoding="utf-8")  # type: ignore[operator]
    for command in (["build"], ["thaw", "--diff"]):
        said = litdb(*command)
        assert said.code == 1
        assert words in said.err
        assert said.err.count("\n") == 1


@pytest.mark.usefixtures("fetched")
def test_a_table_that_asks_for_something_else_is_not_built_from_a_lock(litdb: Litdb) -> None:
    assert litdb("freeze").code == 0
    Path("paper.toml").write_text(PAPER.replace('"pesq", "CSIG"', '"pesq", "COVL"'), encoding="utf-8")
    said = litdb("build")
    assert said.code == 2
    assert "tables.main asks for other things than the lock holds" in said.err
    assert litdb("build", "--live").code == 0


@pytest.mark.usefixtures("fetched")
def test_what_litdb_did_not_write_is_not_overwritten(litdb: Litdb) -> None:
    Path("tables").mkdir()
    Path("tables/main.tex").write_text("my own table", encoding="utf-8")
    said = litdb("build")
    assert said.code == 1
    assert "tables/main.tex was not written by litdb" in said.err
    assert Path("tables/main.tex").read_text(encoding="utf-8") == "my own table"


@pytest.mark.usefixtures("fetched")
def test_a_name_in_the_draft_that_is_no_value_is_told_before_latex_is_run(litdb: Litdb) -> None:
    Path("paper.tex").write_text(DRAFT.replace("litval{imse.pesq}", "litval{imse.peqs}"), encoding="utf-8")
    said = litdb("build")
    assert said.code == 1
    assert "paper.tex:7: no value is called imse.peqs: did you mean imse.pesq" in said.err
    assert "imse.nothing" not in said.err


# --- LaTeX -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("fetched")
def test_the_values_stand_in_the_typeset_paper(litdb: Litdb) -> None:
    assert litdb("build").code == 0
    done = latex()
    assert done.returncode == 0, done.stdout[-3000:]
    if shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", "paper.pdf", "-"], capture_output=True, text=True, check=True
        ).stdout
        assert "PESQ of 3.373" in " ".join(text.split())
        assert "MUSE (theirs)" in text


@pytest.mark.usefixtures("fetched")
@pytest.mark.parametrize("use", [r"\litval{imse.peqs}", r"\section{On \litval{imse.peqs}}", r"\num{\litval{imse.peqs}}",
                                 r"\litcite{nobody}", r"\litname{nobody}", r"\litval{imse.peqs.spread}"])  # fmt: skip
def test_an_unknown_name_fails_the_latex_run_with_a_message(litdb: Litdb, use: str) -> None:
    assert litdb("build").code == 0
    Path("wrong.tex").write_text(DRAFT.replace("Small models abound.", use), encoding="utf-8")
    done = latex("wrong.tex")
    assert done.returncode != 0
    said = " ".join(done.stdout.split())
    name = use.rpartition("{")[2].rstrip("}")
    assert name in said
    assert f"is called '{name}'" in said or "Invalid number" in said


@pytest.mark.usefixtures("fetched")
def test_a_value_that_nobody_reports_fails_the_latex_run_with_the_reason(litdb: Litdb) -> None:
    Path("paper.toml").write_text(
        PAPER.replace('pesq = "PESQ"', 'pesq = "PESQ"\nssnr = "SSNR"'), encoding="utf-8"
    )
    Path("paper.tex").write_text(
        DRAFT.replace("Small models abound.", r"\litval{imse.ssnr}"), encoding="utf-8"
    )
    said = litdb("build")
    assert said.code == 1
    assert "SSNR of IMSE on VoiceBank+DEMAND is not known" in said.err
    done = latex()
    assert done.returncode != 0
    assert "SSNR of IMSE on VoiceBank+DEMAND is not known" in " ".join(done.stdout.split())


@pytest.mark.usefixtures("fetched")
def test_a_value_can_be_used_as_a_number_and_in_a_heading(litdb: Litdb) -> None:
    assert litdb("build").code == 0
    use = r"\section{A PESQ of \litval{imse.pesq}} \num{\litval{imse.pesq}} \SI{\litval{imse.params}}{\mega\relax}"
    use += (
        r"\begin{tabular}{S[table-format=1.3]}\litval{imse.pesq}\\\end{tabular} \edef\x{\litval{imse.pesq}}\x"
    )
    Path("used.tex").write_text(DRAFT.replace("Small models abound.", use), encoding="utf-8")
    done = latex("used.tex")
    assert done.returncode == 0, [line for line in done.stdout.splitlines() if line.startswith("!")]


def test_values_of_models_named_on_the_command_line(litdb: Litdb) -> None:
    said = litdb("values", "--models", "IMSE,MP-SENet-long", "--metrics", "params,PESQ",
                 "--out", "values.tex")  # fmt: skip
    assert said.code == 0, said.err
    text = Path("values.tex").read_text(encoding="utf-8")
    assert r"\litdbset{v}{imse.pesq}{3.399}% PESQ on VoiceBank+DEMAND: arXiv:2511.14515v2" in text
    assert r"\litdbset{v}{mp-senet-long.params}{2.26}" in text
    assert (
        "unchanged"
        in litdb(
            "values", "--models", "IMSE,MP-SENet-long", "--metrics", "params,PESQ", "-o", "values.tex"
        ).out
    )
    ambiguous = litdb("values", "--models", "MP-SENet", "--out", "values.tex")
    assert ambiguous.code == 2
    assert "MP-SENet-2023" in ambiguous.err
    assert litdb("values", "--models", "IMSE", "--metrics", "PSEQ", "--out", "values.tex").code == 2
    Path("mine.tex").write_text("text", encoding="utf-8")
    assert litdb("values", "--models", "IMSE", "--out", "mine.tex").code == 1
    Path("paper.toml").write_text('[models]\nimse = "IMSE"\n[metrics]\npesq = "PESQ"\n', encoding="utf-8")
    assert (
        litdb("values", "--models", "@paper.toml", "--out", "few.tex", "--json").json["values"][0]["name"]
        == "imse.pesq"
    )
