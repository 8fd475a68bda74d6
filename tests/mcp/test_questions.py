"""Fifty questions that go wrong from memory, asked of the server by the official client: what must be there is, what must not is not."""

from __future__ import annotations

import asyncio
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from litdb.mcp.text import QUOTED, tokens
from tests.mcp.driving import SHIPPED, all_pages, said, server

QUESTIONS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "questions.toml").read_text("utf-8")
)["question"]
LIMIT = 800
#: What follows a figure: the result, where it is told with its source.
_RESULT = re.compile(r"\[[0-9a-f]{8}\]")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """The pages of the answer to each question, all asked in one conversation."""
    home = tmp_path_factory.mktemp("home")

    async def ask() -> list[list[str]]:
        async with server(SHIPPED, home) as client:
            found = []
            for question in QUESTIONS:
                if question.get("pages") == "all":
                    found.append(list(await all_pages(client, question["tool"], question["arguments"])))
                else:
                    found.append([await said(client, question["tool"], question["arguments"])])
            return found

    return asyncio.run(ask())


def holds(text: str, figure: str) -> bool:
    """Whether a figure stands in a text as a number (or word) of its own."""
    return re.search(rf"(?<![\w.+~]){re.escape(figure)}(?![\w+]|\.\d)", text) is not None


def test_there_are_fifty_of_which_ten_have_no_answer() -> None:
    assert len(QUESTIONS) == 50
    assert sum(question.get("no_evidence", False) for question in QUESTIONS) == 10
    assert len({question["ask"] for question in QUESTIONS}) == 50
    assert all(question["absent"] for question in QUESTIONS)


@pytest.mark.parametrize("number", range(50), ids=lambda n: QUESTIONS[n]["ask"][:60])
def test_question(number: int, answers: list[list[str]]) -> None:
    question, pages = QUESTIONS[number], answers[number]
    text = "\n".join(pages)
    for expected in question.get("results", ()):
        results, figure = expected.split(" ")
        marked = [f"{figure} [{result}]" for result in results.split("|")]
        told = [line for line in text.splitlines() if holds(line, figure) and any(m in line for m in marked)]
        assert told, f"{expected} is not in:\n{text}"
        source = told[0]
        assert re.search(r"arXiv:|github:|https?://|run |“[^”]+”", source), source
    for words in question.get("says", ()):
        assert words in text
    begins = text.startswith("no evidence: ")
    assert begins == question.get("no_evidence", False), text
    if begins:
        assert not _RESULT.search(text), text
    for neighbour in question["absent"]:
        result, figure, why = neighbour.split(" ", 2)
        assert f"[{result}" not in text, f"{why}:\n{text}"
        if figure != "-":
            assert not holds(text, figure), f"{why}: {figure} in\n{text}"


def test_no_page_costs_more_than_its_budget(answers: list[list[str]]) -> None:
    costs = [tokens(page) for pages in answers for page in pages]
    assert max(costs) <= LIMIT
    assert all(page.endswith(QUOTED) for pages in answers for page in pages if "“" in page)


def test_every_figure_of_an_answer_carries_its_result(answers: list[list[str]]) -> None:
    """A metric with a number behind it, outside quotations, is followed by the result."""
    metric = r"(?:PESQ(?:-NB)?|CSIG(?:@\w+)?|CBAK(?:@\w+)?|COVL(?:@\w+)?|STOI|SSNR|SI-SDR|params|MACs)"
    for question, pages in zip(QUESTIONS, answers, strict=True):
        for line in "\n".join(pages).splitlines():
            plain = re.sub(r"“[^”]*”", "“”", line)
            for found in re.finditer(rf"\b{metric}(?: on [\w-]+)? (\d[\w.]*)", plain):
                behind = plain[found.end() :]
                assert re.match(r"(?: ?± ?[\d.]+)? ?[KMG]? ?\[[0-9a-f]{8}\]", behind), (
                    f"{question['ask']}: {line}"
                )
