"""What a caption or the line in front of a table names that its header does not."""

from __future__ import annotations

import re

from litdb.extract.meaning.heads import headers
from litdb.extract.types import Grid


def caption_metric(grid: Grid) -> headers.Heading | None:
    """The one score that caption, the line in front or the heading names, where no header does."""
    lines = [line for line in grid.context.split("\n") if line.strip()]
    for text in (re.split(r"[.;](?:\s|$)", grid.caption)[0], *lines[-1:], grid.section.split(" / ")[-1]):
        if not text or len(text) > 200:
            continue
        heading = headers.parse(text)
        scores = [m for m in heading.metrics if not m.metric.per_model]
        if len(scores) == 1 and len(heading.metrics) == 1 and not heading.excluded:
            return heading
    return None
