"""paper.toml: what it may hold, and what is said of anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from litdb.draft.frozen.short_names import short_name, usual_paper
from litdb.draft.frozen.toml import read_paper
from litdb.errors import InputError


def written(tmp_path: Path, text: str) -> Path:
    place = tmp_path / "paper.toml"
    place.write_text(text, encoding="utf-8")
    return place


def test_what_the_paper_says_holds_for_all_its_tables(tmp_path: Path) -> None:
    paper = read_paper(written(tmp_path, """
        [paper]
        template = "interspeech"
        dataset = "dns2020-noreverb"
        bib = "refs.bib"
        [models]
        imse = "IMSE"
        own = { model = "BSRNN-FAC-MRHA3", name = "Ours" }
        [metrics]
        pesq = "PESQ"
        [tables.main]
        file = "main.tex"
        metrics = ["pesq", "STOI"]
        [tables.wide]
        file = "wide.tex"
        template = "ieeetran"
        columns = 2
        where = { params = "0.4M..1.0M" }
        [tables.some]
        file = "some.md"
        models = ["own", "MUSE"]
        [tables.steps]
        file = "steps.tex"
        preset = "ablation"
        paper = "2308.08926"
        [figures.size]
        file = "size.svg"
        y = "pesq"
    """))  # fmt: skip
    main, wide, some, steps = paper.tables
    assert (main.look.template, wide.look.template, wide.look.columns) == ("interspeech", "ieeetran", 2)
    assert main.metrics == ("PESQ", "STOI")
    assert main.words["models"] == ["IMSE", "BSRNN-FAC-MRHA3"]
    assert "models" not in wide.words  # whoever meets the conditions
    assert some.words["models"] == ["BSRNN-FAC-MRHA3", "MUSE"]
    assert not some.look.sized  # Markdown has no column
    assert main.words["datasets"] == ["dns2020-noreverb"]
    assert (steps.words, steps.study.paper) == ({}, "2308.08926")  # its models and test sets are its own
    assert (paper.figures[0].y, paper.figures[0].data) == ("PESQ", "size.csv")
    assert paper.metrics[0].dataset == "dns2020-noreverb"
    assert paper.shown() == {"BSRNN-FAC-MRHA3": "Ours"}
    assert main.look.bib == tmp_path / "refs.bib"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[tabels.main]\nfile = 'a.tex'", "no section is called 'tabels': did you mean tables"),
        ("[tables.main]\nfile = 'a.tex'\ncaptoin = 'x'", "[tables.main]: no key is called 'captoin': did you mean caption"),
        ("[tables.main]\nfile = 'a.tex'\ngroup-by = 'size'", "did you mean group_by"),
        ("[tables.main]\ncaption = 'x'", "file is missing"),
        ("[tables.main]\nfile = 'a.doc'", "must end in .tex"),
        ("[tables.main]\nfile = '../a.tex'", "leads out of the folder"),
        ("[tables.main]\nfile = '/etc/a.tex'", "leads out of the folder"),
        ("[tables.main]\nfile = 'a.tex'\nmetrics = 'PESQ'", "metrics is a list of texts, not 'PESQ'"),
        ("[tables.main]\nfile = 'a.tex'\ncausal = 'yes'", "causal is true or false"),
        ("[tables.main]\nfile = 'a.tex'\nseeds = true", "seeds is a whole number"),
        ("[tables.main]\nfile = 'a.tex'\nsince = 'May'", "since is a date"),
        ("[tables.main]\nfile = 'a.tex'\nformat = 'word'", "no format is called 'word'"),
        ("[tables.a]\nfile = 'a.tex'\n[tables.b]\nfile = 'a.tex'", "a.tex is both tables.a and tables.b"),
        ("[tables.a]\nfile = 'a.csv'\n[figures.a]\nfile = 'a.pdf'", "a.csv is both tables.a and figures.a"),
        ("[paper]\ndraft = 'a.tex'\n[tables.a]\nfile = 'a.tex'", "a.tex is both draft and tables.a"),
        ("[paper]\nvalues = 'values.txt'", "must end in .tex"),
        ("[tables]\nfile = 'a.tex'", "write [tables.NAME]"),
        ("tables = 3", "write [tables.NAME]"),
        ("paper = 3", "it is a section"),
        ("[models]\n'mp senet' = 'MP-SENet'", "is no short name"),
        ("[models]\n'a.b' = 'MP-SENet'", "is no short name"),
        ("[models]\nimse = ''", "names no model"),
        ("[models]\nimse = { model = 'IMSE', nmae = 'x' }", "did you mean name"),
        ("[models]\nimse = 3", "it is a section"),
        ("[metrics]\npesq = { dataset = 'vbd' }", "names no metric"),
        ("[metrics]\nx = {metric='PESQ', dataset='dns2020-noreverb'}\n[tables.a]\nfile='a.tex'\nmetrics=['x']", "x is a metric on"),
        ("[figures.a]\nfile = 'a.tex'", "must end in .pdf or .png or .svg or .html"),
        ("[figures.a]\nfile = 'a.pdf'\ngroup_by = 'size'", "no key is called 'group_by'"),
        ("x = [", "is not TOML"),
        ("a = " + "[" * 5000, "is not TOML"),
        ("[paper]\nbib = 'x'\nbib = 'y'", "is not TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError) as raised:
        read_paper(written(tmp_path, text))
    said = str(raised.value)
    assert words in said
    assert said.startswith(str(tmp_path / "paper.toml"))
    assert "\n" not in said


@pytest.mark.parametrize(
    ("name", "short"),
    [("IMSE", "imse"), ("MP-SENet (48k)", "mp-senet-48k"), ("MetricGAN+", "metricgan-plus"), ("α-Net", "alpha-net"),
     ("PESQ-NB", "pesq-nb"), ("CSIG@unit", "csig-unit"), ("PESQ [SNR 0 dB]", "pesq-snr-0-db")],
)  # fmt: skip
def test_short_names(name: str, short: str) -> None:
    assert short_name(name) == short


def test_two_names_that_would_be_one_are_refused() -> None:
    with pytest.raises(InputError, match="would both be called 'mp-senet'"):
        usual_paper(["MP-SENet", "MP_SENet"])
    with pytest.raises(InputError, match="name it in a paper"):
        usual_paper(["ω"])
