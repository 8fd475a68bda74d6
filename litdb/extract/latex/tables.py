"""The body of a LaTeX tabular as rows of cells with spans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from litdb.extract.latex.arguments import Arguments
from litdb.extract.latex.text import rich
from litdb.extract.latex.tokens import Token
from litdb.extract.types import Span, TableCell

#: Environments that hold a table, with the arguments between their name and the body.
TABULARS: dict[str, str] = {
    "tabular": "[1", "tabular*": "1[1", "tabularx": "1[1", "tabulary": "1[1", "tabularray": "[1", "longtable": "[1",
    "longtable*": "[1", "supertabular": "[1", "supertabular*": "1[1", "xtabular": "[1", "array": "[1", "tabu": "[1",
    "longtabu": "[1", "NiceTabular": "[1[", "NiceTabular*": "1[1[", "NiceTabularX": "1[1[", "tblr": "[1", "xltabular": "[11",
    "mpxtabular": "[1", "tabularht": "11", "deluxetable": "1", "deluxetable*": "1", "IEEEeqnarraybox": "[1",
}  # fmt: skip

_RULES: dict[str, str] = {
    "hline": "", "toprule": "[", "midrule": "[", "bottomrule": "[", "cmidrule": "[", "cline": "1", "specialrule": "3",
    "addlinespace": "[", "hhline": "1", "noalign": "1", "rowcolor": "*[1[[", "arrayrulecolor": "[1", "Xhline": "1",
    "hdashline": "[", "cdashline": "1[", "endfoot": "", "endlastfoot": "", "morecmidrules": "", "rowfont": "[1",
    "Xcline": "11", "thickhline": "", "firsthline": "", "lasthline": "", "centering": "", "rowcolors": "[3", "tabucline": "[1",
    "cellcolor": "[1[[", "columncolor": "[1[[", "heavyrule": "", "thinrule": "", "tophline": "", "middlehline": "",
    "bottomhline": "", "noindent": "", "small": "", "footnotesize": "", "scriptsize": "", "rowstyle": "1", "hiderowcolors": "",
    "showrowcolors": "", "strut": "", "rule": "[2", "Hline": "", "cmidrulekern": "", "pagebreak": "[", "nopagebreak": "[",
}  # fmt: skip
_WRAPPERS: dict[str, str] = {
    "textbf": "", "textit": "", "emph": "", "textrm": "", "mbox": "", "makecell": "*[", "thead": "*[", "rotatebox": "[1",
    "textcolor": "[1", "scalebox": "1[", "cellcolor": "", "centering": "", "textsf": "", "underline": "", "bf": "", "bfseries": "",
    "hfil": "", "hfill": "", "hskip": "", "parbox": "[[[1", "small": "", "footnotesize": "", "it": "", "itshape": "", "hspace": "*1",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Body:
    """Rows of a tabular, footnotes written inside it, and a caption (longtable)."""

    rows: tuple[tuple[TableCell, ...], ...]
    notes: tuple[str, ...] = ()
    caption: tuple[Token, ...] = ()


def split_rows(tokens: Sequence[Token]) -> list[list[list[Token]]]:
    """Rows of cells of tokens: '&' and line ends count only outside groups and inner environments."""
    rows: list[list[list[Token]]] = []
    row: list[list[Token]] = []
    cell: list[Token] = []
    depth = environments = 0
    after_end = False
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        kind, text = token.kind, token.text
        if kind == "{":
            depth += 1
        elif kind == "}":
            depth = max(0, depth - 1)
        elif kind == "cs" and text.startswith("begin:"):
            environments += 1
        elif kind == "cs" and text.startswith("end:"):
            environments = max(0, environments - 1)
        top = depth == 0 and environments == 0
        if top and kind == "&":
            row.append(cell)
            cell = []
        elif (
            top and kind == "cs" and text in ("\\", "tabularnewline", "cr", "crcr", "endhead", "endfirsthead")
        ):
            if text in ("endhead", "endfirsthead"):
                if any(t.kind not in ("sp", "par") for t in cell) or row:
                    row.append(cell)
                    rows.append(row)
                row, cell = [], []
                if text == "endfirsthead":
                    index = _after_repeated_head(tokens, index)
                continue
            row.append(cell)
            rows.append(row)
            row, cell = [], []
            after_end = text == "\\"
            if after_end:
                index = _after_line_end(tokens, index)
        else:
            cell.append(token)
    if row or any(token.kind not in ("sp", "par") for token in cell):
        row.append(cell)
        rows.append(row)
    return rows


def _after_line_end(tokens: Sequence[Token], index: int) -> int:
    """The index after the star and the length of a line end; a '[' without a length belongs to the next cell."""
    if index < len(tokens) and tokens[index].text == "*":
        index += 1
    start = index
    while start < len(tokens) and tokens[start].kind == "sp":
        start += 1
    if start < len(tokens) and tokens[start].kind == "ch" and tokens[start].text == "[":
        for end in range(start + 1, min(start + 14, len(tokens))):
            if tokens[end].kind == "ch" and tokens[end].text == "]":
                length = "".join(t.text for t in tokens[start + 1 : end])
                if any(
                    unit in length
                    for unit in ("pt", "em", "ex", "cm", "mm", "in", "sep", "skip", "length", "height")
                ):
                    return end + 1
                return index
    return index


def _after_repeated_head(tokens: Sequence[Token], index: int) -> int:
    for end in range(index, len(tokens)):
        if tokens[end].kind == "cs" and tokens[end].text == "endhead":
            return end + 1
    return index


def _strip(tokens: Sequence[Token]) -> list[Token]:
    """The tokens of a cell without rules, row colours and outer white space."""
    kept: list[Token] = []
    reader = Arguments(tokens)
    while (token := reader.peek()) is not None:
        if token.kind == "cs" and token.text in _RULES:
            reader.at += 1
            if token.text in ("cmidrule", "cline", "morecmidrules"):
                _skip_trim(reader)
                reader.group()
            else:
                reader.arguments(_RULES[token.text])
        elif token.kind in ("sp", "par") and not kept:
            reader.at += 1
        else:
            kept.append(token)
            reader.at += 1
    while kept and kept[-1].kind in ("sp", "par"):
        kept.pop()
    return kept


def _skip_trim(reader: Arguments) -> None:
    """The width and the trimming in `\\cmidrule[w](lr){2-3}`."""
    reader.optional()
    reader.skip_space()
    token = reader.peek()
    if token is not None and token.text == "(":
        while (token := reader.peek()) is not None:
            reader.at += 1
            if token.text == ")":
                break


def _integer(tokens: Sequence[Token]) -> int:
    text = "".join(t.text for t in tokens).strip().replace("−", "-")
    try:
        return int(float(text))
    except ValueError:
        return 1


def _spans(tokens: list[Token], depth: int = 0) -> tuple[list[Token], int, int]:
    """The content of a cell and the rows and columns it spans; \\multirow, \\multicolumn and fonts may be nested."""
    solid = [i for i, t in enumerate(tokens) if t.kind not in ("sp", "par", "$")]
    if not solid or depth > 8:
        return tokens, 1, 1
    first = tokens[solid[0]]
    if first.kind == "{":
        reader = Arguments(tokens, solid[0])
        inside = list(reader.group())
        if not any(t.kind not in ("sp", "par", "$") for t in reader.rest):
            content, high, wide = _spans(inside, depth + 1)
            return (content, high, wide) if (high, wide) != (1, 1) else (tokens, 1, 1)
        return tokens, 1, 1
    if first.kind != "cs":
        return tokens, 1, 1
    reader = Arguments(tokens, solid[0] + 1)
    name = first.text
    if name == "multicolumn":
        wide = _integer(reader.group())
        reader.group()
        content = [*reader.group(), *reader.rest]
        inner, high, _ = _spans(_strip(content), depth + 1)
        return inner, high, wide
    if name in ("multirow", "multirowcell", "multirowthead"):
        reader.optional()
        high = _integer(reader.group())
        reader.optional()
        if name == "multirow":
            reader.group()
            reader.optional()
        content = [*reader.group(), *reader.rest]
        inner, _, wide = _spans(_strip(content), depth + 1)
        return inner, high, wide
    if name == "SetCell":
        options = "".join(t.text for t in (reader.optional() or ()))
        reader.group()
        wide, high = _set_cell(options)
        return list(reader.rest), high, wide
    if name in _WRAPPERS and any(t.kind == "cs" and t.text in ("multirow", "multicolumn") for t in tokens):
        reader.arguments(_WRAPPERS[name])
        rest = [*reader.group(), *reader.rest] if _WRAPPERS[name] or _takes_group(reader) else reader.rest
        content, high, wide = _spans(list(rest), depth + 1)
        if (high, wide) != (1, 1):
            return [first, Token("{", "{", first.file, first.start, first.end), *content,
                    Token("}", "}", first.file, first.end, first.end)], high, wide  # fmt: skip
    return tokens, 1, 1


def _takes_group(reader: Arguments) -> bool:
    reader.skip_space()
    token = reader.peek()
    return token is not None and token.kind == "{"


def _set_cell(options: str) -> tuple[int, int]:
    wide = high = 1
    for part in options.replace(" ", "").split(","):
        if part.startswith("c=") and part[2:].isdigit():
            wide = int(part[2:])
        elif part.startswith("r=") and part[2:].isdigit():
            high = int(part[2:])
    return wide, high


def read_body(tokens: Sequence[Token], sources: dict[str, str]) -> Body:
    """Rows of cells from the tokens between the beginning and the end of a tabular.

    `sources` are the files' texts, for the raw text of each cell.
    """
    rows: list[tuple[TableCell, ...]] = []
    notes: list[str] = []
    caption: tuple[Token, ...] = ()
    for row in split_rows(tokens):
        cells: list[TableCell] = []
        for index, source in enumerate(row):
            stripped = _strip(source)
            if index == 0 and any(t.kind == "cs" and t.text in ("caption", "captionof") for t in stripped):
                begin = next(i for i, t in enumerate(stripped) if t.text in ("caption", "captionof"))
                reader = Arguments(stripped, begin + 1)
                reader.star()
                reader.optional()
                caption = tuple(reader.group())
                stripped = list(_strip(reader.rest))
                if not stripped and len(row) == 1:
                    continue
            content, high, wide = _spans(stripped)
            value = rich(content)
            notes.extend(value.notes)
            cells.append(
                TableCell(
                    text=value.text,
                    raw=_raw(stripped, sources),
                    span=_span(stripped, source),
                    rowspan=high,
                    colspan=max(1, wide),
                    bold=value.bold,
                    cites=value.cites,
                    marks=value.marks,
                )
            )
        if cells:
            rows.append(tuple(cells))
    return Body(tuple(rows), tuple(notes), caption)


def _span(tokens: Sequence[Token], fallback: Sequence[Token]) -> Span:
    placed = tokens or fallback
    if not placed:
        return Span("", 0, 0)
    file = placed[0].file
    same = [t for t in placed if t.file == file]
    return Span(file, min(t.start for t in same), max(t.end for t in same))


def _raw(tokens: Sequence[Token], sources: dict[str, str]) -> str:
    if not tokens:
        return ""
    span = _span(tokens, ())
    return " ".join(sources.get(span.file, "")[span.start : span.end].split())


def labels_in(tokens: Sequence[Token]) -> Iterator[str]:
    """The labels that are set within a table."""
    for at, token in enumerate(tokens):
        if token.kind == "cs" and token.text == "label":
            yield "".join(t.text for t in Arguments(tokens, at + 1).group())
