"""What a column holds: marks, links, words, names of metrics."""

from __future__ import annotations

import re

from litdb.extract.meaning.heads import cells, headers
from litdb.extract.meaning.heads.header_rows import is_condition, is_section
from litdb.extract.meaning.heads.segment import ReadColumn, Rows


def over_words(data: Rows) -> bool:
    """Whether the first column holds words and no numbers."""
    texts = [row[0].text for row in data if row[0].text and not is_section(row)]
    return len(texts) > 1 and not any(
        cells.looks_numeric(text) or cells.is_missing(text) or headers.parse(text).metrics for text in texts
    )


#: What a cell holds that only leads somewhere: 'model', 'link / HF'.
_LINKS = re.compile(
    r"(?:(?:models?|links?|here|download|hf|hugging ?face|weights?|ckpts?|checkpoints?|paper|code|demo|logs?|config|github|arxiv|pdf|\U0001F917|[⬇↓📄🔗])"
    r"[\s/,|·]*)+",
    re.I,
)


def only_links(column: ReadColumn, data: Rows) -> bool:
    """Whether a column holds nothing but links to models, code or papers: it names nothing."""
    texts = [text for row in data if (text := row[column.index].text.strip())]
    return bool(texts) and all(_LINKS.fullmatch(text) for text in texts)


def only_marks(column: ReadColumn, data: Rows) -> bool:
    """A column of ticks and crosses says which components a row has; it names nothing."""
    texts = [row[column.index].text.strip() for row in data]
    filled = [text for text in texts if text]
    return (
        bool(filled)
        and all(re.fullmatch(r"[✓✗✔✘×xX√○●◯-]|yes|no|w/|w/o|-", text, re.I) for text in filled)
        and any(re.fullmatch(r"[✓✔√●xX]|yes|w/", text, re.I) for text in filled)
    )


def names_nothing(column: ReadColumn, data: Rows) -> bool:
    """Whether a column holds marks alone, or links alone."""
    return only_marks(column, data) or only_links(column, data)


def holds_metrics(column: ReadColumn, data: Rows) -> bool:
    """Whether half of what a column holds names metrics or conditions."""
    texts = [row[column.index].text for row in data if row[column.index].text]
    return sum(bool(headers.parse(text).metrics) or is_condition(text) for text in texts) * 2 >= len(texts)


def names_rows(column: ReadColumn, data: Rows) -> bool:
    """Whether an attribute in the first column ('Loss', 'Input') is what tells the rows of a table apart."""
    texts = [row[column.index].text for row in data if row[column.index].text]
    worded = [
        text for text in texts if re.search(r"[A-Za-z]", text) and not re.search(r"\.\w{2,4}$|://", text)
    ]
    return len(worded) * 2 > len(texts) and len(set(texts)) == len(texts)
