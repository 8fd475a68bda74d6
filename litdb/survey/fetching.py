"""The papers of a survey, fetched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from litdb.errors import UsageError

if TYPE_CHECKING:
    from litdb.api import Catalogue, PaperOutcome


def fetch_survey(
    catalogue: Catalogue,
    name: str,
    *,
    all_versions: bool = False,
    offline: bool = False,
    dry_run: bool = False,
) -> tuple[int, Iterator[PaperOutcome]]:
    """Fetch the papers that were taken into a survey (while none was, all that were not dropped): how many, and each.

    Raises NotFound, UsageError for a survey without a paper, SourceError when arXiv does not answer.
    """
    ids = [paper.candidate.paper.removeprefix("arXiv:") for paper in catalogue.survey(name).chosen]
    if not ids:
        raise UsageError(f"{name} holds no paper to fetch: `litdb survey run {name}` looks for some")
    return len(ids), catalogue.fetch(ids, all_versions=all_versions, offline=offline, dry_run=dry_run)
