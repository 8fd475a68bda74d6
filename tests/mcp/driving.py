"""The server of `litdb mcp`, started as a client starts it and driven by the official client library over stdio."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mcp import Client
from mcp.client.stdio import StdioServerParameters

import litdb

ROOT = Path(litdb.__file__).parents[1]
SHIPPED = ROOT / "sota.db"


@asynccontextmanager
async def server(db: Path | str, home: Path, *options: str) -> AsyncIterator[Client]:
    """A client connected to a server of its own process on this catalogue."""
    env = {
        "LITDB_HOME": str(home),
        "LITDB_USER": "tester",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH", "")])]),
        "PATH": os.environ.get("PATH", ""),
    }
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "litdb", "mcp", "--db", str(db), *options], env=env, cwd=home
    )
    async with Client(command, read_timeout_seconds=120) as client:
        yield client


async def said(client: Client, tool: str, arguments: Mapping[str, Any]) -> str:
    """The text of one answer. An error of the tool is an error here."""
    answer = await client.call_tool(tool, dict(arguments))
    text = "\n".join(part.text for part in answer.content if part.type == "text")
    assert not answer.is_error, f"{tool} {arguments}: {text}"
    return text


async def all_pages(client: Client, tool: str, arguments: Mapping[str, Any]) -> Sequence[str]:
    """Every page of an answer, in order."""
    pages = [await said(client, tool, arguments)]
    while f"; page={len(pages) + 1} goes on" in pages[-1]:
        pages.append(await said(client, tool, {**arguments, "page": len(pages) + 1}))
    return pages
