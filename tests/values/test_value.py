"""A value and its parts in short words."""

from __future__ import annotations

import pytest

from litdb.values.origin import Origin
from litdb.values.value import Checkpoint, Document, Model, SourceRow


@pytest.mark.parametrize(
    ("document", "table", "checkpoint", "text", "url"),
    [
        (
            Document("sha256:x", "latex", "https://arxiv.org/e-print/x", arxiv_id="2511.14515", version=2),
            "1", "", "arXiv:2511.14515v2, table 1", "https://arxiv.org/abs/2511.14515v2",
        ),
        (
            Document("sha256:x", "latex", "x", arxiv_id="2511.14515", version=2),
            "abstract", "", "arXiv:2511.14515v2, abstract", "https://arxiv.org/abs/2511.14515v2",
        ),
        (
            Document("github:a/b", "repository", "https://github.com/a/b"),
            "2", "", "github:a/b, table 2", "https://github.com/a/b",
        ),
        (Document("seen:doi:10.1/x", "seen", "https://doi.org/10.1/x", doi="10.1/x"), "IV", "",
         "doi:10.1/x, table IV", "https://doi.org/10.1/x"),
        (Document("evaluation:r/best:vbd", "evaluation", "run r/best"), "", "r/best", "run r/best", ""),
        (Document("note:ann", "note", "added by ann without a source"), "", "",
         "added by ann without a source", ""),
    ],
)  # fmt: skip
def test_a_source_in_short_words(
    document: Document, table: str, checkpoint: str, text: str, url: str
) -> None:
    row = SourceRow(
        "r",
        Model("M", "M"),
        document,
        Origin.SELF,
        table=table,
        checkpoint=Checkpoint(checkpoint) if checkpoint else None,
    )
    assert row.place == text
    assert document.url == url
