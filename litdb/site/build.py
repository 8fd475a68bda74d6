"""`litdb site build`: the catalogue as pages that open from a disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from litdb.errors import UsageError
from litdb.site.files import Site
from litdb.site.folder import check_folder, write_site

if TYPE_CHECKING:
    from litdb.api import Catalogue

#: Shows how far something is: the steps, how many they are, and a word for them.
Watched = Callable[[Iterable[list[tuple[str, bytes]]], int, str], Iterable[list[tuple[str, bytes]]]]


@dataclass(frozen=True, slots=True)
class SiteBuilt:
    """What was built: the folder, what the site holds, its files and bytes, and what changed since the former site."""

    out: str
    models: int
    papers: int
    boards: int
    runs: int
    files: int
    size: int
    changed: int
    removed: int


def build_site(
    catalogue: Catalogue,
    out: Path,
    *,
    url: str = "",
    figures: Path | None = None,
    told: Callable[[str], None] = lambda _step: None,
    watched: Watched = lambda steps, _count, _word: steps,
) -> SiteBuilt:
    """Write the site of a catalogue to a folder that is new, empty or of a former site.

    `url` is the address where it will lie, for the links of the feed; `figures` a folder with a folder of figures (SVG, PNG) for
    each own run. `told` hears of the steps of loading, `watched` sees the pages pass. Raises UsageError for another url,
    InputError for a folder that holds something else, LitdbError where it cannot be written.
    """
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
        raise UsageError(f"{url!r} is no address of a site: write https://...")
    check_folder(out)
    everything = catalogue.everything(told)
    site = Site(everything, url=url, figures=figures)
    done = write_site(out, _each(watched(site.files(), site.count, "pages")))
    return SiteBuilt(
        str(out), len(everything.models), len(everything.papers), len(everything.boards), len(everything.runs),
        done.files, done.size, done.changed, done.removed,
    )  # fmt: skip


def _each(steps: Iterable[list[tuple[str, bytes]]]) -> Iterator[tuple[str, bytes]]:
    for files in steps:
        yield from files
