"""`litdb conflicts`, `resolve`, `audit`, `protocol`, `evidence` as a user calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from litdb.catalogue.database.places import make_working
from tests.cli.conftest import Litdb


@pytest.fixture(autouse=True)
def catalogue(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working copy of the shipped catalogue."""
    place = home / "sota.db"
    make_working(place).close()
    monkeypatch.setenv("LITDB_DB", str(place))
    return place


def test_conflicts_show_every_source_and_fail_the_check(litdb: Litdb) -> None:
    said = litdb("conflicts", "--model", "TSTNN", "--metric", "CSIG")
    assert said.code == 1
    for text in ("4.33", "4.10", "4.17", "arXiv:2203.15149v4, table 1", "own table and quotations"):
        assert text in said.out


def test_resolving_keeping_history_and_undoing(litdb: Litdb) -> None:
    (found,) = litdb("conflicts", "--model", "IMSE", "--json").json
    keep = found["sides"][0]["sources"][0]["key"]
    assert (
        litdb("resolve", found["id"][:8], "--keep", keep[:8], "--reason", "version 2 replaced it").code == 0
    )
    assert litdb("conflicts", "--model", "IMSE").code == 0
    assert litdb("conflicts", "--model", "IMSE", "--all", "--json").json[0]["state"] == "resolved"
    assert "3.399 or 3.373 (keep" in litdb("why", "IMSE", "PESQ").out
    (entry,) = litdb("history", "IMSE", "--json").json
    assert (entry["kind"], entry["reason"]) == ("resolve", "version 2 replaced it")
    assert entry["about"].startswith("IMSE, PESQ on vbd")
    assert litdb("undo", entry["uid"][:8]).code == 0
    assert litdb("conflicts", "--model", "IMSE").code == 1
    assert "3.399 or 3.373 (not resolved)" in litdb("why", "IMSE", "PESQ").out
    assert litdb("why", "CMGAN", "PESQ", "--json").json["disputes"] == []


def test_a_resolution_wants_a_result_of_the_conflict_or_both(litdb: Litdb) -> None:
    (found,) = litdb("conflicts", "--model", "IMSE", "--json").json
    assert litdb("resolve", found["id"], "--reason", "x").code == 2
    wrong = litdb("resolve", found["id"], "--keep", "ffffffff", "--reason", "x")
    assert wrong.code == 2
    assert "choose from" in wrong.err
    assert litdb("resolve", "00000000", "--both", "--reason", "x").code == 2
    assert litdb("resolve", found["id"], "--both", "--reason", " ").code == 2
    assert litdb("resolve", found["id"], "--both", "--reason", "the paper says why").code == 0
    assert litdb("conflicts", "--model", "IMSE").code == 0


def test_the_audit_names_code_severity_and_sources(litdb: Litdb) -> None:
    said = litdb("audit", "--model", "MUSE")
    assert said.code == 1
    assert "warning  WORDS:" in said.out
    assert "3.37" in said.out
    (one,) = litdb("audit", "--model", "MUSE", "--json").json
    assert one["code"] == "WORDS"
    assert litdb("audit", "--model", "CMGAN").code == 0


def test_explaining_rules(litdb: Litdb) -> None:
    assert "NOISY" in litdb("audit", "--explain", "noisy").out
    assert len(litdb("audit", "--explain", "all", "--json").json) == 19
    assert litdb("audit", "--explain", "NOPE").code == 2


def test_suppressing_a_finding_and_undoing_it(litdb: Litdb) -> None:
    (one,) = litdb("audit", "--model", "MUSE", "--json").json
    name = f"{one['code']}:{one['target']}"
    assert litdb("audit", "--suppress", name).code == 2  # no reason
    assert litdb("audit", "--suppress", name, "--reason", "a note, kept as it is").code == 0
    assert litdb("audit", "--model", "MUSE").code == 0
    assert "a note, kept as it is" in litdb("audit", "--model", "MUSE", "--all").out
    assert litdb("audit", "--suppress", name, "--reason", "again").code == 2
    (entry,) = litdb("history", "MUSE", "--json").json
    litdb("undo", entry["uid"][:8])
    assert litdb("audit", "--model", "MUSE").code == 1


def test_what_is_not_a_finding_is_not_suppressed(litdb: Litdb) -> None:
    assert litdb("audit", "--suppress", "WORDS:00000000", "--reason", "x").code == 2
    assert litdb("audit", "--suppress", "WORDS", "--reason", "x").code == 2
    assert litdb("audit", "--suppress", "NOPE:x", "--reason", "x").code == 2


def test_proposals_are_commands_that_settle_the_finding_and_change_nothing_by_themselves(
    litdb: Litdb,
) -> None:
    import shlex

    before = litdb("audit", "--json").json
    said = litdb("audit", "--model", "BSRNN", "--propose")
    assert litdb("audit", "--json").json == before
    commands = [shlex.split(line)[1:] for line in said.out.splitlines() if line.startswith("litdb ")]
    assert any(command[0] == "correct" for command in commands)
    for command in commands:
        assert litdb(*command).code == 0
    left = {f["code"] for f in litdb("audit", "--model", "BSRNN", "--json").json}
    assert not left & {"REIMPL", "YEAR"}


def test_evidence_on_a_catalogue_without_ablations_says_so(litdb: Litdb) -> None:
    said = litdb("evidence", "phase", "--near", "0.46M")
    assert said.code == 0
    assert "holds no ablation table" in said.out


def test_evidence_tells_claimed_gains_apart(litdb: Litdb) -> None:
    answer = litdb("evidence", "dual-path", "--json").json
    assert [gain["printed"] for gain in answer["gains"]] == ["+0.107"]
    assert answer["isolated"] == []
    assert "claimed: +0.107 PESQ for dual-path" in litdb("evidence", "dual-path").out


PAPER = r"""\documentclass{article}\title{ToyNet}\begin{document}
\begin{table}\caption{Results on VoiceBank+DEMAND}\begin{tabular}{lcc}
Model & Params & PESQ \\ ToyNet (ours) & 0.48M & 3.10 \\ Noisy & - & 1.97 \\ \end{tabular}\end{table}
\begin{table}\caption{Ablation study on VoiceBank+DEMAND. QZ means Deformable Embedding.}\begin{tabular}{lc}
Model & PESQ \\ ToyNet & 3.10 \\ w/o phase decoder & 3.01 \\ w/o QZ & 3.05 \\ w/o phase decoder and QZ & 2.98 \\
w/o sparkle & 3.08 \\ \end{tabular}\end{table}\end{document}
"""


def test_evidence_from_an_ingested_paper(litdb: Litdb, home: Path) -> None:
    (home / "toy.tex").write_text(PAPER, encoding="utf-8")
    assert litdb("ingest", "toy.tex", "--arxiv", "2401.00001v1").code == 0
    answer = litdb("evidence", "phase", "--near", "0.46M", "--json").json
    (one,) = [e for e in answer["isolated"] if e["comparison"]["base_label"] == "ToyNet"]
    assert one["effects"][0]["difference"] == 0.09
    assert one["comparison"]["base_params"] == 480000
    assert "Near 0.46M" in answer["summary"]
    assert len(answer["together"]) == 1
    said = litdb("evidence", "deformable")
    assert "w/o QZ" in said.out
    assert "PESQ +0.05" in said.out
    assert "w/o sparkle" in said.out.partition("does not know")[2]


def test_components_of_ones_own(litdb: Litdb, home: Path) -> None:
    (home / "toy.tex").write_text(PAPER, encoding="utf-8")
    litdb("ingest", "toy.tex", "--arxiv", "2401.00001v1")
    own = home / "mine.toml"
    own.write_text('[[component]]\nid = "glitter"\naliases = ["sparkle"]\n', encoding="utf-8")
    answer = litdb("evidence", "glitter", "--components", str(own), "--json").json
    assert answer["component"] == "glitter"
    assert [e["comparison"]["words"] for e in answer["isolated"]] == ["w/o sparkle"]
    (home.parent / "home").mkdir(exist_ok=True)
    (home.parent / "home" / "components.toml").write_text(own.read_text(encoding="utf-8"), encoding="utf-8")
    assert litdb("evidence", "glitter", "--json").json["component"] == "glitter"


@pytest.mark.parametrize("words", [("evidence", ""), ("evidence", "phase", "--near", "small"), ("evidence", "phase", "--near", "0"), ("evidence", "phase", "--dataset", "nowhere"), ("evidence", "phase", "--metric", "shine")])  # fmt: skip
def test_wrong_questions(litdb: Litdb, words: tuple[str, ...]) -> None:
    assert litdb(*words).code == 2


def test_the_protocol_matrix_as_text_markdown_and_json(litdb: Litdb) -> None:
    names = "IMSE,BSRNN-FAC-MRHA3,UL-UNAS†,TridentSE-S"
    found = litdb("protocol", "--models", names, "--json").json
    cells = {row["model"]: dict(zip(found["items"], row["cells"], strict=True)) for row in found["rows"]}
    assert cells["IMSE"]["PESQ band"]["basis"] == "inferred"
    assert cells["IMSE"]["composite scale"]["basis"] == "inferred"
    assert "PESQ, CSIG and COVL" in cells["IMSE"]["composite scale"]["note"]
    assert cells["BSRNN-FAC-MRHA3"]["composite scale"]["text"] == "unit"
    assert cells["BSRNN-FAC-MRHA3"]["selected on"] == {"text": "test", "basis": "stated", "place": "run new/best-composite", "note": ""}  # fmt: skip
    assert cells["UL-UNAS†"]["MACs per second"]["text"] == "30.00M"
    assert cells["TridentSE-S"]["FLOPs per second"]["basis"] == "not stated"
    assert cells["TridentSE-S"]["MACs per second"]["text"] == "-"
    text = litdb("protocol", "--models", names)
    assert "WB (inferred) [1]" in text.out
    assert "for audio of unstated length" in text.out
    lines = litdb("protocol", "--models", names, "--markdown").out.splitlines()
    assert lines[0].count("|") == lines[1].count("|") == lines[2].count("|") == 6


def test_a_protocol_needs_models(litdb: Litdb) -> None:
    assert litdb("protocol", "--models", "").code == 2
    assert litdb("protocol", "--models", "NoSuchModel").code == 2
    assert litdb("protocol", "--models", "IMSE", "--dataset", "nowhere").code == 2


COST = r"""\begin{table}\caption{Cost and PESQ on VoiceBank+DEMAND; MACs for 4-second audio}\begin{tabular}{lcc}
Model & MACs & PESQ \\ ToyNet (ours) & 2.0G & 3.10 \\ \end{tabular}\end{table}"""


def test_macs_of_a_stated_length_are_those_of_one_second(litdb: Litdb, home: Path) -> None:
    text = PAPER.replace(r"\end{document}", COST + r"\end{document}")
    (home / "toy.tex").write_text(text, encoding="utf-8")
    litdb("ingest", "toy.tex", "--arxiv", "2401.00001v1")
    found = litdb("protocol", "--models", "ToyNet", "--json").json
    cell = found["rows"][0]["cells"][found["items"].index("MACs per second")]
    assert cell["text"] == "500M"
    assert "2.0G is printed for 4 s of audio" in cell["note"]
    shown = litdb("models", "--metrics", "MACs,PESQ", "--metric", "MACs=0.4G..0.6G", "--json")
    assert "ToyNet" in shown.out
    assert "for one second: 2.0G is printed for 4 s of audio" in shown.out


def test_own_runs_step_by_step(litdb: Litdb, home: Path) -> None:
    from tests.support.runs import write_run

    base = {"kind": "unet", "gate": "additive", "branches": ["dot"]}
    write_run(home / "one", model="Mine", network=base)
    write_run(home / "two", model="Mine", network={**base, "branches": ["dot", "cos"]})
    write_run(
        home / "three", model="Mine", network={**base, "branches": ["cross", "dot", "cos"], "gate": "none"}
    )
    for name in ("one", "two", "three"):
        assert litdb("add", str(home / name)).code == 0
    good = litdb("evidence", "--own", "one,two")
    assert (good.code, "one thing changes" in good.out) == (0, True)
    bad = litdb("evidence", "--own", "one,two,three", "--json")
    assert bad.code == 1
    assert [entry["isolates"] for entry in bad.json] == [True, False]
    assert litdb("evidence", "--own", "one").code == 2
    assert litdb("evidence", "--own", "one,nothing").code == 2
    assert litdb("evidence", "phase", "--own", "one,two").code == 2


def test_ablation_rows_that_wait_for_review_are_no_evidence_yet(litdb: Litdb, home: Path) -> None:
    (home / "toy.tex").write_text(PAPER.replace("3.01", "31.0"), encoding="utf-8")  # no PESQ
    litdb("ingest", "toy.tex", "--arxiv", "2401.00001v1")
    answer = litdb("evidence", "phase", "--json").json
    assert answer["waiting"] == 1
    assert {e["comparison"]["base_label"] for e in answer["isolated"]} == {"w/o QZ"}  # not the full model
    assert "1 row of an ablation table waits for review" in litdb("evidence", "phase").out
