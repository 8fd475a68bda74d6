"""The text of HTML elements; citations, footnote marks, notes and formulas are treated as in LaTeX."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from litdb.extract.latex.text import Rich, from_source
from litdb.extract.markup.citing import mark
from litdb.extract.markup.tree import Node
from litdb.extract.symbols import superscript

_SPACE = re.compile(r"\s+")
_BOLD = frozenset(("b", "strong", "bold"))
_BLOCKS = frozenset(["p", "div", "br", "tr", "li", "td", "th", "break", "sec", "title", "list-item"])
_DROPPED = frozenset(
    [
        "script",
        "style",
        "annotation",
        "annotation-xml",
        "img",
        "svg",
        "graphic",
        "inline-graphic",
        "button",
        "object-id",
    ]
)


@dataclass(slots=True)
class _Collected:
    cites: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    bold: int = 0
    plain: int = 0
    keep_marks: bool = False
    cited: bool = False  # whether a mark stays where a citation stood


def rich(node: Node, *, skip: tuple[Node, ...] = ()) -> Rich:
    """The plain text of an element, without the elements in `skip`."""
    state = _Collected()
    parts: list[str] = []
    _collect(node, parts, state, False, 0, skip)
    text = _SPACE.sub(" ", "".join(parts)).strip()
    if "\\" in text:
        text = from_source(text).text
    return Rich(
        text.replace("\u2062", "").replace("\u2061", ""),
        tuple(dict.fromkeys(state.cites)),
        tuple(dict.fromkeys(state.marks)),
        state.bold > 0 and state.bold >= state.plain,
        tuple(state.notes),
    )


def text(node: Node) -> str:
    """The plain text alone."""
    return rich(node).text


def marked(node: Node) -> str:
    """The plain text with marks where citations stood."""
    parts: list[str] = []
    _collect(node, parts, _Collected(cited=True), False, 0, ())
    return _SPACE.sub(" ", "".join(parts)).strip()


def printed(value: Rich) -> str:
    """A cell as it is printed: its text followed by its footnote marks as superscripts."""
    return value.text + "".join(f"^({mark})" for mark in value.marks)


def _take(mark: str, parts: list[str], state: _Collected) -> None:
    state.marks.append(mark)
    if state.keep_marks:
        parts.append(f"{mark} ")


def note(node: Node) -> str:
    """The text of a table note, which keeps the marks that cells refer to."""
    parts: list[str] = []
    _collect(node, parts, _Collected(keep_marks=True), False, 0, ())
    return _SPACE.sub(" ", "".join(parts)).strip()


def _collect(
    node: Node, parts: list[str], state: _Collected, bold: bool, depth: int, skip: tuple[Node, ...]
) -> None:
    children = node.children
    for index, child in enumerate(children):
        name = child.name
        if name == "#text":
            parts.append(child.text)
            size = len(child.text.strip(" \n\t,.()[]"))
            if bold:
                state.bold += size
            else:
                state.plain += size
            continue
        if name in _DROPPED or depth > 200 or any(child is other for other in skip):
            continue
        classes = child.classes
        if name == "math" or name.endswith(":math"):
            _formula(child, parts, state, bold)
        elif "ltx_note" in classes or "footnote" in classes or name == "fn":
            _note(child, parts, state)
        elif name == "cite" or "ltx_cite" in classes:
            _cite(child, parts, state)
        elif name == "xref" or (name == "a" and _to_reference(child)):
            _link(child, parts, state)
        elif name in ("sup", "ltx_sup") or "ltx_sup" in classes:
            _raised(child, parts, state, _next_text(children, index))
        elif name == "sub":
            body = text(child)
            parts.append("_" + body if body else "")
        elif "ltx_tag" in classes or ("ltx_ERROR" in classes and not child.content().startswith("\\")):
            continue
        else:
            block = name in _BLOCKS or "ltx_tr" in classes or "ltx_td" in classes
            if block:
                parts.append(" ")
            heavy = bold or name in _BOLD or "ltx_font_bold" in classes
            if "ltx_font_medium" in classes:
                heavy = False
            _collect(child, parts, state, heavy, depth + 1, skip)
            if block:
                parts.append(" ")


def _next_text(children: list[Node], index: int) -> str:
    for child in children[index + 1 : index + 3]:
        content = child.content()
        if content:
            return content[:1]
    return ""


def _formula(node: Node, parts: list[str], state: _Collected, bold: bool) -> None:
    source = node.attrs.get("alttext", "")
    if source:
        raised = re.match(r"^\s*(?:\{\})?\^\s*(?:\{(?P<group>.*)\}|(?P<one>\\?[A-Za-z]+|\S))\s*$", source)
        if raised:
            body = from_source(raised["group"] or raised["one"]).text
            plain, mark = superscript(body, "".join(parts).rstrip(), "")
            parts.append(plain)
            if mark:
                _take(mark, parts, state)
            return
        value = from_source(source)
        printed = re.sub(r"(?<=\d) (?=\d)", "", value.text)
        parts.append(printed)
        state.marks.extend(value.marks)
        size = len(printed)
        if printed.strip("↑↓±→ "):
            if bold or value.bold:
                state.bold += size
            else:
                state.plain += size
        return
    words: list[str] = []
    _mathml(node, words, state)
    parts.append("".join(words))


def _mathml(node: Node, words: list[str], state: _Collected) -> None:
    """Presentation MathML without alttext."""
    for child in node.children:
        local = child.name.rpartition(":")[2]
        if local == "#text":
            piece = child.text.strip()
            words.append(piece)
            state.plain += len(piece)
        elif local in ("msup", "msub") and len([c for c in child.children if c.name != "#text"]) == 2:
            base, raised = [c for c in child.children if c.name != "#text"]
            _mathml(base, words, state)
            body = raised.content().strip()
            if local == "msub":
                words.append("_" + body)
                continue
            plain, mark = superscript(body, "".join(words), "")
            words.append(plain)
            if mark:
                _take(mark, words, state)
        elif local not in ("annotation", "annotation-xml"):
            _mathml(child, words, state)


def _note(node: Node, parts: list[str], state: _Collected) -> None:
    content = [child for child in node.walk() if child.classes & {"ltx_note_content"}]
    marks = [child for child in node.walk() if child.classes & {"ltx_note_mark"}]
    if marks:
        _take(marks[0].content().strip(), parts, state)
    words = text(content[0]) if content else ""
    if words:
        state.notes.append(words)


def _keys(node: Node) -> list[str]:
    keys = []
    for child in node.walk():
        target = child.attrs.get("href", "")
        if "#" in target:
            keys.append(target.rpartition("#")[2])
    return keys


def _cite(node: Node, parts: list[str], state: _Collected) -> None:
    keys = _keys(node)
    content = node.content().strip()
    _take_cites(keys or re.findall(r"\d+", content), parts, state)


def _take_cites(keys: list[str], parts: list[str], state: _Collected) -> None:
    state.cites.extend(keys)
    if state.cited and keys:
        parts.append(mark(keys))


#: Anchors of entries in a list of references, as journals and their scripts name them: '#B7', '#CR12', '#ref-5', '#bib.bib3'.
_ENTRY = re.compile(r"#\.?(?:bib|(?:ref|CR|cit(?:e|eref)?|B|R)(?:[-_.]?(?:CR|R|B))?[-_.]?\d{1,3}$)")


def _to_reference(node: Node) -> bool:
    """Whether a link leads into the bibliography: by its anchor, and for a short one by its text, which is a number."""
    target = node.attrs.get("href", "")
    return _ENTRY.match(target) is not None and (
        target.lstrip("#.").startswith("bib")
        or re.fullmatch(r"[\s\[(]*\d{1,3}[\s\])]*", node.content()) is not None
    )


def _link(node: Node, parts: list[str], state: _Collected) -> None:
    """A link into the bibliography (HTML without cite, JATS xref); the caller drops the brackets around it."""
    kind = node.attrs.get("ref-type", "bibr")
    target = node.attrs.get("rid", "") or node.attrs.get("href", "").rpartition("#")[2]
    body = node.content().strip()
    if kind == "bibr":
        _take_cites([target or body], parts, state)
    elif kind in ("table-fn", "fn"):
        if body:
            _take(body, parts, state)
    else:
        parts.append(body)


def _raised(node: Node, parts: list[str], state: _Collected, following: str) -> None:
    if any(child.name == "xref" for child in node.children) or any(c.name == "a" for c in node.children):
        inner: list[str] = []
        _collect(node, inner, state, False, 1, ())
        body = "".join(inner).strip()
        if not body or re.match(r"^[\d,\s–-]+$", body):
            if re.match(r"^\d+$", body):
                _take(body, parts, state)
            return
    plain, mark = superscript(node.content(), "".join(parts).rstrip(), following)
    parts.append(plain)
    if mark:
        _take(mark, parts, state)
