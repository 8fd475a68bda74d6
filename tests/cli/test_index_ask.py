"""`litdb index ask` on the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Litdb
from tests.support.openalex import KEY, openalex_online, work


def test_the_price_is_said_before_it_is_spent(litdb: Litdb, monkeypatch: pytest.MonkeyPatch) -> None:
    works = [work(1), work(2, display_name="Two \x1b[31m", doi="https://doi.org/10.1000/two", locations=[])]
    with openalex_online(monkeypatch, works) as online:
        said = litdb("index", "ask", "compact speech enhancement")
        assert said.code == 0, said.err
        lines = said.out.splitlines()
        price = next(place for place, line in enumerate(lines) if line.startswith("this costs $0.00"))
        assert "never more than $0.010" in lines[price] and lines[price + 1].startswith("1: 2 new, 0 changed")
        assert "not on arXiv: doi:10.1000/two  Two" in said.out and "\x1b" not in said.out
        found = litdb("index", "ask", "compact speech enhancement", "--json").json
        assert found[0]["taken"]["known"] == 2 and found[-1]["spent"] == 0
        said = litdb("index", "ask", "dual-path speech enhancement", "--budget", "0.0005")
        assert said.code == 1 and "one more request costs $0.001" in said.err
        assert litdb("index", "ask", "x", "--budget", "-1").code == 2
        said = litdb("index", "ask", "x", "--from", "crosref")
        assert said.code == 2 and "crossref" in said.err
        asked = online.searches
        monkeypatch.delenv("OPENALEX_API_KEY")
        said = litdb("index", "ask", "compact speech enhancement")
        assert said.code == 2 and "OPENALEX_API_KEY" in said.err and KEY not in said.err
        assert online.searches == asked
    assert "2 papers, 2 with their abstract" in litdb("index", "status").out
