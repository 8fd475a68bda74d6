"""What litdb prints of one catalogue is what it printed before; README.md says how to renew it."""

from __future__ import annotations

import difflib
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import typer

from litdb.cli._root import root
from tests.golden.cases import CASES, NOT_FROZEN

GOLDEN = Path(__file__).parent / "files"
_ROOT = Path(__file__).parents[2]
_SHOWN = 60  # lines of a difference


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What this litdb prints now, recorded by a process of its own whose clock stands still."""
    folder = tmp_path_factory.mktemp("golden")
    done = subprocess.run(
        [sys.executable, "-m", "tests.golden.record", str(folder)],
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found = folder / "results"
    if os.environ.get("LITDB_RENEW_GOLDEN") == "1":
        _renew(found)
    return found


def _renew(found: Path) -> None:
    GOLDEN.mkdir(exist_ok=True)
    for old in GOLDEN.iterdir():
        old.unlink()
    for file in found.iterdir():
        if file.name != "dump_after.jsonl":
            (GOLDEN / file.name).write_bytes(file.read_bytes())


def _same(now: Path, then: Path) -> None:
    assert then.exists(), f"{then.name} has no golden file: LITDB_RENEW_GOLDEN=1 records it"
    if now.read_bytes() == then.read_bytes():
        return
    old, new = then.read_text("utf-8").splitlines(), now.read_text("utf-8").splitlines()
    lines = list(difflib.unified_diff(old, new, "golden", "now", lineterm="", n=2))
    pytest.fail("\n".join([f"{then.name} changed:", *(line[:300] for line in lines[:_SHOWN])]), pytrace=False)


def test_the_dump_is_the_golden_one(results: Path) -> None:
    _same(results / "dump.jsonl", GOLDEN / "dump.jsonl")


@pytest.mark.parametrize("name", CASES)
def test_a_reading_command_prints_what_it_printed(results: Path, name: str) -> None:
    _same(results / f"{name}.txt", GOLDEN / f"{name}.txt")


def test_reading_commands_write_nothing(results: Path) -> None:
    assert (results / "dump.jsonl").read_bytes() == (results / "dump_after.jsonl").read_bytes()


@pytest.mark.usefixtures("results")
def test_every_golden_file_has_its_case() -> None:
    assert {file.name for file in GOLDEN.iterdir()} == {"dump.jsonl", *(f"{name}.txt" for name in CASES)}


@cache
def commands() -> dict[str, Any]:
    """All commands of litdb itself by their full names, taken from the application."""
    return dict(_commands())


def _commands() -> Iterator[tuple[str, Any]]:
    group = root()
    context = typer.Context(group)
    others = {entry.name for entry in entry_points(group="litdb.commands")}
    for name in group.list_commands(context):
        if name in others:
            continue
        command = group.get_command(context, name)
        inner = getattr(command, "commands", {})
        if not inner or command.invoke_without_command:
            yield name, command
        for word, sub in inner.items():
            yield f"{name} {word}", sub


def asked() -> dict[str, list[list[str]]]:
    """The command lines of the cases, by command."""
    found: dict[str, list[list[str]]] = {}
    for case in CASES.values():
        words = shlex.split(case.line)
        name = next(name for name in (" ".join(words[:2]), words[0]) if name in commands())
        found.setdefault(name, []).append(words)
    return found


def test_every_command_is_asked_or_has_its_reason() -> None:
    assert set(commands()) == set(asked()) | set(NOT_FROZEN)
    assert not set(asked()) & set(NOT_FROZEN)
    assert all(reason.strip() for reason in NOT_FROZEN.values())


def test_every_command_that_prints_json_is_asked_for_it() -> None:
    lines = asked()
    for name, command in commands().items():
        options = {option for parameter in command.params for option in parameter.opts}
        if name in NOT_FROZEN or not options & {"--json", "--format"}:
            continue
        assert any("--json" in words or "json" in words for words in lines[name]), name
