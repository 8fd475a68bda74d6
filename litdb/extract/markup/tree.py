"""HTML and XML as a light tree whose nodes know their place in the source.

Every cell must be traceable to character offsets, which ordinary HTML parsers do not keep; so the tags are scanned
here. Nothing is fetched, only standard entities are resolved, and depth and size are bounded.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from litdb.errors import TooLarge
from litdb.extract.limits import MAX_TOKENS, Deadline

_TAG = re.compile(
    r"""<!--(?P<comment>)
      | <!\[CDATA\[(?P<cdata>)
      | <[!?][^>]{0,5000}>
      | <(?P<close>/)?(?P<name>[A-Za-z][A-Za-z0-9:._-]*)(?P<attrs>(?:[^<>"']|"[^"]{0,20000}"|'[^']{0,20000}')*+)>
    """,
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([A-Za-z_:][\w:.-]*)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_RAW = frozenset(("script", "style", "noscript", "template"))
_CLOSED_BY: dict[str, frozenset[str]] = {
    "td": frozenset(("td", "th")), "th": frozenset(("td", "th")), "tr": frozenset(("tr", "td", "th")),
    "tbody": frozenset(("tr", "td", "th", "thead", "tbody", "tfoot")), "tfoot": frozenset(("tr", "td", "th", "tbody", "thead")),
    "thead": frozenset(("tr", "td", "th", "caption", "colgroup")), "li": frozenset(("li",)), "option": frozenset(("option",)),
    "dd": frozenset(("dd", "dt")), "dt": frozenset(("dd", "dt")),
}  # fmt: skip
_P_CLOSERS = frozenset(
    [
        "p",
        "div",
        "table",
        "ul",
        "ol",
        "section",
        "article",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "blockquote",
        "dl",
    ]
)
_DEPTH = 250


@dataclass(slots=True)
class Node:
    """An element, or a piece of text (`name` is '#text'). `start` and `end` are offsets in the source."""

    name: str
    start: int
    end: int = 0
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    text: str = ""
    inner_start: int = 0
    inner_end: int = 0

    @property
    def classes(self) -> frozenset[str]:
        """The class names of the element."""
        value = self.attrs.get("class", "")
        return frozenset(value.split()) if value else frozenset()

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in document order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def find(self, *names: str) -> Iterator[Node]:
        """Elements of these names below this one."""
        return (node for node in self.walk() if node.name in names and node is not self)

    def nearest(self, name: str, *stop: str) -> Iterator[Node]:
        """Elements of one name below this one, without looking into elements named in `stop`."""
        stack = list(reversed(self.children))
        while stack:
            node = stack.pop()
            if node.name == name:
                yield node
            if node.name not in stop:
                stack.extend(reversed(node.children))

    def add_text(self, source: str, begin: int, finish: int, *, raw: bool = False) -> None:
        """Add the text of [begin, finish) in the source as the last child, entities resolved unless `raw`."""
        piece = source[begin:finish]
        if piece:
            value = piece if raw or "&" not in piece else html.unescape(piece)
            self.children.append(Node("#text", begin, finish, text=value))

    def content(self) -> str:
        """All text below, as it stands."""
        return "".join(node.text for node in self.walk() if node.name == "#text")


def parse(
    source: str, deadline: Deadline, *, xml: bool = False, start: int = 0, end: int | None = None
) -> Node:
    """The tree of a source or of a part of it. Malformed markup gives roughly the tree that a browser would build.

    Raises TooLarge when the number of nodes passes the limit.
    """
    stop = len(source) if end is None else end
    root = Node("#root", start, stop)
    stack = [root]
    position = start
    count = 0
    while position < stop:
        match = _next_tag(source, position, stop, deadline)
        if match is None:
            break
        count += 1
        if count & 1023 == 0:
            deadline.check()
            if count > MAX_TOKENS:
                raise TooLarge(f"more than {MAX_TOKENS} tags")
        if match.start() > position:
            stack[-1].add_text(source, position, match.start())
        position = match.end()
        name = match["name"]
        if name is None:
            position = _past_special(source, match, position, stop)
            if match["cdata"] is not None:
                stack[-1].add_text(source, match.end(), max(match.end(), position - 3), raw=True)
            continue
        if not xml:
            name = name.lower()
        if match["close"]:
            _close(stack, name, match.start(), position)
            continue
        node, open_ = _begun(stack, match, name, xml=xml)
        if not open_:
            continue
        if not xml and name in _RAW:
            finish = re.compile(rf"</{name}\s*>", re.I).search(source, position, stop)
            position = finish.end() if finish else stop
            node.end = position
            continue
        if len(stack) < _DEPTH:
            stack.append(node)
    if position < stop:
        stack[-1].add_text(source, position, stop)
    for node in stack[1:]:
        node.end = node.inner_end = stop
    return root


def _next_tag(source: str, position: int, stop: int, deadline: Deadline) -> re.Match[str] | None:
    """The next tag, comment or the like at or after a position; a `<` that begins none is text."""
    tried = 0
    while (begin := source.find("<", position, stop)) >= 0:
        match = _TAG.match(source, begin, stop)
        if match is not None:
            return match
        position = begin + 1
        tried += 1
        if tried & 63 == 0:
            deadline.check()
    return None


def _begun(stack: list[Node], match: re.Match[str], name: str, *, xml: bool) -> tuple[Node, bool]:
    """Put the element of a start tag into the tree; the element, and whether it can have content."""
    begin, position = match.span()
    if not xml:
        _imply(stack, name, begin)
    attributes = match["attrs"] or ""
    node = Node(name, begin, position, _attributes(attributes) if attributes.strip(" /") else {})
    node.inner_start = node.inner_end = position
    stack[-1].children.append(node)
    if attributes.endswith("/") and (xml or ":" in name or name in _VOID or _in_math(stack)):
        return node, False
    return node, xml or name not in _VOID


def _past_special(source: str, match: re.Match[str], position: int, stop: int) -> int:
    for group, mark in (("comment", "-->"), ("cdata", "]]>")):
        if match[group] is not None:
            end = source.find(mark, position, stop)
            return stop if end < 0 else end + 3
    return position


def _in_math(stack: list[Node]) -> bool:
    return any(node.name in ("math", "svg") for node in stack[-6:])


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        value = match[2] if match[2] is not None else match[3] if match[3] is not None else match[4] or ""
        found.setdefault(match[1].lower(), html.unescape(value) if "&" in value else value)
    return found


def _close(stack: list[Node], name: str, begin: int, finish: int) -> None:
    for index in range(len(stack) - 1, 0, -1):
        if stack[index].name == name:
            for node in stack[index:]:
                node.end, node.inner_end = finish, begin
            del stack[index:]
            return
        if stack[index].name in ("td", "th", "table") and name not in (
            "table",
            "tr",
            "tbody",
            "thead",
            "tfoot",
            "td",
            "th",
        ):
            return


def _imply(stack: list[Node], name: str, begin: int) -> None:
    """Close what the new element closes by HTML's rules."""
    closers = _CLOSED_BY.get(name)
    if closers is not None:
        while len(stack) > 1 and any(node.name in closers for node in stack[-4:]):
            barrier = next(
                (
                    node.name
                    for node in reversed(stack)
                    if node.name in closers or node.name in ("table", "ul", "ol", "dl")
                ),
                "",
            )
            if barrier not in closers:
                return
            node = stack.pop()
            node.end = node.inner_end = begin
            if node.name in closers and (name in ("td", "th", "li", "dd", "dt", "option")):
                return
    elif name in _P_CLOSERS and stack[-1].name == "p":
        node = stack.pop()
        node.end = node.inner_end = begin
