"""The desk's pages as HTML, and which page or verb an address stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from litdb._places import packaged
from litdb.errors import CatalogueBusy, LitdbError
from litdb.report import escape
from litdb.report.templating import render_template
from litdb.site.desk.guard import Unanswered

if TYPE_CHECKING:
    from litdb.site.desk.desk import Desk, DeskTable

#: Tables on one page of the list.
_A_PAGE = 100
_TABLE = re.compile(r"/desk/table/([0-9a-f]{16})")
_PICTURE = re.compile(r"/desk/table/([0-9a-f]{16})/page\.png")
_DECISION = re.compile(r"/desk/decision/([0-9A-Za-z-]{1,64})")
Fields = Mapping[str, Sequence[str]]


def message(text: str) -> str:
    """A page that says one sentence."""
    return render_template("desk/message.html.j2", {"text": text, "onward": ""})


def entered(path: str) -> str:
    """The page that takes a browser with a fresh cookie on to where it wanted."""
    return render_template("desk/message.html.j2", {"text": "", "onward": path})


@cache
def stylesheet() -> str:
    """The style of the desk's pages."""
    return (packaged("templates") / "desk" / "desk.css").read_text(encoding="utf-8")


def page(desk: Desk, path: str, query: Fields, form: str, *, site: bool, told: str = "") -> str:
    """The page of an address; `form` is the number for its forms, `told` what went wrong. Raises Unanswered, NotFound."""
    common: dict[str, Any] = {
        "form": form,
        "site": site,
        "told": told,
        "place": desk.catalogue.place,
        "step": desk.steps[-1] if desk.steps else None,
    }
    if path == "/desk/":
        return _list(desk, query, common)
    if found := _TABLE.fullmatch(path):
        return _table(desk, desk.table(found[1]), common)
    if found := _DECISION.fullmatch(path):
        return render_template("desk/decision.html.j2", {**common, "decision": desk.decision(found[1])})
    raise Unanswered(404, "there is no such page")


def picture(desk: Desk, path: str) -> bytes | None:
    """The page of the paper that a table stands on, as PNG; None for the address of a page of the desk. Raises LitdbError."""
    found = _PICTURE.fullmatch(path)
    return desk.picture(desk.table(found[1])) if found else None


def act(desk: Desk, path: str, fields: Fields) -> str:
    """Carry out what a form asks; returns the page to go to. Raises Unanswered and what the verbs raise."""
    if path == "/desk/undo":
        return desk.undo()
    if found := _TABLE.fullmatch(path):
        return desk.decide(found[1], fields)
    if found := _DECISION.fullmatch(path):
        return desk.settle(found[1], fields)
    raise Unanswered(404, "there is no such form")


def told(desk: Desk, path: str, error: LitdbError, form: str, *, site: bool) -> str:
    """The page of a form that could not be carried out, with the reason; the list where its page is gone."""
    said = f"{error}; nothing was changed" if isinstance(error, CatalogueBusy) else str(error)
    for place in (path, "/desk/"):
        try:
            return page(desk, place, {}, form, site=site, told=said)
        except (Unanswered, LitdbError):
            continue
    return message(said)


def _list(desk: Desk, query: Fields, common: dict[str, Any]) -> str:
    paper, only = (query.get(name, [""])[0].strip() for name in ("paper", "only"))
    told = common["told"]
    try:
        tables = desk.tables(paper, only)
    except LitdbError as error:
        told, tables = str(error), []
    asked = query.get("page", [""])[0]
    last = max(1, -(-len(tables) // _A_PAGE))
    number = min(max(int(asked), 1), last) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1

    def at(where: int) -> str:
        given = {"paper": paper, "only": only, "page": str(where)}
        return "/desk/?" + urlencode({name: value for name, value in given.items() if value})

    return render_template(
        "desk/list.html.j2",
        {
            **common,
            "told": told,
            "paper": paper,
            "only": only,
            "tables": tables[(number - 1) * _A_PAGE : number * _A_PAGE],
            "count": len(tables),
            "readings": sum(len(one.table.readings) for one in tables),
            "decisions": () if paper or only else desk.queue().decisions,
            "number": number,
            "last": last,
            "before": at(number - 1) if number > 1 else "",
            "behind": at(number + 1) if number < last else "",
        },
    )


def _table(desk: Desk, one: DeskTable, common: dict[str, Any]) -> str:
    printed = desk.printed(one)
    fault, given = (printed, None) if isinstance(printed, str) else ("", printed)
    return render_template(
        "desk/table.html.j2",
        {
            **common,
            "one": one,
            "table": one.table,
            "marks": one.marks,
            "groups": one.by_row(),
            "shared": one.shared,
            "url": one.table.url if re.match(r"https?://", one.table.url, re.I) else "",
            "printed": given,
            "fault": fault,
            "source": _as_lines(given.source) if given else "",
            "onward": desk.after(one.name),
            "metrics": _words()[0],
            "datasets": _words()[1],
        },
    )


@cache
def _words() -> tuple[list[str], list[str]]:
    """The names that a correction may give, of metrics and of test sets."""
    from litdb.vocabulary.registry import vocabulary

    known = vocabulary()
    return [metric.id for metric in known.metrics], [dataset.id for dataset in known.datasets]


def _as_lines(text: str) -> Markup:
    """A text of several lines for `<pre>`: its lines and their indentation stay, nothing else that is no letter."""
    lines = []
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        lines.append(" " * min(indent, 80) + escape.html(line))
    return Markup("\n".join(lines))
