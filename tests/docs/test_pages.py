"""Every command that README and docs print is carried out, and says what they show; README.md here tells how."""

from __future__ import annotations

import difflib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from litdb.cli._root import root
from tests.docs.pages import PAGES, REASONS, ROOT, Command, agrees, blocks, outside, renewed, spans

SAID = Path(__file__).parent / "said"
_NAMES = [page.name for page in PAGES]
Said = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Said:
    """What every command of every page says now; with LITDB_RENEW_DOCS=1 pages and records follow it."""
    folder = tmp_path_factory.mktemp("docs")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.docs.perform", str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found: Said = json.loads((folder / "said.json").read_text("utf-8"))
    if os.environ.get("LITDB_RENEW_DOCS") == "1":
        for page in PAGES:
            _renew(page, found[page.name])
    return found


def _renew(page: Path, said: list[dict[str, Any]]) -> None:
    lines = page.read_text("utf-8").split("\n")
    commands = {command.first: command for command in _commands(page)}
    for entry in reversed(said):
        command = commands.get(entry["first"])
        if command and command.shown and not agrees(command.shown, entry["said"]):
            end = command.first + len(command.shown)
            lines[command.first : end] = renewed(command.shown, entry["said"])
    page.write_text("\n".join(lines), encoding="utf-8")
    record = SAID / f"{page.stem}.txt"
    record.unlink(missing_ok=True)
    if said:
        record.write_text(_record(said), encoding="utf-8")
    (SAID / "not_run.txt").write_text(_not_run(), encoding="utf-8")


def _commands(page: Path, mark: str = "") -> Iterator[Command]:
    for block in blocks(page.read_text("utf-8")):
        if block.language == "console" and block.mark == mark:
            yield from block.commands()


def _record(said: list[dict[str, Any]]) -> str:
    return "\n".join(
        "\n".join([f"$ {entry['line']}", f"exit {entry['code']}", *entry["said"], ""]) for entry in said
    )


def _not_run() -> str:
    """The list of what is not run, by reason, with a count of each."""
    found: dict[str, list[str]] = {reason: [] for reason in REASONS}
    for page in PAGES:
        for block in blocks(page.read_text("utf-8")):
            if block.mark == "not run":
                lines = [line.removeprefix("$ ") for line in block.lines if line.startswith("$ ")]
                found[block.value] += [f"  {page.name}: {line}" for line in lines or block.lines[:1]]
    return "".join(
        f"{reason}: {REASONS[reason]} ({len(lines)})\n" + "".join(f"{line}\n" for line in lines)
        for reason, lines in found.items()
    )


@pytest.mark.parametrize("name", _NAMES)
def test_every_command_says_what_is_recorded_and_shown(said: Said, name: str) -> None:
    page = PAGES[_NAMES.index(name)]
    record = SAID / f"{page.stem}.txt"
    then = record.read_text("utf-8") if record.exists() else ""
    _same(then, _record(said[name]), f"what the commands of {name} say changed")
    wrong = [entry["line"] for entry in said[name] if entry["code"] not in (0, 1)]
    assert not wrong, f"{name} prints commands that are refused as wrong use, or fail"
    shown = {command.first: command.shown for command in _commands(page)}
    for entry in said[name]:
        lines = shown.get(entry["first"], ())
        if lines and not agrees(lines, entry["said"]):
            _same(
                "\n".join(lines), "\n".join(entry["said"]), f"{name} does not show what {entry['line']} says"
            )


def _same(then: str, now: str, message: str) -> None:
    if then != now:
        lines = difflib.unified_diff(then.splitlines(), now.splitlines(), "page", "now", lineterm="", n=1)
        told = "\n".join(line[:200] for line in list(lines)[:60])
        pytest.fail(f"{message}: LITDB_RENEW_DOCS=1 renews it\n{told}", pytrace=False)


def test_what_is_not_run_is_listed_with_its_reason() -> None:
    for page in PAGES:
        for block in blocks(page.read_text("utf-8")):
            assert block.mark != "not run" or block.value in REASONS, f"{page.name}, line {block.first}"
    _same((SAID / "not_run.txt").read_text("utf-8"), _not_run(), "other commands are not run")


@pytest.mark.parametrize("page", PAGES, ids=_NAMES)
def test_commands_stand_in_console_blocks(page: Path) -> None:
    """A command elsewhere would be printed and never tried."""
    text = page.read_text("utf-8")
    stray = [line for line in outside(text).split("\n") if line.startswith("    ") and _is_command(line)]
    stray += [
        line
        for block in blocks(text)
        if block.language != "console"
        for line in block.lines
        if _is_command(line)
    ]
    assert not stray, "write commands in a ```console block, each after `$ `"


def _is_command(line: str) -> bool:
    return bool(re.match(r"(\$ )?(litdb|python3?|pip|make|pytest|torchrun|sqlite3) ", line.strip()))


@pytest.mark.parametrize("page", PAGES, ids=_NAMES)
def test_what_is_only_printed_is_a_command_with_such_options(page: Path) -> None:
    """Commands that are not run, and those in running text: the command is there, and so is every option."""
    text = page.read_text("utf-8")
    lines = spans(text)
    for command in _commands(page, "not run"):
        words = command.words
        if "litdb" in words and "|" not in words and "&&" not in words:
            lines.append(words[words.index("litdb") + 1 :])
    for words in lines:
        _check_words(words)


def _check_words(words: list[str]) -> None:
    command: Any = root()
    context = typer.Context(command)
    rest = list(words)
    while rest and hasattr(command, "get_command") and not rest[0].startswith("-"):
        named = rest[0].split("|")[0] if "|" in rest[0] else rest[0]
        inner = command.get_command(context, named)
        if inner is None:
            assert named in ("...", "COMMAND") or command.invoke_without_command, f"litdb {' '.join(words)}"
            break
        command, context = inner, typer.Context(inner, parent=context)
        rest.pop(0)
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    known |= {"-h", "--help"}
    for word in rest:
        if word.startswith("--") or (len(word) == 2 and word[0] == "-" and word[1].isalpha()):
            assert word.split("=")[0] in known, f"litdb {' '.join(words)}: there is no {word}"
