"""The server of `litdb mcp`: tools, resources and prompts over stdin and stdout, by the MCP library.

This module alone imports that library (`pip install 'litdb-sota[mcp]'`). What a tool answers is made in another process.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

import anyio.to_thread
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from litdb import __version__
from litdb.mcp.answers import BUDGET
from litdb.mcp.prompts import RULES, check_paragraph, survey_question
from litdb.mcp.worker import SECONDS, Worker

#: Asks the process behind the server: the name of a call, a page and what the call is given.
Ask = Callable[..., Awaitable[str]]
Name = Annotated[str, Field(max_length=120)]
Word = Annotated[str, Field(max_length=60)]
Page = Annotated[int, Field(ge=1, le=9999)]
Metric = Annotated[str, Field(max_length=60, description="PESQ, CSIG, STOI, params, MACs, PESQ-NB, ...")]
Dataset = Annotated[str, Field(max_length=120, description="vbd, dns2020-noreverb, ...")]
Conditions = Annotated[
    list[Annotated[str, Field(max_length=80)]],
    Field(max_length=12, description='such as "params=0.4M..1.0M", "PESQ=3.0.."'),
]
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_PROPOSES = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


def make_server(worker: Worker, *, budget: int = BUDGET, allow_propose: bool = False) -> MCPServer[Any]:
    """The server with its tools, each answered by `worker` in at most `budget` tokens."""
    server: MCPServer[Any] = MCPServer("litdb", instructions=RULES, version=__version__, log_level="ERROR")

    async def ask(name: str, page: int = 1, **arguments: object) -> str:
        answer = await anyio.to_thread.run_sync(lambda: worker.ask(name, arguments, page, budget))
        if answer.failed:
            raise (ResourceError if name.startswith("resource ") else ToolError)(answer.text)
        return answer.text

    _add_questions(server, ask)
    _add_judgements(server, ask)
    _add_resources(server, ask)
    if allow_propose:
        _add_propose(server, ask)
    server.prompt(description="Answer a question with litdb's tools, every figure with its result.")(
        survey_question
    )
    server.prompt(description="Check a paragraph against litdb, figure by figure.")(check_paragraph)
    return server


def _add_questions(server: MCPServer[Any], ask: Ask) -> None:
    """The tools that look figures, models and papers up."""

    async def query_models(
        where: Conditions,
        metrics: Annotated[list[Word], Field(max_length=8, description="columns")] = ["params", "PESQ"],  # noqa: B006 - a default in a schema
        dataset: Dataset = "vbd",
        sort: Annotated[str, Field(max_length=60, description="metric, with - for large first")] = "",
        causal: bool | None = None,
        page: Page = 1,
    ) -> str:
        return await ask(
            "query_models", page, where=where, metrics=metrics, dataset=dataset, sort=sort, causal=causal
        )

    async def get_model(model: Name, page: Page = 1) -> str:
        return await ask("get_model", page, model=model)

    async def get_value(
        model: Name,
        metric: Metric,
        dataset: Dataset = "vbd",
        source: Annotated[
            str,
            Field(
                max_length=120,
                description="only what this gives: arXiv id (with v1 for a version), repository, or self, quoted, ...",
            ),
        ] = "",
        everything: Annotated[bool, Field(description="list all that is known, claims too")] = False,
        page: Page = 1,
    ) -> str:
        return await ask(
            "get_value",
            page,
            model=model,
            metric=metric,
            dataset=dataset,
            source=source,
            everything=everything,
        )

    async def conflicts(model: Name = "", metric: Word = "", page: Page = 1) -> str:
        return await ask("conflicts", page, model=model, metric=metric)

    async def search_papers(query: Annotated[str, Field(max_length=300)], page: Page = 1) -> str:
        return await ask("search_papers", page, query=query)

    async def describe_network(
        model: Annotated[
            str, Field(max_length=120, description="own model, or M1, M4, ...; default: the declared one")
        ] = "",
        stages: Annotated[bool, Field(description="stage by stage; takes seconds")] = False,
        page: Page = 1,
    ) -> str:
        return await ask("describe_network", page, model=model, stages=stages)

    for tool, words in (
        (query_models, "Models that meet conditions, each figure with result and source."),
        (get_model, "All that is known of one model (or paper): names, relatives, figures."),
        (get_value, "One figure of a model: the one that stands, why, from where."),
        (conflicts, "Figures that cannot both be right, every side with its sources."),
        (search_papers, "Papers of the catalogue, and of the index of the field if there is one."),
        (describe_network, "What the own network is made of: channels, layers, causality."),
    ):
        server.add_tool(tool, description=words, annotations=_READS, structured_output=False)


def _add_judgements(server: MCPServer[Any], ask: Ask) -> None:
    """The tools that say what may be concluded from figures."""

    async def evidence(
        component: Annotated[
            str, Field(max_length=120, description='"phase branch", "metric discriminator", ...')
        ],
        near: Annotated[str, Field(max_length=20, description="size of the base model, such as 0.46M")] = "",
        metric: Metric = "PESQ",
        page: Page = 1,
    ) -> str:
        return await ask("evidence", page, component=component, near=near, metric=metric)

    async def gap(
        target: Annotated[str, Field(max_length=200, description='such as "PESQ=3.0,STOI=0.94"')] = "",
        against: Annotated[
            str, Field(max_length=60, description="size of published models, such as 0.4M..1.0M")
        ] = "",
        model: Name = "",
        page: Page = 1,
    ) -> str:
        targets = [word for word in target.split(",") if word.strip()]
        return await ask("gap", page, target=targets, against=against, model=model)

    async def protocol(
        models: Annotated[list[Name], Field(min_length=1, max_length=8)],
        metric: Annotated[
            str, Field(max_length=60, description="say whether these figures may be compared")
        ] = "",
        dataset: Dataset = "vbd",
        page: Page = 1,
    ) -> str:
        return await ask("protocol", page, models=models, metric=metric, dataset=dataset)

    async def claim(
        statement: Annotated[
            str,
            Field(
                max_length=300,
                description='"[MODEL is the] smallest | best METRIC | first | only [causal] with METRIC>=NUMBER on TEST SET"',
            ),
        ],
        model: Annotated[
            str, Field(max_length=120, description="whom it is about; default: the own model")
        ] = "",
        page: Page = 1,
    ) -> str:
        return await ask("claim", page, statement=statement, model=model)

    for tool, words in (
        (evidence, "What ablations isolate of a component; whole systems prove nothing."),
        (gap, "How far the own model is from targets and from published models."),
        (protocol, "How figures were obtained, and whether they may be compared."),
        (claim, "Whether a superlative holds in the catalogue, and what refutes it."),
    ):
        server.add_tool(tool, description=words, annotations=_READS, structured_output=False)


def _add_propose(server: MCPServer[Any], ask: Ask) -> None:
    """The one tool that writes: proposals, which a person reviews."""

    async def propose(
        model: Name,
        metric: Metric,
        printed: Annotated[str, Field(max_length=24, description="the number as the paper prints it")],
        paper: Annotated[str, Field(max_length=120, description="arXiv id with version, or DOI")],
        reason: Annotated[str, Field(max_length=300, description="the words that state it")],
        table: Annotated[
            str, Field(max_length=40, description="number of the table; default: the text")
        ] = "",
        dataset: Dataset = "vbd",
    ) -> str:
        return await ask(
            "propose",
            model=model,
            metric=metric,
            printed=printed,
            paper=paper,
            reason=reason,
            table=table,
            dataset=dataset,
        )

    words = "Put a figure that you read in a paper before a person; it counts for nothing until accepted."
    server.add_tool(propose, description=words, annotations=_PROPOSES, structured_output=False)


def _add_resources(server: MCPServer[Any], ask: Ask) -> None:
    """A comparison table, and what papers print."""

    @server.resource(
        "litdb://table/{dataset}/{where}/{page}",
        description="A comparison table: conditions such as params=0.4M..1.0M;PESQ=2.8..3.4, or all; pages from 1.",
        mime_type="text/plain",
    )
    async def table(dataset: str, where: str, page: int) -> str:
        return await ask("resource table", page, dataset=dataset, where=where)

    @server.resource(
        "litdb://result/{result}/{page}",
        description="The table of a paper as it stood, around one result such as 53ecbf97.",
        mime_type="text/plain",
    )
    async def stood(result: str, page: int) -> str:
        return await ask("resource result", page, wanted=result)

    @server.resource(
        "litdb://paper/{paper}/{page}",
        description="Every accepted figure of a paper (key or arXiv id), table by table.",
        mime_type="text/plain",
    )
    async def paper_figures(paper: str, page: int) -> str:
        return await ask("resource paper", page, paper=paper)


def run(
    db: str | None = None, *, seconds: float = SECONDS, budget: int = BUDGET, allow_propose: bool = False
) -> None:
    """Serve over stdin and stdout until the client goes."""
    transport: Literal["stdio"] = "stdio"
    with Worker(db, seconds) as worker:
        make_server(worker, budget=budget, allow_propose=allow_propose).run(transport)
