"""`litdb index`: load, update, ask, search, status."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litdb.cli._shared import Db, Json, date, emit_json, family, open_catalogue, progress, say, warn

if TYPE_CHECKING:
    from litdb.api import IndexAsked, IndexPage, Listed

app = family()
group = family()
app.add_typer(
    group,
    name="index",
    help="Keep a local index of the field: all titles and abstracts, searched in an instant.",
)

#: Works outside arXiv that are listed.
_SHOWN = 10

Category = Annotated[
    list[str] | None,
    typer.Option(
        "--category", metavar="CATEGORY", help="Of arXiv, instead of cs.SD and eess.AS; may be repeated."
    ),
]


@group.command()
def load(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON lines or TSV, also gzipped.")],
    category: Category = None,
    everything: Annotated[bool, typer.Option("--all", help="Records of all categories.")] = False,
    json: Json = False,
    db: Db = None,
) -> None:
    """Take a file of metadata into the index: arXiv's snapshot from Kaggle, or a TSV.

    A TSV has a header that names arxiv_id and title, and version, first_submitted, abstract, authors, categories, doi where it
    has them; what is missing stays empty. The file is taken in whole or not at all; the same file twice changes nothing.

    Example: litdb index load arxiv-metadata-oai-snapshot.json
    """
    with open_catalogue(db) as catalogue:
        found = catalogue.load_index(file, categories=category or (), everything=everything)
    if json:
        emit_json(found)
        return
    taken = found.taken
    say(f"{file.name}: {taken.new} new, {taken.changed} changed, {taken.known} known")
    if found.other:
        say(f"{found.other} of other categories were left out (`--category`, `--all`)")
    for one in found.unlisted:
        warn(f"{one.place}: {one.reason}")
    if found.unusable > len(found.unlisted):
        warn(f"and {found.unusable - len(found.unlisted)} more records that cannot be used")


@group.command()
def update(category: Category = None, json: Json = False, db: Db = None) -> None:
    """Take in arXiv's listing of the field: all of it the first time, then what changed since.

    One request in three seconds, as arXiv asks, about a thousand papers each: the first time takes some minutes. Stopped, it
    goes on where it was.

    Example: litdb index update
    """
    pages: list[IndexPage] = []
    with open_catalogue(db) as catalogue:
        for page in progress(catalogue.update_index(categories=category or ()), None, "listing"):
            if not json:
                _say_page(page)
            if page.done:
                pages.append(page)
    if json:
        emit_json(pages)


@group.command()
def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What is looked for, in words.")],
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Published on that day or later.")
    ] = None,
    service: Annotated[
        str, typer.Option("--from", metavar="SERVICE", help="openalex, semanticscholar or crossref.")
    ] = "openalex",
    pages: Annotated[int, typer.Option("--pages", metavar="N", help="Pages of answers a formulation.")] = 1,
    budget: Annotated[
        float, typer.Option("--budget", metavar="DOLLARS", help="What it may cost at most.")
    ] = 0.01,
    json: Json = False,
    db: Db = None,
) -> None:
    """Ask a service a question, in the formulations of a survey, and take the papers of arXiv that it finds into the index.

    Semantic Scholar and Crossref cost nothing. A page of 100 works of OpenAlex costs a tenth of a cent, from the dollar that a free account has each day (its key: OPENALEX_API_KEY).
    What it costs is said first, and the budget is never exceeded; what was asked earlier the same day costs nothing.

    Example: litdb index ask "lightweight speech enhancement" --since 2024-01-01 --budget 0.01
    """
    from litdb.survey.asking import ask_field

    with open_catalogue(db) as catalogue:
        asking, answers = ask_field(
            catalogue, question, service, since=date(since), pages=pages, budget=budget
        )
        if not json:
            for number, words in enumerate(asking.formulations, 1):
                say(f"  {number}. {words}")
            if asking.costs:
                say(
                    f"this costs {_dollars(asking.costs)}, more only where a request must be repeated, and never more than "
                    f"{_dollars(asking.budget)}"
                )
        found = []
        for one in answers:
            found.append(one)
            if not json:
                _say_asked(len(found), one)
    if json:
        emit_json(found)
    else:
        _say_elsewhere(found)
    for one in found:
        if one.without:
            warn(f"asked {len(found) - 1} of {len(asking.formulations)} in full; {one.without}")
            raise typer.Exit(1)


@group.command()
def search(
    query: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS...", help='Words that must all be there, "phrases", -words that must not.'
        ),
    ],
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="First submitted on that day or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="First submitted on that day or before.")
    ] = None,
    most: Annotated[int, typer.Option("--max", metavar="N", min=1, help="At most so many papers.")] = 20,
    abstracts: Annotated[bool, typer.Option("--abstracts", help="With their abstracts.")] = False,
    json: Json = False,
    db: Db = None,
) -> None:
    """Search titles and abstracts of the index; what fits best comes first.

    Words are compared by their stems; a word in a title weighs as much as five in an abstract. Before words that begin with a
    minus stands `--`.

    Example: litdb index search "speech enhancement" lightweight --since 2024-01-01
    """
    with open_catalogue(db) as catalogue:
        found = catalogue.search_index(
            " ".join(f'"{word}"' if " " in word and '"' not in word else word for word in query),
            since=date(since), until=date(until), most=most, abstracts=abstracts,
        )  # fmt: skip
    if json:
        emit_json(found)
        return
    for hit in found.hits:
        say(line_of(hit.paper))
        if abstracts and hit.paper.abstract:
            say(f"    {hit.paper.abstract}")
    more = f"; the first {len(found.hits)} are shown" if found.total > len(found.hits) else ""
    say(f"{found.total} found{more}")


@group.command()
def status(json: Json = False, db: Db = None) -> None:
    """Say what the index holds, and how far arXiv's listings were taken in.

    Example: litdb index status
    """
    with open_catalogue(db) as catalogue:
        found = catalogue.index_status()
    if json:
        emit_json(found)
        return
    say(
        f"{found.file}: {found.papers} papers, {found.with_abstract} with their abstract, {found.bytes / 1e6:.1f} MB"
    )
    if found.oldest and found.newest:
        say(f"first submitted {found.oldest} to {found.newest}")
    for listing in found.listings:
        whole = f"taken in up to {listing.through}" if listing.through else "not yet taken in whole"
        runs = "; interrupted, `litdb index update` goes on" if listing.token else ""
        say(f"{listing.category}: {whole}{runs}")


def line_of(paper: Listed) -> str:
    """A paper on one line: id, day, title, first author."""
    who = "" if not paper.authors else f" ({paper.authors[0]}{' et al.' if len(paper.authors) > 1 else ''})"
    version = f"v{paper.version}" if paper.version else ""
    return f"{paper.name.removeprefix('arXiv:')}{version}  {paper.first_submitted or 'no date   '}  {paper.title}{who}"


def _dollars(amount: int) -> str:
    return f"${amount / 1e6:.3f}"


def _say_asked(number: int, one: IndexAsked) -> None:
    taken, of = one.taken, f" of {one.total} that fit" if one.total is not None else ""
    spent = f"; spent {_dollars(one.spent)}" if one.spent else ""
    say(f"{number}: {taken.new} new, {taken.changed} changed, {taken.known} known{of}{spent}")


def _say_elsewhere(found: list[IndexAsked]) -> None:
    works = list(dict.fromkeys(work for one in found for work in one.elsewhere))
    for work in works[:_SHOWN]:
        say(f"not on arXiv: doi:{work.doi}  {work.title}")
    if len(works) > _SHOWN:
        say(f"and {len(works) - _SHOWN} more (`--json` has them all)")
    if works:
        say("they are in the index under their DOI; `litdb fetch doi:...` gets one whose text is open")


def _say_page(page: IndexPage) -> None:
    if page.again:
        say(f"{page.category}: arXiv no longer knew where the listing was to go on; it began anew")
    for one in page.unlisted:
        warn(f"{page.category}, {one.place}: {one.reason}")
    taken = page.taken
    if page.done:
        gone = f", {taken.gone} gone" if taken.gone else ""
        say(f"{page.category}: {taken.new} new, {taken.changed} changed, {taken.known} known{gone}")
