"""`litdb audit --quotations`, `card`, `letter`, `why --genealogy`: their answers on the shipped catalogue, as text and as JSON."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from tests.cli.conftest import Litdb


def test_quotations_of_the_shipped_catalogue(litdb: Litdb) -> None:
    said = litdb("audit", "--quotations", "--model", "TSTNN", "--json")
    assert said.code == 1
    found = {(one["value"]["metric"], one["value"]["printed"], one["source"]["printed"]) for one in said.json}
    assert ("CBAK", "3.77", "3.53") in found
    assert {one["verdict"] for one in said.json} == {"not found there"}
    everything = litdb("audit", "--quotations", "--model", "TSTNN", "--all").out
    assert "agrees" in everything
    assert "quotations held against the cited paper" in everything.splitlines()[-1]


def test_quotations_within_one_paper(litdb: Litdb) -> None:
    said = litdb("audit", "--quotations", "--paper", "2203.15149", "--all", "--json")
    assert any(one["value"]["source"].startswith("arXiv:2203.15149v4") for one in said.json)
    home = {
        one["value"]["paper"] for one in said.json if one["value"]["source"].startswith("arXiv:2203.15149")
    }
    assert len(home) == 1
    assert all(home & {one["value"]["paper"], one["cited"]} for one in said.json)


def test_wrong_use(litdb: Litdb) -> None:
    assert litdb("audit", "--paper", "2203.15149").code == 2
    assert litdb("audit", "--quotations", "--paper", "1901.00001").code == 2
    assert litdb("card", "NoSuchNet").code == 2
    assert litdb("letter", "1901.00001").code == 2
    assert litdb("card", "MUSE", "--dataset", "nothing").code == 2


def test_a_card(litdb: Litdb) -> None:
    said = litdb("card", "SEMamba")
    assert said.code == 0
    assert "code: https://github.com/RoyChao19477/SEMamba" in said.out
    assert "contradicted: SEMamba, CSIG on vbd" in said.out
    found = litdb("card", "SEMamba", "--json").json
    assert {item["what"] for item in found["inferred"]} >= {"PESQ band"}
    assert all(cell["result"] for one in found["contradicted"] for cell in one["cells"])


def test_a_letter(litdb: Litdb) -> None:
    said = litdb("letter", "2405.06573")
    assert said.code == 0
    assert said.out.startswith("Dear authors,")
    assert "4.77: arXiv:2405.06573v2, table 3" in said.out
    found = litdb("letter", "2203.15149", "--json").json
    assert any("TSTNN, CBAK" in one["what"] for one in found["contradicted"])


def test_a_genealogy_as_text_json_and_figure(litdb: Litdb) -> None:
    said = litdb("why", "PHASEN", "CSIG", "--genealogy", "--figure", "g.svg")
    assert said.code == 0
    assert "arXiv:2511.14515v2, table 1 ← arXiv:2406.04589v2, table 1: slip" in said.out
    found = litdb("why", "PHASEN", "CSIG", "--genealogy", "--json").json
    assert {(e["child"]["printed"], e["parent"]["printed"], e["kind"]) for e in found["edges"]} == {
        ("4.18", "4.18", "slip")
    }
    assert etree.fromstring(Path("g.svg").read_bytes()) is not None
    assert len(Path("g.csv").read_text(encoding="utf-8").splitlines()) == len(found["cells"]) + 1


def test_wrong_use_of_a_genealogy(litdb: Litdb) -> None:
    assert litdb("why", "PHASEN", "CSIG", "--figure", "g.svg").code == 2
    assert litdb("why", "PHASEN", "CSIG", "--genealogy", "--figure", "g.gif").code == 2
    assert litdb("why", "PHASEN", "CSIG", "--genealogy", "--figure", "no/such/folder/g.svg").code == 1
    assert not Path("g.svg").exists()
