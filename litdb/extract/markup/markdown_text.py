"""Inline Markdown as plain text: emphasis, links, code, formulas, escapes and pandoc's footnote marks."""

from __future__ import annotations

import html
import re

from litdb.extract.latex.text import Rich, from_source
from litdb.extract.limits import MAX_INLINE
from litdb.extract.symbols import superscript

_ESCAPED_LINK_CITE = re.compile(r"\\?\[((?:\[[^\]]*\]\([^)]*\)|[\d,;\s–-])+)\\?\]")
_LINK = re.compile(r"!?(?<!\\)\[([^\[\]]*)(?<!\\)\]\(([^()\s]*(?:\([^()]*\))?[^()]*)\)")
_REFERENCE_LINK = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
_MATH = re.compile(
    r"\$`([^`]*)`\$|\$\$([^$]+)\$\$|(?<![\\$\d])\$(?=\S)([^$]*?\S)\$(?!\d)|^\s*\$\s*([^$]*\S)\s*\$\s*$"
)
_RAISED = re.compile(
    r"\^\(([^()]*(?:\([^()]*\))?[^()]*)\)|<sup>(.*?)</sup>|\^([^\s^]{1,6})\^|\[\^([^\]]+)\]", re.I
)
_LOWERED = re.compile(r"<sub>(.*?)</sub>|(?<!~)~([^\s~]{1,8})~(?!~)", re.I)
_TAG = re.compile(r"<br\s*/?>|</?[A-Za-z][^<>]{0,300}>", re.I)
_NUMBERED = re.compile(r"\s*\\?\[\s*(\d+(?:\s*[,;–-]\s*\d+)*)\s*\\?\]")
_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=\S)(.+?)(?<=\S)__")
_EMPHASIS = re.compile(
    r"(?<![\w*\\])\*(?=[^\s*])([^*]+?)(?<=[^\s*])\*(?![\w*])|(?<![\w_\\])_(?=[^\s_])([^_]+?)(?<=[^\s_])_(?![\w_])"
)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~<>$&^'\"/:;,=?@%])")
_CODE = re.compile(r"(?<!`)(`{1,8})(?!`)([^`]{1,2000}?|.{1,2000}?[^`])\1(?!`)")


#: '[[concepts/dns-challenge|DNS Challenge]]', as wikis and note books link; in a table the pipe is escaped.
_WIKI_LINK = re.compile(r"(?<!!)\[\[([^\[\]|]{1,200})(?:\\?\|([^\[\]|]{1,200}))?\]\]")


def has_pipes(line: str) -> bool:
    """Whether a line may be a row of a table: it has a pipe outside the links of a wiki."""
    return "|" in line and "|" in _WIKI_LINK.sub("", line)


def without_links(text: str) -> str:
    """A line of prose with the words of its links alone, since addresses name things that the text does not."""
    if "](" not in text:
        return text
    return _words_of_links(text[:MAX_INLINE]) + text[MAX_INLINE:]


def _words_of_links(text: str) -> str:
    return _LINK.sub(lambda m: "" if m.group().startswith("!") else m.group(1), text)


def rich(source: str) -> Rich:
    """The plain text of a cell or line, and the citations, marks and boldness that were in it."""
    cites: list[str] = []
    marks: list[str] = []
    text = source.strip()[:MAX_INLINE]
    bold_before = text

    def linked_cite(match: re.Match[str]) -> str:
        links = re.findall(r"\[([^\]]*)\]\(([^)]*)\)", match.group(1))
        if not links or not all(
            re.fullmatch(r"[\d\w.+-]{1,20}", label.strip()) or "bib" in target for label, target in links
        ):
            return match.group()
        for label, target in links:
            cites.append(target.rpartition("#")[2] if "#bib" in target else label.strip())
        return ""

    if "](" in text:
        text = _ESCAPED_LINK_CITE.sub(linked_cite, text)
    if "$" in text:
        text = _MATH.sub(lambda m: _formula(next((group for group in m.groups() if group), ""), marks), text)
    if "^" in text or "<sup" in text.lower():
        text = _RAISED.sub(lambda m: _raise(m, text, marks), text)
    if "<sub" in text.lower():
        text = _LOWERED.sub(lambda m: "_" + (m.group(1) or m.group(2) or ""), text)
    if "[[" in text:
        text = _WIKI_LINK.sub(lambda m: m.group(2) or m.group(1), text)
    if "](" in text or "][" in text:
        text = _words_of_links(text)
        text = _REFERENCE_LINK.sub(r"\1", text)
    if "`" in text:
        text = _CODE.sub(r"\2", text)
    if "<" in text:
        text = _TAG.sub(lambda m: " " if m.group()[:3].lower() == "<br" else "", text)
    numbered = _NUMBERED.findall(text)
    if numbered and re.search(r"[A-Za-z]", _NUMBERED.sub("", text)):
        cites.extend(number for part in numbered for number in re.findall(r"\d+", part))
        text = _NUMBERED.sub("", text)
    bold = bool(
        re.match(r"^(?:\*\*|__).+(?:\*\*|__)$|^<(?:b|strong)>.*</(?:b|strong)>$", bold_before, re.I)
    ) or ("\\mathbf" in source or "\\textbf" in source or "\\bf" in source)
    for _ in range(2):
        text = _STRONG.sub(lambda m: m.group(1) or m.group(2), text)
        text = _EMPHASIS.sub(lambda m: m.group(1) or m.group(2), text)
    text = _leaks(text)
    text = _ESCAPE.sub(r"\1", text)
    if "&" in text:
        text = html.unescape(text)
    text = " ".join(text.replace("\u00a0", " ").split())
    return Rich(text, tuple(dict.fromkeys(cites)), tuple(dict.fromkeys(marks)), bold)


def _formula(source: str, marks: list[str]) -> str:
    if source.lstrip().startswith("^") or source.lstrip().startswith("{}^"):
        body = from_source(source.lstrip().removeprefix("{}").lstrip("^").strip("{}")).text
        plain, mark = superscript(body, "a", "")
        if mark:
            marks.append(mark)
        return plain
    value = from_source(source)
    marks.extend(value.marks)
    return value.text


def _raise(match: re.Match[str], whole: str, marks: list[str]) -> str:
    body = next((group for group in match.groups() if group is not None), "")
    body = body.replace("\\", "").strip()
    if match[4] is not None:  # '[^1]' is a footnote, whatever stands in front
        marks.append(body)
        return ""
    before = whole[: match.start()].rstrip(" *_")
    following = whole[match.end() : match.end() + 1]
    plain, mark = superscript(body, before, following)
    if mark:
        marks.append(mark)
    return plain


_LEAK = re.compile(
    r"^(?:\\(?:toprule|midrule|bottomrule|hline|cmidrule(?:\([lr]+\))?(?:\{[\d-]+\}|\\?\[?[\d-]+\]?)?|cline\{?[\d-]*\}?|rowcolor(?:\[[^\]]*\])?(?:\{[^}]*\})?|addlinespace|centering)\s*)+"
)
_COMMAND = re.compile(
    r"\\(?:textbf|mathbf|textit|underline|mathrm|text|emph|uline|bm|boldsymbol|best|second)\{([^{}]*)\}"
)
_ARROW = re.compile(
    r"\\(uparrow|downarrow|pm|times|sim|approx|rightarrow|checkmark|cmark|xmark|dagger|ddagger|ast)\b"
)


def _leaks(text: str) -> str:
    """The text of LaTeX that a converter left as it was."""
    if "\\" not in text:
        return text
    text = _LEAK.sub("", text)
    for _ in range(3):
        text = _COMMAND.sub(r"\1", text)
    return _ARROW.sub(lambda m: from_source(m.group()).text, text)
