"""`python -m tests.docs.perform FOLDER`: carry out every page, and write what each command said as `FOLDER/said.json`.

A page is a person's afternoon: an empty folder and home at its beginning, its commands in their order, one minute each.
A stand-in for arXiv answers; clock and dice stand still (tests/golden/frozen.py). `DECISION` on a page stands for the
number of the newest decision.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

from tests.docs.pages import PAGES, Block, blocks
from tests.golden.frozen import freeze


def main(folder: Path) -> None:
    """Everything, in a process whose clock stands still."""
    clock = freeze()
    for name in [name for name in os.environ if name.startswith("LITDB_")]:
        del os.environ[name]
    os.environ |= {"COLUMNS": "120", "LINES": "40", "NO_COLOR": "1", "LITDB_USER": "you"}

    from tests.support.papers import PAPERS
    from tests.support.replay import ReplayServer

    found: dict[str, list[dict[str, object]]] = {}
    with ReplayServer(PAPERS) as server:
        os.environ |= server.environment
        for page in PAGES:
            work = folder / "work"
            shutil.rmtree(work, ignore_errors=True)
            (work / "here").mkdir(parents=True)
            os.environ["LITDB_HOME"] = str(work / "home")
            os.chdir(work / "here")
            found[page.name] = [
                said for block in blocks(page.read_text("utf-8")) for said in _performed(block, clock.tick)
            ]
    text = json.dumps(found, ensure_ascii=False)
    text = text.replace(server.url, "http://arxiv.replay").replace(str(folder / "work"), "/home/you")
    (folder / "said.json").write_text(text, encoding="utf-8")


def _performed(block: Block, tick: Callable[[], None]) -> list[dict[str, object]]:
    if block.mark == "file":
        Path(block.value).write_text("\n".join(block.lines) + "\n", encoding="utf-8")
        return []
    if block.mark == "not run":
        return []
    if block.language == "python":
        tick()
        return [_python("\n".join(block.lines), block.first)]
    if block.language != "console":
        return []
    said = []
    for command in block.commands():
        tick()
        code, lines = _console(command.words)
        said.append({"line": command.line, "first": command.first, "code": code, "said": lines})
    return said


def _console(words: list[str]) -> tuple[int, list[str]]:
    from tests.golden.catalogue import litdb

    if words[0] == "cd":
        os.chdir(words[1])
        return 0, []
    typed = ""
    if words[0] == "printf" and words[2] == "|":
        typed, words = words[1].replace("\\n", "\n"), words[3:]
    if words[0] != "litdb":
        raise SystemExit(f"{words[0]} is not litdb: mark the block, such as <!-- not run: other program -->")
    if "DECISION" in words:
        newest = json.loads(litdb("history", "--json").out)[-1]["uid"]
        words = [newest if word == "DECISION" else word for word in words]
    done = litdb(*words[1:], stdin=typed)
    return done.code, _lines(done.out + done.err)


def _python(code: str, first: int) -> dict[str, object]:
    out, failed = io.StringIO(), 0
    with redirect_stdout(out):
        try:
            exec(compile(code, "<page>", "exec"), {"__name__": "page"})
        except Exception:
            failed = 1
            print(traceback.format_exc())
    return {"line": code.split("\n")[0], "first": first, "code": failed, "said": _lines(out.getvalue())}


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip("\n").split("\n")] if text.strip() else []


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
