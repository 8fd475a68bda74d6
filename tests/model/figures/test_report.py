"""The report: one page and one PDF, with everything escaped and nothing left out silently; and the commands."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pypdfium2
import pytest

from model.figures.document import document, table_lines
from model.figures.drawing import Absent, Kind, Material, Picture, figures
from model.figures.numbers import Section, sections
from model.figures.page import page
from model.figures.sources import source_of
from tests.cli.conftest import Litdb
from tests.model.figures.conftest import add_scores, make_run

HOSTILE = "<script>alert(1)</script> $x^2$ \u202e模型\x1b[31m"


class _Page(HTMLParser):
    """Tags, attributes and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.policy = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        self.links += [found[name] or "" for name in ("src", "href", "action") if name in found]
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"] or ""
        assert not any(name.startswith("on") or name == "style" for name in found)


@pytest.fixture(scope="module")
def hostile(heard: Path, tmp_path_factory: pytest.TempPathFactory) -> Material:
    """A run whose names want to be markup."""
    folder = make_run(tmp_path_factory.mktemp("runs") / "run", heard)
    add_scores(folder)
    config = json.loads((folder / "config.json").read_text())
    config |= {"model": HOSTILE, "data": {**config["data"], "leaks": [{"kind": HOSTILE, "detail": HOSTILE}]}}
    (folder / "config.json").write_text(json.dumps(config))
    for path in folder.glob("scores/*/summary.json"):
        path.write_text(path.read_text().replace('"Toy"', json.dumps(HOSTILE)))
    return Material((source_of(folder),))


def test_the_page_needs_nothing_and_runs_nothing(hostile: Material) -> None:
    found = figures(Kind, hostile)
    svg = {one.name: one.rendered(2, "svg") for one in found if isinstance(one, Picture)}
    text = page(HOSTILE, sections(hostile), found, svg)
    read = _Page(text)
    assert not {"script", "iframe", "object", "embed", "link", "base", "form"} & set(read.tags)
    assert read.tags.count("img") == len(svg) == 3  # training, codes, scores
    assert all(link.startswith("data:image/svg+xml;base64,") for link in read.links)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert read.policy == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt; $x^2$ 模型" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    for one in found:
        if isinstance(one, Absent):
            assert f"Not drawn: {one.reason}." in text.replace("&#x27;", "'")


def test_the_pdf_has_the_figures_and_the_words(hostile: Material) -> None:
    found = figures(Kind, hostile)
    drawn = {one.name: one.rendered(2, "pdf") for one in found if isinstance(one, Picture)}
    content = document(HOSTILE, sections(hostile), found, drawn)
    with pypdfium2.PdfDocument(content) as pdf:
        sizes = {tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in pdf}
        text = " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())
        forms = sum(
            item.type == pypdfium2.raw.FPDF_PAGEOBJ_FORM
            for page in pdf
            for item in page.get_objects(max_depth=1)
        )
    assert sizes == {(210, 297)}
    assert forms == len(drawn)  # laid in as they are, not painted
    assert "<script>alert(1)</script> $x^2$" in text
    assert "Learning rate" in text  # from inside a figure
    assert "highest composite" in text  # from a table
    for one in found:
        if isinstance(one, Absent):
            assert one.reason.split(";")[0].split(",")[0] in text


def test_numbers_are_those_of_the_run(whole_run: Path, other_seed: Path) -> None:
    found = {section.title: section for section in sections(Material((source_of(whole_run),)))}
    run = dict(found["The run"].rows)
    assert run["parameters"] == "459,867"
    assert run["ended"] == "after 6 epochs, 0.01 h"
    assert "Single seed" in found["The run"].notes[0]
    scores = {row[0]: row[1:] for row in found["Scores on Toy"].rows}
    assert scores["metric"] == ("best-composite", "noisy")
    assert scores["pesq"][0].startswith("2.050 ± ")  # 1.5 + 0.1 * 5.5
    assert scores["files"] == ("12 of 12", "12 of 12")
    assert found["Cost"].rows == ()
    assert "litdb model cost" in found["Cost"].notes[0]
    assert "name a corpus with --data" in found["Gain over noisy"].notes[0]
    both = sections(Material((source_of(whole_run), source_of(other_seed))))[0]
    assert dict(both.rows)["seeds"] == "1, 2"
    assert not any("Single seed" in note for note in both.notes)


def test_a_wide_table_is_wrapped_and_loses_nothing() -> None:
    rows = [("a", "b" * 90, "c d " * 40), ("e", "模" * 50, "f")]
    lines = table_lines(rows)
    assert max(map(len, lines)) <= 120
    joined = "".join(lines).replace(" ", "")
    assert (joined.count("b"), joined.count("模"), joined.count("d")) == (90, 50, 40)
    assert table_lines([]) == []
    many = Section("t", tuple((str(row), "x") for row in range(200)))
    with pypdfium2.PdfDocument(document("title", [many], [], {})) as pdf:
        text = " ".join(page.get_textpage().get_text_range() for page in pdf)
        assert len(pdf) > 1
    assert {str(row) for row in range(200)} <= set(text.split())


# --- commands ---------------------------------------------------------------------------------------------


def test_figure_command(litdb: Litdb, whole_run: Path, other_seed: Path, home: Path) -> None:
    said = litdb("model", "figure", "training", str(whole_run), str(other_seed), "--out", "t.pdf")
    assert said.code == 0, said.err
    assert said.out.splitlines()[0] == "t.pdf"
    assert "mean of 2 runs (seeds 1, 2)" in said.out
    assert (home / "t.pdf").read_bytes().startswith(b"%PDF")
    words = ["model", "figure", "all", str(whole_run), "--workers", "1", "--files", "2"]
    found = litdb(*words, "--format", "svg", "--out", "f", "--json").json
    assert [entry["figure"] for entry in found["figures"]] == [str(kind) for kind in Kind]
    assert found["not_drawn"] == []
    assert sorted(path.name for path in (home / "f").iterdir()) == sorted(f"{kind}.svg" for kind in Kind)
    gates = next(entry for entry in found["figures"] if entry["figure"] == "gates")
    assert "p3_00" in gates["caption"]  # the run's own held-out utterances, where they lie
    noisy = litdb("model", "figure", "spectrograms", str(whole_run), "--audio", str(next(_noisy(whole_run))))
    assert (noisy.code, "--clean" in noisy.err) == (1, True)


def _noisy(run: Path):  # type: ignore[no-untyped-def]
    root = Path(json.loads((run / "config.json").read_text())["data"]["root"])
    return (root / "train" / "noisy").iterdir()


def test_wrong_use_of_figure(litdb: Litdb, whole_run: Path, other_seed: Path) -> None:
    run = str(whole_run)
    for words, said in (
        (["curves", run], "there is no figure 'curves'; there are training, codes"),
        (["codes", run, "--out", "a.jpg"], "must end in .pdf, .svg or .png"),
        (["codes", run, "--out", "a.pdf", "--format", "png"], "--format goes with a folder"),
        (["codes", run, "--format", "jpg"], "--format takes pdf, svg, png"),
        (["all", run, "--out", "a.pdf"], "all figures go into a folder"),
        (
            ["codes", run, str(other_seed)],
            "codes is drawn of one run or checkpoint; several are for gain, training",
        ),
        (["codes", f"{run}/nothing"], "neither a run folder nor a checkpoint"),
        (["gates", run, "--clean", "a.wav"], "--clean goes with --audio"),
        (["gates", run, "--utterance", "p9"], "has no utterance 'p9'"),
        (["codes", run, "--columns", "3"], "3"),
    ):
        refused = litdb("model", "figure", *words)
        assert (refused.code, said in refused.err) == (2, True), (words, refused.err)


def test_a_look_at_a_test_set_is_logged(litdb: Litdb, copied: Path) -> None:
    words = ["model", "figure", "gain", str(copied), "--workers", "1", "--out", "g.svg"]
    held = litdb(*words)
    assert held.code == 0, held.err
    assert '"look"' not in (copied / "log.jsonl").read_text()
    assert litdb(*words, "--split", "test").code == 0
    last = json.loads((copied / "log.jsonl").read_text().splitlines()[-1])
    assert (last["event"], last["command"], last["role"]) == ("look", "figure", "test")


def test_report_command(litdb: Litdb, copied: Path, other_seed: Path, home: Path) -> None:
    (copied / "checkpoint_best_composite.pt").unlink()
    said = litdb("model", "report", str(copied), str(other_seed))
    assert said.code == 0, said.err
    assert said.out.splitlines()[:2] == [
        str(copied / "report" / name) for name in ("report.html", "report.pdf")
    ]
    assert "not drawn: Attention: copied holds no weights" in said.out
    assert (copied / "report" / "report.pdf").read_bytes().startswith(b"%PDF")
    found = litdb("model", "report", str(other_seed), "--out", "r", "--workers", "1", "--json").json
    assert found["not_drawn"] == [
        {
            "figure": "scores",
            "title": "Gain by file",
            "reason": "m4-s2 has no scores by file; litdb model evaluate --all RUN --noisy gives them",
        }
    ]
    assert {"The run", "Checkpoints", "What it learnt"} <= {section["title"] for section in found["sections"]}
    assert (home / "r" / "report.html").exists()


def test_a_spoilt_checkpoint_is_no_traceback(litdb: Litdb, tmp_path: Path) -> None:
    (tmp_path / "c.pt").write_bytes(b"not a checkpoint")
    said = litdb("model", "figure", "codes", str(tmp_path / "c.pt"))
    assert (said.code, "cannot be drawn" in said.err, "Traceback" in said.err) == (1, True, False)
