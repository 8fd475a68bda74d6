"""arXiv's HTML of a paper (LaTeXML): bytes to text, and whether a page is a paper or only a notice."""

from __future__ import annotations

import codecs
import re

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_NOTICE = re.compile(
    r"\bno html\b|\bhtml (?:version )?(?:is|was) not (?:yet )?available|\bconversion (?:to html )?(?:had|failed|errors?)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|!--|\?xml|/?[a-z][a-z0-9]*[\s>/])", re.IGNORECASE)
_LATEXML = re.compile(r"class\s*=\s*[\"']?[^\"'>]{0,300}\bltx_\w")


def decode_html(data: bytes) -> str:
    """The text of a page: by the charset its meta element declares, else UTF-8, else Latin-1."""
    if data.startswith(codecs.BOM_UTF8):
        return data.decode("utf-8-sig", "replace")
    declared = _CHARSET.search(data[:2048].decode("latin-1"))
    for charset in (declared[1] if declared else "utf-8", "utf-8"):
        try:
            return data.decode(charset)
        except (LookupError, ValueError):
            continue
    return data.decode("latin-1")


def is_paper(text: str) -> bool:
    """Whether a page is a paper LaTeXML converted; arXiv also answers with pages that say there is none."""
    return _LATEXML.search(text) is not None


def is_notice(text: str) -> bool:
    """Whether a page says that a paper has no HTML. Any other page is not arXiv's answer (a proxy's, a log-in's)."""
    return _NOTICE.search(text) is not None


def is_markup(data: bytes) -> bool:
    """Whether bytes are a page or a feed, whatever their content type says."""
    return _MARKUP.match(data[:4096]) is not None


def ends_early(text: str) -> bool:
    """Whether a page is truncated: its html element is opened and never closed."""
    lower = text.lower()
    return "<html" in lower and "</html" not in lower
