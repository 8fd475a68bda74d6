"""docs/commands.md is what the commands say of themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from litdb.cli.shell.reference import page
from tests.cli.test_commands import commands

PAGE = Path(__file__).resolve().parents[2] / "docs" / "commands.md"

pytest.importorskip("model.cli", reason="the commands of the bundled network are not installed")


@pytest.fixture(scope="module")
def text() -> str:
    return page()


def test_the_page_is_current(text: str) -> None:
    assert PAGE.read_text(encoding="utf-8") == text, "python -m litdb.cli.shell.reference docs/commands.md"


def test_every_command_stands_in_it_with_its_example_and_options(text: str) -> None:
    parts = dict(re.findall(r"^#+ (litdb [\w -]+)\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL))
    for name, command in commands():
        part = parts[f"litdb {name}"]
        assert f"Example: `litdb {name}" in part
        for parameter in command.params:
            for option in (*parameter.opts, *parameter.secondary_opts):
                if parameter.param_type_name == "option" and option not in ("-h", "--help"):
                    assert f"`{option}`" in part, f"{name} {option}"


def test_nothing_of_a_help_is_taken_for_markup(text: str) -> None:
    outside = re.sub(r"``[^`\n]*``|`[^`\n]*`", "", text)
    assert not re.search(r"(?<!\\)[*<]", outside.replace("**", ""))
    for line in text.split("\n"):
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) == 3, line
